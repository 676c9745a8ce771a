# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bearer tokens: those of the management API and those that an application uses for scans."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .clock import Clock

Use = Literal["management", "scan"]


@dataclass(frozen=True)
class Token:
    """What a bearer token stands for; C(expires) is in seconds since the epoch."""

    use: Use
    tsg_id: str
    client_id: str
    expires: float


class Tokens:
    """The valid tokens, by a digest of their text. They live in memory only: a restart invalidates them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tokens: dict[str, Token] = {}
        self._sweep_at = 1000

    def issue(self, use: Use, tsg_id: str, client_id: str, ttl_seconds: float) -> str:
        """Make a token that is valid for C(ttl_seconds)."""
        if len(self._tokens) >= self._sweep_at:
            now = self._clock.now()
            self._tokens = {text: token for text, token in self._tokens.items() if token.expires > now}
            self._sweep_at = 2 * len(self._tokens) + 1000
        # Real tokens are JSON web tokens, which begin like this.
        text = f"eyJ{secrets.token_urlsafe(48)}"
        self._tokens[digest(text)] = Token(use, tsg_id, client_id, self._clock.now() + ttl_seconds)
        return text

    def find(self, use: Use, text: str) -> Token | None:
        """The token with this text, if it is for this use and valid."""
        token = self._tokens.get(digest(text))
        if token is None or token.use != use or token.expires <= self._clock.now():
            return None
        return token

    def expire_all(self) -> None:
        """Make all tokens issued so far invalid."""
        self._tokens.clear()


def digest(secret: str) -> str:
    """What the emulator keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def bearer(headers: Mapping[str, str]) -> str:
    """The token in the C(Authorization) header; empty when there is none."""
    scheme, _space, text = headers.get("authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""
