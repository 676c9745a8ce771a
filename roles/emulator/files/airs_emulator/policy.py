# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service reads in the policy of a profile; all else it keeps as it was sent."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, Literal

from .http import JsonObject

#: The directions of the layout that configures prompts, responses and tools apart (reported from live tenants).
Direction = Literal["prompt", "response", "tool-call", "tool-response"]
_URL_MEMBERS = ("alert-url-category", "allow-url-category", "block-url-category", "default-url-category")


def model_configurations(policy: JsonObject) -> Iterator[JsonObject]:
    """Every configuration of a policy: the common one, and those of the single directions."""
    for profile in policy.get("ai-security-profiles") or []:
        yield profile.get("model-configuration") or {}
        for configuration in (profile.get("content-type-configurations") or {}).values():
            yield configuration or {}


def configuration_for(policy: JsonObject, direction: Direction) -> JsonObject:
    """What applies to a direction: the common configuration, overlaid with that of the direction where there is one."""
    merged: JsonObject = {}
    for profile in policy.get("ai-security-profiles") or []:
        merged.update(profile.get("model-configuration") or {})
        merged.update((profile.get("content-type-configurations") or {}).get(direction) or {})
    return merged


def topic_buckets(policy: JsonObject) -> Iterator[JsonObject]:
    """Every bucket (an action and its topics) of every topic list."""
    for configuration in model_configurations(policy):
        for protection in configuration.get("model-protection") or []:
            yield from protection.get("topic-list") or []


def topic_ids(policy: JsonObject) -> set[str]:
    """The ids of all topics that a policy holds."""
    return {topic["topic_id"] for bucket in topic_buckets(policy) for topic in bucket.get("topic") or []}


def without_topic(policy: JsonObject, topic_id: str) -> JsonObject:
    """A copy of a policy from which a topic is gone. A bucket that becomes empty stays, as the console leaves them."""
    changed = copy.deepcopy(policy)
    for bucket in topic_buckets(changed):
        if bucket.get("topic"):
            bucket["topic"] = [topic for topic in bucket["topic"] if topic["topic_id"] != topic_id]
    return changed


def as_read(policy: JsonObject, *, canonicalise: bool, null_topics: bool) -> JsonObject:
    """A policy as a read shows it: as it was sent, unless a switch asks for the differences seen in some tenants."""
    changes: list[Callable[[JsonObject], None]] = []
    if canonicalise:
        changes.append(_add_defaults)
    if null_topics:
        changes.append(_add_null_buckets)
    if not changes:
        return policy
    shown = copy.deepcopy(policy)
    for configuration in model_configurations(shown):
        for change in changes:
            change(configuration)
    if canonicalise:
        shown.setdefault("dlp-data-profiles", [])
    return shown


def _add_defaults(configuration: JsonObject) -> None:
    configuration.setdefault("agent-protection", [])
    data_protection = configuration.setdefault("data-protection", {})
    data_protection.setdefault("database-security", None)
    data_protection.setdefault("data-leak-detection", {"action": "", "member": None, "mask-data-inline": False})
    app_protection = configuration.setdefault("app-protection", {})
    for member in _URL_MEMBERS:
        app_protection.setdefault(member, {})


def _add_null_buckets(configuration: JsonObject) -> None:
    for protection in configuration.get("model-protection") or []:
        buckets: list[dict[str, Any]] | None = protection.get("topic-list")
        if buckets is None:
            continue
        for bucket in buckets:
            bucket["topic"] = bucket.get("topic") or None
        present = {bucket.get("action") for bucket in buckets}
        buckets.extend({"action": action, "topic": None} for action in ("allow", "block") if action not in present)
