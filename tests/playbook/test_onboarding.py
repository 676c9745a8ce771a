# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role onboard_app, by the playbook panw.airs.onboard: all or nothing, twice the same, and no secret anywhere."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import Controller, Run, secrets_in
from support.raw_api import RawApi
from support.tasks import CLEAN, EVERY_PROTECTION
from support.tenant import Tenant

COLLECTION = Path(os.environ["AIRS_COLLECTIONS_PATH"], "ansible_collections", "panw", "airs")
ROLE = COLLECTION / "roles" / "onboard_app"
EXAMPLE = COLLECTION / "examples" / "onboarding" / "support-bot.yml"

ADVICE: JsonObject = {"name": "advice", "description": "Advice on investments", "examples": ["Which stock is best?"]}
PRICES: JsonObject = {"name": "prices", "description": "Prices of competitors", "examples": ["Who is cheaper?"]}
BOT: JsonObject = {
    "name": "bot",
    "environment": "prod",
    "cloud_provider": "aws",
    "deployment_profile": "any",
    "topics": [ADVICE, PRICES],
    "security_profile": {"prompt_injection": "block", "topics": {"block": ["advice", "prices"]}},
    "verify_delay": 0,
    "verify_retries": 1,
}
#: An expectation that no profile meets.
UNMET = [{"prompt": CLEAN, "expect": {"action": "block"}}]


@dataclass
class Onboarding:
    """The command line of a user who onboards an application."""

    controller: Controller
    emulator: Emulator
    options: JsonObject = field(default_factory=lambda: dict(BOT))

    @property
    def secret_path(self) -> Path:
        """Where the secret of the API key goes."""
        return self.controller.folder / "secrets" / "bot.key"

    def run(self, *arguments: str, succeeds: bool = True, check: bool = False, **changes: Any) -> Run:
        """Onboard the application, with changed options if need be; None leaves one out."""
        self.secret_path.parent.mkdir(exist_ok=True)
        options = {"secret_path": str(self.secret_path), **self.options, **changes}
        variables = {f"onboard_app_{name}": value for name, value in options.items() if value is not None}
        file = self.controller.folder / "application.yml"
        file.write_text(yaml.safe_dump(variables), encoding="utf-8")
        run = self.controller.run([{"import_playbook": "panw.airs.onboard"}], "-e", f"@{file}", *arguments, check=check)
        assert (run.exit_code == 0) == succeeds, run.output
        return run

    def fails(self, **changes: Any) -> Run:
        """Onboard the application in vain; the play fails once, with the sentence of the step that failed."""
        run = self.run(succeeds=False, **changes)
        (message,) = messages(run)
        assert "\n" not in message
        return run


@pytest.fixture
def onboarding(controller: Controller, emulator: Emulator) -> Onboarding:
    return Onboarding(controller, emulator)


def messages(run: Run) -> list[str]:
    """What the failed tasks said, in their order."""
    return [event.result["msg"] for event in run.events if event.kind == "failed"]


def summary(run: Run) -> list[str]:
    """What the role said in the end."""
    lines: list[str] = run["Show the summary"]["msg"]
    return lines


def is_empty(tenant: Tenant) -> bool:
    """Whether the tenant has nothing of the application."""
    rows = [*tenant.topics("advice"), *tenant.topics("prices"), *tenant.profiles("bot"), *tenant.keys("bot")]
    return rows == [] and tenant.apps() == []


# --- all at once, and once only --------------------------------------------------------------------------------------


def test_the_example_is_onboarded_as_it_stands(onboarding: Onboarding, tenant: Tenant) -> None:
    example = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    onboarding.options = {name.removeprefix("onboard_app_"): value for name, value in example.items()}
    run = onboarding.run(secret_path=str(onboarding.secret_path))

    tokens, scans = onboarding.emulator.journal("token"), onboarding.emulator.journal("scan")
    assert (len(tokens), len(scans)) == (1, len(example["onboard_app_scans"]))
    assert [write["path"].rpartition("/mgmt/")[2] for write in onboarding.emulator.writes()] == [
        "topic",
        "topic",
        "profile",
        "apikey",
    ]
    assert summary(run) == [
        "Application support-bot",
        "custom topic financial-advice: created",
        "custom topic competitor-pricing: created",
        "security profile support-bot: created",
        "API key support-bot: created",
        (
            "protections: prompt_injection block, toxic_content block (moderate allow), contextual_grounding block, "
            "topics block (2 blocked), malicious_code block, agent_security block, urls block (malicious, 1 blocked), "
            "data_leak block (PII, Secrets and Credentials, masked), database_security block (create, update, delete)"
        ),
        "deployment profile: dp-unused",
        f"secret: {onboarding.secret_path}",
        "scans: 7, all as expected",
    ]
    assert stat.S_IMODE(onboarding.secret_path.stat().st_mode) == 0o600
    assert tenant.accepts(onboarding.secret_path.read_text(encoding="utf-8"))
    assert tenant.apps() == ["support-bot"]


def test_a_second_run_changes_nothing_and_sends_no_write(onboarding: Onboarding, tenant: Tenant) -> None:
    onboarding.run(security_profile={**EVERY_PROTECTION})
    secret = onboarding.secret_path.read_bytes()
    onboarding.emulator.clear_journal()
    # One that is free now must not be taken for the one that the key has.
    onboarding.emulator.seed(
        {"tenants": {ACCOUNT.tsg_id: {"deployment_profiles": [_deployment_profile("dp-another", "D0000003")]}}}
    )
    run = onboarding.run(security_profile={**EVERY_PROTECTION})

    assert "changed=0 " in run.output
    assert onboarding.emulator.writes() == []
    assert len(onboarding.emulator.journal("token")) == 1
    assert len(onboarding.emulator.journal("scan")) > 0
    assert "deployment profile: dp-unused" in summary(run)
    assert onboarding.secret_path.read_bytes() == secret
    assert tenant.accepts(secret.decode())


def test_check_mode_shows_the_plan_and_sends_no_write(onboarding: Onboarding, tenant: Tenant) -> None:
    run = onboarding.run(check=True)
    assert summary(run)[:5] == [
        "Application bot (plan)",
        "custom topic advice: to be created",
        "custom topic prices: to be created",
        "security profile bot: to be created",
        "API key bot: to be created",
    ]
    assert summary(run)[-1] == "scans: none"
    assert onboarding.emulator.writes() == []
    assert onboarding.emulator.journal("scan") == []
    assert not onboarding.secret_path.exists()
    assert is_empty(tenant)


def test_check_mode_proves_what_is_there_already(onboarding: Onboarding) -> None:
    onboarding.run()
    onboarding.emulator.clear_journal()
    run = onboarding.run(check=True)
    assert summary(run)[-1] == "scans: 2, all as expected"
    assert onboarding.emulator.writes() == []


def test_an_empty_text_is_an_option_that_was_left_out(onboarding: Onboarding, tenant: Tenant) -> None:
    """As in the answers to a survey; so is a variable without a value."""
    options: JsonObject = {"deployment_profile": "any", "ai_agent_framework": "", "scan_endpoint": ""}
    nothing = ("customer_app", "scans", "security_profile", "regenerate_before")
    empty = json.dumps({f"onboard_app_{name}": None for name in nothing})
    refused = onboarding.run("-e", empty, succeeds=False, **options)
    assert "security profile 'bot' has all protections turned off" in messages(refused)[0]
    assert (
        "Turn protections on in onboard_app_security_profile, or set onboard_app_allow_unprotected."
        in messages(refused)[0]
    )
    assert (onboarding.emulator.writes(), is_empty(tenant)) == ([], True)
    allowed = json.dumps({"onboard_app_allow_unprotected": True})
    run = onboarding.run("-e", empty, "-e", allowed, **options)
    assert "protections: none" in summary(run)
    assert summary(run)[-1] == "scans: 1, all as expected"
    (key,) = tenant.keys("bot")
    assert key["dp_name"] == "dp-unused"


def test_a_number_is_a_name_in_every_role(onboarding: Onboarding, tenant: Tenant) -> None:
    path = onboarding.secret_path.with_name("2024.key")
    sink = {"airs_secret_sink": {"type": "file", "path": str(path.with_name("{name}.key"))}}
    rotation = {"names": [2024], "regenerate": "always", "verify_delay": 0}
    variables = {
        **{f"rotate_api_keys_{name}": value for name, value in rotation.items()},
        **{f"offboard_app_{name}": 2024 for name in ("name", "confirm")},
        "offboard_app_keys": [2024],
    }
    onboarding.run(name=2024, topics=None, security_profile={"prompt_injection": "block"}, secret_path=str(path))
    plays = [{"import_playbook": f"panw.airs.{name}"} for name in ("rotate", "offboard", "offboard")]
    run = onboarding.controller.run(plays, "-e", json.dumps({**variables, **sink}))
    assert run.exit_code == 0, run.output
    rotated, removed, nothing = (result["msg"] for result in run.results("Show the summary"))
    assert "2024: rotated (asked)" in rotated[1]
    assert "API key 2024: removed" in removed
    assert "API key 2024: does not exist" in nothing
    assert "There is nothing to delete for application '2024'" in run.output
    assert (tenant.keys("2024"), tenant.apps(), tenant.profiles("2024")) == ([], [], [])


def test_scans_are_repeated_after_a_change_only(onboarding: Onboarding) -> None:
    refusal = {"kind": "status", "status": 403, "body": {"error": {"message": "Invalid API Key"}}}
    onboarding.emulator.add_fault(refusal, path="/v1/scan/*")
    assert summary(onboarding.run())[-1] == "scans: 2, all as expected"
    onboarding.emulator.add_fault(refusal, path="/v1/scan/*")
    run = onboarding.fails()
    assert "Invalid API Key" in messages(run)[0]


def test_verification_can_be_left_out(onboarding: Onboarding) -> None:
    run = onboarding.run(verify=False, scans=UNMET)
    assert onboarding.emulator.journal("scan") == []
    assert summary(run)[-1] == "scans: none"


# --- the deployment profile ------------------------------------------------------------------------------------------


def test_an_unknown_deployment_profile_is_refused_before_the_first_write(onboarding: Onboarding) -> None:
    run = onboarding.run(succeeds=False, deployment_profile="dp-unusd")
    assert "deployment profile 'dp-unusd' does not exist. Did you mean 'dp-unused'?" in messages(run)[0]
    assert onboarding.emulator.writes() == []


# --- undo ------------------------------------------------------------------------------------------------------------


def test_an_unmet_expectation_leaves_no_trace_and_the_way_free(onboarding: Onboarding, tenant: Tenant) -> None:
    onboarding.run(name="other", deployment_profile="dp-production", secret_path=f"{onboarding.secret_path}2")
    run = onboarding.fails(
        scans=UNMET, topics=[{**ADVICE, "name": "bonds"}], security_profile={"topics": {"block": ["bonds"]}}
    )
    assert "did not meet the expectations" in messages(run)[0]
    assert messages(run)[0].endswith(" Deleted what this run created, and restored what it changed.")
    assert (tenant.topics("bonds"), tenant.profiles("bot"), tenant.keys("bot"), tenant.apps()) == (
        [],
        [],
        [],
        ["other"],
    )
    assert not onboarding.secret_path.exists()
    # The deployment profile was activated by the try, but it is free again.
    assert "deployment profile: dp-unused" in summary(onboarding.run())


def test_a_regenerated_key_stays_and_undo_says_so(onboarding: Onboarding, tenant: Tenant) -> None:
    onboarding.run()
    onboarding.secret_path.unlink()
    run = onboarding.fails(scans=UNMET)
    assert (
        f" Not undone: API key 'bot' was regenerated: {onboarding.secret_path} contains the new secret"
        in messages(run)[0]
    )
    assert tenant.accepts(onboarding.secret_path.read_text(encoding="utf-8"))


def test_the_failure_of_one_application_leaves_another_of_the_same_play_alone(
    onboarding: Onboarding, controller: Controller, tenant: Tenant
) -> None:
    onboarding.secret_path.parent.mkdir()
    first = {**BOT, "secret_path": str(onboarding.secret_path), "deployment_profile": "dp-production"}
    second = {**first, "name": "second", "secret_path": f"{onboarding.secret_path}2", "topics": [{"name": "nothing"}]}
    roles = [{"role": "panw.airs.onboard_app", **_variables(options)} for options in (first, second)]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "roles": roles}
    run = controller.run([play])
    assert "custom topic 'nothing'" in messages(run)[-1]
    assert tenant.accepts(onboarding.secret_path.read_text(encoding="utf-8"))
    assert [len(rows) for rows in (tenant.topics("advice"), tenant.profiles("bot"), tenant.keys("bot"))] == [1, 1, 1]


# --- options ---------------------------------------------------------------------------------------------------------


def test_a_misspelt_option_is_refused_before_anything_is_asked(onboarding: Onboarding) -> None:
    run = onboarding.run(succeeds=False, security_profile={"topics": {"blocked": ["advice"]}})
    assert "security_profile: topics.blocked is not a supported option; did you mean 'block'?" in messages(run)[0]
    scans = [{"prompt": CLEAN, "expect": {"not_detected": ["injektion"]}}]
    run = onboarding.run(succeeds=False, scans=scans)
    assert "which is not a detector (did you mean 'injection' or" in messages(run)[0]
    assert onboarding.emulator.journal() == []


# --- secrets ---------------------------------------------------------------------------------------------------------


@pytest.mark.program
def test_no_secret_is_anywhere_but_in_its_file(
    onboarding: Onboarding, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Not on the screen, in a callback, the log, the fact cache, Ansible's home, nor in any temporary file."""
    temporary = tmp_path_factory.mktemp("t")  # its path is short, as ansible-core 2.22 needs for a socket in there
    onboarding.controller.variables |= {
        "TMPDIR": str(temporary),
        "ANSIBLE_LOCAL_TEMP": str(temporary / "local"),
        "ANSIBLE_LOG_PATH": str(tmp_path / "ansible.log"),
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(tmp_path / "facts"),
        "ANSIBLE_CALLBACKS_ENABLED": "airs_recorder,ansible.builtin.junit",
        "JUNIT_OUTPUT_DIR": str(tmp_path / "junit"),
    }
    runs = [onboarding.run("--diff", check=True), onboarding.run("--diff"), onboarding.run("--diff", scans=None)]
    onboarding.secret_path.unlink()
    runs.append(onboarding.run("--diff", regenerate_before=1))
    runs.append(onboarding.fails(scans=UNMET))

    secret = onboarding.secret_path.read_text(encoding="utf-8")
    assert secrets_in(secret) == [secret]
    assert [name for run in runs for name in secrets_in(run.text)] == []
    assert {path.name for path in _files(tmp_path)} >= {"ansible.log", "record", "application.yml"}
    assert _files_with_secrets(tmp_path) == [onboarding.secret_path]
    assert _files_with_secrets(temporary) == []


@pytest.mark.parametrize("kind", ["API key", "access token", "client secret", "auth code"])
def test_the_search_for_secrets_finds_each_kind(kind: str, onboarding: Onboarding, tmp_path: Path) -> None:
    onboarding.run(verify=False)
    planted = {
        "API key": onboarding.secret_path.read_text(encoding="utf-8"),
        "access token": RawApi(onboarding.emulator).token(),
        "client secret": ACCOUNT.client_secret,
        "auth code": "D0000002",
    }[kind]
    file = tmp_path / "home" / "deep" / "down.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"result": [f"x {planted} y"]}), encoding="utf-8")
    assert file in _files_with_secrets(tmp_path)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _files_with_secrets(folder: Path) -> list[Path]:
    return [path for path in _files(folder) if secrets_in(path.read_text(encoding="utf-8", errors="replace"))]


# --- helpers ---------------------------------------------------------------------------------------------------------


def _variables(options: Mapping[str, Any]) -> JsonObject:
    return {f"onboard_app_{name}": value for name, value in options.items()}


def _deployment_profile(name: str, auth_code: str) -> JsonObject:
    return {"dp_name": name, "auth_code": auth_code, "status": "init"}
