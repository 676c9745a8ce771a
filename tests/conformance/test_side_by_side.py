# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official SDKs and the modules of the collection on one tenant: each sees what the other made."""

from __future__ import annotations

from support.emulator import Emulator, JsonObject
from support.official_sdks import ManagementSdk, is_part_of, scan_sdk
from support.playbook import Controller
from support.tasks import API_KEY, INJECTION, TOPIC, api_key, custom_topic, security_profile, task
from support.tenant import Tenant

PROTECTIONS: JsonObject = {
    "prompt_injection": "block",
    "toxic_content": {"high": "block", "moderate": "allow"},
    "topics": {"default": "allow", "block": ["advice"]},
    "urls": {"default": "block", "block": ["phishing"]},
    "data_leak": {"profiles": ["IP Addresses"], "action": "block", "mask_inline": True},
    "agent_security": "block",
    "latency": {"max_seconds": 5, "on_timeout": "block"},
}


def make_with_sdk(sdk: ManagementSdk) -> None:
    """What the tasks of the next test ask for, in the words of the SDK."""
    topic = sdk("custom_topics", "create_new_custom_topic", topic_name="advice", revision=1, **TOPIC)
    pinned = {name: topic[name] for name in ("topic_name", "topic_id", "revision")}
    (dlp,) = [row for row in sdk.rows("dlp_profiles", "get_all_dlp_profiles") if row["name"] == "IP Addresses"]
    member = {"text": dlp["name"], "id": dlp["id"], "version": dlp["version"]}
    configuration = {
        "latency": {"inline-timeout-action": "block", "max-inline-latency": 5},
        "data-protection": {
            "data-leak-detection": {"member": [member], "action": "block", "mask-data-inline": True},
        },
        "app-protection": {
            "block-url-category": {"member": ["phishing"]},
            "default-url-category": {"member": ["malicious"]},
            "url-detected-action": "block",
        },
        "model-protection": [
            {"name": "prompt-injection", "action": "block"},
            {"name": "toxic-content", "action": "high:block, moderate:allow"},
            {
                "name": "topic-guardrails",
                "action": "allow",
                "topic-list": [{"action": "block", "topic": [pinned]}],
            },
        ],
        "agent-protection": [{"name": "agent-security", "action": "block"}],
    }
    profiles = [{"model-type": "default", "model-configuration": configuration}]
    policy = {"ai-security-profiles": profiles, "dlp-data-profiles": [dlp]}
    sdk("ai_sec_profiles", "create_new_ai_profile", profile_name="bot", revision=1, policy=policy)
    sdk(
        "api_keys",
        "create_new_api_key",
        api_key_name="bot",
        cust_app=API_KEY["customer_app"],
        auth_code="D0000001",
        created_by="me",
        rotation_time_interval=API_KEY["rotation_time_interval"],
        rotation_time_unit=API_KEY["rotation_time_unit"],
        cust_env=API_KEY["environment"],
        cust_cloud_provider=API_KEY["cloud_provider"],
    )


TASKS = [
    custom_topic("topic", {"name": "advice", **TOPIC}),
    security_profile("profile", {"name": "bot", **PROTECTIONS}),
    api_key("key", {"name": "bot", **API_KEY}),
    task(
        "app",
        "airs_customer_app",
        {"name": API_KEY["customer_app"], "environment": API_KEY["environment"]},
    ),
]


def test_what_the_sdk_made_is_unchanged_by_the_modules(
    sdk: ManagementSdk, controller: Controller, emulator: Emulator
) -> None:
    make_with_sdk(sdk)
    emulator.clear_journal()
    run = controller.play(*TASKS)
    assert {name: run[name]["changed"] for name in ("topic", "profile", "key", "app")} == {
        "topic": False,
        "profile": False,
        "key": False,
        "app": False,
    }
    assert emulator.writes() == []


def test_what_the_modules_made_is_read_by_the_sdk(sdk: ManagementSdk, controller: Controller, tenant: Tenant) -> None:
    key_with_file = api_key("key", {"name": "bot", **API_KEY, "secret_path": str(controller.folder / "secret")})
    run = controller.play(*TASKS[:2], key_with_file)
    assert all(run[name]["changed"] for name in ("topic", "profile", "key"))
    (topic,) = [row for row in sdk.rows("custom_topics", "get_all_custom_topics") if row["topic_name"] == "advice"]
    assert topic.items() >= {**TOPIC, "topic_id": run["topic"]["custom_topic"]["topic_id"], "revision": 1}.items()
    (profile,) = sdk.rows("ai_sec_profiles", "get_all_ai_profiles")
    policy = tenant.profiles("bot")[0]["policy"]
    assert is_part_of(profile["policy"], policy)
    (read,), (written,) = profile["policy"]["ai-security-profiles"], policy["ai-security-profiles"]
    assert read["model-configuration"].keys() == written["model-configuration"].keys()
    (key,) = sdk.rows("api_keys", "get_all_api_keys")
    assert (key["api_key_name"], key["cust_app"], key["auth_code"]) == ("bot", API_KEY["customer_app"], "D0000001")


def test_a_profile_changed_by_a_module_scans_differently_in_the_sdk(
    sdk: ManagementSdk, kind: str, controller: Controller, emulator: Emulator
) -> None:
    secret = controller.folder / "secret"
    key_with_file = api_key("key", {"name": "bot", **API_KEY, "secret_path": str(secret)})
    controller.play(security_profile("profile", {"name": "bot", "prompt_injection": "block"}), key_with_file)
    with scan_sdk(kind, emulator, api_key=secret.read_text(encoding="utf-8").strip()) as scanner:
        assert scanner.sync_scan("bot", prompt=INJECTION)["action"] == "block"
        controller.play(security_profile("profile", {"name": "bot", "prompt_injection": "allow"}))
        assert scanner.sync_scan("bot", prompt=INJECTION)["action"] == "allow"
