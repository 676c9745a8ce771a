# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is weaker than what, and what may be a mistake in a profile."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._policy import document
from ansible_collections.panw.airs.plugins.module_utils._policy.posture import protections_on
from ansible_collections.panw.airs.plugins.module_utils._policy.protection import Names
from ansible_collections.panw.airs.plugins.module_utils._policy.strictness import weakened

Options = dict[str, Any]

NAMES = Names(
    topics={name: {"topic_id": f"t-{name}", "topic_name": name, "revision": 1} for name in ("a", "b")},
    dlp_profiles={name: {"name": name, "id": "1", "version": "1"} for name in ("PII", "PHI")},
)


def written(options: Options, current: dict[str, Any] | None = None) -> dict[str, Any]:
    """What options make of a policy."""
    return document.desired_policy(current, options, NAMES)


def told(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[str]:
    """What a change takes away, in words."""
    return [str(change) for change in weakened(before, after)]


WEAKER = [
    ({"prompt_injection": "block"}, {"prompt_injection": "alert"}, ["prompt_injection: block -> alert"]),
    ({"prompt_injection": "alert"}, {"prompt_injection": "allow"}, ["prompt_injection: alert -> allow"]),
    ({"agent_security": "allow"}, {"agent_security": "disabled"}, ["agent_security: allow -> off"]),
    ({"source_code": "block"}, {"source_code": "disabled"}, ["source_code: block -> off"]),
    (
        {"toxic_content": {"high": "block", "moderate": "block"}},
        {"toxic_content": {"moderate": "allow"}},
        ["toxic_content.moderate: block -> allow"],
    ),
    (
        {"toxic_content": {"high": "block"}},
        {"toxic_content": {"categories": [{"name": "hate", "high": "alert"}]}},
        ["toxic_content.categories.hate.high: block -> alert"],
    ),
    (
        {"toxic_content": {"high": "allow", "categories": [{"name": "hate", "high": "block"}]}},
        {"toxic_content": {"categories": []}},
        ["toxic_content.categories.hate.high: block -> allow"],
    ),
    ({"topics": {"block": ["a", "b"]}}, {"topics": {"block": ["a"]}}, ["topics.b: block -> allow"]),
    ({"topics": {"block": ["a"]}}, {"topics": {"allow": ["a"]}}, ["topics.a: block -> allow"]),
    ({"topics": {"default": "block"}}, {"topics": {"allow": ["a"]}}, ["topics.a: block -> allow"]),
    (
        {"topics": {"default": "block", "block": ["a"]}},
        {"topics": {}},
        ["topics.default: block -> off", "topics.a: block -> off"],
    ),
    ({"urls": {"block": ["phishing"]}}, {"urls": {"block": []}}, ["urls.phishing: block -> off"]),
    ({"urls": {"block": ["phishing"]}}, {"urls": {"alert": ["phishing"]}}, ["urls.phishing: block -> alert"]),
    ({"urls": {"default": "block"}}, {"urls": {"allow": ["sports"]}}, ["urls.sports: block -> allow"]),
    ({"urls": {"default": "block"}}, {"urls": {"default_categories": []}}, ["urls.malicious: block -> off"]),
    (
        {"urls": {"default": "block"}},
        {"urls": {"default": "alert"}},
        ["urls.default: block -> alert", "urls.malicious: block -> alert"],
    ),
    (
        {"data_leak": {"profiles": ["PII", "PHI"]}},
        {"data_leak": {"profiles": ["PHI"]}},
        ["data_leak.PII: block -> off"],
    ),
    ({"data_leak": {"profiles": ["PII"]}}, {"data_leak": {"action": "allow"}}, ["data_leak.PII: block -> allow"]),
    (
        {"data_leak": {"profiles": ["PII"], "mask_inline": True}},
        {"data_leak": {"mask_inline": False}},
        ["data_leak.mask_inline: on -> off"],
    ),
    (
        {"data_leak": {"profiles": ["PII"]}, "dlp_profiles": [{"name": "PII", "file_based": "block"}]},
        {"dlp_profiles": [{"name": "PII", "file_based": ""}]},
        ["dlp_profiles.PII.file_based: block -> off"],
    ),
    (
        {"database_security": {"read": "block"}},
        {"database_security": {"read": "allow"}},
        ["database_security.read: block -> allow"],
    ),
    (
        {"latency": {"on_timeout": "block"}},
        {"latency": {"on_timeout": "allow"}},
        ["latency.on_timeout: block -> allow"],
    ),
    ({"mask_data_in_storage": True}, {"mask_data_in_storage": False}, ["mask_data_in_storage: on -> off"]),
    (
        {"prompt_injection": "alert", "malicious_code": "block"},
        {"prompt_injection": "allow", "malicious_code": "disabled"},
        ["malicious_code: block -> off", "prompt_injection: alert -> allow"],
    ),
]


@pytest.mark.parametrize(("before", "change", "words"), WEAKER, ids=[words[0] for _before, _change, words in WEAKER])
def test_what_a_change_takes_away_is_told_and_what_it_adds_is_not(
    before: Options, change: Options, words: list[str]
) -> None:
    stored = written(before)
    assert told(stored, written(change, stored)) == words
    assert told(written(change, stored), stored) == []


@pytest.mark.parametrize(
    ("before", "change"),
    [
        ({"urls": {"default": "block"}}, {"urls": {"alert": ["sports"]}}),
        ({"latency": {"max_seconds": 5}}, {"latency": {"max_seconds": 20}}),
        ({"prompt_injection": "block"}, {"severities": {"prompt_injection": "low"}}),
        ({"data_leak": {"profiles": ["PII"]}}, {"dlp_profiles": [{"name": "PII", "log_severity": "high"}]}),
    ],
)
def test_what_has_no_order_is_not_weaker(before: Options, change: Options) -> None:
    stored = written(before)
    assert written(change, stored) != stored
    assert told(stored, written(change, stored)) == []


def test_one_set_of_protections_is_that_of_every_direction() -> None:
    stored = written({"prompt_injection": "block", "malicious_code": "block"})
    split = written({"directions": {"response": {"prompt_injection": "alert"}}}, stored)
    assert told(stored, split) == ["directions.response.prompt_injection: block -> alert"]
    loosened = written({"directions": {"prompt": {"malicious_code": "disabled"}}}, split)
    assert told(split, loosened) == ["directions.prompt.malicious_code: block -> off"]


def test_a_new_profile_and_one_that_goes_are_not_weaker() -> None:
    assert told(None, written({})) == told(written({"prompt_injection": "block"}), None) == []


def with_detector(action: str, name: str = "prompt-injection") -> dict[str, Any]:
    """A policy with a detector that does something."""
    made = copy.deepcopy(document.empty_policy())
    configuration = made["ai-security-profiles"][0]["model-configuration"]
    configuration["model-protection"] = [{"name": name, "action": action}]
    return made


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("observe", "block", []),
        ("observe", "alert", ["observe -> alert"]),
        ("observe", "", ["observe -> off"]),
        ("block", "observe", ["block -> observe"]),
        ("alert", "observe", ["alert -> observe"]),
        ("", "observe", []),
        ("observe", "watch", ["observe -> watch"]),
    ],
)
def test_an_action_that_nobody_knows_is_neither_off_nor_the_strictest(
    before: str, after: str, words: list[str]
) -> None:
    assert told(with_detector(before), with_detector(after)) == [f"prompt_injection: {word}" for word in words]
    place = "policy.ai-security-profiles[default].model-configuration.model-protection[moon]"
    unknown = [with_detector(action, "moon") for action in (before, after)]
    assert told(*unknown) == [f"{place}: {word}" for word in words]


def test_what_another_ai_security_profile_does_counts_too() -> None:
    other = {
        "model-type": "GPT",
        "model-configuration": {
            "model-protection": [
                {"name": "prompt-injection", "action": "block"},
                {"name": "topic-guardrails", "topic-list": [{"action": "block", "topic": [{"topic_name": "a"}]}]},
            ]
        },
    }
    stored = document.empty_policy()
    stored["ai-security-profiles"].append(other)
    place = "policy.ai-security-profiles[GPT].model-configuration.model-protection"
    assert told(stored, document.empty_policy()) == [
        f"{place}[prompt-injection]: block -> off",
        f"{place}[topic-guardrails].topic-list[block][a]: block -> off",
    ]


PLACE = "policy.ai-security-profiles[default].model-configuration"


def guarded(*buckets: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A policy with these buckets of topics."""
    stored = with_detector("allow", "topic-guardrails")
    (guardrails,) = stored["ai-security-profiles"][0]["model-configuration"]["model-protection"]
    guardrails["topic-list"] = [{"action": action, "topic": topics} for action, topics in buckets]
    return stored


def test_a_topic_under_an_action_that_nobody_knows_may_have_been_blocked() -> None:
    topic = {"topic_id": "t-a", "topic_name": "a", "revision": 1}
    stored = guarded(("observe", [topic]))
    assert told(stored, written({"topics": {"allow": ["a"]}}, stored)) == ["topics.a: observe -> allow"]
    assert told(stored, written({"topics": {"block": ["a"]}}, stored)) == []
    assert protections_on(stored) == ["topics (unknown)"]


def test_what_has_no_name_is_missed_too() -> None:
    stored = guarded(("block", [{"topic_id": "t-1", "revision": 1}]))
    place = f"{PLACE}.model-protection[topic-guardrails][topic t-1]"
    assert told(stored, written({"topics": {}}, stored)) == [f"{place}: block -> off", "topics.default: allow -> off"]
    assert protections_on(stored) == [f"{place} (unknown)"]
    leak = {"action": "block", "member": [{"id": "7", "version": "1"}]}
    stored = written({})
    stored["ai-security-profiles"][0]["model-configuration"]["data-protection"]["data-leak-detection"] = leak
    place = f"{PLACE}.data-protection.data-leak-detection[DLP profile 7]"
    assert told(stored, written({"data_leak": {}}, stored)) == [f"{place}: block -> off"]
    assert protections_on(stored) == [f"{place} (unknown)"]
    stored = with_detector("", "toxic-content")
    (detector,) = stored["ai-security-profiles"][0]["model-configuration"]["model-protection"]
    detector["toxic-category-list"] = [{"category": "hate", "action": "block"}, {"action": "alert"}]
    assert f"{PLACE}.model-protection[toxic-content][category without a name]: alert -> off" in told(
        stored, written({"toxic_content": {}}, stored)
    )


def test_settings_of_a_dlp_profile_go_with_its_row() -> None:
    rows = [{"name": "PII", "file_based": "block", "log_severity": "high"}]
    stored = written({"data_leak": {"profiles": ["PII"]}, "dlp_profiles": rows})
    without = {**stored, "dlp-data-profiles": None}
    assert told(stored, without) == ["dlp_profiles.PII.file_based: block -> off"]


def test_of_several_of_one_name_each_counts() -> None:
    stored = with_detector("allow")
    configuration = stored["ai-security-profiles"][0]["model-configuration"]
    configuration["model-protection"].append({"name": "prompt-injection", "action": "block"})
    assert told(stored, written({"prompt_injection": "disabled"}, stored)) == [
        f"{PLACE}.model-protection[prompt-injection 2]: block -> off",
        "prompt_injection: allow -> off",
    ]
    stored = with_detector("", "toxic-content")
    (detector,) = stored["ai-security-profiles"][0]["model-configuration"]["model-protection"]
    detector["toxic-category-list"] = [{"category": "hate", "action": action} for action in ("block", "allow")]
    loosened = written({"toxic_content": {"categories": [{"name": "hate", "high": "alert"}]}}, stored)
    assert told(stored, loosened) == ["toxic_content.categories.hate.high: block -> alert"]
    twice = written({"prompt_injection": "block"})
    twice["ai-security-profiles"] += [{**with_detector("block")["ai-security-profiles"][0], "model-type": "GPT"}] * 2
    once = copy.deepcopy(twice)
    once["ai-security-profiles"][1] = {"model-type": "GPT", "model-configuration": {}}
    assert told(twice, once) == [f"{PLACE.replace('default', 'GPT')}.model-protection[prompt-injection]: block -> off"]


def test_a_direction_that_nobody_knows_counts() -> None:
    stored = written({"directions": {"prompt": {"prompt_injection": "block"}}})
    profile = stored["ai-security-profiles"][0]
    profile["content-type-configurations"]["moon"] = with_detector("block")["ai-security-profiles"][0][
        "model-configuration"
    ]
    without = copy.deepcopy(stored)
    del without["ai-security-profiles"][0]["content-type-configurations"]["moon"]
    place = "policy.ai-security-profiles[default].content-type-configurations.moon.model-protection[prompt-injection]"
    assert told(stored, without) == [f"{place}: block -> off"]
    profile["content-type-configurations"].pop("prompt")
    assert protections_on(stored) == ["model-protection (unknown)"]


@pytest.mark.parametrize(
    ("action", "change", "words"),
    [
        ("high:block, alert", {"moderate": "allow"}, ["toxic_content.moderate: alert -> allow"]),
        ("HIGH:BLOCK, moderate:alert", {"high": "allow"}, ["toxic_content.high: HIGH:BLOCK -> allow"]),
        ("BLOCK", {"high": "alert", "moderate": "block"}, ["toxic_content.high: BLOCK -> alert"]),
    ],
)
def test_an_action_by_confidence_in_an_odd_form_is_never_off(action: str, change: Options, words: list[str]) -> None:
    stored = with_detector(action, "toxic-content")
    assert told(stored, written({"toxic_content": change}, stored)) == words
    assert protections_on(stored)[0].startswith("toxic_content ")
    assert "toxic_content allow" not in protections_on(stored)


# --- what may be a mistake -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"urls": {"block": ["phising"]}}, ["urls contains the unknown category 'phising'; did you mean 'phishing'?"]),
        (
            {"urls": {"default_categories": ["Malicious"]}},
            ["urls contains the unknown category 'Malicious'; did you mean 'malicious'?"],
        ),
        ({"urls": {"alert": ["zzz"]}}, ["urls contains the unknown category 'zzz'"]),
        (
            {"toxic_content": {"categories": [{"name": "cyber-crime", "high": "block"}]}},
            ["toxic_content contains the unknown category 'cyber-crime'; did you mean 'cybercrime'?"],
        ),
        (
            {"directions": {"prompt": {"urls": {"allow": ["sport"]}}}},
            ["directions.prompt.urls contains the unknown category 'sport'; did you mean 'sports'?"],
        ),
        ({"urls": {"block": ["phishing", "ai-platform-service"]}}, []),
    ],
)
def test_a_category_that_nobody_has_seen_is_told_with_what_it_may_mean(options: Options, words: list[str]) -> None:
    assert document.unfamiliar({}, options) == words


def test_a_category_that_the_profile_has_already_is_no_mistake() -> None:
    options = {"urls": {"block": ["zzz"]}, "toxic_content": {"categories": [{"name": "moon", "high": "block"}]}}
    assert len(document.unfamiliar({}, options)) == 2
    assert document.unfamiliar(written(options), options) == []


def test_what_is_on_is_never_nothing_because_it_cannot_be_read() -> None:
    assert protections_on(document.empty_policy()) == []
    assert protections_on(with_detector("observe")) == ["prompt_injection observe (unknown)"]
    assert protections_on(with_detector("block", "moon")) == ["model-protection (unknown)"]
