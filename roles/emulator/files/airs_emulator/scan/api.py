# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The four requests of the scan API."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from airs_emulator.clock import rfc3339, rfc3339_nano
from airs_emulator.errors import Refusal
from airs_emulator.http import JsonObject, JsonResponse, StrictRoute
from airs_emulator.policy import configuration_for
from airs_emulator.service import Context, ContextDep
from airs_emulator.store import Row

from .detectors import GROUNDING_LIMITS, model_protection
from .engine import SOURCE, scan
from .results import Scan, ScanItem
from .schemas import AiProfile, AsyncScanRequest, ScanRequest
from .urls import MAX_URLS, urls_in

#: Bytes of a request body (official limitations).
_MAX_BODY = {"/v1/scan/sync/request": 2 * 1024 * 1024, "/v1/scan/async/request": 5 * 1024 * 1024}
#: Ids in one request for results or reports (official list of error codes).
MAX_IDS = 5
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)


class ScanRoute(StrictRoute):
    """A route that minds media type and size before it reads a body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler that the router calls."""
        handle = super().get_route_handler()
        limit = _MAX_BODY.get(self.path)

        async def handle_checked(request: Request) -> Response:
            if limit is not None:
                if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                    raise Refusal(415, "The media type is not supported")
                if len(await request.body()) > limit:
                    raise Refusal(413, "The request body is too large")
            return await handle(request)

        return handle_checked


router = APIRouter(prefix="/v1/scan", route_class=ScanRoute)


@router.post("/sync/request")
async def scan_now(body: ScanRequest, context: ContextDep) -> Response:
    """Scan and answer at once."""
    profile = _profile(body, context)
    scan_id = str(uuid.uuid4())
    now = context.clock.now()
    item = scan(context.tenant, context.key_labels, profile, body, scan_id, 0)
    context.service.scans.add(Scan(scan_id, context.tenant.tsg_id, now, now, [item]))
    return JsonResponse(item.response)


@router.post("/async/request")
async def scan_later(body: list[AsyncScanRequest], context: ContextDep) -> Response:
    """Take a batch of scans; its results are pending for a moment that a switch sets."""
    most = context.settings.async_batch_max
    if not 1 <= len(body) <= most:
        raise Refusal(400, f"A batch holds 1 to {most} scan requests")
    profiles = [_profile(element.scan_req, context) for element in body]
    scan_id = str(uuid.uuid4())
    now = context.clock.now()
    items = [
        scan(context.tenant, context.key_labels, profile, element.scan_req, scan_id, element.req_id)
        for element, profile in zip(body, profiles, strict=True)
    ]
    made = Scan(scan_id, context.tenant.tsg_id, now, now + context.settings.async_pending_seconds, items)
    context.service.scans.add(made)
    received = rfc3339_nano(now)
    return JsonResponse({"received": received, "scan_id": scan_id, "report_id": made.report_id, "source": SOURCE})


@router.get("/results")
async def results(context: ContextDep, scan_ids: Annotated[list[str], Query()]) -> Response:
    """Results of scans, one row for each request of a batch, while pending without the verdict.

    They are what a synchronous scan answers, and say when it was completed (reported from live tenants).
    """
    now = context.clock.now()
    rows: list[JsonObject] = []
    for found in context.service.scans.find(context.tenant.tsg_id, _ids(scan_ids, "")):
        for item in found.items:
            row: JsonObject = {"source": SOURCE, "req_id": item.req_id, "status": "pending", "scan_id": found.scan_id}
            if found.ready <= now:
                result = {**item.response, "completed_at": rfc3339(found.ready)}
                row |= {"status": "complete", "result": result}
            rows.append(row)
    return JsonResponse(rows)


@router.get("/reports")
async def reports(context: ContextDep, report_ids: Annotated[list[str], Query()]) -> Response:
    """Reports of finished scans, one row for each request of a batch."""
    now = context.clock.now()
    found = context.service.scans.find(context.tenant.tsg_id, _ids(report_ids, "R"))
    return JsonResponse([_report(made, item) for made in found if made.ready <= now for item in made.items])


def _report(made: Scan, item: ScanItem) -> JsonObject:
    return {
        "source": SOURCE,
        "report_id": made.report_id,
        "scan_id": made.scan_id,
        "req_id": item.req_id,
        "transaction_id": item.response["transaction_id"],
        "session_id": item.response["session_id"],
        "tr_id": item.response["tr_id"],
        "detection_results": item.detection_results,
    }


def _ids(texts: list[str], prefix: str) -> list[str]:
    """The scan ids in a query parameter: separated by commas, a prefix before each."""
    ids = [identifier for text in texts for identifier in text.split(",")]
    if len(ids) > MAX_IDS:
        raise Refusal(400, f"At most {MAX_IDS} ids can be asked for")
    for identifier in ids:
        if not identifier.startswith(prefix) or not _UUID.fullmatch(identifier.removeprefix(prefix)):
            raise Refusal(400, "Invalid id")
    return [identifier.removeprefix(prefix) for identifier in ids]


def _profile(request: ScanRequest, context: Context) -> Row:
    """The profile revision to scan with: the very one of an id, the highest one of a name.

    A request that names none uses the one that is linked to its key (reported from live tenants).
    """
    profiles, wanted = context.tenant.ai_profiles, request.ai_profile or AiProfile()
    name = wanted.profile_name or context.linked_profile
    if not (wanted.profile_id or name):
        raise Refusal(400, "No default AI profile available")
    row = profiles.get(wanted.profile_id) if wanted.profile_id else profiles.current(name)
    if row is None:
        raise Refusal(400, "The AI security profile does not exist")
    _check_content(request, row)
    return row


def _check_content(request: ScanRequest, profile: Row) -> None:
    content = request.contents[-1]
    if content.empty:
        raise Refusal(400, "The content to scan is empty")
    if len(urls_in(content.prompt_text)) + len(urls_in(content.response_text)) > MAX_URLS:
        raise Refusal(400, f"More than {MAX_URLS} URLs")
    grounding = model_protection(configuration_for(profile["policy"], "response"), "contextual-grounding")
    if content.context and grounding:
        texts = {"context": content.context, "prompt": content.prompt_text, "response": content.response_text}
        for name, limit in GROUNDING_LIMITS.items():
            if len(texts[name]) > limit:
                raise Refusal(400, f"The {name} exceeds {limit} characters, the limit of contextual grounding")
