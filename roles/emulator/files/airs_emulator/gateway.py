# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to every request before and after its handler: journal, faults, delay, authentication."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .connections import drop_connection
from .errors import Refusal, error_response, refusal_response
from .faults import Action, Drop, ExpireTokens, Html, Latency, Status, Truncate
from .http import CONTROL_PREFIX, JsonResponse, Plane, plane_of
from .journal import Entry
from .scan.access import scan_caller
from .service import Caller, Service
from .token_endpoint import client_of
from .tokens import bearer

#: Larger bodies (bytes) are refused before they are read to the end; the limits of the single operations are below it.
MAX_BODY = 16 * 1024 * 1024
_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>"
_REASONS = {
    401: "Unauthorized",
    403: "Access denied",
    404: "Not found",
    409: "Conflict",
    429: "Too many requests",
    500: "Internal server error",
    502: "Bad gateway",
    503: "Service unavailable",
    504: "Gateway timeout",
}


class Gateway:
    """ASGI middleware around the whole application. The control plane passes untouched."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or _is_control(scope["path"]):
            await self._app(scope, receive, send)
            return
        exchange = await self._open(scope, receive)
        fault = self._service.faults.take(scope["method"], scope["path"])
        try:
            await self._pause(fault)
        except asyncio.CancelledError:
            # The server ends and waits for nobody.
            await drop_connection(scope, receive)
            return
        response = await self._answer(exchange, fault)
        if response is None:
            await drop_connection(scope, receive)
            return
        exchange.entry.status = response.status_code
        if isinstance(fault, Truncate):
            await _send_half(response, fault, scope, receive, send)
        else:
            await response(scope, receive, send)

    async def _open(self, scope: Scope, receive: Receive) -> _Exchange:
        body = await _read(receive)
        headers = Headers(scope=scope)
        plane = plane_of(scope["path"])
        entry = self._service.journal.open(
            self._service.clock.now(),
            plane,
            scope["method"],
            scope["path"],
            scope["query_string"].decode("latin-1"),
            headers.get("user-agent"),
            body or b"",
        )
        return _Exchange(scope, headers, plane, body, entry)

    async def _pause(self, fault: Action | None) -> None:
        seconds = self._service.settings.latency_seconds + (fault.seconds if isinstance(fault, Latency) else 0)
        if seconds:
            await asyncio.sleep(seconds)

    async def _answer(self, exchange: _Exchange, fault: Action | None) -> Response | None:
        """The answer to send; None when the connection is to be dropped."""
        if isinstance(fault, ExpireTokens):
            self._service.tokens.expire_all()
        self._identify(exchange)
        if isinstance(fault, Html):
            return HTMLResponse(_PAGE)
        if isinstance(fault, (Status, Drop)) and not fault.kind.endswith("_after"):
            return _stand_in(exchange.plane, fault) if isinstance(fault, Status) else None
        response = await self._process(exchange)
        if isinstance(fault, Drop):
            return None
        return _stand_in(exchange.plane, fault) if isinstance(fault, Status) else response

    def _identify(self, exchange: _Exchange) -> None:
        """Find out who sends the request, for the handler and for the journal."""
        if exchange.plane == "token":
            exchange.entry.client_id = client_of(exchange.headers, exchange.body or b"")
            return
        try:
            exchange.caller = self._caller(exchange)
            exchange.entry.tsg_id = exchange.caller.tenant.tsg_id
            exchange.entry.client_id = exchange.caller.client_id
        except Refusal as refusal:
            exchange.refusal = refusal

    def _caller(self, exchange: _Exchange) -> Caller:
        if exchange.plane == "scan":
            return scan_caller(self._service, exchange.headers, exchange.body or b"")
        token = self._service.tokens.find("management", bearer(exchange.headers))
        if token is None:
            raise Refusal(401, "The access token is missing, invalid or expired")
        return Caller(self._service.store.tenant(token.tsg_id), token.client_id)

    async def _process(self, exchange: _Exchange) -> Response:
        if exchange.body is None:
            return error_response(exchange.plane, 413, "The request body is too large")
        # Whatever is no scan operation has no use for credentials: that it does not exist is the whole answer.
        needs_caller = exchange.plane == "management" or exchange.scope["path"].startswith("/v1/scan/")
        if exchange.refusal is not None and needs_caller:
            return refusal_response(exchange.plane, exchange.refusal)
        exchange.scope.setdefault("state", {})["caller"] = exchange.caller
        recorder = _Recorder()
        await self._app(exchange.scope, _replay(exchange.body), recorder)
        return recorder.response()


@dataclass
class _Exchange:
    scope: Scope
    headers: Headers
    plane: Plane
    # None: too large.
    body: bytes | None
    entry: Entry
    caller: Caller | None = None
    refusal: Refusal | None = None


@dataclass
class _Recorder:
    """Keeps an answer instead of sending it."""

    status: int = 500
    headers: Iterable[tuple[bytes, bytes]] = ()
    chunks: list[bytes] = field(default_factory=list)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        else:
            self.chunks.append(message.get("body", b""))

    def response(self) -> Response:
        response = Response(b"".join(self.chunks), self.status)
        response.raw_headers = list(self.headers)
        return response


def _is_control(path: str) -> bool:
    return path == CONTROL_PREFIX or path.startswith(f"{CONTROL_PREFIX}/")


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None when it is too large."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _stand_in(plane: Plane, fault: Status) -> Response:
    """The answer that a fault puts in place of the true one."""
    if fault.body is None:
        response = error_response(plane, fault.status, _REASONS.get(fault.status, "Injected fault"))
    elif isinstance(fault.body, str):
        response = Response(fault.body, fault.status, media_type="text/plain")
    else:
        response = JsonResponse(fault.body, fault.status)
    response.headers.update(fault.headers)
    return response


async def _send_half(response: Response, fault: Truncate, scope: Scope, receive: Receive, send: Send) -> None:
    body = bytes(response.body)
    half = body[: len(body) // 2]
    if fault.content_length == "cut":
        await Response(half, response.status_code, media_type="application/json")(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await drop_connection(scope, receive)
