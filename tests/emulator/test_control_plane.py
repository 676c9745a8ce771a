# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest
import requests
from support.emulator import ACCOUNT, Emulator
from support.raw_api import JsonObject, RawApi, guardrails, key_body, policy

LOST = (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)


def control(emulator: Emulator, method: str, path: str, body: object = None) -> requests.Response:
    return requests.request(method, f"{emulator.url}/_emulator/{path}", json=body, timeout=10)


# --- health, reset, seed


def test_health_tells_version_and_process(emulator: Emulator) -> None:
    assert control(emulator, "GET", "health").json() == {"status": "ok", "version": "1.0.0", "pid": emulator.pid}


def test_a_reset_brings_everything_back_to_the_start(api: RawApi) -> None:
    emulator = api.emulator
    api.topic("t")
    emulator.settings(page_default=1)
    emulator.add_fault({"kind": "latency", "seconds": 9})
    emulator.advance_clock(10_000)
    emulator.reset()
    assert api.get("topics").status_code == 401
    assert len(emulator.journal()) == 1
    assert emulator.faults() == []
    assert emulator.settings()["page_default"] == 100
    assert {row["topic_name"] for row in RawApi(emulator).rows("topics")} == {"Weather", "Sports"}


def seed_of_everything() -> JsonObject:
    return {
        "deployment_profiles": [{"dp_name": "dp", "auth_code": "D5"}],
        "dlp_profiles": [{"name": "Ours", "id": "77"}],
        "custom_topics": [{"topic_name": "t", "topic_id": "t-1", "revision": 4, "examples": ["e"]}],
        "ai_profiles": [
            {"profile_name": "p", "policy": {}, "profile_id": "p-1"},
            {"profile_name": "p", "policy": policy(model=[]), "created_by": "me"},
        ],
        "customer_apps": [{"app_name": "lonely", "auth_code": "D5"}],
        "api_keys": [{"api_key_name": "k", "auth_code": "D5", "cust_app": "a", "api_key": "seeded-secret-0123456789"}],
    }


def test_a_seed_adds_objects_of_every_kind(api: RawApi) -> None:
    api.emulator.seed({"tenants": {"1000000001": seed_of_everything()}})
    assert "dp" in {row["dp_name"] for row in api.rows("deploymentprofiles")}
    assert {row["id"] for row in api.rows("dlpprofiles") if row["name"] == "Ours"} == {"77"}
    assert api.rows("topics")[0].items() >= {"topic_id": "t-1", "revision": 4, "examples": ["e"]}.items()
    assert [(row["revision"], row["created_by"]) for row in api.rows("profiles")] == [(2, "me"), (1, "test@test.com")]
    assert api.rows("profiles")[1]["profile_id"] == "p-1"
    assert {row["app_name"] for row in api.rows("customerapps")} == {"lonely", "a"}
    assert api.rows("apikeys")[0]["api_key_last8"] == "23456789"
    assert api.scan("seeded-secret-0123456789", {"profile_name": "p"}, prompt="hello")["action"] == "allow"


def test_a_seed_replaces_what_has_the_same_name(api: RawApi) -> None:
    document = {"tenants": {"1000000001": seed_of_everything()}}
    api.emulator.seed(document)
    api.emulator.seed(document)
    assert [row["topic_name"] for row in api.rows("topics")].count("t") == 1
    assert len(api.rows("apikeys")) == 1
    assert len(api.rows("customerapps")) == 2


def test_a_replacing_seed_empties_the_lists_that_it_names(api: RawApi) -> None:
    api.topic("t")
    api.profile("p")
    api.emulator.seed({"replace": True, "tenants": {"1000000001": {"custom_topics": [{"topic_name": "only"}]}}})
    assert [row["topic_name"] for row in api.rows("topics")] == ["only"]
    assert [row["profile_name"] for row in api.rows("profiles")] == ["p"]


def test_a_seed_can_make_a_new_tenant(emulator: Emulator) -> None:
    accounts = [{"client_id": "third", "client_secret": "s"}]
    emulator.seed({"tenants": {"1000000003": {"service_accounts": accounts, "custom_topics": [{"topic_name": "t"}]}}})
    answer = requests.post(
        emulator.token_url, data={"grant_type": "client_credentials"}, auth=("third", "s"), timeout=10
    ).json()
    assert answer["scope"] == "tsg_id:1000000003"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"tenants": {"abc": {}}},
        {"tenants": {"1000000001": {"topics": []}}},
        {"tenants": {"1000000001": {"custom_topics": [{}]}}},
        {"tenants": {"1000000001": {"api_keys": [{"api_key_name": "k", "auth_code": "none", "cust_app": "a"}]}}},
    ],
)
def test_a_wrong_seed_is_refused(emulator: Emulator, document: JsonObject) -> None:
    assert control(emulator, "POST", "seed", document).status_code == 400


# --- journal


def test_the_journal_tells_who_did_what(api: RawApi) -> None:
    api.emulator.clear_journal()
    api.session.headers["User-Agent"] = "the-client/1.0"
    api.topic("t", "d")
    api.get("topics", offset=0, limit=5)
    created, listed = api.emulator.journal("management")
    assert (
        created.items()
        >= {
            "plane": "management",
            "method": "POST",
            "path": "/aisec/v1/mgmt/topic",
            "status": 200,
            "tsg_id": "1000000001",
            "client_id": ACCOUNT.client_id,
            "body": {"topic_name": "t", "description": "d", "examples": []},
            "user_agent": "the-client/1.0",
        }.items()
    )
    assert listed.items() >= {"method": "GET", "query": {"offset": "0", "limit": "5"}, "body": None}.items()
    assert listed["n"] == created["n"] + 1
    assert created["time"].endswith("Z")


def test_the_journal_knows_the_planes(api: RawApi) -> None:
    key = api.key("k")
    api.profile("p")
    api.scan(key, {"profile_name": "p"}, prompt="hello")
    emulator = api.emulator
    assert [entry["path"] for entry in emulator.journal("token")] == ["/oauth2/access_token"]
    assert [entry["path"] for entry in emulator.journal("management")] == [
        "/aisec/v1/mgmt/apikey",
        "/aisec/v1/mgmt/profile",
    ]
    (scanned,) = emulator.journal("scan")
    assert (scanned["path"], scanned["tsg_id"], scanned["status"]) == ("/v1/scan/sync/request", "1000000001", 200)
    assert len(emulator.journal()) == 4
    assert control(emulator, "GET", "journal?plane=other").status_code == 400


def test_the_journal_holds_no_secret(api: RawApi) -> None:
    emulator = api.emulator
    form = {"grant_type": "client_credentials", "client_id": ACCOUNT.client_id, "client_secret": ACCOUNT.client_secret}
    token = requests.post(emulator.token_url, data=form, timeout=10).json()["access_token"]
    key = api.key("k", api_key="my-own-secret")
    api.post("oauth/invalidateToken", {"token": "t0ken", "deep": [{"client_secret": "s3cret"}]}, token="t0ken")
    api.profile("p")
    api.scan(key, {"profile_name": "p"}, prompt="hello")
    text = control(emulator, "GET", "journal").text
    secrets = [ACCOUNT.client_secret, token, key["api_key"], "D0000001", "my-own-secret", "t0ken", "s3cret"]
    assert [secret for secret in secrets if secret in text] == []
    assert emulator.journal("token")[-1]["body"] is None
    assert emulator.journal("management")[0]["body"]["auth_code"] == "********"
    assert emulator.journal("management")[0]["body"]["api_key_name"] == "k"


def test_the_journal_notes_refused_requests_too(api: RawApi) -> None:
    api.emulator.clear_journal()
    api.session.headers["Authorization"] = "Bearer wrong"
    api.get("topics")
    (entry,) = api.emulator.journal()
    assert (entry["status"], entry["tsg_id"], entry["client_id"]) == (401, None, None)


def test_a_cleared_journal_is_empty_and_the_control_plane_never_in_it(api: RawApi) -> None:
    api.topic("t")
    api.emulator.clear_journal()
    api.emulator.settings(page_default=5)
    assert api.emulator.journal() == []


# --- clock


def test_the_clock_goes_on_from_where_it_was_set(emulator: Emulator) -> None:
    assert emulator.set_clock("2031-05-06T07:08:09+00:00")[:17] == "2031-05-06T07:08:"
    assert emulator.advance_clock(3600)[:14] == "2031-05-06T08:"
    assert control(emulator, "GET", "clock").json()["now"][:14] == "2031-05-06T08:"


@pytest.mark.parametrize(
    "change", [{"now": "yesterday"}, {"advance_seconds": "1"}, {"advance_seconds": 1e300}, {"x": 1}]
)
def test_a_wrong_time_is_refused(emulator: Emulator, change: JsonObject) -> None:
    assert control(emulator, "PUT", "clock", change).status_code == 400


# --- settings


def test_every_switch_has_a_default_and_can_be_read(emulator: Emulator) -> None:
    assert emulator.settings() == {
        "fill_defaults": True,
        "canonicalise": False,
        "null_topics": False,
        "latest_default": False,
        "delete_body": "string",
        "next_offset_zero": False,
        "customerapp_get": 403,
        "page_default": 100,
        "page_max": 1000,
        "token_ttl_seconds": 899,
        "keep_revoked_keys": False,
        "topic_history": False,
        "topics_per_profile_max": 20,
        "async_batch_max": 25,
        "async_pending_seconds": 0.5,
        "scanlogs": 200,
        "profile_delete_blocked_by": {},
        "latency_seconds": 0.0,
    }


@pytest.mark.parametrize(
    "change",
    [{"unknown": 1}, {"delete_body": "html"}, {"page_max": 0}, {"canonicalise": "yes"}, {"latency_seconds": -1}, []],
)
def test_a_wrong_switch_is_refused_and_changes_nothing(emulator: Emulator, change: object) -> None:
    before = emulator.settings()
    assert control(emulator, "PATCH", "settings", change).status_code == 400
    assert emulator.settings() == before


def test_all_requests_can_be_slowed_down(api: RawApi) -> None:
    api.emulator.settings(latency_seconds=0.2)
    started = time.monotonic()
    api.get("topics")
    assert time.monotonic() - started >= 0.2


# --- faults


def test_a_status_fault_answers_instead_of_processing(api: RawApi) -> None:
    api.emulator.add_fault(
        {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}}, method="POST", path="/aisec/v1/mgmt/topic"
    )
    answer = api.post("topic", {"topic_name": "t"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert answer.json()["status_code"] == 429
    assert len(api.rows("topics")) == 2


def test_a_fault_happens_as_often_as_it_was_ordered(api: RawApi) -> None:
    api.emulator.add_fault({"kind": "status", "status": 503}, path="*/topics", times=2, skip=1)
    assert [api.get("topics").status_code for _number in range(5)] == [200, 503, 503, 200, 200]
    assert api.emulator.faults()[0]["hits"] == 2


def test_a_fault_without_end_lasts_until_it_is_cleared(api: RawApi) -> None:
    api.emulator.add_fault({"kind": "status", "status": 500}, times=None)
    assert {api.get("topics").status_code for _number in range(5)} == {500}
    api.emulator.clear_faults()
    assert api.get("topics").status_code == 200


def test_a_fault_is_for_matching_requests_only(api: RawApi) -> None:
    api.emulator.add_fault({"kind": "status", "status": 500}, method="DELETE", path="/aisec/*/topic/*", times=None)
    assert api.get("topics").status_code == 200
    assert api.delete("profile/x").status_code == 404
    assert api.delete("topic/x/force").status_code == 500


def test_faults_take_turns_in_the_order_in_which_they_were_set(api: RawApi) -> None:
    first = api.emulator.add_fault({"kind": "status", "status": 500})
    second = api.emulator.add_fault({"kind": "status", "status": 503})
    assert [api.get("topics").status_code for _number in range(3)] == [500, 503, 200]
    assert second == first + 1


def test_a_fault_can_choose_the_body(api: RawApi) -> None:
    api.emulator.add_fault({"kind": "status", "status": 502, "body": {"oops": True}})
    api.emulator.add_fault({"kind": "status", "status": 502, "body": "Bad gateway"})
    assert (api.get("topics").json(), api.get("topics").text) == ({"oops": True}, "Bad gateway")


@pytest.mark.parametrize("status", [409, 503])
def test_a_status_after_fault_answers_after_processing(api: RawApi, status: int) -> None:
    api.emulator.add_fault({"kind": "status_after", "status": status}, method="POST", path="*/apikey")
    assert api.post("apikey", key_body("k")).status_code == status
    assert [row["api_key_name"] for row in api.rows("apikeys")] == ["k"]


def test_a_dropped_connection_without_and_with_processing(api: RawApi) -> None:
    api.emulator.add_fault({"kind": "drop"}, method="POST")
    api.emulator.add_fault({"kind": "drop_after"}, method="POST")
    for _number in range(2):
        with pytest.raises(LOST):
            api.post("topic", {"topic_name": "t"})
    assert [row["topic_name"] for row in api.rows("topics")].count("t") == 1
    assert [entry["status"] for entry in api.emulator.writes()] == [None, None]


def test_a_latency_fault_delays_one_request(api: RawApi) -> None:
    api.emulator.add_fault({"kind": "latency", "seconds": 0.3})
    started = time.monotonic()
    assert api.get("topics").status_code == 200
    assert time.monotonic() - started >= 0.3


def test_a_slow_request_does_not_hold_up_others(api: RawApi) -> None:
    api.emulator.add_fault({"kind": "latency", "seconds": 5}, path="*/topics")
    with pytest.raises(requests.exceptions.ReadTimeout):
        api.session.get(f"{api.emulator.base_url}/v1/mgmt/topics", timeout=0.2)
    started = time.monotonic()
    api.get("profiles")
    assert time.monotonic() - started < 2


def test_a_truncated_answer_is_broken_json(api: RawApi) -> None:
    whole = api.get("topics").content
    api.emulator.add_fault({"kind": "truncate"})
    answer = api.get("topics")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.content == whole[: len(whole) // 2]
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_truncated_answer_can_end_before_its_announced_length(api: RawApi) -> None:
    api.emulator.add_fault({"kind": "truncate", "content_length": "full"})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.get("topics")
    assert api.get("topics").status_code == 200


def test_an_html_fault_answers_a_page(api: RawApi) -> None:
    api.emulator.add_fault({"kind": "html"})
    answer = api.get("topics")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_tokens_can_expire_in_the_middle_of_a_run(api: RawApi) -> None:
    api.emulator.add_fault({"kind": "expire_tokens"}, path="*/topics", skip=1)
    assert [api.get("topics").status_code for _number in range(3)] == [200, 401, 401]
    assert RawApi(api.emulator).get("topics").status_code == 200


def test_faults_reach_the_token_and_scan_planes_in_their_own_words(emulator: Emulator) -> None:
    emulator.add_fault({"kind": "status", "status": 503}, path="/oauth2/*")
    emulator.add_fault({"kind": "status", "status": 429}, path="/v1/scan/*")
    token = requests.post(emulator.token_url, timeout=10)
    scan = requests.get(f"{emulator.url}/v1/scan/results", timeout=10)
    assert (token.status_code, sorted(token.json())) == (503, ["error", "error_description"])
    assert (scan.status_code, sorted(scan.json()["error"])) == (429, ["message", "retry_after"])


def test_the_control_plane_suffers_no_faults(emulator: Emulator) -> None:
    emulator.add_fault({"kind": "status", "status": 500}, path="*", times=None)
    assert control(emulator, "GET", "health").status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"action": {"kind": "explode"}},
        {"action": {"kind": "status"}},
        {"action": {"kind": "status", "status": 99}},
        {"action": {"kind": "latency", "seconds": -1}},
        {"action": {"kind": "drop"}, "times": 0},
        {"action": {"kind": "drop"}, "verb": "GET"},
    ],
)
def test_a_wrong_fault_is_refused(emulator: Emulator, fault: JsonObject) -> None:
    assert control(emulator, "POST", "faults", fault).status_code == 400
    assert emulator.faults() == []


def test_a_topic_of_a_seeded_profile_is_held(api: RawApi) -> None:
    topic = {"topic_id": "t-9", "topic_name": "held", "revision": 1}
    objects = {
        "custom_topics": [topic],
        "ai_profiles": [{"profile_name": "p", "policy": policy(model=[guardrails(topic)])}],
    }
    api.emulator.seed({"tenants": {"1000000001": objects}})
    assert api.delete("topic/t-9").status_code == 409
