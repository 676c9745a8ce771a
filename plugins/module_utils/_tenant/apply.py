# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply the steps of a tenant's plan: several at a time, each after the steps that it depends on."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from .._common.errors import AirsConnectError, AirsTlsError, AirsUnauthorizedError
from .._engine.session import Session
from .kinds import KINDS
from .plan import Step

#: After these nothing else can succeed either, and trying would take the retries of every object.
_HOPELESS = (AirsConnectError, AirsTlsError, AirsUnauthorizedError)


class Progress:
    """Says now and then how far a long run is.

    Args:
        total: number of steps of each kind, by plural.
        say: shows a line, or None to say nothing.
        after: seconds of silence, first and between lines.
    """

    def __init__(self, total: Counter[str], say: Callable[[str], None] | None, after: float = 3.0) -> None:
        self._total = total
        self._say = say
        self._after = after
        self._done: Counter[str] = Counter()
        self._last = time.monotonic()
        self._lock = threading.Lock()

    def count(self, plural: str) -> None:
        """Take in that a step of a kind is over."""
        with self._lock:
            self._done[plural] += 1
            now = time.monotonic()
            if self._say is None or now - self._last < self._after:
                return
            self._last = now
            parts = (f"{name} {self._done[name]}/{self._total[name]}" for name in KINDS if self._total[name])
            with suppress(Exception):  # a line that cannot be shown costs nothing that was done
                self._say(", ".join(parts))


class Applier:
    """Does steps.

    Args:
        session: the tenant as it is.
        concurrency: most steps at a time.
        progress: is told of every step that is over.
    """

    def __init__(self, session: Session, concurrency: int, progress: Progress) -> None:
        self._session = session
        self._concurrency = concurrency
        self._progress = progress
        self._hopeless: str | None = None
        self._futures: dict[int, Future[None]] = {}

    def apply(self, steps: Iterable[Step]) -> None:
        """Do all steps; see their error and skipped afterwards."""
        with ThreadPoolExecutor(max_workers=self._concurrency) as pool:
            for phase in _phases(steps):
                # In this order: a step that waits for another never waits for one that has yet to begin.
                for step in phase:
                    self._futures[id(step)] = pool.submit(self._run, step)
                for step in phase:
                    self._futures[id(step)].result()

    def _run(self, step: Step) -> None:
        for need in step.needs:
            self._futures[id(need)].result()
        failed = next((need for need in step.needs if need.error), None)
        if failed or self._hopeless:
            step.skipped = True
            step.error = f"{failed.title} failed" if failed else self._hopeless
        elif not step.taken_by:
            self._do(step)
        self._progress.count(step.entry.kind.plural)

    def _do(self, step: Step) -> None:
        step.reconciler.session = self._session
        try:
            if step.needs and not step.deletes:
                # Ids and revisions of what it needs are known only now.
                step.plan = step.reconciler.plan_again(step.plan)
            step.secret = step.reconciler.apply(step.plan).secret
        except Exception as error:  # noqa: BLE001 - what the others have made, secrets too, must be told
            step.fail(error)
            if isinstance(error, _HOPELESS):
                self._hopeless = f"not attempted because {step.title} failed"


def _phases(steps: Iterable[Step]) -> list[list[Step]]:
    """Return the steps in the order of the deed: all that is made, kind by kind, then what goes, the other way round.

    Kinds are made together, each step after those that it needs. What goes has to wait for its kind.
    """
    steps = list(steps)
    changing = [step for step in steps if step.plan.changes and not step.taken_by]
    order = list(KINDS)
    made = sorted((step for step in changing if not step.deletes), key=lambda step: order.index(step.entry.kind.plural))
    gone = [
        [step for step in changing if step.deletes and step.entry.kind.plural == plural] for plural in reversed(order)
    ]
    return [made, *gone, [step for step in steps if step.taken_by]]
