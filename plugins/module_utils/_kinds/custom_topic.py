# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom topics, which the topic guardrails of profiles allow or block."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import AirsConflictError
from .._common.wording import some
from .._engine.info import info_module
from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, STATE_OPTION, Options
from .._engine.reconcile import Reconciler, write_handler
from .._engine.reporting import Held, Section, by_name
from .._engine.session import Listing, Session
from .._service.resource import Row
from .registry import CUSTOM_TOPIC, SECURITY_PROFILE

#: Most bytes of description and examples together (a hard limit that community tools found on live tenants).
MAX_BYTES = 1000


class CustomTopicReconciler(Reconciler):
    """Reconciles custom topics. An update replaces the whole topic and makes a new revision of the same id."""

    resource = CUSTOM_TOPIC
    way_out = "Remove it from these profiles and delete their old revisions, or set force: true."
    described_by = (Listing(SECURITY_PROFILE, {"latest": False}),)

    # --- what is to be known of the kind -----------------------------------------------------------------------------

    @classmethod
    def described(cls, session: Session) -> list[Row]:
        """Return the topics with the profile revisions that pin them."""
        return [*map(_describer({}, session), super().described(session))]

    @classmethod
    def reported(cls, held: Held) -> Section:
        """Return the topics with their pins, those with stale ones first."""
        topics = [_reported(row) for row in by_name(held.rows(CUSTOM_TOPIC), CUSTOM_TOPIC.name_field)]
        topics.sort(key=lambda topic: not topic["stale_pins"])
        stale = sum(topic["stale_pins"] for topic in topics)
        return Section({"custom_topics": topics}, {"custom_topics": len(topics), "stale_pins": stale})

    # --- planning ----------------------------------------------------------------------------------------------------

    @classmethod
    def faults(cls, options: Options) -> list[str]:
        """Return what is wrong with the options as such, the size of all texts together included."""
        return [*super().faults(options), *_size_faults(cls.resource.body(options))]

    def desired(self, before: Row | None) -> Row:
        """Return description and examples; examples that nobody named are none.

        Raises:
            AirsInputError: what is asked for and what is there are too long together.
        """
        body = super().desired(before)
        body["examples"] = body.get("examples") or []
        self._refuse(_size_faults(body))
        return body

    def blockers(self, error: AirsConflictError) -> str | None:
        """Name the profiles that hold the topic."""
        names = {f"{entry.get('profile_name')} (revision {entry.get('revision')})" for entry in self.holders(error)}
        return f"It is used by security profile revisions: {some(sorted(names), 20)}." if names else None


def _size_faults(body: Mapping[str, Any]) -> list[str]:
    size = len("".join([body.get("description") or "", *(body.get("examples") or [])]).encode())
    return (
        [f"description and examples must have at most {MAX_BYTES} bytes in total, but have {size}"]
        if size > MAX_BYTES
        else []
    )


def _reported(row: Row) -> Row:
    pins = enforced_pins(row)
    return {
        "name": row[CUSTOM_TOPIC.name_field],
        "revision": row.get("revision"),
        "pins": pins,
        "stale_pins": sum(pin["stale"] for pin in pins),
        "old_pins": sum(not pin["latest"] for pin in row["profiles"]),
    }


def enforced_pins(row: Row) -> list[Row]:
    """Return where the newest revisions of profiles pin a topic, stale pins first.

    Args:
        row: the topic, as described() returns it.
    """
    pins: list[Row] = []
    for pin in row["profiles"]:
        told = {
            "profile": pin["profile_name"],
            "action": pin["action"],
            "revision": pin["pinned_revision"],
            "stale": pin["stale"],
        }
        # Several directions of one profile may pin the topic.
        if pin["latest"] and told not in pins:
            pins.append(told)
    return sorted(pins, key=lambda pin: (not pin["stale"], str(pin["profile"]).lower()))


def pins_by_topic(session: Session) -> dict[str, list[Row]]:
    """Return the profile revisions that pin topics, by the ids of these. Old ones count: they block deletions as well.

    Args:
        session: the tenant.
    """
    from .._policy.layout import pinned_topics  # only this needs it, and it is a fifth of our own part of a start

    history = session.snapshot(SECURITY_PROFILE, latest=False)
    pinned: dict[str, list[Row]] = {}
    for name in history.names():
        for age, profile in enumerate(history.revisions(name)):
            for action, pins in pinned_topics(profile.get("policy") or {}):
                for pin in pins:
                    found = {
                        "profile_name": name,
                        "profile_revision": profile.get("revision"),
                        "latest": age == 0,
                        "action": action,
                        "pinned_revision": pin.get("revision"),
                    }
                    pinned.setdefault(str(pin.get("topic_id")), []).append(found)
    return pinned


def _describer(_options: Options, session: Session) -> Callable[[Row], Row]:
    """Add the profile revisions that pin a topic."""
    pinned = pins_by_topic(session)

    def describe(row: Row) -> Row:
        profiles = pinned.get(str(row.get("topic_id")), [])
        revision = row.get("revision")
        return {**row, "profiles": [{**each, "stale": each["pinned_revision"] != revision} for each in profiles]}

    return describe


CUSTOM_TOPIC_MODULE = ModuleSpec(
    name="airs_custom_topic",
    options={
        **MANAGEMENT_OPTIONS,
        **STATE_OPTION,
        **CUSTOM_TOPIC.option_specs(),
        "force": {"type": "bool", "default": False},
    },
    handler=write_handler(CustomTopicReconciler),
)

CUSTOM_TOPIC_INFO_MODULE = info_module(CUSTOM_TOPIC, describer=_describer)
