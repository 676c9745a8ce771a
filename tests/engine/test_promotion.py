# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From one tenant to another: exported here, applied there under other names, and then all agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Emulator, JsonObject
from support.playbook import Controller
from support.stored_profiles import live_tenant, shaped_tenant
from support.tasks import TOPIC, task
from support.tenant import Tenant
from support.whole_tenant import SUPPORT_KEY, actions, airs_tenant, seed, seeded_key, seeded_profile, seeded_topic

BUILT_IN = {"text": "sensitive content", "id": "", "version": "2"}


def read_plan(path: Path) -> JsonObject:
    """The document of a plan."""
    made: JsonObject = json.loads(path.read_text(encoding="utf-8"))
    return made


def pin(name: str, identifier: str) -> JsonObject:
    """A pinned topic as the tenant shows it that has it."""
    return {"topic_name": name, "topic_id": identifier, "revision": 7}


def raw(*pins: JsonObject, members: tuple[JsonObject, ...] = (), rows: tuple[JsonObject, ...] = ()) -> JsonObject:
    """A policy, as it is copied out of another tenant."""
    guardrails = {"name": "topic-guardrails", "action": "allow", "topic-list": [{"action": "block", "topic": [*pins]}]}
    detection = {"action": "block", "member": [*members]}
    configuration = {
        "model-protection": [guardrails] if pins else [],
        "data-protection": {"data-leak-detection": detection} if members else {},
    }
    profile = {"model-type": "default", "model-configuration": configuration}
    return {"ai-security-profiles": [profile], "dlp-data-profiles": [*rows]}


# --- the whole way ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stored", [live_tenant, shaped_tenant])
def test_an_export_applied_to_another_tenant_under_other_names_agrees(
    controller: Controller, emulator: Emulator, tmp_path: Path, stored: Callable[[], JsonObject]
) -> None:
    emulator.seed(stored())
    seed(emulator, api_keys=[seeded_key("key", "shop")])
    emulator.seed(
        {
            "replace": True,
            "tenants": {
                OTHER_ACCOUNT.tsg_id: {
                    "deployment_profiles": [{"dp_name": "dp-other", "auth_code": "D1000001"}],
                    "dlp_profiles": [{"name": "Personal data"}],
                    # What a profile here pins and is gone here; and what is somebody else's, with a name of ours.
                    "custom_topics": [seeded_topic("gone"), seeded_topic("advice")],
                    "ai_profiles": [seeded_profile("theirs")],
                }
            },
        }
    )
    (tmp_path / "secrets").mkdir()
    folder = tmp_path / "tenant"
    controller.play(task("export", "airs_tenant_export", {"path": str(folder)}))
    emulator.clear_journal()
    controller.use(emulator, OTHER_ACCOUNT)
    options: JsonObject = {
        "config_path": str(folder),
        "name_map": {"deployment_profiles": {"dp-production": "dp-other"}, "api_keys": {"key": "the-key"}},
        "name_prefix": "prod-",
        "missing_dlp_profiles": "built_in",
        "tsg_id": OTHER_ACCOUNT.tsg_id,
    }
    whole = {**options, "secret_dir": str(tmp_path / "secrets")}
    overridden = {"state": "overridden", "purge": ["custom_topics", "security_profiles", "api_keys", "customer_apps"]}
    run = controller.play(
        airs_tenant("predicted", {"check_mode": True}, **whole),
        airs_tenant("apply", **whole),
        airs_tenant("again", **whole),
        airs_tenant("overridden", **whole, **overridden),
        task("drift", "airs_tenant_drift_info", options),
    )
    names = [row["name"] for row in run["apply"]["objects"]]
    assert names
    assert [name for name in names if not name.startswith("prod-")] == []
    assert run["predicted"]["objects"] == run["apply"]["objects"]
    assert run["apply"]["counts"]["security_profiles"]["create"] > 0
    for name in ("again", "overridden"):
        assert run[name]["changed"] is False
    assert run["drift"]["report"]["drifted"] is False
    # What has not the prefix is not the configuration's.
    assert run["drift"]["report"]["summary"]["unnamed"] == 0
    other = Tenant(emulator, OTHER_ACCOUNT)
    assert [row["revision"] for row in other.profiles("theirs")] == [1]
    assert len(other.topics("advice")) == 1
    assert "prod-shop" in other.apps()
    assert (tmp_path / "secrets" / "prod-the-key.key").is_file()


def test_a_plan_of_a_promotion_is_applied_as_it_was_approved(
    controller: Controller, emulator: Emulator, tmp_path: Path
) -> None:
    profile = {"name": "bot", "topics": {"block": ["advice"]}, "data_leak": {"profiles": ["Theirs"]}}
    config = {"custom_topics": [{"name": "advice", **TOPIC}], "security_profiles": [profile]}
    plan = {"plan_path": str(tmp_path / "plan.json"), "tsg_id": ACCOUNT.tsg_id, "config": config}
    promotion = {"name_prefix": "qa-", "missing_dlp_profiles": "built_in"}
    run = controller.play(
        airs_tenant("plan", {"check_mode": True}, **plan, **promotion),
        airs_tenant("other", {"ignore_errors": True}, **plan, **promotion | {"name_prefix": "prod-"}),
        airs_tenant("apply", **plan, **promotion),
    )
    assert run["other"]["changed"] is False
    assert "name_prefix" in run["other"]["msg"]
    assert actions(run["apply"]) == [("qa-advice", "create"), ("qa-bot", "create")]
    replaced = ["Missing DLP profiles, replaced by the built-in detection:", "  security profile 'qa-bot': 'Theirs'"]
    assert run["plan"]["summary"][1:3] == run["apply"]["summary"][1:3] == replaced
    (row,) = [row for row in read_plan(tmp_path / "plan.json")["changes"] if row["name"] == "qa-bot"]
    assert row["replaced_dlp_profiles"] == ["Theirs"]


# --- names in a raw policy -------------------------------------------------------------------------------------------


def test_ids_of_another_tenant_in_a_raw_policy_are_found_by_name(controller: Controller, emulator: Emulator) -> None:
    policy = raw(
        pin("ours", "of-another-tenant"),
        pin("Weather", "of-another-tenant"),
        members=({"text": "Their PII", "id": "77", "version": "5"}, BUILT_IN),
        rows=({"name": "Their PII", "uuid": "theirs", "log-severity": "high"},),
    )
    config = {"custom_topics": [{"name": "ours", **TOPIC}], "security_profiles": [{"name": "bot", "policy": policy}]}
    options: JsonObject = {"config": config, "name_map": {"dlp_profiles": {"Their PII": "HIPAA"}}, "name_prefix": "qa-"}
    run = controller.play(airs_tenant("apply", **options), airs_tenant("again", **options))
    assert run["again"]["changed"] is False
    tenant = Tenant(emulator)
    held = tenant.profiles("qa-bot")[0]["policy"]
    configuration = held["ai-security-profiles"][0]["model-configuration"]
    (bucket,) = configuration["model-protection"][0]["topic-list"]
    ids = {row["topic_name"]: row["topic_id"] for name in ("qa-ours", "Weather") for row in tenant.topics(name)}
    assert {each["topic_name"]: each["topic_id"] for each in bucket["topic"]} == ids
    members = {each["text"]: each["id"] for each in configuration["data-protection"]["data-leak-detection"]["member"]}
    assert members == {"HIPAA": "11995010", "sensitive content": ""}
    (row,) = held["dlp-data-profiles"]
    assert (row["name"], row["log-severity"]) == ("HIPAA", "high")
    assert row["uuid"] != "theirs"


def test_what_a_raw_policy_names_and_nobody_has_is_an_error_with_its_place(
    controller: Controller, emulator: Emulator
) -> None:
    profiles = [
        {"name": "one", "policy": raw(pin("Wether", "x"), members=({"text": "PIJ"},), rows=({"name": "PIJ"},))},
        {"name": "two", "policy": raw({"topic_id": "of-another-tenant", "revision": 3})},
        {"name": "three", "policy": raw(rows=({"uuid": "of-another-tenant"},))},
    ]
    run = controller.play(airs_tenant("tenant", config={"security_profiles": profiles}), succeeds=False)
    errors = {error["path"]: error["message"] for error in run["tenant"]["errors"]}
    main = "policy.ai-security-profiles[0].model-configuration"
    pinned = f"{main}.model-protection[0].topic-list[0].topic[0]"
    assert set(errors) == {
        f"security_profiles[0].{pinned}.topic_name",
        f"security_profiles[0].{main}.data-protection.data-leak-detection.member[0].text",
        "security_profiles[0].policy.dlp-data-profiles[0].name",
        "security_profiles[1]",
        "security_profiles[2]",
    }
    assert "id you mean 'Weather'" in errors[f"security_profiles[0].{pinned}.topic_name"]
    assert f"{pinned} contains the ID 'of-another-tenant'" in errors["security_profiles[1]"]
    assert "policy.dlp-data-profiles[0] contains the ID 'of-another-tenant'" in errors["security_profiles[2]"]
    assert emulator.writes() == []


def test_a_name_of_the_map_that_is_nowhere_is_a_warning(controller: Controller, emulator: Emulator) -> None:
    profile = {"name": "bot", "data_leak": {"profiles": ["PII"], "action": "block"}}
    options = {"config": {"security_profiles": [profile]}, "name_map": {"dlp_profiles": {"PIII": "PHI"}}}
    run = controller.play(airs_tenant("apply", **options), task("drift", "airs_tenant_drift_info", options))
    warning = "name_map.dlp_profiles contains 'PIII', which is not in the configuration. Did you mean 'PII'?"
    assert run["apply"]["warnings"] == run["drift"]["warnings"] == [warning]


# --- DLP profiles that are missing -----------------------------------------------------------------------------------


def test_the_built_in_detection_takes_the_place_of_missing_dlp_profiles(
    controller: Controller, emulator: Emulator
) -> None:
    profiles: list[JsonObject] = [
        {
            "name": "bot",
            "data_leak": {"profiles": ["PII", "Theirs", "Other"], "action": "block"},
            "dlp_profiles": [{"name": "Theirs", "log_severity": "high"}],
        },
        {"name": "raw", "policy": raw(members=({"text": "Theirs", "id": "7"},), rows=({"name": "Theirs"},))},
        {"name": "none", "prompt_injection": "block"},
    ]
    options: JsonObject = {"config": {"security_profiles": profiles}}
    built_in: JsonObject = {**options, "missing_dlp_profiles": "built_in"}
    run = controller.play(
        airs_tenant("refused", {"ignore_errors": True}, **options),
        airs_tenant("predicted", {"check_mode": True}, **built_in),
        airs_tenant("apply", **built_in),
        airs_tenant("again", **built_in),
        task("drift", "airs_tenant_drift_info", built_in),
    )
    assert len(run["refused"]["errors"]) == 5
    rows = [
        {"security_profile": profile, "dlp_profile": name}
        for profile, name in (("bot", "Theirs"), ("bot", "Other"), ("raw", "Theirs"))
    ]
    for name in ("predicted", "apply", "again"):
        assert run[name]["replaced_dlp_profiles"] == rows
    instead = "the built-in detection of sensitive data is used instead of missing DLP profiles"
    assert run["apply"]["warnings"][:2] == [
        f"Security profile 'bot': {instead}: Theirs, Other.",
        f"Security profile 'raw': {instead}: Theirs.",
    ]
    assert run["again"]["changed"] is False
    assert run["drift"]["report"]["drifted"] is False
    for name, members in (("bot", {"PII", "sensitive content"}), ("raw", {"sensitive content"})):
        policy = Tenant(emulator).profiles(name)[0]["policy"]
        detection = policy["ai-security-profiles"][0]["model-configuration"]["data-protection"]["data-leak-detection"]
        assert {each["text"] for each in detection["member"]} == members
        assert [row["name"] for row in policy["dlp-data-profiles"]] == [name for name in members if name == "PII"]


@pytest.mark.parametrize("body", [{}, {"dlp_profiles": None}])
def test_no_dlp_profile_is_replaced_for_a_list_that_is_not_there(
    controller: Controller, emulator: Emulator, body: JsonObject
) -> None:
    emulator.add_fault({"kind": "status", "status": 200, "body": body}, path="*/dlpprofiles", times=None)
    profile = {"name": "bot", "data_leak": {"profiles": ["PII"], "action": "block"}}
    options = {"config": {"security_profiles": [profile]}, "missing_dlp_profiles": "built_in"}
    run = controller.play(airs_tenant("tenant", **options), succeeds=False)
    assert "did not return a list of DLP profiles" in run.failure
    assert emulator.writes() == []


def test_a_dlp_profile_that_is_there_later_is_used(controller: Controller, emulator: Emulator) -> None:
    profile = {"name": "bot", "data_leak": {"profiles": ["PII", "Theirs"], "action": "block"}}
    options = {"config": {"security_profiles": [profile]}, "missing_dlp_profiles": "built_in"}
    controller.play(airs_tenant("apply", **options))
    seed(emulator, dlp_profiles=[{"name": "Theirs"}])
    run = controller.play(airs_tenant("apply", **options), airs_tenant("again", **options))
    assert (actions(run["apply"]), run["again"]["changed"]) == ([("bot", "update")], False)
    assert "replaced_dlp_profiles" not in run["apply"]
    policy = Tenant(emulator).profiles("bot")[0]["policy"]
    detection = policy["ai-security-profiles"][0]["model-configuration"]["data-protection"]["data-leak-detection"]
    assert [each["text"] for each in detection["member"]] == ["PII", "Theirs"]


def test_a_dlp_profile_that_a_profile_has_already_stays(controller: Controller, emulator: Emulator) -> None:
    profile = {"name": "bot", "data_leak": {"profiles": ["PII"], "action": "block"}}
    options = {"config": {"security_profiles": [profile]}, "missing_dlp_profiles": "built_in"}
    controller.play(airs_tenant("apply", **options))
    emulator.seed({"replace": False, "tenants": {ACCOUNT.tsg_id: {"dlp_profiles": []}}})
    assert controller.play(airs_tenant("again", **options))["again"]["changed"] is False


# --- purging with a prefix -------------------------------------------------------------------------------------------


@pytest.fixture
def shared(emulator: Emulator) -> None:
    """A tenant that two teams share."""
    seed(
        emulator,
        custom_topics=[seeded_topic(name) for name in ("qa-old", "old", "QA-old")],
        api_keys=[seeded_key("qa-key", "qa-shop"), seeded_key("key", "shop"), seeded_key("qa-lent", "theirs")],
    )
    emulator.clear_journal()


def purged(controller: Controller, succeeds: bool = True, **options: Any) -> JsonObject:
    """The result of a purge of the objects with a prefix."""
    overridden = {"state": "overridden", "name_prefix": "qa-", "tsg_id": ACCOUNT.tsg_id, **options}
    result: JsonObject = controller.play(airs_tenant("purge", **overridden), succeeds=succeeds)["purge"]
    return result


def test_with_a_prefix_only_what_has_it_is_purged(controller: Controller, emulator: Emulator, shared: None) -> None:
    result = purged(controller, config={"custom_topics": []}, purge=["custom_topics"])
    assert actions(result) == [("qa-old", "delete")]
    assert len(emulator.writes()) == 1


def test_a_purge_takes_nothing_along_that_has_not_the_prefix(
    controller: Controller, emulator: Emulator, shared: None
) -> None:
    result = purged(controller, succeeds=False, config={"api_keys": []}, purge=["api_keys"])
    (error,) = result["errors"]
    assert "would also delete its application 'theirs'" in error["message"]
    assert "does not have the prefix" in error["message"]
    assert emulator.writes() == []
    result = purged(controller, config={"api_keys": []}, purge=["api_keys"], protect=["qa-lent"])
    assert actions(result) == [("qa-key", "delete"), ("qa-shop", "delete")]


def test_an_entry_that_is_to_be_absent_is_the_one_with_the_prefix(
    controller: Controller, emulator: Emulator, shared: None
) -> None:
    config = {"custom_topics": [{"name": "old", "state": "absent"}]}
    result = controller.play(airs_tenant("tenant", config=config, name_prefix="qa-"))["tenant"]
    assert actions(result) == [("qa-old", "delete")]
    assert len(Tenant(emulator).topics("old")) == 1


def test_a_name_that_is_too_long_with_the_prefix_is_an_error_before_any_call(
    controller: Controller, emulator: Emulator
) -> None:
    config = {"api_keys": [{**SUPPORT_KEY, "name": "k" * 28}]}
    result = controller.play(airs_tenant("tenant", config=config, name_prefix="qa-of-"), succeeds=False)["tenant"]
    (error,) = result["errors"]
    assert error["path"] == "api_keys[0]"
    assert "at most 31 characters, but has 34" in error["message"]
    assert "name_prefix 'qa-of-'" in error["message"]
    assert emulator.journal() == []
