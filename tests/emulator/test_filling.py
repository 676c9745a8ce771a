# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service fills into a policy at each write, and what it leaves as it is."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies
from support.emulator import Emulator
from support.raw_api import EMPTY_POLICY, JsonObject, RawApi, policy

TOPIC = {"topic_id": "t-1", "topic_name": "t", "revision": 1}
BY_CONFIDENCE = {"high": "medium", "moderate": "low"}
CATEGORY_MODES = ("alert-url-category", "allow-url-category", "block-url-category")


def model(**members: Any) -> JsonObject:
    return {"model-protection": [{name.replace("_", "-"): value for name, value in members.items()}]}


def guarded(action: str, **severity: str) -> JsonObject:
    """Topic guardrails with one bucket; the severity is that of the topic."""
    bucket = {"action": action, "topic": [{**TOPIC, **severity}]}
    return {"name": "topic-guardrails", "action": "allow", "topic_list": [bucket]}


def database(**severities: str) -> JsonObject:
    entries = [{"name": "database-security-delete", "action": "block", **severities}]
    return {"data-protection": {"database-security": entries}}


#: What a configuration says, and what the service makes of it.
FILLED: dict[str, tuple[JsonObject, JsonObject]] = {
    "nothing": ({}, {}),
    **{
        f"database {operation}": (
            {"data-protection": {"database-security": [{"name": f"database-security-{operation}", "action": "allow"}]}},
            {
                "data-protection": {
                    "database-security": [
                        {"name": f"database-security-{operation}", "action": "allow", "severity": severity}
                    ]
                }
            },
        )
        for operation, severity in {"create": "medium", "read": "low", "update": "medium", "delete": "high"}.items()
    },
    "source code": (
        {"data-protection": {"database-security": None, "source-code-detection": {"action": "block"}}},
        {
            "data-protection": {
                "database-security": None,
                "source-code-detection": {"action": "block", "severity": "high"},
            }
        },
    ),
    "no database": ({"data-protection": {}}, {"data-protection": {"database-security": None}}),
    "malicious code": (
        {"app-protection": {"malicious-code-protection": {"name": "malicious-code", "action": "block"}}},
        {
            "app-protection": {
                "malicious-code-protection": {"name": "malicious-code", "action": "block", "severity": "high"},
                "default-url-category": {"member": None},
                "url-detected-severity": "low",
            }
        },
    ),
    "URLs": (
        {"app-protection": {"default-url-category": {"member": ["malicious"]}, "url-detected-action": "block"}},
        {
            "app-protection": {
                "default-url-category": {"member": ["malicious"]},
                "url-detected-action": "block",
                "url-detected-severity": "low",
            }
        },
    ),
    "no URLs": (
        {"app-protection": {}},
        {"app-protection": {"default-url-category": {"member": None}, "url-detected-severity": "low"}},
    ),
    "injection": (
        model(name="prompt-injection", action="alert"),
        model(name="prompt-injection", action="alert", severity="medium"),
    ),
    "guardrails and a topic that is blocked": (
        model(**guarded("block")),
        model(**guarded("block", severity="medium"), severity="medium"),
    ),
    "guardrails and a topic that is allowed": (
        model(**guarded("allow")),
        model(**guarded("allow"), severity="medium"),
    ),
    "agent": (
        {"agent-protection": [{"name": "agent-security", "action": "block"}]},
        {"agent-protection": [{"name": "agent-security", "action": "block", "severity": "medium"}]},
    ),
    "grounding that blocks": (
        model(name="contextual-grounding", action="block"),
        model(name="contextual-grounding", action="block", severity="medium"),
    ),
    "grounding that allows": (
        model(name="contextual-grounding", action="allow"),
        model(name="contextual-grounding", action="allow"),
    ),
    "toxic content": (
        model(name="toxic-content", action="block"),
        model(name="toxic-content", action="block", severity_by_confidence=BY_CONFIDENCE),
    ),
    "toxic content without categories": (
        model(name="toxic-content", action="block", toxic_category_list=[]),
        model(name="toxic-content", action="block", toxic_category_list=[], severity_by_confidence=BY_CONFIDENCE),
    ),
    "toxic categories": (
        model(name="toxic-content", action="", toxic_category_list=[{"category": "hate", "action": "block"}]),
        model(
            name="toxic-content",
            action="",
            toxic_category_list=[{"category": "hate", "action": "block", "severity-by-confidence": BY_CONFIDENCE}],
        ),
    ),
    "half of the severities of toxic content": (
        model(name="toxic-content", action="block", severity_by_confidence={"moderate": "critical"}),
        model(name="toxic-content", action="block", severity_by_confidence={"high": "medium", "moderate": "critical"}),
    ),
    "a severity that says nothing": (
        model(name="prompt-injection", action="block", severity=""),
        model(name="prompt-injection", action="block", severity="medium"),
    ),
    "what nobody knows": (
        {
            **model(name="a-detector-of-tomorrow", action="block"),
            "agent-protection": [{"name": "an-agent-of-tomorrow", "action": "block"}],
            "a-group-of-tomorrow": {"action": "block"},
        },
        {
            **model(name="a-detector-of-tomorrow", action="block"),
            "agent-protection": [{"name": "an-agent-of-tomorrow", "action": "block"}],
            "a-group-of-tomorrow": {"action": "block"},
        },
    ),
}


def directional(configuration: JsonObject) -> JsonObject:
    """A policy with this configuration for prompts and for answers."""
    directions = {"prompt": configuration, "response": copy.deepcopy(configuration)}
    content = policy(latency={"inline-timeout-action": "block", "max-inline-latency": 5})
    content["ai-security-profiles"][0] |= {
        "content-type-mode": "per_content_type",
        "content-type-configurations": directions,
    }
    return content


def classic(configuration: JsonObject) -> JsonObject:
    """A policy with this configuration for everything."""
    return {"ai-security-profiles": [{"model-type": "default", "model-configuration": configuration}]}


def of_direction(configuration: JsonObject) -> JsonObject:
    """What the service adds to a direction besides."""
    added = {"agent-protection": [], **configuration}
    if "app-protection" in added:
        added["app-protection"] = {**{mode: {} for mode in CATEGORY_MODES}, **added["app-protection"]}
    return added


@pytest.mark.parametrize(("sent", "stored"), FILLED.values(), ids=FILLED)
def test_a_write_fills_in_what_the_writer_left_out(api: RawApi, sent: JsonObject, stored: JsonObject) -> None:
    created = api.profile("p", classic(sent))
    assert created["policy"] == classic(stored)
    assert api.rows("profiles")[0]["policy"] == classic(stored)
    assert api.update_profile(created, classic(sent))["policy"] == classic(stored)


@pytest.mark.parametrize(("sent", "stored"), FILLED.values(), ids=FILLED)
def test_so_it_is_in_every_direction(api: RawApi, sent: JsonObject, stored: JsonObject) -> None:
    created = api.profile("p", directional(sent))
    assert created["policy"] == directional(of_direction(stored))
    assert api.rows("profiles")[0]["policy"] == directional(of_direction(stored))
    assert api.update_profile(created, directional(sent))["policy"] == directional(of_direction(stored))


def test_every_one_of_several_profiles_is_filled_in(api: RawApi) -> None:
    sent, stored = FILLED["injection"]
    content = {"ai-security-profiles": [*classic({})["ai-security-profiles"], *classic(sent)["ai-security-profiles"]]}
    profiles = api.profile("p", content)["policy"]["ai-security-profiles"]
    assert [profile["model-configuration"] for profile in profiles] == [{}, stored]


def test_what_is_filled_in_is_kept_by_the_next_write(api: RawApi) -> None:
    created = api.profile(
        "p", directional({name: value for sent, _stored in FILLED.values() for name, value in sent.items()})
    )
    assert api.update_profile(created, created["policy"])["policy"] == created["policy"]


def test_a_severity_cannot_be_taken_away(api: RawApi) -> None:
    created = api.profile("p", classic(model(name="prompt-injection", action="block", severity="critical")))
    updated = api.update_profile(created, classic(FILLED["injection"][0]))
    assert updated["policy"] == classic(FILLED["injection"][1])


def test_a_seeded_row_is_listed_as_it_is_until_its_next_write(api: RawApi) -> None:
    sent, stored = FILLED["injection"]
    api.emulator.seed({"tenants": {"1000000001": {"ai_profiles": [{"profile_name": "p", "policy": classic(sent)}]}}})
    (row,) = api.rows("profiles")
    assert row["policy"] == classic(sent)
    assert api.update_profile(row, row["policy"])["policy"] == classic(stored)


def test_filling_can_be_switched_off(api: RawApi) -> None:
    api.emulator.settings(fill_defaults=False)
    sent = directional(FILLED["injection"][0])
    created = api.profile("p", sent)
    assert created["policy"] == sent
    assert api.update_profile(created, sent)["policy"] == sent


# --- what is said is kept

SEVERITIES = strategies.sampled_from(["low", "medium", "high", "critical", "of-tomorrow"])
ACTIONS = strategies.sampled_from(["block", "alert", "allow", "", "high:block", "high:block, moderate:allow"])
CATEGORIES = strategies.sampled_from([{}, {"member": None}, {"member": []}, {"member": ["adult"]}])


def _group(required: Any = None, **optional: Any) -> Any:
    """Objects with all required members and any of the optional ones."""
    return strategies.fixed_dictionaries(
        required or {}, optional={name.replace("_", "-"): value for name, value in optional.items()}
    )


def _entry(names: list[str], **optional: Any) -> Any:
    return _group({"name": strategies.sampled_from(names), "action": ACTIONS}, severity=SEVERITIES, **optional)


_CONFIDENCES = _group(high=SEVERITIES, moderate=SEVERITIES)
_PINNED = _group({"topic_id": strategies.just("t-1"), "topic_name": strategies.just("t")}, severity=SEVERITIES)
_BUCKET = _group({"action": ACTIONS, "topic": strategies.lists(_PINNED, min_size=1, max_size=2)})
_TOXIC = _group(
    {"category": strategies.sampled_from(["hate", "x"]), "action": ACTIONS}, severity_by_confidence=_CONFIDENCES
)
CONFIGURATIONS = _group(
    model_protection=strategies.lists(
        _entry(
            ["prompt-injection", "topic-guardrails", "contextual-grounding", "toxic-content", "x"],
            topic_list=strategies.lists(_BUCKET, max_size=2),
            toxic_category_list=strategies.lists(_TOXIC, max_size=2),
            severity_by_confidence=_CONFIDENCES,
        ),
        max_size=3,
    ),
    agent_protection=strategies.lists(_entry(["agent-security", "x"]), max_size=2),
    data_protection=_group(
        database_security=strategies.none()
        | strategies.lists(_entry([f"database-security-{name}" for name in ("create", "read", "x")]), max_size=3),
        source_code_detection=_group(action=ACTIONS, severity=SEVERITIES),
    ),
    app_protection=_group(
        alert_url_category=CATEGORIES,
        default_url_category=CATEGORIES,
        url_detected_action=ACTIONS,
        url_detected_severity=SEVERITIES,
        malicious_code_protection=_group(action=ACTIONS, severity=SEVERITIES),
    ),
)


def said(content: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Everything that a document says, as places and values."""
    if isinstance(content, dict) and content:
        for name, value in content.items():
            yield from said(value, (*place, name))
    elif isinstance(content, list) and content:
        for number, value in enumerate(content):
            yield from said(value, (*place, number))
    else:
        yield place, content


def at(content: Any, place: tuple[str | int, ...]) -> Any:
    for step in place:
        content = content[step]
    return content


@hypothesis.settings(max_examples=60, derandomize=True, deadline=None, database=None)
@hypothesis.given(configuration=CONFIGURATIONS, layout=strategies.sampled_from([classic, directional]))
def test_what_is_said_is_kept(
    running_emulator: Emulator, configuration: JsonObject, layout: Callable[[JsonObject], JsonObject]
) -> None:
    running_emulator.reset()
    sent = layout(configuration)
    stored = RawApi(running_emulator).profile("p", sent)["policy"]
    for place, value in said(sent):
        # An empty object may be filled; whatever else is said stays.
        assert at(stored, place) == value or value == {}
    assert RawApi(running_emulator).rows("profiles")[0]["policy"] == stored


@pytest.mark.parametrize("content", [{}, EMPTY_POLICY, {"ai-security-profiles": [{"model-type": "default"}]}])
def test_nothing_is_added_to_nothing(api: RawApi, content: JsonObject) -> None:
    assert api.post("profile", {"profile_name": "p", "policy": content}).json()["policy"] == content
