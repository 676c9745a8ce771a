# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All protections of a security profile, in the order in which they are reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .data import DATA_LEAK, DATABASE_SECURITY
from .detectors import detector, single
from .protection import Configuration, Names, Protection, choice, group, part, section
from .severities import SEVERITY
from .topics import TOPICS
from .toxic_content import TOXIC_CONTENT
from .urls import URLS

DEFAULT_LATENCY = {"inline-timeout-action": "block", "max-inline-latency": 5}


def _write_latency(configuration: dict[str, Any], value: Mapping[str, Any], _names: Names) -> None:
    latency = section(configuration, "latency")
    wanted = value or {"max_seconds": DEFAULT_LATENCY["max-inline-latency"], "on_timeout": "block"}
    if wanted.get("max_seconds") is not None:
        latency["max-inline-latency"] = wanted["max_seconds"]
    if wanted.get("on_timeout") is not None:
        latency["inline-timeout-action"] = wanted["on_timeout"]


def _read_latency(configuration: Configuration) -> dict[str, Any] | None:
    latency = part(configuration, "latency")
    pairs = {"max_seconds": latency.get("max-inline-latency"), "on_timeout": latency.get("inline-timeout-action")}
    return {key: value for key, value in pairs.items() if value is not None} or None


def _flag(option: str, key: str) -> Protection:
    """Return an option that is one flag of the whole profile; live tenants leave out one that is off."""

    def write(configuration: dict[str, Any], value: bool, _names: Names) -> None:
        if value != read(configuration):
            configuration[key] = value

    def read(configuration: Configuration) -> bool:
        return bool(configuration.get(key))

    return Protection(option, {"type": "bool"}, write, read, shared=True)


PROTECTIONS: tuple[Protection, ...] = (
    detector("prompt_injection", "model-protection", "prompt-injection"),
    TOXIC_CONTENT,
    detector("contextual_grounding", "model-protection", "contextual-grounding"),
    TOPICS,
    single("malicious_code", "app-protection", "malicious-code-protection", {"name": "malicious-code"}),
    detector("agent_security", "agent-protection", "agent-security"),
    URLS,
    DATA_LEAK,
    DATABASE_SECURITY,
    single("source_code", "data-protection", "source-code-detection", {}),
    # After all that has a severity.
    SEVERITY,
    Protection(
        "latency",
        group(max_seconds={"type": "int"}, on_timeout=choice("block", "allow")),
        _write_latency,
        _read_latency,
        shared=True,
    ),
    _flag("mask_data_in_storage", "mask-data-in-storage"),
    _flag("full_conversation_inspection", "enable-full-conversation-inspection"),
)
