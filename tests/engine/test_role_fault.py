# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role says of its variables: unknown, missing, empty, and wrong ones, and what its sink requires."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar

from ansible_collections.panw.airs.plugins.filter.unless_empty import unless_empty
from ansible_collections.panw.airs.plugins.plugin_utils import _sinks
from ansible_collections.panw.airs.plugins.plugin_utils._trust import as_template

ROLES = Path(__file__).resolve().parents[2] / "roles"
NAMES = sorted(path.name for path in ROLES.iterdir())

each_role = pytest.mark.parametrize("role", NAMES)


#: What each role cannot do without, but for what a test says itself.
NEEDED: dict[str, dict[str, Any]] = {
    "onboard_app": {
        "onboard_app_name": "bot",
        "onboard_app_environment": "prod",
        "onboard_app_cloud_provider": "aws",
        "onboard_app_secret_path": "bot.key",
    },
    "offboard_app": {"offboard_app_name": "bot", "offboard_app_confirm": "bot"},
    "rotate_api_keys": {"airs_secret_sink": {"type": "file", "path": "{name}.key"}},
}
ONBOARD = {"any_of": [["onboard_app_secret_path", "airs_secret_sink"]]}
ONBOARD_MISSING = (
    "onboard_app_name, onboard_app_environment, onboard_app_cloud_provider, and onboard_app_secret_path or "
    "airs_secret_sink"
)
ONBOARD["exclusive"] = ONBOARD["any_of"]
CONFIRMED = {"confirmed": ["offboard_app_confirm", "offboard_app_name"]}


def fault(role: str, *terms: str, rules: dict[str, Any] | None = None, **variables: Any) -> str:
    """What is wrong with these variables for a role."""
    given = {"role_path": str(ROLES / role), "playbook_dir": str(ROLES.parent), **variables}
    loader = DataLoader()
    lookup = lookup_loader.get("panw.airs.role_fault", loader=loader, templar=Templar(loader=loader, variables=given))
    (found,) = lookup.run(list(terms), given, **(rules or {}))
    return str(found)


def enough(role: str, rules: dict[str, Any] | None = None, **variables: Any) -> str:
    """The same, with all that the role cannot do without."""
    return fault(role, rules=rules, **{**NEEDED[role], **variables})


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
    assert enough("onboard_app", onboard_app_securty_profile={"prompt_injection": "block"}) == (
        "The role panw.airs.onboard_app does not support onboard_app_securty_profile (did you mean "
        "'onboard_app_security_profile' or 'onboard_app_deployment_profile'?): correct the name, or add your own "
        "variables to airs_own_variables. Nothing was changed."
    )


def test_all_of_them_are_told_in_one_sentence_whatever_their_case() -> None:
    told = enough("offboard_app", Offboard_App_Key="x", offboard_app_zzz=1, offboard_app_topics=[])
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
    assert enough("onboard_app", **names) == ""


def test_what_merely_begins_alike_is_refused_unless_it_is_named() -> None:
    assert "onboard_app_apps_list" in enough("onboard_app", onboard_app_apps_list=[1], airs_own_variables=None)


def test_options_of_another_entry_point_may_be_there() -> None:
    assert fault("tenant", rules={"entry_point": "export"}, tenant_export_path="x", tenant_config_path="y") == ""


# --- what is missing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "rules", "missing"),
    [
        (
            "onboard_app",
            ONBOARD,
            ONBOARD_MISSING,
        ),
        ("offboard_app", CONFIRMED, "offboard_app_name and offboard_app_confirm"),
        ("rotate_api_keys", {}, "airs_secret_sink"),
        ("tenant", {"entry_point": "export"}, "tenant_export_path"),
        ("secret_sink", {}, "secret_sink_step and airs_secret_sink"),
    ],
)
def test_all_that_is_missing_is_told_in_one_sentence(role: str, rules: dict[str, Any], missing: str) -> None:
    told = f"The role panw.airs.{role} requires {missing}. Nothing was changed."
    assert fault(role, rules=rules) == told
    defaults = yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    assert fault(role, rules=rules, **defaults) == told


EMPTY = [None, "", "  ", as_template("{{ none }}"), as_template("{{ nobody | default(omit) }}")]


@pytest.mark.parametrize("empty", EMPTY)
def test_an_empty_value_counts_as_omitted_for_every_option_of_every_role(empty: Any) -> None:
    omit = {
        "omit": Templar(loader=DataLoader(), variables={}).available_variables.get("omit", "__omit_place_holder__x")
    }
    for role in NAMES:
        for entry_point, spec in specs(role).items():
            needed = sorted(name for name, option in spec["options"].items() if option.get("required"))
            told = fault(role, rules={"entry_point": entry_point}, **dict.fromkeys(spec["options"], empty), **omit)
            listed = told.removeprefix(f"The role panw.airs.{role} requires ").partition(".")[0]
            assert sorted(re.findall(r"\w+_\w+", listed)) == needed, (role, entry_point, told)


@pytest.mark.parametrize("value", [False, 0, [], {}, 0.0])
def test_what_is_false_or_has_no_parts_is_a_value(value: Any) -> None:
    assert unless_empty(value, "other") == value
    assert fault("tenant", rules={"any_of": [["tenant_config", "tenant_config_path"]]}, tenant_config={}) == ""


@pytest.mark.parametrize("empty", [None, "", "\t\n"])
def test_something_else_takes_the_place_of_what_is_empty(empty: Any) -> None:
    assert unless_empty(empty, 5) == 5


def test_what_excludes_each_other_is_told() -> None:
    sink = {"type": "file", "path": "bot.key"}
    told = enough("onboard_app", rules=ONBOARD, airs_secret_sink=sink)
    assert told == (
        "onboard_app_secret_path and airs_secret_sink are mutually exclusive: set one of them. Nothing was changed."
    )
    assert enough("onboard_app", rules=ONBOARD, airs_secret_sink={}) == ""


def test_a_removal_is_confirmed_with_the_name() -> None:
    for confirmation, now in ((None, "it is not set"), ("cot", "it is 'cot'"), ("c\x1bt", "it is 'c\\x1bt'")):
        told = enough("offboard_app", rules=CONFIRMED, offboard_app_confirm=confirmation)
        assert told == (f"To remove application 'bot', set offboard_app_confirm to 'bot': {now}. Nothing was changed.")
    assert enough("offboard_app", rules=CONFIRMED, offboard_app_name=7, offboard_app_confirm="7") == ""


def test_wrong_values_are_told_together_with_what_is_missing() -> None:
    told = fault("onboard_app", onboard_app_verify_retries="many", onboard_app_regenerate="later")
    assert "requires onboard_app_name, onboard_app_environment, and onboard_app_cloud_provider." in told
    assert "onboard_app_verify_retries must be an integer, but is 'many'." in told
    assert "onboard_app_regenerate must be one of never, expiring, always, but is 'later'." in told


# --- the sink --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sink", "told"),
    [
        ({"type": "file"}, "airs_secret_sink of type file requires path."),
        (
            {"type": "vault_file", "path": "x"},
            "airs_secret_sink of type vault_file requires vault_password or vault_password_file.",
        ),
        (
            {"type": "tasks", "file": "/no/such.yml"},
            "airs_secret_sink of type tasks: the file /no/such.yml does not exist.",
        ),
        ({"type": "tasks"}, "airs_secret_sink of type tasks requires file."),
        ({"type": "paper"}, "airs_secret_sink.type must be one of file, vault_file, hashi_vault, kubernetes,"),
        (
            {"type": "file", "path": "x", "pth": "y"},
            "airs_secret_sink.pth is not a supported option; did you mean 'path'?",
        ),
        ({"path": "x"}, "airs_secret_sink.type is required."),
        ("paper", "airs_secret_sink must be a dictionary"),
    ],
)
def test_a_sink_that_cannot_be_used_is_told(sink: Any, told: str) -> None:
    assert told in fault("rotate_api_keys", airs_secret_sink=sink)
    # A role that does not use it now says nothing of it.
    assert told not in enough("offboard_app", rules={"sink": False}, airs_secret_sink=sink)


@pytest.mark.parametrize(
    ("sink", "collection", "packages"),
    [
        ({"type": "hashi_vault", "path": "x"}, "community.hashi_vault", "hvac"),
        ({"type": "kubernetes", "name": "x", "namespace": "y"}, "kubernetes.core", "kubernetes"),
        ({"type": "aws_secretsmanager", "name": "x"}, "community.aws amazon.aws", "boto3 botocore"),
    ],
)
def test_what_is_not_installed_is_told_with_the_commands_that_install_it(
    monkeypatch: pytest.MonkeyPatch, sink: dict[str, Any], collection: str, packages: str
) -> None:
    monkeypatch.setattr(_sinks, "_is_there", lambda loader, name: False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    told = fault("rotate_api_keys", airs_secret_sink=sink)
    assert f"ansible-galaxy collection install {collection}" in told
    assert f"{sys.executable} -m pip install {packages}" in told
    assert told.endswith(" Nothing was changed.")
    monkeypatch.setattr(_sinks, "_is_there", lambda loader, name: True)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: "there")
    assert fault("rotate_api_keys", airs_secret_sink=sink) == ""


def test_a_secret_of_the_sink_is_never_told() -> None:
    sink = {"type": "vault_file", "path": {"a": 1}, "vault_password": "a password that nobody may see", "x": 1}
    told = fault("rotate_api_keys", airs_secret_sink=sink)
    assert "airs_secret_sink" in told
    assert "nobody may see" not in told


# --- the tasks -------------------------------------------------------------------------------------------------------


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


def test_a_linter_that_evaluates_the_lookup_outside_of_a_role_sees_no_fault() -> None:
    """The certification's version of ansible-lint does, and reports an exception as an invalid expression."""
    loader = DataLoader()
    lookup = lookup_loader.get("panw.airs.role_fault", loader=loader, templar=Templar(loader=loader, variables={}))
    assert lookup.run(["tenant_result"], {}, entry_point="main") == [""]
