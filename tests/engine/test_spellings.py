# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spellings that a key keeps for good: told by every module that makes keys, before it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.emulator import Emulator, JsonObject
from support.playbook import Controller
from support.tasks import API_KEY, api_key, task
from support.whole_tenant import airs_tenant, lists, seed, seeded_key

KEY: JsonObject = {**API_KEY, "name": "bot", "environment": "production", "cloud_provider": "AWS "}
WARNINGS = [
    "API key 'bot': environment is 'production', did you mean 'prod'? It cannot be changed after the key is created.",
    "API key 'bot': cloud_provider is 'AWS', did you mean 'aws'? It cannot be changed after the key is created.",
]


@pytest.mark.parametrize("module", ["airs_api_key", "airs_application", "airs_tenant"])
@pytest.mark.parametrize("check", [True, False])
def test_what_is_known_in_another_spelling_is_told_when_a_key_is_made(
    controller: Controller, secret_dir: Path, module: str, check: bool
) -> None:
    key = {**KEY, "secret_path": str(secret_dir / "bot.key")}
    options = {"airs_tenant": {"config": {"api_keys": [key]}}}.get(module, key)
    made = controller.play(task("it", module, options), check=check)["it"]
    assert made["changed"]
    assert [line for line in made["warnings"] if "did you mean" in line] == WARNINGS


def test_a_key_that_is_there_is_no_matter_for_it(controller: Controller, secret_dir: Path) -> None:
    key = {**KEY, "secret_path": str(secret_dir / "bot.key")}
    run = controller.play(api_key("first", key), api_key("again", key))
    assert (len(run["first"]["warnings"]), run["again"].get("warnings", [])) == (2, [])


def test_what_the_tenant_uses_is_known_and_costs_no_list(controller: Controller, emulator: Emulator) -> None:
    used = {"cust_env": "production", "cust_cloud_provider": "AWS"}
    seed(emulator, api_keys=[seeded_key("other", "other", **used)])
    new = {**KEY, "secret_path": f"{controller.folder}/key"}
    odd = {
        **new,
        "name": "odd",
        "customer_app": "odd",
        "environment": "Production",
        "secret_path": f"{new['secret_path']}2",
    }
    emulator.clear_journal()
    run = controller.play(api_key("known", new), api_key("odd", odd))
    assert "warnings" not in run["known"]
    assert ["did you mean 'production'?" in line for line in run["odd"]["warnings"]] == [True]
    assert set(lists(emulator)) == {"apikeys", "deploymentprofiles"}


def test_a_whole_tenant_learns_from_its_applications_too(controller: Controller, emulator: Emulator) -> None:
    used = {"cust_env": "Prod", "cust_cloud_provider": "aws"}
    seed(emulator, api_keys=[seeded_key("other", "other", **used)])
    key = {**KEY, "secret_path": f"{controller.folder}/key"}
    run = controller.play(airs_tenant("it", config={"api_keys": [key]}))
    assert ["did you mean 'Prod'?" in line for line in run["it"]["warnings"]] == [True, False]
