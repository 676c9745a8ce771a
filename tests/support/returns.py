# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold results against the RETURN documentation of their modules."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator
from typing import Any

import yaml

from .emulator import JsonObject

#: What Ansible puts into any result.
COMMON = frozenset(
    (
        *(
            "changed",
            "failed",
            "skipped",
            "skip_reason",
            "false_condition",
            "changed_when_result",
            "failed_when_result",
            "failed_when_suppressed_exception",
            "attempts",
            "censored",
        ),
        *("msg", "warnings", "deprecations", "exception", "diff", "invocation", "item", "results", "retries"),
        *("started", "finished", "results_file"),
    )
)


def disagreements(action: str, result: JsonObject) -> list[str]:
    """What a result has that its module does not document, and lacks of what it documents as always there.

    C(action) is the name of the module; results of other modules, hidden ones and those of whole loops agree.
    """
    documented = _documentation(action.rpartition(".")[2])
    if documented is None or "censored" in result or "results" in result or "ansible_job_id" in result:
        return []
    told = {key for key in result if key not in COMMON and not key.startswith(("ansible_", "_ansible"))}
    found = [f"{action} returned {key}, which is not documented" for key in sorted(told - documented.keys())]
    return found + [
        f"{action} {fault}" for key in told & documented.keys() for fault in _lacks(key, documented[key], result[key])
    ]


def _lacks(path: str, documented: JsonObject, value: Any) -> Iterator[str]:
    """Yield what is documented as always there below a value, and is not."""
    rows = value if isinstance(value, list) else [value]
    for row in rows:
        for key, below in (documented.get("contains") or {}).items():
            if not isinstance(row, dict):
                continue
            if key in row:
                yield from _lacks(f"{path}.{key}", below, row[key])
            elif below.get("returned") == "always":
                yield f"returned {path} without {key}"


@functools.cache
def _documentation(module: str) -> JsonObject | None:
    try:
        found = importlib.import_module(f"ansible_collections.panw.airs.plugins.modules.{module}")
    except ImportError:
        return None
    documented: JsonObject = yaml.safe_load(found.RETURN)
    return documented
