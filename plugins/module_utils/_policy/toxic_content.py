# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Toxic content: actions by confidence of the detection, for the detector and for single categories.

Live tenants store "high:block, moderate:allow", or a plain "block", which applies to both confidences. If each category
has an action, the action of the detector is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .protection import (
    ACTIONS,
    Configuration,
    Names,
    Protection,
    add,
    choice,
    entries,
    find,
    group,
    list_of,
    part,
    remove,
)

LEVELS = ("high", "moderate")
#: The categories that live tenants have (reported by a client's live runs).
KNOWN_CATEGORIES = (
    "controlled-substance",
    "cybercrime",
    "hate",
    "indiscriminate-weapon",
    "other-nonviolent-crime",
    "self-harm",
    "sexual-content",
    "violent-crime",
)
_NAME = "toxic-content"


def toxic_content(configuration: Configuration) -> dict[str, Any] | None:
    """Return the detector of a configuration, or None."""
    return find(part(configuration, "model-protection"), _NAME)


def toxic_categories(detector: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the categories of a detector that can be read."""
    return entries(detector.get("toxic-category-list"))


def category_names(value: Mapping[str, Any]) -> list[str]:
    """Return the names of the categories in a value of the option."""
    return [str(kind.get("name")) for kind in value.get("categories") or []]


def normal_action(text: Any) -> Any:
    """Return an action in the form that names each confidence, without blanks; what is no text as it is."""
    return _text(dict(sorted(by_confidence(text).items()))).replace(" ", "") if isinstance(text, str) else text


def by_confidence(text: Any) -> dict[str, str]:
    """Return the actions by confidence of an action as stored, such as "high:block, moderate:allow" or "block".

    One that names no confidence is that of all which are not named.
    """
    pairs = [pair.rpartition(":") for pair in str(text or "").split(",") if pair.strip()]
    found = {level.strip(): action.strip() for level, _colon, action in pairs}
    plain = found.pop("", None)
    return {**found, **({level: plain for level in LEVELS if level not in found} if plain else {})}


def _text(actions: Mapping[str, str]) -> str:
    return ", ".join(f"{level}:{action}" if level else action for level, action in actions.items())


def _set_actions(holder: dict[str, Any], given: Mapping[str, Any]) -> None:
    """Set the actions that are given; where there are none yet, those that are not let pass."""
    held = by_confidence(holder.get("action"))
    said = {level: given[level] for level in LEVELS if given.get(level) is not None}
    wanted = {**(held or (dict.fromkeys(LEVELS, "allow") if said else {})), **said}
    # What means the same is left in the form that it has.
    if wanted != held:
        holder["action"] = _text(wanted)


def _write(configuration: dict[str, Any], value: Mapping[str, Any], _names: Names) -> None:
    if not value:
        if _read(configuration):
            remove(configuration, "model-protection", _NAME)
        return
    entry = toxic_content(configuration)
    if entry is None:
        # With categories only, live tenants store an empty action beside them.
        entry = add(configuration, "model-protection", {"name": _NAME, "action": ""})
    _set_actions(entry, value)
    categories = value.get("categories")
    if categories is None:
        return
    given = {kind["name"]: kind for kind in categories}
    # One without a name stays.
    found = [kind for kind in toxic_categories(entry) if kind.get("category") in (None, *given)]
    held = {kind.get("category") for kind in found}
    found += [{"category": name, "action": "high:allow, moderate:allow"} for name in given if name not in held]
    for kind in found:
        _set_actions(kind, given.get(kind.get("category"), {}))
    entry["toxic-category-list"] = found


def _read(configuration: Configuration) -> dict[str, Any]:
    entry = toxic_content(configuration) or {}
    named = [kind for kind in toxic_categories(entry) if isinstance(kind.get("category"), str)]
    categories = [
        {"name": kind["category"], **_said(kind.get("action"))}
        for kind in sorted(named, key=lambda kind: kind["category"])
    ]
    return {**_said(entry.get("action")), **({"categories": categories} if categories else {})}


def _said(text: Any) -> dict[str, str]:
    """Return what an action says of each confidence; what names one that nobody knows may be about any."""
    actions = by_confidence(text)
    unread = _text({level: action for level, action in actions.items() if level not in LEVELS})
    return {level: actions.get(level) or unread for level in LEVELS if actions.get(level) or unread}


_BY_CONFIDENCE = {level: choice(*ACTIONS) for level in LEVELS}

TOXIC_CONTENT = Protection(
    "toxic_content",
    group(**_BY_CONFIDENCE, categories=list_of(**_BY_CONFIDENCE)),
    _write,
    _read,
    detectors=(_NAME,),
)
