# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles as live tenants hold them: whoever exports and applies them writes nothing, and one edit is one write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import Controller
from support.stored_profiles import live_tenant, shaped_tenant
from support.tasks import security_profile, task
from support.whole_tenant import airs_tenant

MODES: dict[str, JsonObject] = {
    "as it was stored": {"fill_defaults": False},
    "filling in": {},
    "canonicalising": {"canonicalise": True},
    "null topics": {"null_topics": True},
    "everything odd": {"canonicalise": True, "null_topics": True, "latest_default": True},
}
each_mode = pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
each_tenant = pytest.mark.parametrize("stored", [live_tenant, shaped_tenant])


def seed(emulator: Emulator, stored: Callable[[], JsonObject], mode: JsonObject) -> None:
    """Let the tenant hold the profiles. Topics that are not in the file are gone."""
    emulator.settings(**mode)
    document = stored()
    if stored is live_tenant:
        document["tenants"][ACCOUNT.tsg_id].pop("custom_topics")
    emulator.seed(document)
    emulator.clear_journal()


def pasted(**keywords: object) -> JsonObject:
    """A task that gives each profile the options that C(airs_security_profile_info) has found."""
    profile = "{{ {'name': item.profile_name} | combine(item.options) }}"
    found = "{{ found.security_profiles }}"
    step = {"name": "pasted", "panw.airs.airs_security_profile": profile}
    return {**step, "loop": found, "loop_control": {"label": "x"}, **keywords}


@each_mode
@each_tenant
def test_what_is_exported_or_read_is_written_nowhere(
    controller: Controller, emulator: Emulator, tmp_path: Path, stored: Callable[[], JsonObject], mode: JsonObject
) -> None:
    seed(emulator, stored, mode)
    run = controller.play(
        task("export", "airs_tenant_export", {"path": str(tmp_path / "tenant"), "kinds": ["security_profiles"]}),
        airs_tenant("apply", config_path=str(tmp_path / "tenant")),
        airs_tenant("again", config_path=str(tmp_path / "tenant")),
        task("drift", "airs_tenant_drift_info", {"config_path": str(tmp_path / "tenant")}),
        task("found", "airs_security_profile_info", {}, register="found"),
        pasted(),
        diff=True,
    )
    assert len(run["apply"]["objects"]) == len(run["found"]["security_profiles"]) > 7
    for name in ("apply", "again"):
        assert (run[name]["changed"], run[name]["diff"], run[name]["weakened"]) == (False, [], [])
    assert run["drift"]["report"]["drifted"] is False
    results = run["pasted"]["results"]
    assert [result["item"]["profile_name"] for result in results if result["changed"] or result["weakened"]] == []
    assert emulator.writes() == []


@each_mode
def test_one_edit_of_an_export_is_one_write(
    controller: Controller, emulator: Emulator, tmp_path: Path, mode: JsonObject
) -> None:
    seed(emulator, shaped_tenant, mode)
    folder = tmp_path / "tenant"
    controller.play(task("export", "airs_tenant_export", {"path": str(folder), "kinds": ["security_profiles"]}))
    edits = {
        "f-classic": ("agent_security", "alert"),
        "f-directional": ("latency", {"max_seconds": 7}),
        "f-future": ("prompt_injection", "block"),
        "f-twoai": ("toxic_content", {"high": "block", "moderate": "alert"}),
        "f-dlpnoname": ("severities", {"source_code": "low", "urls": "high"}),
        "f-gonetopic": ("topics", {"default": "allow", "block": ["gone", "tt"]}),
        "f-cats": ("data_leak", {"mask_inline": False}),
    }
    for name, (option, value) in edits.items():
        path = folder / "security_profiles" / f"{name}.yml"
        config = yaml.safe_load(path.read_text())
        config["security_profiles"][0][option] = value
        path.write_text(yaml.safe_dump(config))
    emulator.clear_journal()
    run = controller.play(
        airs_tenant("apply", config_path=str(folder)), airs_tenant("again", config_path=str(folder)), diff=True
    )
    changed = {row["name"] for row in run["apply"]["objects"] if row["action"] == "update"}
    # A severity of what is not on changes nothing.
    assert changed == edits.keys() - {"f-dlpnoname"}
    assert len(emulator.writes()) == len(changed)
    assert (run["again"]["changed"], run["again"]["diff"]) == (False, [])
    assert [(row["name"], row["protection"], row["after"]) for row in run["apply"]["weakened"]] == [
        ("f-cats", "data_leak.mask_inline", "off"),
        ("f-classic", "agent_security", "alert"),
    ]


def test_a_plain_action_is_both_confidences_and_no_part_of_it_is_lost(
    controller: Controller, emulator: Emulator
) -> None:
    detector = {"name": "toxic-content", "action": "block"}
    configuration = {"model-protection": [detector]}
    policy = {"ai-security-profiles": [{"model-type": "default", "model-configuration": configuration}]}
    seeded = {"ai_profiles": [{"profile_name": "bot", "policy": policy}]}
    emulator.seed({"tenants": {ACCOUNT.tsg_id: seeded}})
    bot = {"name": "bot"}
    run = controller.play(
        security_profile("same", {**bot, "toxic_content": {"high": "block", "moderate": "block"}}),
        security_profile("part", {**bot, "toxic_content": {"moderate": "alert"}, "on_weakening": "report"}),
        security_profile(
            "refused", {**bot, "toxic_content": {"high": "allow"}, "on_weakening": "refuse"}, ignore_errors=True
        ),
        task("found", "airs_security_profile_info", {"name": "bot"}),
    )
    assert [run[name]["changed"] for name in ("same", "part")] == [False, True]
    assert run["part"]["weakened"] == [{"protection": "toxic_content.moderate", "before": "block", "after": "alert"}]
    assert run["refused"]["msg"] == (
        "Cannot update security profile 'bot': its protection would be weakened, and on_weakening is set to "
        "refuse: toxic_content.high: block -> allow. Nothing was changed."
    )
    (found,) = run["found"]["security_profiles"]
    (held,) = found["policy"]["ai-security-profiles"][0]["model-configuration"]["model-protection"]
    assert held["action"] == "high:block, moderate:alert"


def test_a_tenant_refuses_all_when_one_profile_would_protect_less(controller: Controller, emulator: Emulator) -> None:
    seed(emulator, shaped_tenant, {})
    config = {
        "custom_topics": [{"name": "new", "description": "d"}],
        "security_profiles": [
            {"name": "f-classic", "prompt_injection": "alert"},
            {"name": "f-twoai", "on_weakening": "refuse", "prompt_injection": "disabled"},
        ],
    }
    run = controller.play(
        airs_tenant("refused", {"ignore_errors": True}, config=config, on_weakening="refuse"),
        airs_tenant("one refused", {"ignore_errors": True}, config=config),
        airs_tenant("let", config=config, on_weakening="report"),
    )
    assert [error["path"] for error in run["refused"]["errors"]] == ["security_profiles[0]", "security_profiles[1]"]
    assert [error["path"] for error in run["one refused"]["errors"]] == ["security_profiles[1]"]
    assert "prompt_injection: block -> off" in run["one refused"]["msg"]
    assert [row["after"] for row in run["let"]["weakened"]] == ["alert", "off"]
    assert len(emulator.writes()) == 3


def test_a_topic_is_known_by_what_it_is_and_not_by_its_name(controller: Controller, emulator: Emulator) -> None:
    pins = [{"topic_id": f"t-{number}", "topic_name": "old", "revision": 1} for number in (1, 3)]
    detector = {"name": "topic-guardrails", "action": "allow", "topic-list": [{"action": "block", "topic": pins[:1]}]}
    gone = {**detector, "topic-list": [{"action": "block", "topic": pins[1:]}]}
    rows = [
        {
            "profile_name": name,
            "policy": {"ai-security-profiles": [{"model-configuration": {"model-protection": [held]}}]},
        }
        for name, held in (("bot", detector), ("made again", gone))
    ]
    named = [{"topic_id": "t-1", "topic_name": "new"}, {"topic_id": "t-2", "topic_name": "old"}]
    topics = [{**topic, "revision": 1, "description": "d", "examples": []} for topic in named]
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"custom_topics": topics, "ai_profiles": rows}}})
    guarded = {"name": "bot", "topics": {"block": ["old"]}, "on_weakening": "refuse"}
    renamed = {"name": "bot", "topics": {"block": ["new"]}, "on_weakening": "refuse"}
    run = controller.play(
        security_profile("lost", guarded, ignore_errors=True),
        task("drift", "airs_tenant_drift_info", {"config": {"security_profiles": [guarded]}}),
        security_profile("renamed", renamed),
        security_profile("made again", {**guarded, "name": "made again"}),
    )
    assert "set to refuse: topics.new: block -> allow." in run["lost"]["msg"]
    (drifted,) = run["drift"]["report"]["drift"]
    assert drifted["weakened"] == [{"protection": "topics.old", "before": "block", "after": "allow"}]
    assert [run[name]["weakened"] for name in ("renamed", "made again")] == [[], []]


def test_topics_that_are_made_again_in_the_same_run_are_not_lost(controller: Controller, emulator: Emulator) -> None:
    names = ["first", "second"]
    pins = [{"topic_id": f"gone-{name}", "topic_name": name, "revision": 1} for name in names]
    detector = {"name": "topic-guardrails", "action": "allow", "topic-list": [{"action": "block", "topic": pins}]}
    policy = {"ai-security-profiles": [{"model-configuration": {"model-protection": [detector]}}]}
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"ai_profiles": [{"profile_name": "bot", "policy": policy}]}}})
    config = {
        "custom_topics": [{"name": name, "description": "d"} for name in names],
        "security_profiles": [{"name": "bot", "on_weakening": "refuse", "topics": {"block": names}}],
    }
    run = controller.play(
        airs_tenant("check", {"check_mode": True}, config=config), airs_tenant("apply", config=config)
    )
    assert [run[name]["weakened"] for name in ("check", "apply")] == [[], []]
    assert len(emulator.writes()) == 3


def test_a_policy_that_cannot_be_read_is_refused_with_its_place(controller: Controller, emulator: Emulator) -> None:
    configuration = {"latency": "slow", "model-protection": {"name": "prompt-injection"}, "app-protection": None}
    policy = {"ai-security-profiles": [{"model-type": "default", "model-configuration": configuration}]}
    given = {"name": "bot", "on_weakening": "refuse", "policy": policy}
    run = controller.play(
        security_profile("profile", given, ignore_errors=True),
        airs_tenant("tenant", {"ignore_errors": True}, config={"security_profiles": [given]}, state="merged"),
    )
    place = "policy.ai-security-profiles.0.model-configuration"
    for name in ("profile", "tenant"):
        assert f"{place}.latency: input should be an object" in run[name]["msg"]
        assert f"{place}.model-protection: input should be a valid list" in run[name]["msg"]
    assert emulator.journal() == []


def test_the_built_in_detection_has_a_name_on_every_tenant(controller: Controller, emulator: Emulator) -> None:
    leak = {"profiles": ["sensitive content", "Sensitive Content"], "action": "block"}
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"dlp_profiles": [{"name": "Sensitive Content", "id": "11995026"}]}}})
    run = controller.play(
        security_profile("made", {"name": "bot", "data_leak": leak}),
        security_profile("again", {"name": "bot", "data_leak": leak}),
    )
    policy = run["made"]["security_profile"]["policy"]
    detection = policy["ai-security-profiles"][0]["model-configuration"]["data-protection"]["data-leak-detection"]
    assert detection["member"][0] == {"text": "sensitive content", "id": "", "version": "2"}
    assert detection["member"][1]["text"] == "Sensitive Content"
    assert [row["name"] for row in policy["dlp-data-profiles"]] == ["Sensitive Content"]
    assert run["again"]["changed"] is False


def test_what_may_be_a_mistake_is_a_warning(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        security_profile("nothing", {"name": "support-bot", "prompt_injection": "disabled"}),
        security_profile("misspelled", {"name": "bot", "urls": {"block": ["phising"]}}),
        security_profile("again", {"name": "bot", "urls": {"block": ["phising"]}}),
    )
    assert run["nothing"]["warnings"] == ["Security profile 'support-bot' has all protections turned off."]
    assert run["misspelled"]["warnings"] == [
        "Security profile 'bot': urls contains the unknown category 'phising'; did you mean 'phishing'?"
    ]
    assert "warnings" not in run["again"]


def test_a_new_topic_without_a_revision_is_refused_and_a_held_one_is_kept(
    controller: Controller, emulator: Emulator
) -> None:
    rows: list[JsonObject] = [
        {"topic_id": f"t-{name}", "topic_name": name, "description": "d", "examples": []} for name in ("tt", "uu")
    ]
    seed(emulator, shaped_tenant, {})
    emulator.add_fault({"kind": "status", "status": 200, "body": {"custom_topics": rows}}, path="*/topics", times=None)
    run = controller.play(
        security_profile("held", {"name": "f-topicnull", "topics": {"block": ["tt"]}}),
        security_profile("new", {"name": "f-topicnull", "topics": {"block": ["tt", "uu"]}}, ignore_errors=True),
    )
    assert run["held"]["changed"] is False
    assert "the service does not provide the revision of custom topic 'uu'" in run["new"]["msg"]
    assert emulator.writes() == []


def test_a_comparison_says_what_the_tenant_protects_less(controller: Controller, emulator: Emulator) -> None:
    seed(emulator, shaped_tenant, {})
    profiles = [
        {"name": "f-srcalert", "on_weakening": "refuse", "source_code": "block", "prompt_injection": "alert"},
        {"name": "f-twoai", "prompt_injection": "alert"},
    ]
    run = controller.play(task("drift", "airs_tenant_drift_info", {"config": {"security_profiles": profiles}}))
    assert {entry["name"]: entry["weakened"] for entry in run["drift"]["report"]["drift"]} == {
        "f-srcalert": [{"protection": "source_code", "before": "block", "after": "alert"}],
        "f-twoai": [],
    }
    assert emulator.writes() == []
