# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode says what a run would do, also where earlier tasks come first whose deeds it cannot see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.emulator import Emulator, JsonObject
from support.playbook import Controller
from support.tasks import API_KEY, api_key, task
from support.whole_tenant import airs_tenant

APPLICATION: JsonObject = {
    "environment": "prod",
    "cloud_provider": "aws",
    "deployment_profile": "any",
    "security_profile": {"prompt_injection": "block"},
}
TOKEN = {"oauth_client_id": "id", "customer_app": "bot"}
SUPPOSED = "In check mode, it is assumed that an earlier task would "


def places(folder: str) -> dict[str, JsonObject]:
    """Modules that make secrets, with options that give them a place in a folder."""
    path = f"{folder}/bot.key"
    key: JsonObject = {"name": "bot", **API_KEY}
    return {
        "airs_api_key": {**key, "secret_path": path},
        "airs_application": {"name": "bot", **APPLICATION, "secret_path": path},
        "airs_oauth_token": {**TOKEN, "secret_path": path},
        "airs_tenant": {"config": {"api_keys": [key]}, "secret_dir": folder},
    }


MODULES = [*places("")]


@pytest.mark.parametrize("module", MODULES)
def test_a_folder_that_an_earlier_task_would_make_is_supposed_in_check_mode_only(
    controller: Controller, emulator: Emulator, module: str
) -> None:
    make = {"name": "make", "ansible.builtin.file": {"path": "secrets", "state": "directory", "mode": "0700"}}
    options = places("secrets")[module]
    run = controller.play(make, task("it", module, options), check=True)
    assert run["it"]["changed"]
    assert any(
        warning.endswith((f"{SUPPOSED}create the directory.", f"{SUPPOSED}create it."))
        for warning in run["it"]["warnings"]
    )
    assert emulator.writes() == []
    refused = controller.play(task("it", module, options), succeeds=False)["it"]
    assert SUPPOSED not in str(refused)
    assert emulator.writes() == []


@pytest.mark.parametrize("module", MODULES)
def test_what_is_there_and_no_folder_is_an_error_in_check_mode_too(
    controller: Controller, tmp_path: Path, module: str
) -> None:
    (tmp_path / "secrets").touch()
    controller.play(task("it", module, places(str(tmp_path / "secrets"))[module]), check=True, succeeds=False)


def test_an_application_that_an_earlier_key_would_make_is_changed(controller: Controller, emulator: Emulator) -> None:
    key = {"name": "shop-key", **API_KEY, "customer_app": "shop", "secret_path": "key"}
    change = task("change", "airs_customer_app", {"name": "shop", "model_name": "gpt-4o"})
    run = controller.play(api_key("key", key), change, check=True, diff=True)
    assert (run["change"]["changed"], run["change"]["customer_app"]["model_name"]) == (True, "gpt-4o")
    assert run["change"]["warnings"] == [
        (
            "Cannot update application 'shop': it does not exist. Use airs_api_key to create an application together "
            f"with its API key. {SUPPOSED}create it."
        )
    ]
    assert "Use airs_api_key to create" in controller.play(change, succeeds=False)["change"]["msg"]
    assert controller.play(api_key("key", key), change)["change"]["changed"]


def test_a_key_that_an_earlier_task_would_remove_is_made_anew(controller: Controller, emulator: Emulator) -> None:
    def key(**changes: Any) -> JsonObject:
        return api_key("make", {"name": "bot", **API_KEY, "secret_path": "../key", **changes})

    controller.play(key())
    remove = api_key("remove", {"name": "bot", "state": "absent"})
    other = key(cloud_provider="gcp", secret_path="../other")
    emulator.clear_journal()
    run = controller.play(remove, other, check=True)
    assert (run["make"]["changed"], run["make"]["api_key"]["cust_cloud_provider"]) == (True, "gcp")
    (warning,) = run["make"]["warnings"]
    assert "already exists with different properties" in warning
    assert warning.endswith(f"{SUPPOSED}delete it.")
    assert emulator.writes() == []
    # Without check mode nothing is supposed, and what is planned as a whole says itself what goes.
    controller.play(other, succeeds=False)
    config = {"api_keys": [other["panw.airs.airs_api_key"]]}
    assert "errors" in controller.play(airs_tenant("it", config=config), check=True, succeeds=False)["it"]
    controller.play(remove, other)


def test_a_report_of_drift_supposes_nothing(controller: Controller) -> None:
    config = {"api_keys": [{"name": "bot", **API_KEY, "secret_path": "nowhere/key"}]}
    found = controller.play(task("it", "airs_tenant_drift_info", {"config": config}), check=True)["it"]["report"][
        "drift"
    ]
    assert ["does not exist" in each.get("error", "") for each in found] == [True]
