# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report about a tenant: drift from a configuration, and information about the objects of the tenant.

Plain data in, plain data out. The reconciler of each kind provides the information about its objects.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from .._common.wording import one_line, some
from .._engine.reconcile import Weakening
from .._engine.reporting import Held
from .._kinds.registry import SECURITY_PROFILE
from .._policy.baseline import split
from .baseline import reported
from .config import Fault
from .files import Source
from .kinds import KINDS
from .plan import is_protected

#: What an action says of an object that was compared, not changed.
_STATUS = {"create": "missing", "update": "differs", "regenerate": "due", "delete": "unwanted", "none": ""}
#: What a difference does to the protection of a tenant, in the order of the report.
_IMPACTS = ("weaker", "other", "stricter")
_NOWHERE = {"file": None, "line": None}
#: What says that an option does nothing.
_OFF: tuple[Any, ...] = (None, "", "disabled", [], {})

Report = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """What a comparison found of one object.

    Args:
        kind: kind of the object.
        name: its name.
        action: what would be done about it, as results of airs_tenant say it.
        error: why it cannot be put right, or None.
        before: the options that differ, as they are on the tenant.
        after: the same as they are in the configuration.
        shortfall: what it protects less on the tenant than in the configuration, the greatest loss first.
        surplus: what it protects more on the tenant, as what is lost when the tenant becomes as the configuration says.
        repinned: the newest revisions of what it pins, by name, where pins of older ones are all that differs.
        source: the file that it stands in; None for what an option holds, and for what is nowhere.
        path: where it stands there, such as "security_profiles[3]".
    """

    kind: str
    name: str
    action: str = "none"
    error: str | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    shortfall: Sequence[Weakening] = ()
    surplus: Sequence[Weakening] = ()
    repinned: Mapping[str, Any] = field(default_factory=dict)
    source: Source | None = None
    path: str = ""

    @property
    def status(self) -> str:
        """What is the matter with the object, or "" when nothing is."""
        return "conflict" if self.error else _STATUS[self.action]

    @property
    def place(self) -> dict[str, Any]:
        """File and line of the configuration; None where it has none."""
        return {
            "file": one_line(self.source.file) if self.source else None,
            "line": self.source.line(self.path) if self.source else None,
        }

    @property
    def impact(self) -> str:
        """What the difference does to the protection of the tenant."""
        return "weaker" if self.shortfall else "stricter" if self.surplus else "other"


def report(
    findings: Sequence[Finding],
    faults: Iterable[Fault],
    held: Held,
    *,
    protect: Collection[str],
    configuration: str | None,
    now: datetime,
    directory: str = "",
    baseline: Mapping[str, Any] | None = None,
    prefix: str = "",
) -> Report:
    """Return the report, ready to be written as JSON.

    Args:
        findings: what was found of each object that was compared, each once.
        faults: why nothing could be compared; then there are no findings.
        held: what the tenant holds.
        protect: patterns of names that need not be in the configuration.
        configuration: path of the configuration, or None.
        now: time of the report, in UTC.
        directory: where relative paths start.
        baseline: what the profiles of the tenant do less than the baseline, or None where there is none.
        prefix: what the names of the configuration begin with; others are not its own.
    """
    baseline = baseline or reported(None, {})
    errors = [fault.told() for fault in faults]
    order = [kind.resource.kind for kind in KINDS.values()]
    differing = sorted(
        (finding for finding in findings if finding.status and not finding.repinned),
        key=lambda finding: (_IMPACTS.index(finding.impact), order.index(finding.kind)),
    )
    drift = [_drifted(finding) for finding in differing]
    repins = _repins(findings)
    sections = [kind.reconciler.reported(held) for kind in reversed(KINDS.values())]
    parts = {"drift": drift, **{name: part for section in sections for name, part in section.parts.items()}}
    _give_anchors(parts)
    gaps = _mark_gaps(parts, baseline, findings)
    # With errors, it is not known what the configuration names, and a baseline alone names nothing.
    unnamed = _unnamed(findings, Held() if errors or (baseline["defined"] and not findings) else held, protect)
    unnamed = {plural: [name for name in names if name.startswith(prefix)] for plural, names in unnamed.items()}
    compared = {plural: sum(each.kind == kind.resource.kind for each in findings) for plural, kind in KINDS.items()}
    # What is there, and nothing is said about.
    not_compared = [plural for plural, names in unnamed.items() if names and not compared[plural]]
    differs = bool(drift or repins)
    made = {
        "generated": now.strftime("%Y-%m-%d %H:%M UTC"),
        "tsg_id": next((row["tsg_id"] for rows in held.described.values() for row in rows if row.get("tsg_id")), None),
        "configuration": configuration,
        "directory": directory,
        "outcome": _outcome(bool(errors), len(findings), differs, bool(not_compared)),
        "drifted": bool(differs or errors or baseline["below"]),
        "errors": errors,
        "compared": compared,
        "not_compared": not_compared,
        "summary": {
            "objects": len(findings),
            "drifted": len(drift),
            "weaker": sum(entry["impact"] == "weaker" for entry in drift),
            "stricter": sum(entry["impact"] == "stricter" for entry in drift),
            "repinned": sum(bool(finding.repinned) for finding in findings),
            **{name: count for section in sections for name, count in section.counts.items()},
            **gaps,
            "unnamed": sum(map(len, unnamed.values())),
        },
        **parts,
        "repins": repins,
        "baseline": baseline,
        "unnamed": unnamed,
    }
    return {"verdict": verdict(made), **made, "states": _states(made)}


def verdict(made: Report) -> str:
    """Return in one sentence what a report comes to, which has it as "verdict"."""
    found, baseline = _compared(made), made["baseline"]
    if not baseline["defined"]:
        return found
    count, checked = len(baseline["below"]), baseline["checked"]
    judged = f"{count} of {_many(checked, 'security profile')} {'is' if count == 1 else 'are'} below the baseline."
    return f"{judged} Nothing else was compared." if made["outcome"] == "nothing_compared" else f"{found} {judged}"


def _compared(made: Report) -> str:
    summary, outcome = made["summary"], made["outcome"]
    if outcome == "errors":
        return f"The configuration has {_many(len(made['errors']), 'error')}, so nothing was compared."
    if outcome == "nothing_compared":
        return "Nothing was compared: the configuration has no objects."
    if outcome == "drifted":
        weaker, repinned = summary["weaker"], summary["repinned"]
        parts = [f"{summary['drifted']} of {_many(summary['objects'], 'object')} drifted"] if summary["drifted"] else []
        parts += [f"{weaker} of them {'protects' if weaker == 1 else 'protect'} less"] if weaker else []
        pinned = f"{_many(repinned, 'profile')} {'is' if repinned == 1 else 'are'} to be pinned to newer topics"
        parts += [pinned] if repinned else []
        return f"The tenant differs from the configuration: {', '.join(parts)}."
    if outcome == "partly_compared":
        left_out = some([f"{KINDS[plural].resource.label}s" for plural in made["not_compared"]])
        return f"What was compared matches the configuration. Not compared: {left_out}."
    return "The tenant matches the configuration."


def _many(number: int, word: str) -> str:
    return f"{number} {word if number == 1 else f'{word}s'}"


def _outcome(errors: bool, objects: int, differs: bool, left_out: bool) -> str:
    """Return in a word what the comparison came to."""
    if errors or not objects:
        return "errors" if errors else "nothing_compared"
    return "drifted" if differs else "partly_compared" if left_out else "clean"


def _states(made: Report) -> dict[str, str]:
    """Return for each part of a report whether it is good, bad or a warning; neutral is one without anything to judge.

    What was not compared is never good.
    """
    summary, outcome, baseline = made["summary"], made["outcome"], made["baseline"]
    compared = outcome in ("clean", "drifted")
    worse = bool(made["errors"]) or summary["drifted"] > summary["stricter"]
    drift = _state(compared or worse, bad=worse, warn=outcome == "drifted")
    return {
        "verdict": "bad" if baseline["below"] else drift,
        "drift": drift,
        "protections": _state(summary["applications"], bad=summary["applications_unprotected"]),
        "baseline": _state(baseline["checked"], bad=len(baseline["below"])),
        "api_keys": _state(
            summary["api_keys"],
            bad=summary["api_keys_expired"] + summary["api_keys_revoked"],
            warn=summary["api_keys_soon"],
        ),
        "custom_topics": _state(summary["custom_topics"], warn=summary["stale_pins"]),
        "unnamed": _state(compared or summary["unnamed"], warn=summary["unnamed"]),
    }


def _state(looked_at: int, *, bad: int = 0, warn: int = 0) -> str:
    """Return the state of a part: how much was looked at, and how much of it is bad, or calls for a warning."""
    return "neutral" if not looked_at else "bad" if bad else "warn" if warn else "good"


def _repins(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return what is pinned at an older revision, with all whose pins are all that differs of them."""
    found: dict[str, dict[str, Any]] = {}
    kinds = {resource.kind for kind in KINDS.values() for resource in kind.reconciler.pinned}
    pinned = {finding.name: finding for finding in findings if finding.kind in kinds}
    for finding in findings:
        for topic, revision in finding.repinned.items():
            if topic not in found:
                # What the configuration does not have is shown at the first profile that pins it.
                own = pinned.get(topic, finding)
                drifted = topic in pinned and bool(own.status)
                entry = {"topic": topic, "revision": revision, "topic_drifted": drifted, "profiles": []}
                found[topic] = {**entry, **own.place}
            found[topic]["profiles"].append(finding.name)
    return [*found.values()]


def _drifted(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "name": finding.name,
        **finding.place,
        "action": finding.action,
        "status": finding.status,
        "error": finding.error,
        "impact": finding.impact,
        "weakened": [*map(asdict, finding.shortfall)],
        # Of both, before is the configuration and after the tenant.
        "strengthened": [
            {"protection": each.protection, "before": each.after, "after": each.before} for each in finding.surplus
        ],
        "changes": changes(finding.before, finding.after),
    }


def _mark_gaps(parts: Mapping[str, Any], baseline: Mapping[str, Any], findings: Iterable[Finding]) -> dict[str, int]:
    """Give profiles and applications what they do less than the baseline, by option, and return how many do."""
    below = {each["name"]: each["below"] for each in baseline["below"]}
    found = {finding.name: finding for finding in findings if finding.kind == SECURITY_PROFILE.kind}
    for profile in parts["profiles"]:
        gaps: dict[str, list[Any]] = {}
        for gap in below.get(profile["name"], ()):
            _direction, option, _part = split(gap["protection"])
            gaps.setdefault(option, []).append(gap)
        profile["below_baseline"] = gaps
        profile.update(found[profile["name"]].place if gaps and profile["name"] in found else _NOWHERE)
    for application in parts["applications"]:
        application["below_baseline"] = application["profile"] in below
    return {
        f"{part}_below_baseline": sum(bool(row["below_baseline"]) for row in parts[part])
        for part in ("applications", "profiles")
    }


def _give_anchors(parts: Mapping[str, Any]) -> None:
    """Give all rows with names what links on the page lead to; where there are several of one name, each its own."""
    taken: Counter[str] = Counter()
    for part, rows in parts.items():
        for row in rows if isinstance(rows, list) else ():
            plain = anchor(f"{part}.{row['kind']}" if "kind" in row else part, row["name"])
            taken[plain] += 1
            row["anchor"] = plain if taken[plain] == 1 else f"{plain}~{taken[plain]}"


def anchor(part: str, name: str) -> str:
    """Return the id of an object on a page: letters, digits and a few signs, and that of no other name.

    Args:
        part: the part of the report that has the object. It has no dash.
        name: name of the object. What cannot be an id as it is ends in a tilde and a digest, as no name can.
    """
    plain = re.sub("[^A-Za-z0-9._-]+", "-", name[:40])
    if plain == name:
        return f"{part}-{name}"
    return f"{part}-{plain}~{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the two sides of a diff option by option, of a group that is on on both of them part by part."""
    found = []
    for field_name in {**before, **after}:
        old, new = _saying(before.get(field_name)), _saying(after.get(field_name))
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            parts: list[Any] = [part for part in {**old, **new} if old.get(part) != new.get(part)]
            found += [_change(field_name, part, old.get(part), new.get(part)) for part in parts]
        elif old != new:
            found.append(_change(field_name, None, old, new))
    return found


def _saying(value: Any) -> Any:
    """Return a group without the parts that say nothing, None when none is left; anything else as it is."""
    if not isinstance(value, Mapping):
        return value
    return {part: inner for part, inner in value.items() if inner not in _OFF} or None


def _change(name: str, part: str | None, before: Any, after: Any) -> dict[str, Any]:
    return {"field": name, "part": part, "before": before, "after": after}


def _unnamed(findings: Iterable[Finding], held: Held, protect: Collection[str]) -> dict[str, list[str]]:
    """Return the names of what the tenant has and the configuration does not name, by plural."""
    named = {(finding.kind, finding.name) for finding in findings}
    names: dict[str, set[tuple[str, str]]] = {}
    for plural, kind in KINDS.items():
        resource, names[plural] = kind.resource, set()
        for row in held.rows(resource):
            own = (resource.kind, row.get(resource.name_field) or "")
            names[plural].add(own)
            if own in named:
                # Whoever names it names what the service makes with it.
                named.update((made.kind, name) for made, name in kind.reconciler.makes(row))
    return {
        plural: sorted(name for _kind, name in found - named if name and not is_protected(name, protect))
        for plural, found in names.items()
    }
