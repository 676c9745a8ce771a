# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Topic guardrails: topics grouped by action, each pinned to a revision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .protection import (
    ACTIONS,
    LISTS,
    Configuration,
    Names,
    Protection,
    add,
    choice,
    entries,
    find,
    group,
    names_list,
    part,
    remove,
)

_NAME = "topic-guardrails"


def topic_guardrails(configuration: Configuration) -> dict[str, Any] | None:
    """Return the guardrails of a configuration, or None."""
    return find(part(configuration, "model-protection"), _NAME)


def buckets(guardrails: Mapping[str, Any] | None) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield the buckets of guardrails, each with the topics in it that can be read; it may be empty or null."""
    for bucket in entries((guardrails or {}).get("topic-list")):
        yield bucket, entries(bucket.get("topic"))


def _write(configuration: dict[str, Any], value: Mapping[str, Any], names: Names) -> None:
    if not value:
        remove(configuration, "model-protection", _NAME)
        return
    entry = topic_guardrails(configuration)
    if entry is None:
        fresh: dict[str, Any] = {
            "name": _NAME,
            "action": value.get("default") or "allow",
            "options": [],
            "topic-list": [],
        }
        entry = add(configuration, "model-protection", fresh)
    elif value.get("default") is not None:
        entry["action"] = value["default"]
    _write_lists(entry, {action: value[action] for action in LISTS if value.get(action) is not None}, names)


def _write_lists(entry: dict[str, Any], wanted: Mapping[str, list[str]], names: Names) -> None:
    """Put topics into guardrails: a list that is given has them all; what is new to it leaves the other lists."""
    held = _by_action(entry)
    pinned = {str(pin.get("topic_id")): pin for _bucket, pins in buckets(entry) for pin in pins}
    new = {
        action: [name for name in dict.fromkeys(listed) if name not in held.get(action, ())]
        for action, listed in wanted.items()
    }
    moved = {name for listed in new.values() for name in listed}

    def pin_of(name: str) -> dict[str, Any]:
        return _pin(names.topics[name], pinned)

    def renewed(pin: dict[str, Any]) -> dict[str, Any]:
        name = pin.get("topic_name")
        fresh = pin_of(name) if name else pin
        known = pinned.get(str(fresh.get("topic_id")), {})
        # Of several of one name, it is the one that the name stands for.
        return pin if known.get("topic_name") == name and known.get("topic_id") != pin.get("topic_id") else fresh

    for bucket, pins in buckets(entry):
        action = str(bucket.get("action") or "")
        if action in wanted:
            # A topic without a name stays.
            found = [renewed(pin) for pin in pins if pin.get("topic_name") in (None, "", *wanted[action])]
            found += map(pin_of, new.pop(action, ()))
        else:
            found = [pin for pin in pins if pin.get("topic_name") not in moved]
        if found != pins:
            bucket["topic"] = found
    for action, listed in new.items():
        if listed:
            add(entry, "topic-list", {"action": action, "topic": [*map(pin_of, listed)]})


def _pin(row: Mapping[str, Any], pinned: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a topic at its newest revision; what an earlier pin of it says besides is kept."""
    identity = {key: row[key] for key in ("topic_id", "topic_name", "revision") if key in row}
    return {**pinned.get(str(row.get("topic_id")), {}), **identity}


def _read(configuration: Configuration) -> dict[str, Any]:
    entry = topic_guardrails(configuration)
    if entry is None:
        return {}
    held: dict[str, list[str]] = {**{action: [] for action in LISTS}, **_by_action(entry)}
    return {**{action: sorted(set(names)) for action, names in held.items()}, "default": entry.get("action")}


def _by_action(entry: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the names of the topics in guardrails by what happens to them, be it known or not."""
    found: dict[str, list[str]] = {}
    for bucket, pins in buckets(entry):
        names = found.setdefault(str(bucket.get("action") or ""), [])
        names += [str(pin["topic_name"]) for pin in pins if pin.get("topic_name")]
    return found


TOPICS = Protection(
    "topics",
    group(default=choice(*ACTIONS), **{action: names_list() for action in LISTS}),
    _write,
    _read,
    detectors=(_NAME,),
)
