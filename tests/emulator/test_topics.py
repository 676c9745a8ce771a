# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from support.raw_api import JsonObject, RawApi, guardrails, policy


def test_a_created_topic_is_answered_with_everything_but_its_time_of_creation(api: RawApi) -> None:
    body = {"topic_name": "t", "description": "d", "examples": ["one"]}
    topic = api.post("topic", body).json()
    assert topic.items() >= {**body, "revision": 1, "active": True}.items()
    assert topic["last_modified_ts"].endswith("Z")
    assert "created_ts" not in topic


def test_a_list_row_leaves_out_what_only_writes_answer(api: RawApi) -> None:
    api.topic("t", examples=["one"])
    members = ["csp_id", "description", "examples", "last_modified_ts", "revision", "topic_id", "topic_name", "tsg_id"]
    assert sorted(api.rows("topics")[0]) == members


def test_an_unsigned_topic_is_signed_by_the_service(api: RawApi) -> None:
    topic = api.topic("t")
    assert (topic["created_by"], topic["updated_by"]) == ("test@test.com", "test@test.com")
    updated = api.put(f"topic/uuid/{topic['topic_id']}", {"topic_name": "t"}).json()
    assert (updated["created_by"], updated["updated_by"]) == ("test@test.com", "none")


def test_a_signature_is_kept(api: RawApi) -> None:
    topic = api.topic("t", created_by="a", updated_by="b")
    assert (topic["created_by"], topic["updated_by"]) == ("a", "b")
    updated = api.put(f"topic/uuid/{topic['topic_id']}", {"topic_name": "t", "updated_by": "terraform"}).json()
    assert (updated["created_by"], updated["updated_by"]) == ("a", "terraform")


def test_an_update_keeps_the_id_and_counts_the_revision(api: RawApi) -> None:
    topic = api.topic("t")
    updated = api.put(f"topic/uuid/{topic['topic_id']}", {"topic_name": "t", "description": "new"}).json()
    assert (updated["topic_id"], updated["revision"]) == (topic["topic_id"], 2)
    assert "last_modified_ts" not in updated
    assert [row["revision"] for row in api.rows("topics") if row["topic_name"] == "t"] == [2]


def test_an_update_replaces_the_whole_topic(api: RawApi) -> None:
    topic = api.topic("t", examples=["one"])
    api.put(f"topic/uuid/{topic['topic_id']}", {"topic_name": "t", "description": "d"})
    assert api.rows("topics")[0]["examples"] == []


def test_the_revision_of_the_client_is_ignored(api: RawApi) -> None:
    topic = api.topic("t", revision=7)
    assert topic["revision"] == 1
    assert api.put(f"topic/uuid/{topic['topic_id']}", {"topic_name": "t", "revision": 1}).json()["revision"] == 2


def test_a_missing_description_is_written_by_the_service(api: RawApi) -> None:
    answer = api.post("topic", {"topic_name": "t"}).json()
    assert answer["description"] != ""
    assert answer["examples"] == []


def test_superseded_revisions_can_be_made_visible(api: RawApi) -> None:
    topic = api.topic("t", "first")
    api.put(f"topic/uuid/{topic['topic_id']}", {"topic_name": "t", "description": "second"})
    api.emulator.settings(topic_history=True)
    rows = [row for row in api.rows("topics") if row["topic_name"] == "t"]
    assert [(row["revision"], row["description"]) for row in rows] == [(2, "second"), (1, "first")]


def test_a_name_is_used_once(api: RawApi) -> None:
    other = api.topic("t")
    assert api.post("topic", {"topic_name": "t"}).status_code == 409
    topic = api.topic("u")
    assert api.put(f"topic/uuid/{topic['topic_id']}", {"topic_name": "t"}).status_code == 409
    assert api.put(f"topic/uuid/{other['topic_id']}", {"topic_name": "v"}).status_code == 200
    assert api.post("topic", {"topic_name": "t"}).status_code == 200


def test_names_are_case_sensitive(api: RawApi) -> None:
    api.topic("t")
    assert api.post("topic", {"topic_name": "T"}).status_code == 200


WRONG: list[JsonObject] = [
    {},
    {"topic_name": ""},
    {"topic_name": 1},
    {"topic_name": "n" * 101},
    {"topic_name": "n", "description": "d" * 251},
    {"topic_name": "n", "description": ["d"]},
    {"topic_name": "n", "examples": ["e"] * 6},
    {"topic_name": "n", "examples": ["e" * 251]},
    {"topic_name": "n", "examples": "e"},
    {"topic_name": "n", "description": "d" * 201, "examples": ["e" * 200] * 4},
    {"topic_name": "n", "description": "ä" * 250, "examples": ["ä" * 250, "b"]},
    {"topic_name": "n", "revision": "1"},
    {"topic_name": "n", "revision": 2**63},
    {"topic_name": "n", "active": "yes"},
    {"topic_name": "n", "created_by": "c" * 101},
    {"topic_name": "n", "last_modified_ts": "2024-01-01T12:99:00Z"},
]


@pytest.mark.parametrize("body", WRONG)
def test_a_topic_beyond_the_limits_is_refused_by_create_and_update(api: RawApi, body: JsonObject) -> None:
    topic = api.topic("t")
    statuses = api.post("topic", body).status_code, api.put(f"topic/uuid/{topic['topic_id']}", body).status_code
    assert statuses == (400, 400)
    assert len(api.rows("topics")) == 3


@pytest.mark.parametrize(
    "body",
    [
        {"topic_name": "n" * 100},
        {"topic_name": "n", "description": "d" * 250, "examples": ["e" * 250] * 3},
        {"topic_name": "n", "description": "d" * 200, "examples": ["e" * 160] * 5},
    ],
)
def test_a_topic_at_the_limits_is_accepted(api: RawApi, body: JsonObject) -> None:
    assert api.post("topic", body).status_code == 200


def test_updating_an_unknown_topic_is_404(api: RawApi) -> None:
    assert api.put("topic/uuid/unknown", {"topic_name": "t"}).status_code == 404


def test_a_topic_that_any_profile_revision_holds_is_not_deleted(api: RawApi) -> None:
    topic = api.topic("t")
    first = api.profile("p", policy(model=[guardrails(topic)]))
    second = api.update_profile(first, policy(model=[guardrails(topic)]))
    api.update_profile(second, policy(model=[]))
    answer = api.delete(f"topic/{topic['topic_id']}")
    assert answer.status_code == 409
    assert sorted(answer.json()) == ["message", "payload"]
    assert answer.json()["payload"] == [
        {"profile_id": second["profile_id"], "profile_name": "p", "revision": 2},
        {"profile_id": first["profile_id"], "profile_name": "p", "revision": 1},
    ]


def test_a_topic_is_free_again_when_the_revisions_that_hold_it_are_gone(api: RawApi) -> None:
    topic = api.topic("t")
    profile = api.profile("p", policy(model=[guardrails(topic)]))
    api.update_profile(profile, policy(model=[]))
    api.delete(f"profile/{profile['profile_id']}")
    assert api.delete(f"topic/{topic['topic_id']}").status_code == 200


def test_a_topic_in_the_directional_layout_counts_as_held(api: RawApi) -> None:
    topic = api.topic("t")
    directional = {"prompt": {"model-protection": [guardrails(topic)]}}
    content = policy()
    content["ai-security-profiles"][0]["content-type-configurations"] = directional
    api.profile("p", content)
    assert api.delete(f"topic/{topic['topic_id']}").status_code == 409


def test_force_takes_the_topic_out_of_every_profile_revision(api: RawApi) -> None:
    topic, other = api.topic("t"), api.topic("other")
    first = api.profile("p", policy(model=[guardrails(topic, other)]))
    api.update_profile(first, policy(model=[guardrails(topic)]))
    assert api.delete(f"topic/{topic['topic_id']}/force", updated_by="me").status_code == 200
    assert topic["topic_id"] not in str(api.rows("profiles"))
    assert [row["revision"] for row in api.rows("profiles")] == [2, 1]
    assert other["topic_id"] in str(api.rows("profiles")[1])
    assert "t" not in {row["topic_name"] for row in api.rows("topics")}


def test_built_in_topics_are_listed(api: RawApi) -> None:
    rows = {row["topic_name"]: row for row in api.rows("topics")}
    assert set(rows) == {"Weather", "Sports"}
    assert [(row["revision"], row["examples"]) for row in rows.values()] == [(1, []), (1, [])]
