# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The config of a whole tenant, as airs_tenant takes it: names instead of ids, no secrets, by name.

What is managed is said, also where it is empty or off: an option that is left out would not be managed, and the config
is to make the same of whatever it is applied to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from .._engine.options import MANAGEMENT_OPTIONS, ModuleSpec
from .._engine.run import Task
from .._engine.session import Listing, Session
from .._kinds.registry import API_KEY, CUSTOM_TOPIC, CUSTOMER_APP, DEPLOYMENT_PROFILE, SECURITY_PROFILE, Resource
from .._policy import document
from .config import KINDS

Row = Mapping[str, Any]
Entry = dict[str, Any]

#: Most names that a note gives.
_MOST_NAMES = 5

KINDS_OPTION: dict[str, dict[str, Any]] = {
    "kinds": {"type": "list", "elements": "str", "choices": list(KINDS), "default": list(KINDS)}
}


def tenant_config(
    session: Session, kinds: Iterable[str], expected: Mapping[str, int] = MappingProxyType({})
) -> dict[str, list[Entry]]:
    """Return what the tenant holds as the config of airs_tenant.

    What it cannot say is noted in the session.

    Args:
        session: the tenant.
        kinds: plurals of the kinds that are asked for.
        expected: about how many objects of a kind there are, where that is known; reading them is faster then.

    Raises:
        AirsInputError: several objects have one name.
        AirsExchangeError: the service could not be read.
    """
    wanted = set(kinds)
    # Profiles pin topics by their ids.
    needed = wanted | ({CUSTOM_TOPIC.plural} if SECURITY_PROFILE.plural in wanted else set())
    session.read_together(
        Listing(kind.resource, kind.reconciler.list_filters, expected.get(plural))
        for plural, kind in KINDS.items()
        if plural in needed
    )
    return {plural: _SHAPES[plural](session, _rows(session, plural)) for plural in KINDS if plural in wanted}


def _rows(session: Session, plural: str) -> list[Row]:
    """Return the current objects of a kind by name. What has no name cannot be managed."""
    kind = KINDS[plural]
    snapshot = session.snapshot(kind.resource, **kind.reconciler.list_filters)
    found = [snapshot.find(name) for name in sorted(snapshot.names()) if name]
    return [row for row in found if row is not None]


def _fields(resource: Resource, row: Row) -> Entry:
    """Return name and fields of an object as options; a field without a value is an empty one."""
    empty: dict[str, Any] = {"str": "", "list": []}
    fields = {
        field.option: row.get(field.name) or empty.get(field.type) for field in resource.fields if not field.secret
    }
    return {
        "name": row[resource.name_field],
        **{option: value for option, value in fields.items() if value is not None},
    }


def _custom_topics(_session: Session, rows: list[Row]) -> list[Entry]:
    return [_fields(CUSTOM_TOPIC, row) for row in rows]


def _customer_apps(_session: Session, rows: list[Row]) -> list[Entry]:
    return [_fields(CUSTOMER_APP, row) for row in rows]


# --- API keys --------------------------------------------------------------------------------------------------------


def _api_keys(session: Session, rows: list[Row]) -> list[Entry]:
    """Return keys as options. They cannot be changed, so what is empty is not said; nor are auth codes, but names."""
    names = {} if all(row.get("dp_name") for row in rows) else _deployment_profiles(session)
    keys = []
    for row in rows:
        named = {**row, "dp_name": row.get("dp_name") or names.get(row.get("auth_code"))}
        keys.append({option: value for option, value in _fields(API_KEY, named).items() if value})
    _note(
        session,
        "No deployment profile is known, so it can only be made with one added",
        API_KEY,
        [key["name"] for key in keys if "deployment_profile" not in key],
    )
    return keys


def _deployment_profiles(session: Session) -> dict[Any, str]:
    """Return the names of deployment profiles by their auth codes."""
    # From both lists: what is known of the filter is contradictory.
    lists = [session.snapshot(DEPLOYMENT_PROFILE, unactivated=True), session.snapshot(DEPLOYMENT_PROFILE)]
    return {row.get("auth_code"): row["dp_name"] for known in lists for row in known.rows()}


# --- security profiles -----------------------------------------------------------------------------------------------


def _security_profiles(session: Session, rows: list[Row]) -> list[Entry]:
    topics = _topics_by_id(session)
    profiles = []
    stale, lost, partial = [], [], []
    for row in rows:
        name, policy = row[SECURITY_PROFILE.name_field], row.get("policy") or {}
        pins = [
            (pin, topics.get(pin.get("topic_id"))) for _action, pins in document.pinned_topics(policy) for pin in pins
        ]
        names = {pin.get("topic_name"): topic["topic_name"] for pin, topic in pins if topic}
        options, whole = document.exported(document.with_topic_names(policy, names))
        profiles.append({"name": name, **options})
        stale += [name] if any(topic and _identity(topic) != _identity(pin) for pin, topic in pins) else []
        lost += [name] if any(topic is None for _pin, topic in pins) else []
        partial += [] if whole else [name]
    newest = "Topics are pinned at old revisions, applying this pins the newest"
    _note(session, newest, SECURITY_PROFILE, stale)
    _note(session, "Topics are pinned that are gone, take them out before applying this", SECURITY_PROFILE, lost)
    _note(session, "Parts of the policy are left out that no option can make", SECURITY_PROFILE, partial)
    return profiles


def _topics_by_id(session: Session) -> dict[Any, Row]:
    """Return the newest row of every topic: some tenants list older ones as well."""
    rows = session.snapshot(CUSTOM_TOPIC).rows()
    return {row.get("topic_id"): row for row in sorted(rows, key=lambda row: row.get("revision") or 0)}


def _identity(topic: Row) -> tuple[Any, Any]:
    return topic.get("topic_name"), topic.get("revision")


_SHAPES: Mapping[str, Callable[[Session, list[Row]], list[Entry]]] = {
    CUSTOM_TOPIC.plural: _custom_topics,
    SECURITY_PROFILE.plural: _security_profiles,
    API_KEY.plural: _api_keys,
    CUSTOMER_APP.plural: _customer_apps,
}


def _note(session: Session, what: str, resource: Resource, names: list[str]) -> None:
    """Note what is to be known of some objects; of many only the first are named."""
    if names:
        shown = ", ".join(f"'{name}'" for name in names[:_MOST_NAMES])
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        session.notes.append(f"{what}: {resource.label}{'s' * (len(names) > 1)} {shown}{more}.")


# --- the module ------------------------------------------------------------------------------------------------------


def _handle(task: Task) -> dict[str, Any]:
    return {"changed": False, "config": tenant_config(task.session(), task.options["kinds"])}


TENANT_INFO = ModuleSpec(name="airs_tenant_info", options={**MANAGEMENT_OPTIONS, **KINDS_OPTION}, handler=_handle)
