# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a session remembers: rows by name and revision, one listing for all, and what plans will have made."""

from __future__ import annotations

from typing import Any

import pytest
from support.memory_client import MemoryClient, error

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsForbiddenError, AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._engine.session import Listing, Snapshot
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import API_KEY, CUSTOM_TOPIC, SECURITY_PROFILE
from ansible_collections.panw.airs.plugins.module_utils._service.client import Rows
from ansible_collections.panw.airs.plugins.module_utils._service.model import AirsModel, get_ready


def topic(name: str, id_: str, revision: int = 1) -> dict[str, Any]:
    return {"topic_name": name, "topic_id": id_, "revision": revision}


def key(name: str, id_: str, revoked: bool) -> dict[str, Any]:
    return {"api_key_name": name, "api_key_id": id_, "revoked": revoked}


def test_the_newest_revision_counts_and_two_of_it_are_an_error() -> None:
    snapshot = Snapshot(CUSTOM_TOPIC, [topic("a", "1", 1), topic("a", "2", 3), topic("a", "3", 2), topic("b", "4")])
    assert snapshot.find("a") == topic("a", "2", 3)
    assert [row["topic_id"] for row in snapshot.revisions("a")] == ["2", "3", "1"]
    assert snapshot.find("c") is None
    snapshot = Snapshot(CUSTOM_TOPIC, [topic("a", "1", 3), topic("a", "2", 3)])
    with pytest.raises(AirsInputError, match="Multiple objects match custom topic 'a': 1, 2."):
        snapshot.find("a")


@pytest.mark.parametrize(
    ("revoked", "found"),
    [((True, False), "2"), ((False, True), "1"), ((True,), "1")],
    ids=["successor last", "successor first", "alone"],
)
def test_a_revoked_predecessor_does_not_count(revoked: tuple[bool, ...], found: str) -> None:
    rows = [key("a", str(number), is_revoked) for number, is_revoked in enumerate(revoked, 1)]
    row = Snapshot(API_KEY, rows).find("a")
    assert row is not None
    assert row["api_key_id"] == found


def test_what_is_written_takes_the_place_of_what_was_there() -> None:
    snapshot = Snapshot(CUSTOM_TOPIC, [topic("a", "1"), topic("b", "2")])
    snapshot.put(topic("a", "3", 2), replaces=topic("a", "1"))
    assert snapshot.revisions("a") == [topic("a", "3", 2)]
    snapshot.put(topic("c", "2"), replaces=topic("b", "2"))
    assert snapshot.names() == ["a", "c"]
    snapshot.remove(topic("c", "2"))
    snapshot.remove(topic("never", "9"))
    assert snapshot.names() == ["a"]


def test_rows_are_found_by_a_field_also_after_a_write() -> None:
    snapshot = Snapshot(CUSTOM_TOPIC, [topic("a", "1"), topic("b", "2", 2)])
    assert [row["topic_name"] for row in snapshot.rows_with("revision", 2)] == ["b"]
    snapshot.put(topic("c", "3", 2))
    assert sorted(row["topic_name"] for row in snapshot.rows_with("revision", 2)) == ["b", "c"]
    assert snapshot.rows_with("revision", 9) == []


def test_a_copy_changes_by_itself() -> None:
    snapshot = Snapshot(CUSTOM_TOPIC, [topic("a", "1")])
    twin = snapshot.copy()
    twin.remove(topic("a", "1"))
    twin.put(topic("b", "2"))
    assert (snapshot.names(), twin.names()) == (["a"], ["b"])


def test_a_list_is_read_once_until_it_is_forgotten() -> None:
    client = MemoryClient(topic("a", "1"))
    session = client.session()
    for _time in range(2):
        assert session.snapshot(CUSTOM_TOPIC).names() == ["a"]
    session.snapshot(CUSTOM_TOPIC, latest=True)
    assert client.calls == ["list custom_topic"] * 2  # each filter has a list of its own
    assert len(session.known(CUSTOM_TOPIC)) == 2
    assert session.known(SECURITY_PROFILE) == []
    session.forget(SECURITY_PROFILE)
    session.snapshot(CUSTOM_TOPIC)
    assert len(client.calls) == 2
    session.forget(CUSTOM_TOPIC)
    session.snapshot(CUSTOM_TOPIC)
    assert len(client.calls) == 3


def test_lists_that_are_read_together_are_remembered() -> None:
    client = MemoryClient(topic("a", "1"))
    session = client.session()
    session.read_together([Listing(CUSTOM_TOPIC, {}), Listing(CUSTOM_TOPIC, {"latest": True})])
    session.snapshot(CUSTOM_TOPIC, latest=True)
    assert client.calls == ["list custom_topic"] * 2


def test_what_was_asked_for_ahead_is_read_once_and_its_error_meets_who_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = MemoryClient(topic("a", "1"))
    session = client.session()
    session.ask_ahead([Listing(CUSTOM_TOPIC, {}), Listing(SECURITY_PROFILE, {})])
    assert session.snapshot(CUSTOM_TOPIC).names() == ["a"]
    session.read_together([Listing(CUSTOM_TOPIC, {})])
    assert client.calls.count("list custom_topic") == 1
    session.forget(SECURITY_PROFILE)
    session.snapshot(SECURITY_PROFILE)
    assert client.calls.count("list security_profile") == 2

    def refuse(*_listing: Any) -> Rows:
        raise error(AirsForbiddenError)

    monkeypatch.setattr(client, "list_all", refuse)
    session.ask_ahead([Listing(API_KEY, {})])
    with pytest.raises(AirsForbiddenError):
        session.snapshot(API_KEY)


def test_models_are_built_while_an_answer_is_on_its_way() -> None:
    class Row(AirsModel):
        """A model that nobody has used yet."""

        name: str

    assert not Row.__pydantic_complete__
    get_ready(Row)
    assert Row.__pydantic_complete__


def test_what_is_planned_is_known_to_plans_and_not_to_the_session() -> None:
    client = MemoryClient(topic("a", "1"))
    session = client.session()
    planning = session.planning()
    planning.snapshot(CUSTOM_TOPIC).put(topic("b", "2"))
    assert planning.snapshot(CUSTOM_TOPIC).names() == ["a", "b"]
    assert session.snapshot(CUSTOM_TOPIC).names() == ["a"]
    assert client.calls == ["list custom_topic"]  # once for both
    assert [snapshot.names() for snapshot in planning.known(CUSTOM_TOPIC)] == [["a", "b"]]


@pytest.mark.parametrize(
    ("rows", "advice"),
    [
        ([], "The tenant has no custom topics."),
        ([topic("weather", "1")], "The tenant has weather."),
        ([topic("Advice", "1"), topic("weather", "2")], "Did you mean 'Advice'?"),
    ],
    ids=["nothing", "others", "alike"],
)
def test_an_unknown_name_is_told_with_what_it_may_have_meant(rows: list[dict[str, Any]], advice: str) -> None:
    session = MemoryClient(*rows).session()
    with pytest.raises(AirsInputError, match="custom topic 'advise' does not exist. ") as refused:
        session.require(CUSTOM_TOPIC, "advise")
    assert refused.value.message.endswith(advice)
