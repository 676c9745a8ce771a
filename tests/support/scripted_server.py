# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real HTTP server on loopback that gives the answers it was told, in turn, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One answer: a status with a body, (status 0) a connection that breaks, or what goes over the wire as it is.

    C(wire) are its parts, headers included, C(pause) is the time in seconds after each.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    wire: Iterable[bytes] | None = None
    pause: float = 0


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class ScriptedServer:
    """The server: its URL, the answers left, and the requests and connections so far. The last answer is for ever."""

    url: str
    answers: list[Answer]
    asked: list[Asked]
    connections: int = 0


@contextlib.contextmanager
def scripted_server(*answers: Answer) -> Iterator[ScriptedServer]:
    """Serve the answers on a free port until the block ends."""
    script = ScriptedServer("", list(answers), [])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # else every keep-alive request waits for a delayed acknowledgement

        def setup(self) -> None:
            super().setup()
            script.connections += 1

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            script.asked.append(Asked(self.command, self.path, dict(self.headers), self.rfile.read(length)))
            answer = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
            if answer.status == 0:
                self.close_connection = True
                return
            if answer.wire is not None:
                self.close_connection = True
                with contextlib.suppress(OSError):  # the client has enough
                    for part in answer.wire:
                        self.connection.sendall(part)
                        time.sleep(answer.pause)
                return
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  # names that http.server looks for

        def log_message(self, *_args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
