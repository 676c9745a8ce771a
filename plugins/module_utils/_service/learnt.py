# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in responses of the service. Ansible only hides secrets that users specify, so it would show these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: Fields whose texts are secrets, wherever they are: tokens, API keys that were made, auth codes.
_FIELDS = frozenset({"access_token", "refresh_token", "id_token", "client_secret", "api_key", "auth_code"})
#: Shorter texts are no secrets, and to take them out would leave nothing readable.
_SHORTEST = 6


def secrets_in(answer: Any) -> Iterator[str]:
    """Yield the secrets in an answer, however deep they are. A text of asterisks stands in the place of one.

    Args:
        answer: parsed JSON.
    """
    # No recursion: how deep an answer is, the service decides.
    left: list[tuple[Any, bool]] = [([answer], False)]
    while left:
        value, all_secret = left.pop()
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            is_secret = all_secret or name in _FIELDS
            if isinstance(part, (dict, list)):
                left.append((part, is_secret))
            elif is_secret and isinstance(part, str) and len(part) >= _SHORTEST and any(map(str.isalnum, part)):
                yield part
