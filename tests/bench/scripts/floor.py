# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floor: plain asyncio and aiohttp, 16 requests in flight, nothing checked. Lists are read page by page."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Mapping

import aiohttp

from bench.policies import JsonObject

from .common import IN_FLIGHT, PAGE, configuration, credentials, profile_bodies, topic_bodies, what_differs

#: Of each kind: its path, its list's path and key, and what its names and ids are called.
TOPIC = ("topic", "topics", "custom_topics", "topic_name", "topic_id")
PROFILE = ("profile", "profiles", "ai_profiles", "profile_name", "profile_id")
Kind = tuple[str, str, str, str, str]


class Service:
    """The management API."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, token: str) -> None:
        self._session = session
        self._base = f"{base_url}/v1/mgmt"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def rows(self, kind: Kind) -> dict[str, JsonObject]:
        """List a kind, by name."""
        _path, path, key, name, _identifier = kind
        found: dict[str, JsonObject] = {}
        offset = 0
        while True:
            page = await self._send("GET", path, params={"offset": offset, "limit": PAGE})
            found.update({row[name]: row for row in page[key]})
            offset = page.get("next_offset") or 0
            if not offset:
                return found

    async def converge(self, kind: Kind, wanted: Mapping[str, JsonObject], held: dict[str, JsonObject]) -> None:
        """Write what differs, and take it into what is held."""
        path, _list_path, _key, name_member, id_member = kind

        async def write(name: str, body: JsonObject) -> None:
            sent = {name_member: name, **body}
            row = held.get(name)
            if row is None:
                held[name] = await self._send("POST", path, json=sent)
            else:
                held[name] = await self._send("PUT", f"{path}/uuid/{row[id_member]}", json=sent)

        await asyncio.gather(*(write(name, body) for name, body in what_differs(wanted, held)))

    async def _send(self, method: str, path: str, **content: object) -> JsonObject:
        request = self._session.request(method, f"{self._base}/{path}", headers=self._headers, **content)
        async with request as answer:
            answer.raise_for_status()
            document: JsonObject = await answer.json()
            return document


async def main() -> None:
    """Bring the tenant to what the configuration says."""
    config, known = configuration(), credentials()
    trust = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    connector = aiohttp.TCPConnector(limit=IN_FLIGHT, ssl=trust)
    async with aiohttp.ClientSession(connector=connector) as session:
        form = {"grant_type": "client_credentials"}
        who = aiohttp.BasicAuth(known["client_id"], known["client_secret"])
        async with session.post(known["token_base_url"], data=form, auth=who) as answer:
            answer.raise_for_status()
            token = (await answer.json())["access_token"]
        service = Service(session, known["base_url"], token)
        topics = await service.rows(TOPIC)
        profiles = await service.rows(PROFILE)
        await service.converge(TOPIC, topic_bodies(config), topics)
        await service.converge(PROFILE, profile_bodies(config, topics), profiles)


if __name__ == "__main__":
    asyncio.run(main())
