# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A management client whose service is a dictionary, for tests of what plans and writes: fast, and faults on demand."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsExchangeError
from ansible_collections.panw.airs.plugins.module_utils._engine.session import Session
from ansible_collections.panw.airs.plugins.module_utils._service.client import Rows

Row = dict[str, Any]


def error(kind: type[AirsExchangeError], what: str = "do it") -> AirsExchangeError:
    """An error as the transport makes them."""
    return kind(what, "the service said no", method="POST", path="/x")


class MemoryClient:
    """Stands in for a ManagementClient. C(faults) are raised in turn, one for each write, None for none.

    A fault with C(outcome_unknown) comes when the work is done, if C(lost) says so; all others instead of it.
    """

    updated_by = "me"

    def __init__(self, *rows: Row, num_retries: int = 2) -> None:
        self.rows = list(rows)
        self.faults: list[AirsExchangeError | None] = []
        self.lost = True
        self.calls: list[str] = []
        self.waits: list[int] = []
        self.num_retries = num_retries
        self._ids = itertools.count(100)

    @property
    def transport(self) -> MemoryClient:
        """The transport, as far as writes use it."""
        return self

    def wait(self, attempt: int, _error: AirsExchangeError) -> None:
        """Count a wait."""
        self.waits.append(attempt)

    def session(self) -> Session:
        """A session with this client."""
        return Session(self, [])  # type: ignore[arg-type]  # in the place of one

    def list_all(self, resource: Any, filters: Mapping[str, Any] | None = None, expected: int | None = None) -> Rows:
        """All rows of a kind: those that have its name and its id."""
        self.calls.append(f"list {resource.kind}")
        return Rows(dict(row) for row in self.rows if {resource.name_field, resource.id_field} <= row.keys())

    def create(self, resource: Any, name: str, body: Mapping[str, Any]) -> Row:
        """Add a row."""
        row = {**body, resource.id_field: str(next(self._ids)), "revision": 1}
        return self._write("create", lambda: self.rows.append(row), row)

    def update(self, resource: Any, row: Mapping[str, Any], body: Mapping[str, Any]) -> Row:
        """Replace a row."""
        made = {**row, **body, "revision": row.get("revision", 1) + 1}
        return self._write("update", lambda: self._replace(resource, row, made), made)

    def delete(self, resource: Any, row: Mapping[str, Any], force: bool = False) -> None:
        """Remove a row."""
        self._write("delete", lambda: self._replace(resource, row, None), {})

    def _write(self, call: str, work: Any, answer: Row) -> Row:
        self.calls.append(call)
        fault = self.faults.pop(0) if self.faults else None
        if fault is None or (fault.outcome_unknown and self.lost):
            work()
        if fault is not None:
            raise fault
        return dict(answer)

    def _replace(self, resource: Any, row: Mapping[str, Any], made: Row | None) -> None:
        rest = [held for held in self.rows if held[resource.id_field] != row[resource.id_field]]
        self.rows[:] = [*rest, *([made] if made else [])]
