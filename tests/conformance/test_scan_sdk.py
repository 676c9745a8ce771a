# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation of the official scan SDK, by its synchronous and its asynchronous scanner."""

from __future__ import annotations

import inspect
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.emulator import Emulator, JsonObject
from support.official_sdks import ManagementSdk, ScanSdk, management_sdk, scan_sdk
from support.tasks import CLEAN, INJECTION

POLICY: JsonObject = {
    "ai-security-profiles": [
        {
            "model-type": "default",
            "model-configuration": {"model-protection": [{"name": "prompt-injection", "action": "block"}]},
        }
    ],
    "dlp-data-profiles": [],
}


@pytest.fixture
def key(sdk: ManagementSdk) -> JsonObject:
    """An API key, beside the security profile C(bot)."""
    sdk("ai_sec_profiles", "create_new_ai_profile", profile_name="bot", revision=1, policy=POLICY)
    key: JsonObject = sdk(
        "api_keys",
        "create_new_api_key",
        api_key_name="bot",
        cust_app="bot",
        auth_code="D0000001",
        created_by="me",
        rotation_time_interval=1,
        rotation_time_unit="days",
        cust_env="dev",
        cust_cloud_provider="aws",
    )
    return key


@pytest.fixture
def scanner(kind: str, emulator: Emulator, key: JsonObject) -> Iterator[ScanSdk]:
    with scan_sdk(kind, emulator, api_key=key["api_key"]) as scanner:
        yield scanner


def test_every_operation_of_the_sdk_is_tested() -> None:
    pytest.importorskip("aisecurity")
    from aisecurity.scan.asyncio.scanner import Scanner as AsyncScanner
    from aisecurity.scan.inline.scanner import Scanner

    here = Path(__file__).read_text(encoding="utf-8")
    operations = {name for kind in (Scanner, AsyncScanner) for name, member in vars(kind).items() if callable(member)}
    assert {name for name in operations - {"__init__", "close"} if f"scanner.{name}(" not in here} == set()
    assert inspect.isfunction(Scanner.sync_scan)


def test_a_scan_says_what_it_found(scanner: ScanSdk, emulator: Emulator) -> None:
    clean = scanner.sync_scan("bot", prompt=CLEAN, response="Press the button.")
    attack = scanner.sync_scan("bot", prompt=INJECTION)
    assert (clean["action"], clean["category"]) == ("allow", "benign")
    assert (attack["action"], attack["category"]) == ("block", "malicious")
    assert (attack["prompt_detected"], attack["profile_name"]) == ({"injection": True}, "bot")
    assert attack["report_id"] == f"R{attack['scan_id']}"
    assert ["python-sdk" in entry["user_agent"] for entry in emulator.journal("scan")] == [True, True]


def test_ids_and_metadata_of_the_client_are_taken(scanner: ScanSdk, emulator: Emulator) -> None:
    metadata = {"app_name": "bot", "app_user": "u-1", "ai_model": "m"}
    answer = scanner.sync_scan("bot", prompt=CLEAN, tr_id="t-1", session_id="s-1", metadata=metadata)
    assert (answer["tr_id"], answer["session_id"]) == ("t-1", "s-1")
    (entry,) = emulator.journal("scan")
    assert entry["body"]["metadata"] == metadata


def test_results_and_reports_of_a_batch_are_found_by_id(scanner: ScanSdk) -> None:
    receipt = scanner.async_scan("bot", CLEAN, INJECTION)
    results = scanner.query_by_scan_ids(receipt["scan_id"])
    while any(row["status"] == "pending" for row in results):
        time.sleep(1)
        results = scanner.query_by_scan_ids(receipt["scan_id"])
    assert {row["req_id"]: (row["status"], row["result"]["action"]) for row in results} == {
        1: ("complete", "allow"),
        2: ("complete", "block"),
    }
    reports = scanner.query_by_report_ids(receipt["report_id"])
    verdicts = {
        report["req_id"]: [(found["detection_service"], found["verdict"]) for found in report["detection_results"]]
        for report in reports
    }
    assert verdicts == {1: [("pi", "benign")], 2: [("pi", "malicious")]}


def test_a_token_scans_like_a_key(kind: str, emulator: Emulator, sdk: ManagementSdk, key: JsonObject) -> None:
    token = sdk(
        "oauth",
        "get_oauth_token",
        client_id="bot",
        customer_app=key["cust_app"],
        token_ttl_interval=1,
        token_ttl_unit="hours",
    )
    with scan_sdk(kind, emulator, api_token=token["access_token"]) as scanner:
        assert scanner.sync_scan("bot", prompt=INJECTION)["action"] == "block"


def test_a_key_that_was_deleted_is_refused(kind: str, emulator: Emulator, scanner: ScanSdk) -> None:
    from aisecurity.exceptions import AISecSDKException

    assert scanner.sync_scan("bot", prompt=CLEAN)["action"] == "allow"
    with management_sdk(kind, emulator) as sdk:
        sdk("api_keys", "delete_api_key", api_key_name="bot", updated_by="me")
    with pytest.raises(AISecSDKException, match="403"):
        scanner.sync_scan("bot", prompt=CLEAN)


def test_an_unknown_profile_is_refused(scanner: ScanSdk) -> None:
    from aisecurity.exceptions import AISecSDKException

    with pytest.raises(AISecSDKException, match="400"):
        scanner.sync_scan("nobody", prompt=CLEAN)
