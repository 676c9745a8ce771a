# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Info modules: what the tenant has of one kind, by name or all."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from .._common.errors import AirsInputError
from .._engine.options import MANAGEMENT_OPTIONS, ModuleSpec
from .._engine.run import CENSORED, Task
from .._engine.session import Session
from .._policy import document
from .api_key import expires
from .registry import (
    API_KEY,
    CUSTOM_TOPIC,
    CUSTOMER_APP,
    DEPLOYMENT_PROFILE,
    DLP_PROFILE,
    SECURITY_PROFILE,
    Resource,
)

Row = dict[str, Any]
#: Options that filter or shape, as argument_spec entries.
Options = dict[str, dict[str, Any]]
#: Says more about a row than the service does, or None to leave it out; made once for all rows.
Describe = Callable[[Row], "Row | None"]


#: Raises AirsInputError for options that cannot be right.
Check = Callable[[Mapping[str, Any]], None]


def _nothing(_options: Mapping[str, Any]) -> None:
    """Refuse nothing."""


def _as_it_is(_options: Mapping[str, Any], _session: Session) -> Describe:
    return lambda row: row


def info_module(
    resource: Resource,
    *,
    query: Options | None = None,
    options: Options | None = None,
    describer: Callable[[Mapping[str, Any], Session], Describe] = _as_it_is,
    check: Check = _nothing,
) -> ModuleSpec:
    """Return the info module of a kind.

    Args:
        resource: the kind.
        query: options that go to the service's list as they are.
        options: further options.
        describer: returns what shapes each row.
        check: refuses options that cannot be right, before any call.
    """
    query = query or {}
    name: dict[str, Any] = {"type": "str"}
    if resource.name_aliases:
        name["aliases"] = list(resource.name_aliases)
    reveal = f"reveal_{resource.secret_fields[0]}" if resource.secret_fields else ""
    masks: Options = {reveal: {"type": "bool", "default": False, "no_log": False}} if reveal else {}

    def handle(task: Task) -> dict[str, Any]:
        check(task.options)
        session = task.session()
        filters = {key: task.options[key] for key in query if task.options[key] is not None}
        snapshot = session.snapshot(resource, **filters)
        wanted = task.options["name"]
        rows = snapshot.rows() if wanted is None else snapshot.revisions(wanted)
        described = [*map(describer(task.options, session), rows)] if rows else []
        shown = bool(task.options.get(reveal))
        return {
            "changed": False,
            resource.plural: [resource.view(row, shown) for row in described if row is not None],
            **({CENSORED: True} if shown else {}),
        }

    return ModuleSpec(
        name=f"airs_{resource.kind}_info",
        options={**MANAGEMENT_OPTIONS, "name": name, **query, **(options or {}), **masks},
        handler=handle,
        returns_secret=lambda given: bool(given.get(reveal)),
    )


def days_left(row: Mapping[str, Any]) -> int | None:
    """Return the whole days until a key expires, negative when it has; None for a key that never does."""
    moment = expires(row)
    if moment.year == datetime.max.year:
        return None
    return math.floor((moment - datetime.now(timezone.utc)).total_seconds() / 86400)


def _refuse_negative_days(options: Mapping[str, Any]) -> None:
    limit = options["expires_within"]
    if limit is not None and limit < 0:
        raise AirsInputError(
            f"expires_within is {limit}: give a number of days, 0 for keys that have expired or do today."
        )


def _api_key(options: Mapping[str, Any], _session: Session) -> Describe:
    limit = options["expires_within"]

    def describe(row: Row) -> Row | None:
        left = days_left(row)
        if limit is not None and (left is None or left > limit):
            return None
        return {**row, "days_left": left}

    return describe


def _security_profile(_options: Mapping[str, Any], _session: Session) -> Describe:
    return lambda row: {**row, "options": document.as_options(row.get("policy") or {})}


def _custom_topic(_options: Mapping[str, Any], session: Session) -> Describe:
    """Add the profile revisions that pin a topic. Old ones count: they block its deletion as well."""
    history = session.snapshot(SECURITY_PROFILE, latest=False)
    pinned: dict[str, list[Row]] = {}
    for name in history.names():
        for age, profile in enumerate(history.revisions(name)):
            for action, pins in document.pinned_topics(profile.get("policy") or {}):
                for pin in pins:
                    found = {
                        "profile_name": name,
                        "profile_revision": profile.get("revision"),
                        "latest": age == 0,
                        "action": action,
                        "pinned_revision": pin.get("revision"),
                    }
                    pinned.setdefault(str(pin.get("topic_id")), []).append(found)

    def describe(row: Row) -> Row:
        profiles = pinned.get(str(row.get("topic_id")), [])
        revision = row.get("revision")
        return {**row, "profiles": [{**each, "stale": each["pinned_revision"] != revision} for each in profiles]}

    return describe


API_KEY_INFO = info_module(
    API_KEY, options={"expires_within": {"type": "int"}}, describer=_api_key, check=_refuse_negative_days
)
CUSTOM_TOPIC_INFO = info_module(CUSTOM_TOPIC, describer=_custom_topic)
CUSTOMER_APP_INFO = info_module(CUSTOMER_APP)
DEPLOYMENT_PROFILE_INFO = info_module(DEPLOYMENT_PROFILE, query={"unactivated": {"type": "bool"}})
DLP_PROFILE_INFO = info_module(DLP_PROFILE)
SECURITY_PROFILE_INFO = info_module(
    SECURITY_PROFILE, query={"latest": {"type": "bool", "default": True}}, describer=_security_profile
)
