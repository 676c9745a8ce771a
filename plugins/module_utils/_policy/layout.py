# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Layout of a policy: where its configurations are.

A policy has protections in one of two layouts: one set for everything (model-configuration), or one for each direction
of the traffic (content-type-configurations), with only the shared options in the model-configuration. There can be more
than one ai-security-profile (as in the example of the official description). The options then apply to the first one of
the default model type, or else to the first one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .data import dlp_members
from .protection import Configuration, entries, part
from .topics import buckets

#: Directions of the traffic: suboption of directions, and name in the policy (reported from a live tenant).
DIRECTIONS = {"prompt": "prompt", "response": "response", "tool_call": "tool-call", "tool_response": "tool-response"}
PER_DIRECTION = "per_content_type"

Policy = Mapping[str, Any]


def main_profile(policy: Policy) -> dict[str, Any] | None:
    """Return the ai-security-profile that the options are about, or None."""
    profiles = entries(policy.get("ai-security-profiles"))
    default = (profile for profile in profiles if (profile.get("model-type") or "default") == "default")
    return next(default, profiles[0] if profiles else None)


def is_per_direction(policy: Policy) -> bool:
    """Tell whether a policy has protections for each direction."""
    return (main_profile(policy) or {}).get("content-type-mode") == PER_DIRECTION


def configurations(policy: Policy) -> dict[str, Configuration]:
    """Return the configurations that the options are about, by direction; the common one is ''."""
    profile = main_profile(policy) or {}
    found = {"": part(profile, "model-configuration")}
    if is_per_direction(policy):
        found.update({name: part(profile, "content-type-configurations", key) for name, key in DIRECTIONS.items()})
    return {name: found[name] if isinstance(found[name], Mapping) else {} for name in found}


def all_configurations(policy: Policy) -> Iterator[dict[str, Any]]:
    """Yield every configuration of a policy, those that nobody knows the use of included."""
    for profile in entries(policy.get("ai-security-profiles")):
        directions = part(profile, "content-type-configurations")
        several = directions.values() if isinstance(directions, dict) else ()
        yield from entries([part(profile, "model-configuration"), *several])


def pinned_topics(policy: Policy) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the pinned topics of all configurations, with what happens to them."""
    return [
        (str(bucket.get("action") or ""), pins)
        for configuration in all_configurations(policy)
        for detector in entries(part(configuration, "model-protection"))
        for bucket, pins in buckets(detector)
    ]


def named_members(policy: Policy) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the DLP profiles that a policy's data leak detections have, by name."""
    for configuration in all_configurations(policy):
        yield from ((str(member["text"]), member) for member in dlp_members(configuration) if member.get("text"))


def dlp_profile_names(policy: Policy) -> list[str]:
    """Return the names of the DLP profiles that a policy's data leak detections have, each once."""
    return list(dict.fromkeys(name for name, _member in named_members(policy)))
