# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A script on the official management SDK, one request after the other, as its documentation shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from airs_api_mgmt import MgmtClient

from bench.policies import JsonObject

from .common import PAGE, configuration, credentials, profile_bodies, topic_bodies, what_differs


def rows(fetch: Callable[..., Any], key: str, name: str) -> dict[str, JsonObject]:
    """List a kind, by name."""
    found: dict[str, JsonObject] = {}
    offset = 0
    while True:
        page = fetch(offset=offset, limit=PAGE)
        found.update({row[name]: row for row in (model.to_dict() for model in getattr(page, key))})
        offset = page.next_offset or 0
        if not offset:
            return found


def main() -> None:
    """Bring the tenant to what the configuration says."""
    config = configuration()
    with MgmtClient(**credentials()) as client:
        topics = rows(client.custom_topics.get_all_custom_topics, "custom_topics", "topic_name")
        profiles = rows(client.ai_sec_profiles.get_all_ai_profiles, "ai_profiles", "profile_name")
        for name, body in what_differs(topic_bodies(config), topics):
            known = {"topic_name": name, "revision": 1, **body}
            if name in topics:
                known = {**known, "topic_id": topics[name]["topic_id"], "revision": topics[name]["revision"]}
                topic = client.custom_topics.modify_custom_topic_details(**known)
            else:
                topic = client.custom_topics.create_new_custom_topic(**known)
            topics[name] = topic.to_dict()
        for name, body in what_differs(profile_bodies(config, topics), profiles):
            known = {"profile_name": name, "revision": 1, **body}
            if name in profiles:
                held = profiles[name]
                known = {**known, "profile_id": held["profile_id"], "revision": held["revision"]}
                client.ai_sec_profiles.update_ai_profile(**known)
            else:
                client.ai_sec_profiles.create_new_ai_profile(**known)


if __name__ == "__main__":
    main()
