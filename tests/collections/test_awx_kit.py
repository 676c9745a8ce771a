# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of the kit for AWX, held against the modules of C(awx.awx) that C(infra.aap_configuration) hands it to."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from support.awx import KIT, PROGRAMS, configuration

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
    """Every entry of the kit's configuration, with the module that it is for."""
    for file in sorted((KIT / "configuration").glob("*.yml")):
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
