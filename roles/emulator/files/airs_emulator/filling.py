# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service adds to the policy of a profile at each write (reported from live tenants).

It adds to what is there: a severity to a detector, empty members to a group. It adds no detector and no group. A
severity of null or an empty text counts as none, as one cannot be taken away (the latter is a guess).
"""

from __future__ import annotations

import copy

from .http import JsonObject
from .policy import object_in, objects

_DATABASE_SEVERITIES = {
    "database-security-create": "medium",
    "database-security-read": "low",
    "database-security-update": "medium",
    "database-security-delete": "high",
}
_AGENT_SEVERITIES = {"agent-security": "medium"}
_MODEL_SEVERITIES = {"prompt-injection": "medium", "topic-guardrails": "medium"}
_PINNED_TOPIC_SEVERITY = "medium"
_GROUNDING_SEVERITY = "medium"
_SOURCE_CODE_SEVERITY = "high"
_MALICIOUS_CODE_SEVERITY = "high"
_URL_SEVERITY = "low"
_TOXIC_SEVERITIES = {"high": "medium", "moderate": "low"}
_DIRECTION_URL_CATEGORIES = ("alert-url-category", "allow-url-category", "block-url-category")


def filled(policy: JsonObject) -> JsonObject:
    """A copy of a policy as the service stores it: with its own defaults where the writer said nothing."""
    result = copy.deepcopy(policy)
    for profile in objects(result, "ai-security-profiles"):
        _fill(object_in(profile, "model-configuration"))
        directions = object_in(profile, "content-type-configurations")
        for name in directions:
            direction = object_in(directions, name)
            _fill(direction)
            direction.setdefault("agent-protection", [])
            for category in _DIRECTION_URL_CATEGORIES:
                object_in(direction, "app-protection").setdefault(category, {})
    return result


def _fill(configuration: JsonObject) -> None:
    """Fill a configuration. What is not there is an empty object of its own, so what it is given is lost."""
    data_protection = object_in(configuration, "data-protection")
    data_protection.setdefault("database-security", None)
    _fill_named(objects(data_protection, "database-security"), _DATABASE_SEVERITIES)
    _fill_severity(object_in(data_protection, "source-code-detection"), _SOURCE_CODE_SEVERITY)
    app_protection = object_in(configuration, "app-protection")
    app_protection.setdefault("default-url-category", {"member": None})
    _fill_severity(object_in(app_protection, "malicious-code-protection"), _MALICIOUS_CODE_SEVERITY)
    _fill_severity(app_protection, _URL_SEVERITY, "url-detected-severity")
    for protection in objects(configuration, "model-protection"):
        _fill_model_protection(protection)
    _fill_named(objects(configuration, "agent-protection"), _AGENT_SEVERITIES)


def _fill_model_protection(protection: JsonObject) -> None:
    name = protection.get("name")
    _fill_named([protection], _MODEL_SEVERITIES)
    if name == "contextual-grounding" and protection.get("action") == "block":
        _fill_severity(protection, _GROUNDING_SEVERITY)
    elif name == "toxic-content":
        for entry in objects(protection, "toxic-category-list") or [protection]:
            severities = entry["severity-by-confidence"] = {**object_in(entry, "severity-by-confidence")}
            for confidence, severity in _TOXIC_SEVERITIES.items():
                _fill_severity(severities, severity, confidence)
    elif name == "topic-guardrails":
        for bucket in objects(protection, "topic-list"):
            if bucket.get("action") == "block":
                for topic in objects(bucket, "topic"):
                    _fill_severity(topic, _PINNED_TOPIC_SEVERITY)


def _fill_named(entries: list[JsonObject], severities: dict[str, str]) -> None:
    for entry in entries:
        if entry.get("name") in severities:
            _fill_severity(entry, severities[entry["name"]])


def _fill_severity(entry: JsonObject, severity: str, member: str = "severity") -> None:
    if not entry.get(member):
        entry[member] = severity
