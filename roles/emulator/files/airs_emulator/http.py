# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON in and out, and the planes of the service."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Coroutine
from typing import Any, Literal, NoReturn

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

Json = Any
JsonObject = dict[str, Any]
Plane = Literal["management", "token", "scan"]

CONTROL_PREFIX = "/_emulator"
MANAGEMENT_PREFIX = "/aisec"
#: The token service answers on several paths (official documentation, SDKs and clients each name another one).
TOKEN_PATHS = ("/oauth2/access_token", "/am/oauth2/access_token", "/auth/v1/oauth2/access_token")


def plane_of(path: str) -> Plane:
    """The plane that a path belongs to. Whatever is neither management nor token is answered like the scan API."""
    if path == MANAGEMENT_PREFIX or path.startswith(f"{MANAGEMENT_PREFIX}/"):
        return "management"
    return "token" if path in TOKEN_PATHS else "scan"


class JsonResponse(Response):
    """Compact JSON in ASCII, so that whatever string a client sent can be echoed, lone surrogates included."""

    media_type = "application/json"

    def __init__(self, content: Json, status_code: int = 200) -> None:
        super().__init__(content, status_code)

    def render(self, content: Json) -> bytes:
        """The body."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


class StrictRequest(Request):
    """A request whose JSON body must be JSON: no C(NaN), no C(Infinity), no number beyond a double."""

    async def json(self) -> Json:
        """The body, parsed once."""
        if not hasattr(self, "_json"):
            self._json = parse_json(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """A route that reads its body with C(StrictRequest)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler that the router calls."""
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly


def parse_json(text: bytes) -> Json:
    """Parse a JSON document. Raises json.JSONDecodeError (a ValueError) for anything that is not one."""
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_float=_finite_float)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError(str(error) or "too deep", "", 0) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of range")
    return number
