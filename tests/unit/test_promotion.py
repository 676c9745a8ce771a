# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration under the names of another tenant: maps and the prefix reach every name, and nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._policy.data import BUILT_IN
from ansible_collections.panw.airs.plugins.module_utils._policy.protection import Names
from ansible_collections.panw.airs.plugins.module_utils._policy.raw import identified, mentions, renamed
from ansible_collections.panw.airs.plugins.module_utils._tenant.config import Config, Entry, validated
from ansible_collections.panw.airs.plugins.module_utils._tenant.files import Document
from ansible_collections.panw.airs.plugins.module_utils._tenant.promotion import check, promote

JsonObject = dict[str, Any]

SHARED: JsonObject = {"secret_dir": None, "secret_paths": None, "tsg_id": None, "on_weakening": None}


def guardrails(*names: str) -> JsonObject:
    pins = [{"topic_id": f"theirs-{name}", "topic_name": name, "revision": 7} for name in names]
    return {"name": "topic-guardrails", "topic-list": [{"action": "block", "topic": pins}]}


def leak(*names: str) -> JsonObject:
    members = [{"text": name, "id": f"theirs-{name}", "version": "9"} for name in names]
    return {"data-leak-detection": {"member": members}}


#: Every place where a policy has names: in both layouts, in another ai-security-profile, where nobody knows it.
RAW: JsonObject = {
    "dlp-data-profiles": [{"name": "PII", "uuid": "theirs", "log-severity": "high"}, {"name": "PHI"}],
    "ai-security-profiles": [
        {
            "model-configuration": {"data-protection": leak("PII"), "model-protection": [guardrails("advice")]},
            "content-type-configurations": {
                "prompt": {"data-protection": leak("PII", "PHI"), "model-protection": [guardrails("Weather")]},
                "unheard-of": {"data-protection": leak("PII"), "model-protection": [guardrails("advice")]},
            },
        },
        {"model-type": "custom", "model-configuration": {"model-protection": [guardrails("advice")]}},
        {"model-configuration": {"app-protection": {"block-url-category": {"member": ["PII"]}}}},
    ],
    "future": [{"deep": {"topic": [{"topic_name": "advice"}], "member": [{"text": "PII"}]}}],
}
CONFIG: JsonObject = {
    "custom_topics": [{"name": "advice", "description": "d"}, {"name": "gone", "state": "absent"}],
    "security_profiles": [
        {
            "name": "bot",
            "topics": {"block": ["advice", "Weather"]},
            "data_leak": {"profiles": ["PII", "PHI", "sensitive content"], "action": "block"},
            "dlp_profiles": [{"name": "PII", "log_severity": "high"}],
            "policy": RAW,
        },
        {
            "name": "each",
            "directions": {"prompt": {"topics": {"allow": ["advice"]}, "data_leak": {"profiles": ["PII"]}}},
        },
    ],
    "api_keys": [{"name": "key", "deployment_profile": "dp", "customer_app": "shop"}],
    "customer_apps": [{"name": "shop", "model_name": "advice"}],
}


def promoted(
    config: JsonObject | None = None, name_map: JsonObject | None = None, name_prefix: str | None = None
) -> Config:
    config = CONFIG if config is None else config
    given = copy.deepcopy(config)
    found = validated([Document(content=given)], SHARED)
    promote(found, {"name_map": name_map, "name_prefix": name_prefix})
    assert given == config  # whoever gave it may give it again
    return found


def entry(config: Config, name: str) -> Entry:
    return next(each for each in config.entries if each.name == name)


def raw_names(policy: JsonObject) -> list[str]:
    return [each.name for each in mentions(policy)]


# --- maps and prefix -------------------------------------------------------------------------------------------------


def test_a_map_reaches_every_place() -> None:
    config = promoted(
        name_map={
            "custom_topics": {"advice": "Rat"},
            "security_profiles": {"bot": "Bot"},
            "api_keys": {"key": "Key"},
            "customer_apps": {"shop": "Laden"},
            "deployment_profiles": {"dp": "DP"},
            "dlp_profiles": {"PII": "Personal"},
        }
    )
    assert (config.faults, config.notes) == ([], [])
    assert [each.name for each in config.entries] == ["Rat", "gone", "Bot", "each", "Key", "Laden"]
    options = entry(config, "Bot").options
    assert options["topics"]["block"] == ["Rat", "Weather"]
    assert options["data_leak"]["profiles"] == ["Personal", "PHI", "sensitive content"]
    assert options["dlp_profiles"][0]["name"] == "Personal"
    new = {"advice": "Rat", "PII": "Personal"}
    assert raw_names(options["policy"]) == [new.get(name, name) for name in raw_names(RAW)]
    # URL categories are no DLP profiles.
    assert options["policy"]["ai-security-profiles"][2] == RAW["ai-security-profiles"][2]
    prompt = entry(config, "each").options["directions"]["prompt"]
    assert (prompt["topics"]["allow"], prompt["data_leak"]["profiles"]) == (["Rat"], ["Personal"])
    key = entry(config, "Key").options
    assert (key["deployment_profile"], key["customer_app"]) == ("DP", "Laden")
    assert list(config.names("customer_apps")) == ["Laden"]


def test_the_prefix_is_for_what_the_config_makes_and_what_refers_to_it() -> None:
    config = promoted(name_map={"custom_topics": {"advice": "Rat"}}, name_prefix="qa-")
    assert config.faults == []
    assert [each.name for each in config.entries] == ["qa-Rat", "qa-gone", "qa-bot", "qa-each", "qa-key", "qa-shop"]
    options = entry(config, "qa-bot").options
    assert options["topics"]["block"] == ["qa-Rat", "Weather"]
    assert options["data_leak"]["profiles"] == ["PII", "PHI", "sensitive content"]
    assert raw_names(options["policy"]) == [{"advice": "qa-Rat"}.get(name, name) for name in raw_names(RAW)]
    key = entry(config, "qa-key").options
    assert (key["deployment_profile"], key["customer_app"]) == ("dp", "qa-shop")


def test_names_that_are_exchanged_do_not_become_one() -> None:
    topics = [{"name": name, "description": "d"} for name in ("a", "b")]
    config = promoted({"custom_topics": topics}, {"custom_topics": {"a": "b", "b": "a"}})
    assert (config.faults, [each.name for each in config.entries]) == ([], ["b", "a"])


@pytest.mark.parametrize(
    ("config", "name_map", "prefix", "fault"),
    [
        (
            {"api_keys": [{"name": "k" * 28}]},
            None,
            "prod-",
            "api_keys[0]: name must have at most 31 characters, but has 33 (after name_prefix 'prod-')",
        ),
        (
            {"custom_topics": [{"name": "a", "description": "d"}, {"name": "b", "description": "d"}]},
            {"custom_topics": {"a": "b"}},
            None,
            "custom_topics[1]: 'b' is defined twice, first at custom_topics[0] (after name_map)",
        ),
        (
            {"security_profiles": [{"name": "p", "topics": {"allow": ["a"], "block": ["b"]}}]},
            {"custom_topics": {"a": "b"}},
            "qa-",
            "security_profiles[0]: topics has 'b' in both allow and block (after name_map and name_prefix 'qa-')",
        ),
    ],
)
def test_what_does_not_fit_any_more_is_a_fault(
    config: JsonObject, name_map: JsonObject | None, prefix: str | None, fault: str
) -> None:
    (found,) = promoted(config, name_map, prefix).faults
    assert str(found) == fault


def test_a_fault_that_the_names_have_already_is_told_once() -> None:
    config = {"custom_topics": [{"name": "t", "description": "d"}, {"name": "t", "description": "d" * 251}]}
    assert len(promoted(config, None, "qa-").faults) == len(promoted(config).faults) == 2


def test_a_name_of_the_map_that_is_nowhere_is_a_note() -> None:
    config = promoted(name_map={"dlp_profiles": {"PIl": "x", "sensitive content": "PII"}, "api_keys": {"other": "x"}})
    assert config.notes == [
        "name_map.dlp_profiles contains 'PIl', which is not in the configuration. Did you mean 'PII'?",
        "name_map.api_keys contains 'other', which is not in the configuration.",
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name_prefix": " qa"}, "name_prefix ' qa'"),
        ({"name_prefix": "qa\n"}, "name_prefix"),
        ({"name_map": {"dlp_profiles": {"PII": None}}}, "name_map.dlp_profiles contains 'PII': None"),
        ({"name_map": {"custom_topics": {2024: "x"}}}, "use quotes"),
        ({"name_map": {"custom_topics": {"x": " "}}}, "which is not a valid name"),
        ({"name_map": {"custom_topics": {"x": "half \ud83d"}}}, "which is not a valid name"),
    ],
)
def test_names_that_can_be_none_are_refused(options: JsonObject, words: str) -> None:
    with pytest.raises(AirsInputError) as caught:
        check({"name_map": None, "name_prefix": None, **options})
    assert words in str(caught.value)


# --- raw policies ----------------------------------------------------------------------------------------------------


def test_what_gets_another_name_loses_the_ids_of_the_old_one() -> None:
    members = renamed(leak("PII", "PHI"), str, lambda name: {"PII": "Personal"}.get(name, name))
    assert members["data-leak-detection"]["member"] == [
        {"text": "Personal"},
        {"text": "PHI", "id": "theirs-PHI", "version": "9"},
    ]


def test_the_built_in_detection_takes_the_place_of_members_and_has_no_row() -> None:
    policy = {"dlp-data-profiles": [{"name": "PII"}, {"name": "Own"}], **leak("PII", "Own", "PHI")}
    found = renamed(policy, str, lambda name: name if name == "Own" else "sensitive content")
    assert found["dlp-data-profiles"] == [{"name": "Own"}]
    assert found["data-leak-detection"]["member"] == [
        dict(BUILT_IN),
        {"text": "Own", "id": "theirs-Own", "version": "9"},
    ]


@pytest.mark.parametrize(
    ("held", "listed", "pin"),
    [
        (None, {"topic_id": "ours", "revision": 2}, {"topic_id": "ours", "revision": 2}),
        # What is held already stays at its revision.
        ({"topic_id": "ours", "revision": 1}, {"topic_id": "ours", "revision": 2}, {"topic_id": "ours", "revision": 1}),
        # What has an id of this tenant is what it says.
        (None, {"topic_id": "theirs-a", "revision": 9}, {"topic_id": "theirs-a", "revision": 7}),
    ],
)
def test_ids_of_another_tenant_are_found_by_name(held: JsonObject | None, listed: JsonObject, pin: JsonObject) -> None:
    names = [Names(topics={"a": row} if row else {}, dlp_profiles={}) for row in (held, listed)]
    found = identified(guardrails("a"), *names)
    assert found["topic-list"][0]["topic"] == [{"topic_name": "a", **pin}]


def test_a_held_topic_that_is_named_alone_keeps_its_pins() -> None:
    policy = {"topic": [{"topic_name": "a", "severity": "low"}]}
    held, listed = (Names(topics={"a": {"topic_id": "ours", "revision": n}}, dlp_profiles={}) for n in (1, 2))
    assert identified(policy, held, listed) == policy


def test_dlp_profiles_are_found_by_name_and_the_built_in_one_stays() -> None:
    policy = {"dlp-data-profiles": [{"name": "PII", "uuid": "theirs"}], "member": [dict(BUILT_IN), {"text": "PII"}]}
    row = {"name": "PII", "id": "1", "uuid": "ours", "version": "3"}
    assert identified(policy, Names({}, {}), Names({}, {"PII": row})) == {
        "dlp-data-profiles": [row],
        "member": [dict(BUILT_IN), {"text": "PII", "id": "1", "version": "3"}],
    }
