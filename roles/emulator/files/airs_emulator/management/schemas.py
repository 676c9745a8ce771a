# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies of management requests, as far as the service checks them.

Types and required members follow the official API description, except where live tenants are reported to accept
less; limits are those of the official SDK and of reports from live tenants. Members that are not named here are kept.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from airs_emulator.clock import parse_time


def _is_time(text: str) -> str:
    parse_time(text)
    return text


Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Int64 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
PositiveInt32 = Annotated[int, Field(ge=1, le=2**31 - 1)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Person = Annotated[str, Field(max_length=100)]
Time = Annotated[str, AfterValidator(_is_time)]


class Body(BaseModel):
    """A JSON object whose known members must have the right type, those that the service sets itself included."""

    model_config = ConfigDict(strict=True, extra="allow", protected_namespaces=())


class TopicBody(Body):
    """A custom topic (create and update). The revision that a client sends is ignored."""

    topic_name: Name
    description: Annotated[str, Field(max_length=250)] | None = None
    examples: Annotated[list[Annotated[str, Field(max_length=250)]], Field(max_length=5)] | None = None
    revision: Int64 | None = None
    active: bool | None = None
    created_by: Person | None = None
    updated_by: Person | None = None
    topic_id: str | None = None
    last_modified_ts: Time | None = None
    created_ts: Time | None = None


class _PinnedTopic(Body):
    topic_id: str
    topic_name: str
    revision: Int64 | None = None


class _TopicBucket(Body):
    action: str
    # The service refuses a bucket without topics, although its own rows contain them (reported from live tenants).
    topic: Annotated[list[_PinnedTopic], Field(min_length=1)]


class _ToxicCategory(Body):
    category: str
    action: str


class _ModelProtection(Body):
    name: str
    # Required in the official description; stored profiles have entries without one, and go on as they are (a guess).
    action: str | None = None
    topic_list: Annotated[list[_TopicBucket] | None, Field(alias="topic-list")] = None
    toxic_category_list: Annotated[list[_ToxicCategory] | None, Field(alias="toxic-category-list")] = None


class _NamedAction(Body):
    name: str
    action: str


class _DlpMember(Body):
    text: str
    id: str | None = None
    version: str | None = None


class _DataLeakDetection(Body):
    member: list[_DlpMember] | None
    action: str
    mask_data_inline: Annotated[bool | None, Field(alias="mask-data-inline")] = None


class _DataProtection(Body):
    data_leak_detection: Annotated[_DataLeakDetection | None, Field(alias="data-leak-detection")] = None
    database_security: Annotated[list[_NamedAction] | None, Field(alias="database-security")] = None
    source_code_detection: Annotated[dict[str, Any] | None, Field(alias="source-code-detection")] = None


class _UrlCategory(Body):
    member: list[str] | None = None


class _AppProtection(Body):
    alert_url_category: Annotated[_UrlCategory | None, Field(alias="alert-url-category")] = None
    block_url_category: Annotated[_UrlCategory | None, Field(alias="block-url-category")] = None
    allow_url_category: Annotated[_UrlCategory | None, Field(alias="allow-url-category")] = None
    default_url_category: Annotated[_UrlCategory | None, Field(alias="default-url-category")] = None
    url_detected_action: Annotated[str | None, Field(alias="url-detected-action")] = None
    malicious_code_protection: Annotated[dict[str, Any] | None, Field(alias="malicious-code-protection")] = None


class _Latency(Body):
    inline_timeout_action: Annotated[str | None, Field(alias="inline-timeout-action")] = None
    max_inline_latency: Annotated[Int32 | None, Field(alias="max-inline-latency")] = None


class _ModelConfiguration(Body):
    mask_data_in_storage: Annotated[bool | None, Field(alias="mask-data-in-storage")] = None
    latency: _Latency | None = None
    data_protection: Annotated[_DataProtection | None, Field(alias="data-protection")] = None
    app_protection: Annotated[_AppProtection | None, Field(alias="app-protection")] = None
    model_protection: Annotated[list[_ModelProtection] | None, Field(alias="model-protection")] = None
    agent_protection: Annotated[list[_NamedAction] | None, Field(alias="agent-protection")] = None


class _AiSecurityProfile(Body):
    model_type: Annotated[str | None, Field(alias="model-type")] = None
    content_type: Annotated[str | None, Field(alias="content-type")] = None
    model_configuration: Annotated[_ModelConfiguration | None, Field(alias="model-configuration")] = None
    content_type_configurations: Annotated[
        dict[str, _ModelConfiguration | None] | None, Field(alias="content-type-configurations")
    ] = None


class _Rule(Body):
    action: str | None = None


class _DlpProfile(Body):
    # Required in the official description; stored profiles have entries without one (reported from live tenants).
    name: str | None = None
    uuid: str
    id: str | None = None
    version: str | None = None
    rule1: _Rule | None = None
    rule2: _Rule | None = None
    # Missing or empty is refused (reported from live tenants).
    log_severity: Annotated[str, Field(alias="log-severity", min_length=1)]
    file_based: Annotated[str | None, Field(alias="file-based")] = None
    non_file_based: Annotated[str | None, Field(alias="non-file-based")] = None


class _Policy(Body):
    ai_security_profiles: Annotated[list[_AiSecurityProfile] | None, Field(alias="ai-security-profiles")] = None
    dlp_data_profiles: Annotated[list[_DlpProfile] | None, Field(alias="dlp-data-profiles")] = None


class ProfileBody(Body):
    """A security profile (create and update). The revision that a client sends is ignored."""

    profile_name: Name
    policy: _Policy
    revision: Int32 | None = None
    active: bool | None = None
    created_by: Person | None = None
    updated_by: Person | None = None
    profile_id: str | None = None
    last_modified_ts: Time | None = None


class RotationBody(Body):
    """How long the next secret of a key lives."""

    rotation_time_interval: PositiveInt32
    rotation_time_unit: Annotated[str, Field(pattern="^(hours|days|months|years)$")]
    updated_by: Person | None = None


class ApiKeyBody(RotationBody):
    """An API key to create. Environment and provider are checked later, with the service's own opaque error."""

    api_key_name: Annotated[str, Field(min_length=1, max_length=31)]
    auth_code: str
    cust_app: Annotated[str, Field(min_length=1)]
    created_by: Person
    revoked: bool
    cust_env: str | None = None
    cust_cloud_provider: str | None = None
    cust_ai_agent_framework: str | None = None
    dp_name: str | None = None


class CustomerAppBody(Body):
    """A customer application to update. The auth code is not in the official description but needed."""

    app_name: Annotated[str, Field(min_length=1)]
    auth_code: str
    cloud_provider: Annotated[str, Field(min_length=1)]
    environment: Annotated[str, Field(min_length=1)]
    model_name: str | None = None
    ai_agent_framework: str | None = None
    created_by: Person | None = None
    updated_by: Person | None = None
    customer_appId: str | None = None  # noqa: N815 - the name in the API
    tsg_id: str | None = None
    status: str | None = None


class OauthBody(Body):
    """Whose token to make."""

    client_id: Annotated[str, Field(min_length=1)]
    customer_app: Annotated[str, Field(min_length=1)]
