# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run shows is what it does: few lines, and none for what is not done."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support.emulator import JsonObject
from support.playbook import Controller, Run
from support.tasks import BOT, TOPIC

SINK = {"airs_secret_sink": {"type": "file", "path": "secrets/{name}.key"}}
CONFIG = {
    "tenant_config": {
        "custom_topics": [{"name": "advice", **TOPIC}],
        "security_profiles": [{"name": "bot", "prompt_injection": "block", "topics": {"block": ["advice"]}}],
    }
}
#: Playbooks in the order of their runs, each with its variables and the most lines that it prints.
RUNS: dict[str, tuple[JsonObject, int]] = {
    "onboard": ({**BOT, "onboard_app_secret_path": "bot.key"}, 28),
    "rotate": ({**SINK, "rotate_api_keys_names": "bot", "rotate_api_keys_regenerate": "always"}, 28),
    "offboard": ({**SINK, **dict.fromkeys(("offboard_app_name", "offboard_app_confirm"), "bot")}, 25),
    "tenant": (CONFIG, 26),
    "drift": ({**CONFIG, "tenant_drift_fails": False}, 55),
    "lint": (CONFIG, 18),
    "export": ({"tenant_export_path": "export"}, 28),
}
NAMES = ("a", "b", "c", "d", "e")


def run(controller: Controller, playbook: str, variables: Mapping[str, Any], *arguments: str, **options: Any) -> Run:
    """Run a playbook as a user does who asks for no details."""
    # The folder of each run is the next one, so relative paths are made full here.
    text = re.sub(r'"((?:secrets/|bot\.key|export)[^"]*)"', rf'"{controller.folder}/\1"', json.dumps(variables))
    play = [{"import_playbook": f"panw.airs.{playbook}"}]
    made = controller.run(play, "-e", text, *arguments, verbosity=0, **options)
    assert made.exit_code == 0, made.output
    return made


@pytest.fixture
def secrets(controller: Controller) -> Path:
    folder = controller.folder / "secrets"
    folder.mkdir()
    return folder


def test_no_playbook_prints_more_than_it_has_to_say(controller: Controller, secrets: Path) -> None:
    for playbook, (variables, most) in RUNS.items():
        made = run(controller, playbook, variables)
        assert "skipping:" not in made.output
        assert made.output.count("\n") <= most, made.output


def test_each_of_five_applications_has_one_line_for_a_task_and_one_in_a_table(
    controller: Controller, secrets: Path
) -> None:
    hosts = {name: {"ansible_connection": "local"} for name in NAMES}
    variables = {**BOT, **SINK, "onboard_app_name": "{{ inventory_hostname }}", "onboard_hosts": "all"}
    variables["onboard_app_deployment_profile"] = "dp-production"
    made = run(controller, "onboard", variables, inventory={"all": {"hosts": hosts}})
    assert "skipping:" not in made.output
    assert made.output.count("\n") <= 40, made.output
    table = made.results("Show the summary")
    assert [[line.split()[0] for line in result["msg"]] for result in table] == [["application", *NAMES]]
    assert {path.name for path in secrets.glob("*.key")} == {f"{name}.key" for name in NAMES}
