# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Models of the requests and responses of the scan API, and of the log of scans."""

from __future__ import annotations

from typing import Any, ClassVar, Optional

from .._service.model import AirsModel

#: Which detectors fired. What is neither yes nor no cannot be read, and must not pass for no.
Detections = dict[str, Optional[bool]]  # noqa: UP045  # evaluated when this is loaded

# --- scans -----------------------------------------------------------------------------------------------------------


class AiProfile(AirsModel):
    """AiProfile: one of the two names the profile."""

    profile_id: str | None = None
    profile_name: str | None = None


class ToolEventMetadata(AirsModel):
    """ToolEventMetadata."""

    ecosystem: str
    method: str
    server_name: str
    tool_invoked: str | None = None


class ToolEvent(AirsModel):
    """ToolEvent; input and output are raw JSON, at least one of them is there."""

    metadata: ToolEventMetadata | None = None
    input: str | None = None
    output: str | None = None


class ScanContent(AirsModel):
    """ScanContent."""

    prompt: str | None = None
    response: str | None = None
    code_prompt: str | None = None
    code_response: str | None = None
    context: str | None = None
    tool_event: ToolEvent | None = None


class AgentMeta(AirsModel):
    """AgentMeta."""

    agent_id: str | None = None
    agent_version: str | None = None
    agent_arn: str | None = None


class ScanMetadata(AirsModel):
    """Metadata of a scan request."""

    app_name: str | None = None
    app_user: str | None = None
    ai_model: str | None = None
    user_ip: str | None = None
    agent_meta: AgentMeta | None = None


class ScanRequest(AirsModel):
    """ScanRequest. Without a profile, that which is linked to the API key is used (reported from live tenants)."""

    ai_profile: AiProfile | None = None
    contents: list[ScanContent]
    tr_id: str | None = None
    transaction_id: str | None = None
    session_id: str | None = None
    metadata: ScanMetadata | None = None


class AsyncScanObject(AirsModel):
    """AsyncScanObject: an element of an asynchronous request."""

    req_id: int
    scan_req: ScanRequest


class AsyncScanResponse(AirsModel):
    """AsyncScanResponse."""

    essential: ClassVar[frozenset[str]] = frozenset({"scan_id"})

    received: str
    scan_id: str
    report_id: str | None = None
    source: str | None = None


class ContentError(AirsModel):
    """ContentErrors: a detector that did not get to its end."""

    content_type: str | None = None
    feature: str | None = None
    status: str | None = None


class ToolDetectionSummary(AirsModel):
    """ScanSummary."""

    detections: Detections
    threats: list[str]


class ToolDetectionEntry(AirsModel):
    """ToolDetectionEntry: what was detected in one call of a tool."""

    detections: Detections | None = None


class IoDetected(AirsModel):
    """IODetected: what was detected in what went into a tool, or came out."""

    detection_entries: list[ToolDetectionEntry] | None = None


class ToolDetected(AirsModel):
    """ToolDetected."""

    verdict: str | None = None
    metadata: ToolEventMetadata | None = None
    summary: ToolDetectionSummary | None = None
    input_detected: IoDetected | None = None
    output_detected: IoDetected | None = None


class ScanResponse(AirsModel):
    """ScanResponse."""

    essential: ClassVar[frozenset[str]] = frozenset({"category", "action"})
    read: ClassVar[frozenset[str]] = frozenset(
        {"timeout", "error", "errors", "prompt_detected", "response_detected", "tool_detected"}
    )

    report_id: str
    scan_id: str
    category: str
    action: str
    timeout: bool | None = None
    error: bool | None = None
    errors: list[ContentError] | None = None
    source: str | None = None
    tr_id: str | None = None
    transaction_id: str | None = None
    session_id: str | None = None
    profile_id: str | None = None
    profile_name: str | None = None
    prompt_detected: Detections | None = None
    response_detected: Detections | None = None
    prompt_masked_data: dict[str, Any] | None = None
    response_masked_data: dict[str, Any] | None = None
    prompt_detection_details: dict[str, Any] | None = None
    response_detection_details: dict[str, Any] | None = None
    tool_detected: ToolDetected | None = None
    created_at: str | None = None
    completed_at: str | None = None


class ScanIdResult(AirsModel):
    """ScanIdResult: a scan of a batch; the result, a ScanResponse by itself, is there once it is complete."""

    essential: ClassVar[frozenset[str]] = frozenset({"scan_id", "status"})
    read: ClassVar[frozenset[str]] = frozenset({"req_id"})

    req_id: int | None = None
    status: str
    scan_id: str
    source: str | None = None
    result: Any = None


class DetectionMetadata(AirsModel):
    """DSResultMetadata: the tool that a result of a report is about."""

    ecosystem: str | None = None
    method: str | None = None
    server_name: str | None = None
    tool_invoked: str | None = None
    direction: str | None = None


class DetectionResult(AirsModel):
    """DetectionServiceResultObject: what one detector says in a report."""

    data_type: str | None = None
    detection_service: str | None = None
    verdict: str | None = None
    action: str | None = None
    metadata: DetectionMetadata | None = None
    result_detail: dict[str, Any] | None = None


class ThreatScanReport(AirsModel):
    """ThreatScanReportObject."""

    essential: ClassVar[frozenset[str]] = frozenset({"report_id"})
    read: ClassVar[frozenset[str]] = frozenset({"req_id"})

    report_id: str
    scan_id: str
    req_id: int | None = None
    transaction_id: str | None = None
    session_id: str | None = None
    source: str | None = None
    detection_results: list[DetectionResult] | None = None


# --- log of scans ----------------------------------------------------------------------------------------------------


class ScanLog(AirsModel):
    """A row of the log of scans, as last published. It has a verdict and an action for each detector besides."""

    scan_id: str
    csp_id: str | None = None
    tsg_id: str | None = None
    scan_sub_req_id: int | None = None
    api_key_name: str | None = None
    app_name: str | None = None
    tokens: int | None = None
    text_records: int | None = None
    transaction_id: str | None = None
    profile_id: str | None = None
    profile_name: str | None = None
    report_id: str | None = None
    received_ts: str | None = None
    completed_ts: str | None = None
    status: str | None = None
    verdict: str | None = None
    action: str | None = None


class ScanLogDashboard(AirsModel):
    """The counts of a window, and one page of its rows."""

    read: ClassVar[frozenset[str]] = frozenset(
        {
            *("text_records_count", "api_calls_count", "threats_count", "all_transactions_count"),
            *("benign_transaction_count", "scan_result_entries"),
        }
    )

    text_records_count: int | None = None
    api_calls_count: int | None = None
    threats_count: int | None = None
    all_transactions_count: int | None = None
    benign_transaction_count: int | None = None
    scan_result_entries: list[ScanLog] | None = None


class ScanLogPage(AirsModel):
    """A page of the log of scans."""

    read: ClassVar[frozenset[str]] = frozenset({"scan_result_for_dashboard", "total_pages", "page_token"})

    scan_result_for_dashboard: ScanLogDashboard | None = None
    total_pages: int | None = None
    page_number: int | None = None
    page_size: int | None = None
    page_token: str | None = None
