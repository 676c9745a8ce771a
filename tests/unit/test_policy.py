# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security profiles: what the options make of a policy, and when two policies are the same."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._engine.compare import canonical, difference, same
from ansible_collections.panw.airs.plugins.module_utils._policy import document
from ansible_collections.panw.airs.plugins.module_utils._policy.layout import pinned_topics
from ansible_collections.panw.airs.plugins.module_utils._policy.meaning import means_the_same
from ansible_collections.panw.airs.plugins.module_utils._policy.protection import Names
from ansible_collections.panw.airs.plugins.module_utils._policy.protections import PROTECTIONS

NAMES = Names(
    topics={
        "finance": {"topic_id": "t-1", "topic_name": "finance", "revision": 3, "description": "not pinned"},
        "pricing": {"topic_id": "t-2", "topic_name": "pricing", "revision": 1},
    },
    dlp_profiles={
        "PII": {"name": "PII", "id": "", "uuid": "", "version": "1", "log-severity": "", "rule1": {"action": "alert"}},
        "IP Addresses": {"name": "IP Addresses", "id": "11995029", "version": "1", "log-severity": "high"},
    },
)

EVERYTHING: dict[str, Any] = {
    "prompt_injection": "block",
    "toxic_content": {
        "high": "block",
        "moderate": "allow",
        "categories": [{"name": "hate", "high": "block", "moderate": "alert"}],
    },
    "contextual_grounding": "block",
    "topics": {"default": "allow", "block": ["finance"], "alert": [], "allow": ["pricing"]},
    "malicious_code": "block",
    "agent_security": "block",
    "urls": {
        "default": "block",
        "default_categories": ["malicious"],
        "allow": ["sports"],
        "alert": ["high-risk"],
        "block": ["phishing"],
    },
    "data_leak": {"profiles": ["IP Addresses", "PII"], "action": "block", "mask_inline": True},
    "database_security": {"create": "block", "read": "allow", "update": "block", "delete": "block"},
    "source_code": "block",
    "severities": {
        "prompt_injection": "critical",
        "contextual_grounding": "low",
        "topics": "low",
        "agent_security": "high",
        "malicious_code": "low",
        "source_code": "low",
        "database_create": "low",
        "database_read": "high",
        "database_update": "low",
        "database_delete": "medium",
        "urls": "medium",
        "toxic_content": {"high": "high", "moderate": "medium"},
        "each_topic": [{"name": "finance", "severity": "critical"}, {"name": "pricing", "severity": "low"}],
        "toxic_categories": [{"name": "hate", "high": "critical", "moderate": "high"}],
    },
    "latency": {"max_seconds": 10, "on_timeout": "allow"},
    "mask_data_in_storage": True,
    "full_conversation_inspection": True,
    "dlp_profiles": [
        {"name": "IP Addresses", "log_severity": "high", "file_based": "block", "non_file_based": ""},
        {"name": "PII", "log_severity": "low", "file_based": "", "non_file_based": "alert"},
    ],
}


def written(options: dict[str, Any], current: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the policy for the options."""
    return document.desired_policy(current, options, NAMES)


def configuration(policy: dict[str, Any]) -> dict[str, Any]:
    """Return the model-configuration of a policy."""
    found: dict[str, Any] = policy["ai-security-profiles"][0]["model-configuration"]
    return found


def detector(policy: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Return a detector of the model-protection."""
    return next((entry for entry in configuration(policy)["model-protection"] if entry["name"] == name), None)


def test_every_option_is_covered_here() -> None:
    assert set(EVERYTHING) == set(document.option_specs()) - {"directions", "policy"}


def test_a_full_profile_has_the_shape_that_live_tenants_store() -> None:
    assert configuration(written(EVERYTHING)) == {
        "mask-data-in-storage": True,
        "enable-full-conversation-inspection": True,
        "latency": {"inline-timeout-action": "allow", "max-inline-latency": 10},
        "data-protection": {
            "data-leak-detection": {
                "action": "block",
                "mask-data-inline": True,
                "member": [
                    {"text": "IP Addresses", "id": "11995029", "version": "1"},
                    {"text": "PII", "id": "", "version": "1"},
                ],
            },
            "database-security": [
                {"name": "database-security-create", "action": "block", "severity": "low"},
                {"name": "database-security-read", "action": "allow", "severity": "high"},
                {"name": "database-security-update", "action": "block", "severity": "low"},
                {"name": "database-security-delete", "action": "block", "severity": "medium"},
            ],
            "source-code-detection": {"action": "block", "severity": "low"},
        },
        "app-protection": {
            "alert-url-category": {"member": ["high-risk"]},
            "block-url-category": {"member": ["phishing"]},
            "allow-url-category": {"member": ["sports"]},
            "default-url-category": {"member": ["malicious"]},
            "url-detected-action": "block",
            "url-detected-severity": "medium",
            "malicious-code-protection": {"name": "malicious-code", "action": "block", "severity": "low"},
        },
        "model-protection": [
            {"name": "prompt-injection", "action": "block", "severity": "critical"},
            {
                "name": "toxic-content",
                "action": "high:block, moderate:allow",
                "toxic-category-list": [
                    {
                        "category": "hate",
                        "action": "high:block, moderate:alert",
                        "severity-by-confidence": {"high": "critical", "moderate": "high"},
                    }
                ],
                "severity-by-confidence": {"high": "high", "moderate": "medium"},
            },
            {"name": "contextual-grounding", "action": "block", "severity": "low"},
            {
                "name": "topic-guardrails",
                "action": "allow",
                "severity": "low",
                "options": [],
                "topic-list": [
                    {
                        "action": "allow",
                        "topic": [{"topic_id": "t-2", "topic_name": "pricing", "revision": 1, "severity": "low"}],
                    },
                    {
                        "action": "block",
                        "topic": [{"topic_id": "t-1", "topic_name": "finance", "revision": 3, "severity": "critical"}],
                    },
                ],
            },
        ],
        "agent-protection": [{"name": "agent-security", "action": "block", "severity": "high"}],
    }


def test_dlp_profiles_are_copied_with_a_log_severity_because_the_service_refuses_them_without() -> None:
    rows = written(EVERYTHING)["dlp-data-profiles"]
    assert [(row["name"], row["log-severity"], row["uuid"]) for row in rows] == [
        ("IP Addresses", "high", ""),
        ("PII", "low", ""),
    ]


def test_what_was_written_reads_back_as_it_was_given() -> None:
    assert document.as_options(written(EVERYTHING)) == EVERYTHING


def test_writing_it_again_changes_nothing() -> None:
    first = written(EVERYTHING)
    assert written(EVERYTHING, first) == first


def test_options_left_out_are_not_managed() -> None:
    before = written(EVERYTHING)
    after = written({"prompt_injection": "alert"}, before)
    detector(before, "prompt-injection")["action"] = "alert"  # type: ignore[index]  # it is there
    assert after == before


def test_suboptions_left_out_are_not_managed() -> None:
    changed = written(
        {
            "toxic_content": {"high": None, "moderate": "block", "categories": None},
            "severities": {"urls": "high", "toxic_content": {"high": None, "moderate": "high"}, "topics": None},
            "topics": {"default": None, "block": None, "allow": []},
            "urls": {"default": None, "block": ["malware"], "allow": None, "alert": None},
            "data_leak": {"profiles": ["PII"], "action": None, "mask_inline": None},
            "database_security": {"create": None, "read": "block", "update": None, "delete": None},
            "latency": {"max_seconds": 2, "on_timeout": None},
        },
        written(EVERYTHING),
    )
    assert document.as_options(changed) == {
        **EVERYTHING,
        "toxic_content": {**EVERYTHING["toxic_content"], "moderate": "block"},
        "severities": {
            **EVERYTHING["severities"],
            "urls": "high",
            "toxic_content": {"high": "high", "moderate": "high"},
            "each_topic": [{"name": "finance", "severity": "critical"}],
        },
        "topics": {"default": "allow", "block": ["finance"], "alert": [], "allow": []},
        "urls": {**EVERYTHING["urls"], "block": ["malware"]},
        "data_leak": {"profiles": ["PII"], "action": "block", "mask_inline": True},
        "database_security": {"create": "block", "read": "block", "update": "block", "delete": "block"},
        "latency": {"max_seconds": 2, "on_timeout": "allow"},
        "dlp_profiles": EVERYTHING["dlp_profiles"][1:],
    }


def test_a_name_moves_from_the_list_that_is_not_managed() -> None:
    moved = written(
        {"topics": {"block": ["finance", "pricing"]}, "urls": {"alert": ["phishing", "sports"]}}, written(EVERYTHING)
    )
    found = document.as_options(moved)
    assert found["topics"] == {"default": "allow", "block": ["finance", "pricing"], "alert": [], "allow": []}
    assert found["urls"] == {**EVERYTHING["urls"], "allow": [], "alert": ["phishing", "sports"], "block": []}


def test_empty_values_turn_everything_off_again() -> None:
    off: dict[str, Any] = {
        "prompt_injection": "disabled",
        "toxic_content": {},
        "contextual_grounding": "disabled",
        "topics": {},
        "malicious_code": "disabled",
        "agent_security": "disabled",
        "urls": {},
        "data_leak": {},
        "database_security": {},
        "source_code": "disabled",
        "severities": {},
        "latency": {},
        "mask_data_in_storage": False,
        "full_conversation_inspection": False,
    }
    assert set(off) == {protection.option for protection in PROTECTIONS}
    cleared = written(off, written(EVERYTHING))
    assert configuration(cleared).pop("enable-full-conversation-inspection") is False
    assert means_the_same(cleared, document.empty_policy())


def test_what_no_option_knows_survives_an_update() -> None:
    current = written(EVERYTHING)
    current["future"] = {"x": 1}
    configuration(current)["future-protection"] = {"mode": "strict"}
    detector(current, "prompt-injection")["future"] = "high"  # type: ignore[index]  # it is there
    topics = detector(current, "topic-guardrails")
    assert topics
    topics["topic-list"][0]["topic"][0]["future"] = "low"
    configuration(current)["data-protection"]["data-leak-detection"]["future"] = 1
    configuration(current)["app-protection"]["malicious-code-protection"]["name"] = "malicious-code-detection"
    assert written(EVERYTHING, current) == current


def test_a_topic_is_pinned_at_its_newest_revision() -> None:
    current = written(EVERYTHING)
    newer = Names({**NAMES.topics, "finance": {**NAMES.topics["finance"], "revision": 4}}, NAMES.dlp_profiles)
    after = document.desired_policy(current, EVERYTHING, newer)
    assert not same(current, after)
    assert document.policy_difference(current, after) == {
        "before": {"topic_revisions": {"pricing": 1, "finance": 3}},
        "after": {"topic_revisions": {"pricing": 1, "finance": 4}},
    }


def test_empty_topic_buckets_are_stripped_because_the_service_refuses_them() -> None:
    current = written({"topics": {"default": "block"}})
    topics = detector(current, "topic-guardrails")
    assert topics
    topics["topic-list"] = [{"action": "allow", "topic": []}, {"action": "block", "topic": None}]
    after = written({"prompt_injection": "block"}, current)
    assert detector(after, "topic-guardrails") == {**topics, "topic-list": []}


@pytest.mark.parametrize("empty", [[], None])
def test_empty_topic_buckets_are_no_difference(empty: Any) -> None:
    current = written(EVERYTHING)
    shown = copy.deepcopy(current)
    buckets = detector(shown, "topic-guardrails")["topic-list"]  # type: ignore[index]  # it is there
    buckets.append({"action": "alert", "topic": empty})
    assert same(current, shown)


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_all_forms_of_nothing_are_the_same(nothing: Any) -> None:
    assert same({"app-protection": {"url-detected-action": nothing}}, {})
    assert same({"a": [nothing, 1]}, {"a": [1]})


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"member": ["a", "b"]}, {"member": ["b", "a"]}),
        ({"member": ["a", "a"]}, {"member": ["a"]}),
        ({"action": "high:block, moderate:allow"}, {"action": "high:block,moderate:allow"}),
        ({"mask-data-inline": False}, {}),
        ({"mask-data-in-storage": False}, {}),
        ({"member": [{"text": "PII", "id": "1", "version": "2"}]}, {"member": [{"text": "PII"}]}),
        (
            {"dlp-data-profiles": [{"name": "PII", "uuid": "u", "version": "2"}]},
            {"dlp-data-profiles": [{"name": "PII"}]},
        ),
    ],
)
def test_forms_that_mean_the_same_are_the_same(left: Any, right: Any) -> None:
    assert same(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"a": False}, {}),
        ({"a": 0}, {}),
        ({"mask-data-inline": True}, {}),
        ({"name": "a, b"}, {"name": "a,b"}),
        ({"topic": [{"topic_id": "1", "revision": 1}]}, {"topic": [{"topic_id": "1", "revision": 2}]}),
        ({"member": [{"text": "PII"}]}, {"member": [{"text": "PHI"}]}),
        (
            {"dlp-data-profiles": [{"name": "PII", "rule1": {"action": "alert"}}]},
            {"dlp-data-profiles": [{"name": "PII"}]},
        ),
    ],
)
def test_forms_that_differ_in_meaning_differ(left: Any, right: Any) -> None:
    assert not same(left, right)


def test_canonical_of_everything_off_is_only_what_counts() -> None:
    assert canonical(document.empty_policy()) == {
        "ai-security-profiles": [
            {"model-configuration": {"latency": {"inline-timeout-action": "block", "max-inline-latency": 5}}}
        ]
    }


def test_the_raw_policy_is_merged_last_dicts_by_key_and_named_lists_by_name() -> None:
    over = {
        "ai-security-profiles": [
            {
                "model-type": "default",
                "model-configuration": {
                    "model-protection": [
                        {"name": "prompt-injection", "severity": "critical"},
                        {"name": "new", "action": "x"},
                    ],
                    "app-protection": {"block-url-category": {"member": ["adult"]}},
                },
            }
        ]
    }
    base = written(EVERYTHING)
    after = written({**EVERYTHING, "policy": over})
    assert detector(after, "prompt-injection") == {
        "name": "prompt-injection",
        "action": "block",
        "severity": "critical",
    }
    assert detector(after, "new") == {"name": "new", "action": "x"}
    assert detector(after, "toxic-content") == detector(base, "toxic-content")
    assert configuration(after)["app-protection"]["block-url-category"] == {"member": ["adult"]}
    assert configuration(after)["data-protection"] == configuration(base)["data-protection"]


def test_null_sections_of_the_service_are_written_into() -> None:
    current: dict[str, Any] = {
        "ai-security-profiles": [{"model-type": "default", "model-configuration": {"data-protection": None}}],
        "dlp-data-profiles": None,
    }
    after = written(EVERYTHING, current)
    assert document.as_options(after) == EVERYTHING


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"topics": {"block": ["a"], "allow": ["a"]}}, "topics has 'a' in both allow and block"),
        ({"urls": {"block": ["a"], "alert": ["a"], "allow": None}}, "urls has 'a' in both alert and block"),
        ({"data_leak": {"mask_inline": True, "action": "allow"}}, "data_leak.mask_inline requires"),
        ({"latency": {"max_seconds": 0}}, "latency.max_seconds must be at least 1, but is 0"),
    ],
)
def test_options_that_cannot_be_right_are_named(options: dict[str, Any], words: str) -> None:
    faults = document.faults(options)
    assert len(faults) == 1
    assert words in faults[0]


def test_options_that_can_be_right_have_no_faults() -> None:
    assert document.faults(EVERYTHING) == []


def test_protections_are_refused_for_a_profile_in_the_per_direction_layout() -> None:
    current = {"ai-security-profiles": [{"content-type-mode": "per_content_type"}]}
    options = {"prompt_injection": "block", "latency": {"max_seconds": 1}, "mask_data_in_storage": True, "urls": {}}
    assert document.unmanageable_options(current, options) == ["prompt_injection", "urls"]
    assert document.unmanageable_options(written({}), options) == []


def test_the_diff_has_one_entry_per_protection_that_changes() -> None:
    before = written(EVERYTHING)
    after = written({"prompt_injection": "alert", "urls": {"block": []}}, before)
    assert document.policy_difference(before, after) == {
        "before": {"prompt_injection": "block", "urls": EVERYTHING["urls"]},
        "after": {"prompt_injection": "alert", "urls": {**EVERYTHING["urls"], "block": []}},
    }


def test_the_diff_shows_what_no_option_knows_as_it_stands() -> None:
    before = written(EVERYTHING)
    after = written({"policy": {"ai-security-profiles": [{"model-type": "default", "new": 1}]}}, before)
    found = document.policy_difference(before, after)
    assert found["before"]["policy"] != found["after"]["policy"]


def test_equal_policies_have_no_diff() -> None:
    assert document.policy_difference(written(EVERYTHING), written(EVERYTHING)) == {"before": {}, "after": {}}


def test_a_difference_names_only_what_differs() -> None:
    assert difference({"a": 1, "b": None, "c": [1, 2]}, {"a": 2, "b": "", "c": [2, 1]}) == {
        "before": {"a": 1},
        "after": {"a": 2},
    }
    assert difference(None, {"a": 1, "b": None}) == {"before": {}, "after": {"a": 1}}


# --- a set of protections for each direction -------------------------------------------------------------------------

PER_DIRECTION: dict[str, Any] = {
    "directions": {
        "prompt": {"prompt_injection": "block", "data_leak": {"profiles": ["PII"], "action": "block"}},
        "response": {
            "contextual_grounding": "block",
            "topics": {"block": ["finance"]},
            "data_leak": {"profiles": ["IP Addresses"], "action": "block"},
        },
        "tool_call": None,
        "tool_response": {"malicious_code": "block"},
    },
    "latency": {"max_seconds": 7, "on_timeout": "block"},
    "full_conversation_inspection": True,
}


def test_directions_have_the_layout_that_a_live_tenant_stored() -> None:
    policy = written(PER_DIRECTION)
    profile = policy["ai-security-profiles"][0]
    assert profile["content-type-mode"] == "per_content_type"
    assert profile["model-configuration"] == {
        "mask-data-in-storage": False,
        "enable-full-conversation-inspection": True,
        "latency": {"inline-timeout-action": "block", "max-inline-latency": 7},
    }
    assert list(profile["content-type-configurations"]) == ["prompt", "response", "tool-call", "tool-response"]
    prompt = profile["content-type-configurations"]["prompt"]
    assert prompt["model-protection"] == [{"name": "prompt-injection", "action": "block"}]
    assert set(prompt) == {"agent-protection", "app-protection", "data-protection", "model-protection"}


def test_the_dlp_profiles_of_all_directions_are_listed_once_for_the_policy() -> None:
    assert [row["name"] for row in written(PER_DIRECTION)["dlp-data-profiles"]] == ["PII", "IP Addresses"]


def test_names_of_all_directions_are_resolved() -> None:
    assert {name for _place, name in document.topic_references(PER_DIRECTION)} == {"finance"}
    assert {name for _place, name in document.dlp_profile_references(PER_DIRECTION)} == {"PII", "IP Addresses"}
    assert pinned_topics(written(PER_DIRECTION)) == [
        ("block", [{"topic_id": "t-1", "topic_name": "finance", "revision": 3}])
    ]


def test_directions_written_again_change_nothing() -> None:
    first = written(PER_DIRECTION)
    assert written(PER_DIRECTION, first) == first


def test_directions_read_back_as_options_that_change_nothing() -> None:
    first = written(PER_DIRECTION)
    read = document.as_options(first)
    assert read["directions"]["prompt"]["prompt_injection"] == "block"
    assert same(written(read, first), first)
    assert same(written(read), first)


def test_a_profile_that_goes_over_to_directions_keeps_its_protections_in_each() -> None:
    before = written(EVERYTHING)
    after = written({"directions": {"prompt": {"prompt_injection": "alert"}}}, before)
    directions = document.as_options(after)["directions"]
    common = {option: value for option, value in EVERYTHING.items() if option in directions["prompt"]}
    assert directions["response"] == directions["tool_call"] == directions["tool_response"] == common
    assert directions["prompt"] == {**common, "prompt_injection": "alert"}
    assert after["dlp-data-profiles"] == before["dlp-data-profiles"]


def test_the_diff_of_directions_has_one_line_per_protection() -> None:
    before = written(PER_DIRECTION)
    after = written({"directions": {"response": {"contextual_grounding": "allow"}}}, before)
    assert document.policy_difference(before, after) == {
        "before": {"response.contextual_grounding": "block"},
        "after": {"response.contextual_grounding": "allow"},
    }


def test_faults_of_a_direction_name_it() -> None:
    options = {"directions": {"prompt": {"topics": {"block": ["a"], "allow": ["a"]}}, "response": None}}
    assert document.faults(options) == ["directions.prompt.topics has 'a' in both allow and block"]


def test_protections_for_everything_and_for_directions_do_not_mix() -> None:
    options = {"prompt_injection": "block", "latency": {"max_seconds": 1}, "directions": {"prompt": {}}}
    assert document.faults(options) == [
        "prompt_injection and directions are mutually exclusive: specify protections for each direction"
    ]


def test_toxic_categories_alone_have_an_empty_action_beside_them_as_live_tenants_store_it() -> None:
    entry = detector(
        written({"toxic_content": {"categories": [{"name": "violence", "high": "block"}]}}), "toxic-content"
    )
    assert entry == {
        "name": "toxic-content",
        "action": "",
        "toxic-category-list": [{"category": "violence", "action": "high:block, moderate:allow"}],
    }


def test_a_policy_that_says_nothing_reads_back_as_options_that_change_nothing() -> None:
    bare: dict[str, Any] = {"ai-security-profiles": [{"model-type": "default", "model-configuration": {}}]}
    assert same(written(document.as_options(bare), bare), bare)
