# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of a whole tenant as functions: what is listed, planned, refused, and in which order it is done."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from support.memory_client import MemoryClient, error

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsServerError, AirsUnauthorizedError
from ansible_collections.panw.airs.plugins.module_utils._engine.reconcile import Outcome, Plan
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime, Task
from ansible_collections.panw.airs.plugins.module_utils._tenant.apply import Applier, Progress
from ansible_collections.panw.airs.plugins.module_utils._tenant.config import Config, validated
from ansible_collections.panw.airs.plugins.module_utils._tenant.files import Document
from ansible_collections.panw.airs.plugins.module_utils._tenant.kinds import KINDS
from ansible_collections.panw.airs.plugins.module_utils._tenant.plan import Planner, Step, is_protected, listings

Row = dict[str, Any]

DEPLOYMENT = {"dp_name": "dp", "auth_code": "D1"}
NEW_KEY = {
    "deployment_profile": "dp",
    "environment": "prod",
    "cloud_provider": "aws",
    "rotation_time_interval": 90,
    "rotation_time_unit": "days",
}


def topic(name: str) -> Row:
    return {"topic_name": name, "topic_id": f"id-{name}", "revision": 1, "description": "d", "examples": []}


def profile(name: str, *topics: str) -> Row:
    pins = [{"topic_name": pin, "topic_id": f"id-{pin}", "revision": 1} for pin in topics]
    guardrails = {"name": "topic-guardrails", "action": "allow", "topic-list": [{"action": "block", "topic": pins}]}
    model = {"model-type": "default", "model-configuration": {"model-protection": [guardrails]}}
    policy = {"ai-security-profiles": [model], "dlp-data-profiles": []}
    return {"profile_name": name, "profile_id": f"id-{name}", "revision": 1, "policy": policy}


def key(name: str, app: str) -> Row:
    return {"api_key_name": name, "api_key_id": f"id-{name}", "api_key_last8": "12345678", "cust_app": app, **EXPIRY}


EXPIRY = {"expiration": "2999-01-01T00:00:00Z", "revoked": False}


def app(name: str) -> Row:
    return {"app_name": name, "customer_appId": f"id-{name}", "environment": "prod", "cloud_provider": "aws"}


class Planned:
    """A configuration that was planned against rows of a tenant."""

    def __init__(self, config: Row, *rows: Row, purge: tuple[str, ...] = (), protect: tuple[str, ...] = ()) -> None:
        self.client = MemoryClient(*rows)
        self.session = self.client.session()
        self.config = checked(config)
        task = Task({}, check_mode=True, diff_mode=False, runtime=Runtime())
        self.planner = Planner(self.session, self.config, task)
        self.session.read_together(listings(self.config, purge))
        self.steps = self.planner.steps(self.planner.purge(purge, protect, force=False))

    @property
    def actions(self) -> list[tuple[str, str, str]]:
        """Kind, name and action of all that changes."""
        return [
            (step.entry.kind.resource.kind, step.entry.name, step.plan.action)
            for step in self.steps
            if step.plan.changes
        ]

    @property
    def faults(self) -> dict[str, str]:
        """What stands against the plan, by place."""
        return {fault.path: fault.message for fault in self.planner.faults}

    def needs(self, kind: str, name: str) -> list[str]:
        """What a step waits for."""
        (step,) = (step for step in self.steps if (step.entry.kind.resource.kind, step.entry.name) == (kind, name))
        return [need.title for need in step.needs]


def checked(config: Row) -> Config:
    found = validated([Document(content=config)], {"secret_dir": None, "tsg_id": None})
    assert found.faults == []
    return found


# --- lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "purge", "lists"),
    [
        ({"custom_topics": [{"name": "a"}]}, [], ["custom_topic"]),
        ({"security_profiles": [{"name": "p"}]}, [], ["security_profile"]),
        ({"security_profiles": [{"name": "p", "topics": {"block": ["a"]}}]}, [], ["custom_topic", "security_profile"]),
        (
            {"security_profiles": [{"name": "p", "data_leak": {"profiles": ["d"]}}]},
            [],
            ["dlp_profile", "security_profile"],
        ),
        ({"api_keys": [{"name": "k"}]}, [], ["api_key"]),
        ({"api_keys": [{"name": "k", **NEW_KEY}]}, [], ["api_key", "deployment_profile"]),
        ({"api_keys": [{"name": "k", "state": "absent"}]}, [], ["api_key", "customer_app"]),
        ({"customer_apps": []}, ["customer_apps"], ["api_key", "customer_app"]),
        ({"custom_topics": []}, ["custom_topics"], ["custom_topic"]),
    ],
    ids=str,
)
def test_only_what_is_needed_is_listed(config: Row, purge: list[str], lists: list[str]) -> None:
    found = listings(checked(config), purge)
    assert sorted(listing.resource.kind for listing in found) == lists
    assert all(dict(listing.filters) == dict(listing.resource.list_filters) for listing in found)


# --- references ------------------------------------------------------------------------------------------------------


def test_an_object_waits_for_what_it_refers_to_in_whatever_order_they_are_given() -> None:
    config = {
        "customer_apps": [{"name": "shop", "model_name": "m"}],
        "api_keys": [{"name": "k", "customer_app": "shop", **NEW_KEY}],
        "security_profiles": [{"name": "p", "topics": {"block": ["new", "held"]}}],
        "custom_topics": [{"name": "new", "description": "d"}, {"name": "held"}],
    }
    made = Planned(config, DEPLOYMENT, topic("held"))
    assert made.faults == {}
    assert made.needs("security_profile", "p") == ["custom topic 'new'"]
    assert made.needs("customer_app", "shop") == ["API key 'k'"]
    assert made.needs("api_key", "k") == made.needs("custom_topic", "new") == []


def test_names_that_stand_for_nothing_are_refused_with_what_they_may_have_meant() -> None:
    config = {
        "custom_topics": [{"name": "advice", "description": "d"}, {"name": "gone", "state": "absent"}],
        "security_profiles": [
            {"name": "p", "topics": {"block": ["advise", "gone"]}, "data_leak": {"profiles": ["Piii"]}},
        ],
        "api_keys": [{"name": "k", "customer_app": "shop", **NEW_KEY, "deployment_profile": "dpp"}],
        "customer_apps": [{"name": "shopp", "model_name": "m"}, {"name": "shop", "model_name": "m"}],
    }
    made = Planned(config, DEPLOYMENT, topic("gone"), {"name": "Pii", "id": "1"})
    place = "security_profiles[0]"
    assert made.faults == {
        f"{place}.topics.block[0]": (
            "no such custom topic in the configuration or on the tenant: 'advise'; did you mean 'advice'?"
        ),
        f"{place}.topics.block[1]": "custom topic 'gone' cannot be used because the configuration deletes it",
        f"{place}.data_leak.profiles[0]": "no such DLP profile on the tenant: 'Piii'; did you mean 'Pii'?",
        "api_keys[0].deployment_profile": "no such deployment profile on the tenant: 'dpp'; did you mean 'dp'?",
        "customer_apps[0].name": made.faults["customer_apps[0].name"],
    }
    assert made.faults["customer_apps[0].name"].endswith("'shopp'; did you mean 'shop'?")
    # One message about the key is enough: its application only says what it waits for.
    (waiting,) = (step for step in made.steps if step.entry.name == "shop")
    assert waiting.error == "API key 'k' has an error"


def test_a_key_that_is_there_need_not_find_what_it_was_made_for() -> None:
    config = {"api_keys": [{"name": "k", "deployment_profile": "long gone"}]}
    made = Planned(config, {**key("k", "shop"), "dp_name": "long gone"})
    assert (made.faults, made.actions) == ({}, [])


# --- deletions -------------------------------------------------------------------------------------------------------


def test_a_topic_goes_after_the_profiles_that_pin_it() -> None:
    config = {
        "custom_topics": [{"name": "old", "state": "absent"}],
        "security_profiles": [{"name": "p", "topics": {"block": []}}, {"name": "q", "state": "absent"}],
    }
    made = Planned(config, topic("old"), profile("p", "old"), profile("q", "old"))
    assert made.needs("custom_topic", "old") == ["security profile 'p'", "security profile 'q'"]


def test_a_purge_leaves_what_is_named_protected_or_in_use() -> None:
    config = {"api_keys": [{"name": "named"}], "customer_apps": []}
    rows = [key("named", "shop"), key("other", "bank"), *(app(name) for name in ("shop", "bank", "lab", "kept"))]
    made = Planned(config, *rows, purge=("customer_apps",), protect=("k?pt",))
    # The application of a key counts as named, whoever named the key.
    assert made.actions == [("customer_app", "lab", "delete")]
    assert made.faults == {}


def test_an_application_is_in_use_when_its_own_row_names_a_key_that_is_nowhere_else() -> None:
    listed = {**app("shop"), "api_keys_dp_info": [{"api_key_name": "hidden"}]}
    made = Planned({"customer_apps": [], "api_keys": []}, listed, app("lab"), purge=("customer_apps", "api_keys"))
    assert made.actions == [("customer_app", "lab", "delete")]
    made = Planned({"api_keys": [{"name": "k", "state": "absent"}]}, key("k", "shop"), listed)
    assert "API key 'hidden' must not be deleted" in made.faults["api_keys[0]"]
    both = {**listed, "api_keys_dp_info": [{"api_key_name": "k"}, {"api_key_name": "l"}]}
    gone = {"api_keys": [{"name": name, "state": "absent"} for name in "kl"]}
    made = Planned(gone, key("k", "shop"), key("l", "shop"), both)
    assert made.faults == {}


@pytest.mark.parametrize(
    ("name", "patterns", "expected"),
    [("legacy-a", ["legacy-*"], True), ("a", ["b", "A"], False), ("ab", ["a?"], True), ("a", [], False)],
)
def test_patterns_protect_names(name: str, patterns: list[str], expected: bool) -> None:
    assert is_protected(name, patterns) is expected


@pytest.mark.parametrize(
    ("config", "rows", "refused"),
    [
        # The service deletes an application with its key ...
        (
            {"api_keys": [{"name": "k", "state": "absent"}], "customer_apps": [{"name": "shop"}]},
            [key("k", "shop"), app("shop")],
            "deleting API key 'k' would also delete its application 'shop'",
        ),
        # ... and whether it stays for another key, nobody knows ...
        (
            {"api_keys": [{"name": "k", "state": "absent"}]},
            [key("k", "shop"), key("other", "shop"), app("shop")],
            "deleting API key 'k' would also delete its application 'shop', but API key 'other' must not be deleted",
        ),
        # ... and the keys of an application go with it.
        (
            {"customer_apps": [{"name": "shop", "state": "absent"}], "api_keys": [{"name": "k"}]},
            [key("k", "shop"), app("shop")],
            "would also delete its API keys, but API key 'k' must not be deleted",
        ),
        (
            {"customer_apps": [{"name": "shop", "state": "absent"}], "api_keys": [{"name": "k", "state": "absent"}]},
            [key("k", "shop"), app("shop")],
            None,
        ),
    ],
)
def test_a_deletion_takes_nothing_along_that_is_to_stay(config: Row, rows: list[Row], refused: str | None) -> None:
    found = Planned(config, *rows).faults.values()
    assert len(found) == (1 if refused else 0)
    assert all(refused in fault for fault in found if refused)


# --- doing -----------------------------------------------------------------------------------------------------------


class Deed:
    """Stands in for a reconciler that does a step, and notes when."""

    update_action = "update"

    def __init__(self, name: str, log: list[str], fault: Exception | None = None) -> None:
        self.session: Any = None
        self._name, self._log, self._fault = name, log, fault

    def plan_again(self, plan: Plan) -> Plan:
        self._log.append(f"plan {self._name}")
        return Plan("create", self._name)

    def apply(self, plan: Plan) -> Outcome:
        self._log.append(plan.action + " " + self._name)
        if self._fault:
            raise self._fault
        return Outcome({}, f"secret of {self._name}")


def step(plural: str, name: str, log: list[str], action: Any = "create", fault: Exception | None = None) -> Step:
    (entry,) = checked({plural: [{"name": name}]}).entries
    return Step(entry, Deed(name, log, fault), Plan(action, name))  # type: ignore[arg-type]  # in the place of one


def done(steps: list[Step], concurrency: int = 4) -> None:
    Applier(None, concurrency, Progress(Counter(), None)).apply(steps)  # type: ignore[arg-type]  # not asked here


@pytest.mark.parametrize("concurrency", [1, 8])
def test_steps_come_after_what_they_need_and_deletions_last_and_backwards(concurrency: int) -> None:
    log: list[str] = []
    steps = [step(plural, plural, log) for plural in reversed(KINDS)]
    by_name = {each.entry.name: each for each in steps}
    by_name["security_profiles"].needs = [by_name["custom_topics"]]
    by_name["customer_apps"].needs = [by_name["api_keys"]]
    gone = [step(plural, f"old {plural}", log, "delete") for plural in KINDS]
    done([*gone, *steps, step("custom_topics", "fine", log, "none")], concurrency)
    assert log.index("create custom_topics") < log.index("plan security_profiles")
    assert log.index("create api_keys") < log.index("create customer_apps")
    assert [entry for entry in log if entry.startswith("delete")] == [
        f"delete old {plural}" for plural in reversed(KINDS)
    ]
    assert max(map(log.index, (f"create {plural}" for plural in KINDS))) < log.index("delete old customer_apps")
    assert not any("fine" in entry for entry in log)
    assert by_name["api_keys"].secret == "secret of api_keys"


def test_a_step_that_fails_stops_only_what_needs_it() -> None:
    log: list[str] = []
    bad = step("custom_topics", "bad", log, fault=error(AirsServerError))
    needs_it, other = step("security_profiles", "p", log), step("security_profiles", "q", log)
    needs_it.needs = [bad]
    done([bad, needs_it, other])
    assert (bad.skipped, needs_it.skipped, other.error) == (False, True, None)
    assert needs_it.error == "custom topic 'bad' failed"
    assert "create p" not in log


def test_after_refused_credentials_nothing_more_is_tried() -> None:
    log: list[str] = []
    first = step("custom_topics", "a", log, fault=error(AirsUnauthorizedError))
    rest = [step("custom_topics", f"t{number}", log) for number in range(5)]
    done([first, *rest], concurrency=1)
    assert log == ["create a"]
    assert {each.error for each in rest} == {"not attempted because custom topic 'a' failed"}


def test_no_more_steps_than_asked_for_run_at_a_time() -> None:
    running, most, lock, both = [0], [0], threading.Lock(), threading.Barrier(2, timeout=10)

    class Busy(Deed):
        def apply(self, plan: Plan) -> Outcome:
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            both.wait()  # never passed by one alone
            with lock:
                running[0] -= 1
            return Outcome({})

    steps = [step("custom_topics", f"t{number}", []) for number in range(6)]
    for each in steps:
        each.reconciler = Busy("x", [])  # type: ignore[assignment]  # in the place of one
    done(steps, concurrency=2)
    assert most == [2]


# --- names that look the same ----------------------------------------------------------------------------------------

LOOK_ALIKES = ["Prices", "prices ", " prices", "PRICES", "\uff50rices"]


@pytest.mark.parametrize("name", LOOK_ALIKES, ids=ascii)
def test_a_look_alike_is_not_purged_for_a_name_that_was_mistyped(name: str) -> None:
    planned = Planned(
        {"custom_topics": [{"name": name, "description": "d"}]}, topic("prices"), purge=("custom_topics",)
    )
    (fault,) = planned.planner.faults
    assert fault.path == "custom_topics[0]"
    assert fault.message.startswith(f"custom topic '{name}' does not exist, but 'prices' does, which is a similar name")
    assert "protect" in fault.message


@pytest.mark.parametrize("name", LOOK_ALIKES, ids=ascii)
def test_a_look_alike_that_stays_is_told(name: str) -> None:
    config = {"custom_topics": [{"name": name, "description": "d"}]}
    for planned in (
        Planned(config, topic("prices")),
        Planned(config, topic("prices"), purge=("custom_topics",), protect=("prices",)),
    ):
        assert planned.planner.faults == []
        assert planned.actions == [("custom_topic", name, "create")]
        (note,) = planned.session.notes
        assert f"'{name}'" in note
        assert "'prices'" in note


def test_names_that_only_begin_alike_are_none_of_it() -> None:
    config = {"custom_topics": [{"name": "price", "description": "d"}]}
    planned = Planned(config, topic("prices"), purge=("custom_topics",))
    assert (planned.planner.faults, planned.session.notes) == ([], [])


def test_two_that_the_configuration_names_are_meant() -> None:
    config = {"custom_topics": [{"name": "Prices", "description": "d"}, {"name": "prices", "state": "absent"}]}
    planned = Planned(config, topic("prices"), purge=("custom_topics",))
    assert planned.planner.faults == []
    assert sorted(planned.actions) == [("custom_topic", "Prices", "create"), ("custom_topic", "prices", "delete")]


def test_the_application_of_a_key_that_looks_like_another_is_not_purged() -> None:
    config = {"api_keys": [{"name": "new", "customer_app": "Shop", **NEW_KEY}], "customer_apps": []}
    planned = Planned(config, DEPLOYMENT, app("shop"), purge=("customer_apps",))
    assert [fault.path for fault in planned.planner.faults] == ["api_keys[0]"]
    assert "application 'Shop' does not exist, but 'shop' does" in planned.planner.faults[0].message
