# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reconciling as functions over a service in memory: plans, lost answers, and plans that the service has overtaken."""

from __future__ import annotations

from typing import Any

import pytest
from support.memory_client import MemoryClient, error

from ansible_collections.panw.airs.plugins.module_utils._common.errors import (
    AirsBrokenAnswerError,
    AirsConflictError,
    AirsExchangeError,
    AirsInputError,
    AirsNotFoundError,
    AirsServerError,
)
from ansible_collections.panw.airs.plugins.module_utils._engine.reconcile import KNOWN_AFTER_APPLY, Reconciler
from ansible_collections.panw.airs.plugins.module_utils._engine.session import Session
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime, Task
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import CUSTOM_TOPIC

HELD = {"topic_id": "1", "topic_name": "advice", "description": "d", "examples": ["one"], "revision": 1}
OTHER = {**HELD, "description": "theirs"}


class Topics(Reconciler):
    """The plain reconciler: no hook is overridden."""

    resource = CUSTOM_TOPIC


def topics(session: Session, **options: Any) -> Topics:
    """A reconciler of the topic advice."""
    wanted = {"name": "advice", "state": "present", "description": None, "examples": None, **options}
    return Topics(session, Task(wanted, check_mode=False, diff_mode=True, runtime=Runtime()))


@pytest.mark.parametrize(
    ("held", "options", "action"),
    [
        ([], {"description": "d"}, "create"),
        ([HELD], {"description": "d"}, "none"),
        ([HELD], {"description": " d\n"}, "none"),
        ([HELD], {}, "none"),
        ([HELD], {"examples": []}, "update"),
        ([HELD], {"description": "new"}, "update"),
        ([HELD], {"state": "absent"}, "delete"),
        ([], {"state": "absent"}, "none"),
    ],
    ids=["new", "same", "white space", "nothing managed", "cleared", "changed", "absent", "absent already"],
)
def test_a_plan_says_what_has_to_be_done(held: list[dict[str, Any]], options: dict[str, Any], action: str) -> None:
    client = MemoryClient(*held)
    plan = topics(client.session(), **options).plan()
    assert (plan.action, plan.changes) == (action, action != "none")
    assert client.calls == ["list custom_topic"]


def test_a_plan_predicts_the_object_and_keeps_what_is_not_managed() -> None:
    new = topics(MemoryClient().session(), description="d", examples=["one"]).plan()
    assert new.predicted == {**HELD, "topic_id": KNOWN_AFTER_APPLY}
    reconciler = topics(MemoryClient(HELD).session(), description="new")
    changed = reconciler.plan()
    assert changed.predicted == {**HELD, "description": "new", "revision": 2}
    assert changed.body == {"description": "new", "examples": ["one"]}
    sides = reconciler.difference(changed)
    assert (sides["before"], sides["after"]) == ({"description": "d"}, {"description": "new"})


def test_what_creation_needs_is_refused_before_any_write() -> None:
    client = MemoryClient()
    with pytest.raises(AirsInputError, match="'advice': description is required when creating. Nothing was changed."):
        topics(client.session()).plan()
    assert client.calls == ["list custom_topic"]


def test_what_is_applied_is_known_without_another_list() -> None:
    client = MemoryClient()
    session = client.session()
    reconciler = topics(session, description="d")
    made = reconciler.apply(reconciler.plan()).row
    assert made is not None
    assert topics(session, description="d").plan().action == "none"
    reconciler = topics(session, state="absent")
    assert reconciler.apply(reconciler.plan()).row is None
    assert topics(session, state="absent").plan().action == "none"
    assert client.calls == ["list custom_topic", "create", "delete"]


def test_a_recorded_plan_is_what_later_plans_build_on() -> None:
    planning = MemoryClient(HELD).session().planning()
    change = topics(planning, description="new")
    change.record_planned(change.plan())
    assert topics(planning, description="new").plan().action == "none"
    remove = topics(planning, state="absent")
    remove.record_planned(remove.plan())
    assert topics(planning, description="d").plan().action == "create"


# --- lost answers ----------------------------------------------------------------------------------------------------

WRITES = pytest.mark.parametrize(("held", "call"), [([], "create"), ([HELD], "update")], ids=["create", "update"])
UNKNOWN = pytest.mark.parametrize("lost", [AirsBrokenAnswerError, AirsServerError])


@WRITES
@UNKNOWN
def test_a_write_that_took_effect_is_never_sent_again(
    held: list[dict[str, Any]], call: str, lost: type[AirsExchangeError]
) -> None:
    client = MemoryClient(*held)
    reconciler = topics(client.session(), description="new")
    client.faults = [error(lost)]
    row = reconciler.apply(reconciler.plan()).row
    assert row is not None
    assert row["description"] == "new"
    assert client.calls == ["list custom_topic", call, "list custom_topic"]
    assert client.waits == []


@WRITES
@UNKNOWN
def test_a_write_that_took_no_effect_is_sent_again_after_a_look_and_a_wait(
    held: list[dict[str, Any]], call: str, lost: type[AirsExchangeError]
) -> None:
    client = MemoryClient(*held)
    client.lost = False
    reconciler = topics(client.session(), description="new")
    client.faults = [error(lost)]
    reconciler.apply(reconciler.plan())
    assert client.calls == ["list custom_topic", call, "list custom_topic", call]
    assert client.waits == [0]
    assert [row["description"] for row in client.rows] == ["new"]


def test_a_write_that_fails_for_ever_ends_with_its_error() -> None:
    client = MemoryClient(num_retries=2)
    client.lost = False
    reconciler = topics(client.session(), description="new")
    client.faults = [error(AirsServerError)] * 3
    with pytest.raises(AirsServerError):
        reconciler.apply(reconciler.plan())
    assert client.calls.count("create") == 3
    assert client.waits == [0, 1]


def test_a_failed_look_is_not_what_the_user_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    client = MemoryClient()
    reconciler = topics(client.session(), description="new")
    plan = reconciler.plan()
    client.faults = [error(AirsServerError, "create it")]

    def fail(*_arguments: Any) -> None:
        raise error(AirsNotFoundError, "list them")

    monkeypatch.setattr(client, "list_all", fail)
    with pytest.raises(AirsServerError, match="Could not create it"):
        reconciler.apply(plan)


# --- somebody else was faster ----------------------------------------------------------------------------------------


def apply(client: MemoryClient, then: list[dict[str, Any]], fault: AirsExchangeError, **options: Any) -> str:
    """Plan, let others change the service and the first write fail, apply, and return the calls of the client."""
    reconciler = topics(client.session(), **options)
    plan = reconciler.plan()
    client.rows[:] = then
    client.faults = [fault]
    reconciler.apply(plan)
    return " ".join(call.partition(" ")[0] for call in client.calls)


def test_a_conflict_over_what_others_made_becomes_an_update_or_nothing() -> None:
    for theirs, calls in ((OTHER, "list create list update"), (HELD, "list create list")):
        client = MemoryClient()
        assert apply(client, [theirs], error(AirsConflictError), description="d") == calls
        assert [row["description"] for row in client.rows] == ["d"]


def test_an_update_of_what_is_gone_becomes_a_creation() -> None:
    client = MemoryClient(OTHER)
    calls = apply(client, [], error(AirsNotFoundError), description="d", examples=["one"])
    assert calls == "list update list create"


@pytest.mark.parametrize(
    ("held", "theirs", "fault"),
    [
        ([], [OTHER], AirsConflictError),
        ([OTHER], [], AirsNotFoundError),
        ([OTHER], [{**OTHER, "revision": 2, "examples": []}], AirsNotFoundError),
    ],
    ids=["made by others", "gone", "changed by others"],
)
def test_what_was_approved_is_done_or_nothing(
    held: list[dict[str, Any]], theirs: list[dict[str, Any]], fault: type[AirsExchangeError]
) -> None:
    client = MemoryClient(*held)
    reconciler = topics(client.session(), description="d", examples=["one"])
    reconciler.exact = True
    plan = reconciler.plan()
    client.rows[:] = theirs
    client.faults = [error(fault)]
    with pytest.raises(AirsInputError, match="has changed since the plan was approved"):
        reconciler.apply(plan)
    assert client.rows == theirs


def test_what_was_approved_is_found_made_or_tried_again() -> None:
    for held, theirs, calls in (([], [HELD], ["create"]), ([OTHER], [OTHER], ["update", "update"])):
        client = MemoryClient(*held)
        reconciler = topics(client.session(), description="d", examples=["one"])
        reconciler.exact = True
        plan = reconciler.plan()
        client.rows[:] = theirs
        client.faults = [error(AirsConflictError)]
        reconciler.apply(plan)
        assert [call for call in client.calls if "list" not in call] == calls


def test_a_conflict_over_what_is_not_there_is_an_error() -> None:
    client = MemoryClient()
    with pytest.raises(AirsConflictError):
        apply(client, [], error(AirsConflictError), description="d")
    assert client.calls.count("create") == 1


def test_a_plan_is_made_anew_only_once() -> None:
    client = MemoryClient(OTHER)
    reconciler = topics(client.session(), description="d")
    plan = reconciler.plan()
    client.faults = [error(AirsNotFoundError), error(AirsNotFoundError)]
    with pytest.raises(AirsNotFoundError):
        reconciler.apply(plan)
    assert client.calls.count("update") == 2


def test_a_deletion_that_others_block_is_said_and_not_tried_again() -> None:
    client = MemoryClient(HELD)
    with pytest.raises(AirsConflictError):
        apply(client, [HELD], error(AirsConflictError), state="absent")
    assert client.calls.count("delete") == 1
    assert client.rows == [HELD]
