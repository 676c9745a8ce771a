# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans whose results and reports can be asked for later."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from airs_emulator.http import JsonObject

#: Older scans are forgotten beyond this number.
MAX_SCANS = 10_000


@dataclass(frozen=True)
class ScanItem:
    """One request of a scan: its answer, the detection results of its report, and what the log says of it besides."""

    req_id: int
    response: JsonObject
    detection_results: list[JsonObject]
    labels: JsonObject


@dataclass(frozen=True)
class Scan:
    """A scan; its results are pending until C(ready). Times are in seconds since the epoch."""

    scan_id: str
    tsg_id: str
    received: float
    ready: float
    items: list[ScanItem]

    @property
    def report_id(self) -> str:
        """Id of the report (form reported from live tenants)."""
        return f"R{self.scan_id}"


class Scans:
    """The latest scans of all tenants, in memory only."""

    def __init__(self) -> None:
        self._scans: OrderedDict[str, Scan] = OrderedDict()

    def add(self, scan: Scan) -> None:
        """Keep a scan."""
        self._scans[scan.scan_id] = scan
        if len(self._scans) > MAX_SCANS:
            self._scans.popitem(last=False)

    def find(self, tsg_id: str, scan_ids: list[str]) -> Iterator[Scan]:
        """The scans of a tenant with these ids; unknown ids are left out (unverified)."""
        for scan_id in scan_ids:
            scan = self._scans.get(scan_id)
            if scan is not None and scan.tsg_id == tsg_id:
                yield scan

    def newest_first(self, tsg_id: str) -> Iterator[Scan]:
        """The scans of a tenant, the last one first."""
        return (scan for scan in reversed(self._scans.values()) if scan.tsg_id == tsg_id)

    def clear(self) -> None:
        """Forget all scans."""
        self._scans.clear()
