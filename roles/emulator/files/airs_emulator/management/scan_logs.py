# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of scans, in the last form that was published: the official API description dropped it on 2026-03-02."""

from __future__ import annotations

import base64
import binascii
import math
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from airs_emulator.clock import rfc3339
from airs_emulator.errors import Refusal
from airs_emulator.http import JsonObject, JsonResponse, StrictRoute
from airs_emulator.scan.results import Scan, ScanItem
from airs_emulator.service import Context, ContextDep

from .answers import INT32_MAX

router = APIRouter(route_class=StrictRoute)

#: The only windows that live tenants are reported to accept, in seconds.
_WINDOWS = {(1, "hours"): 3600, (24, "hours"): 24 * 3600, (7, "days"): 7 * 86400, (30, "days"): 30 * 86400}
#: Rows of one query, over all its pages (last published description).
MAX_ROWS = 2000
#: Short names of the detectors in a row, by their service in a report.
_SERVICES = {
    "malicious_code": "mc",
    "agent_security": "agent",
    "contextual_grounding": "cg",
    "topic_guardrails": "tg",
}

Number = Annotated[int, Query(alias="pageNumber", ge=1, le=INT32_MAX)]
Size = Annotated[int, Query(alias="pageSize", ge=1, le=MAX_ROWS)]
Filter = Annotated[Literal["all", "benign", "threat"], Query(alias="filter")]


class PageToken(BaseModel):
    """The body: empty for the first page, what the first page gave for the others."""

    page_token: str | None = None


@router.post("/scanlogs")
async def list_scan_logs(
    context: ContextDep,
    time_interval: int,
    time_unit: str,
    number: Number,
    size: Size,
    shown: Filter,
    body: PageToken | None = None,
) -> Response:
    """A page of the scans of a window, newest first. A window without scans has an empty body (reported live)."""
    if context.settings.scanlogs != 200:
        refused = {403: "Access denied", 404: "Not found"}
        raise Refusal(context.settings.scanlogs, refused[context.settings.scanlogs])
    seconds = _WINDOWS.get((time_interval, time_unit))
    if seconds is None:
        raise Refusal(400, "Invalid time interval or unit")
    token = body.page_token if body else None
    # The token holds the end of the window, so that scans that come between two pages do not shift the rows.
    until = _moment(token) if token else context.clock.now()
    scans = [scan for scan in context.service.scans.newest_first(context.tenant.tsg_id) if scan.received <= until]
    rows = [_row(context, scan, item) for scan in scans if scan.received > until - seconds for item in scan.items]
    if not rows:
        return Response(status_code=200)
    threats = [row for row in rows if row["verdict"] == "malicious"]
    wanted = {"all": rows, "threat": threats, "benign": [row for row in rows if row not in threats]}[shown][:MAX_ROWS]
    start = (number - 1) * size
    return JsonResponse(
        {
            "scan_result_for_dashboard": {
                "text_records_count": sum(row["text_records"] for row in rows),
                "api_calls_count": len({row["scan_id"] for row in rows}),
                "threats_count": len(threats),
                "all_transactions_count": len(rows),
                "benign_transaction_count": len(rows) - len(threats),
                "scan_result_entries": wanted[start : start + size],
            },
            "total_pages": math.ceil(len(wanted) / size),
            "page_number": number,
            "page_size": size,
            "page_token": base64.urlsafe_b64encode(repr(until).encode()).decode(),
            "revision": 1,
        }
    )


def _moment(token: str) -> float:
    try:
        return float(base64.urlsafe_b64decode(token))
    except (ValueError, binascii.Error):
        raise Refusal(400, "Invalid page token") from None


def _row(context: Context, scan: Scan, item: ScanItem) -> JsonObject:
    answer = item.response
    done = scan.ready <= context.clock.now()
    row: JsonObject = {
        "csp_id": context.tenant.csp_id,
        "tsg_id": scan.tsg_id,
        "scan_id": scan.scan_id,
        "scan_sub_req_id": item.req_id,
        **item.labels,
        "transaction_id": answer["transaction_id"],
        "profile_id": answer["profile_id"],
        "profile_name": answer["profile_name"],
        "report_id": scan.report_id,
        "received_ts": rfc3339(scan.received),
        "completed_ts": rfc3339(scan.ready),
        "status": "complete" if done else "pending",
        "verdict": answer["category"],
        "action": answer["action"],
    }
    for result in item.detection_results:
        service = _SERVICES.get(result["detection_service"], result["detection_service"])
        final = f"{service}_final_verdict"
        row[final] = "malicious" if "malicious" in (row.get(final), result["verdict"]) else result["verdict"]
        if result["data_type"] in ("prompt", "response"):
            row[f"{result['data_type']}_{service}_verdict"] = result["verdict"]
            row[f"{result['data_type']}_{service}_action"] = result["action"]
    return row
