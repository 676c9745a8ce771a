# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server for the part of HashiCorp Vault's HTTP API that a KV version 2 engine with required check-and-set needs.

Written after Vault's public API documentation: `GET` and `POST /v1/<mount>/data/<path>`, `GET auth/token/lookup-self`.
It is no Vault: it proves that requests and answers fit the client, and that no write goes without check-and-set.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "hvs.a-token-for-tests"


class KeyValueServer:
    """A running server; C(versions) has all versions of each path, oldest first."""

    def __init__(self) -> None:
        self.versions: dict[str, list[dict[str, Any]]] = {}
        self.refused: list[str] = []
        self.read_only = False
        server = self

        class Handler(BaseHTTPRequestHandler):
            wbufsize = -1

            def do_GET(self) -> None:
                if self.path == "/v1/auth/token/lookup-self":
                    self.answer(200, {"data": {"id": "known", "policies": ["default"]}})
                    return
                versions = server.versions.get(self.path)
                if not self.permitted():
                    self.answer(403, {"errors": ["permission denied"]})
                elif not versions:
                    self.answer(404, {"errors": []})
                else:
                    metadata = {"version": len(versions), "created_time": "2026-01-01T00:00:00Z", "destroyed": False}
                    self.answer(200, {"data": {"data": versions[-1], "metadata": metadata}})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                versions = server.versions.setdefault(self.path, [])
                if not self.permitted() or server.read_only:
                    self.answer(403, {"errors": ["permission denied"]})
                elif body.get("options", {}).get("cas") != len(versions):
                    server.refused.append(self.path)
                    wrong = "check-and-set parameter did not match the current version"
                    self.answer(400, {"errors": [wrong]})
                else:
                    versions.append(body["data"])
                    self.answer(200, {"data": {"version": len(versions)}})

            def do_PUT(self) -> None:
                self.do_POST()

            def permitted(self) -> bool:
                return self.headers["X-Vault-Token"] == TOKEN

            def answer(self, status: int, body: dict[str, Any]) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()
