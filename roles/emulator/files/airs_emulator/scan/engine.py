# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One scan: the detectors that a profile enables, and the verdict that follows from what they find."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from airs_emulator.http import JsonObject
from airs_emulator.policy import DIRECTIONS, Direction, configuration_for
from airs_emulator.store import Row, Tenant

from .detectors import (
    detect_agent_threats,
    detect_database,
    detect_injection,
    detect_malicious_code,
    detect_source_code,
    detect_toxic_content,
    detect_ungrounded,
)
from .dlp import detect_data_leak
from .findings import Finding, Sample
from .results import ScanItem
from .schemas import Content, ScanRequest, ToolEvent
from .topics import detect_topics
from .urls import detect_urls

SOURCE = "AI-Runtime-API"

_Detector = Callable[[Sample, JsonObject], Finding | None]
#: All detectors in the order of an answer, with the directions that have them: as reported from live tenants, where
#: those of responses have no C(agent), and as described officially for tools.
_DETECTORS: dict[_Detector, tuple[Direction, ...]] = {
    detect_urls: DIRECTIONS,
    detect_data_leak: DIRECTIONS,
    detect_database: ("response", "tool-call", "tool-response"),
    detect_injection: ("prompt", "tool-call", "tool-response"),
    detect_toxic_content: DIRECTIONS,
    detect_malicious_code: DIRECTIONS,
    detect_source_code: ("prompt", "response"),
    detect_agent_threats: ("prompt", "tool-call", "tool-response"),
    detect_ungrounded: ("response",),
    detect_topics: DIRECTIONS,
}
#: The order of a report (reported from live tenants; the last two are a guess).
_SERVICES = (
    "agent_security",
    "dlp",
    "pi",
    "source_code",
    "tc",
    "uf",
    "dbs",
    "malicious_code",
    "topic_guardrails",
    "contextual_grounding",
)


@dataclass(frozen=True)
class _Part:
    """What was found in one direction."""

    direction: Direction
    findings: list[Finding]

    @property
    def detected(self) -> dict[str, bool]:
        return {finding.key: finding.detected for finding in self.findings}

    @property
    def details(self) -> JsonObject:
        return {name: value for finding in self.findings for name, value in finding.details.items()}

    @property
    def masked(self) -> JsonObject | None:
        return next((finding.masked for finding in self.findings if finding.masked), None)

    @property
    def reported(self) -> list[Finding]:
        return sorted(self.findings, key=lambda finding: _SERVICES.index(finding.service))

    @property
    def threats(self) -> list[str]:
        return [finding.key for finding in self.findings if finding.verdict == "malicious"]


def scan(
    tenant: Tenant,
    key_labels: JsonObject,
    profile: Row,
    request: ScanRequest,
    scan_id: str,
    req_id: int,
) -> ScanItem:
    """Scan the last element of the contents with the policy of a profile revision.

    C(key_labels): what the log shows of the API key.
    """
    content = request.contents[-1]
    parts = {part.direction: part for part in _examine(tenant, profile["policy"], content)}
    findings = [finding for part in parts.values() for finding in part.findings]
    session_id = request.session_id or request.tr_id or _made_id()
    response: JsonObject = {
        "source": SOURCE,
        "report_id": f"R{scan_id}",
        "scan_id": scan_id,
        # Another name of the session, whatever the request says (reported from live tenants).
        "tr_id": session_id,
        "session_id": session_id,
        "profile_id": profile["profile_id"],
        "profile_name": profile["profile_name"],
        "category": "malicious" if any(finding.verdict == "malicious" for finding in findings) else "benign",
        "action": "block" if any(finding.blocks for finding in findings) else "allow",
        "timeout": False,
        "error": False,
        "errors": [],
    }
    shown = {direction: parts.get(direction, _Part(direction, [])) for direction in ("prompt", "response")}
    response |= {f"{direction}_detected": part.detected for direction, part in shown.items()}
    response |= {f"{direction}_masked_data": part.masked for direction, part in shown.items() if part.masked}
    response |= {f"{direction}_detection_details": part.details for direction, part in shown.items() if part.details}
    response["tool_detected"] = _tool_detected(content.tool_event, parts) if content.tool_event else {}
    response["transaction_id"] = request.transaction_id or _made_id()
    results = [_result(part.direction, finding, content) for part in parts.values() for finding in part.reported]
    return ScanItem(req_id, response, results, {**key_labels, **_labels(request, content)})


def _made_id() -> str:
    return f"pan_{uuid.uuid4()}"


def _labels(request: ScanRequest, content: Content) -> JsonObject:
    """What the log shows of a request: who sent it, and how large it was (how the service counts is unknown)."""
    sent = request.metadata
    shown: JsonObject = {}
    if sent is not None:
        shown = {"app_name": sent.app_name, "model_name": sent.ai_model, "user": sent.app_user, "user_ip": sent.user_ip}
    text = f"{content.prompt_text}{content.response_text}"
    return {
        **{name: value for name, value in shown.items() if value is not None},
        "tokens": math.ceil(len(text) / 4),
        "text_records": math.ceil(len(text) / 1000) or 1,
        "is_prompt": bool(content.prompt_text),
        "is_response": bool(content.response_text),
    }


def _examine(tenant: Tenant, policy: JsonObject, content: Content) -> list[_Part]:
    event = content.tool_event or ToolEvent()
    texts: dict[Direction, str | None] = {
        "prompt": content.prompt_text,
        "response": content.response_text,
        "tool-call": event.input,
        "tool-response": event.output,
    }
    parts: list[_Part] = []
    for direction, text in texts.items():
        if text:
            sample = Sample(direction, text, tenant.custom_topics, content.prompt_text, content.context or "")
            configuration = configuration_for(policy, direction)
            said = (detect(sample, configuration) for detect, where in _DETECTORS.items() if direction in where)
            parts.append(_Part(direction, [finding for finding in said if finding is not None]))
    return parts


def _result(direction: Direction, finding: Finding, content: Content) -> JsonObject:
    """A row of a report."""
    result: JsonObject = {
        "data_type": direction if direction in ("prompt", "response") else "tool_event",
        "detection_service": finding.service,
        "verdict": finding.verdict,
        "action": "block" if finding.blocks else "allow",
        "result_detail": finding.report,
    }
    if result["data_type"] == "tool_event":
        result["metadata"] = {**_metadata(content.tool_event), "direction": _io(direction)}
    return result


def _tool_detected(event: ToolEvent, parts: dict[Direction, _Part]) -> JsonObject:
    tool_parts = [part for direction, part in parts.items() if direction in ("tool-call", "tool-response")]
    detections: dict[str, bool] = {}
    for part in tool_parts:
        for key, detected in part.detected.items():
            detections[key] = detections.get(key, False) or detected
    threats = list(dict.fromkeys(threat for part in tool_parts for threat in part.threats))
    shown: JsonObject = {
        "verdict": "malicious" if threats else "benign",
        "summary": {"detections": detections, "threats": threats},
    }
    if event.metadata is not None:
        shown["metadata"] = _metadata(event)
    for part in tool_parts:
        entry: JsonObject = {"detections": part.detected, "threats": part.threats}
        if event.metadata is not None and event.metadata.tool_invoked:
            entry["tool_invoked"] = event.metadata.tool_invoked
        guardrails = part.details.get("topic_guardrails_details")
        if guardrails:
            entry["details"] = {"topic_guardrails_details": guardrails}
        if part.masked:
            entry["masked_data"] = part.masked
        shown[f"{_io(part.direction)}_detected"] = {"detection_entries": [entry]}
    return shown


def _metadata(event: ToolEvent | None) -> JsonObject:
    return event.metadata.model_dump(exclude_none=True) if event and event.metadata else {}


def _io(direction: Direction) -> str:
    return "input" if direction == "tool-call" else "output"
