# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom topics."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.responses import Response

from airs_emulator import records
from airs_emulator.errors import Refusal
from airs_emulator.http import JsonObject, JsonResponse, StrictRoute
from airs_emulator.policy import without_topic
from airs_emulator.service import Context, ContextDep, SentDep
from airs_emulator.store import Row

from .answers import AliasPageDep, PageDep, deleted, page
from .schemas import TopicBody

router = APIRouter(route_class=StrictRoute)

#: Bytes of description and examples together (reported by a client as a hard limit).
MAX_CONTENT = 1000
_NOT_IN_ANSWERS = {"superseded"}
_NOT_IN_LISTS = {"superseded", "active", "created_by", "updated_by", "created_ts"}


@router.post("/topic")
async def create_topic(body: TopicBody, sent: SentDep, context: ContextDep) -> Response:
    """Create a topic; a name can be used only once."""
    _check_content(body)
    if context.tenant.custom_topics.named(body.topic_name):
        raise Refusal(409, f"Custom topic {body.topic_name} already exists")
    row = records.new_topic(context.tenant, sent, context.clock)
    context.tenant.custom_topics.put(row["topic_id"], row)
    return JsonResponse(_without(row, _NOT_IN_ANSWERS))


@router.put("/topic/uuid/{topic_id}")
async def update_topic(topic_id: str, body: TopicBody, sent: SentDep, context: ContextDep) -> Response:
    """Replace a topic: same id, next revision. Profiles keep the revision that they have pinned."""
    _check_content(body)
    current = _find(topic_id, context)
    if body.topic_name != current["topic_name"] and context.tenant.custom_topics.named(body.topic_name):
        raise Refusal(409, f"Custom topic {body.topic_name} already exists")
    row = records.next_topic(context.tenant, current, sent, context.clock)
    context.tenant.custom_topics.put(topic_id, row)
    return JsonResponse(_without(row, _NOT_IN_ANSWERS | {"last_modified_ts"}))


@router.get("/topics")
async def list_topics(wanted: PageDep, context: ContextDep) -> Response:
    """All topics, the last changed first."""
    return page("custom_topics", _rows(context), wanted, context.settings, _list_row)


@router.get("/topics/tsg/{tsg_id}")
async def list_topics_of_tsg(wanted: AliasPageDep, context: ContextDep) -> Response:
    """The same under its older path."""
    return page("custom_topics", _rows(context), wanted, context.settings, _list_row)


@router.delete("/topic/{topic_id}")
async def delete_topic(topic_id: str, context: ContextDep) -> Response:
    """Delete a topic that no stored revision of any profile refers to."""
    _find(topic_id, context)
    holders = context.tenant.ai_profiles.referring_to(topic_id)
    if holders:
        members = ("profile_id", "profile_name", "revision")
        payload = [{member: row[member] for member in members} for row in holders]
        message = "The custom topic is used by AI security profiles"
        raise Refusal(409, message, {"message": message, "payload": payload})
    context.tenant.custom_topics.remove(topic_id)
    return deleted(f"successfully deleted topicId: {topic_id}", context.settings)


@router.delete("/topic/{topic_id}/force")
async def force_delete_topic(topic_id: str, updated_by: str, context: ContextDep) -> Response:
    """Delete a topic and take it out of all profiles, in place (whether that makes revisions is unverified)."""
    _find(topic_id, context)
    for row in context.tenant.ai_profiles.referring_to(topic_id):
        context.tenant.ai_profiles.edit(row["profile_id"], {**row, "policy": without_topic(row["policy"], topic_id)})
    context.tenant.custom_topics.remove(topic_id)
    return deleted(f"successfully force deleted topicId: {topic_id}", context.settings)


def _check_content(body: TopicBody) -> None:
    texts = [body.description or "", *(body.examples or [])]
    if sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) > MAX_CONTENT:
        raise Refusal(400, f"description and examples together exceed {MAX_CONTENT} bytes")


def _find(topic_id: str, context: Context) -> Row:
    row = context.tenant.custom_topics.get(topic_id)
    if row is None:
        raise Refusal(404, f"Custom topic {topic_id} not found")
    return row


def _rows(context: Context) -> Iterator[Row]:
    for row in context.tenant.custom_topics.newest_first():
        yield row
        if context.settings.topic_history:
            yield from reversed(row["superseded"])


def _list_row(row: Row) -> JsonObject:
    return _without(row, _NOT_IN_LISTS)


def _without(row: Row, members: set[str]) -> JsonObject:
    return {name: value for name, value in row.items() if name not in members}
