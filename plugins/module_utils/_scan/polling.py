# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asynchronous scans: submit batches, and poll for their results, which arrive later and unordered."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from .._common.errors import AirsRateLimitError
from .._common.threads import in_order
from .._service.resource import Row
from .attempts import Attempts
from .bodies import Scan, batches
from .client import MAX_IDS, ScanClient
from .verdicts import PENDING

#: Seconds until results are asked for the first time: most scans are done by then.
_FIRST_LOOK = 1.0


@dataclass(frozen=True)
class Patience:
    """How results are waited for.

    Args:
        wait: whether they are; without, they are asked for once.
        interval: seconds between two looks.
        timeout: seconds after which the wait is given up.
        sleep: waits the given seconds; replaced in tests.
        now: seconds of a clock that never goes back; replaced in tests.
    """

    wait: bool
    interval: float
    timeout: float
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic


def scan_later(
    client: ScanClient,
    scans: Sequence[Scan],
    title: str,
    batch_size: int,
    concurrency: int,
    patience: Patience,
    attempts: Attempts,
) -> list[Row]:
    """Have scans done in batches and return their results in the order of the scans; some may be pending still.

    Args:
        client: the scan API.
        scans: what to scan.
        title: security profile, for messages.
        batch_size: most scans of a batch.
        concurrency: most batches handed in at a time.
        patience: how results are waited for.
        attempts: takes in what fails of it.

    """

    def submit(positions: Sequence[int]) -> Row:
        # Numbers from 1: a service may leave out a zero.
        batch = [{"req_id": position + 1, "scan_req": scans[position].body} for position in positions]
        first, last = scans[positions[0]].name, scans[positions[-1]].name
        span = first if first == last else f"{first} to {last}"
        return client.submit(f"scan {span} with {title}", batch)

    groups = batches(scans, batch_size)
    answers = in_order(partial(attempts.attempt, submit), groups, concurrency)
    rows: list[Row] = [{}] * len(scans)
    for positions, answer in zip(groups, answers, strict=True):
        for position in positions:
            rows[position] = {"status": PENDING, **answer, "req_id": position + 1}
    sizes = {
        answer["scan_id"]: len(positions)
        for positions, answer in zip(groups, answers, strict=True)
        if answer.get("scan_id")
    }
    if not patience.wait or not sizes:
        return attempts.settled(rows)
    patience.sleep(min(_FIRST_LOOK, patience.interval))
    found = results(client, sizes, patience, attempts)
    return attempts.settled(
        [flat({**row, **found.get(row.get("scan_id", ""), {}).get(row["req_id"], {})}) for row in rows]
    )


def results(
    client: ScanClient, sizes: Mapping[str, int], patience: Patience, attempts: Attempts
) -> dict[str, dict[Any, Row]]:
    """Return the results of scans by scan id and then req_id, as they are when all are there or the time is over.

    Args:
        client: the scan API.
        sizes: how many results each scan id has at least.
        patience: how they are waited for.
        attempts: takes in why no more results can be had.
    """
    found: dict[str, dict[Any, Row]] = {scan_id: {} for scan_id in sizes}
    deadline = patience.now() + patience.timeout
    looked = False
    while True:
        awaited = [scan_id for scan_id, size in sizes.items() if _awaited(found[scan_id].values(), size)]
        awaited = [scan_id for scan_id in awaited if scan_id not in attempts.lost]
        left = deadline - patience.now()
        if not awaited or (looked and not (patience.wait and left > 0)):
            return found
        if looked:
            patience.sleep(min(patience.interval, left))
        looked = True
        for first in range(0, len(awaited), MAX_IDS):
            ids = awaited[first : first + MAX_IDS]
            try:
                rows = client.results(ids)
            except Exception as error:  # noqa: BLE001 - what was found before must be told
                limited = isinstance(error, AirsRateLimitError)
                # Only a few queries a minute are allowed: as long as there is time, the next look is another try.
                if limited and patience.wait and patience.now() < deadline:
                    break
                message = attempts.take(error).message
                attempts.lost |= dict.fromkeys(awaited if limited or attempts.over else ids, message)
                if limited or attempts.over:
                    return found
                continue
            attempts.succeed()
            for row in rows:
                # Rows of a batch come in any order (reported from live tenants).
                found.get(str(row.get("scan_id")), {})[row.get("req_id")] = row


def _awaited(rows: Collection[Row], size: int) -> bool:
    return len(rows) < size or any(row.get("status") == PENDING for row in rows)


def flat(row: Mapping[str, Any]) -> Row:
    """Return a result as a synchronous scan would answer it, with what only results have."""
    verdict = row.get("result")
    return {
        **(verdict if isinstance(verdict, Mapping) else {}),
        **{key: value for key, value in row.items() if key != "result"},
    }
