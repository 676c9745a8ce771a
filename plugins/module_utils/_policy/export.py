# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Export a policy as options that result in this policy, whatever profile they are applied to."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from .._engine.options import Options
from .data import DATABASE_VERBS, ROWS_OPTION, ROWS_SPEC
from .document import OF_ONE_DIRECTION, SHARED, as_options, desired_policy, held_names
from .layout import DIRECTIONS, Policy, pinned_topics
from .meaning import meaning
from .overlay import OF_THIS_TENANT, copied, merged, overlay
from .protection import LISTS, Names, Protection
from .protections import PROTECTIONS


def exported(policy: Policy) -> tuple[dict[str, Any], bool]:
    """Return a policy as options that make it of whatever they are applied to: a new profile, or one that differs.

    So every protection is said, those that are off too, and what no option knows is under policy.

    Args:
        policy: the policy that the service holds.

    Returns:
        The options, and whether they say all of it. They cannot where the policy holds what no option can make, such
        as a topic under an action that is neither block nor allow.
    """
    read = as_options(policy)
    directions, rows = read.pop("directions", {}), _fitting(read.pop(ROWS_OPTION), ROWS_SPEC)
    options = _expressible(read, SHARED if directions else PROTECTIONS)
    if rows:
        options[ROWS_OPTION] = rows
    if directions:
        options["directions"] = {name: _expressible(value, OF_ONE_DIRECTION) for name, value in directions.items()}
    # What makes the same of a new profile and of one that has everything on makes the same of all.
    held, names = _comparable(policy), held_names(policy)
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
        names: names by the id of the topic; one that is not among them keeps its name.
    """
    renamed: dict[str, Any] = copied(dict(policy))
    for _action, pins in pinned_topics(renamed):
        for pin in pins:
            pin["topic_name"] = names.get(pin.get("topic_id"), pin.get("topic_name"))
    return renamed


def _comparable(policy: Policy) -> dict[str, Any]:
    """Return what counts of a policy on whatever tenant, in a form that an overlay can be made of."""
    found = meaning(policy, OF_THIS_TENANT) or {}
    profiles = found.get("ai-security-profiles") or [{}]
    frame = {"model-type": "default", "model-configuration": {}}
    return {**found, "ai-security-profiles": [{**frame, **profile} for profile in profiles]}


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
    for option in ("topics", "urls"):
        seen: set[str] = set()
        for action in reversed(LISTS) if said.get(option) else ():
            names = said[option][action]
            # No task may say a name twice: the weaker list is left as it is.
            if seen.intersection(names):
                del said[option][action]
            seen.update(names)
    if options.get("toxic_content"):
        # Also where no action can be read: nothing that is on is said to be off.
        categories = said["toxic_content"].setdefault("categories", [])
        if len({kind["name"] for kind in categories}) < len(categories):
            # What is there twice no task can say; it is left as it is.
            del said["toxic_content"]["categories"]
    leak = said.get("data_leak") or {}
    if leak.get("action") not in (None, "block") and leak.get("mask_inline"):
        del leak["mask_inline"]
    if len(said.get("database_security") or {}) < len(DATABASE_VERBS) and "database_security" in said:
        # The option would fill in the others.
        said["database_security"] = {}
    if said.get("severities"):
        said["severities"]["others"] = "default"
    if (said.get("latency") or {}).get("max_seconds", 1) < 1:
        del said["latency"]["max_seconds"]
    return {option: value for option, value in said.items() if value is not None}


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
