# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens with which an application calls the scan API instead of an API key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from airs_emulator.errors import Refusal
from airs_emulator.http import JsonResponse, StrictRoute
from airs_emulator.service import ContextDep

from .answers import INT32_MAX
from .schemas import OauthBody

router = APIRouter(route_class=StrictRoute)

#: Units of C(tokenTtlUnit) (official SDK), in seconds.
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


@router.post("/oauth/client_credential/accesstoken")
async def issue_application_token(
    body: OauthBody,
    context: ContextDep,
    interval: Annotated[int, Query(alias="tokenTtlInterval", ge=1, le=INT32_MAX)] = 24,
    unit: Annotated[str, Query(alias="tokenTtlUnit")] = "hours",
) -> Response:
    """Make a new token at every call; it lives 24 hours by default (official API description)."""
    if unit not in _UNITS:
        raise Refusal(400, f"tokenTtlUnit must be one of {', '.join(_UNITS)}")
    if not context.tenant.customer_apps.named(body.customer_app):
        raise Refusal(400, f"Customer app {body.customer_app} not found")
    ttl = interval * _UNITS[unit]
    return JsonResponse(
        {
            "token_type": "Bearer",
            "issued_at": str(round(context.clock.now() * 1000)),
            "client_id": body.client_id,
            "access_token": context.service.tokens.issue("scan", context.tenant.tsg_id, body.client_id, ttl),
            # A string, unlike that of the token endpoint (official API description).
            "expires_in": str(ttl),
            "status": "approved",
        }
    )
