# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy of a security profile as the API has it, written by hand: it shares no code with the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JsonObject = dict[str, Any]


def policy(options: Mapping[str, Any], topics: Mapping[str, Mapping[str, Any]]) -> JsonObject:
    """Return the policy that a profile's options ask for.

    Args:
        options: as C(airs_security_profile) takes them; only those that the workload uses.
        topics: rows of custom topics, by name.
    """
    pinned = [
        {member: topics[name][member] for member in ("topic_name", "topic_id", "revision")}
        for name in options["topics"]["block"]
    ]
    toxic, latency = options["toxic_content"], options["latency"]
    configuration = {
        "mask-data-in-storage": options["mask_data_in_storage"],
        "latency": {"inline-timeout-action": latency["on_timeout"], "max-inline-latency": latency["max_seconds"]},
        "model-protection": [
            {"name": "prompt-injection", "action": options["prompt_injection"]},
            {"name": "toxic-content", "action": f"high:{toxic['high']}, moderate:{toxic['moderate']}"},
            {
                "name": "topic-guardrails",
                "action": options["topics"]["default"],
                "topic-list": [{"action": "block", "topic": pinned}],
            },
        ],
        "agent-protection": [{"name": "agent-security", "action": options["agent_security"]}],
    }
    profiles = [{"model-type": "default", "model-configuration": configuration}]
    return {"ai-security-profiles": profiles, "dlp-data-profiles": []}
