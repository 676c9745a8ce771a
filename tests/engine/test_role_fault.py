# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role refuses: variables with its name that it does not take, and needed ones without a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar

from ansible_collections.panw.airs.plugins.plugin_utils._trust import as_template

ROLES = Path(__file__).resolve().parents[2] / "roles"
NAMES = sorted(path.name for path in ROLES.iterdir())

each_role = pytest.mark.parametrize("role", NAMES)


def fault(role: str, *terms: str, entry_point: str = "main", **variables: Any) -> str:
    """What is wrong with these variables for a role."""
    given = {"role_path": str(ROLES / role), **variables}
    loader = DataLoader()
    lookup = lookup_loader.get("panw.airs.role_fault", loader=loader, templar=Templar(loader=loader, variables=given))
    (found,) = lookup.run(list(terms), given, entry_point=entry_point)
    return str(found)


def specs(role: str) -> Any:
    """The entry points of a role."""
    return yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]


def tasks_of(node: Any) -> Iterator[dict[str, Any]]:
    """All tasks in a file of tasks, those in blocks included."""
    for entry in node if isinstance(node, list) else []:
        yield entry
        for part in ("block", "rescue", "always"):
            yield from tasks_of(entry.get(part))


def test_a_mistyped_variable_is_refused_with_what_it_may_mean() -> None:
    assert fault("onboard_app", onboard_app_name="bot", onboard_app_securty_profile={"prompt_injection": "block"}) == (
        "The role panw.airs.onboard_app does not know onboard_app_securty_profile (did you mean "
        "'onboard_app_security_profile' or 'onboard_app_deployment_profile'?): correct the name, or name a variable of "
        "your own in airs_own_variables. Nothing was changed."
    )


def test_all_of_them_are_told_in_one_sentence_whatever_their_case() -> None:
    told = fault("offboard_app", Offboard_App_Key="x", offboard_app_zzz=1, offboard_app_topics=[])
    assert "Offboard_App_Key (did you mean 'offboard_app_keys'?), offboard_app_zzz: correct" in told


@pytest.mark.parametrize(
    "names",
    [
        {"onboard_app_topics": [], "airs_secret_sink": {}},
        # What belongs to somebody else, though it begins nearly so.
        {"onboard_application": 1, "onboard_hosts": "all", "__onboard_app_due": True, "my_onboard_app_x": 1},
        {"onboard_app_apps_list": [1], "airs_own_variables": ["onboard_app_apps_list"]},
        {"onboard_app_apps_list": [1], "airs_own_variables": as_template("{{ ['onboard_app_' ~ 'apps_list'] }}")},
    ],
)
def test_what_is_known_or_somebody_elses_is_taken(names: dict[str, Any]) -> None:
    assert fault("onboard_app", **names) == ""


def test_what_merely_begins_alike_is_refused_unless_it_is_named() -> None:
    assert "onboard_app_apps_list" in fault("onboard_app", onboard_app_apps_list=[1], airs_own_variables=None)


def test_options_of_another_entry_point_may_be_there() -> None:
    assert fault("tenant", entry_point="export", tenant_export_path="x", tenant_config_path="y") == ""


@pytest.mark.parametrize("empty", [None, "", as_template("{{ none }}")])
def test_what_is_needed_has_a_value(empty: Any) -> None:
    told = fault("tenant", entry_point="export", tenant_export_path=empty)
    assert told == "The role panw.airs.tenant needs a value for tenant_export_path. Nothing was changed."
    assert fault("tenant", tenant_export_path=empty, tenant_force=False) == ""


@each_role
def test_every_entry_point_of_every_role_looks_before_it_does_anything(role: str) -> None:
    for entry_point in specs(role):
        # Whatever uses a sink checks it first, and often takes other steps of it.
        file = "check" if role == "secret_sink" else entry_point
        first = yaml.safe_load((ROLES / role / "tasks" / f"{file}.yml").read_text(encoding="utf-8"))[0]
        call = first["vars"][f"__{role}_fault"]
        assert call.startswith("{{ lookup('panw.airs.role_fault'")
        assert ("entry_point" in call) == (entry_point != "main")
        assert f"entry_point='{entry_point}'" in call or entry_point == "main"


@each_role
def test_what_a_role_and_its_playbooks_set_does_not_trip_the_next_run(role: str) -> None:
    options = {name for entry in specs(role).values() for name in entry["options"]}
    defaults = yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    known, found = set(options), set(defaults)
    for file in (ROLES / role / "tasks").rglob("*.yml"):
        text = file.read_text(encoding="utf-8")
        for call in re.findall(r"lookup\('panw.airs.role_fault'(.*?)\) }}", text, re.DOTALL):
            known |= set(re.findall(r"'(\w+)'", call))
        for task in tasks_of(yaml.safe_load(text)):
            found |= {task.get("register", ""), *task.get("ansible.builtin.set_fact", ()), *task.get("vars", ())}
    for playbook in (ROLES.parent / "playbooks").glob("*.yml"):
        found |= set(re.findall(r"\w+(?= \| default)", playbook.read_text(encoding="utf-8")))
    assert {name for name in found if name.startswith(f"{role}_")} <= known
