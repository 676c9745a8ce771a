# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies as tenants hold them, in every form that was seen: they are left alone, and one option changes one thing."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.emulator import emulator_files
from support.stored_profiles import live_rows, shaped_rows

from ansible_collections.panw.airs.plugins.module_utils._policy import baseline, document, export
from ansible_collections.panw.airs.plugins.module_utils._policy.data import DATABASE_VERBS
from ansible_collections.panw.airs.plugins.module_utils._policy.layout import is_per_direction
from ansible_collections.panw.airs.plugins.module_utils._policy.meaning import means_the_same
from ansible_collections.panw.airs.plugins.module_utils._policy.protection import DISABLED, Names
from ansible_collections.panw.airs.plugins.module_utils._policy.protections import PROTECTIONS
from ansible_collections.panw.airs.plugins.module_utils._policy.strictness import weakened

sys.path.append(str(emulator_files()))
from airs_emulator.filling import filled  # of the emulator, which is not installed
from airs_emulator.policy import as_read

Policy = dict[str, Any]

#: What the service makes of a policy that it is sent, as a list shows it.
MODES = {
    "plain": lambda policy: policy,
    "filling in": filled,
    "canonicalising": lambda policy: as_read(filled(policy), canonicalise=True, null_topics=False),
    "null topics": lambda policy: as_read(filled(policy), canonicalise=False, null_topics=True),
}
each_mode = pytest.mark.parametrize("mode", MODES.values(), ids=MODES)


def classic(**sections: Any) -> Policy:
    """A policy with these sections in one set of protections; hyphens stand for underscores."""
    configuration = {name.replace("_", "-"): section for name, section in sections.items()}
    profile = {"model-type": "default", "model-configuration": configuration}
    return {"ai-security-profiles": [profile], "dlp-data-profiles": []}


def leaking(text: str) -> Policy:
    """A policy with a DLP profile that it does not list."""
    member = {"id": "", "text": text, "version": "2"}
    return classic(data_protection={"data-leak-detection": {"action": "block", "member": [member]}})


#: Forms that users reported.
REPORTED = {
    "built-in detection": leaking("sensitive content"),
    "DLP profile without a copy": leaking("Sensitive Content"),
    "no default URL category": classic(
        app_protection={
            "alert-url-category": {"member": []},
            "block-url-category": {"member": []},
            "allow-url-category": {"member": ["sports"]},
            "default-url-category": {"member": None},
            "url-detected-action": "block",
        }
    ),
    "two detectors of one name": classic(
        model_protection=[{"name": "prompt-injection", "action": action} for action in ("block", "allow")]
    ),
    "no action, and no name": classic(
        model_protection=[{"name": "prompt-injection"}, {"action": "block"}, {"name": "toxic-content", "action": ""}]
    ),
}
ROWS = [
    *live_rows(),
    *shaped_rows(),
    *({"profile_name": name, "policy": policy} for name, policy in REPORTED.items()),
]
each_row = pytest.mark.parametrize(
    "policy", [row["policy"] for row in ROWS], ids=[f"{row['profile_name']}/{row.get('revision', 1)}" for row in ROWS]
)


def names_of(policy: Policy, options: dict[str, Any]) -> Names:
    """What the names in options stand for on a tenant whose topics and DLP profiles are new to the policy."""
    held = document.held_names(policy)
    new = {name for _place, name in document.topic_references(options)} - set(held.topics)
    wanted = {name for _place, name in document.dlp_profile_references(options)} - set(held.dlp_profiles)
    topics = {name: {"topic_id": f"id-{name}", "topic_name": name, "revision": 1} for name in new}
    dlp_profiles = {name: {"name": name, "id": f"id-{name}", "version": "1"} for name in wanted}
    return Names({**held.topics, **topics}, {**held.dlp_profiles, **dlp_profiles})


def applied(policy: Policy, options: dict[str, Any]) -> Policy:
    """What options make of a policy."""
    return document.desired_policy(policy, options, names_of(policy, options))


# --- what is exported changes nothing --------------------------------------------------------------------------------


def assert_settled(stored: Policy, mode: Any) -> None:
    """Exported and pasted back, a policy is not written; nor once more, whatever the service made of it."""
    shown = as_read(stored, canonicalise=mode is MODES["canonicalising"], null_topics=mode is MODES["null topics"])
    before = copy.deepcopy(shown)
    options, _whole = export.exported(shown)
    assert document.faults(options) == []
    pasted = applied(shown, options)
    assert means_the_same(pasted, shown)
    assert shown == before
    assert document.policy_difference(shown, pasted) == {"before": {}, "after": {}}
    assert weakened(shown, pasted) == []
    # Should anything else ever be written, then what the service makes of it is settled, too.
    written = mode(pasted)
    assert means_the_same(written, shown)
    assert means_the_same(applied(written, options), written)
    assert export.exported(written)[0] == options


@each_mode
@each_row
def test_what_is_exported_of_a_stored_profile_changes_nothing(policy: Policy, mode: Any) -> None:
    assert_settled(policy, mode)


def configured(configuration: Policy, **profile: Any) -> Policy:
    """A policy with one configuration."""
    return {"ai-security-profiles": [{"model-type": "default", "model-configuration": configuration, **profile}]}


def of_models(*detectors: Policy) -> Policy:
    """A policy with these detectors of model-protection."""
    return configured({"model-protection": [*detectors]})


def guarded(*buckets: tuple[str | None, list[Policy]]) -> Policy:
    """A policy with these buckets of topics."""
    listed = [{"action": action, "topic": pins} for action, pins in buckets]
    return of_models({"name": "topic-guardrails", "action": "allow", "topic-list": listed})


def toxic(action: str, *categories: tuple[str, str]) -> Policy:
    """A policy with toxic content detection."""
    listed = [{"category": name, "action": own} for name, own in categories]
    return of_models({"name": "toxic-content", "action": action, "toxic-category-list": listed})


def pin(name: str, identifier: str = "") -> Policy:
    """A topic as a policy pins it."""
    return {"topic_id": identifier or f"t-{name}", "topic_name": name, "revision": 1}


BLOCKING = {"name": "prompt-injection", "action": "block"}
ODD = {
    "a topic under two actions": guarded(("allow", [pin("tt"), pin("uu")]), ("block", [pin("tt")])),
    "a topic under three": guarded(("block", [pin("tt")]), ("alert", [pin("tt")]), ("allow", [pin("tt")])),
    "two lists of one action": guarded(("block", [pin("tt")]), ("block", [pin("tt"), pin("uu")])),
    "two topics of one name": guarded(("block", [pin("tt"), pin("tt", "other")])),
    "a list that nobody knows": guarded(("observe", [pin("tt")]), (None, [pin("uu")]), ("BLOCK", [pin("vv")])),
    "a topic without a name": guarded(("block", [{"topic_id": "t", "revision": 2}])),
    "a category twice": toxic(
        "", ("hate", "high:allow,moderate:allow"), ("hate", "high:block,moderate:block"), ("cybercrime", "block")
    ),
    "a mixed action": toxic("high:block, alert"),
    "an action of a confidence that nobody knows": toxic("HIGH:BLOCK, moderate:allow"),
    "confidences the other way round": toxic("moderate:alert,high:block"),
    "two of one model type": {"ai-security-profiles": [*of_models(BLOCKING)["ai-security-profiles"]] * 2},
    "no model type": {
        "ai-security-profiles": [
            {"model-configuration": {"future": {"action": "block"}, "model-protection": [BLOCKING]}}
        ]
    },
    "an empty model type": configured(
        {"future": {"action": "block"}, "model-protection": [BLOCKING]}, **{"model-type": ""}
    ),
    "null everywhere": configured(dict.fromkeys(("latency", "model-protection", "app-protection"))),
    "a direction that nobody knows": configured(
        {},
        **{
            "content-type-mode": "per_content_type",
            "content-type-configurations": {"prompt": None, "moon": {"model-protection": [BLOCKING]}},
        },
    ),
}


@each_mode
@pytest.mark.parametrize("policy", ODD.values(), ids=ODD)
def test_odd_forms_are_left_alone(policy: Policy, mode: Any) -> None:
    assert_settled(policy, mode)


@pytest.mark.parametrize("other", ["allow", "alert", "observe", None])
def test_a_topic_moves_only_where_it_is_not_yet(other: str | None) -> None:
    stored = guarded((other, [pin("tt"), pin("uu")]), ("block", [pin("tt")]))
    after = applied(stored, {"topics": {"block": ["tt", "new"]}})
    kept = document.as_options(after)["topics"]
    assert (kept["block"], kept[other or ""]) == (["new", "tt"], ["tt", "uu"])
    moved = document.as_options(applied(stored, {"topics": {"block": ["uu", "tt"]}}))["topics"]
    assert (moved["block"], moved[other or ""]) == (["tt", "uu"], ["tt"])


def test_of_a_category_that_is_there_twice_no_part_is_lost() -> None:
    stored = toxic("", ("hate", "high:block, moderate:block"), ("hate", "allow"), ("cybercrime", "block"))
    wanted = [{"name": "hate", "high": "alert"}, {"name": "cybercrime"}]
    after = applied(stored, {"toxic_content": {"categories": wanted}})
    (detector,) = after["ai-security-profiles"][0]["model-configuration"]["model-protection"]
    assert [kind["action"] for kind in detector["toxic-category-list"]] == [
        "high:alert, moderate:block",
        "high:alert, moderate:allow",
        "block",
    ]


# --- policies of all these forms -------------------------------------------------------------------------------------

ACTIONS = st.sampled_from(["block", "alert", "allow", "", "observe"])
SEVERITIES = st.sampled_from(["", "low", "medium", "high", "critical"])
TOXIC_ACTIONS = st.sampled_from(
    ["high:block, moderate:allow", "high:block,moderate:block", "block", "allow", "alert", "high:block", "", "observe"]
)
TOPICS = ("tt", "uu", "gone")
TOPIC_ACTIONS = ("block", "allow", "alert", "observe")
CATEGORIES = ("hate", "cybercrime", "future")
URL_CATEGORIES = ("malicious", "phishing", "adult", "future")
DLP_PROFILES = ("sensitive content", "Sensitive Content", "PII", "gone")


def some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A dict that has any of these members; hyphens stand for underscores."""
    return st.fixed_dictionaries({}, optional={name.replace("_", "-"): part for name, part in parts.items()})


def entry(name: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A named entry of a list."""
    return some(**parts).map(lambda found: {"name": name, **found})


def any_of(*entries: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A list of some of these entries, or one of the forms of none."""
    full = st.tuples(*(st.none() | each for each in entries)).map(
        lambda found: [each for each in found if each is not None]
    )
    return full | st.sampled_from([None, []])


by_confidence = some(high=SEVERITIES, moderate=SEVERITIES)
toxic_categories = st.lists(some(action=TOXIC_ACTIONS, severity_by_confidence=by_confidence), max_size=3).map(
    lambda found: [{"category": name, **part} for name, part in zip(CATEGORIES, found, strict=False)]
)


@st.composite
def topic_lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Buckets, several of an action and with actions that nobody knows included; a topic may be in several of them."""
    where = draw(st.lists(st.sets(st.sampled_from([*TOPIC_ACTIONS, ""])), min_size=3, max_size=3))
    kept = draw(st.booleans())
    # One topic has one severity, wherever it is.
    own = [draw(some(severity=SEVERITIES)) for _topic in TOPICS]
    found = []
    for action in draw(st.lists(st.sampled_from(TOPIC_ACTIONS), max_size=5)):
        pins = [
            {"topic_id": f"t-{name}", "topic_name": name, "revision": 1, **severity}
            for name, place, severity in zip(TOPICS, where, own, strict=True)
            if action in place
        ]
        if pins or kept:
            found.append({"action": action, "topic": pins or draw(st.sampled_from([None, []]))})
    return found


members = st.lists(st.sampled_from(URL_CATEGORIES), unique=True, max_size=3)
url_category = st.sampled_from([{}, {"member": None}, None]) | members.map(lambda found: {"member": found})
dlp_member = st.sampled_from(DLP_PROFILES).map(lambda name: {"text": name, "id": "", "version": "2"})
detected = st.lists(dlp_member, unique_by=lambda member: member["text"], max_size=3) | st.none()
sections: dict[str, st.SearchStrategy[Any]] = {
    "model_protection": any_of(
        entry("prompt-injection", action=ACTIONS, severity=SEVERITIES),
        entry("contextual-grounding", action=ACTIONS, severity=SEVERITIES),
        entry(
            "toxic-content",
            action=TOXIC_ACTIONS,
            severity_by_confidence=by_confidence,
            toxic_category_list=toxic_categories,
        ),
        entry("topic-guardrails", action=ACTIONS, severity=SEVERITIES, topic_list=topic_lists(), options=st.just([])),
        entry("future-model", action=ACTIONS, severity=SEVERITIES),
        some(action=ACTIONS).filter(bool),
    ),
    "agent_protection": any_of(
        entry("agent-security", action=ACTIONS, severity=SEVERITIES), entry("future-agent", action=ACTIONS)
    ),
    "app_protection": st.none()
    | some(
        allow_url_category=url_category,
        alert_url_category=url_category,
        block_url_category=url_category,
        default_url_category=url_category,
        url_detected_action=ACTIONS,
        url_detected_severity=SEVERITIES,
        malicious_code_protection=entry("malicious-code", action=ACTIONS, severity=SEVERITIES),
        future=some(action=ACTIONS),
    ),
    "data_protection": st.none()
    | some(
        data_leak_detection=some(action=ACTIONS, member=detected, mask_data_inline=st.booleans()),
        database_security=any_of(
            *(entry(f"database-security-{verb}", action=ACTIONS, severity=SEVERITIES) for verb in DATABASE_VERBS)
        ),
        source_code_detection=some(action=ACTIONS, severity=SEVERITIES),
    ),
}
shared_sections: dict[str, st.SearchStrategy[Any]] = {
    "latency": some(
        inline_timeout_action=st.sampled_from(["block", "allow", "observe"]), max_inline_latency=st.integers(0, 30)
    ),
    "mask_data_in_storage": st.booleans(),
    "enable_full_conversation_inspection": st.booleans(),
    "future": st.just({"mode": "strict"}),
}
configurations = some(**sections)
directional = st.fixed_dictionaries(
    {
        "model-type": st.just("default"),
        "content-type-mode": st.just("per_content_type"),
        "content-type-configurations": st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("prompt", "response", "tool-call", "tool-response"), configurations)
        ),
        "model-configuration": some(**shared_sections, model_protection=sections["model_protection"]),
    }
)
one_set = st.fixed_dictionaries(
    {"model-type": st.just("default"), "model-configuration": some(**sections, **shared_sections)}
)
other = st.fixed_dictionaries({"model-type": st.just("GPT"), "model-configuration": configurations})
rows = st.lists(st.sampled_from(DLP_PROFILES), unique=True, max_size=3).map(
    lambda names: [{"name": name, "id": "1", "version": "2", "uuid": "", "log-severity": "low"} for name in names]
)
nameless = st.just([{"id": "1", "uuid": "", "version": "1", "log-severity": "low", "file-based": "block"}])


def policies(profile: st.SearchStrategy[Any]) -> st.SearchStrategy[Policy]:
    """Policies with an ai-security-profile of this kind."""
    several = st.tuples(profile, st.lists(other, max_size=1)).map(lambda found: [found[0], *found[1]])
    return st.fixed_dictionaries(
        {"ai-security-profiles": several},
        optional={"dlp-data-profiles": rows | nameless | st.none(), "future-policy": st.just({"a": 1})},
    )


ANY = policies(one_set) | policies(directional)
LIMITED = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@each_mode
@LIMITED
@given(policy=ANY)
def test_what_is_exported_changes_nothing(policy: Policy, mode: Any) -> None:
    assert_settled(mode(policy), mode)


# --- one option, one change ------------------------------------------------------------------------------------------


def values(spec: dict[str, Any], names: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    """Values of an option; of a group also parts, and nothing."""
    if "options" in spec:
        group = st.fixed_dictionaries(
            {name: values(part, names_for(name)) for name, part in spec["options"].items() if part.get("required")},
            optional={
                name: values(part, names_for(name))
                for name, part in spec["options"].items()
                if not part.get("required")
            },
        )
        return st.lists(group, max_size=2, unique_by=lambda each: each["name"]) if spec["type"] == "list" else group
    if spec["type"] == "list":
        return st.lists(st.sampled_from(names or URL_CATEGORIES), unique=True, max_size=3)
    if "choices" in spec:
        return st.sampled_from(spec["choices"])
    return {"bool": st.booleans(), "int": st.integers(1, 30)}.get(spec["type"], st.sampled_from(names or ("block", "")))


def names_for(option: str) -> tuple[str, ...]:
    """The names that an option may have."""
    return {"profiles": (*DLP_PROFILES, "new"), "name": ("hate", "future", "tt", "new")}.get(option, ())


def option_values(option: str) -> st.SearchStrategy[Any]:
    """Values of an option of the module that have no faults."""
    spec = document.option_specs()[option]
    found = values(spec)
    if option == "topics":
        lists = st.lists(st.sampled_from((*TOPICS, "new")), unique=True, max_size=3)
        found = st.fixed_dictionaries(
            {},
            optional={
                **dict.fromkeys(("allow", "alert", "block"), lists),
                "default": st.sampled_from(["block", "alert", "allow"]),
            },
        )
    return found.filter(lambda value: not document.faults({option: value}))


_SEVERITY_KEYS = ("severity", "severity-by-confidence", "url-detected-severity")


def rest_of(policy: Policy, option: str) -> Policy:
    """A policy without the place of an option, and without what any write may fill in or has to take out."""
    left = copy.deepcopy(policy)
    for profile in (left.get("ai-security-profiles") or [])[:1]:
        for configuration in (
            profile.get("model-configuration") or {},
            *(profile.get("content-type-configurations") or {}).values(),
        ):
            _take_out(configuration, option)
    if option in ("data_leak", "dlp_profiles"):
        left.pop("dlp-data-profiles", None)
    if option == "severities":
        _drop(left, _SEVERITY_KEYS)
    rest: Policy = _without_nothing(left)
    return rest


def _drop(node: Any, keys: tuple[str, ...]) -> None:
    if isinstance(node, dict):
        for key in keys:
            node.pop(key, None)
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _drop(child, keys)


def _take_out(configuration: dict[str, Any], option: str) -> None:
    entries = {
        "prompt_injection": ("model-protection", "prompt-injection"),
        "contextual_grounding": ("model-protection", "contextual-grounding"),
        "toxic_content": ("model-protection", "toxic-content"),
        "topics": ("model-protection", "topic-guardrails"),
        "agent_security": ("agent-protection", "agent-security"),
    }
    keys = {
        "malicious_code": ("app-protection", ("malicious-code-protection",)),
        "urls": (
            "app-protection",
            ("url-detected-action", *(f"{each}-url-category" for each in ("allow", "alert", "block", "default"))),
        ),
        "data_leak": ("data-protection", ("data-leak-detection",)),
        "database_security": ("data-protection", ("database-security",)),
        "source_code": ("data-protection", ("source-code-detection",)),
    }
    whole = {
        "latency": "latency",
        "mask_data_in_storage": "mask-data-in-storage",
        "full_conversation_inspection": "enable-full-conversation-inspection",
    }
    if option in entries:
        section, name = entries[option]
        if configuration.get(section):
            configuration[section] = [each for each in configuration[section] if each.get("name") != name]
    elif option in keys:
        section, places = keys[option]
        for place in places:
            (configuration.get(section) or {}).pop(place, None)
    elif option in whole:
        configuration.pop(whole[option], None)


def _without_nothing(node: Any) -> Any:
    """JSON without empty parts, such as buckets without topics, which the service refuses in a write."""
    if isinstance(node, dict):
        found = {key: _without_nothing(value) for key, value in node.items()}
        if set(found) <= {"action", "topic"} and "topic" in node and not found["topic"]:
            return None
        return {key: value for key, value in found.items() if value not in (None, {}, [])}
    if isinstance(node, list):
        return [value for value in map(_without_nothing, node) if value not in (None, {}, [])]
    return node


each_option = pytest.mark.parametrize(
    "option", [name for name in document.option_specs() if name not in ("directions", "policy")]
)


@each_option
@LIMITED
@given(data=st.data())
def test_one_option_changes_one_place(option: str, data: st.DataObject) -> None:
    shared = {protection.option for protection in PROTECTIONS if protection.shared} | {"dlp_profiles"}
    policy = data.draw(ANY if option in shared else policies(one_set))
    value = data.draw(option_values(option))
    assert_one_change(policy, option, {option: value})


@pytest.mark.parametrize("option", [protection.option for protection in PROTECTIONS if not protection.shared])
@settings(LIMITED, max_examples=60)
@given(data=st.data())
def test_one_option_of_a_direction_changes_one_place_of_it(option: str, data: st.DataObject) -> None:
    policy = data.draw(policies(directional))
    value = data.draw(option_values(option))
    others = copy.deepcopy(policy)
    after = assert_one_change(policy, option, {"directions": {"tool_call": {option: value}}})
    for side in (others, after):
        side["ai-security-profiles"][0]["content-type-configurations"].pop("tool-call", None)
        side.pop("dlp-data-profiles", None)
    assert _without_nothing(after) == _without_nothing(others)


def assert_one_change(policy: Policy, option: str, options: dict[str, Any]) -> Policy:
    """Apply one option; all the rest is as it was, byte for byte, and once more changes nothing. Returns the policy."""
    before = copy.deepcopy(policy)
    after = applied(policy, options)
    assert policy == before
    assert rest_of(after, option) == rest_of(before, option)
    for mode in MODES.values():
        stored = mode(after)
        assert means_the_same(applied(stored, options), stored)
    return after


GROUPS = [
    name
    for name, spec in document.option_specs().items()
    if spec["type"] == "dict" and name not in ("directions", "policy")
]


@pytest.mark.parametrize("option", [name for name in GROUPS if name not in ("severities", "latency")])
@LIMITED
@given(data=st.data())
def test_what_is_left_out_of_a_group_is_not_weakened(option: str, data: st.DataObject) -> None:
    policy = data.draw(policies(one_set))
    value = data.draw(option_values(option).filter(lambda found: len(found) == 1))
    (part,) = value
    after = applied(policy, {option: value})
    said = {str(name) for name in value[part]} if isinstance(value[part], list) and option != "toxic_content" else set()
    for change in weakened(policy, after):
        changed, _dot, place = change.protection.partition(".")
        assert changed == option
        # A list is a value of its own; of topics and URLs, what it names moves there.
        if option in ("topics", "urls") and part != "default":
            assert place in said or change.before == part or part == "default_categories"
        elif option == "data_leak" and part in ("profiles", "action"):
            assert place != "mask_inline"
        elif option in ("topics", "urls", "toxic_content"):
            assert place == part or place.startswith(("categories.", *TOPICS, *URL_CATEGORIES))
        else:
            assert place == part


def leaves(value: Any) -> Iterator[Any]:
    """Everything in JSON that is no list and no dict."""
    if isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    else:
        yield value


@LIMITED
@given(policy=ANY)
def test_an_action_that_nobody_knows_is_never_said_to_be_off(policy: Policy) -> None:
    options, _whole = export.exported(policy)
    read = document.as_options(policy)
    sets = [(options, read)]
    if is_per_direction(policy):
        sets = [(options["directions"][name], read["directions"][name]) for name in read["directions"]]
    for said, found in sets:
        for option in ("prompt_injection", "contextual_grounding", "malicious_code", "agent_security", "source_code"):
            if found[option] == "observe":
                assert said.get(option) != DISABLED
        if "observe" in leaves(found["toxic_content"]):
            assert said["toxic_content"] != {}


# --- baselines -------------------------------------------------------------------------------------------------------


@st.composite
def baselines(draw: st.DrawFn) -> dict[str, Any]:
    """What a baseline may require, of one set of protections or of directions."""
    specs = baseline.option_specs()
    one = {name: option_values(name) for name in specs.pop("directions")["options"]["prompt"]["options"]}
    shared = {name: values(spec) for name, spec in specs.items() if name not in one}
    if draw(st.booleans()):
        return demanding(draw(st.fixed_dictionaries({}, optional={**one, **shared})))
    of_each = [demanding(draw(st.fixed_dictionaries({}, optional=one))) for _direction in range(2)]
    directions = dict(zip(("prompt", "tool_call"), of_each, strict=True))
    of_all = draw(st.fixed_dictionaries({}, optional=shared))
    return {
        **{name: value for name, value in of_all.items() if not baseline.faults({name: value})},
        "directions": directions,
    }


def demanding(options: dict[str, Any]) -> dict[str, Any]:
    """The options that a baseline may have, for they require something."""
    found = {name: value for name, value in options.items() if not baseline.faults({name: value})}
    return found or {"prompt_injection": "block"}


@LIMITED
@given(required=baselines(), policy=ANY)
def test_what_does_less_than_a_baseline_is_weaker_than_it(required: dict[str, Any], policy: Policy) -> None:
    before = copy.deepcopy((required, policy))
    rows = baseline.below(required, policy)
    assert (required, policy) == before
    assert len({row.protection for row in rows}) == len(rows)
    ranks = {"on": 3, "block": 3, "alert": 2, "allow": 1, "off": 0}
    assert all(row.before in ranks and row.before != "off" for row in rows)
    assert all("unknown" in row.after or ranks[row.after] < ranks[row.before] for row in rows)
    # Nothing is required that has everything off.
    assert baseline.below(required, {}) != []


@LIMITED
@given(required=baselines())
def test_options_that_say_nothing_are_no_less_than_any_baseline(required: dict[str, Any]) -> None:
    assert baseline.too_weak(required, {}) == []
    assert baseline.too_weak(required, {"directions": {"response": {"source_code": None}}}) == []


@LIMITED
@given(required=baselines(), policy=ANY, mode=st.sampled_from([*MODES.values()]))
def test_a_baseline_takes_a_policy_for_the_same_however_the_service_stores_it(
    required: dict[str, Any], policy: Policy, mode: Any
) -> None:
    assert baseline.below(required, mode(policy)) == baseline.below(required, policy)


@LIMITED
@given(data=st.data())
def test_what_options_alone_make_less_they_make_less_of_whatever_the_tenant_holds(data: st.DataObject) -> None:
    required, policy = data.draw(baselines()), data.draw(ANY)
    options = {
        name: data.draw(option_values(name))
        for name in data.draw(st.sets(st.sampled_from([each.option for each in document.OF_ONE_DIRECTION])))
    }
    if is_per_direction(policy):
        options = {"directions": {"prompt": options}}
    made = {row.protection for row in baseline.below(required, applied(policy, options))}
    assert {row.protection for row in baseline.too_weak(required, options)} <= made
