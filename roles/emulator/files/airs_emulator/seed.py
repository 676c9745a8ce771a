# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tenants hold at the start, and the documents with which a user adds to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from . import records
from .clock import Clock
from .http import JsonObject
from .store import Row, Store, Tenant
from .tokens import digest

Name = Annotated[str, Field(min_length=1)]
TsgId = Annotated[str, Field(pattern=r"^\d{10}$")]


class _Seeded(BaseModel):
    """An object as a client would create it; further members of the service's rows (ids, revision) may be given too."""

    model_config = ConfigDict(extra="allow")


class ServiceAccount(_Seeded):
    """Who may fetch tokens. C(tsg_ids): further tenants that the account may act on."""

    client_id: Name
    client_secret: Name
    tsg_ids: list[TsgId] = []


class DeploymentProfile(_Seeded):
    """A deployment profile as the lookup lists it."""

    dp_name: Name
    auth_code: Name
    status: str = "activated"
    expiration_date: str = "2099-12-31 23:59:59 +0000 UTC"
    ave_text_records: int | None = None


class DlpProfile(_Seeded):
    """A DLP profile as the lookup lists it."""

    name: Name


class CustomTopic(_Seeded):
    """A topic; replaces the one of the same name."""

    topic_name: Name


class SecurityProfile(_Seeded):
    """A profile revision; one more revision when the name is already there."""

    profile_name: Name
    policy: dict[str, Any]


class CustomerApp(_Seeded):
    """An application; replaces the one of the same name."""

    app_name: Name
    auth_code: Name


class ApiKey(_Seeded):
    """A key, and its application where that is missing; C(api_key) is its secret. Replaces one of the same name."""

    api_key_name: Name
    auth_code: Name
    cust_app: Name
    cust_env: str = "dev"
    cust_cloud_provider: str = "other"
    rotation_time_interval: Annotated[int, Field(ge=1)] = 90
    rotation_time_unit: Literal["hours", "days", "months", "years"] = "days"


class SeedTenant(BaseModel):
    """Objects of one tenant, under the names that the API gives their lists."""

    model_config = ConfigDict(extra="forbid")

    service_accounts: list[ServiceAccount] = []
    deployment_profiles: list[DeploymentProfile] = []
    dlp_profiles: list[DlpProfile] = []
    custom_topics: list[CustomTopic] = []
    ai_profiles: list[SecurityProfile] = []
    customer_apps: list[CustomerApp] = []
    api_keys: list[ApiKey] = []


class Seed(BaseModel):
    """A seed document. Its objects are added; with C(replace), the lists that it names replace those of the tenant."""

    model_config = ConfigDict(extra="forbid")

    replace: bool = False
    tenants: dict[TsgId, SeedTenant]


class SeedError(ValueError):
    """A seed document that contradicts itself or the tenant."""


def plant(seed: Seed, store: Store, clock: Clock) -> None:
    """Add the objects of a seed document. Raises SeedError for a key whose auth code no deployment profile has."""
    for tsg_id, objects in seed.tenants.items():
        tenant = store.tenant(tsg_id)
        for kind, add in _PLANTERS.items():
            if seed.replace and kind in objects.model_fields_set:
                tenant.tables()[kind].clear()
            for item in getattr(objects, kind):
                add(tenant, item.model_dump(), clock)


def _plant_account(tenant: Tenant, sent: JsonObject, _clock: Clock) -> None:
    row = {"client_id": sent["client_id"], "secret_digest": digest(sent["client_secret"]), "tsg_ids": sent["tsg_ids"]}
    tenant.service_accounts.put(row["client_id"], row)


def _plant_deployment_profile(tenant: Tenant, sent: JsonObject, _clock: Clock) -> None:
    row = {**sent, "tsg_id": tenant.tsg_id}
    if row["ave_text_records"] is None:
        # The service leaves it out then (reported from live tenants).
        del row["ave_text_records"]
    tenant.deployment_profiles.put(sent["auth_code"], row)


def _plant_dlp_profile(tenant: Tenant, sent: JsonObject, _clock: Clock) -> None:
    tenant.dlp_profiles.put(sent["name"], {**_DLP_DEFAULTS, **sent})


def _plant_topic(tenant: Tenant, sent: JsonObject, clock: Clock) -> None:
    row = {**records.new_topic(tenant, sent, clock), **sent}
    for old in tenant.custom_topics.named(row["topic_name"]):
        tenant.custom_topics.remove(old["topic_id"])
    tenant.custom_topics.put(row["topic_id"], row)


def _plant_profile(tenant: Tenant, sent: JsonObject, clock: Clock) -> None:
    current = tenant.ai_profiles.current(sent["profile_name"])
    made = records.next_profile(tenant, current, sent, clock) if current else records.new_profile(tenant, sent, clock)
    row = {**made, **sent}
    tenant.ai_profiles.put(row["profile_id"], row)


def _plant_app(tenant: Tenant, sent: JsonObject, _clock: Clock) -> None:
    row = {**records.new_app(tenant, sent), **sent}
    for old in tenant.customer_apps.named(row["app_name"]):
        tenant.customer_apps.remove(old["customer_appId"])
    tenant.customer_apps.put(row["customer_appId"], row)


def _plant_key(tenant: Tenant, sent: JsonObject, clock: Clock) -> None:
    deployment_profile = tenant.deployment_profiles.get(sent["auth_code"])
    if deployment_profile is None:
        raise SeedError(f"{sent['api_key_name']}: no deployment profile of {tenant.tsg_id} has its auth_code")
    if not tenant.customer_apps.named(sent["cust_app"]):
        app = {
            "app_name": sent["cust_app"],
            "auth_code": sent["auth_code"],
            "environment": sent["cust_env"],
            "cloud_provider": sent["cust_cloud_provider"],
            "ai_agent_framework": sent.get("cust_ai_agent_framework"),
        }
        _plant_app(tenant, app, clock)
    app = tenant.customer_apps.named(sent["cust_app"])[0]
    made, _secret = records.new_key(tenant, sent, deployment_profile, app, clock)
    row = {**made, **{name: value for name, value in sent.items() if name != "api_key"}}
    for old in tenant.api_keys.named(row["api_key_name"]):
        tenant.api_keys.remove(old["api_key_id"])
    tenant.api_keys.put(row["api_key_id"], row)


#: How an object of each kind is added, in an order in which what is referred to comes first.
_PLANTERS: dict[str, Callable[[Tenant, JsonObject, Clock], None]] = {
    "service_accounts": _plant_account,
    "deployment_profiles": _plant_deployment_profile,
    "dlp_profiles": _plant_dlp_profile,
    "custom_topics": _plant_topic,
    "ai_profiles": _plant_profile,
    "customer_apps": _plant_app,
    "api_keys": _plant_key,
}

_DLP_DEFAULTS: Row = {
    "uuid": "",
    "id": "",
    "version": "1",
    "description": "",
    "rule1": {"action": "alert"},
    "rule2": {"action": ""},
    "log-severity": "low",
    "file-based": "",
    "non-file-based": "",
}

#: Names of the predefined DLP profiles (reported from a live tenant), with ids where the service is known to give one.
_DLP_PROFILES = [
    {"name": "Sensitive Content", "id": "11995026", "version": "2"},
    {"name": "IP Addresses", "id": "11995029"},
    {"name": "HIPAA", "id": "11995010"},
    *(
        {"name": name}
        for name in (
            "PII",
            "PII - Basic",
            "PHI",
            "GDPR",
            "GLBA",
            "CCPA",
            "SOX",
            "PIPEDA",
            "PHIPA",
            "POPIA",
            "U.K. PIOCP",
            "Financial Information",
            "Healthcare",
            "Legal",
            "Intellectual Property",
            "Intellectual Property - Basic",
            "Secrets and Credentials",
            "Bulk CCN",
            "Profanity",
            "Self Harm",
            "Corporate Financial Docs",
            "CommonwealthAustralia-PrivAct88",
        )
    ),
]

#: Built-in topics: revision 1, no examples, no creators (reported from live tenants; these names are made up).
_BUILT_IN_TOPICS: list[Row] = [
    {"topic_name": name, "description": description, "examples": [], "created_by": None, "updated_by": None}
    for name, description in (
        ("Weather", "Weather forecasts, temperature, rain, snow and storms"),
        ("Sports", "Sports results, teams, players, matches and tournaments"),
    )
]


def _default_tenant(tsg_id: str, client_secret: str, auth_codes: tuple[str, str]) -> JsonObject:
    activated, unused = auth_codes
    return {
        "service_accounts": [
            {"client_id": f"emulator@{tsg_id}.iam.panserviceaccount.com", "client_secret": client_secret}
        ],
        "deployment_profiles": [
            {"dp_name": "dp-production", "auth_code": activated, "status": "activated"},
            {"dp_name": "dp-unused", "auth_code": unused, "status": "init"},
        ],
        "dlp_profiles": _DLP_PROFILES,
        "custom_topics": _BUILT_IN_TOPICS,
    }


DEFAULT_SEED = Seed.model_validate(
    {
        "tenants": {
            "1000000001": _default_tenant("1000000001", "emulator-secret", ("D0000001", "D0000002")),
            "1000000002": _default_tenant("1000000002", "emulator-secret-2", ("D1000001", "D1000002")),
        }
    }
)
