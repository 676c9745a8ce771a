# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server for the part of the Kubernetes API that secrets of one namespace need.

Written after the API's public documentation: discovery of the core group, and reading, creating and patching a secret,
with merge patches, `dryRun=All` and conflicts of `resourceVersion`. It is no Kubernetes: it proves that requests and
answers fit the client, and that what somebody else wrote meanwhile is not overwritten.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from .json_server import JsonServer, Request

TOKEN = "a-token-for-tests-of-kubernetes"
NAMESPACE = "bots"
_SECRETS = f"/api/v1/namespaces/{NAMESPACE}/secrets"
_RESOURCE = {
    "name": "secrets",
    "singularName": "",
    "namespaced": True,
    "kind": "Secret",
    "verbs": ["create", "get", "patch"],
}
_DISCOVERY = {
    "/version": {"major": "1", "minor": "31", "gitVersion": "v1.31.0"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [_RESOURCE]},
}


class KubernetesServer(JsonServer):
    """A running server.

    C(secrets) has the secrets of the namespace by name, C(unchecked) counts writes that did not say what they replace.
    """

    def __init__(self) -> None:
        self.secrets: dict[str, dict[str, Any]] = {}
        self.unchecked = 0
        self.read_only = False
        self._version = 0
        super().__init__()

    def fields(self, name: str) -> dict[str, str]:
        """Return what a secret holds, decoded; nothing where there is none."""
        data = (self.secrets.get(name) or {}).get("data") or {}
        return {key: base64.b64decode(value).decode() for key, value in data.items()}

    def put(self, name: str, data: dict[str, str]) -> None:
        """Have a secret; the values of C(data) are base64."""
        metadata = {"name": name, "namespace": NAMESPACE}
        self._keep({"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": metadata, "data": dict(data)})

    def answer(self, request: Request) -> tuple[int, Any]:
        """Answer as the API server does."""
        if request.path in _DISCOVERY:
            return 200, _DISCOVERY[request.path]
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return _status(401, "Unauthorized", "Unauthorized")
        folder, _slash, name = request.path.rpartition("/")
        if request.method == "POST" and request.path == _SECRETS:
            return self._write(request, {"type": "Opaque", **request.body})
        if folder != _SECRETS or name not in self.secrets:
            return _status(404, "NotFound", f'secrets "{name}" not found')
        if request.method == "PATCH":
            return self._patch(request, self.secrets[name])
        return 200, self.secrets[name]

    def _patch(self, request: Request, secret: dict[str, Any]) -> tuple[int, Any]:
        version = request.body.get("metadata", {}).get("resourceVersion")
        self.unchecked += version is None
        if version not in (None, secret["metadata"]["resourceVersion"]):
            return _status(409, "Conflict", "the object has been modified; please apply your changes")
        return self._write(request, _merged(secret, request.body))

    def _write(self, request: Request, secret: dict[str, Any]) -> tuple[int, Any]:
        if self.read_only:
            return _status(403, "Forbidden", f'secrets is forbidden in the namespace "{NAMESPACE}"')
        try:
            for value in (secret.get("data") or {}).values():
                base64.b64decode(value, validate=True)
        except (TypeError, binascii.Error):
            return _status(400, "BadRequest", "illegal base64 data")
        if "dryRun=All" not in request.query:
            secret = self._keep(secret)
        return (201 if request.method == "POST" else 200), secret

    def _keep(self, secret: dict[str, Any]) -> dict[str, Any]:
        self._version += 1
        kept: dict[str, Any] = _merged(secret, {"metadata": {"resourceVersion": str(self._version)}})
        self.secrets[secret["metadata"]["name"]] = kept
        return kept


def _merged(old: Any, patch: Any) -> Any:
    """Apply a JSON merge patch (RFC 7396); a strategic one does the same to what a secret has."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(old) if isinstance(old, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), value)
    return merged


def _status(code: int, reason: str, message: str) -> tuple[int, Any]:
    return code, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "message": message}
