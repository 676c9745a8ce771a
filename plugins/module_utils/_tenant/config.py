# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a tenant: validated entry by entry with the options of the modules, all faults at once."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from .._engine.masking import remove_values
from .._engine.options import MANAGEMENT_OPTIONS, ModuleSpec
from .._engine.reconcile import Reconciler
from .._kinds.api_key import API_KEY_MODULE, ApiKeyReconciler
from .._kinds.custom_topic import CUSTOM_TOPIC_MODULE, CustomTopicReconciler
from .._kinds.customer_app import CUSTOMER_APP_MODULE, CustomerAppReconciler
from .._kinds.registry import Resource
from .._kinds.security_profile import SECURITY_PROFILE_MODULE, SecurityProfileReconciler
from .files import Document


@dataclass(frozen=True)
class Kind:
    """A kind of object that a tenant's configuration may hold.

    Args:
        module: the module whose options its entries take.
        reconciler: makes and unmakes such objects.
    """

    module: ModuleSpec
    reconciler: type[Reconciler]

    @property
    def resource(self) -> Resource:
        """Its entry in the registry."""
        return self.reconciler.resource

    @property
    def plural(self) -> str:
        """Its key in the configuration."""
        return self.resource.plural

    def validator(self) -> ArgumentSpecValidator:
        """Return what validates its entries: the options of the module without those of the connection."""
        options = {name: spec for name, spec in self.module.options.items() if name not in MANAGEMENT_OPTIONS}
        return ArgumentSpecValidator(options, **self.module.constraints)


#: In the order in which they are made: each refers to those before it. They are deleted in the reverse order.
KINDS: dict[str, Kind] = {
    kind.plural: kind
    for kind in (
        Kind(CUSTOM_TOPIC_MODULE, CustomTopicReconciler),
        Kind(SECURITY_PROFILE_MODULE, SecurityProfileReconciler),
        Kind(API_KEY_MODULE, ApiKeyReconciler),
        Kind(CUSTOMER_APP_MODULE, CustomerAppReconciler),
    )
}


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


def validated(documents: Iterable[Document]) -> Config:
    """Validate a configuration without asking the service.

    Args:
        documents: its parts.

    Returns:
        The configuration, with all its faults in the order of the input.
    """
    config = Config()
    validators = {plural: kind.validator() for plural, kind in KINDS.items()}
    for document in documents:
        if document.fault:
            config.faults.append(Fault(document.place, document.fault))
        elif document.content is not None and not isinstance(document.content, dict):
            config.faults.append(Fault(document.place, f"must hold a dictionary with {', '.join(KINDS)}"))
        else:
            _validate(document, config, validators)
    return config


def _validate(document: Document, config: Config, validators: Mapping[str, ArgumentSpecValidator]) -> None:
    prefix = f"{document.place}: " if document.place else ""
    for plural, entries in (document.content or {}).items():
        if plural not in KINDS:
            near = difflib.get_close_matches(str(plural), KINDS, n=1)
            meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(KINDS)}"
            config.faults.append(Fault(f"{prefix}{plural}", f"unknown kind; {meant}"))
        elif entries is not None and not isinstance(entries, list):
            config.faults.append(Fault(f"{prefix}{plural}", "must be a list"))
        else:
            config.kinds.add(plural)
            for index, given in enumerate(entries or []):
                path = f"{prefix}{plural}[{index}]"
                entry, messages = _entry(KINDS[plural], validators[plural], path, given)
                config.faults += [Fault(path, message) for message in messages]
                if entry is not None:
                    config.add(entry)


def _entry(kind: Kind, validator: ArgumentSpecValidator, path: str, given: Any) -> tuple[Entry | None, list[str]]:
    """Return an entry, or None, and what is wrong with it."""
    if not isinstance(given, dict):
        return None, [f"must be a dictionary with the options of {kind.module.name}"]
    checked = validator.validate(given)
    options = checked.validated_parameters
    if not checked.error_messages:
        return Entry(kind, path, options), kind.reconciler.faults(options)
    unknown = isinstance(checked.errors[0], UnsupportedError)
    prefix = "unsupported options: " if unknown else ""
    return None, [prefix + remove_values(message, checked._no_log_values) for message in checked.error_messages]


def with_other_names(entry: Entry, name_map: Mapping[str, Mapping[str, str] | None]) -> None:
    """Put the names of this tenant in the place of those that the configuration was made with.

    Args:
        entry: changed in place.
        name_map: for deployment_profiles and dlp_profiles the names to be replaced.
    """
    profiles = name_map.get("deployment_profiles") or {}
    if entry.options.get("deployment_profile") in profiles:
        entry.options["deployment_profile"] = profiles[entry.options["deployment_profile"]]
    dlp = name_map.get("dlp_profiles") or {}
    directions = (entry.options.get("directions") or {}).values()
    for given in (entry.options, *(value for value in directions if value)):
        leak = given.get("data_leak") or {}
        if leak.get("profiles"):
            leak["profiles"] = [dlp.get(name, name) for name in leak["profiles"]]
