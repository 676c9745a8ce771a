# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's workloads are what they say, and its targets are judged right. (The benchmark itself is no test.)"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from bench.measure import Cost, run
from bench.peers import PEERS
from bench.stage import Requests
from bench.suite import Results, Series, cells
from bench.targets import verdicts
from bench.workload import PATTERNS, Keys, Workload

from ansible_collections.panw.airs.plugins.module_utils._policy.document import desired_policy
from ansible_collections.panw.airs.plugins.module_utils._policy.meaning import means_the_same
from ansible_collections.panw.airs.plugins.module_utils._policy.protection import Names

PATTERN_SIZES = [(kind, size) for kind in PATTERNS if not kind.startswith("keys") for size in (4, 50, 200)]


@pytest.mark.parametrize(("kind", "size"), PATTERN_SIZES)
def test_the_tenant_lacks_what_is_to_be_created_and_no_more(kind: str, size: int) -> None:
    workload = Workload(kind, size)
    before = workload.tenant_before()
    held = {"topics": len(before["custom_topics"]), "profiles": len(before["ai_profiles"])}
    assert held == workload.held
    assert len(workload.custom_topics) + len(workload.security_profiles) == size


def test_half_of_a_mixed_tenant_is_right_and_a_quarter_is_missing() -> None:
    workload = Workload("mixed", 200)
    assert (workload.writes, sum(workload.held.values())) == (100, 150)
    assert Workload("nightly", 200).writes == 0
    assert Workload("tenth", 200).writes == 20


def test_a_fifth_of_the_keys_is_due_and_each_has_its_secret_in_a_file() -> None:
    workload = Keys("keys_due", 100)
    keys = workload.tenant_before()["api_keys"]
    assert (len(keys), workload.writes, Keys("keys_right", 100).writes) == (100, 20, 0)
    assert [workload.files[f"keys/{key['api_key_name']}.key"] for key in keys] == [key["api_key"] for key in keys]
    assert len({key["api_key"][-8:] for key in keys}) == 100


@pytest.mark.parametrize(("kind", "size"), PATTERN_SIZES)
def test_the_modules_would_write_just_the_profiles_that_have_to_change(kind: str, size: int) -> None:
    workload = Workload(kind, size)
    before = workload.tenant_before()
    topics = {row["topic_name"]: row for row in before["custom_topics"]}
    policies = {row["profile_name"]: row["policy"] for row in before["ai_profiles"]}
    wrong = 0
    for profile in workload.security_profiles:
        held = policies.get(profile["name"])
        named = {name: topics[name] for name in profile["topics"]["block"] if name in topics}
        options = {key: value for key, value in profile.items() if key != "name"}
        wrong += held is None or not means_the_same(held, desired_policy(held, options, Names(named, {})))
    pattern = PATTERNS[kind]
    assert wrong == sum(pattern[at % len(pattern)] != "right" for at in range(len(workload.security_profiles)))


def test_profiles_that_are_right_name_only_topics_that_are_right() -> None:
    workload = Workload("mixed", 50)
    described = {topic["name"]: topic["description"] for topic in workload.custom_topics}
    right = {row["topic_name"] for row in workload.tenant_before()["custom_topics"]}
    right = {name for name in right if held_description(workload, name) == described[name]}
    for number, profile in enumerate(workload.security_profiles):
        is_right = PATTERNS["mixed"][number % 4] == "right"
        assert [name in right for name in profile["topics"]["block"]] == [is_right] * len(profile["topics"]["block"])


def held_description(workload: Workload, name: str) -> str:
    """What the tenant says of a topic before a run."""
    (row,) = [row for row in workload.tenant_before()["custom_topics"] if row["topic_name"] == name]
    description: str = row["description"]
    return description


def fast(series: Series) -> float:
    """Seconds of a peer: Ansible itself takes half a second, pings are slow, all else takes a second."""
    return {"start": 0.5, "ping_21": 5.0}.get(series.peer.name, 1.0)


def results(seconds: Callable[[Series], float] = fast) -> Results:
    """A whole run of the benchmark in which every peer takes as long as it is told and sends what it has to."""
    found: Results = {}
    for cell in cells((50, 200, 1000), (0, 50, 150), (), large=True):
        for name in cell.peers:
            series = Series(cell, PEERS[name])
            workload = cell.workload
            pages = {path: max(1, math.ceil(number / 100)) for path, number in workload.held.items()}
            series.costs = [Cost(seconds(series), seconds(series), 50, 100)]
            series.requests = [Requests(1, pages, workload.writes)]
            found[series.key] = series
    return found


def test_every_target_is_measured_by_a_whole_run() -> None:
    assert [verdict.target.text for verdict in verdicts(results()) if verdict.value is None] == []


def test_a_run_that_measured_nothing_judges_nothing() -> None:
    assert {verdict.met for verdict in verdicts({})} == {None}


def test_a_slow_collection_misses_every_target_of_time() -> None:
    def seconds(series: Series) -> float:
        if series.peer.name in ("tenant", "modules", "diff", "task_21", "rotate", "plan_write"):
            return float(series.cell.workload.size**2)
        return fast(series)

    missed = [verdict.target.unit for verdict in verdicts(results(seconds)) if not verdict.met]
    assert missed == ["x", "ms", *["x"] * 9, "s", "s", "x"]


@pytest.mark.parametrize(
    "wasteful",
    [{"tokens": 2}, {"writes": 1}, {"lists": {"topics": 3, "profiles": 1}}, {"lists": {"topics": 1}}],
    ids=lambda wasteful: next(iter(wasteful)),
)
def test_one_request_too_many_is_noticed(wasteful: dict[str, object]) -> None:
    found = results()
    series = found["nightly", 50, 0, "tenant"]
    series.requests = [dataclasses.replace(series.requests[0], **wasteful)]  # type: ignore[arg-type]  # any member
    (verdict,) = [verdict for verdict in verdicts(found) if verdict.target.unit == "runs"]
    assert (verdict.value, verdict.met) == (1, False)


def test_only_the_chosen_peers_run() -> None:
    chosen = cells((50,), (0,), ("tenant",), large=False)
    assert {cell.peers for cell in chosen} == {("tenant",)}


def test_what_a_command_costs_includes_its_children(tmp_path: Path) -> None:
    burn = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"
    cost, printed = run(["/bin/sh", "-c", f"sh -c '{burn}'; echo done"], {"PATH": "/usr/bin:/bin"}, tmp_path)
    assert printed == "done\n"
    assert cost.cpu > 0.02
