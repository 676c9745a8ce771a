# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the service makes its objects from what a client sends: ids, revisions, secrets and defaults."""

from __future__ import annotations

import secrets
import uuid

from .clock import Clock, end, rfc3339
from .http import JsonObject
from .store import Row, Tenant
from .tokens import digest

#: Who created an object when the client does not say (reported from live tenants).
UNKNOWN_CREATOR = "test@test.com"
#: Who updated it then.
UNKNOWN_UPDATER = "none"
#: Length of a rotation unit in seconds. Units: union of SDK documentation and clients; months and years are unverified.
ROTATION_SECONDS = {"hours": 3600, "days": 86400, "months": 30 * 86400, "years": 365 * 86400}


def new_id() -> str:
    """A fresh object id."""
    return str(uuid.uuid4())


def new_topic(tenant: Tenant, sent: JsonObject, clock: Clock) -> Row:
    """The first revision of a custom topic."""
    creator = sent.get("created_by") or UNKNOWN_CREATOR
    return {
        "topic_id": new_id(),
        "revision": 1,
        "created_by": creator,
        "updated_by": sent.get("updated_by") or creator,
        "superseded": [],
        **_topic_content(tenant, sent, clock),
    }


def next_topic(tenant: Tenant, current: Row, sent: JsonObject, clock: Clock) -> Row:
    """The next revision of a topic: same id, content replaced as a whole (reported from live tenants)."""
    old = {name: value for name, value in current.items() if name != "superseded"}
    return {
        "topic_id": current["topic_id"],
        "revision": current["revision"] + 1,
        "created_by": current["created_by"],
        "updated_by": sent.get("updated_by") or UNKNOWN_UPDATER,
        "superseded": [*current["superseded"], old],
        **_topic_content(tenant, sent, clock),
    }


def _topic_content(tenant: Tenant, sent: JsonObject, clock: Clock) -> JsonObject:
    name = sent["topic_name"]
    return {
        "topic_name": name,
        # The service describes a topic itself when nobody else does (reported from live tenants; wording unknown).
        "description": sent.get("description") or f"Content about {name}"[:250],
        "examples": sent.get("examples") or [],
        "active": sent.get("active", True),
        "last_modified_ts": clock.timestamp(),
        "csp_id": tenant.csp_id,
        "tsg_id": tenant.tsg_id,
    }


def new_profile(tenant: Tenant, sent: JsonObject, clock: Clock) -> Row:
    """The first revision of a security profile. The policy is kept exactly as it is given."""
    creator = sent.get("created_by") or UNKNOWN_CREATOR
    return {
        "created_by": creator,
        "updated_by": sent.get("updated_by") or creator,
        "revision": 1,
        **_profile_content(tenant, sent, clock),
    }


def next_profile(tenant: Tenant, current: Row, sent: JsonObject, clock: Clock) -> Row:
    """A further revision of a profile: a row of its own, with an id of its own (reported from live tenants)."""
    return {
        "created_by": current["created_by"],
        "updated_by": sent.get("updated_by") or UNKNOWN_UPDATER,
        "revision": current["revision"] + 1,
        **_profile_content(tenant, sent, clock),
    }


def _profile_content(tenant: Tenant, sent: JsonObject, clock: Clock) -> JsonObject:
    return {
        "profile_id": new_id(),
        "profile_name": sent["profile_name"],
        "active": sent.get("active", True),
        "policy": sent["policy"],
        "last_modified_ts": clock.timestamp(),
        "csp_id": tenant.csp_id,
        "tsg_id": tenant.tsg_id,
    }


def new_app(tenant: Tenant, sent: JsonObject) -> Row:
    """A customer application. Model name and framework default as reported from live tenants."""
    creator = sent.get("created_by") or UNKNOWN_CREATOR
    return {
        "customer_appId": new_id(),
        "tsg_id": tenant.tsg_id,
        "app_name": sent["app_name"],
        "model_name": sent.get("model_name") or "default",
        "cloud_provider": sent.get("cloud_provider") or "",
        "environment": sent.get("environment") or "",
        "ai_agent_framework": sent.get("ai_agent_framework") or "",
        "status": "completed",
        "created_by": creator,
        "updated_by": sent.get("updated_by") or creator,
        "auth_code": sent["auth_code"],
    }


def linked_profile(app: Row) -> Row:
    """The member of an application that links a profile to its keys, where it has one.

    How a link is made through the API is unknown, so requests neither set it nor take it away; seeds do.
    """
    return {name: value for name, value in app.items() if name == "ai_sec_profile_name"}


def new_key(tenant: Tenant, sent: JsonObject, deployment_profile: Row, app: Row, clock: Clock) -> tuple[Row, str]:
    """An API key and its secret, of which the row keeps only a digest."""
    now = clock.now()
    creator = sent.get("created_by") or UNKNOWN_CREATOR
    licence_end = end(deployment_profile.get("expiration_date"))
    row = {
        "api_key_name": sent["api_key_name"],
        "auth_code": sent["auth_code"],
        "csp_id": tenant.csp_id,
        "tsg_id": tenant.tsg_id,
        "revoked": False,
        "cust_app": app["app_name"],
        "cust_env": app["environment"],
        "cust_cloud_provider": app["cloud_provider"],
        "cust_ai_agent_framework": app["ai_agent_framework"],
        "created_by": creator,
        "updated_by": creator,
        "dp_name": deployment_profile["dp_name"],
        "status": "active",
        "lic_expiration": rfc3339(licence_end),
        "avg_text_records": deployment_profile.get("ave_text_records") or 0,
        "creation_ts": rfc3339(now),
        "customer_appId": app["customer_appId"],
    }
    return _with_secret(row, sent, licence_end, now)


def regenerated_key(current: Row, sent: JsonObject, deployment_profile: Row, clock: Clock) -> tuple[Row, str]:
    """The key that replaces another one: new id, new secret, same name (reported from live tenants)."""
    row = {
        **current,
        "revoked": False,
        "status": "active",
        "updated_by": sent.get("updated_by") or UNKNOWN_UPDATER,
    }
    row.pop("revoke_reason", None)
    return _with_secret(row, sent, end(deployment_profile.get("expiration_date")), clock.now())


def revoked_key(current: Row, reason: str, clock: Clock) -> Row:
    """A key that is listed but no longer valid."""
    return {
        **current,
        "revoked": True,
        "revoke_reason": reason,
        "status": "revoked",
        "last_modified_ts": clock.timestamp(),
    }


def _with_secret(row: Row, sent: JsonObject, licence_end: float, now: float) -> tuple[Row, str]:
    secret = sent.get("api_key") or secrets.token_urlsafe(48)
    rotation = sent["rotation_time_interval"] * ROTATION_SECONDS[sent["rotation_time_unit"]]
    made = {
        **row,
        "api_key_id": new_id(),
        "api_key_last8": secret[-8:],
        "secret_digest": digest(secret),
        "rotation_time_interval": sent["rotation_time_interval"],
        "rotation_time_unit": sent["rotation_time_unit"],
        # Keys of live tenants end with the licence; that the rotation interval shortens this is unverified.
        "expiration": rfc3339(min(now + rotation, licence_end)),
        "last_modified_ts": rfc3339(now),
    }
    return made, secret
