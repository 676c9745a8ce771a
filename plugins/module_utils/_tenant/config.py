# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a tenant: validated entry by entry with the options of the modules, all faults at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._common.wording import did_you_mean, near
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
        elif entries is not None and not isinstance(entries, list):
            config.faults.append(Fault(f"{prefix}{plural}", "must be a list"))
        else:
            config.kinds.add(plural)
            for index, given in enumerate(entries or []):
                path = f"{prefix}{plural}[{index}]"
                entry, messages = _entry(KINDS[plural], path, given, shared)
                config.faults += [Fault(path, message) for message in messages]
                if entry is not None:
                    config.add(entry)


def _entry(kind: Kind, path: str, given: Any, shared: Mapping[str, Any]) -> tuple[Entry | None, list[str]]:
    """Return an entry, or None, and what is wrong with it."""
    if not isinstance(given, dict):
        return None, [f"must be a dictionary with the options of {kind.module.name}"]
    options, _secrets, faults = validate(kind.options, given, kind.module.constraints)
    if faults:
        return None, faults
    options |= {name: shared[name] for name in kind.reconciler.tenant_options}
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
