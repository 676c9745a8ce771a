# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain HTTP client of the emulated APIs, which knows nothing of the collection."""

from __future__ import annotations

from typing import Any

import requests

from support.emulator import ACCOUNT, Account, Emulator

JsonObject = dict[str, Any]

#: Everything off, in the form that tenants are reported to list.
EMPTY_POLICY: JsonObject = {"ai-security-profiles": [], "dlp-data-profiles": []}


def policy(*, model: list[JsonObject] | None = None, **configuration: Any) -> JsonObject:
    """A policy with these model protections and other members (underscores stand for hyphens)."""
    members = {name.replace("_", "-"): value for name, value in configuration.items()}
    if model is not None:
        members["model-protection"] = model
    return {"ai-security-profiles": [{"model-type": "default", "model-configuration": members}]}


def guardrails(*topics: JsonObject, action: str = "block", default: str = "allow") -> JsonObject:
    """Topic guardrails with one bucket of topic revisions, given as the API shows them."""
    pinned = [{member: topic[member] for member in ("topic_id", "topic_name", "revision")} for topic in topics]
    return {"name": "topic-guardrails", "action": default, "topic-list": [{"action": action, "topic": pinned}]}


class RawApi:
    """Requests of one service account to the management API, and scans with an API key or token."""

    def __init__(self, emulator: Emulator, account: Account = ACCOUNT) -> None:
        self.emulator = emulator
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {self.token(account)}"
        #: Scans have credentials of their own.
        self.scan_session = requests.Session()
        self.scan_session.trust_env = False

    def token(self, account: Account = ACCOUNT, **form: str) -> str:
        """A fresh access token."""
        answer = requests.post(
            self.emulator.token_url,
            data={"grant_type": "client_credentials", **form},
            auth=(account.client_id, account.client_secret),
            timeout=10,
        )
        answer.raise_for_status()
        token: str = answer.json()["access_token"]
        return token

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """A request to C(/aisec/v1/mgmt/<path>)."""
        return self.session.request(method, f"{self.emulator.base_url}/v1/mgmt/{path}", timeout=10, **options)

    def get(self, path: str, **query: Any) -> requests.Response:
        """GET with query parameters."""
        return self.call("GET", path, params=query)

    def post(self, path: str, body: Any, **query: Any) -> requests.Response:
        """POST a JSON body."""
        return self.call("POST", path, json=body, params=query)

    def put(self, path: str, body: Any, **query: Any) -> requests.Response:
        """PUT a JSON body."""
        return self.call("PUT", path, json=body, params=query)

    def delete(self, path: str, **query: Any) -> requests.Response:
        """DELETE with query parameters."""
        return self.call("DELETE", path, params=query)

    def topic(self, name: str, description: str = "About something", **members: Any) -> JsonObject:
        """Create a topic."""
        return _ok(self.post("topic", {"topic_name": name, "description": description, "examples": [], **members}))

    def profile(self, name: str, content: JsonObject | None = None, **members: Any) -> JsonObject:
        """Create a profile."""
        return _ok(self.post("profile", {"profile_name": name, "policy": content or EMPTY_POLICY, **members}))

    def update_profile(self, profile: JsonObject, content: JsonObject) -> JsonObject:
        """Make the next revision of a profile."""
        body = {"profile_name": profile["profile_name"], "policy": content}
        return _ok(self.put(f"profile/uuid/{profile['profile_id']}", body))

    def key(self, name: str, **members: Any) -> JsonObject:
        """Create an API key and, by that, its customer application."""
        return _ok(self.post("apikey", {**key_body(name), **members}))

    def rows(self, path: str, **query: Any) -> list[JsonObject]:
        """The rows of a list."""
        content = _ok(self.get(path, **query))
        rows: list[JsonObject] = next(value for value in content.values() if isinstance(value, list))
        return rows

    def scan(self, credentials: str | JsonObject, profile: JsonObject, **content: Any) -> JsonObject:
        """Scan one content with the profile of this id or name, and return the answer."""
        body = {"ai_profile": profile, "contents": [content]}
        return _ok(self.scan_request("POST", "sync/request", credentials, json=body))

    def scan_request(
        self, method: str, path: str, credentials: str | JsonObject | None, **options: Any
    ) -> requests.Response:
        """A request to C(/v1/scan/<path>). Credentials: an API key (text or row), or headers."""
        headers = dict(options.pop("headers", {}))
        if isinstance(credentials, dict):
            headers["x-pan-token"] = credentials["api_key"]
        elif credentials is not None:
            headers["x-pan-token"] = credentials
        url = f"{self.emulator.url}/v1/scan/{path}"
        return self.scan_session.request(method, url, headers=headers, timeout=10, **options)


def key_body(name: str) -> JsonObject:
    """What creates an API key."""
    return {
        "api_key_name": name,
        "auth_code": "D0000001",
        "cust_app": f"app-{name}",
        "cust_env": "dev",
        "cust_cloud_provider": "aws",
        "created_by": "tester",
        "revoked": False,
        "rotation_time_interval": 30,
        "rotation_time_unit": "days",
    }


def _ok(answer: requests.Response) -> JsonObject:
    assert answer.status_code == 200, f"HTTP {answer.status_code}: {answer.text}"
    content: JsonObject = answer.json()
    return content
