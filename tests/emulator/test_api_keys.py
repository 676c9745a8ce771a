# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from support.raw_api import JsonObject, RawApi, key_body

ROTATION = {"rotation_time_interval": 30, "rotation_time_unit": "days"}


def can_scan(api: RawApi, secret: str) -> int:
    body = {"ai_profile": {"profile_name": "p"}, "contents": [{"prompt": "hello"}]}
    return api.scan_request("POST", "sync/request", secret, json=body).status_code


def test_a_created_key_shows_its_secret_once(api: RawApi) -> None:
    key = api.key("k")
    assert len(key["api_key"]) >= 32
    assert key["api_key_last8"] == key["api_key"][-8:]
    assert key["api_key"] not in api.get("apikeys").text
    assert "api_key" not in api.rows("apikeys")[0]


def test_a_listed_key_is_the_created_one_without_the_secret(api: RawApi) -> None:
    key = api.key("k", cust_ai_agent_framework="langchain")
    del key["api_key"]
    assert api.rows("apikeys") == [key]
    expected = {
        "api_key_name": "k",
        "auth_code": "D0000001",
        "dp_name": "dp-production",
        "cust_app": "app-k",
        "cust_env": "dev",
        "cust_cloud_provider": "aws",
        "cust_ai_agent_framework": "langchain",
        "created_by": "tester",
        "revoked": False,
        "status": "active",
        "rotation_time_interval": 30,
        "rotation_time_unit": "days",
        "csp_id": "9000000001",
        "tsg_id": "1000000001",
    }
    assert key.items() >= expected.items()


def test_the_secret_of_a_client_is_not_used(api: RawApi) -> None:
    assert api.key("k", api_key="my own")["api_key"] != "my own"


def test_a_key_makes_its_customer_app(api: RawApi) -> None:
    key = api.key("k", cust_app="shop")
    (app,) = api.rows("customerapps")
    assert app == {
        "customer_appId": key["customer_appId"],
        "tsg_id": "1000000001",
        "app_name": "shop",
        "model_name": "default",
        "cloud_provider": "aws",
        "environment": "dev",
        "ai_agent_framework": "",
        "api_keys_dp_info": [{"api_key_name": "k", "dp_name": "dp-production", "auth_code": "D0000001"}],
    }


def test_a_second_key_joins_the_app_of_the_same_auth_code(api: RawApi) -> None:
    first, second = api.key("k1", cust_app="shop"), api.key("k2", cust_app="shop", cust_env="prod")
    (app,) = api.rows("customerapps")
    assert first["customer_appId"] == second["customer_appId"] == app["customer_appId"]
    assert {info["api_key_name"] for info in app["api_keys_dp_info"]} == {"k1", "k2"}
    assert app["environment"] == "prod"


@pytest.mark.parametrize(
    "change",
    [
        {"cust_env": None},
        {"cust_cloud_provider": None},
        {"cust_env": ""},
        {"cust_app": "taken", "auth_code": "D0000002"},
    ],
)
def test_what_cannot_be_an_app_is_refused_without_an_explanation(api: RawApi, change: JsonObject) -> None:
    api.key("first", cust_app="taken")
    answer = api.post("apikey", {**key_body("k"), **change})
    assert answer.status_code == 400
    assert answer.json()["error_message"] == "Error inserting/updating customer app record"
    assert len(api.rows("apikeys")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"api_key_name": ""},
        {"api_key_name": "k" * 32},
        {"auth_code": "D9999999"},
        {"revoked": True},
        {"revoked": "false"},
        {"created_by": "c" * 101},
        {"rotation_time_interval": 0},
        {"rotation_time_interval": 2**31},
        {"rotation_time_interval": "30"},
        {"rotation_time_interval": True},
        {"rotation_time_unit": "fortnights"},
        {"cust_app": ""},
    ],
)
def test_a_wrong_key_is_refused(api: RawApi, change: JsonObject) -> None:
    assert api.post("apikey", {**key_body("k"), **change}).status_code == 400
    assert api.rows("apikeys") == []


@pytest.mark.parametrize("member", [name for name in key_body("k") if name not in ("cust_env", "cust_cloud_provider")])
def test_a_key_without_a_required_member_is_refused(api: RawApi, member: str) -> None:
    body = key_body("k")
    del body[member]
    assert api.post("apikey", body).status_code == 400


def test_a_name_of_31_characters_is_accepted(api: RawApi) -> None:
    assert api.key("k" * 31)["api_key_name"] == "k" * 31


def test_a_name_is_used_once(api: RawApi) -> None:
    api.key("k")
    assert api.post("apikey", key_body("k")).status_code == 409


@pytest.mark.parametrize(
    ("interval", "unit", "expiration"),
    [
        (5, "hours", "2030-01-01T05:00:00Z"),
        (1, "days", "2030-01-02T00:00:00Z"),
        (1, "months", "2030-01-31T00:00:00Z"),
        (1, "years", "2031-01-01T00:00:00Z"),
        (2**31 - 1, "years", "2099-12-31T23:59:59Z"),
    ],
)
def test_a_key_expires_after_its_interval_or_with_the_licence(
    api: RawApi, interval: int, unit: str, expiration: str
) -> None:
    api.emulator.set_clock("2030-01-01T00:00:00Z")
    api.session.headers["Authorization"] = f"Bearer {api.token()}"
    key = api.key("k", rotation_time_interval=interval, rotation_time_unit=unit)
    assert key["expiration"][:16] == expiration[:16]
    assert key["lic_expiration"] == "2099-12-31T23:59:59Z"


def test_a_regenerated_key_has_a_new_id_and_secret_and_the_same_name(api: RawApi) -> None:
    old = api.key("k")
    new = api.post(f"apikey/regenerate/{old['api_key_id']}", {**ROTATION, "updated_by": "me"}).json()
    assert new["api_key_name"] == "k"
    assert new["updated_by"] == "me"
    assert new["api_key_id"] != old["api_key_id"]
    assert new["api_key"] != old["api_key"]
    assert new["api_key_last8"] == new["api_key"][-8:]
    assert [row["api_key_id"] for row in api.rows("apikeys")] == [new["api_key_id"]]


def test_the_old_secret_is_worthless_at_once(api: RawApi) -> None:
    api.profile("p")
    old = api.key("k")
    assert can_scan(api, old["api_key"]) == 200
    new = api.post(f"apikey/regenerate/{old['api_key_id']}", ROTATION).json()
    assert (can_scan(api, old["api_key"]), can_scan(api, new["api_key"])) == (403, 200)


def test_the_old_key_can_be_made_to_stay_listed_as_revoked(api: RawApi) -> None:
    api.profile("p")
    api.emulator.settings(keep_revoked_keys=True)
    old = api.key("k")
    new = api.post(f"apikey/regenerate/{old['api_key_id']}", ROTATION).json()
    revoked = {row["api_key_id"]: row["revoked"] for row in api.rows("apikeys")}
    assert revoked == {new["api_key_id"]: False, old["api_key_id"]: True}
    assert can_scan(api, old["api_key"]) == 403
    api.delete("apikey/delete/k", updated_by="me")
    assert api.rows("apikeys") == []


def test_a_regeneration_sets_the_next_expiration(api: RawApi) -> None:
    old = api.key("k", rotation_time_unit="hours")
    new = api.post(f"apikey/regenerate/{old['api_key_id']}", ROTATION).json()
    assert new["expiration"] > old["expiration"]


def test_regenerating_an_unknown_key_is_a_mismatch_not_missing(api: RawApi) -> None:
    answer = api.post("apikey/regenerate/unknown", ROTATION)
    assert (answer.status_code, answer.json()["error_message"]) == (403, "TsgID mismatch")


@pytest.mark.parametrize("body", [{}, {"rotation_time_interval": 1}, {**ROTATION, "rotation_time_unit": "weeks"}])
def test_a_regeneration_needs_to_know_the_rotation(api: RawApi, body: JsonObject) -> None:
    key = api.key("k")
    assert api.post(f"apikey/regenerate/{key['api_key_id']}", body).status_code == 400
    assert api.rows("apikeys")[0]["api_key_id"] == key["api_key_id"]


@pytest.mark.parametrize(
    ("name", "path"), [("a b", "a%20b"), ("a/b", "a%2Fb"), ("ä?#", "%C3%A4%3F%23"), ("50%", "50%25")]
)
def test_a_key_is_deleted_by_its_decoded_name(api: RawApi, name: str, path: str) -> None:
    api.key(name)
    assert api.delete(f"apikey/delete/{path}", updated_by="me").status_code == 200
    assert api.rows("apikeys") == []


def test_deleting_a_key_deletes_its_app(api: RawApi) -> None:
    api.profile("p")
    key = api.key("k")
    api.delete("apikey/delete/k", updated_by="me")
    assert api.rows("customerapps") == []
    assert can_scan(api, key["api_key"]) == 403


def test_an_app_stays_while_another_key_uses_it(api: RawApi) -> None:
    api.key("k1", cust_app="shop")
    api.key("k2", cust_app="shop")
    api.delete("apikey/delete/k1", updated_by="me")
    assert [app["app_name"] for app in api.rows("customerapps")] == ["shop"]
    api.delete("apikey/delete/k2", updated_by="me")
    assert api.rows("customerapps") == []


def test_a_first_key_activates_its_deployment_profile(api: RawApi) -> None:
    api.key("k", auth_code="D0000002")
    assert {row["dp_name"]: row["status"] for row in api.rows("deploymentprofiles")} == {
        "dp-production": "activated",
        "dp-unused": "activated",
    }


@pytest.mark.parametrize(("seconds", "status"), [(3500, 200), (3700, 403)])
def test_an_expired_key_does_not_scan(api: RawApi, seconds: int, status: int) -> None:
    api.profile("p")
    key = api.key("k", rotation_time_interval=1, rotation_time_unit="hours")
    api.emulator.advance_clock(seconds)
    assert can_scan(api, key["api_key"]) == status
