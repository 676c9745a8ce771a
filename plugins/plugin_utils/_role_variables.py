# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the variables of a role: all errors are reported together, in sentences that name the variables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.panw.airs.plugins.module_utils._common.wording import did_you_mean, near, one_line, some
from ansible_collections.panw.airs.plugins.module_utils._engine.module import validate

Specs = Mapping[str, dict[str, Any]]

#: The variable that names variables of the user that begin like those of a role.
OWN = "airs_own_variables"


@dataclass(frozen=True)
class Rules:
    """What a role expects of its variables, besides their types.

    Args:
        any_of: groups of variables of which one at least must have a value.
        exclusive: groups of variables of which one at most may have a value.
        confirmed: a variable, and the one whose value it must repeat.
    """

    any_of: Sequence[Sequence[str]] = ()
    exclusive: Sequence[Sequence[str]] = ()
    confirmed: Sequence[str] = ()


def is_empty(value: Any) -> bool:
    """Tell whether a variable counts as omitted: no value, an unanswered question of a survey, or `default(omit)`.

    An empty list or dictionary is a value: no topics, say, or an empty configuration.

    Args:
        value: its value.
    """
    if isinstance(value, str):
        # ansible-core before 2.19 has a text for what is omitted; since then it is an object of a type of its own.
        return not value.strip() or value.startswith("__omit_place_holder__")
    return value is None or type(value).__name__ == "_OmitType"


def unknown(role: str, known: Collection[str], names: Iterable[str]) -> list[str]:
    """Return the names that begin like options of a role, whatever their case, and are not known.

    Args:
        role: name of the role, without that of the collection.
        known: names that may begin so.
        names: names of variables.
    """
    return sorted(name for name in names if name.casefold().startswith(f"{role}_") and name not in known)


def faults(role: str, specs: Specs, values: Mapping[str, Any], wrong: Sequence[str], rules: Rules) -> Iterator[str]:
    """Yield everything that is wrong, in sentences; no value of a secret variable is in them.

    Args:
        role: name of the role, without that of the collection.
        specs: the options of its entry point, as in argument_specs.yml.
        values: the variables that have a value.
        wrong: names of variables that are taken for options of the role, and are none.
        rules: what the role expects besides types.
    """
    if wrong:
        start = len(f"{role}_")
        short = [name[start:] for name in specs if name.startswith(f"{role}_")]
        # Without the beginning, which they have in common, fewer resemble each other.
        meant = {name: did_you_mean([f"{role}_{found}" for found in near(name[start:], short)]) for name in wrong}
        told = [one_line(f"{name} ({guess})" if guess else name) for name, guess in meant.items()]
        yield (
            f"The role panw.airs.{role} does not support {some(told)}: correct the name, or add your own variables "
            f"to {OWN}."
        )
    missing = [name for name, spec in specs.items() if spec.get("required") and name not in values]
    if rules.confirmed:
        confirmation, name = rules.confirmed
        if name in values:
            missing = [each for each in missing if each != confirmation]
            yield from _unconfirmed(confirmation, str(values.get(confirmation, "")), str(values[name]))
    missing += [" or ".join(group) for group in rules.any_of if not set(group) & set(values)]
    if missing:
        yield f"The role panw.airs.{role} requires {_listed(missing)}."
    for group in rules.exclusive:
        given = [name for name in group if name in values]
        if len(given) > 1:
            yield f"{' and '.join(given)} are mutually exclusive: set one of them."
    optional = {name: {**spec, "required": False} for name, spec in specs.items()}
    for fault in validate(optional, values)[2]:
        yield f"{one_line(fault)}{'' if fault.endswith('?') else '.'}"


def _listed(parts: Sequence[str]) -> str:
    """Return parts of a sentence as a list in words."""
    *others, last = parts
    return f"{', '.join(others)}{',' * (len(others) > 1)} and {last}" if others else last


def _unconfirmed(confirmation: str, told: str, wanted: str) -> Iterator[str]:
    if told != wanted:
        now = f"it is '{told}'" if told else "it is not set"
        yield one_line(f"To remove application '{wanted}', set {confirmation} to '{wanted}': {now}.")
