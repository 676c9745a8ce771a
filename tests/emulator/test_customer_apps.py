# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from support.raw_api import JsonObject, RawApi

FULL = {"app_name": "shop", "auth_code": "D0000001", "cloud_provider": "gcp", "environment": "prod"}


def app_of(api: RawApi, name: str = "shop") -> JsonObject:
    api.key(f"key-of-{name}", cust_app=name, cust_ai_agent_framework="langchain")
    return api.rows("customerapps")[0]


def test_a_single_app_is_denied_even_when_it_exists(api: RawApi) -> None:
    app_of(api)
    answer = api.get("customerapp", app_name="shop")
    assert (answer.status_code, answer.json()["status_code"]) == (403, 403)


def test_a_single_app_can_be_made_readable(api: RawApi) -> None:
    app_of(api)
    api.emulator.settings(customerapp_get=200)
    assert api.get("customerapp", app_name="shop").json()["status"] == "completed"
    assert api.get("customerapp", app_name="unknown").status_code == 404
    assert api.get("customerapp").status_code == 400


def test_an_update_replaces_the_app_and_answers_more_than_the_list(api: RawApi) -> None:
    app = app_of(api)
    answer = api.put("customerapp", {**FULL, "updated_by": "me"}, customer_app_id=app["customer_appId"]).json()
    assert answer == {
        "customer_appId": app["customer_appId"],
        "tsg_id": "1000000001",
        "app_name": "shop",
        "model_name": "default",
        "cloud_provider": "gcp",
        "environment": "prod",
        "ai_agent_framework": "",
        "status": "completed",
        "created_by": "tester",
        "updated_by": "me",
    }
    (row,) = api.rows("customerapps")
    assert (row["cloud_provider"], row["environment"], row["ai_agent_framework"]) == ("gcp", "prod", "")
    assert not {"status", "created_by", "updated_by"} & set(row)


def test_the_keys_of_an_app_follow_its_update(api: RawApi) -> None:
    app = app_of(api)
    api.put("customerapp", {**FULL, "app_name": "store"}, customer_app_id=app["customer_appId"])
    key = api.rows("apikeys")[0]
    assert (key["cust_app"], key["cust_env"], key["cust_cloud_provider"]) == ("store", "prod", "gcp")


@pytest.mark.parametrize("member", list(FULL))
def test_an_update_needs_the_whole_app_and_its_auth_code(api: RawApi, member: str) -> None:
    app = app_of(api)
    body = {name: value for name, value in FULL.items() if name != member}
    assert api.put("customerapp", body, customer_app_id=app["customer_appId"]).status_code == 400


def test_an_update_with_another_auth_code_is_refused(api: RawApi) -> None:
    app = app_of(api)
    body = {**FULL, "auth_code": "D0000002"}
    assert api.put("customerapp", body, customer_app_id=app["customer_appId"]).status_code == 400


def test_an_update_does_not_take_over_the_name_of_another_app(api: RawApi) -> None:
    app_of(api, "other")
    app = app_of(api)
    body = {**FULL, "app_name": "other"}
    assert api.put("customerapp", body, customer_app_id=app["customer_appId"]).status_code == 409


def test_an_unknown_app_is_404_and_an_unnamed_one_400(api: RawApi) -> None:
    assert api.put("customerapp", FULL, customer_app_id="unknown").status_code == 404
    assert api.put("customerapp", FULL).status_code == 400


def test_deleting_an_app_deletes_its_keys(api: RawApi) -> None:
    app_of(api)
    api.key("second", cust_app="shop")
    api.key("other", cust_app="other")
    api.delete("customerapp", app_name="shop", updated_by="me")
    assert [key["api_key_name"] for key in api.rows("apikeys")] == ["other"]
    assert [app["app_name"] for app in api.rows("customerapps")] == ["other"]
