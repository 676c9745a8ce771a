# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The application: routers, the gateway around them, and one shape of error for each plane."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response

from . import __version__, control, management, token_endpoint
from .errors import Refusal, error_response, refusal_response
from .gateway import Gateway
from .http import plane_of
from .scan import api as scan
from .service import Service


def create_app(service: Service) -> FastAPI:
    """The ASGI application of one emulated service."""
    app = FastAPI(
        title="Emulator of Prisma AIRS",
        version=__version__,
        openapi_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Gateway, service=service)],
    )
    app.state.service = service
    app.include_router(control.router)
    app.include_router(token_endpoint.router)
    app.include_router(management.router)
    app.include_router(scan.router)
    app.exception_handler(Refusal)(_refused)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_no_route)
    return app


async def _refused(request: Request, error: Refusal) -> Response:
    return refusal_response(plane_of(request.url.path), error)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    """400 with the first thing that is wrong, never FastAPI's own 422, which the service does not know."""
    first = error.errors()[0]
    # The first part says where the value came from (body, query, path).
    where = ".".join(str(part) for part in first["loc"][1:])
    if first["type"] == "json_invalid":
        where = "malformed JSON"
    return error_response(plane_of(request.url.path), 400, f"Invalid request: {where or 'body'}: {first['msg']}")


async def _no_route(request: Request, error: HTTPException) -> Response:
    """Unknown routes and methods: the management gateway denies access (reported from live tenants), others tell."""
    plane = plane_of(request.url.path)
    if plane == "management" and error.status_code in (404, 405):
        return error_response(plane, 403, "Access denied")
    return error_response(plane, error.status_code, str(error.detail))
