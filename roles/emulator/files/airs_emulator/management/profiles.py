# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AI security profiles. Every change makes a row of its own; nothing but a delete takes a row away."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.responses import Response

from airs_emulator import records
from airs_emulator.errors import Refusal
from airs_emulator.filling import filled
from airs_emulator.http import JsonObject, JsonResponse, StrictRoute
from airs_emulator.policy import as_read, topic_ids
from airs_emulator.service import Context, ContextDep, SentDep
from airs_emulator.store import Row

from .answers import AliasPageDep, PageDep, deleted, page
from .schemas import ProfileBody

router = APIRouter(route_class=StrictRoute)


@router.post("/profile")
async def create_profile(body: ProfileBody, sent: SentDep, context: ContextDep) -> Response:
    """Create a profile; a name that exists is a conflict (reported from live tenants)."""
    _check_topics(sent, context)
    if context.tenant.ai_profiles.named(body.profile_name):
        raise Refusal(409, f"AI security profile {body.profile_name} already exists")
    return _store(records.new_profile(context.tenant, _stored(sent, context), context.clock), context)


@router.put("/profile/uuid/{profile_id}")
async def update_profile(profile_id: str, body: ProfileBody, sent: SentDep, context: ContextDep) -> Response:
    """Make the next revision, identical content or not. A new name leaves the old rows where they are (unverified)."""
    _check_topics(sent, context)
    profiles = context.tenant.ai_profiles
    found = _find(profile_id, context)
    current = profiles.current(found["profile_name"]) or found
    if body.profile_name != current["profile_name"] and profiles.named(body.profile_name):
        raise Refusal(409, f"AI security profile {body.profile_name} already exists")
    return _store(records.next_profile(context.tenant, current, _stored(sent, context), context.clock), context)


@router.get("/profiles")
async def list_profiles(wanted: PageDep, context: ContextDep, latest: bool | None = None) -> Response:
    """All revisions, the last changed first; with C(latest) only the highest one of each name."""
    return _list(wanted, context, latest)


@router.get("/profiles/tsg/{tsg_id}")
async def list_profiles_of_tsg(wanted: AliasPageDep, context: ContextDep, latest: bool | None = None) -> Response:
    """The same under its older path."""
    return _list(wanted, context, latest)


@router.delete("/profile/{profile_id}")
async def delete_profile(profile_id: str, context: ContextDep) -> Response:
    """Delete one revision, unless a policy uses the profile."""
    name = _find(profile_id, context)["profile_name"]
    policies = context.settings.profile_delete_blocked_by.get(name)
    if policies:
        message = "The AI security profile is used by policies"
        raise Refusal(409, message, {"message": message, "payload": policies})
    context.tenant.ai_profiles.remove(profile_id)
    return deleted(f"successfully deleted profileId: {profile_id}", context.settings)


@router.delete("/profile/{profile_id}/force")
async def force_delete_profile(profile_id: str, updated_by: str, context: ContextDep) -> Response:
    """Delete one revision, whatever uses it."""
    _find(profile_id, context)
    context.tenant.ai_profiles.remove(profile_id)
    return deleted(f"successfully force deleted profileId: {profile_id}", context.settings)


def _check_topics(sent: JsonObject, context: Context) -> None:
    most = context.settings.topics_per_profile_max
    if len(topic_ids(sent["policy"])) > most:
        raise Refusal(400, f"A profile holds at most {most} topics")


def _stored(sent: JsonObject, context: Context) -> JsonObject:
    return {**sent, "policy": filled(sent["policy"])} if context.settings.fill_defaults else sent


def _find(profile_id: str, context: Context) -> Row:
    row = context.tenant.ai_profiles.get(profile_id)
    if row is None:
        raise Refusal(404, f"AI security profile {profile_id} not found")
    return row


def _store(row: Row, context: Context) -> Response:
    context.tenant.ai_profiles.put(row["profile_id"], row)
    return JsonResponse({**row, "dlp_tenant_id": context.tenant.dlp_tenant_id})


def _list(wanted: slice, context: Context, latest: bool | None) -> Response:
    only_latest = context.settings.latest_default if latest is None else latest
    rows = _latest(context) if only_latest else context.tenant.ai_profiles.newest_first()
    settings = context.settings

    def shown(row: Row) -> JsonObject:
        policy = as_read(row["policy"], canonicalise=settings.canonicalise, null_topics=settings.null_topics)
        return {**row, "policy": policy}

    return page("ai_profiles", rows, wanted, settings, shown)


def _latest(context: Context) -> Iterator[Row]:
    profiles = context.tenant.ai_profiles
    return (row for row in profiles.newest_first() if row is profiles.current(row["profile_name"]))
