# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
import requests
from support.emulator import Emulator
from support.raw_api import EMPTY_POLICY, RawApi, key_body

# What an older description and the project's own guides call the routes, and removed ones.
UNKNOWN = [
    ("POST", "api-key"),
    ("GET", "api-key"),
    ("DELETE", "api-key"),
    ("POST", "api-key/1/regenerate"),
    ("POST", "apikey/1/regenerate"),
    ("POST", "apikey/autorotate/1"),
    ("GET", "ai-sec-profile"),
    ("POST", "ai-sec-profile"),
    ("GET", "custom-topic"),
    ("POST", "custom-topic"),
    ("DELETE", "topic/force/1"),
    ("GET", "topic/1"),
    ("GET", "customer-app"),
    ("PUT", "customer-app/1"),
    ("POST", "customerapp"),
    ("GET", "dlp-profile"),
    ("GET", "deployment-profile"),
    ("POST", "oauth/invalidateToken"),
    ("PATCH", "topics"),
    ("GET", "topics/"),
]


@pytest.mark.parametrize(("method", "path"), UNKNOWN)
def test_an_unknown_management_route_is_denied_not_missing(api: RawApi, method: str, path: str) -> None:
    answer = api.call(method, path)
    assert answer.status_code == 403
    assert answer.json() == {"status_code": 403, "error_message": "Access denied"}


@pytest.mark.parametrize("path", ["/aisec", "/aisec/", "/aisec/v1", "/aisec/v2/mgmt/topics"])
def test_whatever_is_below_aisec_is_denied_unless_known(api: RawApi, path: str) -> None:
    assert api.session.get(api.emulator.url + path, timeout=10).status_code == 403


@pytest.mark.parametrize("path", ["/", "/v1/oauth/token", "/v2/scan", "/docs", "/openapi.json"])
def test_elsewhere_an_unknown_route_does_not_exist(emulator: Emulator, path: str) -> None:
    answer = requests.get(emulator.url + path, timeout=10)
    assert (answer.status_code, list(answer.json()["error"])) == (404, ["message"])


def test_an_unknown_route_is_not_shown_to_strangers(emulator: Emulator) -> None:
    assert requests.get(f"{emulator.base_url}/v1/mgmt/nothing", timeout=10).status_code == 401


@pytest.mark.parametrize("kind", ["profiles", "topics", "apikeys", "customerapp"])
def test_the_older_list_routes_name_the_tenant(api: RawApi, kind: str) -> None:
    api.profile("p")
    api.key("k")
    current = "customerapps" if kind == "customerapp" else kind
    aliased = api.get(f"{kind}/tsg/1000000001", offset=0, limit=100)
    assert aliased.status_code == 200
    assert aliased.json() == api.get(current, offset=0, limit=100).json()
    assert api.rows(current) != []


@pytest.mark.parametrize("query", [{}, {"offset": 0}, {"limit": 10}])
def test_the_older_list_routes_need_offset_and_limit(api: RawApi, query: dict[str, int]) -> None:
    assert api.get("profiles/tsg/1000000001", **query).status_code == 400


@pytest.mark.parametrize("kind", ["profiles", "topics", "apikeys", "customerapp"])
def test_the_older_list_routes_deny_a_foreign_tenant(api: RawApi, kind: str) -> None:
    assert api.get(f"{kind}/tsg/1000000002", offset=0, limit=100).status_code == 403


def test_creates_updates_and_deletes_answer_200(api: RawApi) -> None:
    topic = api.post("topic", {"topic_name": "t", "description": "d", "examples": []})
    profile = api.post("profile", {"profile_name": "p", "policy": EMPTY_POLICY})
    key = api.post("apikey", key_body("k"))
    app_id = api.rows("customerapps")[0]["customer_appId"]
    app = {"app_name": "app-k", "auth_code": "D0000001", "cloud_provider": "gcp", "environment": "dev"}
    answers = [
        topic,
        profile,
        key,
        api.put(f"topic/uuid/{topic.json()['topic_id']}", {"topic_name": "t"}),
        api.put(f"profile/uuid/{profile.json()['profile_id']}", {"profile_name": "p", "policy": EMPTY_POLICY}),
        api.put("customerapp", app, customer_app_id=app_id),
        api.delete(f"topic/{topic.json()['topic_id']}"),
        api.delete(f"profile/{profile.json()['profile_id']}"),
        api.delete("apikey/delete/k", updated_by="me"),
    ]
    assert [answer.status_code for answer in answers] == [200] * 9


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nonsense", b'{"topic_name": NaN}', b'{"n": 1e999}', b"\xff\xfe", b"[" * 100_000]
)
def test_malformed_json_is_400(api: RawApi, body: bytes) -> None:
    answer = api.call("POST", "topic", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["status_code"]) == (400, 400)


@pytest.mark.parametrize("body", [[], "text", 1, None])
def test_a_body_that_is_no_object_is_400(api: RawApi, body: object) -> None:
    assert api.post("topic", body).status_code == 400


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("topics", {"offset": -1}),
        ("topics", {"offset": 2**31}),
        ("topics", {"limit": 0}),
        ("topics", {"limit": 2**31}),
        ("topics", {"limit": "many"}),
        ("profiles", {"latest": "perhaps"}),
        ("deploymentprofiles", {"unactivated": "perhaps"}),
    ],
)
def test_a_query_parameter_out_of_its_bounds_is_400(api: RawApi, path: str, query: dict[str, object]) -> None:
    answer = api.get(path, **query)
    assert (answer.status_code, answer.json()["status_code"]) == (400, 400)


def test_every_refusal_has_status_code_and_error_message(api: RawApi) -> None:
    api.topic("t")
    answers = [
        api.post("topic", {}),
        api.post("topic", {"topic_name": "t"}),
        api.delete("profile/unknown"),
        api.get("unknown"),
    ]
    assert [answer.status_code for answer in answers] == [400, 409, 404, 403]
    for answer in answers:
        assert sorted(answer.json()) == ["error_message", "status_code"]
        assert answer.json()["status_code"] == answer.status_code


def test_a_refusal_does_not_repeat_what_was_sent(api: RawApi) -> None:
    answer = api.post("apikey", {**key_body("k"), "auth_code": ["S3CRET"]})
    assert answer.status_code == 400
    assert "S3CRET" not in answer.text


def test_tenants_do_not_see_each_other(api: RawApi, other_api: RawApi) -> None:
    topic, profile, key = api.topic("t"), api.profile("p"), api.key("k")
    assert {row["topic_name"] for row in other_api.rows("topics")} == {"Weather", "Sports"}
    assert [other_api.rows(kind) for kind in ("profiles", "apikeys", "customerapps")] == [[], [], []]
    assert {row["auth_code"] for row in other_api.rows("deploymentprofiles")} == {"D1000001", "D1000002"}
    statuses = [
        other_api.delete(f"topic/{topic['topic_id']}").status_code,
        other_api.put(f"profile/uuid/{profile['profile_id']}", {"profile_name": "p", "policy": {}}).status_code,
        other_api.delete("apikey/delete/k", updated_by="me").status_code,
        other_api.post("apikey", key_body("k")).status_code,
    ]
    assert statuses == [404, 404, 404, 400]
    rotation = {"rotation_time_interval": 1, "rotation_time_unit": "days"}
    assert other_api.post(f"apikey/regenerate/{key['api_key_id']}", rotation).status_code == 403


def test_both_tenants_may_use_the_same_names(api: RawApi, other_api: RawApi) -> None:
    mine, theirs = api.topic("t"), other_api.topic("t")
    assert (mine["tsg_id"], theirs["tsg_id"]) == ("1000000001", "1000000002")
    api.delete(f"topic/{mine['topic_id']}")
    assert "t" in {row["topic_name"] for row in other_api.rows("topics")}
