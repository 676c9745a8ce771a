# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has to do: the configuration, the tenant as it is before, and the number of objects that have to change.

Half of the objects are custom topics, half are security profiles that name them. An object that is right names only
topics that are right, so that each object is written once or not at all.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from .policies import JsonObject, policy

Fate = Literal["right", "update", "create"]

#: What is to be done with one object after the other, over and over.
PATTERNS: dict[str, tuple[Fate, ...]] = {
    "nightly": ("right",),
    "mixed": ("right", "right", "update", "create"),
    "tenth": ("update", *("right",) * 9),
    "keys_due": ("update", *("right",) * 4),
    "keys_right": ("right",),
}
#: In words, for tables and plots.
TITLES = {
    "nightly": "everything right",
    "mixed": "half right, a quarter to update, a quarter to create",
    "tenth": "a tenth to update",
    "keys_due": "API keys, of which a fifth is due",
    "keys_right": "API keys, of which none is due",
}
_NAMESPACE = uuid.UUID("6f1c8a52-7d0e-4b0a-9c55-0b8f6a1d2e11")


@dataclass(frozen=True)
class Workload:
    """A configuration and the tenant that it meets.

    Args:
        kind: one of PATTERNS.
        size: number of objects.
    """

    kind: str
    size: int

    @functools.cached_property
    def custom_topics(self) -> list[JsonObject]:
        """The topics of the configuration."""
        return [_topic(number) for number in range(self.size // 2)]

    @functools.cached_property
    def security_profiles(self) -> list[JsonObject]:
        """The profiles of the configuration. Each names the topic of its number and the next one of the same fate."""
        count, period = len(self.custom_topics), len(PATTERNS[self.kind])
        return [
            _profile(number, [at for at in (number, number + period) if at < count] or [number - period])
            for number in range(self.size - count)
        ]

    @property
    def config(self) -> dict[str, list[JsonObject]]:
        """The configuration as C(airs_tenant) takes it."""
        return {"custom_topics": self.custom_topics, "security_profiles": self.security_profiles}

    @property
    def writes(self) -> int:
        """The number of objects that have to change."""
        return sum(fate != "right" for fate in self._fates(self.custom_topics, self.security_profiles))

    @property
    def held(self) -> dict[str, int]:
        """The number of objects that the tenant has before, by the last part of their list's path."""
        kinds = {"topics": self.custom_topics, "profiles": self.security_profiles}
        return {path: sum(fate != "create" for fate in self._fates(objects)) for path, objects in kinds.items()}

    @property
    def files(self) -> dict[str, str]:
        """The files that a run finds in its folder, by their paths."""
        return {}

    def tenant_before(self) -> dict[str, list[JsonObject]]:
        """The tenant as it is before, as the emulator is seeded."""
        rows = {topic["name"]: _topic_row(topic) for topic in self.custom_topics}
        topics = [
            {**rows[topic["name"]], **({"description": "Not yet described"} if fate == "update" else {})}
            for topic, fate in self._with_fate(self.custom_topics)
        ]
        profiles = [
            {
                "profile_name": profile["name"],
                "policy": policy({**profile, **({"prompt_injection": "alert"} if fate == "update" else {})}, rows),
            }
            for profile, fate in self._with_fate(self.security_profiles)
        ]
        return {"custom_topics": topics, "ai_profiles": profiles}

    def _with_fate(self, objects: list[JsonObject]) -> Iterable[tuple[JsonObject, Fate]]:
        """Yield the objects that are there before, and what is to be done with them."""
        return [(found, fate) for found, fate in zip(objects, self._fates(objects), strict=True) if fate != "create"]

    def _fates(self, *kinds: list[JsonObject]) -> list[Fate]:
        pattern = PATTERNS[self.kind]
        return [pattern[number % len(pattern)] for objects in kinds for number in range(len(objects))]


class Keys(Workload):
    """API keys whose secrets are in files, each of 90 days, with one security profile to scan with."""

    #: The security profile that the new keys are proved with.
    PROFILE = "profile-00000"

    @functools.cached_property
    def custom_topics(self) -> list[JsonObject]:
        """One topic, which the profile names."""
        return [_topic(0)]

    @functools.cached_property
    def security_profiles(self) -> list[JsonObject]:
        """The profile."""
        return [_profile(0, [0])]

    @property
    def writes(self) -> int:
        """The number of keys that are due."""
        return sum(fate != "right" for _number, fate in self._keys())

    @property
    def held(self) -> dict[str, int]:
        """The number of objects that the tenant has before, by the last part of their list's path."""
        return {"topics": 1, "profiles": 1}

    @property
    def files(self) -> dict[str, str]:
        """The secrets of the keys."""
        return {f"keys/{_key_name(number)}.key": _secret(number) for number, _fate in self._keys()}

    def tenant_before(self) -> dict[str, list[JsonObject]]:
        """The topic, the profile and the keys; those that are due have ten days left."""
        topic, profile = self.custom_topics[0], self.security_profiles[0]
        keys = [
            {
                "api_key_name": _key_name(number),
                "cust_app": _key_name(number),
                "auth_code": "D0000001",
                "api_key": _secret(number),
                "rotation_time_interval": 90,
                "rotation_time_unit": "days",
                "expiration": _in_days(80 if fate == "right" else 10),
            }
            for number, fate in self._keys()
        ]
        rows = {topic["name"]: _topic_row(topic)}
        profiles = [{"profile_name": profile["name"], "policy": policy(profile, rows)}]
        return {"custom_topics": [*rows.values()], "ai_profiles": profiles, "api_keys": keys}

    def _keys(self) -> list[tuple[int, Fate]]:
        pattern = PATTERNS[self.kind]
        return [(number, pattern[number % len(pattern)]) for number in range(self.size)]


def _key_name(number: int) -> str:
    return f"key-{number:05}"


def _secret(number: int) -> str:
    return f"{'bench-secret-of-key-' * 3}"[:56] + f"{number:08}"


def _in_days(days: int) -> str:
    return f"{datetime.now(timezone.utc) + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def _topic(number: int) -> JsonObject:
    subject = f"subject {number:05} of the handbook for advisers"
    return {
        "name": f"topic-{number:05}",
        "description": f"Questions that only a licensed adviser may answer, here about {subject}",
        "examples": [f"What should I do about {subject}?", f"Is now a good time for {subject}?"],
    }


def _topic_row(topic: JsonObject) -> JsonObject:
    return {
        "topic_id": str(uuid.uuid5(_NAMESPACE, topic["name"])),
        "revision": 1,
        "topic_name": topic["name"],
        "description": topic["description"],
        "examples": topic["examples"],
    }


def _profile(number: int, topics: list[int]) -> JsonObject:
    return {
        "name": f"profile-{number:05}",
        "prompt_injection": "block",
        "toxic_content": {"high": "block", "moderate": "allow"},
        "topics": {"default": "allow", "block": [f"topic-{topic:05}" for topic in topics]},
        "agent_security": "block",
        "latency": {"max_seconds": 5, "on_timeout": "block"},
        "mask_data_in_storage": True,
    }
