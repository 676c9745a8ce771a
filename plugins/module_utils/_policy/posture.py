# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Summary of the protections of a profile: one action for each, with additional details in a few words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from .data import DATABASE_VERBS
from .document import as_options
from .export import exported
from .layout import DIRECTIONS, all_configurations, configurations
from .protection import DISABLED
from .protections import PROTECTIONS
from .strictness import unknown_actions

#: What a protection does about a finding, the strictest first; of an action that nobody knows, that it is unknown.
ACTIONS = ("block", "alert", "unknown", "allow", "off")
#: The protections that a profile may have, as options.
REPORTED = tuple(entry.option for entry in PROTECTIONS if not entry.shared and entry.option != "severities")

#: Action and detail of a protection.
Cell = dict[str, str]


def posture(options: Mapping[str, Any]) -> dict[str, Cell]:
    """Return what each protection comes to; where each direction has its own, the strictest of them.

    Args:
        options: a policy in the form of the options of airs_security_profile.
    """
    common = _cells(options)
    places = {name: _cells(given) for name, given in (options.get("directions") or {}).items() if given}
    return {option: _together(option, places) for option in REPORTED} if places else common


def protects(cells: Mapping[str, Cell]) -> bool:
    """Tell whether any of the protections is on."""
    return any(cell["action"] != "off" for cell in cells.values())


def is_any_on(policy: Mapping[str, Any]) -> bool:
    """Tell whether any protection of a policy is on, or may be: what cannot be read is not off."""
    found = configurations(policy)
    enforced = [found[name] for name in found if name or len(found) == 1]
    values = (
        (entry.option, entry.read(each)) for each in enforced for entry in PROTECTIONS if entry.option in REPORTED
    )
    return any(_summed_up(*value)["action"] != "off" for value in values) or bool(protections_on(policy))


def protections_on(policy: Mapping[str, Any]) -> list[str]:
    """Return what is on in a policy, each with what it does; empty only when nothing is.

    What cannot be read is not off: it is said as it is, or by the part of the policy that it is in.

    Args:
        policy: the policy of a security profile, as the service holds it.
    """
    cells = posture(as_options(policy))
    shown = [f"{option} {_told(**cell)}" for option, cell in cells.items() if cell["action"] != "off"]
    if shown:
        return shown
    rest = exported(policy)[0].get("policy") or {}
    parts = {
        name
        for configuration in all_configurations(rest)
        for name, value in configuration.items()
        if name != "latency" and _does(value)
    }
    # What neither options nor an overlay can say, such as a topic without a name.
    parts = parts or {place for place, action in unknown_actions(policy).items() if _does(action)}
    return [f"{name} (unknown)" for name in sorted(parts)]


def _does(value: Any) -> bool:
    """Tell whether a part of a policy that no option knows may do something: it says more than that all may pass."""
    if isinstance(value, Mapping):
        return any(_does(part) for name, part in value.items() if name != "name" and "severity" not in name)
    if isinstance(value, list):
        return any(map(_does, value))
    return isinstance(value, str) and value not in ("", "allow")


def _told(action: str, detail: str) -> str:
    """Return a cell in words."""
    return f"{detail} (unknown)".lstrip() if action == "unknown" else f"{action} ({detail})" if detail else action


def _cells(options: Mapping[str, Any]) -> dict[str, Cell]:
    return {option: _summed_up(option, options.get(option)) for option in REPORTED}


def _together(option: str, places: Mapping[str, Mapping[str, Cell]]) -> Cell:
    """Return one cell for all directions, which names those that differ."""
    actions = {name.replace("_", " "): cells[option]["action"] for name, cells in places.items()}
    uniform = len(actions) == len(DIRECTIONS) and len(set(actions.values())) == 1
    details = [f"{name} {action}" for name, action in actions.items() if action != "off" and not uniform]
    return _cell(_strictest(actions.values()), *details)


def _summed_up(option: str, value: Any) -> Cell:
    if not value or value == DISABLED:
        return _cell("off")
    if isinstance(value, str):
        return _cell(value) if value in ACTIONS else _cell("unknown", value)
    return _GROUPS[option](value)


def _cell(action: str, *details: str) -> Cell:
    return {"action": action, "detail": ", ".join(detail for detail in details if detail)}


def _strictest(actions: Iterable[Any]) -> str:
    """Return the strictest of some actions; an empty one is off."""
    found = {
        (action if action in ACTIONS else "unknown") if action and action != DISABLED else "off" for action in actions
    }
    return next((action for action in ACTIONS if action in found), "off")


def _count(names: Collection[str] | None, what: str) -> str:
    return f"{len(names)} {what}" if names else ""


def _topics(value: Mapping[str, Any]) -> Cell:
    blocked, alerted, allowed = value.get("block"), value.get("alert"), value.get("allow")
    default = value.get("default")
    if default == "block":
        return _cell("block", f"all but {len(allowed)}" if allowed else "everything")
    on = [name for name, names in value.items() if name != "default" and names]
    action = _strictest([default if default != "allow" else None, *on])
    return _cell(action, _count(blocked, "blocked"), _count(alerted, "alerted"), _count(allowed, "allowed"))


def _toxic_content(value: Mapping[str, Any]) -> Cell:
    high, moderate = value.get("high") or "off", value.get("moderate") or "off"
    categories = value.get("categories") or []
    own = [category.get(level) for category in categories for level in ("high", "moderate")]
    action = _strictest([high, moderate, *own, "allow"])
    # Of two, the one that is named is the weaker.
    weaker = f"high {high}" if moderate == "block" or high in ("allow", "off") else f"moderate {moderate}"
    return _cell(action, weaker if high != moderate else "", f"own actions for {len(categories)}" if categories else "")


def _urls(value: Mapping[str, Any]) -> Cell:
    default, blocked, alerted = value.get("default"), value.get("block"), value.get("alert")
    on = {"block": blocked, "alert": alerted, "allow": value.get("allow")}
    action = _strictest([default, *(action for action, names in on.items() if names)])
    malicious = "malicious" if default == "block" else ""
    return _cell(action, malicious, _count(blocked, "blocked"), _count(alerted, "alerted"))


def _data_leak(value: Mapping[str, Any]) -> Cell:
    names, action = value.get("profiles") or [], value.get("action")
    if not names or not action:
        return _cell("off")
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    unknown = action if action not in ACTIONS else ""
    return _cell(
        _strictest([action]), unknown, ", ".join(names[:2]) + more, "masked" if value.get("mask_inline") else ""
    )


def _database_security(value: Mapping[str, Any]) -> Cell:
    action = _strictest([*value.values(), "allow"])
    verbs = [verb for verb in DATABASE_VERBS if value.get(verb) == action]
    return _cell(action, *(verbs if action != "allow" and len(verbs) < len(DATABASE_VERBS) else ()))


#: Protections that are more than one action.
_GROUPS: Mapping[str, Callable[[Mapping[str, Any]], Cell]] = {
    "topics": _topics,
    "toxic_content": _toxic_content,
    "urls": _urls,
    "data_leak": _data_leak,
    "database_security": _database_security,
}
