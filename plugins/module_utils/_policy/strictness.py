# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strictness: determine which protections of one policy are weaker than those of another.

The actions of a protection are ordered: block, alert, allow, off. In a group, this applies to each part. An additional
DLP profile, blocked topic, or blocked URL category is stricter, masking is stricter than no masking, and severities are
not ordered.

An unknown action is never considered off. It could be as strict as any other action, so that any action after it could
be weaker, and as weak as any other action, so that it could be weaker than any action before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._engine.reconcile import Weakening
from .data import DATABASE_VERBS, ROW_SETTINGS, ROWS_OPTION
from .document import OF_ONE_DIRECTION, SHARED, as_options
from .layout import DIRECTIONS, Policy, configurations
from .overlay import LIST_KEYS, entry_name
from .protection import DISABLED, LISTS, entries
from .protections import PROTECTIONS
from .topics import buckets
from .toxic_content import LEVELS, normal_action, toxic_categories

OFF = "off"
#: What is known of actions: how strict each is.
RANKS = {"block": 3, "on": 3, "alert": 2, "allow": 1, OFF: 0}
_MOST = 3


#: A part of a protection, and its action on both sides.
Change = tuple[str, Any, Any]


def weakened(before: Policy | None, after: Policy | None) -> list[Weakening]:
    """Return what a change of a policy takes away, the greatest loss first.

    Args:
        before: the policy as it is; None for a new profile, of which nothing is taken away.
        after: the policy as it will be; None for a profile that goes, of which there is nothing to say.
    """
    if before is None or after is None or before == after:
        return []
    return losses([*changes(as_options(before), as_options(after)), *_unknown_changes(before, after)])


def losses(changed: Iterable[Change]) -> list[Weakening]:
    """Return those of some changes that take something away, the greatest loss first."""
    found = [Weakening(part, _word(old), _word(new)) for part, old, new in changed]
    weaker = [each for each in found if normal_action(each.before) != normal_action(each.after) and _loss(each) > 0]
    return sorted(weaker, key=_loss, reverse=True)


def _loss(change: Weakening) -> int:
    """Return how much a change takes away, in steps of the order."""
    return RANKS.get(change.before, _MOST) - RANKS.get(change.after, 0)


def _word(action: Any) -> str:
    if isinstance(action, bool):
        return "on" if action else OFF
    return OFF if action in (None, "", DISABLED) else str(action)


# --- what the options know -------------------------------------------------------------------------------------------


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the parts of two policies, in the form of the options, that have an order; also such as are the same."""
    for entry in SHARED:
        old, new = before[entry.option], after[entry.option]
        if entry.option == "latency":
            # A shorter time is neither stricter nor weaker; what is done when it is over is.
            old, new = ((value or {}).get("on_timeout") for value in (old, new))
        yield entry.option if entry.option != "latency" else "latency.on_timeout", old, new
    yield from _row_changes(before[ROWS_OPTION], after[ROWS_OPTION])
    if "directions" not in before and "directions" not in after:
        yield from _set_changes("", before, after)
        return
    for direction in DIRECTIONS:
        # One set of protections is that of every direction.
        old, new = (side.get("directions", {}).get(direction, side) for side in (before, after))
        yield from _set_changes(f"directions.{direction}.", old, new)


def _row_changes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[Change]:
    rows = {row["name"]: row for row in after}
    for old in before:
        for setting in ROW_SETTINGS:
            if setting != "log_severity":
                yield f"{ROWS_OPTION}.{old['name']}.{setting}", old[setting], rows.get(old["name"], {}).get(setting)


def _set_changes(prefix: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for entry in OF_ONE_DIRECTION:
        old, new = before.get(entry.option), after.get(entry.option)
        if entry.option == "severities" or old == new:
            continue
        if entry.option not in _GROUPS:
            yield f"{prefix}{entry.option}", old, new
            continue
        for part, old_action, new_action in _GROUPS[entry.option](old or {}, new or {}):
            yield f"{prefix}{entry.option}.{part}", old_action, new_action


def _toxic_content(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    sides = [_each_once((kind["name"], kind) for kind in value.get("categories") or []) for value in (before, after)]
    for level in LEVELS:
        yield level, before.get(level), after.get(level)
        for name in sorted({*sides[0], *sides[1]}):
            # A category without an action of its own has that of the detector.
            old, new = (
                side.get(name, {}).get(level) or value.get(level)
                for side, value in zip(sides, (before, after), strict=True)
            )
            yield f"categories.{name}.{level}", old, new


def _each_once(named: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return what has these names by name; further ones of one name are told apart by a number."""
    found: dict[str, Any] = {}
    count: dict[str, int] = {}
    for name, each in named:
        count[name] = count.get(name, 0) + 1
        found[name if count[name] == 1 else f"{name} {count[name]}"] = each
    return found


def _by_name(value: Mapping[str, Any]) -> dict[str, str]:
    """Return the action of each name in the lists of a group, the strictest of several."""
    unknown = [action for action in value if action not in (*LISTS, "default", "default_categories")]
    return {name: action for action in (*unknown, *LISTS) for name in value.get(action) or []}


def _topics(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    yield "default", before.get("default"), after.get("default")
    old, new = _by_name(before), _by_name(after)
    for name in sorted({*old, *new}):
        yield name, old.get(name, before.get("default")), new.get(name, after.get("default"))


def _urls(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    yield "default", before.get("default"), after.get("default")
    sides = []
    for value in (before, after):
        defaults = dict.fromkeys(value.get("default_categories") or [], value.get("default"))
        sides.append({**defaults, **_by_name(value)})
    old, new = sides
    for name in sorted({*old, *new}):
        # A category that is let pass is an exception of the default, whatever that is about.
        without = (
            (before.get("default") if new.get(name) == "allow" else None),
            (after.get("default") if old.get(name) == "allow" else None),
        )
        yield name, old.get(name, without[0]), new.get(name, without[1])


def _data_leak(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    sides = [dict.fromkeys(value.get("profiles") or [], value.get("action")) for value in (before, after)]
    for name in sorted({*sides[0], *sides[1]}):
        yield name, sides[0].get(name), sides[1].get(name)
    yield "mask_inline", bool(before.get("mask_inline")), bool(after.get("mask_inline"))


def _database_security(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for verb in DATABASE_VERBS:
        yield verb, before.get(verb), after.get(verb)


#: Protections that are more than one action.
_GROUPS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[Change]]] = {
    "toxic_content": _toxic_content,
    "topics": _topics,
    "urls": _urls,
    "data_leak": _data_leak,
    "database_security": _database_security,
}

# --- what they do not know -------------------------------------------------------------------------------------------

_KNOWN = frozenset(name for protection in PROTECTIONS for name in protection.detectors)


def _unknown_changes(before: Policy, after: Policy) -> Iterator[Change]:
    old, new = unknown_actions(before), unknown_actions(after)
    for place, action in old.items():
        yield place, action, new.get(place)


def unknown_actions(policy: Policy) -> dict[str, Any]:
    """Return the actions in a policy that no option is about, by place."""
    found = configurations(policy)
    common = found.pop("")
    return _each_once(_actions(policy, "policy", [*found.values()] or [common]))


def _actions(node: Any, place: str, read: Sequence[Any], known: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield all actions below a part of a policy, each with its place.

    Args:
        node: the part.
        place: its place.
        read: the configurations that the options are about.
        known: whether the part is within one of them.
    """
    known = known or any(node is each for each in read)
    if isinstance(node, list):
        # What has no name is told apart by what it says, not by its place, which may change.
        unnamed = sorted((each for each in node if not _name(each)), key=lambda each: json.dumps(each, sort_keys=True))
        named = _each_once(
            [*((_name(each), each) for each in node if _name(each)), *(("unnamed", each) for each in unnamed)]
        )
        parts = [(name, f"{place}[{name}]", entry) for name, entry in named.items()]
    elif isinstance(node, dict) and "topic" in node:
        # The action of a bucket is that of its topics.
        for topic in entries(node["topic"]):
            yield f"{place}[{_name(topic)}]", node.get("action")
        return
    elif isinstance(node, dict):
        if node.get("action"):
            yield place, node["action"]
        parts = [(key, f"{place}.{key}", value) for key, value in node.items()]
    else:
        return
    for name, where, entry in parts:
        if not (known and name in _KNOWN):
            yield from _actions(entry, where, read, known)
        elif isinstance(entry, Mapping):
            yield from ((f"{where}[{what}]", action) for what, action in _nameless(entry))


def _nameless(detector: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what a detector has that no option can name, with what happens to it."""
    for bucket, pins in buckets(detector):
        yield from ((f"topic {pin.get('topic_id')}", bucket.get("action")) for pin in pins if not pin.get("topic_name"))
    for member in entries(detector.get("member")):
        if not member.get("text"):
            yield f"DLP profile {member.get('id')}", detector.get("action")
    for kind in toxic_categories(detector):
        if not kind.get("category"):
            yield "category without a name", kind.get("action")


def _name(entry: Any) -> str:
    """Return what names an entry of a list; "" for one without a name."""
    return next((name for name in (entry_name(entry, key) for key in LIST_KEYS) if name), "")
