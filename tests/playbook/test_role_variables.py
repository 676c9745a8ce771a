# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that a role does not take: refused by every role before anything is asked or changed."""

from __future__ import annotations

from typing import Any

import pytest
from support.emulator import Emulator
from support.playbook import Controller

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
        f"The role panw.airs.{role} does not know {mistyped}" for (role, _entry), (mistyped, *_rest) in MISTYPED.items()
    ]
    for message, (_mistyped, meant, _needed) in zip(refusals, MISTYPED.values(), strict=True):
        assert f"(did you mean '{meant}'" in message
