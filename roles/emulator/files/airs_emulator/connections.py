# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open connections, so that a fault can cut one without an answer."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Receive, Scope
from uvicorn.protocols.http.auto import AutoHTTPProtocol

_transports: dict[Any, asyncio.BaseTransport] = {}


class TrackedProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """The server's HTTP protocol, which also notes the transport of every client address."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Note the connection."""
        super().connection_made(transport)
        _transports[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        _transports.pop(self.client, None)
        super().connection_lost(exc)


async def drop_connection(scope: Scope, receive: Receive) -> None:
    """Close the connection of a request after what was sent so far, and return once it is closed."""
    transport = _transports.get(scope["client"])
    if transport is not None:
        transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass
