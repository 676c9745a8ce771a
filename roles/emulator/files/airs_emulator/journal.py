# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that reached the service, for assertions such as "the second run wrote nothing"."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from .clock import rfc3339
from .http import Json, JsonObject, Plane, parse_json

#: Older entries are dropped beyond this number.
MAX_ENTRIES = 100_000
#: Larger bodies (bytes) are not kept.
MAX_BODY = 64 * 1024
REDACTED = "********"
#: Members that hold a secret, in bodies and in queries.
SECRET_MEMBERS = frozenset({"api_key", "auth_code", "client_secret", "access_token", "token", "password"})


@dataclass
class Entry:
    """One request. C(status) is the answer as sent, None when the connection was dropped or is still open."""

    n: int
    time: float
    plane: Plane
    method: str
    path: str
    query: str
    user_agent: str | None
    status: int | None = None
    tsg_id: str | None = None
    client_id: str | None = None
    body: bytes = b""

    def as_json(self) -> JsonObject:
        """The entry as the control plane shows it, secrets redacted."""
        return {
            "n": self.n,
            "time": rfc3339(self.time),
            "plane": self.plane,
            "method": self.method,
            "path": self.path,
            "query": _redact(_query(self.query)),
            "status": self.status,
            "tsg_id": self.tsg_id,
            "client_id": self.client_id,
            "body": _redact(_body(self.body)),
            "user_agent": self.user_agent,
        }


class Journal:
    """Entries in the order of arrival."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)
        self._count = 0

    def open(
        self, time: float, plane: Plane, method: str, path: str, query: str, user_agent: str | None, body: bytes
    ) -> Entry:
        """Note a request. Of a token request the body is never kept: it may hold a client secret."""
        self._count += 1
        entry = Entry(self._count, time, plane, method, path, query, user_agent)
        if plane != "token" and len(body) <= MAX_BODY:
            entry.body = body
        self._entries.append(entry)
        return entry

    def entries(self, plane: Plane | None = None) -> list[JsonObject]:
        """All entries, or those of one plane."""
        return [entry.as_json() for entry in self._entries if plane in (None, entry.plane)]

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        self._entries.clear()

    def reset(self) -> None:
        """Forget all entries and count from one again."""
        self.clear()
        self._count = 0


def _query(text: str) -> dict[str, Any]:
    values = parse_qs(text, keep_blank_values=True)
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}


def _body(text: bytes) -> Json:
    try:
        return parse_json(text) if text else None
    except ValueError:
        return None


def _redact(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: REDACTED if name in SECRET_MEMBERS and inner else _redact(inner) for name, inner in value.items()}
    return [_redact(inner) for inner in value] if isinstance(value, list) else value
