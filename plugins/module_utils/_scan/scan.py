# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans: send contents to the scan API, compare its verdicts with expectations, and retrieve previous scans."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from .._common.errors import AirsError, AirsInputError, failed
from .._common.threads import in_order
from .._common.wording import some
from .._engine.module import ModuleSpec
from .._engine.options import SCAN_ENDPOINTS, SCAN_OPTIONS, Options, given_secrets, out_of_range
from .._engine.task import Task
from .._service.resource import Row
from .._service.transport import bearer, require_safe_url
from .attempts import Attempts
from .bodies import Scan, id_faults, make_scan, scan_faults
from .client import MAX_WAIT, ScanClient, with_key
from .corpus import read_corpus
from .options import COMMON_OPTIONS, CONTENT_OPTIONS, IDS
from .polling import Patience, flat, results, scan_later
from .report import Report, report_faults
from .verdicts import COMPLETE, FAILED, PENDING, outcomes, summary, unmet

#: Most characters of a key or token (official SDK).
_MAX_CREDENTIAL = 2048
#: The largest batch that any documentation of the service names; the official SDK allows 5.
_MAX_BATCH = 25
_MAX_THREADS = 32


def handle(task: Task) -> dict[str, Any]:
    """Scan, or look up what was scanned before.

    Raises:
        AirsInputError: the options cannot be right; nothing was sent.
        AirsExchangeError: the scan API refused or cannot be reached.
    """
    options = task.options
    scans = _scans(task)
    _refuse(options, scans)
    if options["validate_only"]:
        return {"changed": False}
    endpoint, authorize = endpoint_of(options), authorizer_of(options)
    report = _report(task)
    client = ScanClient(task.transport(max_wait=MAX_WAIT), endpoint, authorize, task.notes.append)
    attempts = Attempts()
    result: dict[str, Any] = {"changed": False}
    if options["report_ids"]:
        ids = _unique(options["report_ids"])
        result["reports"] = sorted(client.reports(ids), key=lambda row: _place(ids, row))
    if options["scan_ids"]:
        ids = _unique(options["scan_ids"])
        found = results(client, dict.fromkeys(ids, 1), _patience(options), attempts)
        rows = attempts.settled([row for scan_id in ids for row in _in_batch_order(scan_id, found[scan_id])])
        scans = [Scan(f"scan {row['scan_id']}", {}, {}) for row in rows]
        return {**result, **_judged(task, scans, [flat(row) for row in rows], attempts, report)}
    if not scans:
        return result
    return {**result, **_judged(task, scans, _verdicts(client, options, scans, attempts), attempts, report)}


def _report(task: Task) -> Report | None:
    """Return the report that is to be written, whose place is proved.

    Raises:
        AirsInputError: it could not be written; nothing was sent.
        AirsDependencyError: a library for it is missing.
    """
    if not task.options["report_path"]:
        return None
    report = Report(os.path.abspath(task.options["report_path"]), task.options["report_contents"])
    report.prove(dry=task.check_mode)
    return report


def _scans(task: Task) -> list[Scan]:
    options = task.options
    contents: Sequence[tuple[str, Mapping[str, Any]]] = []
    if options["corpus"] is not None:
        contents = read_corpus(options["corpus"], task.notes.append)
    elif options["contents"] is not None:
        contents = [(f"contents[{index}]", content) for index, content in enumerate(options["contents"])]
    return [make_scan(options, content, name) for name, content in contents]


def _verdicts(client: ScanClient, options: Options, scans: Sequence[Scan], attempts: Attempts) -> list[Row]:
    title, concurrency = _profile_title(options), options["concurrency"]
    if options["mode"] == "async":
        return scan_later(client, scans, title, options["batch_size"], concurrency, _patience(options), attempts)

    def scan_now(scan: Scan) -> Row:
        return {**client.scan(f"scan {scan.name} with {title}", scan.body), "status": COMPLETE}

    return attempts.settled(in_order(partial(attempts.attempt, scan_now), scans, concurrency))


def _judged(
    task: Task, scans: Sequence[Scan], verdicts: Sequence[Row], attempts: Attempts, report: Report | None
) -> dict[str, Any]:
    """Return verdicts, counts and, if scans failed or expectations were not met, the failure; write the report."""
    options = task.options
    rows = [_row(scan, verdict) for scan, verdict in zip(scans, verdicts, strict=True)]
    counts = summary(rows)
    details = options["return_details"] or ("all" if options["corpus"] is None else "unmet")
    shown = {"all": rows, "unmet": [row for row in rows if row["unmet"]], "none": []}[details]
    result = {"scans": shown, "summary": counts, **_failure(options, rows, counts, attempts)}
    if report is None:
        return result
    if not task.check_mode:
        secrets = given_secrets(SCAN_OPTIONS, options) | task.runtime.learnt
        try:
            report.write(_answered_title(options, rows), result, rows, scans, secrets)
        except AirsError as error:
            return {**result, "failed": True, "msg": " ".join([*filter(None, [result.get("msg")]), error.message])}
    return {**result, "report_path": report.path}


def _failure(options: Options, rows: Sequence[Row], counts: Mapping[str, Any], attempts: Attempts) -> dict[str, Any]:
    """Return what a result has beyond verdicts and counts where the task fails."""
    lost = [row for row in rows if _is_lost(options, row)]
    if lost:
        why = [f"{row['name']}: {row.get('error_message') or 'the service could not scan it.'}" for row in lost]
        failure: dict[str, Any] = failed(attempts.errors[0]) if attempts.errors else {"failed": True}
        if len(lost) < len(rows) or "msg" not in failure:
            failure["msg"] = f"{len(lost)} of {len(rows)} scans failed: {_some(why)}"
        return failure
    message = _complaint(options, rows, counts)
    return {"failed": True, "msg": message} if message else {}


def _row(scan: Scan, verdict: Row) -> Row:
    """Return what the result says of a scan; ids that were sent with it stay where there is no answer."""
    expected = dict(scan.expected)
    return {
        **{key: scan.body[key] for key in IDS if key in scan.body},
        **verdict,
        "name": scan.name,
        "expected": expected,
        "unmet": unmet(expected, verdict, scan.content),
        "outcomes": outcomes(expected, verdict),
    }


def _is_lost(options: Options, row: Row) -> bool:
    """Tell whether a scan failed. That an earlier one did, is what a look at it is to tell."""
    return row["status"] == FAILED and (options["scan_ids"] is None or "error_message" in row)


def _complaint(options: Options, rows: Sequence[Row], counts: Mapping[str, Any]) -> str | None:
    """Return the sentence with which the task fails, or None."""
    pending = [row for row in rows if row["status"] == PENDING]
    if pending and options["wait"]:
        ids = _unique([row["scan_id"] for row in pending])
        return (
            f"{len(pending)} of {len(rows)} scans had no verdict within {options['poll_timeout']:g} seconds. "
            "Increase poll_timeout, or retrieve the results later with scan_ids: "
            f"{', '.join(ids[:5])}{', ...' * (len(ids) > 5)}."
        )
    title, gate = _answered_title(options, rows), options["min_accuracy"]
    if gate is not None and counts["accuracy"] < gate:
        sentences = [f"{row['name']}: {sentence}" for row in rows for sentence in row["unmet"]]
        return (
            f"The {title} met {counts['met']} of {counts['expected']} expectations. The accuracy of "
            f"{counts['accuracy']:.4g} is less than min_accuracy {gate:g}: {_some(sentences)}."
        )
    if options["scan_ids"] is not None:
        return None  # a look at earlier scans expects nothing
    # Within a gate, single expectations may fail; a scan that failed without any is no matter of accuracy.
    ungated = [row for row in rows if gate is None or not row["expected"]]
    sentences = [f"{row['name']}: {sentence}" for row in ungated for sentence in row["unmet"]]
    return f"The {title} did not meet the expectations: {_some(sentences)}." if sentences else None


def _refuse(options: Options, scans: Sequence[Scan]) -> None:
    found = [*_option_faults(options), *id_faults(options), *report_faults(options["report_path"])]
    wanted = any(scan.expected for scan in scans)
    if options["contents"] is not None and not scans and not options["validate_only"]:
        found.append("contents is empty")
    if options["min_accuracy"] is not None and not wanted:
        found.append("min_accuracy requires contents with expectations")
    if wanted and options["mode"] == "async" and not options["wait"]:
        found.append("expectations require wait")
    if options["report_path"] and not (scans or options["scan_ids"]):
        found.append("report_path requires contents or corpus")
    found += scan_faults(options, scans)
    if found:
        raise AirsInputError(f"Cannot scan: {_some(found)}. Nothing was sent.")


def _option_faults(options: Options) -> list[str]:
    limits: dict[str, tuple[float, float]] = {
        "min_accuracy": (0, 1),
        "batch_size": (1, _MAX_BATCH),
        "concurrency": (1, _MAX_THREADS),
        "poll_interval": (0.1, 3600),
        "poll_timeout": (0, 86400),
    }
    found = out_of_range(options, limits)
    found += [
        f"{name} must have at most {_MAX_CREDENTIAL} characters, but has {len(options[name])}"
        for name in ("api_key", "api_token")
        if options[name] and len(options[name]) > _MAX_CREDENTIAL
    ]
    sources = ("contents", "corpus", "scan_ids", "report_ids")
    if not any(options[name] is not None for name in sources):
        found.append(f"one of {', '.join(sources)} is required")
    return found


def endpoint_of(options: Options) -> str:
    """Return the URL of the scan API that options lead to.

    Raises:
        AirsInputError: it is not safe.
    """
    if options["api_endpoint"] and not options["region"]:
        return require_safe_url("api_endpoint", options["api_endpoint"])
    return SCAN_ENDPOINTS[options["region"] or "us"]


def authorizer_of(options: Options) -> Any:
    """Return what sets the API key or token of options on a request.

    Raises:
        AirsInputError: there is none, or it cannot be one.
    """
    if options["api_key"]:
        return with_key(options["api_key"])
    if options["api_token"]:
        return bearer(options["api_token"])
    raise AirsInputError(
        "api_key or api_token is required: set one of the options, or PANW_AI_SEC_API_KEY or "
        "PANW_AI_SEC_API_TOKEN in the environment."
    )


def _patience(options: Options) -> Patience:
    return Patience(options["wait"], options["poll_interval"], options["poll_timeout"])


def _profile_title(options: Options) -> str:
    name = options["profile_name"] or options["profile_id"]
    return f"security profile '{name}'" if name else "the security profile linked to the API key"


def _answered_title(options: Options, rows: Sequence[Row]) -> str:
    """Return the profile as sentences call it, without an article; where the options name none, as verdicts do."""
    if not (options["profile_name"] or options["profile_id"]):
        names = [row["profile_name"] for row in rows if row.get("profile_name")]
        options = {**options, "profile_name": names[0] if names else None}
    return _profile_title(options).removeprefix("the ")


def _some(sentences: Sequence[str]) -> str:
    return some(sentences, 3, "; ")


def _unique(ids: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _place(ids: Sequence[str], report: Mapping[str, Any]) -> tuple[int, int]:
    """Return the place of a report: ids in the order in which they were asked for, then the order within a batch."""
    identifier = report.get("report_id")
    return (ids.index(identifier) if identifier in ids else len(ids), report.get("req_id") or 0)


def _in_batch_order(scan_id: str, rows: Mapping[Any, Row]) -> list[Row]:
    """Return the results of a scan id, or where there is none yet one that is pending."""
    if not rows:
        return [{"scan_id": scan_id, "status": PENDING}]
    return sorted(rows.values(), key=lambda row: row.get("req_id") or 0)


SCAN_MODULE = ModuleSpec(
    name="airs_scan",
    options={
        **SCAN_OPTIONS,
        **COMMON_OPTIONS,
        "contents": {"type": "list", "elements": "dict", "options": CONTENT_OPTIONS},
        "corpus": {"type": "path"},
        "scan_ids": {"type": "list", "elements": "str"},
        "report_ids": {"type": "list", "elements": "str"},
        "mode": {"type": "str", "choices": ["sync", "async"], "default": "sync"},
        "concurrency": {"type": "int", "default": 4},
        "batch_size": {"type": "int", "default": 5},
        "wait": {"type": "bool", "default": True},
        "poll_interval": {"type": "float", "default": 6.0},
        "poll_timeout": {"type": "float", "default": 300.0},
        "min_accuracy": {"type": "float"},
        "validate_only": {"type": "bool", "default": False},
        "report_path": {"type": "path"},
        "report_contents": {"type": "bool", "default": False},
        "return_details": {"type": "str", "choices": ["all", "unmet", "none"]},
    },
    handler=handle,
    constraints={
        "required_one_of": [("contents", "corpus", "scan_ids", "report_ids")],
        "mutually_exclusive": [
            ("profile_name", "profile_id"),
            ("contents", "corpus", "scan_ids"),
            ("contents", "corpus", "report_ids"),
        ],
    },
)
