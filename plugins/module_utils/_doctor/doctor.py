# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check what the first change requires: one line for each thing, with what to do. Nothing is changed.

No check ends the others, and none waits for ever: those of a group run at the same time, and have a time together.
"""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import TimeoutError as NotInTime
from functools import partial
from typing import Any

from .._common.errors import AirsInputError
from .._common.files import write_report
from .._common.threads import begun
from .._common.wording import some
from .._engine.masking import remove_values
from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, SCAN_OPTIONS, OptionSpecs, given_secrets
from .._engine.task import Task
from .._kinds.registry import RESOURCES
from .finding import Check, Examination, Finding
from .machine import credentials, libraries, python
from .network import PLACES, certificates, clock, proxies, reach
from .scan_key import scan_key
from .service import access_token, licenses, listed, scan_logs, tenant

#: What there is to check, in groups: a later one needs what an earlier one finds.
GROUPS: tuple[Mapping[str, Check], ...] = (
    {
        "python": python,
        "libraries": libraries,
        "credentials": credentials,
        "certificates": certificates,
        "proxies": proxies,
    },
    {name: partial(reach, name) for name in PLACES},
    {"clock": clock, "access_token": access_token},
    {**{resource.plural: partial(listed, resource) for resource in RESOURCES.values()}, "scan_logs": scan_logs},
    {"tenant": tenant, "licenses": licenses, "scan_key": scan_key},
)
#: The time of a group: so many times the timeout of a request, and some seconds.
_PATIENCE, _MARGIN = 2, 5

_OPTIONS: OptionSpecs = {**MANAGEMENT_OPTIONS, **SCAN_OPTIONS}


def handle(task: Task) -> dict[str, Any]:
    """Return what the checks find."""
    # A request that is repeated hides what is wrong with it, and the token is to be a new one.
    runtime = dataclasses.replace(task.runtime, token_folder=None, sessions={})
    examination = Examination(dataclasses.replace(task, options={**task.options, "num_retries": 0}, runtime=runtime))
    rows: list[dict[str, str]] = []
    unchecked: list[str] = []
    for name, findings in _examined(examination):
        unchecked += [] if findings else [name]
        for finding in findings:
            rows.append(_clean(task, finding.told(name)))
            _say(task, rows[-1])
    task.notes += examination.session.notes if examination.session else []
    counted = Counter(row["status"] for row in rows)
    summary = {status: counted[status] for status in ("ok", "warning", "error")}
    report = {"checks": rows, "not_checked": unchecked, "summary": summary}
    lost = _written(task, report)
    message = " ".join([_verdict(rows, summary, unchecked), *([lost] if lost else [])])
    return {"changed": False, **report, "msg": message, **({"failed": True} if summary["error"] or lost else {})}


def _examined(examination: Examination) -> Iterator[tuple[str, list[Finding]]]:
    """Yield each check with what it finds, in the order of the table."""
    limit = _PATIENCE * examination.task.options["timeout"] + _MARGIN
    for group in GROUPS:
        ends = time.monotonic() + limit
        begun_checks = {name: begun(partial(_findings, check, examination)) for name, check in group.items()}
        for name, future in begun_checks.items():
            try:
                findings = future.result(max(0.0, ends - time.monotonic()))
            except NotInTime:
                findings = [
                    Finding(
                        "error", f"did not finish within {limit:g} seconds", "Check the network, or try again later."
                    )
                ]
            if any(finding.status == "error" for finding in findings):
                examination.wrong.add(name)
            yield name, findings


def _findings(check: Check, examination: Examination) -> list[Finding]:
    found: list[Finding] = []
    try:
        found.extend(check(examination))
    except Exception as error:  # noqa: BLE001 - the other checks go on
        found.append(Finding.of(error))
    return found


def _clean(task: Task, row: dict[str, str]) -> dict[str, str]:
    """Return a row without secrets: it is shown and written before the result is looked through."""
    secrets = task.runtime.learnt | given_secrets(_OPTIONS, task.options)
    # Not as one: its words are not the user's, and a secret may be as short as a typing error.
    return {**row, **{name: remove_values(row[name], secrets) for name in ("found", "advice")}}


def _say(task: Task, row: Mapping[str, str]) -> None:
    if task.runtime.say:
        advice = f" {row['advice']}" if row["advice"] else ""
        task.runtime.say(f"{row['status']}: {row['check']}: {row['found']}.{advice}")


def _verdict(rows: list[dict[str, str]], summary: Mapping[str, int], unchecked: list[str]) -> str:
    counts = [_counted(summary[status], status) for status in ("error", "warning") if summary[status]]
    names = dict.fromkeys(row["check"] for row in rows if row["status"] == "error")
    where = f" ({some([*names], len(names))})" if names else ""
    left = f" Not checked: {some(unchecked)}." if unchecked else ""
    return f"Found {' and '.join(counts) or 'no errors'}{where}.{left}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _written(task: Task, report: Mapping[str, Any]) -> str:
    """Write the report where it is wanted, and return why that does not work, or ""."""
    path = task.options["report_path"]
    if path and not task.check_mode:
        try:
            write_report("report_path", path, report)
        except AirsInputError as error:
            return error.message
    return ""


DOCTOR_MODULE = ModuleSpec(
    name="airs_doctor",
    options={**_OPTIONS, "report_path": {"type": "path"}},
    handler=handle,
    needs_libraries=False,
)
