# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of scans. The official description removed it on 2026-03-02; this is the last published version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from .._common.errors import AirsBrokenAnswerError, AirsForbiddenError, AirsInputError, AirsNotFoundError
from .._common.wording import some
from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, Options
from .._engine.task import Task
from .._service.client import ManagementClient
from .._service.model import answer_faults
from .._service.resource import Resource
from . import models

#: Most rows of one query, over all its pages (last published description).
MAX_ROWS = 2000
#: The only windows that live tenants are reported to accept.
WINDOWS = ((1, "hours"), (24, "hours"), (7, "days"), (30, "days"))

_PAGE_SIZE = 100
_COUNTS = (
    "text_records_count",
    "api_calls_count",
    "threats_count",
    "all_transactions_count",
    "benign_transaction_count",
)
#: Not in the registry: it is no object that a tenant has, and its list is asked for by POST.
_SCAN_LOG = Resource(
    kind="scan_log",
    plural="scan_logs",
    label="scan log",
    model="ScanLog",
    name_field="scan_id",
    id_field="scan_id",
    list_path="/v1/mgmt/scanlogs",
    list_key="scan_result_entries",
    permission="read access to scan logs",
)
_GONE = (
    "This operation was removed from the official API description on 2026-03-02, and this tenant might no "
    "longer support it. See the scans in Strata Cloud Manager, or retrieve them with airs_scan and scan_ids."
)


def handle(task: Task) -> dict[str, Any]:
    """List the scans of a window, newest first as the service has them.

    Raises:
        AirsInputError: the service has no such window; nothing was sent.
        AirsExchangeError: the service refused, perhaps because it has no log of scans any more.
    """
    options = task.options
    window = (options["time_interval"], options["time_unit"])
    if window not in WINDOWS:
        known = ", ".join(f"{interval} {unit}" for interval, unit in WINDOWS)
        raise AirsInputError(f"The service does not support a time window of {window[0]} {window[1]}, only {known}.")
    if not 1 <= options["max_rows"] <= MAX_ROWS:
        raise AirsInputError(f"max_rows must be between 1 and {MAX_ROWS}, but is {options['max_rows']}.")
    try:
        rows, counts = _all_pages(task.session().client, options)
    except (AirsForbiddenError, AirsNotFoundError) as error:
        raise error.with_hint(_GONE) from None
    return {"changed": False, "scan_logs": [_SCAN_LOG.view(row) for row in rows], "counts": counts}


def look(client: ManagementClient) -> None:
    """Read the first page of the last hour, to see whether the service lets the account read its log.

    Raises:
        AirsExchangeError: it does not.
    """
    query = {"time_interval": 1, "time_unit": "hours", "filter": "all", "pageNumber": 1, "pageSize": 1}
    _page(client, "list scan logs", query, None)


def _all_pages(client: ManagementClient, options: Options) -> tuple[list[dict[str, Any]], dict[str, int]]:
    what = f"list the scans of the last {options['time_interval']} {options['time_unit']}"
    query = {key: options[key] for key in ("time_interval", "time_unit", "filter")}
    rows: list[dict[str, Any]] = []
    counts = dict.fromkeys(_COUNTS, 0)
    seen: set[str] = set()
    token, number = None, 1
    while True:
        page = _page(client, what, {**query, "pageNumber": number, "pageSize": _PAGE_SIZE}, token)
        found = page.get("scan_result_for_dashboard") or {}
        if number == 1:
            counts |= {key: found[key] for key in _COUNTS if found.get(key) is not None}
        batch = found.get("scan_result_entries") or []
        rows += batch
        if not batch or len(rows) >= options["max_rows"] or number >= (page.get("total_pages") or 0):
            return rows[: options["max_rows"]], counts
        fresh = {json.dumps(row, sort_keys=True) for row in batch} - seen
        if not fresh:
            raise _broken(client, what, f"page {number} contains only rows of previous pages")
        seen |= fresh
        # The token of the first page holds the window still while further pages are read.
        token, number = page.get("page_token") or token, number + 1


def _page(client: ManagementClient, what: str, query: Mapping[str, Any], token: str | None) -> Mapping[str, Any]:
    """Return a page of the log as answered; a window without scans has an empty body (reported from live tenants)."""
    body = {"page_token": token} if token else {}
    answer = client.call("POST", _SCAN_LOG.list_path, what, _SCAN_LOG, params=query, body=body, repeatable=True)
    answer = {} if answer is None else answer
    grave, odd = answer_faults(models.ScanLogPage, answer)
    if answer and not grave and "scan_result_for_dashboard" not in answer:
        grave = ["scan_result_for_dashboard: field required"]
    if grave:
        raise _broken(client, what, f"the response cannot be parsed ({some(grave, 3, '; ')})")
    for fault in odd:
        client.note(f"Unexpected scan log of the service ({fault}), which is used unchanged.")
    return cast(Mapping[str, Any], answer)


def _broken(client: ManagementClient, what: str, reason: str) -> AirsBrokenAnswerError:
    return AirsBrokenAnswerError(what, reason, method="POST", path=client.path_of(_SCAN_LOG.list_path))


SCAN_LOG_INFO_MODULE = ModuleSpec(
    name="airs_scan_log_info",
    options={
        **MANAGEMENT_OPTIONS,
        "time_interval": {"type": "int", "default": 24},
        "time_unit": {"type": "str", "choices": ["hours", "days"], "default": "hours"},
        "filter": {"type": "str", "choices": ["all", "benign", "threat"], "default": "all"},
        "max_rows": {"type": "int", "default": MAX_ROWS},
    },
    handler=handle,
)
