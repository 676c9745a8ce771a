# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service sends and takes, as pydantic models: hand-written, from the official API description.

Unknown fields are kept (the live service has more than its description) and pass through untouched. An answer that does
not fit gives a note and is used as it is; a request that does not fit is refused. Values never show in messages,
because a value may be a secret.
"""

from __future__ import annotations

from typing import Any

from .._common.deps import BaseModel, ConfigDict, Field, ValidationError
from .._common.errors import AirsInputError


class AirsModel(BaseModel):
    """Base of all models: keeps what it does not know, hides values in errors."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True, populate_by_name=True, protected_namespaces=())


class TokenResponse(AirsModel):
    """Answer of the token endpoint (official description of the authentication service)."""

    access_token: str
    token_type: str | None = None
    expires_in: int | None = None
    scope: str | None = None


# --- custom topics ---------------------------------------------------------------------------------------------------


class CustomTopicRequest(AirsModel):
    """CustomTopicObject as written. The description requires a revision; live callers leave it to the service."""

    topic_name: str
    description: str
    examples: list[str]
    created_by: str | None = None
    updated_by: str | None = None


class CustomTopic(AirsModel):
    """CustomTopicObject as answered. Rows of the list lack active and the who and when (reported from live tenants)."""

    topic_id: str
    topic_name: str
    revision: int
    description: str | None = None
    examples: list[str] | None = None
    active: bool | None = None
    created_by: str | None = None
    updated_by: str | None = None
    last_modified_ts: str | None = None
    created_ts: str | None = None


# --- security profiles -----------------------------------------------------------------------------------------------


class TopicPin(AirsModel):
    """TopicObject: a topic as a profile pins it, at one revision."""

    topic_name: str
    topic_id: str
    revision: int


class TopicBucket(AirsModel):
    """TopicArray: the topics that get one action. Some tenants answer topic: null."""

    action: str
    topic: list[TopicPin] | None = None


class ToxicCategory(AirsModel):
    """ToxicCategoryConfig."""

    category: str
    action: str


class Detector(AirsModel):
    """An entry of model-protection or agent-protection."""

    name: str
    action: str
    topic_list: list[TopicBucket] | None = Field(None, alias="topic-list")
    toxic_category_list: list[ToxicCategory] | None = Field(None, alias="toxic-category-list")


class Latency(AirsModel):
    """LatencyObject; the time is in seconds."""

    inline_timeout_action: str | None = Field(None, alias="inline-timeout-action")
    max_inline_latency: int | None = Field(None, alias="max-inline-latency")


class DlpMember(AirsModel):
    """A DLP profile as data leak detection names it."""

    text: str
    id: str | None = None
    version: str | None = None


class DataLeakDetection(AirsModel):
    """DataProtectionObject.data-leak-detection; member is null when it is off (reported from live tenants)."""

    member: list[DlpMember] | None = None
    action: str | None = None
    mask_data_inline: bool | None = Field(None, alias="mask-data-inline")


class DataProtection(AirsModel):
    """DataProtectionObject; database-security is live but no longer in the official description."""

    data_leak_detection: DataLeakDetection | None = Field(None, alias="data-leak-detection")
    database_security: list[Detector] | None = Field(None, alias="database-security")


class UrlCategories(AirsModel):
    """A list of URL categories; {} and null are live forms of an empty one."""

    member: list[str] | None = None


class AppProtection(AirsModel):
    """AppProtectionObject; the last three are live but not in the official description."""

    alert_url_category: UrlCategories | None = Field(None, alias="alert-url-category")
    block_url_category: UrlCategories | None = Field(None, alias="block-url-category")
    allow_url_category: UrlCategories | None = Field(None, alias="allow-url-category")
    default_url_category: UrlCategories | None = Field(None, alias="default-url-category")
    url_detected_action: str | None = Field(None, alias="url-detected-action")
    malicious_code_protection: Detector | None = Field(None, alias="malicious-code-protection")


class ModelConfiguration(AirsModel):
    """AiSecurityProfileObject.model-configuration."""

    mask_data_in_storage: bool | None = Field(None, alias="mask-data-in-storage")
    latency: Latency | None = None
    data_protection: DataProtection | None = Field(None, alias="data-protection")
    app_protection: AppProtection | None = Field(None, alias="app-protection")
    model_protection: list[Detector] | None = Field(None, alias="model-protection")
    agent_protection: list[Detector] | None = Field(None, alias="agent-protection")


class AiSecurityProfile(AirsModel):
    """AiSecurityProfileObject."""

    model_type: str | None = Field(None, alias="model-type")
    content_type: str | None = Field(None, alias="content-type")
    model_configuration: ModelConfiguration | None = Field(None, alias="model-configuration")


class DlpRule(AirsModel):
    """A rule of a DLP profile; an empty action is none."""

    action: str | None = None


class DlpProfile(AirsModel):
    """DLPDataProfileObject; id and uuid may be empty (reported from live tenants)."""

    name: str
    uuid: str | None = None
    id: str | None = None
    version: str | None = None
    rule1: DlpRule | None = None
    rule2: DlpRule | None = None
    log_severity: str | None = Field(None, alias="log-severity")
    non_file_based: str | None = Field(None, alias="non-file-based")
    file_based: str | None = Field(None, alias="file-based")


class Policy(AirsModel):
    """AIProfileObject.policy."""

    ai_security_profiles: list[AiSecurityProfile] | None = Field(None, alias="ai-security-profiles")
    dlp_data_profiles: list[DlpProfile] | None = Field(None, alias="dlp-data-profiles")


class SecurityProfileRequest(AirsModel):
    """AIProfileObject as written. The description requires a revision; live callers leave it to the service."""

    profile_name: str
    policy: Policy
    active: bool | None = None
    created_by: str | None = None
    updated_by: str | None = None


class SecurityProfile(AirsModel):
    """AIProfileObject as answered."""

    profile_id: str
    profile_name: str
    revision: int
    policy: Policy
    active: bool | None = None
    created_by: str | None = None
    updated_by: str | None = None
    last_modified_ts: str | None = None


# --- API keys and applications ---------------------------------------------------------------------------------------


class ApiKeyRequest(AirsModel):
    """APIKeyCreationObject. Environment and cloud provider are optional on paper, required live."""

    api_key_name: str
    auth_code: str
    cust_app: str
    cust_env: str
    cust_cloud_provider: str
    created_by: str
    revoked: bool
    rotation_time_interval: int
    rotation_time_unit: str
    dp_name: str | None = None
    cust_ai_agent_framework: str | None = None


class ApiKey(AirsModel):
    """APIKeyObject. The secret api_key comes in the answers to create and regenerate only."""

    api_key_id: str
    api_key_last8: str
    auth_code: str
    expiration: str
    revoked: bool
    api_key_name: str | None = None
    csp_id: str | None = None
    tsg_id: str | None = None
    revoke_reason: str | None = None
    cust_app: str | None = None
    cust_env: str | None = None
    cust_ai_agent_framework: str | None = None
    cust_cloud_provider: str | None = None
    created_by: str | None = None
    updated_by: str | None = None
    last_modified_ts: str | None = None
    rotation_time_interval: int | None = None
    rotation_time_unit: str | None = None
    dp_name: str | None = None
    status: str | None = None
    api_key: str | None = None
    lic_expiration: str | None = None
    avg_text_records: int | None = None
    creation_ts: str | None = None
    customer_app_id: str | None = Field(None, alias="customer_appId")


class RegenerateApiKeyRequest(AirsModel):
    """Body of the regenerate operation."""

    rotation_time_interval: int
    rotation_time_unit: str
    updated_by: str | None = None


class ApiKeyOfApp(AirsModel):
    """APIKeyDPInfo: a key of an application, and the deployment profile that it belongs to."""

    api_key_name: str
    dp_name: str
    auth_code: str


class CustomerApp(AirsModel):
    """CustomerAppObjectWithAPIKeyAndDP, a row of the list; the answer to an update is CustomerAppObject."""

    customer_app_id: str = Field(alias="customer_appId")
    app_name: str
    cloud_provider: str
    environment: str
    tsg_id: str | None = None
    model_name: str | None = None
    ai_agent_framework: str | None = None
    api_keys_dp_info: list[ApiKeyOfApp] | None = None


class CustomerAppRequest(AirsModel):
    """CustomerAppObject as written. The live service also wants the auth code (official SDK, and live reports)."""

    app_name: str
    cloud_provider: str
    environment: str
    auth_code: str
    model_name: str | None = None
    ai_agent_framework: str | None = None
    updated_by: str | None = None


class OauthTokenRequest(AirsModel):
    """ClientIdAndCustomerApp."""

    client_id: str
    customer_app: str


class OauthToken(AirsModel):
    """Oauth2TokenObject; expires_in is a string of seconds."""

    access_token: str
    token_type: str | None = None
    issued_at: str | None = None
    client_id: str | None = None
    expires_in: str | None = None
    status: str | None = None


class DeploymentProfile(AirsModel):
    """DeploymentProfileEntryObject."""

    dp_name: str
    auth_code: str
    tsg_id: str | None = None
    status: str | None = None
    expiration_date: str | None = None
    ave_text_records: int | None = None


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
    """ScanRequest."""

    ai_profile: AiProfile
    contents: list[ScanContent]
    tr_id: str | None = None
    session_id: str | None = None
    metadata: ScanMetadata | None = None


class AsyncScanObject(AirsModel):
    """AsyncScanObject: an element of an asynchronous request."""

    req_id: int
    scan_req: ScanRequest


class AsyncScanResponse(AirsModel):
    """AsyncScanResponse."""

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

    detections: dict[str, Any]
    threats: list[str]


class ToolDetected(AirsModel):
    """ToolDetected."""

    verdict: str | None = None
    metadata: ToolEventMetadata | None = None
    summary: ToolDetectionSummary | None = None
    input_detected: dict[str, Any] | None = None
    output_detected: dict[str, Any] | None = None


class ScanResponse(AirsModel):
    """ScanResponse."""

    report_id: str
    scan_id: str
    category: str
    action: str
    timeout: bool | None = None
    error: bool | None = None
    errors: list[ContentError] | None = None
    source: str | None = None
    tr_id: str | None = None
    session_id: str | None = None
    profile_id: str | None = None
    profile_name: str | None = None
    prompt_detected: dict[str, Any] | None = None
    response_detected: dict[str, Any] | None = None
    prompt_masked_data: dict[str, Any] | None = None
    response_masked_data: dict[str, Any] | None = None
    prompt_detection_details: dict[str, Any] | None = None
    response_detection_details: dict[str, Any] | None = None
    tool_detected: ToolDetected | None = None
    created_at: str | None = None
    completed_at: str | None = None


class ScanIdResult(AirsModel):
    """ScanIdResult: a scan of a batch; the result is there once it is complete."""

    req_id: int | None = None
    status: str
    scan_id: str
    source: str | None = None
    result: ScanResponse | None = None


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

    text_records_count: int | None = None
    api_calls_count: int | None = None
    threats_count: int | None = None
    all_transactions_count: int | None = None
    benign_transaction_count: int | None = None
    scan_result_entries: list[ScanLog] | None = None


class ScanLogPage(AirsModel):
    """A page of the log of scans."""

    scan_result_for_dashboard: ScanLogDashboard | None = None
    total_pages: int | None = None
    page_number: int | None = None
    page_size: int | None = None
    page_token: str | None = None


def check_request(model: type[Any], body: Any, what: str) -> None:
    """Refuse a request body that does not fit its model.

    Args:
        model: the model of the body.
        body: what would be sent.
        what: what the request does, to follow "Could not ".

    Raises:
        AirsInputError: names each place that does not fit, without values.
    """
    faults = answer_faults(model, body)
    if faults:
        raise AirsInputError(f"Could not {what}: {'; '.join(faults)}. Nothing was sent.")


def answer_faults(model: type[Any], data: Any) -> list[str]:
    """Hold an answer against its model.

    Args:
        model: the model of the answer.
        data: parsed JSON.

    Returns:
        A sentence part for each place that does not fit, without values; empty when all fits.
    """
    try:
        model.model_validate(data)
    except ValidationError as error:
        return [
            f"{'.'.join(str(part) for part in fault['loc']) or 'body'}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
            for fault in error.errors(include_input=False, include_url=False, include_context=False)
        ]
    return []
