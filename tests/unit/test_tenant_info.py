# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The config of a tenant: what is exported of a policy makes the same policy, whatever it is applied to."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.panw.airs.plugins.module_utils._policy import document, export
from ansible_collections.panw.airs.plugins.module_utils._policy.layout import DIRECTIONS as ALL_DIRECTIONS
from ansible_collections.panw.airs.plugins.module_utils._policy.layout import is_per_direction
from ansible_collections.panw.airs.plugins.module_utils._policy.meaning import means_the_same
from ansible_collections.panw.airs.plugins.module_utils._policy.overlay import merged, overlay
from ansible_collections.panw.airs.plugins.module_utils._policy.protection import Names
from ansible_collections.panw.airs.plugins.module_utils._policy.protections import PROTECTIONS

Policy = dict[str, Any]

NAMES = Names(
    topics={
        "finance": {"topic_id": "id-of-finance", "topic_name": "finance", "revision": 3},
        "pricing": {"topic_id": "id-of-pricing", "topic_name": "pricing", "revision": 1},
    },
    dlp_profiles={
        "PII": {"name": "PII", "id": "", "uuid": "", "version": "1", "log-severity": "", "rule1": {"action": "alert"}},
        "IP Addresses": {"name": "IP Addresses", "id": "11995029", "version": "1", "log-severity": "high"},
    },
)
#: All protections, and the severities of all of them.
ONE_SET: Policy = {
    "prompt_injection": "alert",
    "toxic_content": {"high": "block", "moderate": "allow", "categories": [{"name": "hate", "high": "block"}]},
    "contextual_grounding": "block",
    "topics": {"default": "allow", "block": ["finance"], "allow": ["pricing"]},
    "malicious_code": "block",
    "agent_security": "block",
    "urls": {"default": "block", "allow": ["sports"], "alert": ["high-risk"], "block": ["phishing"]},
    "data_leak": {"profiles": ["IP Addresses", "PII"], "action": "block", "mask_inline": True},
    "database_security": {"create": "block", "read": "allow", "update": "block", "delete": "block"},
    "source_code": "block",
    "severities": {
        **dict.fromkeys(
            ("prompt_injection", "contextual_grounding", "topics", "agent_security", "malicious_code"), "high"
        ),
        **dict.fromkeys((f"database_{verb}" for verb in ("create", "read", "update", "delete")), "low"),
        "source_code": "low",
        "urls": "medium",
        "toxic_content": {"high": "critical", "moderate": "low"},
    },
}
EVERYTHING = {
    **ONE_SET,
    "latency": {"max_seconds": 10, "on_timeout": "allow"},
    "mask_data_in_storage": True,
    "full_conversation_inspection": True,
}
DIRECTIONS = {
    "directions": {
        "prompt": ONE_SET,
        "response": {"contextual_grounding": "block", "topics": {"block": ["finance"]}},
        "tool_response": {"malicious_code": "block", "data_leak": {"profiles": ["PII"], "action": "allow"}},
    },
    "latency": {"max_seconds": 7, "on_timeout": "block"},
}


def written(options: Policy, current: Policy | None = None) -> Policy:
    """A policy that options make of another one, or of none."""
    return document.desired_policy(current, options, NAMES)


def configured(*protections: Policy, **sections: Any) -> Policy:
    """A policy with these entries of the model protection and other sections (underscores stand for hyphens)."""
    configuration = {
        "latency": {"inline-timeout-action": "block", "max-inline-latency": 5},
        "model-protection": list(protections),
        **{name.replace("_", "-"): section for name, section in sections.items()},
    }
    return {"ai-security-profiles": [{"model-type": "default", "model-configuration": configuration}]}


def guardrails(*buckets: Policy, **members: Any) -> Policy:
    """Topic guardrails with these buckets."""
    return {"name": "topic-guardrails", "action": "allow", "topic-list": list(buckets), **members}


def pin(name: str, **members: Any) -> Policy:
    """A topic as a profile pins it."""
    return {**NAMES.topics[name], **members}


def with_unknown_parts(policy: Policy) -> Policy:
    """A policy with parts everywhere that no option knows."""
    changed = copy.deepcopy(policy)
    changed["future"] = {"x": [1, 2]}
    profile = changed["ai-security-profiles"][0]
    profile["content-type"] = "text"
    configuration = profile["model-configuration"]
    configuration["future-protection"] = {"mode": "strict", "levels": ["a", "b"]}
    configuration["model-protection"].append({"name": "future-detector", "action": "block"})
    for detector in configuration["model-protection"]:
        detector["future"] = "high"
        for bucket in detector.get("topic-list") or []:
            bucket["future"] = True
            for topic in bucket["topic"]:
                topic["severity"] = "low"
        for category in detector.get("toxic-category-list") or []:
            category["severity-by-confidence"] = {"high": "low"}
    configuration["data-protection"]["data-leak-detection"]["future"] = 1
    configuration["data-protection"]["database-security"].append({"name": "database-security-grant", "action": "block"})
    configuration["app-protection"]["malicious-code-protection"]["name"] = "malicious-code-detection"
    return changed


#: Policies that options alone can make.
PLAIN: dict[str, Policy] = {
    "everything off": document.empty_policy(),
    "all protections": written(EVERYTHING),
    "one protection": written({"prompt_injection": "block"}),
    "topics": written({"topics": {"default": "block", "allow": ["pricing"]}}),
    "directions": written(DIRECTIONS),
    "no list of DLP profiles": configured(),
    "null sections": configured(data_protection=None, app_protection=None, agent_protection=None),
    "null and empty buckets": configured(
        guardrails({"action": "allow", "topic": None}, {"action": "block", "topic": [pin("finance")]})
    ),
    "only empty buckets": configured(
        guardrails({"action": "allow", "topic": []}, {"action": "block", "topic": []}, options=[])
    ),
    "actions without a space": configured({"name": "toxic-content", "action": "high:block,moderate:allow"}),
    "the empty forms of the web interface": configured(
        app_protection={
            "alert-url-category": {},
            "block-url-category": {"member": ["phishing", "adult"]},
            "allow-url-category": None,
            "default-url-category": {"member": ["malicious"]},
            "url-detected-action": "block",
        },
        data_protection={
            "data-leak-detection": {"action": "", "member": None, "mask-data-inline": False},
            "database-security": None,
        },
    ),
    "some severities": written({**EVERYTHING, "severities": {"topics": "low", "toxic_content": {"high": "high"}}}),
    "default categories without a default": configured(
        app_protection={"default-url-category": {"member": ["malicious"]}, "url-detected-action": ""}
    ),
}
#: Policies with parts that need the raw policy beside the options.
ODD: dict[str, Policy] = {
    "no profile at all, as the service lists it": {"ai-security-profiles": [], "dlp-data-profiles": []},
    "without latency": {"ai-security-profiles": [{"model-type": "default", "model-configuration": {}}]},
    "with half a latency": configured(latency={"max-inline-latency": 20}),
    "unknown parts": with_unknown_parts(written(EVERYTHING)),
    "unknown parts in a direction": {
        **written(DIRECTIONS),
        "ai-security-profiles": [
            {
                **(profile := written(DIRECTIONS)["ai-security-profiles"][0]),
                "content-type-configurations": {
                    **profile["content-type-configurations"],
                    "file": {"model-protection": [{"name": "prompt-injection", "action": "block"}]},
                    "tool-call": {"future-protection": {"action": "block"}},
                },
            }
        ],
    },
    "toxic categories alone": written({"toxic_content": {"categories": [{"name": "hate", "high": "block"}]}}),
    "a toxic category with one confidence": configured(
        {
            "name": "toxic-content",
            "action": "high:block, moderate:block",
            "toxic-category-list": [{"category": "hate", "action": "high:block"}],
        }
    ),
    "actions that no option has": configured(
        {"name": "prompt-injection", "action": "quarantine"},
        {"name": "toxic-content", "action": "high:quarantine, moderate:block"},
        guardrails({"action": "block", "topic": [pin("finance")]}, action="alert"),
        data_protection={"source-code-detection": {"action": "alert"}},
        latency={"inline-timeout-action": "alert", "max-inline-latency": 0},
    ),
    "detectors without an action": configured({"name": "prompt-injection"}, {"name": "topic-guardrails"}),
    "a disabled protection that is listed": configured({"name": "contextual-grounding", "action": "disabled"}),
    "some database statements": configured(
        data_protection={"database-security": [{"name": "database-security-delete", "action": "block"}]}
    ),
    "masking without blocking": configured(
        data_protection={"data-leak-detection": {"action": "allow", "member": None, "mask-data-inline": True}}
    ),
    "DLP profiles without an action": configured(
        data_protection={"data-leak-detection": {"action": "", "member": [{"text": "PII", "id": "", "version": "1"}]}}
    ),
    "a URL category under two actions": configured(
        app_protection={"block-url-category": {"member": ["adult"]}, "alert-url-category": {"member": ["adult"]}}
    ),
    "the list of a DLP profile that is not used": {**configured(), "dlp-data-profiles": [{"name": "PHI"}]},
}
#: What a policy may be applied to.
BEFORE = {
    "a new profile": None,
    "everything off": document.empty_policy(),
    "everything on": written(EVERYTHING),
    "all protections in every direction": written(
        {**EVERYTHING, **dict.fromkeys(ONE_SET), "directions": dict.fromkeys(ALL_DIRECTIONS, ONE_SET)}
    ),
}

POLICIES = {**PLAIN, **ODD}
#: A profile with directions cannot go back to one set of protections.
APPLIED = {
    f"{name}, applied to {place}": (policy, start)
    for name, policy in POLICIES.items()
    for place, start in BEFORE.items()
    if is_per_direction(policy) or not (start and is_per_direction(start))
}

each_policy = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)


def test_every_option_is_covered_here() -> None:
    assert set(EVERYTHING) == {protection.option for protection in PROTECTIONS}


@each_policy
def test_what_is_exported_changes_nothing_where_it_came_from(policy: Policy) -> None:
    options, whole = export.exported(policy)
    assert whole
    assert means_the_same(written(options, copy.deepcopy(policy)), policy)


@pytest.mark.parametrize(("policy", "before"), APPLIED.values(), ids=APPLIED)
def test_what_is_exported_makes_the_same_of_any_other_profile(policy: Policy, before: Policy | None) -> None:
    options, _whole = export.exported(policy)
    assert means_the_same(written(options, before), policy)


@each_policy
def test_what_is_exported_has_the_options_of_the_module(policy: Policy) -> None:
    options, _whole = export.exported(policy)
    assert ArgumentSpecValidator(document.option_specs()).validate(options).error_messages == []
    assert document.faults(options) == []


@each_policy
def test_what_is_exported_has_no_id(policy: Policy) -> None:
    text = json.dumps(export.exported(policy))
    assert not [word for word in ("topic_id", "revision", "id-of", "11995029", '"id"', "uuid") if word in text]


@each_policy
def test_an_export_of_what_was_exported_is_the_same(policy: Policy) -> None:
    options, _whole = export.exported(policy)
    assert export.exported(written(options)) == (options, True)


@each_policy
def test_exporting_leaves_the_policy_as_it_is(policy: Policy) -> None:
    before = copy.deepcopy(policy)
    export.exported(policy)
    assert policy == before


@pytest.mark.parametrize("name", POLICIES)
def test_only_what_no_option_can_say_needs_the_raw_policy(name: str) -> None:
    options, _whole = export.exported(POLICIES[name])
    assert ("policy" in options) == (name in ODD)


def test_protections_are_in_the_order_of_the_documentation_those_that_are_off_too() -> None:
    options, _whole = export.exported(document.empty_policy())
    assert list(options) == [protection.option for protection in PROTECTIONS]
    assert options["prompt_injection"] == "disabled"
    assert options["data_leak"] == options["severities"] == {}
    assert options["latency"] == {"max_seconds": 5, "on_timeout": "block"}


def test_the_raw_policy_has_only_what_the_options_lack() -> None:
    policy = written({"prompt_injection": "block", "topics": {"block": ["finance"]}})
    configuration = policy["ai-security-profiles"][0]["model-configuration"]
    configuration["model-protection"][0]["future"] = 1
    configuration["model-protection"][1]["topic-list"][0]["topic"][0]["future"] = "low"
    options, _whole = export.exported(policy)
    pins = [{"topic_name": "finance", "future": "low"}]
    detectors = [
        {"name": "topic-guardrails", "topic-list": [{"action": "block", "topic": pins}]},
        {"name": "prompt-injection", "future": 1},
    ]
    (profile,) = options["policy"].pop("ai-security-profiles")
    assert options["policy"] == {}
    assert profile == {"model-type": "default", "model-configuration": {"model-protection": detectors}}


@pytest.mark.parametrize(
    "policy",
    [
        configured(guardrails({"action": "observe", "topic": [pin("finance")]})),
        configured(*(guardrails({"action": action, "topic": [pin("finance")]}) for action in ("block", "allow"))),
        configured(
            guardrails(*({"action": action, "topic": [pin("finance")]} for action in ("block", "allow"))),
        ),
    ],
    ids=["another action", "two guardrails", "one topic under two actions"],
)
def test_topics_that_no_option_can_pin_are_told_and_not_exported_with_their_ids(policy: Policy) -> None:
    options, whole = export.exported(policy)
    assert not whole
    assert "topic_id" not in json.dumps(options)
    assert written(options)


def test_topics_are_exported_by_name_whatever_revisions_are_pinned() -> None:
    policy = written({"directions": {key: {"topics": {"block": ["finance"]}} for key in ("prompt", "response")}})
    prompt = policy["ai-security-profiles"][0]["content-type-configurations"]["prompt"]
    prompt["model-protection"][0]["topic-list"][0]["topic"][0]["revision"] = 2
    options, whole = export.exported(policy)
    assert whole
    assert "policy" not in options


def test_a_detector_keeps_an_empty_action_because_it_cannot_be_without() -> None:
    options, _whole = export.exported(ODD["toxic categories alone"])
    made = written(options, BEFORE["everything on"])["ai-security-profiles"][0]["model-configuration"]
    assert [entry["action"] for entry in made["model-protection"]] == [""]


def test_topics_get_the_names_that_they_have_now() -> None:
    policy = written({"topics": {"block": ["finance"], "allow": ["pricing"]}})
    renamed = export.with_topic_names(policy, {"id-of-finance": "money"})
    assert export.exported(renamed)[0]["topics"] == {
        "default": "allow",
        "allow": ["pricing"],
        "alert": [],
        "block": ["money"],
    }
    assert export.exported(policy)[0]["topics"]["block"] == ["finance"]


# --- overlays --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "wanted", "over"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 2, "b": 3}, {"a": 2, "b": 3}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, {"a": {"c": 3}}),
        ({"a": [1, 2]}, {"a": [2, 3]}, {"a": [2, 3]}),
        ({"a": [{"name": "x", "v": 1}]}, {"a": [{"name": "x", "v": 2}]}, {"a": [{"name": "x", "v": 2}]}),
        ({}, {"a": [{"name": "x", "v": 1}]}, {"a": [{"name": "x", "v": 1}]}),
        ({"a": {"b": 1}}, {"a": [1]}, {"a": [1]}),
    ],
)
def test_an_overlay_makes_one_document_of_another(base: Policy, wanted: Policy, over: Policy) -> None:
    assert overlay(base, wanted) == over
    assert merged(base, over) == wanted


def test_an_overlay_turns_off_with_null() -> None:
    over = overlay({"a": {"b": 1}, "c": 2}, {"c": 2})
    assert over == {"a": None}
    assert merged({"a": {"b": 1}, "c": 2}, over) == {"a": None, "c": 2}
    assert means_the_same(
        merged({"l": [{"name": "x", "a": 1}]}, {"l": [{"name": "x", "a": None}]}), {"l": [{"name": "x"}]}
    )
