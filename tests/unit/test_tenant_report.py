# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report about a tenant: what it says of what was compared, and of what the tenant holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tasks import EVERY_PROTECTION

from ansible_collections.panw.airs.plugins.module_utils._engine.reconcile import Weakening
from ansible_collections.panw.airs.plugins.module_utils._engine.reporting import Held
from ansible_collections.panw.airs.plugins.module_utils._kinds.security_profile import SecurityProfileReconciler
from ansible_collections.panw.airs.plugins.module_utils._policy.document import option_specs
from ansible_collections.panw.airs.plugins.module_utils._policy.posture import posture, protects
from ansible_collections.panw.airs.plugins.module_utils._tenant.config import Fault
from ansible_collections.panw.airs.plugins.module_utils._tenant.kinds import KINDS
from ansible_collections.panw.airs.plugins.module_utils._tenant.report import Finding, anchor, changes, report, verdict

Json = dict[str, Any]


def made(
    *findings: Finding,
    faults: Sequence[Fault] = (),
    protect: Sequence[str] = (),
    baseline: Json | None = None,
    application_profiles: dict[str, str] | None = None,
    **rows: list[Json],
) -> Json:
    """The report of what was found, and of a tenant that holds these rows."""
    return report(
        findings,
        faults,
        Held(rows, application_profiles or {}, keys_soon=30),
        protect=protect,
        configuration="tenant/",
        now=datetime(2026, 3, 1, 12, 30, tzinfo=timezone.utc),
        baseline=baseline,
    )


def topic(name: str, revision: int = 1, *pins: Json, **members: Any) -> Json:
    return {"topic_name": name, "revision": revision, "profiles": list(pins), **members}


def pin(profile: str, revision: int, *, latest: bool = True, stale: bool = False, action: str = "block") -> Json:
    return {
        "profile_name": profile,
        "profile_revision": 1,
        "latest": latest,
        "action": action,
        "pinned_revision": revision,
        "stale": stale,
    }


def profile(name: str, **options: Any) -> Json:
    return {"profile_name": name, "does": options}


def _in_days(days: int) -> datetime:
    """Return the moment at which so many whole days, and an hour, are left."""
    return datetime.now(timezone.utc) + timedelta(days=days, hours=1)


def key(name: str, days: int | None = 90, *, revoked: bool = False, **members: Any) -> Json:
    expiration = None if days is None else f"{_in_days(days):%Y-%m-%dT%H:%M:%SZ}"
    return {"api_key_name": name, "days_left": days, "revoked": revoked, "expiration": expiration, **members}


# --- what drifted ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "status"),
    [("create", "missing"), ("update", "differs"), ("regenerate", "due"), ("delete", "unwanted")],
)
def test_what_would_be_done_says_what_drifted(action: str, status: str) -> None:
    (entry,) = made(Finding("api_key", "bot", action))["drift"]
    assert (entry["action"], entry["status"], entry["error"]) == (action, status, None)


def test_what_cannot_be_put_right_has_drifted_too() -> None:
    found = made(Finding("api_key", "bot", error="already exists with different properties"))
    (entry,) = found["drift"]
    assert (entry["status"], entry["error"], entry["changes"]) == (
        "conflict",
        "already exists with different properties",
        [],
    )
    assert (found["errors"], found["drifted"]) == ([], True)


def test_what_is_right_is_counted_and_not_listed() -> None:
    found = made(Finding("custom_topic", "a"), Finding("custom_topic", "b", "create"))
    assert [entry["name"] for entry in found["drift"]] == ["b"]
    assert (found["summary"]["objects"], found["summary"]["drifted"]) == (2, 1)
    assert made(Finding("custom_topic", "a"))["drifted"] is False


def test_drift_is_listed_kind_by_kind_and_in_the_order_of_the_configuration() -> None:
    found = made(*(Finding(kind, name, "create") for name in ("z", "a") for kind in ("api_key", "custom_topic")))
    listed = [(entry["kind"], entry["name"]) for entry in found["drift"]]
    assert listed == [("custom_topic", "z"), ("custom_topic", "a"), ("api_key", "z"), ("api_key", "a")]


def test_objects_of_one_name_keep_their_own_changes() -> None:
    found = made(
        Finding("custom_topic", "it's 'a'", "update", before={"description": "x"}, after={"description": "y"}),
        Finding("customer_app", "it's 'a'", "update", before={"model_name": "m"}, after={"model_name": "n"}),
    )
    assert [[change["field"] for change in entry["changes"]] for entry in found["drift"]] == [
        ["description"],
        ["model_name"],
    ]


def test_changes_are_told_part_by_part() -> None:
    before = {"examples": ["a"], "toxic_content": {"high": "block", "moderate": "allow"}, "urls": {}, "gone": "x"}
    after = {"examples": ["b"], "toxic_content": {"high": "block", "moderate": "block"}, "urls": {"default": "block"}}
    assert [tuple(change.values()) for change in changes(before, after)] == [
        ("examples", None, ["a"], ["b"]),
        ("toxic_content", "moderate", "allow", "block"),
        ("urls", None, None, {"default": "block"}),
        ("gone", None, "x", None),
    ]


#: A group with a part of each form that says nothing.
GROUP: Json = {"default": "block", "allow": [], "alert": None, "block": ["phishing"], "on_timeout": "", "more": {}}


@pytest.mark.parametrize("off", [{}, None, {"default": "", "block": [], "allow": None}])
def test_a_group_that_is_off_on_one_side_is_one_row(off: Json | None) -> None:
    on = {"default": "block", "block": ["phishing"]}
    assert [tuple(change.values()) for change in changes({"urls": off}, {"urls": GROUP})] == [("urls", None, None, on)]
    assert [tuple(change.values()) for change in changes({"urls": GROUP}, {"urls": off})] == [("urls", None, on, None)]


def test_a_part_that_is_false_says_something() -> None:
    (change,) = changes({"data_leak": {}}, {"data_leak": {"action": "block", "mask_inline": False}})
    assert change["after"] == {"action": "block", "mask_inline": False}


# --- protections -----------------------------------------------------------------------------------------------------


def weaker(name: str, *parts: str, **more: Any) -> Finding:
    return Finding("security_profile", name, "update", shortfall=[*map(_to_alert, parts or ("urls",))], **more)


def _to_alert(protection: str) -> Weakening:
    return Weakening(protection, "block", "alert")


def test_what_protects_less_comes_first_and_what_protects_more_comes_last() -> None:
    found = made(
        Finding("security_profile", "stricter", "update", surplus=[_to_alert("urls")]),
        Finding("custom_topic", "topic", "update"),
        Finding("security_profile", "other", "update"),
        weaker("weaker"),
        weaker("both", surplus=[_to_alert("topics.a")]),
    )
    assert [(entry["name"], entry["impact"]) for entry in found["drift"]] == [
        ("weaker", "weaker"),
        ("both", "weaker"),
        ("topic", "other"),
        ("other", "other"),
        ("stricter", "stricter"),
    ]
    # On both, before is the configuration.
    assert found["drift"][1]["weakened"] == [{"protection": "urls", "before": "block", "after": "alert"}]
    assert found["drift"][1]["strengthened"] == [{"protection": "topics.a", "before": "alert", "after": "block"}]
    assert (found["summary"]["weaker"], found["summary"]["stricter"]) == (2, 1)


def repinned(name: str, **topics: int) -> Finding:
    return Finding("security_profile", name, "update", repinned=topics)


def test_profiles_that_are_only_pinned_anew_are_told_by_topic() -> None:
    found = made(
        Finding("custom_topic", "a", "update"),
        Finding("custom_topic", "b"),
        *(repinned(f"p{number}", a=2) for number in range(10)),
        repinned("two", a=2, b=7),
        weaker("more"),
    )
    assert found["repins"] == [
        {
            "topic": "a",
            "revision": 2,
            "topic_drifted": True,
            "file": None,
            "line": None,
            "profiles": [*(f"p{number}" for number in range(10)), "two"],
        },
        {"topic": "b", "revision": 7, "topic_drifted": False, "file": None, "line": None, "profiles": ["two"]},
    ]
    assert [entry["name"] for entry in found["drift"]] == ["more", "a"]
    # A profile counts once, and not among what drifted.
    assert (found["summary"]["repinned"], found["summary"]["drifted"], found["summary"]["objects"]) == (11, 2, 14)
    assert verdict(found) == (
        "The tenant differs from the configuration: 2 of 14 objects drifted, 1 of them protects less, "
        "11 profiles are to be pinned to newer topics."
    )


def test_a_pin_of_an_older_topic_alone_is_drift() -> None:
    found = made(Finding("security_profile", "a topic", "update"), repinned("bot", **{"a topic": 2}))
    assert found["repins"][0]["topic_drifted"] is False, "a profile of that name is no topic"
    found = made(Finding("custom_topic", "b"), repinned("bot", b=2))
    assert (found["drifted"], found["outcome"], found["states"]["drift"]) == (True, "drifted", "warn")
    assert verdict(found) == "The tenant differs from the configuration: 1 profile is to be pinned to newer topics."


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"topic_revisions": {"a": 1, "b": 3}}, {"topic_revisions": {"a": 2, "b": 3}}, {"a": 2}),
        # Another topic, or anything else, is no matter of revisions alone.
        ({"topic_revisions": {"a": 1}}, {"topic_revisions": {"a": 2, "b": 1}}, {}),
        ({"topic_revisions": {"a": 1}}, {"topic_revisions": {"b": 1}}, {}),
        ({"topic_revisions": {"a": 1}, "urls": {}}, {"topic_revisions": {"a": 2}, "urls": {}}, {}),
        ({"topic_revisions": {"a": 1}, "old_revisions": [1]}, {"topic_revisions": {"a": 2}}, {}),
        ({}, {"topic_revisions": {"a": 2}}, {}),
        ({}, {}, {}),
    ],
)
def test_only_a_change_of_revisions_is_a_new_pin(before: Json, after: Json, found: Json) -> None:
    assert SecurityProfileReconciler.repinned({"before": before, "after": after}) == found


# --- what the comparison came to -------------------------------------------------------------------------------------


def test_a_configuration_without_objects_is_not_a_tenant_that_is_right() -> None:
    found = made(custom_topics=[topic("Weather")])
    assert (found["outcome"], found["drifted"], found["states"]["drift"]) == ("nothing_compared", False, "neutral")
    assert verdict(found) == "Nothing was compared: the configuration has no objects."
    assert set(made()["states"].values()) == {"neutral"}


def test_kinds_that_the_configuration_leaves_out_are_not_right() -> None:
    found = made(Finding("custom_topic", "a"), custom_topics=[topic("a"), topic("b")], api_keys=[key("bot")])
    assert found["compared"] == {"custom_topics": 1, "security_profiles": 0, "api_keys": 0, "customer_apps": 0}
    # What the tenant has none of is no gap.
    assert (found["not_compared"], found["outcome"]) == (["api_keys"], "partly_compared")
    assert (found["states"]["drift"], found["drifted"]) == ("neutral", False)
    assert verdict(found) == "What was compared matches the configuration. Not compared: API keys."


def test_what_may_be_there_unnamed_and_what_others_name_is_no_gap() -> None:
    found = made(
        Finding("api_key", "bot-key"),
        protect=["legacy-*"],
        api_keys=[key("bot-key", cust_app="bot")],
        customer_apps=[{"app_name": "bot"}],
        custom_topics=[topic("legacy-a")],
    )
    assert (found["not_compared"], found["outcome"], found["states"]["drift"]) == ([], "clean", "good")


@pytest.mark.parametrize(
    ("findings", "faults", "state"),
    [
        ([Finding("custom_topic", "a", "create")], [], "bad"),
        ([weaker("a")], [], "bad"),
        ([Finding("custom_topic", "a", error="odd")], [], "bad"),
        ([Finding("security_profile", "a", "update", surplus=[_to_alert("urls")])], [], "warn"),
        ([repinned("a", b=2)], [], "warn"),
        ([], [Fault("a", "b")], "bad"),
        ([Finding("custom_topic", "a")], [], "good"),
    ],
)
def test_drift_is_good_a_warning_or_bad(findings: list[Finding], faults: list[Fault], state: str) -> None:
    assert made(*findings, faults=faults)["states"]["drift"] == state


def test_the_other_parts_are_good_a_warning_or_bad() -> None:
    rows: dict[str, Any] = {
        "security_profiles": [profile("bot", urls={"default": "block"})],
        "customer_apps": [{"app_name": "bot"}],
        "api_keys": [key("bot", 90)],
        "custom_topics": [topic("a")],
    }
    named = (
        Finding("security_profile", "bot"),
        Finding("customer_app", "bot"),
        Finding("api_key", "bot"),
        Finding("custom_topic", "a"),
    )
    parts = ("protections", "api_keys", "custom_topics", "unnamed")
    assert {made(*named, **rows)["states"][part] for part in ("verdict", "drift", *parts)} == {"good"}
    assert made(*named, **{**rows, "api_keys": [key("bot", 3)]})["states"]["api_keys"] == "warn"
    assert made(*named, **{**rows, "api_keys": [key("bot", 3), key("x", -1)]})["states"]["api_keys"] == "bad"
    assert made(*named, **{**rows, "security_profiles": []})["states"]["protections"] == "bad"
    stale = topic("a", 2, pin("bot", 1, stale=True))
    assert made(*named, **{**rows, "custom_topics": [stale]})["states"]["custom_topics"] == "warn"
    assert made(*named[1:], **rows)["states"]["unnamed"] == "warn"
    # With errors nobody knows.
    assert made(faults=[Fault("a", "b")], **rows)["states"]["unnamed"] == "neutral"


def test_errors_of_the_configuration_are_drift_and_leave_the_rest_of_the_report() -> None:
    found = made(faults=[Fault("api_keys[0]", "must be a dictionary")], custom_topics=[topic("Weather")])
    assert found["errors"] == [{"file": None, "line": None, "path": "api_keys[0]", "message": "must be a dictionary"}]
    assert (found["drifted"], found["drift"], found["summary"]["objects"]) == (True, [], 0)
    assert [entry["name"] for entry in found["custom_topics"]] == ["Weather"]
    # What the configuration names is not known.
    assert (found["unnamed"]["custom_topics"], found["summary"]["unnamed"]) == ([], 0)


def test_the_verdict_is_one_sentence() -> None:
    assert [
        verdict(made(*findings, faults=faults))
        for findings, faults in (
            ([Finding("custom_topic", "a")], []),
            ([Finding("custom_topic", "a"), Finding("custom_topic", "b", "create")], []),
            ([], [Fault("a", "b")]),
            ([], [Fault("a", "b"), Fault("c", "d")]),
        )
    ] == [
        "The tenant matches the configuration.",
        "The tenant differs from the configuration: 1 of 2 objects drifted.",
        "The configuration has 1 error, so nothing was compared.",
        "The configuration has 2 errors, so nothing was compared.",
    ]


def test_the_report_says_when_of_what_and_of_which_tenant() -> None:
    found = made(custom_topics=[topic("a"), topic("b", tsg_id="1000000001")])
    assert (found["generated"], found["configuration"]) == ("2026-03-01 12:30 UTC", "tenant/")
    assert (found["tsg_id"], made()["tsg_id"]) == ("1000000001", None)


def test_a_kind_that_says_nothing_of_itself_is_reported_all_the_same() -> None:
    found = made(Finding("security_profile", "bot", "create"), security_profiles=[profile("other"), profile("bot")])
    assert [entry["name"] for entry in found["drift"]] == ["bot"]
    assert found["unnamed"]["security_profiles"] == ["other"]


# --- what nobody named -----------------------------------------------------------------------------------------------


def test_what_the_configuration_does_not_name_is_listed_by_name() -> None:
    found = made(
        Finding("custom_topic", "named", "none"),
        custom_topics=[topic("b"), topic("a"), topic("named"), topic("a", 2), topic("")],
        security_profiles=[profile("named")],
    )
    assert found["unnamed"] == {
        "custom_topics": ["a", "b"],
        "security_profiles": ["named"],
        "api_keys": [],
        "customer_apps": [],
    }
    assert (list(found["unnamed"]), found["summary"]["unnamed"]) == (list(KINDS), 3)


def test_what_is_protected_need_not_be_named() -> None:
    names = ("Sports", "Spurts", "Weather", "legacy-1", "Legacy-1", "x[1]")
    found = made(protect=["Sp?rts", "legacy-*", "x[[]1]"], custom_topics=[topic(name) for name in names])
    assert found["unnamed"]["custom_topics"] == ["Legacy-1", "Weather"]


def test_who_names_a_key_names_its_application() -> None:
    found = made(
        Finding("api_key", "bot-key"),
        api_keys=[key("bot-key", cust_app="bot"), key("other-key", cust_app="other")],
        customer_apps=[{"app_name": "bot"}, {"app_name": "other"}],
    )
    assert (found["unnamed"]["api_keys"], found["unnamed"]["customer_apps"]) == (["other-key"], ["other"])


# --- applications and profiles ---------------------------------------------------------------------------------------


def test_applications_are_joined_to_profiles() -> None:
    found = made(
        security_profiles=[profile(name, prompt_injection="block") for name in ("told", "same", "mapped", "unused")],
        customer_apps=[
            {"app_name": "a", "ai_sec_profile_name": "told", "environment": "prod", "cloud_provider": "aws"},
            {"app_name": "same"},
            {"app_name": "b"},
            {"app_name": "c"},
            {"app_name": "D", "ai_sec_profile_name": "gone"},
        ],
        application_profiles={"a": "mapped", "b": "mapped", "same": ""},
    )
    assert [(entry["name"], entry["profile"], entry["joined_by"]) for entry in found["applications"]] == [
        ("a", "told", "service"),
        ("b", "mapped", "mapping"),
        ("c", None, None),
        ("D", "gone", "service"),
        ("same", "same", "name"),
    ]
    assert found["applications"][0] == {
        "name": "a",
        "anchor": "applications-a",
        "below_baseline": False,
        "environment": "prod",
        "cloud_provider": "aws",
        "profile": "told",
        "profile_exists": True,
        "protected": True,
        "joined_by": "service",
    }
    assert [entry["profile_exists"] for entry in found["applications"]] == [True, True, False, False, True]
    assert [(entry["name"], entry["applications"]) for entry in found["profiles"]] == [
        ("mapped", ["b"]),
        ("same", ["same"]),
        ("told", ["a"]),
        ("unused", []),
    ]
    assert {name: found["summary"][name] for name in found["summary"] if "applica" in name or "profiles" in name} == {
        "applications": 5,
        "applications_without_profile": 2,
        "applications_unprotected": 2,
        "profiles": 4,
        "profiles_without_application": 1,
        "applications_below_baseline": 0,
        "profiles_below_baseline": 0,
    }
    assert found["coverage"]["prompt_injection"] == {
        "block": 3,
        "alert": 0,
        "allow": 0,
        "unknown": 0,
        "off": 0,
        "none": 2,
    }
    assert found["coverage"]["urls"] == {"block": 0, "alert": 0, "allow": 0, "unknown": 0, "off": 3, "none": 2}


def test_an_application_whose_profile_does_nothing_is_unprotected() -> None:
    found = made(security_profiles=[profile("bot", urls={})], customer_apps=[{"app_name": "bot"}])
    (application,) = found["applications"]
    assert (application["profile_exists"], application["protected"]) == (True, False)
    assert (found["summary"]["applications_unprotected"], found["summary"]["applications_without_profile"]) == (1, 0)


def test_of_a_profile_with_several_revisions_the_newest_counts() -> None:
    rows = [
        {**profile("bot", prompt_injection=action), "revision": revision}
        for revision, action in ((2, "alert"), (10, "block"), (1, "allow"))
    ]
    (found,) = made(security_profiles=rows)["profiles"]
    assert found["protections"]["prompt_injection"]["action"] == "block"


#: Option and value, and what the report makes of it.
SUMMED_UP: list[tuple[str, Any, str, str]] = [
    ("prompt_injection", "alert", "alert", ""),
    ("prompt_injection", "disabled", "off", ""),
    # An action that nobody knows is shown, not hidden.
    ("prompt_injection", "quarantine", "unknown", "quarantine"),
    ("toxic_content", {"high": "block", "moderate": "block"}, "block", ""),
    ("toxic_content", {"high": "block", "moderate": "allow"}, "block", "moderate allow"),
    ("toxic_content", {"high": "allow", "moderate": "alert"}, "alert", "high allow"),
    (
        "toxic_content",
        {"high": "alert", "moderate": "alert", "categories": [{"name": "hate", "high": "block"}]},
        "block",
        "own actions for 1",
    ),
    ("toxic_content", {}, "off", ""),
    ("topics", {"default": "allow", "block": ["a", "b"], "allow": ["c"]}, "block", "2 blocked, 1 allowed"),
    ("topics", {"default": "block", "block": [], "allow": ["c"]}, "block", "all but 1"),
    ("topics", {"default": "block"}, "block", "everything"),
    ("topics", {"default": "allow", "allow": ["c"]}, "allow", "1 allowed"),
    ("topics", {"default": "allow", "block": [], "allow": []}, "off", ""),
    ("urls", {"default": "block", "block": ["a"], "alert": ["b"]}, "block", "malicious, 1 blocked, 1 alerted"),
    ("urls", {"default": "disabled", "alert": ["b"]}, "alert", "1 alerted"),
    ("urls", {"default": "allow"}, "allow", ""),
    ("urls", {"default": "disabled", "block": []}, "off", ""),
    ("data_leak", {"profiles": ["PII"], "action": "block", "mask_inline": True}, "block", "PII, masked"),
    ("data_leak", {"profiles": ["a", "b", "c"], "action": "allow"}, "allow", "a, b and 1 more"),
    ("data_leak", {"profiles": ["a"], "action": "quarantine"}, "unknown", "quarantine, a"),
    ("data_leak", {"profiles": [], "action": "block"}, "off", ""),
    ("database_security", {"create": "block", "read": "allow", "update": "block"}, "block", "create, update"),
    ("database_security", dict.fromkeys(("create", "read", "update", "delete"), "block"), "block", ""),
    ("database_security", {"read": "allow"}, "allow", ""),
    ("source_code", "allow", "allow", ""),
]


@pytest.mark.parametrize(("option", "value", "action", "detail"), SUMMED_UP)
def test_a_protection_is_summed_up_in_a_word(option: str, value: Any, action: str, detail: str) -> None:
    cells = posture({option: value})
    assert cells[option] == {"action": action, "detail": detail}
    assert protects(cells) == (action != "off")


def test_protections_of_directions_are_put_together() -> None:
    four = ("prompt", "response", "tool_call", "tool_response")
    directions: dict[str, Json] = {name: {"malicious_code": "block"} for name in four}
    directions["prompt"]["prompt_injection"] = "block"
    directions["tool_response"]["prompt_injection"] = "alert"
    cells = posture({"directions": directions})
    assert cells["malicious_code"] == {"action": "block", "detail": ""}
    assert cells["prompt_injection"] == {"action": "block", "detail": "prompt block, tool response alert"}
    assert cells["urls"] == {"action": "off", "detail": ""}
    assert posture({"directions": {"prompt": {"urls": {"default": "block"}}, "response": None}})["urls"] == {
        "action": "block",
        "detail": "prompt block",
    }


def test_the_report_knows_every_protection_of_a_profile() -> None:
    about_the_whole = {"latency", "mask_data_in_storage", "full_conversation_inspection", "severities", "dlp_profiles"}
    assert set(posture(EVERY_PROTECTION)) == set(option_specs()) - about_the_whole - {"directions", "policy"}


def test_a_profile_is_told_with_the_topics_that_it_enforces() -> None:
    found = made(
        security_profiles=[profile("bot"), profile("other")],
        custom_topics=[
            topic("b", 2, pin("bot", 1, stale=True), pin("other", 2, action="allow")),
            topic("A", 1, pin("bot", 1), pin("bot", 1, latest=False)),
        ],
    )
    assert {entry["name"]: entry["topics"] for entry in found["profiles"]} == {
        "bot": [{"name": "A", "action": "block", "stale": False}, {"name": "b", "action": "block", "stale": True}],
        "other": [{"name": "b", "action": "allow", "stale": False}],
    }


# --- the baseline ----------------------------------------------------------------------------------------------------


def below(**profiles: Sequence[str]) -> Json:
    """What a report says of a baseline that these profiles are below of, with these protections."""
    rows = {
        name: [{"protection": each, "required": "block", "actual": "allow"} for each in protections]
        for name, protections in profiles.items()
    }
    found = [{"name": name, "below": gaps} for name, gaps in rows.items()]
    return {"defined": True, "checked": 3, "below": found, "exceptions": []}


def test_profiles_and_applications_below_the_baseline_are_marked() -> None:
    gaps = ("prompt_injection", "toxic_content.high", "toxic_content.categories.a.b.high", "directions.prompt.urls.x.y")
    found = made(
        Finding("security_profile", "bot"),
        security_profiles=[profile("bot", prompt_injection="allow"), profile("good"), profile("shop", urls={})],
        customer_apps=[{"app_name": "bot"}, {"app_name": "good"}, {"app_name": "none"}],
        baseline=below(bot=gaps),
    )
    bot, *others = found["profiles"]
    assert {option: [gap["protection"] for gap in each] for option, each in bot["below_baseline"].items()} == {
        "prompt_injection": ["prompt_injection"],
        "toxic_content": ["toxic_content.high", "toxic_content.categories.a.b.high"],
        "urls": ["directions.prompt.urls.x.y"],
    }
    assert [entry["below_baseline"] for entry in others] == [{}, {}]
    assert [entry["below_baseline"] for entry in found["applications"]] == [True, False, False]
    assert found["summary"]["profiles_below_baseline"] == 1
    assert found["summary"]["applications_below_baseline"] == 1
    assert {found["states"][part] for part in ("verdict", "baseline")} == {"bad"}
    assert found["drifted"]
    assert found["verdict"].endswith("Not compared: applications. 1 of 3 security profiles is below the baseline.")


def test_a_baseline_alone_says_that_nothing_else_was_compared() -> None:
    found = made(security_profiles=[profile("bot")], baseline=below())
    assert found["verdict"] == "0 of 3 security profiles are below the baseline. Nothing else was compared."
    assert (found["drifted"], found["states"]["baseline"], found["states"]["verdict"]) == (False, "good", "neutral")
    assert found["unnamed"]["security_profiles"] == []


def test_without_a_baseline_nothing_is_below_it() -> None:
    found = made(security_profiles=[profile("bot")], customer_apps=[{"app_name": "bot"}])
    assert found["baseline"] == {"defined": False, "checked": 0, "below": [], "exceptions": []}
    assert (found["profiles"][0]["below_baseline"], found["applications"][0]["below_baseline"]) == ({}, False)
    assert found["states"]["baseline"] == "neutral"


# --- links -----------------------------------------------------------------------------------------------------------

#: Names that look alike, or that an attribute would end at.
ALIKE = ("bot", "Bot", "BOT", "bot ", " bot", "b ot", "b-ot", "b_ot", "b.ot", "b~ot", "bót", "b\u202eot", '"><x', "")
LONG = ("x" * 500, "x" * 499 + "y", "x" * 40, "x" * 41, "\ud83d", "日本語", "日本誌")


def test_every_name_has_an_anchor_of_its_own() -> None:
    found = {anchor(part, name) for part in ("api_keys", "drift.api_key") for name in (*ALIKE, *LONG)}
    assert len(found) == 2 * len({*ALIKE, *LONG})
    assert [each for each in found if not re.fullmatch("[A-Za-z0-9._~-]{1,80}", each)] == []
    assert anchor("profiles", "support-bot_1.2") == "profiles-support-bot_1.2"


@given(st.lists(st.text(max_size=50), unique=True, max_size=20))
def test_anchors_of_different_names_differ(names: list[str]) -> None:
    assert len({anchor("profiles", name) for name in names}) == len(names)


def test_objects_of_one_name_have_anchors_of_their_own() -> None:
    found = made(
        Finding("custom_topic", "bot", "create"),
        Finding("customer_app", "bot", error="odd"),
        custom_topics=[topic("bot", 1), topic("bot", 2), topic("bot", 3)],
        api_keys=[key("bot")],
    )
    assert [entry["anchor"] for entry in found["custom_topics"]] == [
        "custom_topics-bot",
        "custom_topics-bot~2",
        "custom_topics-bot~3",
    ]
    assert [entry["anchor"] for entry in found["drift"]] == ["drift.custom_topic-bot", "drift.customer_app-bot"]


# --- keys and topics -------------------------------------------------------------------------------------------------


def test_keys_are_listed_by_the_days_that_are_left() -> None:
    found = made(
        api_keys=[
            key("later", 30),
            key("Never", None),
            key("soon", 29),
            key("now", 0),
            key("old", -3),
            key("older", -9),
            key("revoked", 9, revoked=True),
            key("Gone", 50, revoked=True),
            key("always", None),
        ]
    )
    assert [(entry["name"], entry["status"]) for entry in found["api_keys"]] == [
        ("older", "expired"),
        ("old", "expired"),
        ("Gone", "revoked"),
        ("revoked", "revoked"),
        ("now", "soon"),
        ("soon", "soon"),
        ("later", "later"),
        ("always", "never"),
        ("Never", "never"),
    ]
    assert {name: count for name, count in found["summary"].items() if name.startswith("api_keys")} == {
        "api_keys": 9,
        "api_keys_revoked": 2,
        "api_keys_expired": 2,
        "api_keys_soon": 2,
    }


def test_a_key_is_told_with_its_application() -> None:
    (entry,) = made(api_keys=[key("bot", 40, cust_app="shop", cust_env="prod", dp_name="dp")])["api_keys"]
    assert entry == {
        "name": "bot",
        "anchor": "api_keys-bot",
        "application": "shop",
        "environment": "prod",
        "deployment_profile": "dp",
        "expires": f"{_in_days(40):%Y-%m-%d}",
        "days_left": 40,
        "status": "later",
    }
    (entry,) = made(api_keys=[key("bot", None)])["api_keys"]
    assert (entry["expires"], entry["application"]) == ("", "")


def test_stale_pins_come_first_and_are_marked() -> None:
    found = made(
        custom_topics=[
            topic("fresh", 1, pin("bot", 1)),
            topic("stale", 2, pin("bot", 1, stale=True), pin("former", 1, latest=False, stale=True)),
            topic("Alone"),
            # Several directions of a profile pin it.
            topic("twice", 1, pin("bot", 1), pin("bot", 1), pin("bot", 1, action="allow")),
        ]
    )
    assert [
        (entry["name"], entry["revision"], len(entry["pins"]), entry["stale_pins"], entry["old_pins"])
        for entry in found["custom_topics"]
    ] == [("stale", 2, 1, 1, 1), ("Alone", 1, 0, 0, 0), ("fresh", 1, 1, 0, 0), ("twice", 1, 2, 0, 0)]
    assert found["custom_topics"][0]["pins"] == [{"profile": "bot", "action": "block", "revision": 1, "stale": True}]
    assert (found["summary"]["custom_topics"], found["summary"]["stale_pins"]) == (4, 1)
