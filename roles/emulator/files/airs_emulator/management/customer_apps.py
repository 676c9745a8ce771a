# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Customer applications. They come into being with an API key; there is no request that creates one."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from airs_emulator import records
from airs_emulator.errors import Refusal
from airs_emulator.http import JsonObject, JsonResponse, StrictRoute
from airs_emulator.service import Context, ContextDep, SentDep
from airs_emulator.store import Row

from .answers import AliasPageDep, PageDep, deleted, page
from .schemas import CustomerAppBody

router = APIRouter(route_class=StrictRoute)

#: Members of a list row (official API description); status and people are only in the answer to an update.
_LIST_MEMBERS = (
    "tsg_id",
    "customer_appId",
    "app_name",
    "model_name",
    "cloud_provider",
    "environment",
    "ai_agent_framework",
)


@router.get("/customerapps")
async def list_customer_apps(wanted: PageDep, context: ContextDep) -> Response:
    """All applications with their keys and deployment profiles, the last changed first."""
    return _list(wanted, context)


@router.get("/customerapp/tsg/{tsg_id}")
async def list_customer_apps_of_tsg(wanted: AliasPageDep, context: ContextDep) -> Response:
    """The same under its older path."""
    return _list(wanted, context)


@router.get("/customerapp")
async def get_customer_app(app_name: str, context: ContextDep) -> Response:
    """Denied to everybody on live tenants, in spite of the official description; a switch allows it."""
    if context.settings.customerapp_get == 403:
        raise Refusal(403, "Access denied")
    return JsonResponse(_shown(_find(app_name, context)))


@router.put("/customerapp")
async def update_customer_app(
    customer_app_id: str, body: CustomerAppBody, sent: SentDep, context: ContextDep
) -> Response:
    """Replace an application as a whole. Its keys follow a new name (unverified)."""
    tenant = context.tenant
    current = tenant.customer_apps.get(customer_app_id)
    if current is None:
        raise Refusal(404, f"Customer app {customer_app_id} not found")
    if body.auth_code != current["auth_code"]:
        raise Refusal(400, "auth_code is not that of the customer app")
    if body.app_name != current["app_name"] and tenant.customer_apps.named(body.app_name):
        raise Refusal(409, f"Customer app {body.app_name} already exists")
    row = {
        **records.new_app(tenant, sent),
        "customer_appId": customer_app_id,
        "created_by": current["created_by"],
        "updated_by": body.updated_by or records.UNKNOWN_UPDATER,
        **records.linked_profile(current),
    }
    tenant.customer_apps.put(customer_app_id, row)
    for key in list(tenant.api_keys.newest_first()):
        if key["customer_appId"] == customer_app_id:
            tenant.api_keys.edit(key["api_key_id"], {**key, **_key_members(row)})
    return JsonResponse(_shown(row))


@router.delete("/customerapp")
async def delete_customer_app(app_name: str, updated_by: str, context: ContextDep) -> Response:
    """Delete an application and its keys (reported from live tenants)."""
    row = _find(app_name, context)
    tenant = context.tenant
    for key in list(tenant.api_keys.newest_first()):
        if key["customer_appId"] == row["customer_appId"]:
            tenant.api_keys.remove(key["api_key_id"])
    tenant.customer_apps.remove(row["customer_appId"])
    return deleted("customer app and associated keys successfully deleted", context.settings, _shown(row))


def _find(app_name: str, context: Context) -> Row:
    rows = context.tenant.customer_apps.named(app_name)
    if not rows:
        raise Refusal(404, f"Customer app {app_name} not found")
    return rows[0]


def _list(wanted: slice, context: Context) -> Response:
    return page(
        "customer_apps",
        context.tenant.customer_apps.newest_first(),
        wanted,
        context.settings,
        _list_row(context),
    )


def _list_row(context: Context) -> Callable[[Row], JsonObject]:
    keys: dict[str, list[JsonObject]] = {}
    for key in context.tenant.api_keys.newest_first():
        info = {member: key[member] for member in ("api_key_name", "dp_name", "auth_code")}
        keys.setdefault(key["customer_appId"], []).append(info)

    def shown(row: Row) -> JsonObject:
        listed = {member: row[member] for member in _LIST_MEMBERS}
        return {**listed, "api_keys_dp_info": keys.get(row["customer_appId"], [])}

    return shown


def _key_members(app: Row) -> JsonObject:
    return {
        "cust_app": app["app_name"],
        "cust_env": app["environment"],
        "cust_cloud_provider": app["cloud_provider"],
        "cust_ai_agent_framework": app["ai_agent_framework"],
    }


def _shown(row: Row) -> JsonObject:
    return {name: value for name, value in row.items() if name != "auth_code"}
