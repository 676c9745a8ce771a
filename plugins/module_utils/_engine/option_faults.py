# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate options, and describe errors in short sentences that start with the name of the option."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible.module_utils import errors
from ansible.module_utils.common.parameters import DEFAULT_TYPE_VALIDATORS

from .._common.wording import did_you_mean, near, some

#: What is said better here. Others, such as two options that exclude each other, are sentences already.
_SAID_HERE = (
    errors.ArgumentTypeError,
    errors.ArgumentValueError,
    errors.ElementError,
    errors.NoLogError,
    errors.RequiredError,
    errors.SubParameterTypeError,
    errors.UnsupportedError,
)
_TYPES = {
    "bool": "a boolean",
    "dict": "a dictionary",
    "float": "a number",
    "int": "an integer",
    "list": "a list",
    "path": "a string",
    "str": "a string",
}
#: What Ansible raises for values that it cannot take.
STUMBLES = (ArithmeticError, AttributeError, RecursionError, TypeError, ValueError)
_MOST_KNOWN = 12
_LONGEST_VALUE = 60


def option_faults(
    specs: Mapping[str, dict[str, Any]], given: Mapping[str, Any], found: Iterable[Exception]
) -> list[str]:
    """Return a sentence part for everything that is wrong with options.

    Args:
        specs: argument_spec entries.
        given: options as a user gives them.
        found: what Ansible says is wrong with them, or what it stumbles over; it decides whether anything is.
    """
    others: list[str] = []
    here: list[str] = []
    for error in found:
        other = isinstance(error, errors.AnsibleValidationError) and not isinstance(error, _SAID_HERE)
        (others if other else here).append(str(error))
    return [*((list(_faults(specs, given, "")) if here else []) or here), *others]


def kind_of(value: Any) -> str:
    """Return what a value is, in words."""
    kinds = {
        bool: "a boolean",
        int: "a number",
        float: "a number",
        dict: "a dictionary",
        list: "a list",
        str: "a string",
    }
    kinds |= {bytes: "binary", set: "a set"}
    return "null" if value is None else kinds.get(type(value), "a date or time")


def option(specs: Mapping[str, dict[str, Any]], key: Any) -> tuple[str, dict[str, Any]]:
    """Return an option by its name or an alias, and its entry, which is empty for an unknown option."""
    if key in specs:
        return key, specs[key]
    return next(((name, spec) for name, spec in specs.items() if key in spec.get("aliases", ())), (str(key), {}))


def _faults(specs: Mapping[str, dict[str, Any]], given: Mapping[Any, Any], prefix: str) -> Iterator[str]:
    present = set()
    for key, value in given.items():
        name, spec = option(specs, key)
        place = f"{prefix}{key}"
        present.add(name)
        if not spec:
            known = f"supported options are {some(sorted(specs), _MOST_KNOWN)}"
            yield f"{place} is not a supported option; {did_you_mean(near(name, specs)[:1]) or known}"
        elif value is None and (spec.get("default") is not None or spec.get("choices")):
            yield f"{place} has no value: set a value or omit the option"
        elif value is not None:
            yield from _value_faults(spec, value, place)
    for name, spec in specs.items():
        if spec.get("required") and name not in present:
            yield f"{prefix}{name} is required"


def _value_faults(spec: Mapping[str, Any], value: Any, place: str) -> Iterator[str]:
    wanted = spec.get("type", "str")
    good, value = _converted(wanted, value)
    if not good:
        yield f"{place} must be {_TYPES.get(wanted, wanted)}, but is {_shown(spec, value)}"
        return
    if wanted == "list":
        parts = [(f"{place}[{index}]", part) for index, part in enumerate(value)]
        element = {**spec, "type": spec.get("elements", "raw")}
    else:
        parts, element = [(place, value)], {**spec}
    for where, part in parts:
        good, part = _converted(element["type"], part)
        if not good:
            yield f"{where} must be {_TYPES.get(element['type'], element['type'])}, but is {_shown(spec, part)}"
        elif spec.get("choices") and part not in spec["choices"] and str(part) not in spec["choices"]:
            yield f"{where} must be one of {', '.join(map(str, spec['choices']))}, but is {_shown(spec, part)}"
        elif spec.get("options") and isinstance(part, Mapping):
            yield from _faults(spec["options"], part, f"{where}.")


def _converted(wanted: str, value: Any) -> tuple[bool, Any]:
    """Return whether Ansible takes a value for a type, and what it makes of it."""
    check = DEFAULT_TYPE_VALIDATORS.get(wanted)
    try:
        return True, check(value) if check else value
    except STUMBLES:
        return False, value


def _shown(spec: Mapping[str, Any], value: Any) -> str:
    """Return a value as sentences show it: a short text that is no secret as it is, all else by its kind."""
    if isinstance(value, str) and len(value) <= _LONGEST_VALUE and not spec.get("no_log"):
        return repr(value)
    return kind_of(value)
