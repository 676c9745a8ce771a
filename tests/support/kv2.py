# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server for the part of HashiCorp Vault's HTTP API that a KV version 2 engine with required check-and-set needs.

Written after Vault's public API documentation: `GET` and `POST /v1/<mount>/data/<path>`, `GET auth/token/lookup-self`.
It is no Vault: it proves that requests and answers fit the client, and that no write goes without check-and-set.
"""

from __future__ import annotations

from typing import Any

from .json_server import JsonServer, Request

TOKEN = "hvs.a-token-for-tests"


class KeyValueServer(JsonServer):
    """A running server; C(versions) has all versions of each path, oldest first."""

    def __init__(self) -> None:
        self.versions: dict[str, list[dict[str, Any]]] = {}
        self.refused: list[str] = []
        self.read_only = False
        super().__init__()

    def answer(self, request: Request) -> tuple[int, Any]:
        """Answer as Vault does."""
        if request.path == "/v1/auth/token/lookup-self":
            return 200, {"data": {"id": "known", "policies": ["default"]}}
        if request.headers["X-Vault-Token"] != TOKEN:
            return 403, {"errors": ["permission denied"]}
        if request.method == "GET":
            return self._read(request.path)
        return self._write(request.path, request.body)

    def _read(self, path: str) -> tuple[int, Any]:
        versions = self.versions.get(path)
        if not versions:
            return 404, {"errors": []}
        metadata = {"version": len(versions), "created_time": "2026-01-01T00:00:00Z", "destroyed": False}
        return 200, {"data": {"data": versions[-1], "metadata": metadata}}

    def _write(self, path: str, body: Any) -> tuple[int, Any]:
        versions = self.versions.setdefault(path, [])
        if self.read_only:
            return 403, {"errors": ["permission denied"]}
        if body.get("options", {}).get("cas") != len(versions):
            self.refused.append(path)
            return 400, {"errors": ["check-and-set parameter did not match the current version"]}
        versions.append(body["data"])
        return 200, {"data": {"version": len(versions)}}
