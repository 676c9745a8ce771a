# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tenant of the emulator holds, read and written past the collection."""

from __future__ import annotations

from typing import Any

import requests

from .emulator import ACCOUNT, Account, Emulator, JsonObject


class Tenant:
    """A tenant of an emulator. Its requests show in the journal, so look at that first."""

    def __init__(self, emulator: Emulator, account: Account = ACCOUNT) -> None:
        self._emulator = emulator
        self._account = account

    def topics(self, name: str) -> list[JsonObject]:
        """The topics of a name."""
        return [row for row in self._list("topics", "custom_topics") if row["topic_name"] == name]

    def profiles(self, name: str) -> list[JsonObject]:
        """All revisions of a profile, newest first."""
        rows = [row for row in self._list("profiles", "ai_profiles") if row["profile_name"] == name]
        return sorted(rows, key=lambda row: int(row["revision"]), reverse=True)

    def keys(self, name: str) -> list[JsonObject]:
        """The API keys of a name."""
        return [row for row in self._list("apikeys", "api_keys") if row["api_key_name"] == name]

    def apps(self) -> list[str]:
        """The names of all applications."""
        return [row["app_name"] for row in self._list("customerapps", "customer_apps")]

    def accepts(self, secret: str) -> bool:
        """Whether the scan API takes a secret for an API key's (it then misses the profile, but that comes later)."""
        answer = requests.post(
            f"{self._emulator.url}/v1/scan/sync/request",
            json={"ai_profile": {"profile_name": "none"}, "contents": [{"prompt": "Hello"}]},
            headers={"x-pan-token": secret},
            timeout=30,
        )
        return answer.status_code not in (401, 403)

    def put_profile(self, row: JsonObject, policy: JsonObject) -> None:
        """Save a profile as the web interface would."""
        body = {"profile_name": row["profile_name"], "policy": policy}
        self.call("PUT", f"profile/uuid/{row['profile_id']}", json=body)

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Send a request to the management API."""
        answer = requests.request(
            method,
            f"{self._emulator.base_url}/v1/mgmt/{path}",
            headers={"Authorization": f"Bearer {self._token()}"},
            timeout=30,
            **options,
        )
        answer.raise_for_status()
        return answer.json()

    def _list(self, path: str, key: str) -> list[JsonObject]:
        rows: list[JsonObject] = self.call("GET", path, params={"limit": 1000})[key]
        return rows

    def _token(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._account.client_id,
            "client_secret": self._account.client_secret,
        }
        answer = requests.post(self._emulator.token_url, data=form, timeout=30)
        answer.raise_for_status()
        token: str = answer.json()["access_token"]
        return token
