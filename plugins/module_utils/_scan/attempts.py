# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run many scans, some of which can fail without affecting the verdicts of the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from .._common.errors import (
    AirsConnectError,
    AirsError,
    AirsForbiddenError,
    AirsRateLimitError,
    AirsStatusError,
    AirsTlsError,
    AirsUnauthorizedError,
    foreseen,
)
from .._service.resource import Row
from .verdicts import FAILED, PENDING

#: After these nothing else can succeed either.
_HOPELESS = (AirsConnectError, AirsTlsError, AirsUnauthorizedError, AirsForbiddenError)
#: So many failures in a row are no matter of single scans.
_MOST = 3

Item = TypeVar("Item")


class Attempts:
    """Tries scans, and keeps what went wrong. Several threads may use it."""

    def __init__(self) -> None:
        #: Why scans failed, in that order.
        self.errors: list[AirsError] = []
        #: Whether nothing more is to be tried.
        self.over = False
        #: Why results that are pending cannot be had, by scan id.
        self.lost: dict[str, str] = {}
        self._in_a_row = 0
        self._works = False
        self._lock = threading.Lock()

    def attempt(self, work: Callable[[Item], Row], item: Item) -> Row:
        """Return what the work makes of an item, or where that fails the row of a scan that failed."""
        if self.over:
            return _failed("Not attempted because other scans failed.")
        try:
            row = work(item)
        except Exception as error:  # noqa: BLE001 - it must not cost the verdicts of the others
            return _failed(self.take(error).message)
        self.succeed()
        return row

    def succeed(self) -> None:
        """Take in that the service does its work."""
        with self._lock:
            self._in_a_row, self._works = 0, True

    def take(self, error: Exception) -> AirsError:
        """Take in a failure, and return it as one that a user may see."""
        seen = foreseen(error)
        refused = isinstance(seen, AirsStatusError) and not (
            seen.outcome_unknown or isinstance(seen, AirsRateLimitError)
        )
        with self._lock:
            self.errors.append(seen)
            # What is refused while others are taken is a matter of what was sent.
            self._in_a_row += not (refused and self._works)
            self.over = self.over or isinstance(seen, _HOPELESS) or self._in_a_row >= _MOST
        return seen

    def settled(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows of all scans; what is pending and cannot be had has failed."""
        return [
            {**row, **_failed(self.lost[row["scan_id"]])}
            if row["status"] == PENDING and row.get("scan_id") in self.lost
            else row
            for row in rows
        ]


def _failed(message: str) -> Row:
    """Return what a row has of a scan that failed."""
    return {"status": FAILED, "error_message": message}
