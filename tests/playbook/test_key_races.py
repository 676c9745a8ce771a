# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many hosts that make one key at the same time: one of them makes it, and its secret goes on working."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.emulator import Emulator, JsonObject
from support.playbook import Controller
from support.tasks import API_KEY, api_key
from support.tenant import Tenant

#: Forty are tried by hand: AIRS_RACING_HOSTS=40.
HOSTS = int(os.environ.get("AIRS_RACING_HOSTS", "8"))


@pytest.mark.program
@pytest.mark.parametrize(
    ("strategy", "regenerate", "path"),
    [
        ("free", "never", "{{ inventory_hostname }}"),
        ("linear", "expiring", "bot.key"),
    ],
)
def test_of_many_hosts_one_makes_the_key_and_none_renews_it(
    controller: Controller, emulator: Emulator, tenant: Tenant, strategy: str, regenerate: str, path: str
) -> None:
    folder = controller.folder / "secrets"
    folder.mkdir()
    emulator.add_fault({"kind": "latency", "seconds": 0.1}, path="*/mgmt/*", times=None)
    names = [f"host{number}" for number in range(HOSTS)]
    inventory = {"all": {"hosts": {name: {"ansible_connection": "local"} for name in names}}}
    options: JsonObject = {"name": "bot", **API_KEY, "regenerate": regenerate, "secret_path": f"{folder}/{path}"}
    play: JsonObject = {"hosts": "all", "gather_facts": False, "strategy": strategy, "tasks": [api_key("key", options)]}
    run = controller.run([play], "--forks", str(HOSTS), inventory=inventory)
    assert run.exit_code == 0, run.output
    results = run.results("key")
    assert (len(results), [result["changed"] for result in results].count(True)) == (HOSTS, 1)
    writes = [(entry["path"].rpartition("/mgmt/")[2], entry["status"]) for entry in emulator.writes()]
    assert [write for write in writes if write != ("apikey", 409)] == [("apikey", 200)]
    (stored,) = [file for file in folder.iterdir() if not file.name.startswith(".")]
    assert tenant.accepts(Path(stored).read_text(encoding="utf-8"))
