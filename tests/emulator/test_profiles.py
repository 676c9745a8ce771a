# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy

import pytest
from support.raw_api import EMPTY_POLICY, JsonObject, RawApi, guardrails, policy

#: All that is known to be in policies of live tenants, in both layouts, with every way of saying nothing.
RICH_POLICY: JsonObject = {
    "ai-security-profiles": [
        {
            "model-type": "default",
            "content-type": "text",
            "content-type-mode": "per_content_type",
            "content-type-configurations": {
                "prompt": {"agent-protection": [], "unknown-to-anyone": {"a": [1.5, None]}},
                "tool-call": {"model-protection": [{"name": "prompt-injection", "action": "alert", "severity": "low"}]},
                "response": None,
            },
            "model-configuration": {
                "mask-data-in-storage": False,
                "enable-full-conversation-inspection": True,
                "latency": {"inline-timeout-action": "block", "max-inline-latency": 5},
                "data-protection": {
                    "data-leak-detection": {"action": "", "mask-data-inline": False, "member": None},
                    "database-security": None,
                    "source-code-detection": {"action": "block", "severity": "high"},
                },
                "app-protection": {
                    "alert-url-category": {},
                    "block-url-category": {"member": []},
                    "default-url-category": {"member": None},
                    "url-detected-action": "",
                    "malicious-code-protection": {"name": "malicious-code", "action": "block"},
                },
                "model-protection": [
                    {
                        "name": "toxic-content",
                        "action": "",
                        "toxic-category-list": [{"category": "hate", "action": "high:block, moderate:allow"}],
                        "severity-by-confidence": {"high": "critical", "moderate": "low"},
                    },
                    {"name": "a-detector-of-tomorrow", "action": "block", "options": []},
                ],
                "agent-protection": [],
            },
        }
    ],
    "dlp-data-profiles": [{"name": "PII", "uuid": "", "log-severity": "low", "rule1": {"action": "alert"}}],
}


def test_without_filling_a_policy_is_kept_exactly_as_it_was_sent(api: RawApi) -> None:
    api.emulator.settings(fill_defaults=False)
    written = api.profile("p", RICH_POLICY)
    assert written["policy"] == RICH_POLICY
    assert api.rows("profiles")[0]["policy"] == RICH_POLICY


@pytest.mark.parametrize("content", [{}, EMPTY_POLICY, {"ai-security-profiles": []}])
def test_a_policy_that_says_nothing_is_accepted_and_nothing_is_added(api: RawApi, content: JsonObject) -> None:
    assert api.post("profile", {"profile_name": "p", "policy": content}).status_code == 200
    assert api.rows("profiles")[0]["policy"] == content


def test_reads_can_be_made_to_add_empty_members(api: RawApi) -> None:
    minimal = policy(model=[{"name": "prompt-injection", "action": "block", "severity": "medium"}])
    api.profile("p", minimal)
    api.emulator.settings(canonicalise=True)
    shown = api.rows("profiles")[0]["policy"]
    configuration = shown["ai-security-profiles"][0]["model-configuration"]
    assert shown["dlp-data-profiles"] == []
    assert configuration["agent-protection"] == []
    assert configuration["data-protection"]["database-security"] is None
    assert configuration["app-protection"]["block-url-category"] == {}
    assert (
        configuration["model-protection"]
        == minimal["ai-security-profiles"][0]["model-configuration"]["model-protection"]
    )
    api.emulator.settings(canonicalise=False)
    assert api.rows("profiles")[0]["policy"] == minimal


def test_reads_can_be_made_to_show_a_missing_topic_bucket_as_null(api: RawApi) -> None:
    topic = api.topic("t")
    api.profile("p", policy(model=[guardrails(topic)]))
    api.emulator.settings(null_topics=True)
    listed = api.rows("profiles")[0]["policy"]["ai-security-profiles"][0]["model-configuration"]
    buckets = {bucket["action"]: bucket["topic"] for bucket in listed["model-protection"][0]["topic-list"]}
    assert buckets["allow"] is None
    assert [pinned["topic_name"] for pinned in buckets["block"]] == ["t"]


def test_an_update_is_a_new_row_with_a_new_id(api: RawApi) -> None:
    first = api.profile("p")
    second = api.update_profile(first, policy(model=[]))
    assert (first["revision"], second["revision"]) == (1, 2)
    assert first["profile_id"] != second["profile_id"]


def test_the_old_row_stays_active_and_unchanged(api: RawApi) -> None:
    first = api.profile("p", policy(model=[]), created_by="me")
    api.update_profile(first, EMPTY_POLICY)
    new, old = api.rows("profiles")
    assert (old["profile_id"], old["revision"], old["active"]) == (first["profile_id"], 1, True)
    assert old["policy"] == policy(model=[])
    assert new["created_by"] == "me"


def test_an_update_with_the_same_content_is_a_revision_too(api: RawApi) -> None:
    first = api.profile("p")
    assert api.update_profile(first, first["policy"])["revision"] == 2


def test_an_update_of_a_superseded_row_continues_after_the_newest(api: RawApi) -> None:
    first = api.profile("p")
    api.update_profile(first, EMPTY_POLICY)
    assert api.update_profile(first, EMPTY_POLICY)["revision"] == 3


def test_an_update_under_another_name_leaves_the_old_rows(api: RawApi) -> None:
    first = api.profile("p")
    api.put(f"profile/uuid/{first['profile_id']}", {"profile_name": "q", "policy": EMPTY_POLICY})
    assert [(row["profile_name"], row["revision"]) for row in api.rows("profiles")] == [("q", 2), ("p", 1)]


def test_an_update_does_not_take_over_the_name_of_another_profile(api: RawApi) -> None:
    first = api.profile("p")
    api.profile("q")
    answer = api.put(f"profile/uuid/{first['profile_id']}", {"profile_name": "q", "policy": EMPTY_POLICY})
    assert answer.status_code == 409


def test_updating_an_unknown_profile_is_404(api: RawApi) -> None:
    assert api.put("profile/uuid/unknown", {"profile_name": "p", "policy": {}}).status_code == 404


def test_creating_an_existing_profile_is_a_conflict(api: RawApi) -> None:
    api.profile("p")
    answer = api.post("profile", {"profile_name": "p", "policy": EMPTY_POLICY})
    assert (answer.status_code, answer.json()["status_code"]) == (409, 409)
    assert len(api.rows("profiles")) == 1


@pytest.mark.parametrize("members", [{}, {"revision": 17}, {"revision": None}, {"active": True}, {"active": False}])
def test_revision_and_active_are_optional_and_the_revision_is_ignored(api: RawApi, members: JsonObject) -> None:
    first = api.profile("p", **members)
    body = {"profile_name": "p", "policy": EMPTY_POLICY, **members}
    second = api.put(f"profile/uuid/{first['profile_id']}", body).json()
    assert (first["revision"], second["revision"]) == (1, 2)


def test_the_list_shows_all_revisions_and_latest_one_for_each_name(api: RawApi) -> None:
    first = api.profile("p")
    api.profile("q")
    api.update_profile(first, EMPTY_POLICY)

    def listed(**query: str) -> list[tuple[str, int]]:
        return [(row["profile_name"], row["revision"]) for row in api.rows("profiles", **query)]

    everything = [("p", 2), ("q", 1), ("p", 1)]
    assert listed() == everything
    assert listed(latest="false") == everything
    assert listed(latest="true") == [("p", 2), ("q", 1)]


def test_latest_can_be_made_the_default(api: RawApi) -> None:
    api.update_profile(api.profile("p"), EMPTY_POLICY)
    api.emulator.settings(latest_default=True)
    assert len(api.rows("profiles")) == 1
    assert len(api.rows("profiles", latest="false")) == 2


@pytest.mark.parametrize("suffix", ["", "/force?updated_by=me"])
def test_a_delete_removes_one_revision_and_the_next_lower_becomes_the_latest(api: RawApi, suffix: str) -> None:
    first = api.profile("p")
    second = api.update_profile(first, EMPTY_POLICY)
    api.delete(f"profile/{second['profile_id']}{suffix}")
    assert [row["profile_id"] for row in api.rows("profiles", latest="true")] == [first["profile_id"]]
    assert api.delete(f"profile/{second['profile_id']}{suffix}").status_code == 404


def test_a_profile_that_a_policy_uses_is_deleted_by_force_only(api: RawApi) -> None:
    profile = api.profile("p")
    policies = [{"policy_id": "1", "policy_name": "edge", "priority": 3}]
    api.emulator.settings(profile_delete_blocked_by={"p": policies})
    answer = api.delete(f"profile/{profile['profile_id']}")
    assert (answer.status_code, answer.json()["payload"]) == (409, policies)
    assert sorted(answer.json()) == ["message", "payload"]
    assert api.delete(f"profile/{profile['profile_id']}/force", updated_by="me").status_code == 200
    assert api.rows("profiles") == []


def test_an_unsigned_profile_is_signed_by_the_service(api: RawApi) -> None:
    first = api.profile("p")
    assert (first["created_by"], first["updated_by"]) == ("test@test.com", "test@test.com")
    second = api.update_profile(first, EMPTY_POLICY)
    assert (second["created_by"], second["updated_by"]) == ("test@test.com", "none")


def test_only_writes_tell_the_dlp_tenant(api: RawApi) -> None:
    first = api.profile("p")
    assert first["dlp_tenant_id"] == api.update_profile(first, EMPTY_POLICY)["dlp_tenant_id"]
    row = api.rows("profiles")[0]
    assert "dlp_tenant_id" not in row
    assert (row["csp_id"], row["tsg_id"]) == ("9000000001", "1000000001")
    assert row["last_modified_ts"].endswith("Z")


TOPIC = {"topic_id": "1", "topic_name": "t", "revision": 1}
WRONG_BODIES: list[JsonObject] = [
    {},
    {"profile_name": "p"},
    {"policy": {}},
    {"profile_name": "", "policy": {}},
    {"profile_name": "p" * 101, "policy": {}},
    {"profile_name": 5, "policy": {}},
    {"profile_name": "p", "policy": []},
    {"profile_name": "p", "policy": None},
    {"profile_name": "p", "policy": {}, "revision": "1"},
    {"profile_name": "p", "policy": {}, "revision": 2**31},
    {"profile_name": "p", "policy": {}, "active": "yes"},
    {"profile_name": "p", "policy": {}, "profile_id": 5},
]
WRONG_POLICIES: list[JsonObject] = [
    {"ai-security-profiles": {}},
    {"ai-security-profiles": ["x"]},
    policy(model=["prompt-injection"]),  # type: ignore[list-item]
    policy(model=[{"action": "block"}]),
    policy(mask_data_in_storage="no"),
    policy(latency={"max-inline-latency": "5"}),
    policy(data_protection={"data-leak-detection": {"action": "block"}}),
    policy(data_protection={"data-leak-detection": {"action": "block", "member": [{}]}}),
    policy(agent_protection=[{"name": "agent-security"}]),
    policy(app_protection={"block-url-category": {"member": "adult"}}),
    # Buckets without topics, which reads contain but writes may not.
    policy(model=[{"name": "topic-guardrails", "action": "allow", "topic-list": [{"action": "block", "topic": []}]}]),
    policy(model=[{"name": "topic-guardrails", "action": "allow", "topic-list": [{"action": "block", "topic": None}]}]),
    policy(model=[{"name": "topic-guardrails", "action": "allow", "topic-list": [{"action": "block"}]}]),
    policy(model=[{"name": "topic-guardrails", "action": "allow", "topic-list": [{"topic": [TOPIC]}]}]),
    {"dlp-data-profiles": [{"name": "PII", "uuid": ""}]},
    {"dlp-data-profiles": [{"name": "PII", "uuid": "", "log-severity": ""}]},
]


@pytest.mark.parametrize("body", [*WRONG_BODIES, *({"profile_name": "p", "policy": one} for one in WRONG_POLICIES)])
def test_a_malformed_profile_is_refused_by_create_and_update(api: RawApi, body: JsonObject) -> None:
    profile = api.profile("existing")
    created = api.post("profile", body)
    updated = api.put(f"profile/uuid/{profile['profile_id']}", body)
    assert (created.status_code, updated.status_code) == (400, 400)
    assert len(api.rows("profiles")) == 1


def test_an_empty_bucket_in_one_direction_is_refused_as_well(api: RawApi) -> None:
    content = copy.deepcopy(RICH_POLICY)
    empty = {"name": "topic-guardrails", "action": "allow", "topic-list": [{"action": "block", "topic": []}]}
    content["ai-security-profiles"][0]["content-type-configurations"]["prompt"] = {"model-protection": [empty]}
    assert api.post("profile", {"profile_name": "p", "policy": content}).status_code == 400


def test_a_profile_holds_20_topics(api: RawApi) -> None:
    topics = [{"topic_id": str(number), "topic_name": f"t{number}", "revision": 1} for number in range(21)]
    twenty = {"profile_name": "p", "policy": policy(model=[guardrails(*topics[:20])])}
    too_many = {"profile_name": "q", "policy": policy(model=[guardrails(*topics)])}
    assert (api.post("profile", twenty).status_code, api.post("profile", too_many).status_code) == (200, 400)
    api.emulator.settings(topics_per_profile_max=21)
    assert api.post("profile", too_many).status_code == 200


def test_a_pinned_topic_needs_no_revision(api: RawApi) -> None:
    pinned = {"topic_id": "1", "topic_name": "t", "severity": "low"}
    buckets = [{"action": "block", "topic": [pinned]}]
    protection = {"name": "topic-guardrails", "action": "allow", "severity": "low", "topic-list": buckets}
    assert api.profile("p", policy(model=[protection]))["policy"] == policy(model=[protection])


def test_entries_that_stored_profiles_hold_need_neither_a_name_nor_an_action(api: RawApi) -> None:
    content = {
        **policy(model=[{"name": "a-detector-of-tomorrow"}]),
        "dlp-data-profiles": [{"id": "1", "uuid": "", "log-severity": "low"}],
    }
    assert api.profile("p", content)["policy"] == content
