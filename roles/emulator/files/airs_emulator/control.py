# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control plane: what a test tells the emulator, and asks it, beside the emulated API. It needs no credentials."""

from __future__ import annotations

import os
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from . import __version__
from .clock import parse_time, rfc3339
from .errors import Refusal
from .faults import Fault
from .http import CONTROL_PREFIX, JsonObject, JsonResponse, Plane, StrictRoute
from .seed import Seed, SeedError
from .service import Service, ServiceDep

router = APIRouter(prefix=CONTROL_PREFIX, route_class=StrictRoute)

#: A century; more than any test needs, less than timestamps can express.
_MAX_ADVANCE = 100 * 365 * 86400


class ClockChange(BaseModel):
    """Either a new time (ISO 8601) or a number of seconds to move."""

    model_config = ConfigDict(strict=True, extra="forbid")

    now: str | None = None
    advance_seconds: Annotated[float, Field(ge=-_MAX_ADVANCE, le=_MAX_ADVANCE)] | None = None


@router.get("/health")
async def health() -> Response:
    """Whether the emulator runs, and which one: who is about to end a process can make sure that it is this one."""
    return JsonResponse({"status": "ok", "version": __version__, "pid": os.getpid()})


@router.post("/reset")
async def reset(service: ServiceDep) -> Response:
    """Back to the start."""
    service.reset()
    return JsonResponse({"status": "ok"})


@router.post("/seed")
async def seed(document: Seed, service: ServiceDep) -> Response:
    """Add objects."""
    try:
        service.plant(document)
    except SeedError as error:
        raise Refusal(400, str(error)) from error
    return JsonResponse({"status": "ok"})


@router.get("/journal")
async def journal(service: ServiceDep, plane: Plane | None = None) -> Response:
    """The requests seen so far."""
    return JsonResponse({"requests": service.journal.entries(plane)})


@router.delete("/journal")
async def clear_journal(service: ServiceDep) -> Response:
    """Forget them."""
    service.journal.clear()
    return JsonResponse({"status": "ok"})


@router.post("/faults")
async def add_fault(fault: Fault, service: ServiceDep) -> Response:
    """Order a disturbance."""
    return JsonResponse({"id": service.faults.add(fault)})


@router.get("/faults")
async def faults(service: ServiceDep) -> Response:
    """The disturbances ordered, with the number of requests that suffered each."""
    return JsonResponse({"faults": service.faults.as_json()})


@router.delete("/faults")
async def clear_faults(service: ServiceDep) -> Response:
    """Cancel them."""
    service.faults.clear()
    return JsonResponse({"status": "ok"})


@router.post("/tokens/expire")
async def expire_tokens(service: ServiceDep) -> Response:
    """Make all access tokens issued so far invalid."""
    service.tokens.expire_all()
    return JsonResponse({"status": "ok"})


@router.get("/clock")
async def clock(service: ServiceDep) -> Response:
    """What time it is for the service."""
    return _time(service)


@router.put("/clock")
async def set_clock(change: ClockChange, service: ServiceDep) -> Response:
    """Set or move the clock."""
    if change.now is not None:
        try:
            service.clock.set(parse_time(change.now))
        except (ValueError, OverflowError) as error:
            raise Refusal(400, f"now: {error}") from error
    service.clock.advance(change.advance_seconds or 0)
    return _time(service)


@router.get("/settings")
async def settings(service: ServiceDep) -> Response:
    """The switches."""
    return JsonResponse(service.settings.model_dump())


@router.patch("/settings")
async def change_settings(changes: JsonObject, service: ServiceDep) -> Response:
    """Change some of the switches; the answer holds them all."""
    try:
        service.change_settings(changes)
    except ValidationError as error:
        first = error.errors()[0]
        raise Refusal(400, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return JsonResponse(service.settings.model_dump())


def _time(service: Service) -> Response:
    return JsonResponse({"now": rfc3339(service.clock.now())})
