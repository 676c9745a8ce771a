# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes of answers that several kinds of objects share: pages of lists, and what a delete says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.responses import Response

from airs_emulator.errors import Refusal
from airs_emulator.http import JsonObject, JsonResponse
from airs_emulator.service import Context, ContextDep
from airs_emulator.settings import Settings
from airs_emulator.store import Row

#: The largest int32, the type of offset and limit (official API description).
INT32_MAX = 2**31 - 1

Offset = Annotated[int, Query(ge=0, le=INT32_MAX)]
Limit = Annotated[int, Query(ge=1, le=INT32_MAX)]


async def _page(context: ContextDep, offset: Offset = 0, limit: Limit | None = None) -> slice:
    return _slice(context, offset, limit)


async def _alias_page(context: ContextDep, tsg_id: str, offset: Offset, limit: Limit) -> slice:
    """Of the lists that name the tenant in their path: offset and limit are required (reported from live tenants)."""
    if tsg_id != context.tenant.tsg_id:
        raise Refusal(403, "TsgID mismatch")
    return _slice(context, offset, limit)


def _slice(context: Context, offset: int, limit: int | None) -> slice:
    settings = context.settings
    size = settings.page_default if limit is None else limit
    return slice(offset, offset + min(size, settings.page_max))


#: Which rows a list shows.
PageDep = Annotated[slice, Depends(_page)]
AliasPageDep = Annotated[slice, Depends(_alias_page)]


def page(
    envelope: str, rows: Iterable[Row], wanted: slice, settings: Settings, shown: Callable[[Row], JsonObject]
) -> Response:
    """A page of a list. C(next_offset) is there only while more remains, unless a switch says otherwise."""
    found = list(islice(rows, wanted.start, wanted.stop + 1))
    size = wanted.stop - wanted.start
    content: dict[str, Any] = {envelope: [shown(row) for row in found[:size]]}
    if len(found) > size:
        content["next_offset"] = wanted.stop
    elif settings.next_offset_zero:
        content["next_offset"] = 0
    return JsonResponse(content)


def deleted(message: str, settings: Settings, shown: JsonObject | None = None) -> Response:
    """The answer to a delete: a bare JSON string (reported from live tenants), or what a switch asks for.

    C(shown) is the object that the official description wants instead of C({"message": ...}).
    """
    if settings.delete_body == "empty":
        return Response(status_code=200)
    if settings.delete_body == "object":
        return JsonResponse({"message": message} if shown is None else shown)
    return JsonResponse(message)
