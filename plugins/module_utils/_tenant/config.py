# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a tenant: entries are validated with the options of their modules, all errors are collected."""

from __future__ import annotations

import contextlib
import functools
import json
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._common.wording import did_you_mean, near, one_line
from .._engine.exact_options import completed
from .._engine.module import validate
from .._engine.option_faults import kind_of
from .baseline import BASELINE, BASELINE_OPTION, Baseline, read_baseline
from .files import Document, Source
from .kinds import KINDS, Kind

#: An option at the beginning of a sentence, and a part of it.
_OPTION = re.compile(r"(?P<place>(?P<root>[a-z]\w*)(?:\.[\w-]+|\[\d+\])*):? ", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """Something in the configuration that cannot be done.

    Args:
        path: where it stands, such as "security_profiles[3].topics.block[1]"; "" for all of a file.
        message: what is wrong, a sentence without capital and full stop.
        source: the file that it stands in; None for what an option holds.
        at: the line in it, where that is known already.
    """

    path: str
    message: str
    source: Source | None = None
    at: int | None = None

    def __post_init__(self) -> None:
        for name in ("path", "message"):
            object.__setattr__(self, name, one_line(getattr(self, name)))

    @property
    def file(self) -> str | None:
        """Path of the file that it stands in, or None."""
        return one_line(self.source.file) if self.source else None

    @functools.cached_property
    def line(self) -> int | None:
        """Line in the file, from 1; None without a file, and for a directory."""
        return self.source.line(self.path) if self.source and not self.at else self.at

    def told(self) -> dict[str, Any]:
        """Return it as results tell it."""
        return {"file": self.file, "line": self.line, "path": self.path, "message": self.message}

    def __str__(self) -> str:
        """Return it as one line, which begins as editors and CI systems know it: C(file:line: )."""
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        return ": ".join(part for part in (place, self.path, self.message) if part)


def by_line(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults as linters tell them: file by file, and those of a file in the order of their lines."""
    faults = list(faults)
    files = {file: index for index, file in enumerate(dict.fromkeys(fault.file for fault in faults))}
    return sorted(faults, key=lambda fault: (files[fault.file], fault.line or 0))


@dataclass
class Entry:
    """One object of the configuration.

    Args:
        kind: its kind.
        path: where it stands.
        options: its options, validated as those of a task.
        source: the file that it stands in; None for what an option holds, and for what is nowhere.
    """

    kind: Kind
    path: str
    options: dict[str, Any]
    source: Source | None = None

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
        """Whether the object must exist."""
        return self.options.get("state") != "absent"

    @property
    def place(self) -> str:
        """Where it stands, file and line included, for sentences about another one."""
        return f"{self.source.file}:{self.source.line(self.path)}: {self.path}" if self.source else self.path

    def fault(self, message: str, place: str = "") -> Fault:
        """Return a fault of the object.

        Args:
            message: what is wrong.
            place: where in its options, such as "topics.block[1]"; "" for all of it.
        """
        return Fault(f"{self.path}.{place}" if place else self.path, message, self.source)


@dataclass
class Config:
    """A validated configuration.

    Args:
        entries: its objects, in the order of the input.
        kinds: the kinds that it names, also those with an empty list.
        faults: what is wrong with it.
        notes: sentences for the user.
        baseline: the least that its profiles must do, or None.
    """

    entries: list[Entry] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    baseline: Baseline | None = None
    _places: dict[str, dict[str, Entry]] = field(default_factory=lambda: {plural: {} for plural in KINDS})

    def add(self, entry: Entry) -> None:
        """Take in an entry; a second one of the same object is a fault."""
        first = self._places[entry.kind.plural].setdefault(entry.name, entry)
        if first is not entry:
            self.faults.append(entry.fault(f"'{entry.name}' is defined twice, first at {first.place}"))
        self.entries.append(entry)

    def renamed(self) -> None:
        """Take in that the entries have other names."""
        self._places = {plural: {} for plural in KINDS}
        for entry in self.entries:
            self._places[entry.kind.plural].setdefault(entry.name, entry)

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
            config.faults.append(Fault("", document.fault, document.source, document.line))
        elif document.content is not None and not isinstance(document.content, dict):
            config.faults.append(Fault("", f"must contain a dictionary with {', '.join(KINDS)}", document.source))
        else:
            _validate(document, config, shared)
    return config


def _validate(document: Document, config: Config, shared: Mapping[str, Any]) -> None:
    source = document.source
    for plural, entries in (document.content or {}).items():
        if plural == BASELINE:
            _take_baseline(config, entries, source)
        elif plural not in KINDS:
            meant = did_you_mean(near(str(plural), (*KINDS, BASELINE))[:1]) or f"supported kinds are {', '.join(KINDS)}"
            config.faults.append(Fault(str(plural), f"unknown kind; {meant}", source))
        elif entries is None:
            # All entries commented out, say: nobody should lose everything for that.
            none = "has no value: use [] for none, or remove the line"
            config.faults.append(Fault(plural, none, source))
        elif not isinstance(entries, list):
            config.faults.append(Fault(plural, "must be a list", source))
        else:
            config.kinds.add(plural)
            for index, given in enumerate(entries):
                entry, faults = _entry(KINDS[plural], f"{plural}[{index}]", given, shared, source)
                config.faults += faults
                if entry is not None:
                    config.add(entry)


def _take_baseline(config: Config, given: Any, source: Source | None) -> None:
    odd = _odd(BASELINE, given, BASELINE_OPTION["options"], source)
    config.faults += odd
    baseline, faults = read_baseline(given, source) if not odd else (None, [])
    config.faults += [Fault(*_placed(place, message, part), source) for place, message, part in faults]
    if config.baseline and baseline:
        first = config.baseline.place
        config.faults.append(Fault(BASELINE, f"only one baseline is allowed, and one is defined at {first}", source))
    config.baseline = config.baseline or baseline


def _odd(path: str, given: Any, specs: Mapping[str, Mapping[str, Any]], source: Source | None) -> list[Fault]:
    """Return the faults of a part of the configuration that Ansible would not tell."""
    # In a file nothing but a text is meant to be one: what Ansible hands over may have been a number.
    odd = dict(_no_text(path, given, specs) if source else ())
    odd = {**dict(_odd_parts(path, given, source is not None)), **odd}
    return [Fault(place, message, source) for place, message in odd.items()]


def _no_text(path: str, given: Any, specs: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield place and fault of every value that YAML does not parse as the string that an option requires."""
    if not isinstance(given, dict):
        return
    by_name = {alias: spec for name, spec in specs.items() for alias in (name, *spec.get("aliases", ()))}
    for name, value in given.items():
        spec = by_name.get(name)
        if spec is None or value is None:
            continue
        in_list = isinstance(value, list) and spec["type"] == "list"
        values = list(enumerate(value)) if in_list else [(None, value)]
        kind = spec.get("elements", spec["type"]) if in_list else spec["type"]
        for index, part in values:
            place = f"{path}.{name}" if index is None else f"{path}.{name}[{index}]"
            if "options" in spec:
                yield from _no_text(place, part, spec["options"])
            elif kind in ("str", "path") and not isinstance(part, str):
                yield place, f"must be a string, but is {kind_of(part)}: put it in quotes"


def _odd_parts(path: str, value: Any, in_file: bool) -> Iterator[tuple[str, str]]:
    """Yield place and fault of every part that cannot be sent as it is meant, such as a date that YAML has made."""
    with contextlib.suppress(TypeError, ValueError, RecursionError):
        # Nearly always there is none, and to write and read the whole costs a fraction of going through all parts.
        written = json.dumps(value, ensure_ascii=False, allow_nan=False, default=None if in_file else str)
        written.encode()
        if not in_file or json.loads(written) == value:
            return
    try:
        yield from _odd_below(path, value, in_file, ())
    except _WithinItselfError:
        yield path, "contains itself: remove the anchor or the alias"


class _WithinItselfError(Exception):
    """A part of a value is within itself, as an alias of YAML can make it."""


def _odd_below(path: str, value: Any, in_file: bool, above: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            yield path, "contains an incomplete character, such as a truncated emoji: correct the text"
    elif id(value) in above:
        raise _WithinItselfError
    elif isinstance(value, dict):
        for name, part in value.items():
            if in_file and not isinstance(name, str):
                yield f"{path}.{name}", f"is a key that must be a string, but is {kind_of(name)}: put it in quotes"
            yield from _odd_below(path, name, False, ())
            yield from _odd_below(f"{path}.{name}", part, in_file, (*above, id(value)))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _odd_below(f"{path}[{index}]", part, in_file, (*above, id(value)))
    elif isinstance(value, float) and not math.isfinite(value):
        yield path, f"is {value}, which is not a valid JSON number"
    elif in_file and not isinstance(value, (int, float, type(None))):
        yield path, f"is {kind_of(value)}, which JSON does not support: put it in quotes"


def _entry(
    kind: Kind, path: str, given: Any, shared: Mapping[str, Any], source: Source | None
) -> tuple[Entry | None, list[Fault]]:
    """Return an entry, or None, and what is wrong with it."""
    options = None if kind.module.constraints else completed(kind.options, given)
    if options is None:
        odd = _odd(path, given, kind.options, source)
        if odd:
            return None, odd
        if not isinstance(given, dict):
            return None, [Fault(path, f"must be a dictionary with the options of {kind.module.name}", source)]
        options, _secrets, messages = validate(kind.options, given, kind.module.constraints)
        if messages:
            return None, [Fault(*_placed(path, message, given), source) for message in messages]
    # What the tenant does not say is as the entry has it.
    said = {name: shared[name] for name in kind.reconciler.tenant_options if shared.get(name) is not None}
    options = {**dict.fromkeys(kind.reconciler.tenant_options), **options, **said}
    faults = [Fault(*_placed(path, message, given), source) for message in kind.reconciler.faults(options)]
    return Entry(kind, path, options, source), faults


def _placed(path: str, message: str, given: Any) -> tuple[str, str]:
    """Return place and message of a fault, whose message may begin with an option: C(topics.block[1] is ...)."""
    found = _OPTION.match(message)
    if found and isinstance(given, dict) and found["root"] in given:
        return f"{path}.{found['place']}", message[found.end() :]
    return path, message
