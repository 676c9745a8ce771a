# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
import requests
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Emulator
from support.raw_api import RawApi

FORM = {"grant_type": "client_credentials"}
BASIC = (ACCOUNT.client_id, ACCOUNT.client_secret)
PATHS = ["/oauth2/access_token", "/am/oauth2/access_token", "/auth/v1/oauth2/access_token"]


def ask(emulator: Emulator, **options: object) -> requests.Response:
    return requests.post(emulator.token_url, timeout=10, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", PATHS)
def test_every_known_path_of_the_token_service_issues_tokens(emulator: Emulator, path: str) -> None:
    answer = requests.post(emulator.url + path, data=FORM, auth=BASIC, timeout=10)
    token = answer.json()["access_token"]
    listed = requests.get(
        f"{emulator.base_url}/v1/mgmt/topics", headers={"Authorization": f"Bearer {token}"}, timeout=10
    )
    assert (answer.status_code, listed.status_code) == (200, 200)


def test_credentials_may_come_as_form_fields(emulator: Emulator) -> None:
    form = {**FORM, "client_id": ACCOUNT.client_id, "client_secret": ACCOUNT.client_secret}
    assert ask(emulator, data=form).status_code == 200


def test_a_token_answer_says_type_lifetime_and_tenant(emulator: Emulator) -> None:
    answer = ask(emulator, data=FORM, auth=BASIC).json()
    del answer["access_token"]
    assert answer == {"token_type": "Bearer", "expires_in": 899, "scope": "tsg_id:1000000001"}


@pytest.mark.parametrize("scope", ["tsg_id:1000000001", "profile tsg_id:1000000001"])
def test_a_scope_that_names_the_own_tenant_is_accepted(emulator: Emulator, scope: str) -> None:
    answer = ask(emulator, data={**FORM, "scope": scope}, auth=BASIC)
    assert answer.json()["scope"] == scope


def test_a_scope_without_tenant_means_the_own_tenant(emulator: Emulator) -> None:
    answer = ask(emulator, data={**FORM, "scope": "profile"}, auth=BASIC)
    assert answer.json()["scope"] == "profile tsg_id:1000000001"


def test_a_scope_with_a_foreign_tenant_is_refused(emulator: Emulator) -> None:
    answer = ask(emulator, data={**FORM, "scope": "tsg_id:1000000002"}, auth=BASIC)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_an_account_may_act_on_the_further_tenants_that_it_was_given(emulator: Emulator) -> None:
    account = {"client_id": "parent", "client_secret": "s", "tsg_ids": ["1000000002"]}
    emulator.seed({"tenants": {"1000000001": {"service_accounts": [account]}}})
    answer = ask(emulator, data={**FORM, "scope": "tsg_id:1000000002"}, auth=("parent", "s"))
    api = RawApi(emulator)
    api.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    assert {row["tsg_id"] for row in api.rows("topics")} == {"1000000002"}


@pytest.mark.parametrize(
    "auth",
    [
        (ACCOUNT.client_id, "wrong"),
        ("nobody", "emulator-secret"),
        (ACCOUNT.client_id, OTHER_ACCOUNT.client_secret),
        None,
    ],
)
def test_wrong_or_missing_credentials_are_an_invalid_client(emulator: Emulator, auth: tuple[str, str] | None) -> None:
    answer = ask(emulator, data=FORM, auth=auth)
    assert answer.status_code == 401
    assert answer.json() == {"error": "invalid_client", "error_description": "Client authentication failed"}


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"data": {"scope": "profile"}}, "invalid_request"),
        ({"data": {"grant_type": "password"}}, "unsupported_grant_type"),
        ({"json": FORM}, "invalid_request"),
        ({"data": FORM, "headers": {"Content-Type": "text/plain"}}, "invalid_request"),
    ],
)
def test_a_malformed_token_request_is_400(emulator: Emulator, options: dict[str, object], error: str) -> None:
    answer = ask(emulator, auth=BASIC, **options)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_get_is_no_way_to_a_token(emulator: Emulator) -> None:
    assert requests.get(emulator.token_url, timeout=10).status_code == 405


@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Basic eDp5", "Bearer"])
def test_the_management_api_asks_for_a_valid_bearer_token(emulator: Emulator, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = requests.get(f"{emulator.base_url}/v1/mgmt/topics", headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["status_code"]) == (401, 401)


def test_the_management_api_does_not_take_an_api_key(api: RawApi) -> None:
    key = api.key("k")["api_key"]
    url = f"{api.emulator.base_url}/v1/mgmt/topics"
    assert requests.get(url, headers={"x-pan-token": key}, timeout=10).status_code == 401


def test_a_token_expires_after_its_lifetime(api: RawApi) -> None:
    api.emulator.advance_clock(898)
    before = api.get("topics").status_code
    api.emulator.advance_clock(2)
    assert (before, api.get("topics").status_code) == (200, 401)


def test_the_lifetime_of_tokens_can_be_set(emulator: Emulator) -> None:
    emulator.settings(token_ttl_seconds=5)
    assert ask(emulator, data=FORM, auth=BASIC).json()["expires_in"] == 5
    api = RawApi(emulator)
    emulator.advance_clock(6)
    assert api.get("topics").status_code == 401


def test_expiring_all_tokens_leaves_new_ones_valid(api: RawApi) -> None:
    api.emulator.expire_tokens()
    assert api.get("topics").status_code == 401
    assert RawApi(api.emulator).get("topics").status_code == 200


def test_an_application_token_comes_in_the_form_of_the_gateway_that_makes_it(api: RawApi) -> None:
    api.key("k", cust_app="shop")
    answer = api.post("oauth/client_credential/accesstoken", {"client_id": "c", "customer_app": "shop"}).json()
    assert answer.pop("access_token")
    assert int(answer.pop("issued_at")) > 1_700_000_000_000
    assert answer == {"token_type": "Bearer", "client_id": "c", "expires_in": "86400", "status": "approved"}


@pytest.mark.parametrize(
    ("interval", "unit", "seconds"), [(3, "hours", "10800"), (2, "days", "172800"), (90, "minutes", "5400")]
)
def test_the_lifetime_of_an_application_token_can_be_chosen(
    api: RawApi, interval: int, unit: str, seconds: str
) -> None:
    api.key("k", cust_app="shop")
    body = {"client_id": "c", "customer_app": "shop"}
    answer = api.post("oauth/client_credential/accesstoken", body, tokenTtlInterval=interval, tokenTtlUnit=unit)
    assert answer.json()["expires_in"] == seconds


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ({"customer_app": "shop"}, {}),
        ({"client_id": "c", "customer_app": "unknown"}, {}),
        ({"client_id": "c", "customer_app": "shop"}, {"tokenTtlUnit": "fortnights"}),
        ({"client_id": "c", "customer_app": "shop"}, {"tokenTtlInterval": 0}),
        ({"client_id": "c", "customer_app": "shop"}, {"tokenTtlInterval": 2**31}),
    ],
)
def test_a_wrong_request_for_an_application_token_is_400(
    api: RawApi, body: dict[str, str], query: dict[str, object]
) -> None:
    api.key("k", cust_app="shop")
    answer = api.post("oauth/client_credential/accesstoken", body, **query)
    assert (answer.status_code, answer.json()["status_code"]) == (400, 400)


def test_an_application_token_scans_but_does_not_manage(api: RawApi) -> None:
    api.key("k", cust_app="shop")
    api.profile("p")
    token = api.post("oauth/client_credential/accesstoken", {"client_id": "c", "customer_app": "shop"}).json()
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    body = {"ai_profile": {"profile_name": "p"}, "contents": [{"prompt": "hello"}]}
    assert api.scan_request("POST", "sync/request", None, headers=bearer, json=body).status_code == 200
    assert requests.get(f"{api.emulator.base_url}/v1/mgmt/topics", headers=bearer, timeout=10).status_code == 401


def test_a_management_token_does_not_scan(api: RawApi) -> None:
    bearer = {"Authorization": str(api.session.headers["Authorization"])}
    answer = api.scan_request("POST", "sync/request", None, headers=bearer, json={})
    assert answer.status_code == 403
