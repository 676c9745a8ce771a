# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry: every kind of object of the service, as plain data.

It is in one file, because kinds refer to each other: a profile lists topics, and a topic returns its profiles.
"""

from __future__ import annotations

from .._service.resource import Field, Resource

# Sources of the limits: the official SDK's constants (API key name), and hard limits that community tools found on live
# tenants (topics). Paths: the official API description, with the corrections that live tenants taught.

CUSTOM_TOPIC = Resource(
    kind="custom_topic",
    plural="custom_topics",
    label="custom topic",
    model="CustomTopic",
    request_model="CustomTopicRequest",
    name_field="topic_name",
    id_field="topic_id",
    list_path="/v1/mgmt/topics",
    list_key="custom_topics",
    name_max_length=100,
    name_aliases=("topic_name",),
    revision_field="revision",
    create_path="/v1/mgmt/topic",
    update_path="/v1/mgmt/topic/uuid/{id}",
    delete_path="/v1/mgmt/topic/{id}",
    force_delete_path="/v1/mgmt/topic/{id}/force",
    fields=(
        Field("description", "description", max_length=250, required=True),
        Field("examples", "examples", type="list", elements="str", max_items=5, element_max_length=250),
    ),
    permission="airs_api.custom_topic",
)

SECURITY_PROFILE = Resource(
    kind="security_profile",
    plural="security_profiles",
    label="security profile",
    model="SecurityProfile",
    request_model="SecurityProfileRequest",
    name_field="profile_name",
    id_field="profile_id",
    list_path="/v1/mgmt/profiles",
    list_key="ai_profiles",
    # Said explicitly: what the service does when it is left out is disputed.
    list_filters={"latest": True},
    name_max_length=100,
    name_aliases=("profile_name",),
    revision_field="revision",
    create_path="/v1/mgmt/profile",
    update_path="/v1/mgmt/profile/uuid/{id}",
    delete_path="/v1/mgmt/profile/{id}",
    force_delete_path="/v1/mgmt/profile/{id}/force",
    # Its options are protections, not fields: see _policy.
    fields=(),
    permission="airs_api.ai_sec_profile",
)

API_KEY = Resource(
    kind="api_key",
    plural="api_keys",
    label="API key",
    model="ApiKey",
    request_model="ApiKeyRequest",
    name_field="api_key_name",
    id_field="api_key_id",
    list_path="/v1/mgmt/apikeys",
    list_key="api_keys",
    # A regenerated key may leave its revoked predecessor in the list (unverified on live tenants).
    superseded_field="revoked",
    name_max_length=31,
    name_aliases=("api_key_name",),
    create_path="/v1/mgmt/apikey",
    delete_path="/v1/mgmt/apikey/delete/{name}",
    delete_signed=True,
    fields=(
        Field("auth_code", "auth_code", secret=True, immutable=True),
        Field("dp_name", "deployment_profile", aliases=("dp_name",), immutable=True),
        Field("cust_app", "customer_app", aliases=("cust_app", "app_name"), required=True, immutable=True),
        Field("cust_env", "environment", aliases=("cust_env",), required=True, immutable=True),
        Field("cust_cloud_provider", "cloud_provider", aliases=("cust_cloud_provider",), required=True, immutable=True),
        Field("cust_ai_agent_framework", "ai_agent_framework", aliases=("cust_ai_agent_framework",), immutable=True),
        Field(
            "rotation_time_interval",
            "rotation_time_interval",
            type="int",
            min_value=1,
            max_value=2**31 - 1,
            required=True,
        ),
        Field("rotation_time_unit", "rotation_time_unit", choices=("hours", "days", "months", "years"), required=True),
    ),
    secret_fields=("auth_code",),
    dropped_fields=("api_key",),
    permission="airs_api.api_keys",
)

CUSTOMER_APP = Resource(
    kind="customer_app",
    plural="customer_apps",
    label="application",
    model="CustomerApp",
    request_model="CustomerAppRequest",
    name_field="app_name",
    id_field="customer_appId",
    list_path="/v1/mgmt/customerapps",
    list_key="customer_apps",
    name_aliases=("app_name",),
    # There is no create_path: the service makes an application with its first API key.
    update_path="/v1/mgmt/customerapp?customer_app_id={id}",
    delete_path="/v1/mgmt/customerapp?app_name={name}",
    delete_signed=True,
    fields=(
        Field("cloud_provider", "cloud_provider"),
        Field("environment", "environment"),
        Field("model_name", "model_name"),
        Field("ai_agent_framework", "ai_agent_framework"),
    ),
    secret_fields=("auth_code",),
    permission="permissions for applications",
)

DEPLOYMENT_PROFILE = Resource(
    kind="deployment_profile",
    plural="deployment_profiles",
    label="deployment profile",
    model="DeploymentProfile",
    name_field="dp_name",
    id_field="auth_code",
    told_by="status",
    list_path="/v1/mgmt/deploymentprofiles",
    list_key="deployment_profiles",
    paged=False,
    # The plain list may leave out profiles that are not activated yet; what is known of the filter is contradictory.
    further_lists=({"unactivated": True},),
    name_aliases=("dp_name",),
    secret_fields=("auth_code",),
    permission="read access to deployment profiles",
)

DLP_PROFILE = Resource(
    kind="dlp_profile",
    plural="dlp_profiles",
    label="DLP profile",
    model="DlpProfile",
    name_field="name",
    id_field="id",
    list_path="/v1/mgmt/dlpprofiles",
    list_key="dlp_profiles",
    paged=False,
    permission="read access to DLP profiles",
)

RESOURCES = {
    resource.kind: resource
    for resource in (CUSTOM_TOPIC, SECURITY_PROFILE, API_KEY, CUSTOMER_APP, DEPLOYMENT_PROFILE, DLP_PROFILE)
}
