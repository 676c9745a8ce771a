# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many scans, of which single ones may fail: the others keep their verdicts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from .._common.errors import (
    AirsConnectError,
    AirsError,
    AirsForbiddenError,
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
        self._in_a_row = 0
        self._lost = ""
        self._lock = threading.Lock()

    def attempt(self, work: Callable[[Item], Row], item: Item) -> Row:
        """Return what the work makes of an item, or where that fails the row of a scan that failed."""
        if self._in_a_row >= _MOST:
            return _failed("It was not tried after others had failed.")
        try:
            row = work(item)
        except Exception as error:  # noqa: BLE001 - it must not cost the verdicts of the others
            seen = foreseen(error)
            with self._lock:
                self.errors.append(seen)
                self._in_a_row += _MOST if isinstance(seen, _HOPELESS) else 1
            return _failed(seen.message)
        self._in_a_row = 0
        return row

    def lose(self, error: Exception) -> None:
        """Take in why the verdicts that are pending cannot be had."""
        seen = foreseen(error)
        self.errors.append(seen)
        self._lost = seen.message

    def settled(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows of all scans, as far as they are to be had.

        Raises:
            AirsError: not one has a verdict, or is to get one.
        """
        rows = [{**row, **_failed(self._lost)} if self._lost and row["status"] == PENDING else row for row in rows]
        if self.errors and all(row["status"] == FAILED for row in rows):
            raise self.errors[0]
        return rows


def _failed(message: str) -> Row:
    return {"status": FAILED, "error_message": message}
