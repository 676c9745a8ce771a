# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with an option is one short sentence that begins with the option, at any depth."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._engine.module import validate

SPECS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True, "aliases": ["title"]},
    "count": {"type": "int"},
    "flag": {"type": "bool"},
    "mode": {"type": "str", "choices": ["off", "on", "auto"]},
    "kinds": {"type": "list", "elements": "str", "choices": ["a", "b"]},
    "secret": {"type": "int", "no_log": True},
    "group": {"type": "dict", "options": {"size": {"type": "int"}, "must": {"type": "str", "required": True}}},
    "rows": {"type": "list", "elements": "dict", "options": {"name": {"type": "str", "required": True}}},
    **{f"further_{number}": {"type": "str"} for number in range(30)},
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": "x", "nme": 1}, ["nme is not a supported option; did you mean 'name'?"]),
        ({"nam": "x"}, ["nam is not a supported option; did you mean 'name'?", "name is required"]),
        (
            {"title": "x", "group": {"must": "x", "sise": 1}},
            ["group.sise is not a supported option; did you mean 'size'?"],
        ),
        ({"name": "x", "group": {}}, ["group.must is required"]),
        (
            {"name": "x", "rows": [{"name": "y"}, {"nome": 1}]},
            ["rows[1].nome is not a supported option; did you mean 'name'?", "rows[1].name is required"],
        ),
        ({"name": "x", "rows": [{"name": "y"}, 5]}, ["rows[1] must be a dictionary, but is a number"]),
        ({"name": "x", "count": "many"}, ["count must be an integer, but is 'many'"]),
        ({"name": "x", "count": [1]}, ["count must be an integer, but is a list"]),
        ({"name": "x", "flag": "perhaps"}, ["flag must be a boolean, but is 'perhaps'"]),
        ({"name": "x", "mode": "of"}, ["mode must be one of off, on, auto, but is 'of'"]),
        ({"name": "x", "mode": "m" * 99}, ["mode must be one of off, on, auto, but is a string"]),
        ({"name": "x", "kinds": ["a", "c"]}, ["kinds[1] must be one of a, b, but is 'c'"]),
        ({"name": "x", "secret": "hunter2"}, ["secret must be an integer, but is a string"]),
        ({"name": "x", "group": [1]}, ["group must be a dictionary, but is a list"]),
        ({"name": "x", "count": "5", "flag": "yes", "mode": "on", "kinds": "a,b", "rows": [{"name": "y"}]}, []),
    ],
)
def test_one_sentence_for_each_option(given: dict[str, Any], expected: list[str]) -> None:
    _options, _secrets, faults = validate(SPECS, given)
    assert faults == expected


def test_a_name_that_resembles_none_gets_a_short_list() -> None:
    (fault,) = validate(SPECS, {"name": "x", "zzzzzz": 1})[2]
    assert fault.startswith("zzzzzz is not a supported option; supported options are count, flag, ")
    assert fault.endswith(" and 26 more")
    assert len(fault) < 200
