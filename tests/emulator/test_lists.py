# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from support.raw_api import RawApi

KINDS = ["topics", "profiles", "apikeys", "customerapps"]


def fill(api: RawApi, count: int) -> None:
    for number in range(count):
        api.topic(f"name-{number}")
        api.profile(f"name-{number}")
        api.key(f"name-{number}")


def names(api: RawApi, kind: str, **query: object) -> list[str]:
    member = {"topics": "topic_name", "profiles": "profile_name", "apikeys": "api_key_name"}.get(kind, "app_name")
    return [row[member].removeprefix("app-") for row in api.rows(kind, **query)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_shows_the_last_changed_first(api: RawApi, kind: str) -> None:
    fill(api, 3)
    assert names(api, kind)[:3] == ["name-2", "name-1", "name-0"]


@pytest.mark.parametrize("kind", KINDS)
def test_pages_make_up_the_whole_list_and_only_the_last_has_no_next_offset(api: RawApi, kind: str) -> None:
    fill(api, 5)
    whole = names(api, kind)
    collected: list[str] = []
    asked = []
    offset: int | None = 0
    while offset is not None:
        asked.append(offset)
        collected += names(api, kind, offset=offset, limit=2)
        offset = api.get(kind, offset=offset, limit=2).json().get("next_offset")
        assert len(asked) <= len(whole)
    assert collected == whole
    assert asked == list(range(0, len(whole), 2))


def test_a_full_last_page_has_no_next_offset(api: RawApi) -> None:
    fill(api, 2)
    assert "next_offset" not in api.get("profiles", offset=0, limit=2).json()


def test_beyond_the_end_a_page_is_empty(api: RawApi) -> None:
    assert api.get("topics", offset=10, limit=5).json() == {"custom_topics": []}


def test_a_page_has_100_rows_by_default_and_at_most_1000(api: RawApi) -> None:
    topics = [{"topic_name": f"t{number}"} for number in range(1001)]
    api.emulator.seed({"tenants": {"1000000001": {"custom_topics": topics}}})
    assert len(api.rows("topics")) == 100
    assert len(api.rows("topics", limit=2000)) == 1000
    assert api.get("topics", limit=2000).json()["next_offset"] == 1000


def test_the_sizes_of_pages_can_be_set(api: RawApi) -> None:
    fill(api, 4)
    api.emulator.settings(page_default=2, page_max=3)
    assert (len(api.rows("profiles")), len(api.rows("profiles", limit=100))) == (2, 3)


def test_the_last_page_can_be_made_to_say_next_offset_zero(api: RawApi) -> None:
    fill(api, 2)
    api.emulator.settings(next_offset_zero=True)
    assert api.get("profiles", limit=1).json()["next_offset"] == 1
    assert api.get("profiles", limit=5).json()["next_offset"] == 0


def test_an_update_moves_a_row_to_the_front(api: RawApi) -> None:
    first = api.topic("first")
    api.topic("second")
    api.put(f"topic/uuid/{first['topic_id']}", {"topic_name": "first"})
    assert names(api, "topics")[:2] == ["first", "second"]


@pytest.mark.parametrize("kind", ["topics", "profiles", "apikeys"])
def test_list_rows_tell_account_and_tenant(api: RawApi, kind: str) -> None:
    fill(api, 1)
    row = api.rows(kind)[0]
    assert (row["csp_id"], row["tsg_id"]) == ("9000000001", "1000000001")


def test_deletes_answer_a_bare_string(api: RawApi) -> None:
    topics = [api.topic(f"t{number}")["topic_id"] for number in range(2)]
    profiles = [api.profile(f"p{number}")["profile_id"] for number in range(2)]
    api.key("k1", cust_app="a1")
    api.key("k2", cust_app="a2")
    answers = [
        api.delete(f"topic/{topics[0]}"),
        api.delete(f"topic/{topics[1]}/force", updated_by="me"),
        api.delete(f"profile/{profiles[0]}"),
        api.delete(f"profile/{profiles[1]}/force", updated_by="me"),
        api.delete("apikey/delete/k1", updated_by="me"),
        api.delete("customerapp", app_name="a2", updated_by="me"),
    ]
    assert [answer.json() for answer in answers] == [
        f"successfully deleted topicId: {topics[0]}",
        f"successfully force deleted topicId: {topics[1]}",
        f"successfully deleted profileId: {profiles[0]}",
        f"successfully force deleted profileId: {profiles[1]}",
        "apikey and customer-app successfully deleted",
        "customer app and associated keys successfully deleted",
    ]
    assert {answer.headers["Content-Type"] for answer in answers} == {"application/json"}


def test_deletes_can_be_made_to_answer_an_object(api: RawApi) -> None:
    api.emulator.settings(delete_body="object")
    topic = api.topic("t")["topic_id"]
    assert api.delete(f"topic/{topic}").json() == {"message": f"successfully deleted topicId: {topic}"}
    api.key("k", cust_app="a")
    assert api.delete("customerapp", app_name="a", updated_by="me").json()["app_name"] == "a"


def test_deletes_can_be_made_to_answer_nothing(api: RawApi) -> None:
    api.emulator.settings(delete_body="empty")
    answer = api.delete(f"topic/{api.topic('t')['topic_id']}")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path", ["topic/{t}/force", "profile/{p}/force", "apikey/delete/k", "customerapp?app_name=app-k"]
)
def test_a_delete_that_wants_to_know_who_does_it_is_400_without_updated_by(api: RawApi, path: str) -> None:
    topic, profile = api.topic("t")["topic_id"], api.profile("p")["profile_id"]
    api.key("k")
    assert api.delete(path.format(t=topic, p=profile)).status_code == 400
    assert (len(api.rows("topics")), len(api.rows("profiles")), len(api.rows("apikeys"))) == (3, 1, 1)


@pytest.mark.parametrize(
    "path", ["topic/x", "topic/x/force", "profile/x", "profile/x/force", "apikey/delete/x", "customerapp?app_name=x"]
)
def test_deleting_what_is_not_there_is_404(api: RawApi, path: str) -> None:
    assert api.delete(path, updated_by="me").status_code == 404
