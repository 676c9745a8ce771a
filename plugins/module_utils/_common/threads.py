# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run work in several threads with results in the order of the input, or in one background thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

#: Name of the threads of work that was begun.
BEGUN = "airs-begun"

Item = TypeVar("Item")
Made = TypeVar("Made")


def in_order(work: Callable[[Item], Made], items: Iterable[Item], concurrency: int) -> list[Made]:
    """Return what the work makes of each item, in the order of the items.

    Args:
        work: called from several threads; from this one when there is nothing to do at the same time.
        items: what to work on.
        concurrency: most threads at a time.

    Raises:
        Exception: what the work raised for the first item that failed; what had not begun by then is left out.
    """
    items = list(items)
    if min(concurrency, len(items)) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(max_workers=min(concurrency, len(items))) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in futures]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def begun(work: Callable[[], Made]) -> Future[Made]:
    """Return what the work is going to make, in a thread that nobody waits for at the end of the process.

    Args:
        work: called from that thread; what it raises is raised to whoever asks for the result.
    """
    future: Future[Made] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True, name=BEGUN).start()
    return future
