# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a tenant: validated entry by entry with the options of the modules, all faults at once."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._common.wording import did_you_mean, near, one_line
from .._engine.module import validate
from .files import Document
from .kinds import KINDS, Kind


@dataclass(frozen=True)
class Fault:
    """Something in the configuration that cannot be done.

    Args:
        path: where it stands, such as "security_profiles[3].topics.block[1]".
        message: what is wrong, a sentence without capital and full stop.
    """

    path: str
    message: str

    def __post_init__(self) -> None:
        for name in ("path", "message"):
            object.__setattr__(self, name, one_line(getattr(self, name)))

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


@dataclass
class Entry:
    """One object of the configuration.

    Args:
        kind: its kind.
        path: where it stands.
        options: its options, validated as those of a task.
    """

    kind: Kind
    path: str
    options: dict[str, Any]

    @property
    def name(self) -> str:
        """Name of the object."""
        return str(self.options["name"])

    @property
    def title(self) -> str:
        """Kind and name, as sentences use them."""
        return self.kind.resource.title(self.name)

    @property
    def is_wanted(self) -> bool:
        """Whether the object is to be there."""
        return self.options.get("state") != "absent"


@dataclass
class Config:
    """A validated configuration.

    Args:
        entries: its objects, in the order of the input.
        kinds: the kinds that it names, also those with an empty list.
        faults: what is wrong with it.
    """

    entries: list[Entry] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    _places: dict[str, dict[str, str]] = field(default_factory=lambda: {plural: {} for plural in KINDS})

    def add(self, entry: Entry) -> None:
        """Take in an entry; a second one of the same object is a fault."""
        first = self._places[entry.kind.plural].setdefault(entry.name, entry.path)
        if first != entry.path:
            self.faults.append(Fault(entry.path, f"'{entry.name}' is there twice, first at {first}"))
        self.entries.append(entry)

    def names(self, plural: str) -> Collection[str]:
        """Return the names of all entries of a kind, those that are to be absent included."""
        return self._places[plural].keys()


def validated(documents: Iterable[Document], shared: Mapping[str, Any]) -> Config:
    """Validate a configuration without asking the service.

    Args:
        documents: its parts.
        shared: options of the whole tenant, for the entries of kinds that take them over.

    Returns:
        The configuration, with all its faults in the order of the input.
    """
    config = Config()
    for document in documents:
        if document.fault:
            config.faults.append(Fault(document.place, document.fault))
        elif document.content is not None and not isinstance(document.content, dict):
            config.faults.append(Fault(document.place, f"must hold a dictionary with {', '.join(KINDS)}"))
        else:
            _validate(document, config, shared)
    return config


def _validate(document: Document, config: Config, shared: Mapping[str, Any]) -> None:
    prefix = f"{document.place}: " if document.place else ""
    for plural, entries in (document.content or {}).items():
        if plural not in KINDS:
            meant = did_you_mean(near(str(plural), KINDS)[:1]) or f"known are {', '.join(KINDS)}"
            config.faults.append(Fault(f"{prefix}{plural}", f"unknown kind; {meant}"))
        elif entries is None:
            # All entries commented out, say: nobody should lose everything for that.
            none = "has no value: write [] if there is to be none of them, or remove the line"
            config.faults.append(Fault(f"{prefix}{plural}", none))
        elif not isinstance(entries, list):
            config.faults.append(Fault(f"{prefix}{plural}", "must be a list"))
        else:
            config.kinds.add(plural)
            for index, given in enumerate(entries):
                path = f"{prefix}{plural}[{index}]"
                # In a file nothing but a text is meant to be one: what Ansible hands over may have been a number.
                odd = [*_cut_texts(path, given)]
                odd += _no_text(path, given, KINDS[plural].options) if document.place else []
                config.faults += odd
                entry, messages = _entry(KINDS[plural], path, given, shared) if not odd else (None, [])
                config.faults += [Fault(path, message) for message in messages]
                if entry is not None:
                    config.add(entry)


def _no_text(path: str, given: Any, specs: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    """Yield a fault for every value that YAML takes for something else than the text that an option needs."""
    if not isinstance(given, dict):
        return
    by_name = {alias: spec for name, spec in specs.items() for alias in (name, *spec.get("aliases", ()))}
    for name, value in given.items():
        spec = by_name.get(name)
        if spec is None or value is None:
            continue
        values = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        kind = spec.get("elements", spec["type"]) if isinstance(value, list) else spec["type"]
        for index, part in values:
            place = f"{path}.{name}" if index is None else f"{path}.{name}[{index}]"
            if "options" in spec:
                yield from _no_text(place, part, spec["options"])
            elif kind in ("str", "path") and not isinstance(part, str):
                yield Fault(place, f"must be a text, but is {_kind_of(part)}: put it in quotes")


def _kind_of(value: Any) -> str:
    """Return what YAML has made of a text that was not in quotes."""
    kinds = {bool: "yes or no", int: "a number", float: "a number", dict: "a dictionary", list: "a list"}
    return kinds.get(type(value), "a date or time")


def _cut_texts(path: str, value: Any) -> Iterator[Fault]:
    """Yield a fault for every text that has half of a character: JSON can say one, but nothing can be made of it."""
    try:
        # Nearly always there is none, and to write the whole costs a fraction of going through all parts.
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except (UnicodeEncodeError, TypeError):
        yield from _cut_parts(path, value)
    except ValueError:
        yield Fault(path, "has a part that is within itself: remove the anchor, or the alias")


def _cut_parts(path: str, value: Any) -> Iterator[Fault]:
    if isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
        yield Fault(path, "has half of a character, such as a cut-off emoji: write it again")
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _cut_parts(path, name)
            yield from _cut_parts(f"{path}.{name}", part)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _cut_parts(f"{path}[{index}]", part)


def _entry(kind: Kind, path: str, given: Any, shared: Mapping[str, Any]) -> tuple[Entry | None, list[str]]:
    """Return an entry, or None, and what is wrong with it."""
    if not isinstance(given, dict):
        return None, [f"must be a dictionary with the options of {kind.module.name}"]
    options, _secrets, faults = validate(kind.options, given, kind.module.constraints)
    if faults:
        return None, faults
    # What the tenant does not say is as the entry has it.
    said = {name: shared[name] for name in kind.reconciler.tenant_options if shared.get(name) is not None}
    options = {**dict.fromkeys(kind.reconciler.tenant_options), **options, **said}
    return Entry(kind, path, options), kind.reconciler.faults(options)


def with_other_names(entry: Entry, name_map: Mapping[str, Mapping[str, str] | None]) -> None:
    """Put the names of this tenant in the place of those that the configuration was made with.

    Args:
        entry: changed in place.
        name_map: the names to be replaced, by the plurals of their kinds.
    """
    for reference in entry.kind.reconciler.references(entry.options):
        names = name_map.get(reference.resource.plural) or {}
        if reference.name in names:
            _put(entry.options, reference.place, names[reference.name])


def _put(options: dict[str, Any], place: str, value: Any) -> None:
    """Set a value at a place of the options, such as "topics.block[1]"."""
    *steps, last = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", place)]
    holder: Any = options
    for step in steps:
        holder = holder[step]
    holder[last] = value
