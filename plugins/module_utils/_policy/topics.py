# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Topic guardrails: topics in buckets, by what happens to what is about them, each pinned at a revision."""

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
    in_held_order,
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
    wanted = {action: value[action] for action in LISTS if value.get(action) is not None}
    said = {name for listed in wanted.values() for name in listed}
    pinned = {str(pin.get("topic_id")): pin for _bucket, pins in buckets(entry) for pin in pins}
    filled: set[str] = set()
    for bucket, pins in buckets(entry):
        action = str(bucket.get("action"))
        listed = wanted.get(action, []) if action not in filled else []
        filled.add(action)
        # What is named moves here: it is taken out of the list that is not managed. A topic without a name stays.
        stays = [
            pin for pin in pins if not pin.get("topic_name") or (action not in wanted and pin["topic_name"] not in said)
        ]
        order = in_held_order(listed, [str(pin.get("topic_name")) for pin in pins])
        if listed or len(stays) < len(pins):
            bucket["topic"] = [*stays, *(_pin(names.topics[name], pinned) for name in order)]
    for action, listed in wanted.items():
        if action not in filled and listed:
            topics = [_pin(names.topics[name], pinned) for name in dict.fromkeys(listed)]
            add(entry, "topic-list", {"action": action, "topic": topics})


def _pin(row: Mapping[str, Any], pinned: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a topic at its newest revision; what an earlier pin of it says besides is kept."""
    identity = {key: row[key] for key in ("topic_id", "topic_name", "revision") if key in row}
    return {**pinned.get(str(row.get("topic_id")), {}), **identity}


def _read(configuration: Configuration) -> dict[str, Any]:
    entry = topic_guardrails(configuration)
    if entry is None:
        return {}
    found: dict[str, list[str]] = {action: [] for action in LISTS}
    for bucket, pins in buckets(entry):
        names = found.setdefault(str(bucket.get("action")), [])
        names += [str(pin["topic_name"]) for pin in pins if pin.get("topic_name")]
    return {"default": entry.get("action"), **{action: sorted(set(found[action])) for action in LISTS}}


TOPICS = Protection(
    "topics",
    group(default=choice(*ACTIONS), **{action: names_list() for action in LISTS}),
    _write,
    _read,
    detectors=(_NAME,),
)
