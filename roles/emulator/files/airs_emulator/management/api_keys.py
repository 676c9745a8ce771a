# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API keys, with which applications call the scan API."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from airs_emulator import records
from airs_emulator.errors import Refusal
from airs_emulator.http import JsonObject, JsonResponse, StrictRoute
from airs_emulator.service import Context, ContextDep, SentDep
from airs_emulator.store import Row

from .answers import AliasPageDep, PageDep, deleted, page
from .lookups import activated
from .schemas import ApiKeyBody, RotationBody

router = APIRouter(route_class=StrictRoute)

#: The whole of what the service says when environment or cloud provider is missing (reported from live tenants).
APP_ERROR = "Error inserting/updating customer app record"


@router.post("/apikey")
async def create_api_key(body: ApiKeyBody, sent: SentDep, context: ContextDep) -> Response:
    """Create a key and its customer application. Only this answer, and that of a regeneration, holds the secret."""
    tenant = context.tenant
    if body.revoked:
        raise Refusal(400, "revoked must be false")
    deployment_profile = tenant.deployment_profiles.get(body.auth_code)
    if deployment_profile is None:
        raise Refusal(400, "auth_code is not known")
    if tenant.api_keys.named(body.api_key_name):
        raise Refusal(409, f"API key {body.api_key_name} already exists")
    app = _app_of_key(body, context)
    tenant.customer_apps.put(app["customer_appId"], app)
    tenant.deployment_profiles.edit(body.auth_code, activated(deployment_profile))
    # A client cannot choose its secret.
    asked = {name: value for name, value in sent.items() if name != "api_key"}
    row, secret = records.new_key(tenant, asked, deployment_profile, app, context.clock)
    tenant.api_keys.put(row["api_key_id"], row)
    return JsonResponse({**_shown(row), "api_key": secret})


@router.get("/apikeys")
async def list_api_keys(wanted: PageDep, context: ContextDep) -> Response:
    """All keys, the last changed first, without their secrets."""
    return page("api_keys", context.tenant.api_keys.newest_first(), wanted, context.settings, _shown)


@router.get("/apikeys/tsg/{tsg_id}")
async def list_api_keys_of_tsg(wanted: AliasPageDep, context: ContextDep) -> Response:
    """The same under its older path."""
    return page("api_keys", context.tenant.api_keys.newest_first(), wanted, context.settings, _shown)


@router.post("/apikey/regenerate/{api_key_id}")
async def regenerate_api_key(api_key_id: str, body: RotationBody, context: ContextDep) -> Response:
    """Replace a key by one of the same name. The old secret is invalid at once."""
    keys = context.tenant.api_keys
    current = keys.get(api_key_id)
    if current is None:
        # Not 404 (reported from live tenants).
        raise Refusal(403, "TsgID mismatch")
    deployment_profile = context.tenant.deployment_profiles.get(current["auth_code"]) or {}
    row, secret = records.regenerated_key(current, body.model_dump(), deployment_profile, context.clock)
    if context.settings.keep_revoked_keys:
        keys.put(api_key_id, records.revoked_key(current, "regenerated", context.clock))
    else:
        keys.remove(api_key_id)
    keys.put(row["api_key_id"], row)
    return JsonResponse({**_shown(row), "api_key": secret})


@router.delete("/apikey/delete/{api_key_name:path}")
async def delete_api_key(api_key_name: str, updated_by: str, context: ContextDep) -> Response:
    """Delete a key by name, and its application unless another key still uses that (the latter is unverified)."""
    tenant = context.tenant
    rows = tenant.api_keys.named(api_key_name)
    if not rows:
        raise Refusal(404, f"API key {api_key_name} not found")
    for row in rows:
        tenant.api_keys.remove(row["api_key_id"])
    used = {row["customer_appId"] for row in tenant.api_keys.newest_first()}
    for app_id in {row["customer_appId"] for row in rows} - used:
        tenant.customer_apps.remove(app_id)
    return deleted("apikey and customer-app successfully deleted", context.settings)


def _app_of_key(body: ApiKeyBody, context: Context) -> Row:
    """The application of a new key: the one of that name, brought up to date, or a new one."""
    if not body.cust_env or not body.cust_cloud_provider:
        raise Refusal(400, APP_ERROR)
    sent = {
        "app_name": body.cust_app,
        "environment": body.cust_env,
        "cloud_provider": body.cust_cloud_provider,
        "ai_agent_framework": body.cust_ai_agent_framework,
        "auth_code": body.auth_code,
        "created_by": body.created_by,
    }
    made = records.new_app(context.tenant, sent)
    existing = context.tenant.customer_apps.named(body.cust_app)
    if not existing:
        return made
    if existing[0]["auth_code"] != body.auth_code:
        raise Refusal(400, APP_ERROR)
    kept = ("customer_appId", "created_by", "model_name")
    return {**made, **{member: existing[0][member] for member in kept}, **records.linked_profile(existing[0])}


def _shown(row: Row) -> JsonObject:
    return {name: value for name, value in row.items() if name != "secret_digest"}
