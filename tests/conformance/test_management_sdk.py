# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation of the official management SDK, by its synchronous and its asynchronous client."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Emulator, JsonObject
from support.official_sdks import ManagementSdk, is_part_of, management_sdk, without_null
from support.stored_profiles import live_rows, live_tenant, shaped_tenant
from support.tenant import Tenant

KEY: JsonObject = {
    "api_key_name": "bot-key",
    "cust_app": "bot",
    "cust_env": "prod",
    "cust_cloud_provider": "aws",
    "created_by": "sdk@example.com",
    "rotation_time_interval": 3,
    "rotation_time_unit": "months",
}
AUTH_CODE = "D0000001"
TOPIC: JsonObject = {"topic_name": "advice", "description": "Advice on securities", "examples": ["Shall I buy?"]}
#: All that the SDK knows of a policy, in the order in which it writes it.
POLICY: JsonObject = {
    "dlp-data-profiles": [
        {
            "name": "IP Addresses",
            "uuid": "",
            "id": "11995029",
            "version": "1",
            "rule1": {"action": "alert"},
            "rule2": {"action": ""},
            "log-severity": "low",
            "non-file-based": "",
            "file-based": "",
        }
    ],
    "ai-security-profiles": [
        {
            "model-type": "default",
            "content-type": "text",
            "model-configuration": {
                "mask-data-in-storage": False,
                "latency": {"inline-timeout-action": "block", "max-inline-latency": 5},
                "data-protection": {
                    "data-leak-detection": {
                        "member": [{"text": "IP Addresses", "id": "11995029", "version": "1"}],
                        "action": "block",
                        "mask-data-inline": True,
                    }
                },
                "app-protection": {
                    "block-url-category": {"member": ["phishing"]},
                    "default-url-category": {"member": ["malicious"]},
                    "url-detected-action": "block",
                },
                "model-protection": [
                    {"name": "prompt-injection", "action": "block"},
                    {"name": "toxic-content", "action": "high:block, moderate:allow"},
                ],
                "agent-protection": [{"name": "agent-security", "action": "block"}],
            },
        }
    ],
}
NOTHING: JsonObject = {"ai-security-profiles": [], "dlp-data-profiles": []}
NO_ID = "00000000-0000-4000-8000-000000000000"

#: The members of a row that the SDK's models leave out, though live tenants are reported to send them.
LEFT_OUT = {
    ("api_keys", "get_all_api_keys", "apikeys"): {"csp_id", "tsg_id"},
    ("custom_topics", "get_all_custom_topics", "topics"): {"csp_id", "tsg_id"},
    ("ai_sec_profiles", "get_all_ai_profiles", "profiles"): {"csp_id", "tsg_id", "active"},
    ("customer_apps", "get_all_customer_apps", "customerapps"): {"tsg_id"},
    ("dlp_profiles", "get_all_dlp_profiles", "dlpprofiles"): {"description"},
    ("deployment_profiles", "get_all_deployment_profiles", "deploymentprofiles"): {"tsg_id"},
}
#: Parts of a profile's model configuration that live tenants are reported to list, and the SDK's models drop. Hence the
#: collection does not use the SDK: to read and write back a profile through it would switch these protections off.
DROPPED: dict[str, JsonObject] = {
    "database security": {
        "data-protection": {"database-security": [{"name": "database-security-read", "action": "block"}]}
    },
    "severities": {"app-protection": {"url-detected-severity": "high"}},
    "categories of toxic content": {
        "model-protection": [
            {"name": "toxic-content", "action": "", "toxic-category-list": [{"category": "hate", "action": "block"}]}
        ]
    },
    "inspection of whole conversations": {"enable-full-conversation-inspection": True},
}


def create_key(sdk: ManagementSdk, **changes: Any) -> JsonObject:
    key: JsonObject = sdk("api_keys", "create_new_api_key", **{**KEY, "auth_code": AUTH_CODE, **changes})
    return key


def create_topic(sdk: ManagementSdk) -> JsonObject:
    topic: JsonObject = sdk("custom_topics", "create_new_custom_topic", **TOPIC, revision=1)
    return topic


def create_profile(sdk: ManagementSdk, policy: JsonObject | None = None) -> JsonObject:
    wanted = {"profile_name": "bot", "revision": 1, "policy": POLICY if policy is None else policy, "created_by": "me"}
    profile: JsonObject = sdk("ai_sec_profiles", "create_new_ai_profile", **wanted)
    return profile


def policy_of(configuration: JsonObject) -> JsonObject:
    profiles = [{"model-type": "default", "model-configuration": configuration}]
    return {"ai-security-profiles": profiles, "dlp-data-profiles": []}


def guarding(topic: JsonObject) -> JsonObject:
    pinned = {name: topic[name] for name in ("topic_name", "topic_id", "revision")}
    guardrails = {"name": "topic-guardrails", "action": "allow", "topic-list": [{"action": "block", "topic": [pinned]}]}
    return policy_of({"model-protection": [guardrails]})


# --- what the SDK has ------------------------------------------------------------------------------------------------


def test_every_operation_of_the_sdk_is_tested() -> None:
    sdk = pytest.importorskip("airs_api_mgmt")
    here = re.sub(r"\s+", " ", Path(__file__).read_text(encoding="utf-8"))
    missing = []
    for client in (sdk.MgmtClient, sdk.MgmtClientAsync):
        for resource, member in inspect.getmembers(client, lambda member: isinstance(member, property)):
            methods: list[tuple[str, Callable[..., Any]]] = inspect.getmembers(
                inspect.get_annotations(member.fget, eval_str=True)["return"], inspect.isfunction
            )
            operations = [name for name, method in methods if not name.startswith("_") and is_operation(method)]
            assert operations, f"no operation of {resource} found"
            missing += [f"{resource}.{name}" for name in operations if f'"{resource}", "{name}"' not in here]
    assert missing == []


def is_operation(method: Callable[..., Any]) -> bool:
    """Not what all resources inherit: their connection and their token."""
    return not method.__qualname__.startswith("Base")


# --- access ----------------------------------------------------------------------------------------------------------


def test_requests_carry_the_name_of_the_sdk(sdk: ManagementSdk, emulator: Emulator) -> None:
    sdk("dlp_profiles", "get_all_dlp_profiles")
    (entry,) = emulator.journal("management")
    assert "MGMT-PYTHON-SDK" in entry["user_agent"]
    assert entry["client_id"] == ACCOUNT.client_id


@pytest.mark.parametrize("path", ["oauth2", "am/oauth2", "auth/v1/oauth2"])
def test_tokens_are_had_at_each_address(kind: str, emulator: Emulator, path: str) -> None:
    with management_sdk(kind, emulator, token_url=f"{emulator.url}/{path}/access_token") as sdk:
        assert sdk.rows("dlp_profiles", "get_all_dlp_profiles")


def test_wrong_credentials_are_refused(kind: str, emulator: Emulator) -> None:
    account = dataclasses.replace(ACCOUNT, client_secret="wrong")
    with management_sdk(kind, emulator, account) as sdk, pytest.raises(Exception, match="401.*invalid_client"):
        sdk("dlp_profiles", "get_all_dlp_profiles")


def test_an_expired_token_is_refused(sdk: ManagementSdk, emulator: Emulator) -> None:
    sdk("dlp_profiles", "get_all_dlp_profiles")
    emulator.expire_tokens()
    assert sdk.refusal("dlp_profiles", "get_all_dlp_profiles").status_code == 401


def test_tenants_are_kept_apart(sdk: ManagementSdk, kind: str, emulator: Emulator) -> None:
    create_topic(sdk)
    with management_sdk(kind, emulator, OTHER_ACCOUNT) as other:
        assert "advice" not in [row["topic_name"] for row in other.rows("custom_topics", "get_all_custom_topics")]


# --- API keys and customer applications ------------------------------------------------------------------------------


def test_the_life_of_an_api_key(sdk: ManagementSdk, tenant: Tenant) -> None:
    key = create_key(sdk)
    secret = key.pop("api_key")
    assert key.items() >= {**KEY, "auth_code": AUTH_CODE, "dp_name": "dp-production", "revoked": False}.items()
    assert key["api_key_last8"] == secret[-8:]
    assert tenant.accepts(secret)
    assert sdk.rows("api_keys", "get_all_api_keys") == [key]

    renewed = sdk(
        "api_keys",
        "regenerate_api_key",
        api_key_id=key["api_key_id"],
        rotation_time_interval=6,
        rotation_time_unit="days",
        updated_by="me",
    )
    assert (renewed["api_key_name"], renewed["rotation_time_interval"], renewed["rotation_time_unit"]) == (
        "bot-key",
        6,
        "days",
    )
    assert renewed["api_key_id"] != key["api_key_id"]
    assert (tenant.accepts(secret), tenant.accepts(renewed["api_key"])) == (False, True)

    deleted = sdk("api_keys", "delete_api_key", api_key_name="bot-key", updated_by="me")
    assert deleted == "apikey and customer-app successfully deleted"
    assert sdk.rows("api_keys", "get_all_api_keys") == sdk.rows("customer_apps", "get_all_customer_apps") == []


def test_keys_are_listed_in_pages(sdk: ManagementSdk) -> None:
    for number in range(3):
        create_key(sdk, api_key_name=f"key-{number}", cust_app=f"app-{number}")
    first = sdk("api_keys", "get_all_api_keys", offset=0, limit=2)
    assert (len(first["api_keys"]), first["next_offset"]) == (2, 2)
    last = sdk("api_keys", "get_all_api_keys", offset=first["next_offset"], limit=2)
    assert len(last["api_keys"]) == 1
    assert "next_offset" not in last
    names = [row["api_key_name"] for row in first["api_keys"] + last["api_keys"]]
    assert sorted(names) == ["key-0", "key-1", "key-2"]


def test_errors_of_keys_have_the_status_of_the_service(sdk: ManagementSdk) -> None:
    delete = sdk.refusal("api_keys", "delete_api_key", api_key_name="none", updated_by="me")
    renewal = {"rotation_time_interval": 1, "rotation_time_unit": "days", "updated_by": "me"}
    regenerate = sdk.refusal("api_keys", "regenerate_api_key", api_key_id=NO_ID, **renewal)
    create = sdk.refusal("api_keys", "create_new_api_key", **KEY, auth_code="D9999999")
    # An unknown key is of another tenant, as far as the service is concerned: reported from live tenants.
    assert [delete.status_code, regenerate.status_code, create.status_code] == [404, 403, 400]
    assert "TsgID mismatch" in regenerate.response_body


def test_the_life_of_a_customer_application(sdk: ManagementSdk) -> None:
    create_key(sdk)
    (app,) = sdk.rows("customer_apps", "get_all_customer_apps")
    assert (app["app_name"], app["environment"], app["cloud_provider"]) == ("bot", "prod", "aws")
    assert app["api_keys_dp_info"] == [{"api_key_name": "bot-key", "dp_name": "dp-production", "auth_code": AUTH_CODE}]

    updated = sdk(
        "customer_apps",
        "update_customer_app",
        customer_app_id=app["customer_appId"],
        app_name="bot",
        cloud_provider="gcp",
        environment="dev",
        auth_code=AUTH_CODE,
        updated_by="me",
    )
    assert (updated["environment"], updated["cloud_provider"], updated["updated_by"]) == ("dev", "gcp", "me")
    (listed,) = sdk.rows("customer_apps", "get_all_customer_apps")
    assert (listed["environment"], listed["customer_appId"]) == ("dev", app["customer_appId"])

    deleted = sdk("customer_apps", "delete_customer_app", app_name="bot", updated_by="me")
    assert deleted == "customer app and associated keys successfully deleted"
    assert sdk.rows("api_keys", "get_all_api_keys") == []


def test_each_token_of_an_application_is_another_one(sdk: ManagementSdk) -> None:
    create_key(sdk)
    arguments = {"client_id": "bot", "customer_app": "bot", "token_ttl_interval": 2, "token_ttl_unit": "hours"}
    token = sdk("oauth", "get_oauth_token", **arguments)
    assert (token["token_type"], token["client_id"], token["expires_in"]) == ("Bearer", "bot", "7200")
    assert token["access_token"] != sdk("oauth", "get_oauth_token", **arguments)["access_token"]


# --- lookups ---------------------------------------------------------------------------------------------------------


def test_deployment_profiles_are_listed(sdk: ManagementSdk) -> None:
    create_key(sdk)  # one that is activated but has no keys counts as free to use
    rows = sdk.rows("deployment_profiles", "get_all_deployment_profiles")
    assert {row["dp_name"]: (row["auth_code"], row["status"]) for row in rows} == {
        "dp-production": ("D0000001", "activated"),
        "dp-unused": ("D0000002", "init"),
    }
    unused = sdk.rows("deployment_profiles", "get_all_deployment_profiles", unactivated=True)
    assert [row["dp_name"] for row in unused] == ["dp-unused"]


def test_dlp_profiles_are_listed(sdk: ManagementSdk) -> None:
    rows = {row["name"]: row for row in sdk.rows("dlp_profiles", "get_all_dlp_profiles")}
    assert rows["IP Addresses"]["id"] == "11995029"
    assert {"PII", "Secrets and Credentials", "Sensitive Content"} <= rows.keys()


# --- custom topics ---------------------------------------------------------------------------------------------------


def test_the_life_of_a_custom_topic(sdk: ManagementSdk) -> None:
    topic = create_topic(sdk)
    assert topic.items() >= {**TOPIC, "revision": 1}.items()
    changed = {**TOPIC, "description": "Changed", "examples": ["Shall I sell?"]}  # the SDK takes no empty list
    topic_id = topic["topic_id"]
    updated = sdk("custom_topics", "modify_custom_topic_details", topic_id=topic_id, **changed, revision=1)
    assert updated.items() >= {**changed, "topic_id": topic_id, "revision": 2}.items()
    listed = {row["topic_id"]: row for row in sdk.rows("custom_topics", "get_all_custom_topics")}
    assert listed[topic_id].items() >= {**changed, "revision": 2}.items()
    deleted = sdk("custom_topics", "delete_custom_topic", topic_id=topic_id)
    assert deleted == f"successfully deleted topicId: {topic_id}"
    assert topic_id not in [row["topic_id"] for row in sdk.rows("custom_topics", "get_all_custom_topics")]


def test_a_topic_in_use_goes_by_force_only(sdk: ManagementSdk) -> None:
    topic = create_topic(sdk)
    create_profile(sdk, guarding(topic))
    refusal = sdk.refusal("custom_topics", "delete_custom_topic", topic_id=topic["topic_id"])
    assert refusal.status_code == 409
    assert '"bot"' in refusal.response_body
    sdk("custom_topics", "force_delete_custom_topic", topic_id=topic["topic_id"], updated_by="me")
    assert "advice" not in [row["topic_name"] for row in sdk.rows("custom_topics", "get_all_custom_topics")]


# --- security profiles -----------------------------------------------------------------------------------------------


def test_the_life_of_a_security_profile(sdk: ManagementSdk) -> None:
    profile = create_profile(sdk)
    assert (profile["profile_name"], profile["revision"], profile["policy"]) == ("bot", 1, POLICY)
    assert profile["created_by"] == "me"
    second = sdk(
        "ai_sec_profiles",
        "update_ai_profile",
        profile_id=profile["profile_id"],
        profile_name="bot",
        revision=1,
        policy=NOTHING,
    )
    # Each update makes a revision with an id of its own; the old ones stay in the list.
    assert (second["revision"], second["policy"]) == (2, NOTHING)
    assert second["profile_id"] != profile["profile_id"]
    rows = sdk.rows("ai_sec_profiles", "get_all_ai_profiles", offset=0, limit=10)
    assert [(row["profile_id"], row["policy"]) for row in rows] == [
        (second["profile_id"], NOTHING),
        (profile["profile_id"], POLICY),
    ]
    for row in rows:
        deleted = sdk("ai_sec_profiles", "delete_ai_profile", profile_id=row["profile_id"])
        assert deleted == f"successfully deleted profileId: {row['profile_id']}"
    assert sdk.rows("ai_sec_profiles", "get_all_ai_profiles") == []


def test_a_profile_in_use_goes_by_force_only(sdk: ManagementSdk, emulator: Emulator) -> None:
    policies = [{"policy_id": NO_ID, "policy_name": "edge", "priority": 1}]
    emulator.settings(profile_delete_blocked_by={"bot": policies})
    profile_id = create_profile(sdk)["profile_id"]
    refusal = sdk.refusal("ai_sec_profiles", "delete_ai_profile", profile_id=profile_id)
    assert refusal.status_code == 409
    deleted = sdk("ai_sec_profiles", "force_delete_ai_profile", profile_id=profile_id, updated_by="me")
    assert deleted == f"successfully force deleted profileId: {profile_id}"


def test_a_name_is_taken_once(sdk: ManagementSdk) -> None:
    create_profile(sdk)
    arguments = {"profile_name": "bot", "revision": 1, "policy": NOTHING}
    assert sdk.refusal("ai_sec_profiles", "create_new_ai_profile", **arguments).status_code == 409


# --- where the SDK and what live tenants are reported to send disagree -----------------------------------------------


@pytest.mark.parametrize("listing", LEFT_OUT, ids=lambda listing: str(listing[0]))
def test_models_leave_out_these_members(sdk: ManagementSdk, tenant: Tenant, listing: tuple[str, str, str]) -> None:
    resource, method, path = listing
    create_key(sdk)
    create_topic(sdk)
    create_profile(sdk, NOTHING)
    sent = next(rows for rows in tenant.call("GET", path).values() if isinstance(rows, list))
    read = sdk.rows(resource, method)
    assert len(sent) == len(read) > 0
    pairs = zip(sent, read, strict=True)
    lost = {name for raw, row in pairs for name in raw.keys() - row.keys() if raw[name] is not None}
    assert lost == LEFT_OUT[listing]
    assert is_part_of(read, sent)


@pytest.mark.parametrize("configuration", DROPPED.values(), ids=DROPPED)
def test_models_drop_these_protections(sdk: ManagementSdk, tenant: Tenant, configuration: JsonObject) -> None:
    policy = policy_of(configuration)
    tenant.call("POST", "profile", json={"profile_name": "bot", "policy": policy})
    (row,) = sdk.rows("ai_sec_profiles", "get_all_ai_profiles")
    assert is_part_of(policy, tenant.profiles("bot")[0]["policy"])
    assert not is_part_of(policy, row["policy"])


def test_what_is_written_back_through_models_has_the_severities_of_the_service(
    sdk: ManagementSdk, tenant: Tenant
) -> None:
    written = policy_of({"model-protection": [{"name": "prompt-injection", "action": "block", "severity": "critical"}]})
    tenant.call("POST", "profile", json={"profile_name": "bot", "policy": written})
    (row,) = sdk.rows("ai_sec_profiles", "get_all_ai_profiles")
    members = {name: row[name] for name in ("profile_id", "profile_name", "revision", "policy")}
    sdk("ai_sec_profiles", "update_ai_profile", **members)
    (newest, _first) = tenant.profiles("bot")
    (profile,) = newest["policy"]["ai-security-profiles"]
    (protection,) = profile["model-configuration"]["model-protection"]
    assert (protection["action"], protection["severity"]) == ("block", "medium")


def test_rows_of_a_live_tenant_are_read(sdk: ManagementSdk, emulator: Emulator) -> None:
    emulator.seed(live_tenant())
    rows = sdk.rows("ai_sec_profiles", "get_all_ai_profiles", offset=0, limit=100)
    assert [(row["profile_id"], row["revision"]) for row in rows] == [
        (row["profile_id"], row["revision"]) for row in live_rows()
    ]
    for listed, stored in zip(rows, live_rows(), strict=True):
        assert is_part_of(without_null(listed["policy"]), without_null(stored["policy"]))


@pytest.mark.parametrize("name", ["f-dlpnoname", "f-topicnull"])
def test_one_row_of_an_odd_form_makes_the_whole_list_unreadable(
    sdk: ManagementSdk, emulator: Emulator, name: str
) -> None:
    shapes = shaped_tenant()["tenants"][ACCOUNT.tsg_id]["ai_profiles"]
    (odd,) = [row for row in shapes if row["profile_name"] == name]
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"ai_profiles": [odd]}}})
    with pytest.raises(Exception, match="validation error"):
        sdk("ai_sec_profiles", "get_all_ai_profiles")


def test_an_empty_bucket_that_lists_as_null_makes_the_whole_list_unreadable(
    sdk: ManagementSdk, emulator: Emulator
) -> None:
    policy = guarding(create_topic(sdk))
    (guardrails,) = policy["ai-security-profiles"][0]["model-configuration"]["model-protection"]
    guardrails["topic-list"].append({"action": "allow", "topic": []})
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"ai_profiles": [{"profile_name": "bot", "policy": policy}]}}})
    assert len(sdk.rows("ai_sec_profiles", "get_all_ai_profiles")) == 1
    emulator.settings(null_topics=True)
    with pytest.raises(Exception, match="topic"):
        sdk("ai_sec_profiles", "get_all_ai_profiles")
