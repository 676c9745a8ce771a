# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A script on the official management SDK's asynchronous client, 16 requests in flight. Lists are read page by page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from airs_api_mgmt import MgmtClientAsync

from bench.policies import JsonObject

from .common import IN_FLIGHT, PAGE, configuration, credentials, profile_bodies, topic_bodies, what_differs

Call = Callable[..., Awaitable[Any]]


async def rows(fetch: Call, key: str, name: str) -> dict[str, JsonObject]:
    """List a kind, by name."""
    found: dict[str, JsonObject] = {}
    offset = 0
    while True:
        page = await fetch(offset=offset, limit=PAGE)
        found.update({row[name]: row for row in (model.to_dict() for model in getattr(page, key))})
        offset = page.next_offset or 0
        if not offset:
            return found


async def converge(
    label: str, create: Call, update: Call, wanted: Mapping[str, JsonObject], held: dict[str, JsonObject]
) -> None:
    """Write what differs, and take it into what is held. C(label) is topic or profile, as names and ids begin."""
    slots = asyncio.Semaphore(IN_FLIGHT)

    async def write(name: str, body: JsonObject) -> None:
        known = {f"{label}_name": name, "revision": 1, **body}
        row = held.get(name)
        async with slots:
            if row is None:
                made = await create(**known)
            else:
                identity = {f"{label}_id": row[f"{label}_id"], "revision": row["revision"]}
                made = await update(**{**known, **identity})
        held[name] = made.to_dict()

    await asyncio.gather(*(write(name, body) for name, body in what_differs(wanted, held)))


async def main() -> None:
    """Bring the tenant to what the configuration says."""
    config = configuration()
    async with MgmtClientAsync(**credentials()) as client:
        of_topics, of_profiles = client.custom_topics, client.ai_sec_profiles
        topics = await rows(of_topics.get_all_custom_topics, "custom_topics", "topic_name")
        profiles = await rows(of_profiles.get_all_ai_profiles, "ai_profiles", "profile_name")
        create, update = of_topics.create_new_custom_topic, of_topics.modify_custom_topic_details
        await converge("topic", create, update, topic_bodies(config), topics)
        create, update = of_profiles.create_new_ai_profile, of_profiles.update_ai_profile
        await converge("profile", create, update, profile_bodies(config, topics), profiles)


if __name__ == "__main__":
    asyncio.run(main())
