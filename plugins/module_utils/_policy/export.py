# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exporting a policy: as options that make it of whatever they are applied to."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from typing import Any

from .._engine.compare import RESOLVED_BY_SERVICE, canonical
from .._engine.options import Options
from .document import (
    DIRECTIONS,
    OF_ONE_DIRECTION,
    SHARED,
    Policy,
    as_options,
    configurations,
    desired_policy,
    pinned_topics,
)
from .overlay import merged, overlay
from .protections import DATABASE_VERBS, PROTECTIONS, TOPIC_LISTS, URL_LISTS, Names, Protection, dlp_members

#: Besides what the service resolves: what a name of a topic stands for differs between tenants.
_OF_THIS_TENANT = {**RESOLVED_BY_SERVICE, "topic": frozenset({"topic_id", "revision"})}


def exported(policy: Policy) -> tuple[dict[str, Any], bool]:
    """Return a policy as options that make it of whatever they are applied to: a new profile, or one that differs.

    So every protection is said, those that are off too, and what no option knows is under policy.

    Args:
        policy: the policy that the service holds.

    Returns:
        The options, and whether they say all of it. They cannot where the policy holds what no option can make, such
        as a topic under an action that is neither block nor allow.
    """
    options = as_options(policy)
    directions = options.pop("directions", {})
    options = _expressible(options, SHARED if directions else PROTECTIONS)
    if directions:
        options["directions"] = {name: _expressible(value, OF_ONE_DIRECTION) for name, value in directions.items()}
    # What makes the same of a new profile and of one that has everything on makes the same of all.
    held, names = _comparable(policy), _names_in(policy)
    starts = (None, _everything_on(bool(directions)))
    made = [_comparable(desired_policy(start, options, names)) for start in starts]
    if all(found == held for found in made):
        return options, True
    rest = merged(*(overlay(found, held) for found in made))
    options.update({"policy": rest} if rest else {})
    return options, all(_comparable(desired_policy(start, options, names)) == held for start in starts)


def with_topic_names(policy: Policy, names: Mapping[Any, str]) -> Policy:
    """Return a policy with other names for the topics that it pins.

    Args:
        policy: the policy; it is not changed.
        names: new names by the old ones.
    """
    if all(old == new for old, new in names.items()):
        return policy
    renamed = copy.deepcopy(dict(policy))
    for _action, pins in pinned_topics(renamed):
        for pin in pins:
            pin["topic_name"] = names.get(pin.get("topic_name"), pin.get("topic_name"))
    return renamed


def _comparable(policy: Policy) -> dict[str, Any]:
    """Return what counts of a policy on whatever tenant, in a form that an overlay can be made of."""
    found = canonical(policy, ignored=_OF_THIS_TENANT) or {}
    profiles = found.get("ai-security-profiles") or [{}]
    frame = {"model-type": "default", "model-configuration": {}}
    return {**found, "ai-security-profiles": [{**frame, **profile} for profile in profiles]}


def _names_in(policy: Policy) -> Names:
    """Return what the names in a policy stand for, as the policy itself says it."""
    pins = [pin for _action, pins in pinned_topics(policy) for pin in pins]
    members = [member for configuration in configurations(policy).values() for member in dlp_members(configuration)]
    rows = {str(row.get("name")): row for row in policy.get("dlp-data-profiles") or []}
    return Names(
        topics={pin.get("topic_name") or "": {"topic_id": "", "topic_name": "", "revision": 0, **pin} for pin in pins},
        dlp_profiles={
            name: rows.get(name, {"name": name}) for name in (member.get("text") or "" for member in members)
        },
    )


@functools.cache
def _everything_on(per_direction: bool) -> dict[str, Any]:
    """Return a policy that has every part of every protection."""
    protections = {protection.option: _filled(protection.spec) for protection in PROTECTIONS}
    if per_direction:
        directions = {entry.option: protections.pop(entry.option) for entry in OF_ONE_DIRECTION}
        protections["directions"] = dict.fromkeys(DIRECTIONS, directions)
    name = _SOME_NAME
    topic = {"topic_id": name, "topic_name": name, "revision": 1}
    return desired_policy(None, protections, Names(topics={name: topic}, dlp_profiles={name: {"name": name}}))


_SOME_NAME = "x"


def _filled(spec: Mapping[str, Any]) -> Any:
    """Return some value of an option that is not empty."""
    if "options" in spec:
        value: Any = {name: _filled(part) for name, part in spec["options"].items()}
    elif "choices" in spec:
        value = spec["choices"][0]
    else:
        value = {"bool": True, "int": 1}.get(spec["type"], _SOME_NAME)
    return [value] if spec["type"] == "list" else value


def _expressible(options: Options, protections: tuple[Protection, ...]) -> dict[str, Any]:
    """Return the options as far as a task may say them, all parts of a protection that is on included."""
    said = {protection.option: _fitting(options[protection.option], protection.spec) for protection in protections}
    for option, lists in (("topics", TOPIC_LISTS), ("urls", URL_LISTS)):
        seen: set[str] = set()
        for action in lists if said.get(option) else ():
            names = [name for name in said[option].get(action, []) if name not in seen]
            said[option][action] = names
            seen.update(names)
    if said.get("toxic_content"):
        said["toxic_content"].setdefault("categories", [])
    leak = said.get("data_leak") or {}
    if leak.get("action") == "allow" and leak.get("mask_inline"):
        del leak["mask_inline"]
    verbs = said.get("database_security")
    if verbs and len(verbs) < len(DATABASE_VERBS):
        # The option would fill in the others.
        said["database_security"] = {}
    if (said.get("latency") or {}).get("max_seconds", 1) < 1:
        del said["latency"]["max_seconds"]
    return {
        protection.option: False if said[protection.option] is None else said[protection.option]
        for protection in protections
        if said[protection.option] is not None or protection.spec["type"] == "bool"
    }


def _fitting(value: Any, spec: Mapping[str, Any]) -> Any:
    """Return the parts of a value that the option takes; None where it does not take it at all."""
    if spec["type"] == "list":
        parts = [_fitting(part, {**spec, "type": spec["elements"]}) for part in value]
        return [part for part in parts if part is not None]
    if "options" in spec:
        if not isinstance(value, Mapping):
            return None
        known = {name: part for name, part in value.items() if name in spec["options"] and part is not None}
        fitting = {name: _fitting(part, spec["options"][name]) for name, part in known.items()}
        lacking = any(fitting.get(name) is None for name, part in spec["options"].items() if part.get("required"))
        return None if lacking else {name: part for name, part in fitting.items() if part is not None}
    taken = value in spec["choices"] if "choices" in spec else type(value).__name__ == spec["type"]
    return value if taken else None
