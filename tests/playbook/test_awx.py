# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kit for AWX in examples/awx: its jobs, as AWX runs them with ansible-runner, and its execution environment."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from support.awx import KIT, PROGRAMS, Awx, Job
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import secrets_in, visible
from support.tenant import Tenant

#: What the keys of the applications are like, as inventories/applications.yml of the project says.
KEYS = {
    "claims-reader": ["claims-reader", "prod", "azure", 90],
    "code-assistant": ["code-assistant", "dev", "aws", 90],
    "contract-summary": ["contract-summary", "dev", "aws", 90],
    "hr-assistant": ["hr-assistant", "prod", "aws", 90],
    "meeting-notes": ["meeting-notes", "dev", "aws", 30],
    "shop-assistant": ["shop-assistant", "prod", "aws", 90],
    "support-bot": ["support-bot", "prod", "aws", 90],
}
ANSWERS: JsonObject = {
    "onboard_app_name": "support-bot",
    "onboard_app_environment": "dev",
    "onboard_app_cloud_provider": "aws",
    "onboard_app_deployment_profile": "dp-production",
}


@pytest.fixture
def awx(emulator: Emulator, tmp_path: Path) -> Awx:
    return Awx(tmp_path, emulator)


def secrets_of(awx: Awx, tenant: Tenant) -> dict[str, str]:
    """The secret of each application, after a look at whether it is the one that its key has, and works."""
    stored = {file.stem: file.read_text(encoding="utf-8") for file in awx.secrets.glob("*.key")}
    for name, secret in stored.items():
        (row,) = tenant.keys(name)
        assert secret.endswith(row["api_key_last8"])
        assert tenant.accepts(secret)
    assert visible(awx.secrets) == [f"{name}.key" for name in sorted(stored)]
    return stored


def assert_end_state(tenant: Tenant) -> None:
    """Assert that everything is there once, as the project says, and that nothing was saved twice."""
    assert sorted(tenant.apps()) == list(KEYS)
    assert [int(row["revision"]) for row in tenant.topics("financial-advice")] == [1]
    members = ("cust_app", "cust_env", "cust_cloud_provider", "rotation_time_interval")
    keys = {name: [[row[member] for member in members] for row in tenant.keys(name)] for name in KEYS}
    assert keys == {name: [key] for name, key in KEYS.items()}
    profiles = [row for name in KEYS for row in tenant.profiles(name)]
    assert [(row["profile_name"], int(row["revision"])) for row in profiles] == [(name, 1) for name in KEYS]
    assert all(row["policy"] == profiles[0]["policy"] for row in profiles)
    assert "financial-advice" in str(profiles[0]["policy"])


def succeeded(jobs: list[Job]) -> None:
    for job in jobs:
        assert job.exit_code == 0, job.shown


@pytest.mark.parametrize("slices", [1, 3, 7])
def test_slices_that_run_at_the_same_time_end_where_one_job_does(
    awx: Awx, tenant: Tenant, emulator: Emulator, slices: int
) -> None:
    # A file without a sink is half of the tasks; three slices share the sink.
    file = {"airs_secret_sink": None, "onboard_app_secret_path": f"{awx.secrets}/{{{{ onboard_app_name }}}}.key"}
    place: JsonObject = {} if slices == 3 else file
    applications = awx.inventory("applications.yml")
    with emulator.days_ago(22):
        succeeded(awx.sliced("Onboard all applications of the project", applications, slices, **place))
    onboarded = secrets_of(awx, tenant)
    assert sorted(onboarded) == list(KEYS)
    assert len(set(onboarded.values())) == len(KEYS)
    assert_end_state(tenant)
    if slices != 3:
        return  # test_rotation.py has the rotation of an inventory in one job, and of one host after the other

    # One key lives 30 days, so the last third of its life has begun.
    there = awx.inventory("airs.yml")
    succeeded(awx.sliced("Rotate API keys of all applications", there, slices))
    rotated = secrets_of(awx, tenant)
    assert [name for name in KEYS if rotated[name] != onboarded[name]] == ["meeting-notes"]
    assert_end_state(tenant)


def test_a_job_that_is_streamed_shows_no_secret_and_hands_on_a_name(awx: Awx, tenant: Tenant) -> None:
    job = awx.job("Onboard an application", streamed=True, **ANSWERS)
    succeeded([job])
    assert job.artifacts == {"airs_onboarded": ["support-bot"]}
    assert list(secrets_of(awx, tenant)) == ["support-bot"]
    # The runner's own record of how it started ansible-playbook has the environment in clear, for its owner only: what
    # AWX put there, and no secret that the job has made.
    assert set(secrets_in(job.record)) <= {ACCOUNT.client_secret}

    again = awx.job("Onboard an application", **ANSWERS)
    succeeded([again])
    assert (again.artifacts, again.statistics["changed"]) == ({}, {})


def test_the_workflow_takes_back_what_it_has_onboarded(awx: Awx, tenant: Tenant) -> None:
    # The profile blocks no prompt injection, which the checks of the role are content with, and the proof is not.
    onboarded = awx.job("Onboard an application", onboard_app_security_profile={"agent_security": "block"}, **ANSWERS)
    succeeded([onboarded])
    (secret,) = secrets_of(awx, tenant).values()
    proof = awx.job("Verify an application", credential=awx.scan(secret), verify_retries=0, **ANSWERS)
    assert (proof.exit_code, "Ignore all previous instructions" in proof.shown) == (2, True)

    rollback = awx.job("Roll back an onboarding", **ANSWERS, **onboarded.artifacts)
    assert (rollback.exit_code, "The application was new, and is removed again." in rollback.shown) == (2, True)
    assert (tenant.apps(), tenant.profiles("support-bot"), list(awx.secrets.iterdir())) == ([], [], [])


def test_the_workflow_lets_stay_what_was_there_before(awx: Awx, tenant: Tenant, emulator: Emulator) -> None:
    tenant.call("POST", "apikey", json=KEY_THAT_WAS_THERE)
    emulator.clear_journal()
    rollback = awx.job("Roll back an onboarding", **ANSWERS)
    assert (rollback.exit_code, "The application existed before, and is not changed." in rollback.shown) == (2, True)
    assert emulator.writes() == []


def test_surveys_may_be_left_as_they_are(awx: Awx, tenant: Tenant, emulator: Emulator) -> None:
    tenant.call("POST", "apikey", json=KEY_THAT_WAS_THERE)
    emulator.clear_journal()
    succeeded([awx.job("Rotate API keys")])  # its key is not one of ours: the sink knows nothing of it
    plan = awx.job("Off-board an application", offboard_app_name="support-bot", offboard_app_confirm="support-bot")
    succeeded([plan])
    assert "API key support-bot: to be removed" in plan.shown
    report = awx.job("Report drift", tenant_report_directory=str(awx.folder / "report"))
    assert (report.exit_code, "financial-advice" in report.shown) == (2, True)
    assert emulator.writes() == []


def test_a_plan_goes_from_job_to_job_and_exactly_it_is_applied(awx: Awx, tenant: Tenant, emulator: Emulator) -> None:
    hostile = "{{ 7 * 7 }} {% raw %}"
    tenant.call("POST", "topic", json={"topic_name": hostile, "description": "d", "examples": []})
    rest: JsonObject = {
        "tenant_state": "overridden",
        "tenant_purge": ["custom_topics"],
        "tenant_protect": ["Weather", "Sports"],
    }
    emulator.clear_journal()
    plan = awx.job("Plan the tenant", tenant_plan_path=str(awx.folder / "plan.json"), **rest)
    succeeded([plan])
    assert "To be deleted:" in plan.shown
    assert list(plan.artifacts) == ["tenant_plan"]
    assert re.fullmatch(r"[\w+/= ]+", plan.artifacts["tenant_plan"], re.ASCII)
    alone = awx.job("Apply the approved plan", **rest)
    assert (alone.exit_code, "The plan is empty" in alone.shown) == (2, True)
    assert emulator.writes() == []

    succeeded([awx.job("Apply the approved plan", **{**rest, **plan.artifacts})])
    assert [entry["method"] for entry in emulator.writes()] == ["POST", "DELETE"]
    assert tenant.topics(hostile) == []
    emulator.clear_journal()
    again = awx.job("Apply the approved plan", **{**rest, **plan.artifacts})
    assert (again.exit_code, "no changes remain" in again.shown, emulator.writes()) == (2, True, [])


KEY_THAT_WAS_THERE: JsonObject = {
    "api_key_name": "support-bot",
    "auth_code": "D0000001",
    "cust_app": "support-bot",
    "cust_env": "prod",
    "cust_cloud_provider": "aws",
    "revoked": False,
    "rotation_time_interval": 90,
    "rotation_time_unit": "days",
    "created_by": "somebody",
}


def builder(*arguments: str) -> str:
    """Run ansible-builder, and return what it prints."""
    done = subprocess.run(
        [str(PROGRAMS / "ansible-builder"), *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_ansible_builder_finds_what_the_collection_needs() -> None:
    found = yaml.safe_load(builder("introspect", os.environ["AIRS_COLLECTIONS_PATH"]))
    names = sorted(re.split(r"[^\w-]", line)[0] for line in found["python"] if "panw.airs" in line)
    assert names == ["pydantic", "requests"]


@pytest.mark.parametrize("kind", ["execution", "decision"])
def test_ansible_builder_accepts_the_environments(kind: str, tmp_path: Path) -> None:
    definition = KIT / f"{kind}-environment" / f"{kind}-environment.yml"
    context = tmp_path / "context"
    builder("create", "-f", str(definition), "-c", str(context), "--output-filename", "Containerfile")
    steps = (context / "Containerfile").read_text(encoding="utf-8")
    assert "ansible-galaxy collection install" in steps
    required = yaml.safe_load((context / "_build/requirements.yml").read_text(encoding="utf-8"))
    assert {"name": "panw.airs"} in required["collections"]
    if kind == "decision":
        assert "ansible-rulebook" in (context / "_build/requirements.txt").read_text(encoding="utf-8")
        assert "java-17" in (context / "_build/bindep.txt").read_text(encoding="utf-8")
