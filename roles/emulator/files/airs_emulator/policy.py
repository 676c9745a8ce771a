# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service reads in the policy of a profile; all else it keeps as it was sent.

Stored rows may hold what no write would be allowed to say, so nothing here relies on their form.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Literal

from .http import JsonObject

#: The directions of the layout that configures prompts, responses and tools apart (reported from live tenants).
Direction = Literal["prompt", "response", "tool-call", "tool-response"]
DIRECTIONS: tuple[Direction, ...] = ("prompt", "response", "tool-call", "tool-response")
_URL_MEMBERS = ("alert-url-category", "allow-url-category", "block-url-category", "default-url-category")


def objects(parent: JsonObject, member: str) -> list[JsonObject]:
    """The objects of a list; null, a missing list and what else may be stored are passed over."""
    found = parent.get(member)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def object_in(parent: JsonObject, member: str) -> JsonObject:
    """The object of this name; an empty one for null, for nothing and for what is none."""
    found = parent.get(member)
    return found if isinstance(found, dict) else {}


def text_in(parent: JsonObject, member: str) -> str:
    """The text of this name; an empty one for null, for nothing and for what is none."""
    found = parent.get(member)
    return found if isinstance(found, str) else ""


def model_configurations(policy: JsonObject) -> Iterator[JsonObject]:
    """Every configuration of a policy: the common one, and those of the single directions."""
    for profile in objects(policy, "ai-security-profiles"):
        yield object_in(profile, "model-configuration")
        directions = object_in(profile, "content-type-configurations")
        for direction in directions:
            yield object_in(directions, direction)


def configuration_for(policy: JsonObject, direction: Direction) -> JsonObject:
    """What applies to a direction: the common configuration, overlaid with that of the direction where there is one."""
    merged: JsonObject = {}
    for profile in objects(policy, "ai-security-profiles"):
        merged.update(object_in(profile, "model-configuration"))
        merged.update(object_in(object_in(profile, "content-type-configurations"), direction))
    return merged


def topic_buckets(policy: JsonObject) -> Iterator[JsonObject]:
    """Every bucket (an action and its topics) of every topic list."""
    for configuration in model_configurations(policy):
        for protection in objects(configuration, "model-protection"):
            yield from objects(protection, "topic-list")


def topic_ids(policy: JsonObject) -> set[str]:
    """The ids of all topics that a policy holds."""
    pinned = (topic.get("topic_id") for bucket in topic_buckets(policy) for topic in objects(bucket, "topic"))
    return {topic_id for topic_id in pinned if isinstance(topic_id, str)}


def without_topic(policy: JsonObject, topic_id: str) -> JsonObject:
    """A copy of a policy from which a topic is gone. A bucket that becomes empty stays, as the console leaves them."""
    changed = copy.deepcopy(policy)
    for bucket in topic_buckets(changed):
        if bucket.get("topic"):
            bucket["topic"] = [topic for topic in objects(bucket, "topic") if topic.get("topic_id") != topic_id]
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
    configuration.setdefault("data-protection", {})
    data_protection = object_in(configuration, "data-protection")
    data_protection.setdefault("database-security", None)
    data_protection.setdefault("data-leak-detection", {"action": "", "member": None, "mask-data-inline": False})
    configuration.setdefault("app-protection", {})
    app_protection = object_in(configuration, "app-protection")
    for member in _URL_MEMBERS:
        app_protection.setdefault(member, {})


def _add_null_buckets(configuration: JsonObject) -> None:
    for protection in objects(configuration, "model-protection"):
        if not isinstance(protection.get("topic-list"), list):
            continue
        for bucket in objects(protection, "topic-list"):
            bucket["topic"] = bucket.get("topic") or None
        present = {text_in(bucket, "action") for bucket in objects(protection, "topic-list")}
        protection["topic-list"].extend(
            {"action": action, "topic": None} for action in ("allow", "block") if action not in present
        )
