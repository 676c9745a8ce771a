# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report about a tenant: what drifted from a configuration, and what there is to know of what the tenant holds.

Plain data in, plain data out. What there is to say of one kind, its reconciler says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .._engine.reporting import Held
from .config import Fault
from .kinds import KINDS
from .plan import is_protected

#: What an action says of an object that was compared, not changed.
_STATUS = {"create": "missing", "update": "differs", "regenerate": "due", "delete": "unwanted", "none": ""}

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
    """

    kind: str
    name: str
    action: str = "none"
    error: str | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    shortfall: Sequence[Mapping[str, str]] = ()

    @property
    def status(self) -> str:
        """What is the matter with the object, or "" when nothing is."""
        return "conflict" if self.error else _STATUS[self.action]


def report(
    findings: Sequence[Finding],
    faults: Iterable[Fault],
    held: Held,
    *,
    protect: Collection[str],
    configuration: str | None,
    now: datetime,
) -> Report:
    """Return the report, ready to be written as JSON.

    Args:
        findings: what was found of each object that was compared, each once.
        faults: why nothing could be compared; then there are no findings.
        held: what the tenant holds.
        protect: patterns of names that need not be in the configuration.
        configuration: path of the configuration, or None.
        now: time of the report, in UTC.
    """
    errors = [{"path": fault.path, "message": fault.message} for fault in faults]
    order = [kind.resource.kind for kind in KINDS.values()]
    drifted = sorted((finding for finding in findings if finding.status), key=lambda finding: order.index(finding.kind))
    drift = [_drifted(finding) for finding in drifted]
    sections = [kind.reconciler.reported(held) for kind in reversed(KINDS.values())]
    # With errors, it is not known what the configuration names.
    unnamed = _unnamed(findings, Held() if errors else held, protect)
    return {
        "generated": now.strftime("%Y-%m-%d %H:%M UTC"),
        "tsg_id": next((row["tsg_id"] for rows in held.described.values() for row in rows if row.get("tsg_id")), None),
        "configuration": configuration,
        "drifted": bool(drift or errors),
        "errors": errors,
        "summary": {
            "objects": len(findings),
            "drifted": len(drift),
            **{name: count for section in sections for name, count in section.counts.items()},
            "unnamed": sum(map(len, unnamed.values())),
        },
        "drift": drift,
        **{name: part for section in sections for name, part in section.parts.items()},
        "unnamed": unnamed,
    }


def verdict(made: Report) -> str:
    """Return in one sentence what a report comes to."""
    summary, errors = made["summary"], len(made["errors"])
    if errors:
        return f"The configuration has {errors} {'error' if errors == 1 else 'errors'}, so nothing was compared."
    if made["drifted"]:
        drifted, objects = summary["drifted"], summary["objects"]
        return f"The tenant is not as the configuration says: {drifted} of {objects} objects drifted."
    return "The tenant is as the configuration says."


def _drifted(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "name": finding.name,
        "action": finding.action,
        "status": finding.status,
        "error": finding.error,
        "weakened": [*finding.shortfall],
        "changes": changes(finding.before, finding.after),
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the two sides of a diff option by option, of a group part by part."""
    found = []
    for field_name in {**before, **after}:
        old, new = before.get(field_name), after.get(field_name)
        if isinstance(old, Mapping) or isinstance(new, Mapping):
            olds, news = (side if isinstance(side, Mapping) else {} for side in (old, new))
            parts: list[Any] = [part for part in {**olds, **news} if olds.get(part) != news.get(part)]
            found += [_change(field_name, part, olds.get(part), news.get(part)) for part in parts]
        else:
            found.append(_change(field_name, None, old, new))
    return found


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
