# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the small servers of the tests share: JSON in, JSON out, over HTTP on loopback."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    """One request: C(path) is without the query, C(body) is what its JSON says."""

    method: str
    path: str
    query: str
    headers: Message
    body: Any


class JsonServer(ABC):
    """A running server on a free port; C(url) is its address."""

    def __init__(self) -> None:
        server = self

        class Handler(BaseHTTPRequestHandler):
            wbufsize = -1

            def answer(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                address = urlsplit(self.path)
                body = json.loads(content) if content else None
                asked = Request(self.command, address.path, address.query, self.headers, body)
                status, said = server.answer(asked)
                data = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815  # names that http.server looks for

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @abstractmethod
    def answer(self, request: Request) -> tuple[int, Any]:
        """Return the status and the JSON body of an answer."""

    def stop(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()
