# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a tenant with a configuration, and report the differences. Nothing is changed, and each list is read once."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from .._engine.module import ModuleSpec
from .._engine.reporting import Held
from .._engine.session import Listing, Session
from .._engine.task import Task
from .._kinds.security_profile import SecurityProfileReconciler
from .baseline import reported
from .config import Config
from .kinds import KINDS
from .plan import Step, listings
from .report import Finding, report
from .tenant import COMPARISON_CONSTRAINTS, COMPARISON_OPTIONS, action_of, ahead, compared, configured


def handle(task: Task) -> dict[str, Any]:
    """Return the report.

    Raises:
        AirsInputError: an option cannot be right, or the tenant is another one.
        AirsExchangeError: the tenant could not be read.
    """
    # Planned as airs_tenant does in check mode. No secret is going to need a place, and nothing gets weaker by a look.
    comparing = {"secret_dir": None, "secret_paths": None, "on_weakening": "report"}
    planning = dataclasses.replace(task, check_mode=True, foretells=False, options={**task.options, **comparing})
    options = planning.options
    # What the files make of a profile is not what it does: the tenant is held against the baseline.
    config = configured(options, ahead(task), judged=False)
    session = task.session()
    session.read_together(_lists(config, options["purge"] or []))
    steps = [] if config.faults else compared(planning, session, config)[0]
    made = report(
        [*map(_finding, steps)],
        config.faults,
        _held(session, task),
        protect=options["protect"] or [],
        configuration=options["config_path"],
        prefix=options["name_prefix"] or "",
        now=datetime.now(timezone.utc),
        directory=os.getcwd(),
        baseline=_judged(session, config),
    )
    return {"changed": False, "msg": made["verdict"], "report": made}


def _lists(config: Config, purge: list[str]) -> Iterator[Listing]:
    """Yield all lists that there is to read; the last of one kind counts, which knows about how long it is."""
    for kind in KINDS.values():
        yield Listing.of_current(kind.resource)
        yield from kind.reconciler.described_by
    yield from [] if config.faults else listings(config, purge)


def _held(session: Session, task: Task) -> Held:
    described = {plural: kind.reconciler.described(session) for plural, kind in KINDS.items()}
    return Held(described, task.options["application_profiles"] or {}, task.options["keys_soon"])


def _judged(session: Session, config: Config) -> dict[str, Any]:
    """Return what all profiles of the tenant do less than the baseline."""
    if config.baseline is None:
        return reported(None, {})
    about = SecurityProfileReconciler
    profiles = session.current(about.resource)
    rows = {name: profiles.find(name) or {} for name in profiles.names()}
    less = about.below_baseline(session, config.baseline.required, [*rows.values()])
    return reported(
        config.baseline, {name: config.baseline.gaps(name, each) for name, each in zip(rows, less, strict=True)}
    )


def _finding(step: Step) -> Finding:
    action = action_of(step)
    found: dict[str, Any] = {}
    try:
        if action != "none" and not step.error:
            difference = step.reconciler.difference(step.plan)
            found = {
                **difference,
                "shortfall": step.reconciler.shortfall(step.plan),
                "surplus": step.reconciler.surplus(step.plan),
                "repinned": step.reconciler.repinned(difference),
            }
    except Exception as error:  # noqa: BLE001 - the others are told all the same
        step.fail(error)
    entry = step.entry
    found |= {"source": entry.source, "path": entry.path}
    return Finding(entry.kind.resource.kind, entry.name, action, step.error, **found)


TENANT_DRIFT_INFO_MODULE = ModuleSpec(
    name="airs_tenant_drift_info",
    options={
        **COMPARISON_OPTIONS,
        "application_profiles": {"type": "dict"},
        "keys_soon": {"type": "int", "no_log": False},
    },
    handler=handle,
    # A baseline is enough: then the profiles are held against it, and nothing else is compared.
    constraints={
        **COMPARISON_CONSTRAINTS,
        "required_one_of": [("config", "config_path", "baseline", "baseline_path")],
    },
    hidden_options=("config",),
)
