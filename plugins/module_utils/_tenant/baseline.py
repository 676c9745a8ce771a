# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The baseline of a tenant: the minimum protection of every security profile, and its exceptions with their reasons."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._engine.module import validate
from .._engine.options import Options, OptionSpecs
from .._engine.reconcile import Rename, Weakening
from .._kinds.registry import CUSTOM_TOPIC, DLP_PROFILE, SECURITY_PROFILE
from .._policy import baseline as policies
from .._policy import document
from .files import Document, Source, read_documents

#: Its key in a configuration.
BASELINE = "baseline"

_EXCEPTION: OptionSpecs = {
    "name": {"type": "str", "required": True},
    "reason": {"type": "str", "required": True},
    "protections": {"type": "list", "elements": "str", "choices": [*policies.REQUIRABLE]},
}
_PARTS: OptionSpecs = {
    "security_profile": {"type": "dict", "required": True, "options": policies.option_specs()},
    "exceptions": {"type": "list", "elements": "dict", "options": _EXCEPTION},
}
#: The argument_spec entry of a baseline.
BASELINE_OPTION: dict[str, Any] = {"type": "dict", "options": _PARTS}


@dataclass(frozen=True)
class Exemption:
    """A profile that need not do what the baseline requires.

    Args:
        name: name of the profile.
        reason: why it need not.
        protections: the options that this is about; all when empty.
    """

    name: str
    reason: str
    protections: tuple[str, ...] = ()

    def covers(self, gap: Gap) -> bool:
        """Tell whether a gap is accepted."""
        about = not self.protections or policies.split(gap.protection)[1] in self.protections
        return gap.name == self.name and about


@dataclass(frozen=True)
class Gap:
    """What a profile does less than the baseline.

    Args:
        name: name of the profile.
        protection: the option, and the part of it.
        required: what the baseline requires: block, alert, allow or on.
        actual: what the profile does; off for nothing, and what cannot be read with the word unknown.
        exception: why this is accepted, or None.
    """

    name: str
    protection: str
    required: str
    actual: str
    exception: str | None = None

    @property
    def row(self) -> dict[str, str]:
        """The gap as reports have it."""
        return {"protection": self.protection, "required": self.required, "actual": self.actual}


@dataclass(frozen=True)
class Baseline:
    """The least that every security profile of a tenant must do.

    Args:
        required: options of airs_security_profile.
        exemptions: the profiles that need not.
        source: the file that it stands in; None for what an option holds.
    """

    required: dict[str, Any]
    exemptions: tuple[Exemption, ...] = ()
    source: Source | None = None

    @property
    def place(self) -> str:
        """Where it stands, file and line included."""
        return f"{self.source.file}:{self.source.line(BASELINE)}: {BASELINE}" if self.source else BASELINE

    def renamed(self, name_of: Rename) -> Baseline:
        """Return the baseline with other names for profiles, topics and DLP profiles."""
        topic, dlp_profile = (functools.partial(name_of, other) for other in (CUSTOM_TOPIC, DLP_PROFILE))
        required = {**self.required, **document.renamed(self.required, topic, dlp_profile)}
        exemptions = [replace(each, name=name_of(SECURITY_PROFILE, each.name)) for each in self.exemptions]
        return replace(self, required=required, exemptions=tuple(exemptions))

    def gaps(self, name: str, less: Iterable[Weakening]) -> list[Gap]:
        """Return what a profile does less, each with the reason why that is accepted.

        Args:
            name: name of the profile.
            less: what it does less.
        """
        found = [Gap(name, each.protection, each.before, each.after) for each in less]
        return [replace(gap, exception=self._exception(gap)) for gap in found]

    def _exception(self, gap: Gap) -> str | None:
        return next((each.reason for each in self._by_name.get(gap.name, ()) if each.covers(gap)), None)

    @functools.cached_property
    def _by_name(self) -> Mapping[str, Sequence[Exemption]]:
        found: dict[str, list[Exemption]] = {}
        for each in self.exemptions:
            found.setdefault(each.name, []).append(each)
        return found


#: A place, what is wrong there, and what stands there.
Odd = tuple[str, str, Any]


def read_baseline(given: Any, source: Source | None) -> tuple[Baseline | None, list[Odd]]:
    """Return the baseline of a configuration, or None, and what is wrong with it.

    Args:
        given: what the configuration has as its baseline.
        source: the file that it stands in; None for an option.
    """
    if given is None:
        return None, [(BASELINE, "has no value: specify the required protections, or remove the line", given)]
    if not isinstance(given, dict):
        return None, [(BASELINE, "must be a dictionary with security_profile and, optionally, exceptions", given)]
    outer = {name: {"type": "raw", "required": bool(spec.get("required"))} for name, spec in _PARTS.items()}
    _options, _secrets, odd = validate(outer, given)
    if odd:
        return None, [(BASELINE, fault, given) for fault in odd]
    required, faults = _required(f"{BASELINE}.security_profile", given["security_profile"])
    exemptions, more = _exemptions(f"{BASELINE}.exceptions", given.get("exceptions"))
    faults += more
    return (None if faults else Baseline(required, tuple(exemptions), source)), faults


def _required(path: str, given: Any) -> tuple[dict[str, Any], list[Odd]]:
    if not isinstance(given, dict):
        return {}, [(path, "must be a dictionary with options of airs_security_profile", given)]
    found = policies.unordered(given)
    orderly = {name: value for name, value in given.items() if name not in policies.WITHOUT_ORDER}
    options, _secrets, odd = validate(policies.option_specs(), orderly)
    found += odd
    return options, [(path, fault, given) for fault in found or policies.faults(options)]


def _exemptions(path: str, given: Any) -> tuple[list[Exemption], list[Odd]]:
    if given is None:
        return [], []
    if not isinstance(given, list):
        return [], [(path, "must be a list of dictionaries with name, reason, and, optionally, protections", given)]
    found: list[Exemption] = []
    faults: list[Odd] = []
    for index, each in enumerate(given):
        place = f"{path}[{index}]"
        if not isinstance(each, dict):
            faults.append((place, "must be a dictionary with name, reason, and, optionally, protections", each))
            continue
        options, _secrets, odd = validate(_EXCEPTION, each)
        if not odd and not options["reason"].strip():
            odd = ["reason is empty: specify why the profile is allowed to be below the baseline"]
        if not odd and options["protections"] == []:
            odd = ["protections is empty: specify protections, or remove the option to except all of them"]
        faults += [(place, fault, each) for fault in odd]
        if not odd:
            found.append(Exemption(options["name"], options["reason"], tuple(options["protections"] or ())))
    return found, faults


def baseline_documents(options: Options) -> list[Document]:
    """Return what the options say of a baseline besides the configuration, as parts of it."""
    if options.get(BASELINE) is not None:
        return [Document(content={BASELINE: options[BASELINE]})]
    path = options.get("baseline_path")
    return [*map(_only_baseline, read_documents(path))] if path else []


def _only_baseline(found: Document) -> Document:
    content = found.content
    if not found.fault and not (isinstance(content, dict) and [*content] == [BASELINE]):
        return replace(found, content=None, fault="must contain a dictionary with baseline as its only key")
    return found


def place_of(gap: Gap, options: Options) -> tuple[str, str]:
    """Return where in the options of a profile a gap is, and for what of it more is required.

    Args:
        gap: what the profile does less.
        options: options of airs_security_profile.
    """
    direction, option, part = policies.split(gap.protection)
    given = (options.get("directions") or {}).get(direction) or {} if direction else options
    if given.get(option) is not None:
        place = f"directions.{direction}.{option}" if direction else option
        return place, f" for '{part}'" if part else ""
    return "policy" if options.get("policy") else "", f" for '{gap.protection}'"


def idle_exceptions(
    baseline: Baseline, gaps: Mapping[str, Sequence[Gap]], others: Collection[str]
) -> tuple[list[str], list[str]]:
    """Return the names in exceptions of profiles that do all that is required, and of those that are not there.

    Args:
        baseline: the baseline.
        gaps: what each of the profiles that were checked does less.
        others: further names of profiles, which were not checked.
    """
    idle = [each.name for each in baseline.exemptions if not any(map(each.covers, gaps.get(each.name, ())))]
    return [name for name in idle if name in gaps], [name for name in idle if name not in gaps and name not in others]


def reported(baseline: Baseline | None, gaps: Mapping[str, Sequence[Gap]]) -> dict[str, Any]:
    """Return what a report says about the baseline.

    Args:
        baseline: the baseline, or None where there is none.
        gaps: what each of the profiles that were checked does less.
    """
    found = [(name, [gap.row for gap in gaps[name] if gap.exception is None]) for name in sorted(gaps, key=_by_name)]
    return {
        "defined": baseline is not None,
        "checked": len(gaps),
        "below": [{"name": name, "below": rows} for name, rows in found if rows],
        "exceptions": [_excepted(each, gaps) for each in (baseline.exemptions if baseline else ())],
    }


def _by_name(name: str) -> tuple[str, str]:
    return name.lower(), name


def _excepted(exemption: Exemption, gaps: Mapping[str, Sequence[Gap]]) -> dict[str, Any]:
    covered = [gap.row for gap in gaps.get(exemption.name, ()) if exemption.covers(gap)]
    return {
        "name": exemption.name,
        "reason": exemption.reason,
        "protections": [*exemption.protections],
        "needed": bool(covered),
        "below": covered,
    }
