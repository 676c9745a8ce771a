# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SQLite file that lets the objects of the tenants survive a restart."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from .http import JsonObject

_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    tsg_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (tsg_id, kind, id)
)
"""


class Database:
    """Every row of every table, in the order of the last change. Without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._connection: sqlite3.Connection | None = None
        if path is not None:
            # The event loop runs in the main thread, but a test client may run the application in another one.
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            # An emulator may lose its state with the machine's power; it must be fast.
            self._connection.execute("PRAGMA synchronous=OFF")
            self._connection.execute(_SCHEMA)

    def rows(self) -> Iterator[tuple[str, str, str, JsonObject]]:
        """All rows as tsg_id, kind, id and content, the longest unchanged first."""
        if self._connection is not None:
            for tsg_id, kind, identifier, body in self._connection.execute(
                "SELECT tsg_id, kind, id, body FROM rows ORDER BY position"
            ):
                yield tsg_id, kind, identifier, json.loads(body)

    def put(self, tsg_id: str, kind: str, identifier: str, row: JsonObject) -> None:
        """Write a row; it becomes the last changed one."""
        if self._connection is not None:
            self._connection.execute(
                "INSERT OR REPLACE INTO rows (tsg_id, kind, id, body) VALUES (?, ?, ?, ?)",
                (tsg_id, kind, identifier, json.dumps(row)),
            )

    def update(self, tsg_id: str, kind: str, identifier: str, row: JsonObject) -> None:
        """Write a row that keeps its place in the order."""
        if self._connection is not None:
            self._connection.execute(
                "UPDATE rows SET body = ? WHERE tsg_id = ? AND kind = ? AND id = ?",
                (json.dumps(row), tsg_id, kind, identifier),
            )

    def remove(self, tsg_id: str, kind: str, identifier: str) -> None:
        """Delete a row."""
        if self._connection is not None:
            self._connection.execute(
                "DELETE FROM rows WHERE tsg_id = ? AND kind = ? AND id = ?", (tsg_id, kind, identifier)
            )

    def clear(self) -> None:
        """Delete all rows."""
        if self._connection is not None:
            self._connection.execute("DELETE FROM rows")

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
