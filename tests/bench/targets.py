# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection has to reach, as ratios within one run of the benchmark, so that the machine does not matter."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from .peers import MORE_TASKS
from .scripts.common import PAGE
from .suite import LARGE, LOOP, Results, Series


@dataclass(frozen=True)
class Target:
    """A measure and its limit.

    Args:
        text: what is measured.
        limit: the most that it may be.
        unit: of the measure and its limit.
        measure: takes it from the results; raises KeyError where a series is missing.
    """

    text: str
    limit: float
    unit: str
    measure: Callable[[Results], float]


@dataclass(frozen=True)
class Verdict:
    """What came of a target. C(value) is None where the run did not measure it."""

    target: Target
    value: float | None

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; None where nobody knows."""
        return None if self.value is None else self.value <= self.target.limit


def verdicts(results: Results) -> list[Verdict]:
    """Return what came of all targets."""
    found = []
    for target in TARGETS:
        try:
            value: float | None = target.measure(results)
        except KeyError:
            value = None
        found.append(Verdict(target, value))
    return found


# --- the measures ----------------------------------------------------------------------------------------------------


def _ratio(kind: str, size: int, latency: int, one: str, other: str) -> Callable[[Results], float]:
    """The median time of one peer, divided by that of another in the same cell."""

    def value(results: Results) -> float:
        return results[kind, size, latency, one].median() / results[kind, size, latency, other].median()

    return value


def _without_start(results: Results, kind: str, size: int, latency: int) -> float:
    """What airs_tenant takes beyond what ansible-playbook takes for nothing."""
    return results[kind, size, latency, "tenant"].median() - results[kind, size, latency, "start"].median()


def _against_floor_without_start(results: Results) -> float:
    return _without_start(results, "mixed", 1000, 50) / results["mixed", 1000, 50, "floor"].median()


def _cpu_of_an_item(results: Results) -> float:
    many, few = (results["nightly", size, 0, "modules"].median("cpu") for size in (200, 50))
    return (many - few) / 150 * 1000


def _task_against_ping(results: Results) -> float:
    def marginal(name: str) -> float:
        many, one = (results["nightly", 50, 0, f"{name}_{tasks}"].median() for tasks in (1 + MORE_TASKS, 1))
        return (many - one) / MORE_TASKS

    return marginal("task") / marginal("ping")


def _start_of_a_task(results: Results) -> float:
    """The processor time that one task of a module takes more than one of debug: above all imports."""
    task, debug = (results["nightly", 50, 0, name].median("cpu") for name in ("task_1", "debug_1"))
    return task - debug


def _loop_against_debug(results: Results) -> float:
    topics, debug = (results["nightly", 2 * LOOP, 0, name].median("cpu") for name in ("topic_loop", "debug_loop"))
    return topics / debug


def _growth(results: Results) -> float:
    large, small = (_without_start(results, "mixed", size, 0) / size for size in (1000, 200))
    return large / small


def _ten_times_as_many(results: Results) -> float:
    many, few = (results["nightly", size, 0, "tenant"].median() for size in (LARGE, 1000))
    return many / few


def _runs_with_too_many_requests(results: Results) -> float:
    tenants = [series for (*_cell, name), series in results.items() if name == "tenant"]
    if not tenants:
        raise KeyError("tenant")
    return sum(not _is_thrifty(series, turn) for series in tenants for turn in range(len(series.requests)))


def _is_thrifty(series: Series, turn: int) -> bool:
    """Whether a run sent one token request, each list's pages (and at most one more), and a write for each change."""
    seen, workload = series.requests[turn], series.cell.workload
    pages = {path: max(1, math.ceil(number / PAGE)) for path, number in workload.held.items()}
    return (
        seen.tokens == 1
        and seen.lists.keys() == pages.keys()
        and all(pages[path] <= number <= pages[path] + 1 for path, number in seen.lists.items())
        and seen.writes == workload.writes
    )


def _seconds(kind: str, size: int) -> Callable[[Results], float]:
    return lambda results: results[kind, size, 50, "rotate"].median()


def _memory(name: str) -> Callable[[Results], float]:
    return lambda results: results["nightly", LARGE, 0, name].median("pss")


TARGETS = (
    Target("loop over modules / uri loop, N=200, 0 ms", 1 / 20, "x", _ratio("mixed", 200, 0, "modules", "uri")),
    Target("processor time of one more unchanged loop item", 10, "ms", _cpu_of_an_item),
    Target("one more unchanged task / one more ping", 1 / 4, "x", _task_against_ping),
    Target("processor time of a play with one task, less that of one with debug", 0.28, "s", _start_of_a_task),
    Target("processor time of 200 unchanged items / 200 of debug", 1.3, "x", _loop_against_debug),
    Target("airs_tenant / SDK async, N=1000, 50 ms", 0.88, "x", _ratio("mixed", 1000, 50, "tenant", "sdk_async")),
    Target("airs_tenant / floor, N=1000, 50 ms", 1.15, "x", _ratio("mixed", 1000, 50, "tenant", "floor")),
    Target("the same without ansible's start", 1.0, "x", _against_floor_without_start),
    Target(
        "all right: airs_tenant / SDK async, N=1000, 150 ms",
        1.0,
        "x",
        _ratio("nightly", 1000, 150, "tenant", "sdk_async"),
    ),
    Target(
        "all right: airs_tenant / SDK async, N=1000, 50 ms",
        0.8,
        "x",
        _ratio("nightly", 1000, 50, "tenant", "sdk_async"),
    ),
    Target("a plan written / --check, N=1000, 50 ms", 1.1, "x", _ratio("mixed", 1000, 50, "plan_write", "check")),
    Target("a plan applied / airs_tenant, N=1000, 50 ms", 1.1, "x", _ratio("mixed", 1000, 50, "plan_apply", "tenant")),
    Target("all right: N=10000 / N=1000, 0 ms", 5, "x", _ten_times_as_many),
    Target("cost per object, N=1000 / N=200, 0 ms, without ansible's start", 1.1, "x", _growth),
    Target("rotation of 100 keys, of which 20 are due, 50 ms", 15, "s", _seconds("keys_due", 100)),
    Target("rotation of 1000 keys, of which none is due, 50 ms", 5, "s", _seconds("keys_right", 1000)),
    Target("runs of airs_tenant with a request too many", 0, "runs", _runs_with_too_many_requests),
    Target("peak memory, N=10000 right, config_path", 250, "MiB", _memory("tenant")),
    Target("peak memory, N=10000 right, inline", 350, "MiB", _memory("tenant_inline")),
    Target(
        "--check --diff / --check, N=10000, a tenth to update", 2.0, "x", _ratio("tenth", LARGE, 0, "diff", "check")
    ),
)
