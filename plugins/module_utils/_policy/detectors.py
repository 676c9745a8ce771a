# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detectors with one action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .protection import (
    ACTIONS,
    DISABLED,
    Configuration,
    Names,
    Protection,
    choice,
    find,
    part,
    remove,
    section,
    set_action,
)


def detector(option: str, key: str, name: str) -> Protection:
    """Return a protection that is one entry {name, action, ...} of the list under a key.

    Args:
        option: its option.
        key: the list, a section of the configuration.
        name: the service's name of the detector.
    """

    def write(configuration: dict[str, Any], value: str, _names: Names) -> None:
        if value != DISABLED:
            set_action(configuration, key, name, value)
        elif read(configuration) != DISABLED:
            remove(configuration, key, name)

    def read(configuration: Configuration) -> Any:
        return (find(part(configuration, key), name) or {}).get("action") or DISABLED

    return Protection(option, choice(*ACTIONS, DISABLED), write, read, detectors=(name,))


def single(option: str, group: str, key: str, fixed: Mapping[str, str]) -> Protection:
    """Return a protection that is one object {action, ...} under a key of a section.

    Args:
        option: its option.
        group: the section.
        key: the key in it.
        fixed: what a new object says besides its action.
    """

    def write(configuration: dict[str, Any], value: str, _names: Names) -> None:
        if value == DISABLED:
            if read(configuration) != DISABLED:
                section(configuration, group).pop(key)
            return
        entry = section(section(configuration, group), key)
        for name, text in fixed.items():
            entry.setdefault(name, text)
        entry["action"] = value

    def read(configuration: Configuration) -> Any:
        found = part(configuration, group, key)
        return (found.get("action") if isinstance(found, Mapping) else found) or DISABLED

    return Protection(option, choice(*ACTIONS, DISABLED), write, read, detectors=(key,))
