# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Models of the requests and responses of the management API."""

from __future__ import annotations

from typing import ClassVar

from .._common.deps import Field
from .model import AirsModel

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

    essential: ClassVar[frozenset[str]] = frozenset({"topic_id", "topic_name"})
    read: ClassVar[frozenset[str]] = frozenset({"revision", "description", "examples", "tsg_id"})

    topic_id: str
    topic_name: str
    revision: int = Field(ge=0, lt=2**63)
    description: str | None = None
    examples: list[str] | None = None
    active: bool | None = None
    created_by: str | None = None
    updated_by: str | None = None
    tsg_id: str | None = None
    last_modified_ts: str | None = None
    created_ts: str | None = None


# --- security profiles -----------------------------------------------------------------------------------------------

# Live tenants hold entries without a name and detectors without an action. What they hold is written back as it is, so
# that a policy requires less than the description does.


class TopicPin(AirsModel):
    """TopicObject: a topic as a profile pins it, at one revision."""

    topic_name: str | None = None
    topic_id: str | None = None
    revision: int | None = None
    severity: str | None = None


class TopicBucket(AirsModel):
    """TopicArray: the topics that get one action. Some tenants answer topic: null."""

    action: str | None = None
    topic: list[TopicPin] | None = None


class ToxicCategory(AirsModel):
    """ToxicCategoryConfig."""

    category: str | None = None
    action: str | None = None
    severity_by_confidence: dict[str, str | None] | None = Field(None, alias="severity-by-confidence")


class Detector(AirsModel):
    """An entry of model-protection or agent-protection."""

    name: str | None = None
    action: str | None = None
    severity: str | None = None
    severity_by_confidence: dict[str, str | None] | None = Field(None, alias="severity-by-confidence")
    topic_list: list[TopicBucket] | None = Field(None, alias="topic-list")
    toxic_category_list: list[ToxicCategory] | None = Field(None, alias="toxic-category-list")


class Latency(AirsModel):
    """LatencyObject; the time is in seconds."""

    inline_timeout_action: str | None = Field(None, alias="inline-timeout-action")
    max_inline_latency: int | None = Field(None, alias="max-inline-latency")


class DlpMember(AirsModel):
    """A DLP profile as data leak detection names it."""

    text: str | None = None
    id: str | None = None
    version: str | None = None


class DataLeakDetection(AirsModel):
    """DataProtectionObject.data-leak-detection; member is null when it is off (reported from live tenants)."""

    member: list[DlpMember] | None = None
    action: str | None = None
    mask_data_inline: bool | None = Field(None, alias="mask-data-inline")


class SourceCodeDetection(AirsModel):
    """What happens to source code; live, never described."""

    action: str | None = None
    severity: str | None = None


class DataProtection(AirsModel):
    """DataProtectionObject; database-security is live but no longer in the official description."""

    data_leak_detection: DataLeakDetection | None = Field(None, alias="data-leak-detection")
    database_security: list[Detector] | None = Field(None, alias="database-security")
    source_code_detection: SourceCodeDetection | None = Field(None, alias="source-code-detection")


class UrlCategories(AirsModel):
    """A list of URL categories; {} and null are live forms of an empty one."""

    member: list[str] | None = None


class AppProtection(AirsModel):
    """AppProtectionObject; the last four are live but not in the official description."""

    alert_url_category: UrlCategories | None = Field(None, alias="alert-url-category")
    block_url_category: UrlCategories | None = Field(None, alias="block-url-category")
    allow_url_category: UrlCategories | None = Field(None, alias="allow-url-category")
    default_url_category: UrlCategories | None = Field(None, alias="default-url-category")
    url_detected_action: str | None = Field(None, alias="url-detected-action")
    url_detected_severity: str | None = Field(None, alias="url-detected-severity")
    malicious_code_protection: Detector | None = Field(None, alias="malicious-code-protection")


class ModelConfiguration(AirsModel):
    """AiSecurityProfileObject.model-configuration."""

    mask_data_in_storage: bool | None = Field(None, alias="mask-data-in-storage")
    full_conversation: bool | None = Field(None, alias="enable-full-conversation-inspection")
    latency: Latency | None = None
    data_protection: DataProtection | None = Field(None, alias="data-protection")
    app_protection: AppProtection | None = Field(None, alias="app-protection")
    model_protection: list[Detector] | None = Field(None, alias="model-protection")
    agent_protection: list[Detector] | None = Field(None, alias="agent-protection")


class AiSecurityProfile(AirsModel):
    """AiSecurityProfileObject; what is about directions is live, but not in the official description."""

    model_type: str | None = Field(None, alias="model-type")
    content_type: str | None = Field(None, alias="content-type")
    model_configuration: ModelConfiguration | None = Field(None, alias="model-configuration")
    content_type_mode: str | None = Field(None, alias="content-type-mode")
    directions: dict[str, ModelConfiguration | None] | None = Field(None, alias="content-type-configurations")


class DlpRule(AirsModel):
    """A rule of a DLP profile; an empty action is none."""

    action: str | None = None


class DlpProfile(AirsModel):
    """DLPDataProfileObject; id and uuid may be empty (reported from live tenants)."""

    essential: ClassVar[frozenset[str]] = frozenset({"name"})
    read: ClassVar[frozenset[str]] = frozenset({"id", "uuid", "version"})

    name: str
    uuid: str | None = None
    id: str | None = None
    version: str | None = None
    rule1: DlpRule | None = None
    rule2: DlpRule | None = None
    log_severity: str | None = Field(None, alias="log-severity")
    non_file_based: str | None = Field(None, alias="non-file-based")
    file_based: str | None = Field(None, alias="file-based")


class PolicyDlpProfile(DlpProfile):
    """A DLP profile in a policy's own list."""

    essential: ClassVar[frozenset[str]] = frozenset()

    name: str | None = None  # type: ignore[assignment]  # unlike in the tenant's list


class Policy(AirsModel):
    """AIProfileObject.policy."""

    ai_security_profiles: list[AiSecurityProfile] | None = Field(None, alias="ai-security-profiles")
    dlp_data_profiles: list[PolicyDlpProfile] | None = Field(None, alias="dlp-data-profiles")


class SecurityProfileRequest(AirsModel):
    """AIProfileObject as written. The description requires a revision; live callers leave it to the service."""

    profile_name: str
    policy: Policy
    active: bool | None = None
    created_by: str | None = None
    updated_by: str | None = None


class SecurityProfile(AirsModel):
    """AIProfileObject as answered."""

    essential: ClassVar[frozenset[str]] = frozenset({"profile_id", "profile_name", "policy"})
    read: ClassVar[frozenset[str]] = frozenset({"revision", "tsg_id"})

    profile_id: str
    profile_name: str
    revision: int = Field(ge=0, lt=2**63)
    policy: Policy
    active: bool | None = None
    created_by: str | None = None
    updated_by: str | None = None
    tsg_id: str | None = None
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

    essential: ClassVar[frozenset[str]] = frozenset({"api_key_id", "api_key_name"})
    read: ClassVar[frozenset[str]] = frozenset(
        {
            *("api_key_last8", "auth_code", "expiration", "revoked", "tsg_id", "cust_app", "cust_env", "dp_name"),
            *("cust_ai_agent_framework", "cust_cloud_provider", "rotation_time_interval", "rotation_time_unit"),
            *("api_key", "customer_appId"),
        }
    )

    api_key_id: str
    api_key_last8: str
    auth_code: str
    expiration: str
    revoked: bool
    api_key_name: str
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

    essential: ClassVar[frozenset[str]] = frozenset({"customer_appId", "app_name"})
    read: ClassVar[frozenset[str]] = frozenset(
        {
            *("cloud_provider", "environment", "tsg_id", "model_name", "ai_agent_framework", "api_keys_dp_info"),
            "ai_sec_profile_name",
        }
    )

    customer_app_id: str = Field(alias="customer_appId")
    app_name: str
    cloud_provider: str
    environment: str
    tsg_id: str | None = None
    model_name: str | None = None
    ai_agent_framework: str | None = None
    api_keys_dp_info: list[ApiKeyOfApp] | None = None
    ai_sec_profile_name: str | None = None


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

    essential: ClassVar[frozenset[str]] = frozenset({"access_token"})

    access_token: str
    token_type: str | None = None
    issued_at: str | None = None
    client_id: str | None = None
    expires_in: str | None = None
    status: str | None = None


class DeploymentProfile(AirsModel):
    """DeploymentProfileEntryObject."""

    essential: ClassVar[frozenset[str]] = frozenset({"dp_name", "auth_code"})
    read: ClassVar[frozenset[str]] = frozenset({"tsg_id", "status"})

    dp_name: str
    auth_code: str
    tsg_id: str | None = None
    status: str | None = None
    expiration_date: str | None = None
    ave_text_records: int | None = None
