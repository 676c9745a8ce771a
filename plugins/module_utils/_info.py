# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Info modules: what the tenant has of one kind, by name or all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._argspec import MANAGEMENT_OPTIONS, ModuleSpec
from ._resources import DEPLOYMENT_PROFILE, DLP_PROFILE, Resource
from ._run import CENSORED, Task


def info_handler(resource: Resource, filters: tuple[str, ...] = ()) -> Callable[[Task], dict[str, Any]]:
    """Return the handler of the info module of a kind.

    Args:
        resource: the kind.
        filters: options that go to the service's list as they are.
    """

    def handle(task: Task) -> dict[str, Any]:
        query = {name: task.options[name] for name in filters if task.options[name] is not None}
        snapshot = task.session().snapshot(resource, **query)
        name = task.options["name"]
        rows = snapshot.rows() if name is None else snapshot.revisions(name)
        reveal = bool(task.options.get(_reveal_option(resource)))
        return {
            "changed": False,
            resource.plural: [resource.view(row, reveal) for row in rows],
            **({CENSORED: True} if reveal else {}),
        }

    return handle


def _reveal_option(resource: Resource) -> str:
    return f"reveal_{resource.secret_fields[0]}" if resource.secret_fields else ""


def info_module(resource: Resource, filters: dict[str, dict[str, Any]] | None = None) -> ModuleSpec:
    """Return the info module of a kind.

    Args:
        resource: the kind.
        filters: argument_spec entries of options that go to the service's list as they are.
    """
    filters = filters or {}
    name: dict[str, Any] = {"type": "str"}
    if resource.name_aliases:
        name["aliases"] = list(resource.name_aliases)
    reveal = _reveal_option(resource)
    masks: dict[str, dict[str, Any]] = {reveal: {"type": "bool", "default": False, "no_log": False}} if reveal else {}
    return ModuleSpec(
        name=f"airs_{resource.kind}_info",
        options={**MANAGEMENT_OPTIONS, "name": name, **filters, **masks},
        handler=info_handler(resource, tuple(filters)),
        returns_secret=lambda options: bool(options.get(reveal)),
    )


DEPLOYMENT_PROFILE_INFO = info_module(DEPLOYMENT_PROFILE, {"unactivated": {"type": "bool"}})
DLP_PROFILE_INFO = info_module(DLP_PROFILE)
