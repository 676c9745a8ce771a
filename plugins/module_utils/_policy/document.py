# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security profiles: from options that a security engineer reads at a glance to the policy document, and back.

A policy has protections in one of two layouts: one set for everything (model-configuration), or one for each direction
of the traffic (content-type-configurations), with only the shared options in the model-configuration.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from .._engine.compare import canonical, difference, same
from .._engine.options import Options, OptionSpecs
from .overlay import merged
from .protections import (
    DEFAULT_LATENCY,
    DISABLED,
    PROTECTIONS,
    TOPIC_LISTS,
    URL_LISTS,
    Names,
    Protection,
    dlp_members,
    section,
    topic_buckets,
)

#: Directions of the traffic: suboption of directions, and name in the policy (reported from a live tenant).
DIRECTIONS = {"prompt": "prompt", "response": "response", "tool_call": "tool-call", "tool_response": "tool-response"}

_PER_DIRECTION = "per_content_type"
SHARED = tuple(protection for protection in PROTECTIONS if protection.shared)
OF_ONE_DIRECTION = tuple(protection for protection in PROTECTIONS if not protection.shared)

Policy = Mapping[str, Any]


def option_specs() -> OptionSpecs:
    """Return the argument_spec entries of all protections, of the directions and of the raw policy."""
    one = {protection.option: protection.spec for protection in OF_ONE_DIRECTION}
    directions = {name: {"type": "dict", "options": one} for name in DIRECTIONS}
    return {
        **{protection.option: protection.spec for protection in PROTECTIONS},
        "directions": {"type": "dict", "options": directions},
        "policy": {"type": "dict"},
    }


# --- what the options say, without the service -----------------------------------------------------------------------


def _sets(options: Options) -> Iterator[tuple[str, Options]]:
    """Yield every set of protections in the options, with the prefix of its option names."""
    yield "", options
    for direction, given in (options.get("directions") or {}).items():
        if given is not None:
            yield f"directions.{direction}.", given


def faults(options: Options) -> list[str]:
    """Return a sentence part for everything in the options that cannot be right, without asking the service."""
    found = [fault for prefix, given in _sets(options) for fault in _faults(prefix, given)]
    common = [entry.option for entry in OF_ONE_DIRECTION if options.get(entry.option) is not None]
    if options.get("directions") and common:
        found.append(f"{', '.join(common)} must be given for each direction when directions is given")
    seconds = (options.get("latency") or {}).get("max_seconds")
    if seconds is not None and seconds < 1:
        found.append(f"latency.max_seconds is {seconds}, at least 1 is needed")
    return found


def _faults(prefix: str, options: Options) -> Iterator[str]:
    for option, lists in (("topics", TOPIC_LISTS), ("urls", URL_LISTS)):
        value = options.get(option) or {}
        seen: dict[str, str] = {}
        for action in lists:
            for name in value.get(action) or []:
                if seen.setdefault(name, action) != action:
                    yield f"{prefix}{option} has '{name}' under both {seen[name]} and {action}"
    leak = options.get("data_leak") or {}
    if leak.get("mask_inline") and leak.get("action") == "allow":
        yield f"{prefix}data_leak.mask_inline works with data_leak.action block only"


def topic_references(options: Options) -> list[tuple[str, str]]:
    """Return where the options name topics: (place, name), such as ("topics.block[1]", "financial-advice")."""
    return [
        (f"{prefix}topics.{action}[{index}]", name)
        for prefix, given in _sets(options)
        for action in TOPIC_LISTS
        for index, name in enumerate((given.get("topics") or {}).get(action) or [])
    ]


def dlp_profile_references(options: Options) -> list[tuple[str, str]]:
    """Return where the options name DLP profiles: (place, name)."""
    return [
        (f"{prefix}data_leak.profiles[{index}]", name)
        for prefix, given in _sets(options)
        for index, name in enumerate((given.get("data_leak") or {}).get("profiles") or [])
    ]


# --- reading a policy ------------------------------------------------------------------------------------------------


def _profile(policy: Policy) -> Mapping[str, Any]:
    """Return the AI security profile of a policy: there is always exactly one."""
    return (policy.get("ai-security-profiles") or [{}])[0] or {}


def is_per_direction(policy: Policy) -> bool:
    """Tell whether a policy has protections for each direction."""
    return bool(_profile(policy).get("content-type-mode") == _PER_DIRECTION)


def configurations(policy: Policy) -> dict[str, Mapping[str, Any]]:
    """Return all configurations of a policy that may hold protections, by direction; the common one is ''."""
    profile = _profile(policy)
    directions = profile.get("content-type-configurations") or {}
    return {
        "": profile.get("model-configuration") or {},
        **{name: directions.get(key) or {} for name, key in DIRECTIONS.items() if is_per_direction(policy)},
    }


def unmanageable_options(policy: Policy, options: Options) -> list[str]:
    """Return the options that would not be enforced, because the policy has protections for each direction."""
    if not is_per_direction(policy):
        return []
    return [entry.option for entry in OF_ONE_DIRECTION if options.get(entry.option) is not None]


def pinned_topics(policy: Policy) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the pinned topics of all configurations, with what happens to them."""
    buckets = [topic_buckets(configuration) for configuration in configurations(policy).values()]
    return [pair for bucket in buckets for pair in bucket.items()]


def as_options(policy: Policy) -> dict[str, Any]:
    """Return a policy in the form of the options, ready to be given to airs_security_profile."""
    found = configurations(policy)
    common = found.pop("")
    if not is_per_direction(policy):
        return {protection.option: protection.read(common) for protection in PROTECTIONS}
    return {
        **{protection.option: protection.read(common) for protection in PROTECTIONS if protection.shared},
        "directions": {
            name: {protection.option: protection.read(configuration) for protection in OF_ONE_DIRECTION}
            for name, configuration in found.items()
        },
    }


# --- writing a policy ------------------------------------------------------------------------------------------------


def empty_policy() -> dict[str, Any]:
    """Return a policy with everything off.

    It has all sections, because the web interface of Strata Cloud Manager fails on profiles that lack some.
    """
    return {
        "ai-security-profiles": [
            {
                "model-type": "default",
                "model-configuration": {
                    "mask-data-in-storage": False,
                    "latency": dict(DEFAULT_LATENCY),
                    "data-protection": {
                        "data-leak-detection": {"action": "", "member": None, "mask-data-inline": False},
                        "database-security": None,
                    },
                    "app-protection": {
                        "alert-url-category": {"member": []},
                        "block-url-category": {"member": []},
                        "allow-url-category": {"member": []},
                        "default-url-category": {"member": None},
                        "url-detected-action": "",
                    },
                    "model-protection": [],
                    "agent-protection": [],
                },
            }
        ],
        "dlp-data-profiles": [],
    }


def desired_policy(current: Policy | None, options: Options, names: Names) -> dict[str, Any]:
    """Return the policy that the options ask for.

    Args:
        current: the policy that the service holds, or None for a new profile.
        options: options of the module; what is None is not managed.
        names: what the names in the options stand for.

    Returns:
        The current policy with the managed parts replaced, ready to be written.
    """
    policy = copy.deepcopy(dict(empty_policy() if current is None else current))
    profiles = policy.get("ai-security-profiles") or [{"model-type": "default"}]
    policy["ai-security-profiles"] = profiles
    profile = profiles[0]
    _write(section(profile, "model-configuration"), options, PROTECTIONS, names)
    given = {name: value for name, value in (options.get("directions") or {}).items() if value is not None}
    if given:
        if not is_per_direction(policy):
            _split_by_direction(profile)
        places = section(profile, "content-type-configurations")
        for name, value in given.items():
            _write(section(places, DIRECTIONS[name]), value, OF_ONE_DIRECTION, names)
    if any(value.get("data_leak") is not None for _prefix, value in _sets(options)):
        policy["dlp-data-profiles"] = _dlp_rows(policy, names)
    if options.get("policy"):
        policy = merged(policy, options["policy"])
    _strip_empty_buckets(policy)
    return policy


def _write(configuration: dict[str, Any], options: Options, protections: tuple[Protection, ...], names: Names) -> None:
    for protection in protections:
        value = options.get(protection.option)
        if value is not None:
            # Of a group, suboptions that are left out are not managed either.
            if isinstance(value, Mapping):
                value = {key: part for key, part in value.items() if part is not None}
            protection.write(configuration, value, names)


def _split_by_direction(profile: dict[str, Any]) -> None:
    """Go over to the layout with protections for each direction: each starts with those that were for everything."""
    common = profile["model-configuration"]
    sections = ("agent-protection", "app-protection", "data-protection", "model-protection")
    moved = {key: common.pop(key) for key in sections if key in common}
    profile["content-type-mode"] = _PER_DIRECTION
    profile["content-type-configurations"] = {key: copy.deepcopy(moved) for key in DIRECTIONS.values()}


def _dlp_rows(policy: Policy, names: Names) -> list[dict[str, Any]]:
    """Return the policy's own list of the DLP profiles that its data leak detections name."""
    held = {row.get("name"): row for row in policy.get("dlp-data-profiles") or []}
    members = [member for configuration in configurations(policy).values() for member in dlp_members(configuration)]
    rows = {}
    for member in members:
        name = member.get("text")
        # A member that somebody else put there may have no row; the service is not asked for it then.
        row = held.get(name) or names.dlp_profiles.get(str(name))
        if row is not None:
            # The service refuses a DLP profile without log-severity (reported from live tenants).
            rows[name] = {**row, "uuid": row.get("uuid") or "", "log-severity": row.get("log-severity") or "low"}
    return list(rows.values())


def _strip_empty_buckets(node: Any) -> None:
    """Take empty buckets out of every topic-list: live tenants show them, but refuse them in a write."""
    if isinstance(node, dict):
        buckets = node.get("topic-list")
        if isinstance(buckets, list):
            node["topic-list"] = [bucket for bucket in buckets if isinstance(bucket, dict) and bucket.get("topic")]
        for value in node.values():
            _strip_empty_buckets(value)
    elif isinstance(node, list):
        for value in node:
            _strip_empty_buckets(value)


# --- diff ------------------------------------------------------------------------------------------------------------


def policy_difference(before: Policy | None, after: Policy | None) -> dict[str, Any]:
    """Return the diff of two policies in the form of the options, one line of a dict per protection.

    What no option knows is shown as it stands in the policy.
    """
    old, new = (None if policy is None else _lines(policy) for policy in (before, after))
    if old is None:
        # Of a new profile, what it does not do is no news.
        new = {line: value for line, value in (new or {}).items() if value != DISABLED}
    found = difference(old, new)
    if not found["before"] and not found["after"] and not same(before, after):
        found = {"before": {"policy": canonical(before)}, "after": {"policy": canonical(after)}}
    return found


def _lines(policy: Policy) -> dict[str, Any]:
    options = as_options(policy)
    directions = options.pop("directions", {})
    pins = {
        pin.get("topic_name") or str(pin.get("topic_id")): pin.get("revision")
        for _action, pins in pinned_topics(policy)
        for pin in pins
    }
    return {
        **options,
        **{f"{name}.{option}": value for name, given in directions.items() for option, value in given.items()},
        "topic_revisions": pins,
    }
