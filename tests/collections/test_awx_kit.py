# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kit for AWX with the modules of C(awx.awx): its data is what they take, and they make all of it.

C(infra.aap_configuration) hands the data to the same modules under another name.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from support.awx import KIT, PROGRAMS, configuration
from support.awx_api import TOKEN, AwxApi
from support.playbook import Controller, Run

#: The module for each list; a workflow has the steps of another one in it.
MODULES = {
    "controller_credential_types": "credential_type",
    "controller_credentials": "credential",
    "controller_execution_environments": "execution_environment",
    "controller_inventories": "inventory",
    "controller_inventory_sources": "inventory_source",
    "controller_projects": "project",
    "controller_schedules": "schedule",
    "controller_templates": "job_template",
    "controller_workflows": "workflow_job_template",
}
STEP = "workflow_job_template_node"


def entries() -> Iterator[Any]:
    """Every entry of the kit's configuration for AWX, with the module that it is for."""
    # AWX has no Event-Driven Ansible.
    files = [file for file in (KIT / "configuration").glob("*.yml") if file.stem != "eda"]
    for file in sorted(files):
        for kind, found in configuration(file.stem).items():
            for entry in found:
                steps = entry.get("simplified_workflow_nodes", [])
                bare = {name: value for name, value in entry.items() if name != "simplified_workflow_nodes"}
                yield pytest.param(MODULES[kind], bare, id=f"{MODULES[kind]} {entry['name']}")
                for step in steps:
                    workflow = {**step, "workflow_job_template": entry["name"]}
                    yield pytest.param(STEP, workflow, id=f"{STEP} {step['identifier']}")


@pytest.fixture(scope="module")
def documented() -> dict[str, Any]:
    """The documentation of these modules."""
    names = [f"awx.awx.{module}" for module in (*MODULES.values(), STEP)]
    done = subprocess.run(
        [str(PROGRAMS / "ansible-doc"), "--json", *names], capture_output=True, text=True, check=True, timeout=60
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return {name: page["doc"]["options"] for name, page in found.items()}


def _spec(options: dict[str, Any]) -> dict[str, Any]:
    """Documented options as an argument spec."""
    known = ("type", "elements", "choices", "required", "aliases")
    return {
        name: {
            **{key: option[key] for key in known if key in option},
            **({"options": _spec(option["suboptions"])} if "suboptions" in option else {}),
        }
        for name, option in options.items()
    }


@pytest.mark.parametrize(("module", "entry"), list(entries()))
def test_an_entry_of_the_kit_is_one_that_its_module_takes(
    module: str, entry: dict[str, Any], documented: dict[str, Any]
) -> None:
    validated = ArgumentSpecValidator(_spec(documented[f"awx.awx.{module}"])).validate(entry)
    assert validated.error_messages == []


@pytest.fixture
def api() -> Iterator[AwxApi]:
    """A server that keeps what it is given, as AWX does."""
    server = AwxApi()
    yield server
    server.stop()


def configure(controller: Controller) -> Run:
    """Run the playbook of the kit, with a made-up value for each secret."""
    text = (KIT / "configuration" / "credentials.yml").read_text(encoding="utf-8")
    secrets = {name: f"the value of {name}" for name in re.findall(r"vaulted_\w+", text)}
    file = controller.folder / "secrets.yml"
    file.write_text(json.dumps(secrets), encoding="utf-8")
    playbook = (KIT / "configure_awx.yml").read_text(encoding="utf-8")
    run = controller.run(playbook.replace("dir: configuration", f"dir: {KIT}/configuration"), "-e", f"@{file}")
    assert run.exit_code == 0, run.output
    assert [value for value in (TOKEN, *secrets.values()) if value in run.text] == []
    return run


def test_the_kit_is_made_on_awx_and_the_second_time_nothing_is_changed(tmp_path: Path, api: AwxApi) -> None:
    controller = Controller(tmp_path, {"CONTROLLER_HOST": api.url, "CONTROLLER_OAUTH_TOKEN": TOKEN})
    configure(controller)
    for module, entry in ((param.values[0], param.values[1]) for param in entries()):
        assert isinstance(entry, dict)
        kind = "inventories" if module == "inventory" else f"{module}s"
        assert (entry.get("name") or entry["identifier"]) in api.named(kind)

    templates = api.named("job_templates")
    credentials = {found["id"]: name for name, found in api.named("credentials").items()}
    onboard = templates["Onboard an application"]
    assert [credentials[number] for number in api.links[f"job_templates/{onboard['id']}/credentials"]] == [
        "Prisma AIRS management",
        "Prisma AIRS secret sink",
    ]
    assert [question["variable"] for question in api.surveys[f"job_templates/{onboard['id']}/survey_spec"]["spec"]] == [
        "onboard_app_name",
        "onboard_app_environment",
        "onboard_app_cloud_provider",
        "onboard_app_deployment_profile",
        "onboard_app_rotation_time_interval",
    ]
    injectors = api.named("credential_types")["Prisma AIRS management"]["injectors"]["env"]
    assert injectors["PANW_CLIENT_SECRET"] == "{{ client_secret }}"

    steps = api.named("workflow_job_template_nodes")
    links = {path.partition("/")[2]: numbers for path, numbers in api.links.items() if path.startswith("workflow_job")}
    assert links[f"{steps['onboard']['id']}/success_nodes"] == [steps["verify"]["id"]]
    assert links[f"{steps['verify']['id']}/failure_nodes"] == [steps["roll back"]["id"]]
    assert steps["verify"]["unified_job_template"] == templates["Verify an application"]["id"]
    assert links[f"{steps['plan']['id']}/success_nodes"] == [steps["approve"]["id"]]
    assert links[f"{steps['approve']['id']}/success_nodes"] == [steps["apply"]["id"]]
    approval = api.named("workflow_approval_templates")["Approve the plan of the tenant"]
    assert (approval["timeout"], steps["approve"]["related"]["unified_job_template"]) == (86400, approval["url"])

    before = api.writes
    assert "changed=0 " in configure(controller).output
    assert api.writes == before
