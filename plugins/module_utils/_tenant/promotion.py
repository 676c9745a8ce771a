# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Promotion: apply a configuration of one tenant to another, with the names of that tenant.

Every object that the configuration contains or creates gets the prefix, including all references to it. Objects that
are only referenced belong to the tenant and are not prefixed. Therefore nothing without the prefix is ever written or
deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .._common.errors import AirsInputError
from .._common.wording import called, did_you_mean, near
from .._engine.options import Options
from .._kinds.registry import DEPLOYMENT_PROFILE, DLP_PROFILE
from .._policy.data import BUILT_IN
from .._service.resource import Resource
from .config import Config, Entry
from .kinds import KINDS

#: Kinds whose names may be others on another tenant.
MAPPED = (*KINDS, DEPLOYMENT_PROFILE.plural, DLP_PROFILE.plural)

_Key = tuple[str, str]


def check(options: Options) -> None:
    """Refuse names that can be none.

    Raises:
        AirsInputError: names a place in name_map, or name_prefix.
    """
    prefix = options["name_prefix"] or ""
    if prefix != prefix.lstrip() or not prefix.isprintable():
        raise AirsInputError(
            f"{called('name_prefix')} {prefix!r} is invalid: it must only contain printable characters, and "
            "must not start with a space."
        )
    for plural, names in (options["name_map"] or {}).items():
        for old, new in (names or {}).items():
            if not isinstance(old, str) or not isinstance(new, str):
                raise AirsInputError(
                    f"{called('name_map')}.{plural} contains {old!r}: {new!r}, but both must be strings: use quotes."
                )
            if not new.strip() or not new.isprintable():
                raise AirsInputError(
                    f"{called('name_map')}.{plural} maps {old!r} to {new!r}, which is not a valid name."
                )


def promote(config: Config, options: Options) -> None:
    """Put the names of this tenant in the place of those that the configuration was made with.

    Args:
        config: changed in place. It gets a fault for what does not fit any more, and a note for each name of the map
            that it does not have.
        options: name_map and name_prefix.
    """
    maps: Mapping[str, Mapping[str, str]] = {
        plural: names for plural, names in (options["name_map"] or {}).items() if names
    }
    prefix = options["name_prefix"] or ""
    if not maps and not prefix:
        return
    made = {key for entry in config.entries for key in _made(entry)}
    seen: dict[str, set[str]] = {}

    def name_of(resource: Resource, name: str) -> str:
        seen.setdefault(resource.plural, set()).add(name)
        mapped = maps.get(resource.plural, {}).get(name, name)
        return prefix + mapped if (resource.plural, name) in made else mapped

    given = [*([called("name_map")] if maps else []), *([f"{called('name_prefix')} {prefix!r}"] if prefix else [])]
    after = f" (after {' and '.join(given)})"
    firsts: dict[_Key, tuple[str, Entry]] = {}
    for entry in config.entries:
        reconciler, old = entry.kind.reconciler, entry.name
        known = set(reconciler.faults(entry.options))
        entry.options = reconciler.renamed(entry.options, name_of)
        new = [fault for fault in reconciler.faults(entry.options) if fault not in known]
        name, first = firsts.setdefault((entry.kind.plural, entry.name), (old, entry))
        new += [f"'{entry.name}' is defined twice, first at {first.place}"] if name != old else []
        config.faults += [entry.fault(f"{fault}{after}") for fault in new]
    config.renamed()
    config.baseline = config.baseline and config.baseline.renamed(name_of)
    config.notes += _unused(maps, seen)


def _made(entry: Entry) -> Iterator[_Key]:
    """Yield what an entry stands for, and what comes into being with it."""
    yield entry.kind.plural, entry.name
    for resource, name in entry.kind.reconciler.makes(entry.kind.resource.body(entry.options)):
        yield resource.plural, name


def _unused(maps: Mapping[str, Mapping[str, str]], seen: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield a sentence for every name of the map that the configuration does not have."""
    for plural, names in maps.items():
        for name in names:
            if name not in seen.get(plural, ()):
                meant = did_you_mean(near(name, seen.get(plural, ()))[:1])
                told = f"{called('name_map')}.{plural} contains {name!r}, which is not in the configuration."
                yield f"{told}{' ' * bool(meant)}{meant[:1].upper()}{meant[1:]}"


def with_built_in(entry: Entry, missing: set[str]) -> list[str]:
    """Put the service's own detection of sensitive content in the place of DLP profiles that the tenant lacks.

    Args:
        entry: changed in place.
        missing: names of DLP profiles.

    Returns:
        Those that the entry had, in its order.
    """
    found: dict[str, None] = {}

    def name_of(resource: Resource, name: str) -> str:
        if resource is not DLP_PROFILE or name not in missing:
            return name
        found[name] = None
        return BUILT_IN["text"]

    entry.options = entry.kind.reconciler.renamed(entry.options, name_of)
    return [*found]
