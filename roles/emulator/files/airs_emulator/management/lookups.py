# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service knows from elsewhere and only lists: deployment profiles and DLP profiles."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from airs_emulator.http import JsonResponse, StrictRoute
from airs_emulator.service import Context, ContextDep
from airs_emulator.store import Row

router = APIRouter(route_class=StrictRoute)


@router.get("/dlpprofiles")
async def list_dlp_profiles(context: ContextDep) -> Response:
    """All DLP profiles, never in pages."""
    return JsonResponse({"dlp_profiles": list(reversed(list(context.tenant.dlp_profiles.newest_first())))})


@router.get("/deploymentprofiles")
async def list_deployment_profiles(context: ContextDep, unactivated: bool = False) -> Response:
    """All deployment profiles; with C(unactivated) those that are free to use.

    These are the ones not activated yet and those without applications and keys (official API description).
    """
    rows = list(reversed(list(context.tenant.deployment_profiles.newest_first())))
    if unactivated:
        used = _auth_codes_in_use(context)
        rows = [row for row in rows if row["status"] != "activated" or row["auth_code"] not in used]
    return JsonResponse({"deployment_profiles": rows, "status": "success"})


def _auth_codes_in_use(context: Context) -> set[str]:
    tables = (context.tenant.api_keys, context.tenant.customer_apps)
    return {row["auth_code"] for table in tables for row in table.newest_first()}


def activated(row: Row) -> Row:
    """A deployment profile once something uses it."""
    return {**row, "status": "activated"}
