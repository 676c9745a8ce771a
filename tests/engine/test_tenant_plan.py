# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan is written in check mode, and applied as exactly that plan, or refused with what has moved since."""

from __future__ import annotations

import json
import re
import stat
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import Controller, secrets_in
from support.tasks import API_KEY, TOPIC
from support.tenant import Tenant
from support.whole_tenant import (
    ADVICE,
    EVERYTHING,
    LAB_BOT,
    SUPPORT_KEY,
    airs_tenant,
    row,
    seed,
    seeded_key,
    seeded_profile,
    seeded_topic,
    written,
)

from ansible_collections.panw.airs.plugins.module_utils._kinds import key_rule
from ansible_collections.panw.airs.plugins.module_utils._tenant import plan_file

BOT: JsonObject = {"name": "bot", "prompt_injection": "block", "topics": {"block": ["advice"]}}
CONFIG: JsonObject = {"custom_topics": [ADVICE], "security_profiles": [BOT]}


class Planner:
    """Writes and applies the plan of one configuration."""

    def __init__(self, controller: Controller, emulator: Emulator, secret_dir: Path) -> None:
        self.controller = controller
        self.emulator = emulator
        self.path = controller.folder / "plan.json"
        self.options: JsonObject = {"tsg_id": ACCOUNT.tsg_id, "secret_dir": str(secret_dir)}

    def run(self, *, check: bool = False, **options: Any) -> JsonObject:
        """Run the task with changed options, None leaves one out; the result says whether it failed."""
        given = {**self.options, "plan_path": str(self.path), **options}
        given = {name: value for name, value in given.items() if value is not None}
        done = self.controller.play(airs_tenant("run", {"check_mode": check, "ignore_errors": True}, **given))
        assert "Traceback" not in done.output
        return {**done["run"], "failed": done.kinds("run") == ["ignored"]}

    def plan(self, **options: Any) -> JsonObject:
        """Write the plan, and return it. The options stay."""
        self.options |= options
        result = self.run(check=True)
        assert not result["failed"], result
        made: JsonObject = json.loads(self.path.read_text(encoding="utf-8"))
        return made

    def apply(self, **options: Any) -> JsonObject:
        """Apply the plan, from a journal without writes."""
        self.emulator.clear_journal()
        return self.run(**options)

    def refused(self, **options: Any) -> list[str]:
        """Apply the plan, which is refused without a write, and return what has moved."""
        result = self.apply(**options)
        assert result["failed"] is True
        assert "is stale" in result["msg"], result["msg"]
        assert "Nothing was changed." in result["msg"], result["msg"]
        assert result["summary"][0] == "Tenant (plan)"
        assert [warning for warning in result.get("warnings", []) if "after this" in warning] == []
        assert self.emulator.writes() == []
        moved: list[str] = result["moved"]
        assert all(line in result["msg"] for line in moved)
        return moved


@pytest.fixture
def planner(controller: Controller, emulator: Emulator, secret_dir: Path) -> Planner:
    return Planner(controller, emulator, secret_dir)


@pytest.fixture
def crowded(emulator: Emulator) -> None:
    """A tenant with some that goes, and a profile that gets weaker."""
    seed(
        emulator,
        custom_topics=[seeded_topic("advice", topic_id="t-advice"), seeded_topic("old", topic_id="t-old")],
        ai_profiles=[seeded_profile("bot", ("t-advice", "advice"), ("t-old", "old"))],
        api_keys=[seeded_key("old", "old app")],
    )


OVERRIDDEN: JsonObject = {
    "state": "overridden",
    "purge": ["custom_topics", "api_keys"],
    "protect": ["Weather", "Sports"],
    # Its old revisions hold the topic that goes.
    "force": True,
    "config": {**CONFIG, "api_keys": []},
}


# --- exactly the plan ------------------------------------------------------------------------------------------------


def test_a_plan_is_applied_with_the_writes_of_an_apply_and_only_once(planner: Planner, emulator: Emulator) -> None:
    planner.plan(config=EVERYTHING)
    assert emulator.writes() == []
    assert stat.S_IMODE(planner.path.stat().st_mode) & 0o027 == 0
    done = planner.apply()
    assert (done["changed"], done["failed"]) == (True, False)
    assert Counter(written(emulator)) == {"POST topic": 2, "POST profile": 2, "POST apikey": 2, "PUT customerapp": 1}
    assert planner.refused() == [
        "no changes remain because the plan was already applied, or someone else made the same changes"
    ]


def test_a_plan_names_what_gets_weaker_first_and_what_goes_with_what(
    planner: Planner, emulator: Emulator, crowded: None
) -> None:
    made = planner.plan(**OVERRIDDEN)
    assert [(row["kind"], row["name"], row["action"]) for row in made["changes"]] == [
        ("security_profile", "bot", "update"),
        ("custom_topic", "old", "delete"),
        ("api_key", "old", "delete"),
        ("customer_app", "old app", "delete"),
    ]
    assert made["weakened"] == [{"name": "bot", "protection": "topics.old", "before": "block", "after": "allow"}]
    assert made["deleted"][2] == {
        "kind": "customer_app",
        "name": "old app",
        "goes_with": {"kind": "api_key", "name": "old"},
    }
    assert made["options"] == {name: value for name, value in OVERRIDDEN.items() if name != "config"} | {
        "purge": ["api_keys", "custom_topics"],
        "protect": ["Sports", "Weather"],
        "missing_dlp_profiles": "refuse",
    }
    done = planner.apply()
    assert not done["failed"], done["msg"]
    assert [line.split()[0] for line in written(emulator)] == ["PUT", "DELETE", "DELETE"]


def test_a_plan_holds_no_secret(planner: Planner) -> None:
    key = {**{name: value for name, value in API_KEY.items() if name != "deployment_profile"}, "auth_code": "D0000001"}
    made = planner.plan(config={"api_keys": [{"name": "key", **key}]})
    text = planner.path.read_text(encoding="utf-8")
    assert secrets_in(text) == []
    assert "D0000001" not in text
    wanted = made["changes"][0]["wanted"]
    other = planner.plan(config={"api_keys": [{"name": "key", **key, "auth_code": "D0000002"}]})
    assert other["changes"][0]["wanted"] == wanted, "no digest of an auth code either"


def test_the_text_of_a_plan_is_applied_like_its_file(
    planner: Planner, emulator: Emulator, controller: Controller
) -> None:
    planner.options["config"] = CONFIG
    plan = planner.run(check=True)["plan"]
    assert re.fullmatch("[A-Za-z0-9+/= ]+", plan["packed"])
    planner.path.unlink()
    held = planner.run(check=True, plan_path=None, plan=plan["packed"])
    assert (held["failed"], emulator.writes()) == (False, [])
    done = planner.apply(plan_path=None, plan=plan["packed"])
    assert (done["failed"], written(emulator)) == (False, ["POST topic", "POST profile"])
    empty = planner.apply(plan_path=None, plan="")
    assert "The plan is empty" in empty["msg"]


# --- what has moved --------------------------------------------------------------------------------------------------


def test_files_that_moved_are_named(planner: Planner) -> None:
    planner.plan(config=CONFIG)
    changed = {"custom_topics": [{**ADVICE, "description": "Changed"}], "security_profiles": [BOT]}
    assert planner.refused(config=changed) == ["files: custom topic 'advice' has changed"]
    more = {**CONFIG, "security_profiles": [BOT, LAB_BOT]}
    assert planner.refused(config=more) == ["files: security profile 'lab-bot' is new"]
    less = {"custom_topics": [ADVICE]}
    assert planner.refused(config=less) == ["files: security profile 'bot' no longer exists"]


def test_a_tenant_that_moved_is_named(planner: Planner, emulator: Emulator, crowded: None, tenant: Tenant) -> None:
    planner.plan(**OVERRIDDEN)
    seed(emulator, custom_topics=[seeded_topic("another")], api_keys=[seeded_key("fresh", "fresh app")])
    assert planner.refused() == [
        "tenant: custom topic 'another' is new",
        "tenant: API key 'fresh' is new",
        "tenant: application 'fresh app' is new",
    ]


def test_a_reference_that_moved_is_named(
    planner: Planner, emulator: Emulator, controller: Controller, crowded: None
) -> None:
    planner.plan(config={"security_profiles": [{**BOT, "prompt_injection": "alert"}]})
    change = airs_tenant("change", config={"custom_topics": [{**ADVICE, "description": "Changed by hand"}]})
    controller.play(change)
    assert planner.refused() == ["tenant: an object that security profile 'bot' references has changed"]


def test_what_the_plan_does_not_depend_on_may_move(
    planner: Planner, emulator: Emulator, controller: Controller, crowded: None
) -> None:
    planner.plan(config={"security_profiles": [{**BOT, "prompt_injection": "alert"}]})
    controller.play(airs_tenant("change", config={"custom_topics": [{"name": "other", **TOPIC}]}))
    turned = dict(reversed({**BOT, "prompt_injection": "alert"}.items()))
    done = planner.apply(config={"security_profiles": [turned]})
    assert not done["failed"], done["msg"]


def test_other_options_are_named(planner: Planner, crowded: None) -> None:
    planner.plan(**OVERRIDDEN)
    assert planner.refused(purge=["api_keys"], force=False) == [
        "options: purge was [api_keys, custom_topics], and is now [api_keys]",
        "options: force was True, and is now not set",
    ]


def test_another_prefix_is_named_and_not_all_that_follows_from_it(planner: Planner) -> None:
    planner.plan(config=CONFIG)
    assert planner.refused(name_prefix="dev-") == ["options: name_prefix was not set, and is now dev-"]
    told = planner.refused(missing_dlp_profiles="built_in")
    assert told == ["options: missing_dlp_profiles was refuse, and is now built_in"]


def test_a_key_that_is_due_only_since_the_plan_was_made_is_left_alone(
    planner: Planner, emulator: Emulator, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {**SUPPORT_KEY, "regenerate": "expiring"}
    controller.play(airs_tenant("make", **planner.options, config={"api_keys": [key]}))
    planner.plan(config={"custom_topics": [ADVICE], "api_keys": [key]})
    monkeypatch.setattr(key_rule, "_left", lambda moment: 1.0)
    done = planner.apply()
    assert (done["failed"], written(emulator)) == (False, ["POST topic"])
    assert "became due for rotation after the plan was created (expiring), and will be in the next plan" in str(
        done["warnings"]
    )
    assert row(done, "support-key")["action"] == "none"
    made = planner.plan()
    assert [(row["name"], row["action"], row["reason"]) for row in made["changes"]] == [
        ("support-key", "regenerate", "expiring")
    ]
    assert not planner.apply()["failed"]
    assert written(emulator) == ["POST apikey/regenerate/ID"]


# --- what is no plan to be applied -----------------------------------------------------------------------------------


def test_what_is_no_plan_is_refused_before_any_request(planner: Planner, emulator: Emulator) -> None:
    planner.plan(config=CONFIG)
    text = planner.path.read_text(encoding="utf-8")
    made = json.loads(text)
    bad = {
        "was modified after it was created": json.dumps({**made, "changes": []}),
        "was created by a different version": json.dumps({**made, "version": 99}),
        "is not a plan, or is damaged": text[:-20],
        "is not a plan, or is damaged. ": "[" * 100_000,
        "is not a plan, or is damaged.": '{"format": 1}',
        "is not a plan, or": "",
    }
    for words, content in bad.items():
        planner.path.write_text(content, encoding="utf-8")
        result = planner.apply()
        assert result["failed"] is True
        assert words in result["msg"]
        assert result["msg"].count("\n") == 0
        assert emulator.journal() == []
    assert "plan_path is empty" in planner.apply(plan_path="")["msg"]
    assert emulator.journal() == []
    planner.path.unlink()
    result = planner.apply()
    assert result["msg"].startswith(f"The plan {planner.path} does not exist. Create it first")
    for text in ("e30=", "{{ 7 * 7 }}", "eJw=", "ü"):
        assert "is not a plan" in planner.apply(plan_path=None, plan=text)["msg"]


def test_the_plan_of_another_tenant_is_refused(planner: Planner, emulator: Emulator, controller: Controller) -> None:
    planner.plan(config=CONFIG)
    made = json.loads(planner.path.read_text(encoding="utf-8"))
    made["tsg_id"] = "2222222222"
    made["digest"] = plan_file._overall(made)
    planner.path.write_text(json.dumps(made), encoding="utf-8")
    result = planner.apply()
    assert "The plan is for tenant 2222222222, but the credentials are for tenant" in result["msg"]
    assert emulator.writes() == []


def test_a_plan_that_cannot_be_applied_is_not_written(planner: Planner, crowded: None, controller: Controller) -> None:
    planner.plan(**OVERRIDDEN)
    options = {**OVERRIDDEN, "max_deletions": 1}
    result = planner.run(check=True, **options)
    # The earlier one does not pass for this one.
    assert (result["failed"], list(planner.path.parent.glob("plan.*"))) == (True, [])
    assert result["summary"][0] == "Tenant (plan)"
    config = {"security_profiles": [{"name": "bot", "topics": {"block": ["nowhere"]}}]}
    result = planner.run(check=True, config=config)
    assert (result["failed"], planner.path.exists()) == (True, False)


def test_a_plan_overwrites_a_plan_and_nothing_else(planner: Planner, controller: Controller) -> None:
    planner.options["config"] = CONFIG
    planner.path.write_text("custom_topics: []\n", encoding="utf-8")
    result = planner.run(check=True)
    assert "exists and is not a plan: use a different plan_path" in result["msg"]
    assert planner.path.read_text(encoding="utf-8") == "custom_topics: []\n"
    planner.path.unlink()
    planner.plan()
    planner.plan()
    folder = controller.folder / "tenant"
    folder.mkdir()
    (folder / "topics.json").write_text("{}", encoding="utf-8")
    inside = {"config": None, "config_path": str(folder), "plan_path": str(folder / "plan.json")}
    result = planner.run(check=True, **inside)
    assert "must not be in the configuration directory" in result["msg"]
    result = planner.run(check=True, plan_path=str(controller.folder))
    assert "is a directory: use a different plan_path" in result["msg"]
    result = planner.run(check=True, plan_path=f"{folder}/nowhere/plan.json")
    assert "Cannot write the plan to" in result["msg"]


def test_a_plan_is_verified_without_being_written_or_applied(planner: Planner, emulator: Emulator) -> None:
    assert "does not exist. Create it first" in planner.run(check=True, verify_plan=True, config=CONFIG)["msg"]
    planner.plan(config=CONFIG)
    before = planner.path.read_text(encoding="utf-8")
    assert not planner.run(check=True, verify_plan=True)["failed"]
    less = planner.run(check=True, verify_plan=True, config={"custom_topics": [ADVICE]})
    assert (less["failed"], less["moved"]) == (True, ["files: security profile 'bot' no longer exists"])
    assert (planner.path.read_text(encoding="utf-8"), emulator.writes()) == (before, [])


def test_a_plan_says_what_stays_below_the_baseline_and_what_there_is_a_warning_about(planner: Planner) -> None:
    exceptions = [{"name": "lab", "reason": "For the *red* team"}]
    config = {
        "security_profiles": [
            {"name": "lab", "malicious_code": "block"},
            {"name": "bare", "prompt_injection": "disabled"},
        ],
        "baseline": {
            "security_profile": {"prompt_injection": "block"},
            "exceptions": [*exceptions, {"name": "bare", "reason": "R"}],
        },
    }
    made = planner.plan(config=config)
    assert made["warnings"] == ["Security profile 'bare' has all protections turned off."]
    text = planner.path.with_suffix(".md").read_text(encoding="utf-8")
    assert (
        "- security profile `lab`: `prompt_injection` `off` instead of `block` (exception: `For the *red* team`)"
        in text
    )
    assert "- `Security profile 'bare' has all protections turned off.`" in text
