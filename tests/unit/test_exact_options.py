# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that need no validation are what Ansible and the checks of files would make of them, and have no fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from ansible_collections.panw.airs.plugins.module_utils._engine.exact_options import completed
from ansible_collections.panw.airs.plugins.module_utils._engine.module import validate
from ansible_collections.panw.airs.plugins.module_utils._tenant import config
from ansible_collections.panw.airs.plugins.module_utils._tenant.files import Source
from ansible_collections.panw.airs.plugins.module_utils._tenant.kinds import KINDS, Kind

SPECS = KINDS["security_profiles"].options
#: What an entry may say so that all that it says is looked at.
LOOKED_AT = {"type", "elements", "choices", "options", "default", "required", "aliases", "no_log"}


def values(spec: Mapping[str, Any], kind: str) -> st.SearchStrategy[Any]:
    """Values for an option, most of them right."""
    odd: st.SearchStrategy[Any] = st.sampled_from(
        [None, True, 0, 1, 2**63, 2.5, float("nan"), "5", "a,b", "\ud800", "é", b"x", [], [1], {}]
    )
    right: dict[str, st.SearchStrategy[Any]] = {
        "str": st.sampled_from(spec.get("choices") or ["a", "Ä b"]),
        "bool": st.booleans(),
        "int": st.integers(1, 9),
        "path": st.just("x"),
    }
    if kind == "list":
        return st.lists(values(spec, spec["elements"]), max_size=2) | odd
    return (entries(spec.get("options", {})) if kind == "dict" else right[kind]) | odd


def entries(specs: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Up to three options and all that have to be given, most of them right."""
    required = {name: values(spec, spec["type"]) for name, spec in specs.items() if spec.get("required")}
    others = {alias: st.just("a") for spec in specs.values() for alias in spec.get("aliases", ())}
    others |= {name: values(spec, spec["type"]) for name, spec in specs.items() if name not in required}
    names = st.sets(st.sampled_from([*others, "none"]), max_size=3)
    return names.flatmap(
        lambda chosen: st.fixed_dictionaries(required | {name: others.get(name, st.just(1)) for name in sorted(chosen)})
    )


def named(kind: Kind) -> st.SearchStrategy[tuple[Kind, Any]]:
    """A kind with options of one of its objects."""
    return st.tuples(st.just(kind), entries(kind.options))


@settings(max_examples=400, deadline=None)
@given(st.one_of([named(kind) for kind in KINDS.values()]))
def test_what_needs_no_validation_is_as_ansible_would_make_it(case: tuple[Kind, Any]) -> None:
    kind, options = case
    made = completed(kind.options, options)
    event(f"needs {'no ' * (made is not None)}validation")
    if made is not None:
        assert validate(kind.options, options)[::2] == (made, [])
        assert [config._odd("x", options, kind.options, source) for source in (None, Source("x"))] == [[], []]


def test_what_is_exactly_right_needs_no_validation() -> None:
    options = {
        "name": "Ä",
        "prompt_injection": "block",
        "topics": {"block": ["a", "b"], "default": "allow"},
        "toxic_content": {"high": "block", "categories": [{"name": "hate", "high": "alert"}]},
        "latency": {"max_seconds": 5},
        "mask_data_in_storage": False,
    }
    made = completed(SPECS, options)
    assert made is not None
    assert (made["name"], made["mask_data_in_storage"], made["state"]) == ("Ä", False, "present")
    assert made["topics"] == {"block": ["a", "b"], "default": "allow", "allow": None, "alert": None}


@pytest.mark.parametrize(
    "options",
    [
        None,
        [],
        {},
        {"name": 5},
        {"name": "half \ud800"},
        {"profile_name": "alias"},
        {"name": "a", "colour": "red"},
        {"name": "a", "prompt_injection": None},
        {"name": "a", "prompt_injection": "stop"},
        {"name": "a", "latency": {"max_seconds": True}},
        {"name": "a", "latency": {"max_seconds": 2**53}},
        {"name": "a", "mask_data_in_storage": 1},
        {"name": "a", "topics": {"block": "one, two"}},
        {"name": "a", "topics": {"block": ["one", 2]}},
        {"name": "a", "policy": {}},
        {"name": "a", 5: "x"},
    ],
    ids=str,
)
def test_whatever_else_is_left_to_ansible(options: Any) -> None:
    assert completed(SPECS, options) is None


def test_entries_of_options_say_nothing_that_is_not_looked_at() -> None:
    def words(specs: Mapping[str, Any]) -> Iterator[str]:
        for spec in specs.values():
            yield from spec
            yield from words(spec.get("options", {}))

    assert {word for kind in KINDS.values() for word in words(kind.options)} <= LOOKED_AT
