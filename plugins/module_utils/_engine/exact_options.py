# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that have nothing to be validated for: each value is exactly what its entry asks for.

Nearly all options in files are, and to see it takes a tenth of the time of Ansible's own means. Whatever is not exactly
so, be it right or wrong, is left to those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: The types whose values Ansible takes as they are. Of a path, much can be wrong.
_TYPES = {"str": str, "bool": bool, "int": int}
#: Whole numbers that any reader of JSON takes.
_SAFE = 2**53


def completed(specs: Mapping[str, dict[str, Any]], given: Any) -> dict[str, Any] | None:
    """Return options with defaults, as Ansible would make them; None where Ansible has to look at them.

    Args:
        specs: argument_spec entries; constraints between options are not looked at.
        given: options as a user gives them.
    """
    # Not isinstance: a boolean is an integer to that, and a subclass is for Ansible to look at.
    if given.__class__ is not dict:
        return None
    made: dict[str, Any] = {}
    for name, value in given.items():
        spec = specs.get(name)
        made[name] = None if spec is None else _completed(spec, value)
        if made[name] is None:
            return None
    for name, spec in specs.items():
        if name not in made:
            if spec.get("required"):
                return None
            made[name] = spec.get("default")
    return made


def _completed(spec: Mapping[str, Any], value: Any) -> Any:
    if spec["type"] != "list":
        return _single(spec, spec["type"], value)
    if value.__class__ is not list:
        return None
    parts = [_single(spec, spec["elements"], part) for part in value]
    return None if any(part is None for part in parts) else parts


def _single(spec: Mapping[str, Any], kind: str, value: Any) -> Any:
    """Return a value, or one of a list; None where it is not exactly what its entry asks for."""
    if kind == "dict":
        return completed(spec["options"], value) if "options" in spec else None
    is_exact = value.__class__ is _TYPES.get(kind) and value in spec.get("choices", (value,)) and _can_be_sent(value)
    return value if is_exact else None


def _can_be_sent(value: Any) -> bool:
    """Tell whether any reader of JSON takes a value: a text with half of a character, say, is none."""
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)
    return isinstance(value, int) and abs(value) < _SAFE
