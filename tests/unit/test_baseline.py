# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A baseline: what a profile does less than it must, and what cannot be required."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._engine.module import validate
from ansible_collections.panw.airs.plugins.module_utils._policy import baseline, document
from ansible_collections.panw.airs.plugins.module_utils._policy.protection import Names
from ansible_collections.panw.airs.plugins.module_utils._policy.toxic_content import KNOWN_CATEGORIES

Options = dict[str, Any]

NAMES = Names(
    topics={name: {"topic_id": f"t-{name}", "topic_name": name, "revision": 1} for name in ("a", "b", "a.b")},
    dlp_profiles={name: {"name": name, "id": "1", "version": "1"} for name in ("PII", "PHI")},
)


def written(options: Options, current: dict[str, Any] | None = None) -> dict[str, Any]:
    """What options make of a policy."""
    return document.desired_policy(current, options, NAMES)


def required(options: Options) -> Options:
    """A baseline, validated as one of a file."""
    validated, _secrets, faults = validate(baseline.option_specs(), copy.deepcopy(options))
    assert [*faults, *baseline.faults(validated)] == []
    return validated


def told(least: Options, policy: dict[str, Any]) -> list[str]:
    """What a policy does less, in words: required -> actual."""
    return [str(each) for each in baseline.below(required(least), policy)]


#: A baseline, a profile that does just that, one that does less, and what is told of the second.
EACH = {
    "prompt_injection": ("block", "alert", ["prompt_injection: block -> alert"]),
    "contextual_grounding": ("alert", "allow", ["contextual_grounding: alert -> allow"]),
    "malicious_code": ("allow", "disabled", ["malicious_code: allow -> off"]),
    "agent_security": ("block", "disabled", ["agent_security: block -> off"]),
    "source_code": ("block", "allow", ["source_code: block -> allow"]),
    "toxic_content": (
        {"high": "block", "moderate": "alert", "categories": [{"name": "hate", "high": "alert", "moderate": "block"}]},
        {"high": "alert", "moderate": "allow", "categories": [{"name": "hate", "high": "alert"}]},
        [
            "toxic_content.categories.hate.moderate: block -> allow",
            "toxic_content.high: block -> alert",
            "toxic_content.moderate: alert -> allow",
        ],
    ),
    "topics": (
        {"default": "alert", "block": ["a"], "alert": ["b"]},
        {"default": "allow", "alert": ["a"]},
        ["topics.default: alert -> allow", "topics.a: block -> alert", "topics.b: alert -> allow"],
    ),
    "urls": (
        {"default": "block", "block": ["adult"], "alert": ["games"]},
        {"default": "alert", "alert": ["adult"], "block": []},
        [
            "urls.games: alert -> off",
            "urls.default: block -> alert",
            "urls.adult: block -> alert",
            "urls.malicious: block -> alert",
        ],
    ),
    "data_leak": (
        {"profiles": ["PII", "PHI"], "action": "block", "mask_inline": True},
        {"profiles": ["PII"], "action": "alert"},
        ["data_leak.PHI: block -> off", "data_leak.mask_inline: on -> off", "data_leak.PII: block -> alert"],
    ),
    "database_security": (
        {"create": "alert", "read": "allow", "update": "block", "delete": "block"},
        {"create": "allow", "read": "allow", "update": "alert", "delete": "allow"},
        [
            "database_security.delete: block -> allow",
            "database_security.create: alert -> allow",
            "database_security.update: block -> alert",
        ],
    ),
    "latency": ({"on_timeout": "block"}, {"on_timeout": "allow"}, ["latency.on_timeout: block -> allow"]),
    "mask_data_in_storage": (True, False, ["mask_data_in_storage: on -> off"]),
    "full_conversation_inspection": (True, False, ["full_conversation_inspection: on -> off"]),
}


def test_every_protection_that_has_an_order_can_be_required() -> None:
    assert set(EACH) == set(baseline.REQUIRABLE) == set(baseline.option_specs()) - {"directions"}


@pytest.mark.parametrize("option", EACH)
def test_less_of_a_protection_is_told_the_greatest_gap_first(option: str) -> None:
    least, less, rows = EACH[option]
    assert told({option: least}, written({option: least})) == []
    assert told({option: least}, written({option: less})) == rows


@pytest.mark.parametrize("option", [name for name in EACH if name not in ("latency", "mask_data_in_storage")])
def test_more_of_a_protection_is_fine_and_none_is_less(option: str) -> None:
    least, less, _rows = EACH[option]
    everything = {name: most for name, (most, _less, _rows) in EACH.items()}
    assert told({option: least}, written(everything)) == []
    if less not in ("disabled", False):
        assert told({option: less}, written(everything)) == []
    assert {baseline.split(row)[1].partition(":")[0] for row in told({option: least}, {})} == {option}


def test_what_a_baseline_does_not_name_is_free() -> None:
    least = {"topics": {"block": ["a"]}, "toxic_content": {"high": "alert"}, "database_security": {"delete": "block"}}
    does = {
        "topics": {"default": "allow", "block": ["a"], "allow": ["b"]},
        "toxic_content": {"high": "alert", "moderate": "allow"},
        "database_security": {"read": "allow", "delete": "block"},
    }
    assert told(least, written(does)) == []


def test_topics_that_a_profile_lets_pass_are_what_a_default_is_for() -> None:
    does = written({"topics": {"default": "block", "allow": ["a"]}})
    assert told({"topics": {"default": "block"}}, does) == []
    assert told({"topics": {"default": "block", "alert": ["a"]}}, does) == ["topics.a: alert -> allow"]
    assert told({"topics": {"default": "block", "allow": ["b"]}}, does) == []
    assert told({"topics": {"default": "block", "allow": ["b"]}}, written({})) == ["topics.default: block -> off"]


def test_a_url_category_that_is_let_pass_is_less_unless_the_baseline_names_it() -> None:
    does = written({"urls": {"default": "block", "allow": ["sports"]}})
    assert told({"urls": {"default": "block"}}, does) == ["urls.sports: block -> allow"]
    assert told({"urls": {"default": "block", "allow": ["sports"]}}, does) == []
    # To be let pass is no duty.
    assert told({"urls": {"default": "block", "allow": ["games", "sports"]}}, does) == []


def test_a_default_for_urls_is_about_malicious_ones_at_least() -> None:
    does = written({"urls": {"default": "block", "default_categories": []}})
    assert told({"urls": {"default": "block"}}, does) == ["urls.malicious: block -> off"]
    assert told({"urls": {"default": "block", "default_categories": []}}, does) == []


def toxic(kinds: list[Options]) -> dict[str, Any]:
    """A policy whose toxic content detection has these categories, each with the actions that it names."""
    actions = [", ".join(f"{level}:{kind[level]}" for level in ("high", "moderate") if level in kind) for kind in kinds]
    listed = [{"category": kind["name"], "action": own} for kind, own in zip(kinds, actions, strict=True)]
    return policy(model_protection=[{"name": "toxic-content", "action": "", "toxic-category-list": listed}])


def test_toxic_content_by_category_is_enough_where_all_categories_are() -> None:
    least = {"toxic_content": {"high": "block"}}
    kinds = [{"name": name, "high": "block"} for name in KNOWN_CATEGORIES]
    assert told(least, written({"toxic_content": {"categories": kinds}})) == []
    future = {"name": "future", "moderate": "block"}
    assert told(least, written({"toxic_content": {"categories": [*kinds, {**future, "high": "block"}]}})) == []
    assert "toxic_content.high: block -> off" in told(least, toxic([*kinds, future]))
    kinds[0]["high"] = "alert"
    (row,) = told(least, written({"toxic_content": {"categories": kinds}}))
    assert row == f"toxic_content.categories.{KNOWN_CATEGORIES[0]}.high: block -> alert"
    assert "toxic_content.high: block -> off" in told(least, written({"toxic_content": {"categories": kinds[1:]}}))


def test_an_action_for_leaks_is_about_whatever_dlp_profiles_there_are() -> None:
    least = {"data_leak": {"action": "block"}}
    assert told(least, written({"data_leak": {"profiles": ["PII", "PHI"], "action": "block"}})) == []
    assert told(least, written({"data_leak": {"profiles": ["PII", "PHI"], "action": "alert"}})) == [
        "data_leak.action: block -> alert"
    ]
    assert told(least, written({"data_leak": {"profiles": [], "action": "block"}})) == [
        "data_leak.action: block -> off"
    ]


# --- directions ------------------------------------------------------------------------------------------------------


def test_a_baseline_without_directions_holds_for_each() -> None:
    does = written({"directions": {"prompt": {"prompt_injection": "alert"}, "response": {"prompt_injection": "block"}}})
    assert told({"prompt_injection": "alert"}, does) == [
        "directions.tool_call.prompt_injection: alert -> off",
        "directions.tool_response.prompt_injection: alert -> off",
    ]


def test_a_baseline_for_a_direction_is_met_by_what_is_for_all() -> None:
    least = {"directions": {"prompt": {"prompt_injection": "block"}, "response": {"prompt_injection": "alert"}}}
    assert told(least, written({"prompt_injection": "block"})) == []
    # It has one set of protections, so that one row is enough: that of the greatest gap.
    assert told(least, written({"prompt_injection": "allow"})) == ["prompt_injection: block -> allow"]
    does = written({"directions": {"response": {"prompt_injection": "block"}}})
    assert told(least, does) == ["directions.prompt.prompt_injection: block -> off"]


def test_what_is_for_the_whole_profile_is_told_without_a_direction() -> None:
    does = written({"directions": {"prompt": {"prompt_injection": "block"}}, "latency": {"on_timeout": "allow"}})
    assert told({"latency": {"on_timeout": "block"}}, does) == ["latency.on_timeout: block -> allow"]


# --- what cannot be read ---------------------------------------------------------------------------------------------


def policy(**sections: Any) -> dict[str, Any]:
    """A policy with these sections; hyphens stand for underscores."""
    configuration = {name.replace("_", "-"): section for name, section in sections.items()}
    return {"ai-security-profiles": [{"model-type": "default", "model-configuration": configuration}]}


INJECTION: Options = {"prompt_injection": "allow"}
UNREAD = [
    (INJECTION, policy(model_protection=[{"name": "prompt-injection", "action": "observe"}]), "observe (unknown)"),
    (INJECTION, policy(model_protection=[{"name": "prompt-injection", "action": ["block"]}]), "['block'] (unknown)"),
    (INJECTION, policy(model_protection=[{"name": "prompt-injection", "mode": "strict"}]), "unknown"),
    (INJECTION, policy(model_protection={"prompt-injection": {"action": "block"}}), "unknown"),
    (INJECTION, policy(model_protection=[{"name": "prompt-injection", "action": "block"}] * 2), "unknown"),
    (
        {"database_security": {"read": "block"}},
        policy(data_protection={"database-security": [{"name": "database-security-read", "action": "block"}] * 2}),
        "unknown",
    ),
    (
        {"urls": {"block": ["adult"]}},
        policy(app_protection={f"{action}-url-category": {"member": ["adult"]} for action in ("allow", "block")}),
        "allow",
    ),
    (
        {"topics": {"block": ["a"]}},
        policy(
            model_protection=[
                {
                    "name": "topic-guardrails",
                    "action": "block",
                    "topic-list": [
                        {"action": action, "topic": [{"topic_name": "a"}]} for action in ("block", "observe")
                    ],
                }
            ]
        ),
        "observe (unknown)",
    ),
    (INJECTION, policy(model_protection=[{"name": "prompt-injection", "severity": "low", "action": ""}]), "off"),
    (INJECTION, policy(model_protection=[{"name": "future", "action": "block"}]), "off"),
    ({"urls": {"block": ["adult"]}}, policy(app_protection={"block-url-category": {"member": [{"a": 1}]}}), "unknown"),
    ({"malicious_code": "block"}, policy(app_protection={"malicious-code-protection": [{"a": 1}]}), None),
    (
        {"data_leak": {"action": "block", "profiles": ["PII"]}},
        policy(data_protection={"data-leak-detection": {"action": "block", "member": [{"id": "17"}]}}),
        "unknown",
    ),
    ({"latency": {"on_timeout": "allow"}}, policy(), "unknown"),
    ({"latency": {"on_timeout": "allow"}}, policy(latency={"inline-timeout-action": "wait"}), "wait (unknown)"),
]


@pytest.mark.parametrize(("least", "does", "shown"), UNREAD)
def test_what_cannot_be_read_is_neither_off_nor_enough(least: Options, does: dict[str, Any], shown: str | None) -> None:
    (row,) = baseline.below(required(least), does)
    assert row.after == shown or (shown is None and row.after.endswith("(unknown)"))


# --- what can be required --------------------------------------------------------------------------------------------

FAULTY = [
    ({}, ["does not require anything: specify at least one protection"]),
    ({"prompt_injection": "disabled"}, ["prompt_injection does not require anything: specify the required protection"]),
    (
        {"prompt_injection": "block", "toxic_content": {}, "mask_data_in_storage": False},
        [
            "toxic_content does not require anything: specify the required protection",
            "mask_data_in_storage does not require anything: specify the required protection",
        ],
    ),
    (
        {"directions": {"prompt": {"topics": {"block": []}, "source_code": "block"}}},
        ["directions.prompt.topics does not require anything: specify the required protection"],
    ),
    ({"urls": {"allow": ["sports"]}}, ["urls does not require anything: specify the required protection"]),
    ({"data_leak": {"profiles": ["PII"]}}, ["data_leak.profiles requires data_leak.action"]),
    ({"urls": {"block": ["adult"], "allow": ["adult"]}}, ["urls has 'adult' in both allow and block"]),
    (
        {"prompt_injection": "block", "directions": {"prompt": {"source_code": "block"}}},
        ["prompt_injection and directions are mutually exclusive: specify protections for each direction"],
    ),
]


@pytest.mark.parametrize(("options", "faults"), FAULTY)
def test_what_requires_nothing_or_cannot_be_right_is_refused(options: Options, faults: list[str]) -> None:
    validated, _secrets, odd = validate(baseline.option_specs(), copy.deepcopy(options))
    assert odd == []
    assert baseline.faults(validated) == faults


# --- what files alone can tell ---------------------------------------------------------------------------------------


def weak(least: Options, options: Options) -> list[str]:
    """What options make less, in words."""
    return [str(each) for each in baseline.too_weak(required(least), options)]


def test_a_url_category_that_something_else_may_block_is_not_taken_for_less() -> None:
    # A list of the tenant.
    assert weak({"urls": {"default": "block"}}, {"urls": {"default_categories": []}}) == []
    assert weak({"urls": {"default": "block"}}, {"urls": {"default_categories": [], "block": []}}) != []
    # The default of the tenant.
    assert weak({"urls": {"block": ["phishing"]}}, {"urls": {"block": []}}) == []
    assert weak({"urls": {"block": ["phishing"]}}, {"urls": {"block": [], "default": "allow"}}) != []
    assert weak({"urls": {"block": ["phishing"]}}, {"urls": {"block": [], "default_categories": []}}) != []
    least = {"urls": {"default": "block", "default_categories": [], "block": ["malicious"]}}
    assert weak(least, {"urls": {"default": "block", "block": []}}) == []
    assert weak({"urls": {"alert": ["malicious"]}}, {"urls": {"alert": []}}) == []
    assert weak(least, {"urls": {"default": "block", "default_categories": [], "block": []}}) != []
    assert weak(least, {"urls": {"allow": ["malicious"], "block": []}}) != []


LINTED = [
    ({"prompt_injection": "block"}, {"prompt_injection": "alert"}, ["prompt_injection: block -> alert"]),
    ({"prompt_injection": "block"}, {"source_code": "alert"}, []),
    ({"prompt_injection": "block"}, {"prompt_injection": None}, []),
    ({"toxic_content": {"high": "block"}}, {"toxic_content": {"moderate": "allow"}}, []),
    ({"toxic_content": {"high": "block"}}, {"toxic_content": {}}, ["toxic_content.high: block -> off"]),
    ({"topics": {"block": ["a"]}}, {"topics": {"block": ["b"]}}, ["topics.a: block -> allow"]),
    ({"topics": {"block": ["a"]}}, {"topics": {"default": "allow"}}, []),
    ({"data_leak": {"action": "block"}}, {"data_leak": {"mask_inline": True}}, []),
    ({"data_leak": {"action": "block"}}, {"data_leak": {"profiles": []}}, ["data_leak.action: block -> off"]),
    (
        {"prompt_injection": "block"},
        {"directions": {"response": {"prompt_injection": "alert"}}},
        ["directions.response.prompt_injection: block -> alert"],
    ),
    (
        {"directions": {"prompt": {"prompt_injection": "block"}, "response": {"source_code": "alert"}}},
        {"prompt_injection": "alert", "source_code": "allow"},
        ["prompt_injection: block -> alert", "source_code: alert -> allow"],
    ),
    (
        {"prompt_injection": "block"},
        {"policy": policy(model_protection=[{"name": "prompt-injection", "action": "alert"}])},
        ["prompt_injection: block -> alert"],
    ),
    ({"prompt_injection": "block"}, {"policy": policy(latency={"max-inline-latency": 3})}, []),
    (
        {"prompt_injection": "block"},
        {
            "policy": {
                "ai-security-profiles": [
                    {
                        "model-type": "default",
                        "content-type-mode": "per_content_type",
                        "content-type-configurations": {
                            "prompt": {"model-protection": [{"name": "prompt-injection", "action": "alert"}]}
                        },
                    }
                ]
            }
        },
        ["directions.prompt.prompt_injection: block -> alert"],
    ),
]


@pytest.mark.parametrize(("least", "options", "rows"), LINTED)
def test_options_alone_tell_what_they_make_less(least: Options, options: Options, rows: list[str]) -> None:
    assert weak(least, options) == rows


@pytest.mark.parametrize(
    ("protection", "parts"),
    [
        ("prompt_injection", ("", "prompt_injection", "")),
        ("topics.a.b", ("", "topics", "a.b")),
        ("directions.tool_call.urls.default", ("tool_call", "urls", "default")),
        ("directions.prompt.source_code", ("prompt", "source_code", "")),
    ],
)
def test_a_place_has_a_direction_an_option_and_a_part(protection: str, parts: tuple[str, str, str]) -> None:
    assert baseline.split(protection) == parts
