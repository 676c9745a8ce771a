# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate a configuration offline, without credentials and without requests.

References to objects that the tenant might have are not errors here: only a plan can check them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .._common.errors import AirsInputError
from .._common.files import no_file, write_report
from .._common.wording import called, did_you_mean, near
from .._engine.module import ModuleSpec
from .._engine.options import Options
from .._engine.reconcile import Reference
from .._engine.task import Task
from .config import Config, Entry, Fault, by_line
from .files import is_within
from .kinds import KINDS
from .plan import is_protected
from .tenant import COMPARISON_CONSTRAINTS, TENANT_MODULE, configured

_TAKEN = (
    "config",
    "config_path",
    "state",
    "purge",
    "protect",
    "name_map",
    "name_prefix",
    "secret_dir",
    "baseline",
    "baseline_path",
)
#: What no tenant is asked with, where the rules of a run ask for something.
_WITHOUT_TENANT = {"tsg_id": "0", "concurrency": 1, "max_deletions": 0}


def handle(task: Task) -> dict[str, Any]:
    """Return all that is wrong with the configuration.

    Raises:
        AirsInputError: an option cannot be right, or the report cannot be written.
    """
    options = {**dict.fromkeys(TENANT_MODULE.options), **task.options, **_WITHOUT_TENANT}
    _require_place(options)
    config = configured(options)
    task.notes += config.notes
    faults = by_line([*config.faults, *lost_references(config, options)])
    result = {
        "changed": False,
        "objects": len(config.entries),
        "errors": [fault.told() for fault in faults],
        "msg": "\n".join([*map(str, faults), _verdict(config, faults)]),
        **({"failed": True} if faults else {}),
    }
    if options["report_path"] and not task.check_mode:
        write_report("report_path", options["report_path"], {name: result[name] for name in ("objects", "errors")})
    return result


def _verdict(config: Config, faults: Sequence[Fault]) -> str:
    if not faults:
        objects = len(config.entries)
        return f"No errors in {objects} {'object' if objects == 1 else 'objects'}."
    files = len({fault.file for fault in faults if fault.file})
    count = "1 error" if len(faults) == 1 else f"{len(faults)} errors"
    return f"The configuration has {count}{f' in {files} files' if files > 1 else ''}."


def lost_references(config: Config, options: Options) -> Iterator[Fault]:
    """Yield a fault for every name that can stand for nothing, whatever the tenant has.

    Args:
        config: the configuration.
        options: state, purge and protect of the task.
    """
    deleted = {(entry.kind.plural, entry.name) for entry in config.entries if not entry.is_wanted}
    purged = set((options["purge"] or []) if options["state"] == "overridden" else [])
    for entry in config.entries:
        for reference in entry.kind.reconciler.references(entry.options) if entry.is_wanted else []:
            resource, name = reference.resource, reference.name
            if (resource.plural, name) in deleted:
                yield entry.fault(
                    f"{resource.title(name)} cannot be used because the configuration deletes it", reference.place
                )
            elif resource.plural in purged and not _may_stay(config, entry, reference, options):
                meant = did_you_mean(near(name, config.names(resource.plural))[:1])
                why = f"{resource.label} '{name}' is not in the configuration, and {called('purge')} deletes all others"
                yield entry.fault(f"{why}{'; ' * bool(meant)}{meant}", reference.place)


def _may_stay(config: Config, entry: Entry, reference: Reference, options: Options) -> bool:
    """Tell whether what a name stands for can be there after a purge of its kind."""
    resource, name = reference.resource, reference.name
    kind = KINDS[resource.plural]
    # What is tied to other kinds may stay for their sake, which only the tenant can tell.
    if kind.reconciler.entangled or resource is entry.kind.resource:
        return True
    # Nor does a purge touch what is without the prefix of this configuration.
    others = not name.startswith(options["name_prefix"] or "")
    return others or name in config.names(resource.plural) or is_protected(name, options["protect"] or [])


def _require_place(options: Options) -> None:
    """Refuse a report in a place that has something else, or where it would be read as a part of the configuration."""
    path, config_path = options["report_path"], options["config_path"]
    if not path:
        return
    other = no_file(path)
    if other:
        raise AirsInputError(f"{called('report_path')} {path} must be a file, but is {other}.")
    if is_within(path, config_path):
        raise AirsInputError(
            f"{called('report_path')} {path} must not be in the configuration directory, because it would be "
            "read as part of it."
        )


TENANT_LINT_MODULE = ModuleSpec(
    name="airs_tenant_lint",
    options={
        **{name: TENANT_MODULE.options[name] for name in _TAKEN},
        "report_path": {"type": "path"},
    },
    handler=handle,
    constraints=COMPARISON_CONSTRAINTS,
    hidden_options=("config",),
)
