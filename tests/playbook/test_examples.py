# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of all modules run, as one playbook, in a tenant that has what the documentation takes for granted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.catalogue import MODULES
from support.documented import ACCOUNT, FOLDERS, KEY, PROFILE, SEED, TOPIC, VARIABLES, shown_secrets
from support.emulator import Emulator, JsonObject
from support.playbook import Controller
from support.snippets import of_module

CORPUS: JsonObject = {
    "name": "Presupposed corpus",
    "ansible.builtin.copy": {
        "content": "prompt,action\nHow do I reset my password?,allow\n",
        "dest": "{{ playbook_dir }}/corpus.csv",
    },
}
TENANT: list[JsonObject] = [
    {
        "name": "Presupposed folders",
        "ansible.builtin.file": {"path": "{{ playbook_dir }}/{{ item }}", "state": "directory", "mode": "0700"},
        "loop": ["tenant", "secrets"],
    },
    {
        "name": "Presupposed files",
        "ansible.builtin.copy": {
            "content": "custom_topics: [{name: travel, description: Flights}]\nsecurity_profiles: [{name: desk}]\n",
            "dest": "{{ playbook_dir }}/tenant/all.yml",
        },
    },
]
#: What an export has written names the same objects.
NO_EXPORT: JsonObject = {
    "name": "Presupposed: no export",
    "ansible.builtin.file": {"path": "{{ playbook_dir }}/tenant", "state": "absent"},
}
PRESUPPOSED: dict[str, list[JsonObject]] = {
    "airs_custom_topic_info": [TOPIC],
    "airs_customer_app": [KEY],
    "airs_customer_app_info": [KEY],
    "airs_oauth_token": [PROFILE, KEY],
    "airs_scan": [PROFILE, KEY, CORPUS],
    "airs_security_profile": [TOPIC],
    "airs_security_profile_info": [PROFILE],
    "airs_tenant": TENANT,
    "airs_tenant_lint": [NO_EXPORT, *TENANT],
}

#: Where a module leaves its credentials to the environment, which cannot have what the tasks before have made.
KEYWORDS: dict[str, JsonObject] = {
    "airs_scan": {"environment": {"PANW_AI_SEC_API_KEY": "{{ lookup('file', '/etc/support-bot/airs-api-key') }}"}},
}


@pytest.fixture
def documented(emulator: Emulator, controller: Controller) -> Controller:
    """A controller that uses the tenant of the documentation."""
    emulator.seed(SEED)
    controller.use(emulator, ACCOUNT)
    return controller


def run(controller: Controller, plays: list[dict[str, Any]], folder: Path) -> None:
    """Run plays in one go, with the variables that the documentation keeps in a vault."""
    text = json.dumps(plays)
    for number, name in enumerate(FOLDERS):
        replacement = folder / f"folder{number}"
        replacement.mkdir()
        text = text.replace(name, str(replacement))
    given = folder / "variables.json"
    given.write_text(json.dumps(VARIABLES))
    done = controller.run(text, "--extra-vars", f"@{given}")
    assert done.exit_code == 0, done.output
    assert shown_secrets(done.text) == [], f"the run shows secrets:\n{done.output}"


def plays_of(module: str) -> list[dict[str, Any]]:
    """Return the plays of a module's EXAMPLES, after what they take for granted."""
    plays = [{**play, **KEYWORDS.get(module, {})} for play in of_module(module).plays()]
    before = PRESUPPOSED.get(module)
    return [{"hosts": "localhost", "gather_facts": False, "tasks": before}, *plays] if before else plays


def test_the_examples_of_all_modules_run(documented: Controller, tmp_path: Path) -> None:
    run(documented, [play for name in sorted(MODULES) for play in plays_of(name)], tmp_path)
