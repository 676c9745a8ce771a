# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of inventory and lookup plugins are those of the modules."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.panw.airs.plugins.doc_fragments import plugin_connection
from ansible_collections.panw.airs.plugins.module_utils._engine.options import CONNECTION_OPTIONS, MANAGEMENT_OPTIONS
from ansible_collections.panw.airs.plugins.plugin_utils._connection import variable_of

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
DOCUMENTED: dict[str, Any] = yaml.safe_load(plugin_connection.ModuleDocFragment.DOCUMENTATION)["options"]

each_option = pytest.mark.parametrize("name", CONNECTION_OPTIONS)
each_plugin = pytest.mark.parametrize(
    "plugin", [f"{kind}.{path.stem}" for kind in ("inventory", "lookup") for path in (PLUGINS / kind).glob("airs*.py")]
)


def test_all_connection_options_but_the_signature_are_documented() -> None:
    assert set(DOCUMENTED) == set(CONNECTION_OPTIONS) == set(MANAGEMENT_OPTIONS) - {"updated_by"}


@each_option
def test_types_and_defaults_are_those_of_the_modules(name: str) -> None:
    spec, documented = MANAGEMENT_OPTIONS[name], DOCUMENTED[name]
    assert (documented["type"], documented.get("default")) == (spec["type"], spec.get("default"))
    assert "required" not in documented


@each_option
def test_environment_variables_are_those_of_the_modules(name: str) -> None:
    first_choice_first = list(MANAGEMENT_OPTIONS[name].get("fallback", (None, []))[1])
    # A module takes the first variable that is set, Ansible the last.
    assert [source["name"] for source in DOCUMENTED[name].get("env", [])] == first_choice_first[::-1]


@each_option
def test_every_option_has_a_variable(name: str) -> None:
    assert DOCUMENTED[name]["vars"] == [{"name": variable_of(name)}]


@each_plugin
def test_plugins_take_their_connection_options_from_the_fragment(plugin: str) -> None:
    module = importlib.import_module(f"ansible_collections.panw.airs.plugins.{plugin}")
    found = yaml.safe_load(module.DOCUMENTATION)
    assert "panw.airs.plugin_connection" in found["extends_documentation_fragment"]
    assert not set(found["options"]) & set(MANAGEMENT_OPTIONS)


def test_every_plugin_is_in_the_table_of_the_readme() -> None:
    rows = re.findall(r"^\| `(airs\w*)` \((\w+)\) \| (.+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    plugins = [(path.stem, kind) for kind in ("inventory", "lookup") for path in (PLUGINS / kind).glob("airs*.py")]
    assert sorted(rows) == sorted((name, kind, short_description(f"{kind}.{name}")) for name, kind in plugins)


def short_description(plugin: str) -> str:
    module = importlib.import_module(f"ansible_collections.panw.airs.plugins.{plugin}")
    return str(yaml.safe_load(module.DOCUMENTATION)["short_description"])
