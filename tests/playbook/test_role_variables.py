# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that a role does not take: refused by every role before anything is asked or changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.emulator import Emulator
from support.playbook import Controller
from support.tasks import BOT, TOPIC

CONFIG = {"custom_topics": [{"name": "advice", **TOPIC}]}
#: Roles and their entry points, each with a variable that it does not take, what was meant, and what it needs.
MISTYPED: dict[tuple[str, str], tuple[str, str, dict[str, Any]]] = {
    ("onboard_app", "main"): (
        "onboard_app_securty_profile",
        "onboard_app_security_profile",
        {
            "onboard_app_name": "bot",
            "onboard_app_environment": "prod",
            "onboard_app_cloud_provider": "aws",
            "onboard_app_secret_path": "bot.key",
        },
    ),
    ("offboard_app", "main"): (
        "offboard_app_key",
        "offboard_app_keys",
        {"offboard_app_name": "bot", "offboard_app_confirm": "bot"},
    ),
    ("rotate_api_keys", "main"): (
        "rotate_api_keys_name",
        "rotate_api_keys_names",
        {"airs_secret_sink": {"type": "file", "path": "{name}.key"}},
    ),
    ("tenant", "main"): ("tenant_secrets_dir", "tenant_secret_dir", {"tenant_config": {}}),
    ("tenant", "export"): ("tenant_export_kind", "tenant_export_kinds", {"tenant_export_path": "export"}),
    ("tenant", "drift"): ("tenant_drift_fail", "tenant_drift_fails", {"tenant_config": {}}),
    ("secret_sink", "main"): (
        "secret_sink_tennant",
        "secret_sink_tenant",
        {"secret_sink_step": "check", "airs_secret_sink": {"type": "file", "path": "{name}.key"}},
    ),
    ("emulator", "main"): ("emulator_prot", "emulator_port", {"emulator_directory": "emulator"}),
}


@pytest.fixture
def refusals(controller: Controller, emulator: Emulator) -> list[str]:
    """What each of them says; nothing was asked of the service, and nothing written."""
    tasks = []
    for (role, entry_point), (mistyped, _meant, needed) in MISTYPED.items():
        call = {"name": f"panw.airs.{role}", "tasks_from": entry_point}
        use = {"name": f"use {role}", "ansible.builtin.include_role": call, "vars": {**needed, mistyped: "x"}}
        tasks.append({"block": [use], "rescue": [{"name": "go on", "ansible.builtin.meta": "noop"}]})
    run = controller.play(*tasks, keywords={"connection": "local"})
    assert emulator.journal() == []
    assert sorted(path.name for path in run.folder.iterdir()) == ["playbook.yml", "printed", "record"]
    return [event.result["msg"] for event in run.events if event.kind == "failed"]


def test_every_role_refuses_a_mistyped_variable_before_it_does_anything(refusals: list[str]) -> None:
    assert [message.partition(" (did you mean ")[0] for message in refusals] == [
        f"The role panw.airs.{role} does not support {mistyped}"
        for (role, _entry), (mistyped, *_rest) in MISTYPED.items()
    ]
    for message, (_mistyped, meant, _needed) in zip(refusals, MISTYPED.values(), strict=True):
        assert f"(did you mean '{meant}'" in message


# --- empty values ----------------------------------------------------------------------------------------------------

#: Roles and their entry points in the order of their runs, each with what it needs.
NEEDED: dict[tuple[str, str], dict[str, Any]] = {
    ("onboard_app", "main"): {**BOT, "onboard_app_secret_path": "bot.key"},
    ("rotate_api_keys", "main"): {"airs_secret_sink": {"type": "file", "path": "{name}.key"}},
    ("tenant", "main"): {"tenant_config": CONFIG},
    ("tenant", "drift"): {"tenant_config": CONFIG},
    ("tenant", "lint"): {"tenant_config": CONFIG},
    ("tenant", "export"): {"tenant_export_path": "export"},
    ("offboard_app", "main"): {"offboard_app_name": "bot", "offboard_app_confirm": "bot"},
}
#: Variables for which an empty text is something else, as the README of the role says.
NOT_OMITTED = {"tenant_plan", "tenant_plan_path", "offboard_app_profile"}
ROLES = Path(os.environ["AIRS_COLLECTIONS_PATH"]) / "ansible_collections/panw/airs/roles"


@pytest.mark.parametrize("empty", ["", None, "{{ nobody | default(omit) }}"], ids=["text", "null", "omit"])
def test_every_optional_variable_may_be_empty(controller: Controller, empty: str | None) -> None:
    tasks = []
    for (role, entry_point), needed in NEEDED.items():
        specs = yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
        options = specs["argument_specs"][entry_point]["options"]
        optional = set(options) - (NOT_OMITTED if empty == "" else set())
        call = {"name": f"panw.airs.{role}", "tasks_from": entry_point, "rolespec_validate": False}
        given = {**dict.fromkeys(sorted(optional), empty), **needed}
        tasks.append({"name": f"use {role}", "ansible.builtin.include_role": call, "vars": given})
    run = controller.play(*tasks, keywords={"connection": "local"})
    assert [event.task for event in run.events if event.kind == "failed"] == []
    shown = [result["msg"] for result in run.results("Show the summary")]
    assert shown[0][-1] == "scans: 2, all as expected"
    assert shown[1][0] == "Checked 1 API key"
