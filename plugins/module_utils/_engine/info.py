# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Info modules: return the objects of one kind on the tenant, by name or all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._service.resource import Resource
from .module import CENSORED, ModuleSpec
from .options import MANAGEMENT_OPTIONS, Options, OptionSpecs
from .reconcile import Describe
from .session import Session
from .task import Task


def _as_it_is(_options: Options, _session: Session) -> Describe:
    return lambda row: row


def info_module(
    resource: Resource,
    *,
    query: OptionSpecs | None = None,
    options: OptionSpecs | None = None,
    describer: Callable[[Options, Session], Describe] = _as_it_is,
) -> ModuleSpec:
    """Return the info module of a kind.

    Args:
        resource: the kind.
        query: options that go to the service's list as they are.
        options: further options.
        describer: returns what shapes each row.
    """
    query = query or {}
    name: dict[str, Any] = {"type": "str"}
    if resource.name_aliases:
        name["aliases"] = list(resource.name_aliases)
    reveal = f"reveal_{resource.secret_fields[0]}" if resource.secret_fields else ""
    masks: OptionSpecs = {reveal: {"type": "bool", "default": False, "no_log": False}} if reveal else {}

    def handle(task: Task) -> dict[str, Any]:
        session = task.session()
        filters = {key: task.options[key] for key in query if task.options[key] is not None}
        snapshot = session.snapshot(resource, **filters)
        wanted = task.options["name"]
        rows = snapshot.rows() if wanted is None else snapshot.revisions(wanted)
        described = [*map(describer(task.options, session), rows)] if rows else []
        shown = bool(task.options.get(reveal))
        return {
            "changed": False,
            resource.plural: [resource.view(row, shown) for row in described if row is not None],
            **({CENSORED: True} if shown else {}),
        }

    return ModuleSpec(
        name=f"airs_{resource.kind}_info",
        options={**MANAGEMENT_OPTIONS, "name": name, **query, **(options or {}), **masks},
        handler=handle,
        returns_secret=lambda given: bool(given.get(reveal)),
    )
