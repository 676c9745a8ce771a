# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Severities of findings in the logs of the service.

The service sets them on every write of a profile (reported from live tenants). Therefore an omitted severity and the
default of the service are equivalent, and the options only contain severities that differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .data import DATABASE_VERBS
from .protection import Configuration, Names, Protection, choice, entries, group, list_of, part, section
from .topics import buckets
from .toxic_content import LEVELS, toxic_categories
from .urls import URLS

SEVERITIES = ("low", "medium", "high", "critical")
_BY_CONFIDENCE = {"high": "medium", "moderate": "low"}
_SEVERITY = ("severity",)
_DATABASE = {"create": "medium", "read": "low", "update": "medium", "delete": "high"}

#: An option within severities: its name, and within lists that of an entry, and the confidence.
Way = tuple[str, ...]


@dataclass
class Place:
    """A place that has a severity.

    Args:
        way: where the options have it.
        holder: the object that has it.
        keys: where the object has it.
        default: what the service fills in, or None where it fills in nothing.
        is_on: whether there is a protection that a severity could be set for.
    """

    way: Way
    holder: dict[str, Any]
    keys: tuple[str, ...]
    default: str | None
    is_on: bool = True

    def read(self) -> Any:
        """Return the severity, or None."""
        *path, key = self.keys
        return part(self.holder, *path).get(key) or None

    def write(self, value: str | None) -> None:
        """Set the severity; None leaves it to the service."""
        *path, key = self.keys
        if value is None and self.read() is None:
            return
        holder = section(self.holder, path[0]) if path else self.holder
        if value is not None:
            holder[key] = value
            return
        del holder[key]
        if path and not holder:
            del self.holder[path[0]]


def places(configuration: Configuration) -> Iterator[Place]:
    """Yield every place of a configuration that has a severity: protections that are off have none."""
    for detector in entries(part(configuration, "model-protection")):
        yield from _of_model(detector)
    for detector in entries(part(configuration, "agent-protection")):
        if detector.get("name") == "agent-security":
            yield Place(("agent_security",), detector, _SEVERITY, "medium")
    data = part(configuration, "data-protection")
    for detector in entries(part(data, "database-security")):
        verb = str(detector.get("name")).removeprefix("database-security-")
        if verb in _DATABASE:
            yield Place((f"database_{verb}",), detector, _SEVERITY, _DATABASE[verb])
    application = part(configuration, "app-protection")
    for option, holder, key in (
        ("source_code", data, "source-code-detection"),
        ("malicious_code", application, "malicious-code-protection"),
    ):
        if isinstance(holder, Mapping) and isinstance(holder.get(key), dict):
            yield Place((option,), holder[key], _SEVERITY, "high")
    if application and isinstance(application, dict):
        # Filled in also where no URL is looked at.
        is_on = bool(URLS.read(configuration))
        yield Place(("urls",), application, ("url-detected-severity",), "low", is_on=is_on)


def _of_model(detector: dict[str, Any]) -> Iterator[Place]:
    name = detector.get("name")
    if name == "prompt-injection":
        yield Place(("prompt_injection",), detector, _SEVERITY, "medium")
    elif name == "contextual-grounding":
        default = "medium" if detector.get("action") == "block" else None
        yield Place(("contextual_grounding",), detector, _SEVERITY, default)
    elif name == "topic-guardrails":
        yield Place(("topics",), detector, _SEVERITY, "medium")
        for bucket, pins in buckets(detector):
            default = "medium" if bucket.get("action") == "block" else None
            for pin in pins:
                yield Place(("each_topic", str(pin.get("topic_name"))), pin, _SEVERITY, default)
    elif name == "toxic-content":
        categories = toxic_categories(detector)
        for level in LEVELS:
            keys = ("severity-by-confidence", level)
            # Where categories have actions of their own, they have the severities too.
            yield Place(("toxic_content", level), detector, keys, None if categories else _BY_CONFIDENCE[level])
            for kind in categories:
                way = ("toxic_categories", str(kind.get("category")), level)
                yield Place(way, kind, keys, _BY_CONFIDENCE[level])


# --- the option ------------------------------------------------------------------------------------------------------


def _write(configuration: dict[str, Any], value: Mapping[str, Any], _names: Names) -> None:
    said = dict(_said(value))
    all_others = not value or value.get("others") == "default"
    for place in places(configuration):
        if place.way in said and place.is_on:
            place.write(said[place.way])
        elif all_others:
            place.write(None)


def _said(value: Mapping[str, Any]) -> Iterator[tuple[Way, str]]:
    """Yield what the option says of each place."""
    for option, given in value.items():
        if option == "others" or given is None:
            continue
        if isinstance(given, str):
            yield (option,), given
            continue
        named = [((option,), given)] if isinstance(given, Mapping) else [((option, one["name"]), one) for one in given]
        for way, one in named:
            for level, severity in one.items():
                if level != "name" and severity is not None:
                    yield (way if level == "severity" else (*way, level)), severity


def _read(configuration: Configuration) -> dict[str, Any]:
    """Return the severities that differ from what the service fills in."""
    found: dict[str, Any] = {}
    listed: dict[str, dict[str, dict[str, Any]]] = {}
    for place in places(configuration):
        severity = place.read()
        if severity is None or severity == place.default:
            continue
        option, *rest = place.way
        if not rest:
            found[option] = severity
        elif option == "toxic_content":
            found.setdefault(option, {})[rest[0]] = severity
        else:
            named = listed.setdefault(option, {}).setdefault(rest[0], {"name": rest[0]})
            named[rest[1] if rest[1:] else "severity"] = severity
    return {**found, **{option: [named[name] for name in sorted(named)] for option, named in listed.items()}}


_CHOICE = choice(*SEVERITIES)
_LEVELS = dict.fromkeys(LEVELS, _CHOICE)

SEVERITY = Protection(
    "severities",
    group(
        prompt_injection=_CHOICE,
        contextual_grounding=_CHOICE,
        topics=_CHOICE,
        each_topic=list_of(severity=_CHOICE),
        agent_security=_CHOICE,
        malicious_code=_CHOICE,
        source_code=_CHOICE,
        **{f"database_{verb}": _CHOICE for verb in DATABASE_VERBS},
        urls=_CHOICE,
        toxic_content=group(**_LEVELS),
        toxic_categories=list_of(**_LEVELS),
        others=choice("keep", "default"),
    ),
    _write,
    _read,
)
