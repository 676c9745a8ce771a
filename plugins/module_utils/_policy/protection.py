# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A protection: an option, and how it is written to and read from a configuration.

A configuration is the part of a policy that contains protections: the model-configuration of the profile or, if each
direction has its own, that of one direction. Writing modifies the stored policy in place, so that everything that no
option covers is preserved. A setting that cannot be interpreted is preserved or is an error, but never replaced.

Formats and names are those that live tenants store; the official description has fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .._common.errors import AirsInputError

DISABLED = "disabled"
#: What a detector does about a finding, the strictest first. Live tenants were seen with alert on few detectors;
#: whether a write of it elsewhere is taken, the service says.
ACTIONS = ("block", "alert", "allow")
#: The lists of names that topics and URL categories have, by what happens.
LISTS = ("allow", "alert", "block")

Configuration = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """What the names in the options stand for.

    Args:
        topics: rows of custom topics, by name.
        dlp_profiles: rows of the DLP profiles that are new to the policy, by name.
    """

    topics: Mapping[str, Mapping[str, Any]]
    dlp_profiles: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Protection:
    """One option of a security profile.

    Args:
        option: its name.
        spec: its argument_spec entry.
        write: puts a value into a configuration; an empty dict or 'disabled' clears.
        read: returns the value of the option in a configuration; an unknown action is returned unchanged.
        shared: whether it is about the whole profile also where each direction has protections of its own.
        detectors: what the policy calls the objects that it is about.
    """

    option: str
    spec: dict[str, Any]
    write: Callable[[dict[str, Any], Any, Names], None]
    read: Callable[[Configuration], Any]
    shared: bool = False
    detectors: tuple[str, ...] = ()


# --- parts of a configuration ----------------------------------------------------------------------------------------


def section(parent: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the dict under a key; an absent or empty one is made.

    Raises:
        AirsInputError: there is something else, which must not be lost.
    """
    if not isinstance(parent.get(key), dict):
        if parent.get(key):
            raise AirsInputError(f"The policy contains '{key}' in an unknown format, which is not replaced.")
        parent[key] = {}
    return parent[key]  # type: ignore[no-any-return]  # made a dict just above


def part(configuration: Configuration, *keys: str) -> Any:
    """Return what is under a path of keys; {} where a part of the path is absent or null."""
    found: Any = configuration
    for key in keys:
        # A policy comes from JSON or YAML; to ask for any mapping takes four times as long.
        found = (found.get(key) if isinstance(found, dict) else None) or {}
    return found


def entries(holder: Any) -> list[dict[str, Any]]:
    """Return the entries of a list that can be read; none where there is no list."""
    return [entry for entry in holder if isinstance(entry, dict)] if isinstance(holder, list) else []


def find(holder: Any, name: str) -> dict[str, Any] | None:
    """Return the entry of a name in a list, or None."""
    for entry in holder if isinstance(holder, list) else ():
        if isinstance(entry, dict) and entry.get("name") == name:
            return entry
    return None


def add(parent: dict[str, Any], key: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Add an entry to the list under a key, and return it.

    Raises:
        AirsInputError: there is something that is no list.
    """
    held = parent.get(key) or []
    if not isinstance(held, list):
        raise AirsInputError(f"The policy contains '{key}' in an unknown format, which is not replaced.")
    parent[key] = [*held, entry]
    return entry


def remove(parent: dict[str, Any], key: str, name: str) -> None:
    """Take the entries of a name out of the list under a key."""
    if find(parent.get(key), name) is not None:
        parent[key] = [entry for entry in parent[key] if not (isinstance(entry, dict) and entry.get("name") == name)]


def set_action(parent: dict[str, Any], key: str, name: str, action: str) -> dict[str, Any]:
    """Set the action of the named entry in the list under a key, and return it; a missing one is made."""
    entry = find(parent.get(key), name) or add(parent, key, {"name": name})
    entry["action"] = action
    return entry


def in_held_order(wanted: Iterable[str], held: Iterable[str]) -> list[str]:
    """Return the wanted names, those that are held first and in the order in which they are."""
    wanted, held = list(dict.fromkeys(wanted)), list(dict.fromkeys(held))
    return [name for name in held if name in wanted] + [name for name in wanted if name not in held]


# --- specs -----------------------------------------------------------------------------------------------------------


def choice(*choices: str) -> dict[str, Any]:
    """Return the argument_spec entry of one of some words."""
    return {"type": "str", "choices": list(choices)}


def names_list() -> dict[str, Any]:
    """Return the argument_spec entry of a list of names."""
    return {"type": "list", "elements": "str"}


def group(**options: dict[str, Any]) -> dict[str, Any]:
    """Return the argument_spec entry of a dict of options."""
    return {"type": "dict", "options": options}


def list_of(**options: dict[str, Any]) -> dict[str, Any]:
    """Return the argument_spec entry of a list of dicts, each of which says its name."""
    return {"type": "list", "elements": "dict", "options": {"name": {"type": "str", "required": True}, **options}}
