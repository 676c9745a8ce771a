# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications become hosts, each under a name of its own that means nothing else to Ansible."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._engine.session import Snapshot
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import API_KEY, CUSTOMER_APP
from ansible_collections.panw.airs.plugins.module_utils._service.resource import Resource
from ansible_collections.panw.airs.plugins.plugin_utils._applications import Application, applications, host_names


def app(name: str, id_: str = "id") -> Application:
    return Application(
        app_name=name,
        customer_app_id=id_,
        tsg_id="",
        environment="",
        cloud_provider="",
        ai_agent_framework="",
        model_name="",
        deployment_profiles=[],
        api_keys=[],
    )


def names(*found: Application, prefix: str = "", reserved: set[str] | None = None) -> list[str]:
    return host_names(found, prefix, reserved or set())


@pytest.mark.parametrize("name", ["support-bot", "Bot_2.1", "größe", "2024"])
def test_a_name_that_ansible_can_take_stays_as_it_is(name: str) -> None:
    assert names(app(name)) == [name]


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("support bot", "support_bot"),
        ("a,b:c;d", "a_b_c_d"),
        ("!x", "_x"),
        ("web[1:3]*?", "web_1_3___"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("{{ 1 + 1 }}", "___1___1___"),
        ("@file", "_file"),
    ],
)
def test_patterns_templates_and_paths_become_names(name: str, host: str) -> None:
    assert names(app(name)) == [host]


def test_names_that_become_the_same_get_the_id_and_one_that_was_like_this_keeps_its_own() -> None:
    assert names(app("a b", "1"), app("a_b", "2"), app("a:b", "3")) == ["a_b_1", "a_b", "a_b_3"]


def test_applications_of_one_name_stay_apart() -> None:
    assert names(app("a", "1"), app("a", "2")) == ["a_1", "a_2"]


def test_reserved_names_get_the_id() -> None:
    assert names(app("all", "1"), app("b", "2"), reserved={"all"}) == ["all_1", "b"]


def test_the_prefix_comes_before_reserved_names_are_looked_at() -> None:
    assert names(app("all"), app("a b"), prefix="eu-", reserved={"all"}) == ["eu-all", "eu-a_b"]


class _Session:
    """Lists what it is given."""

    def __init__(self, apps: list[dict[str, Any]], keys: list[dict[str, Any]]) -> None:
        self._rows = {CUSTOMER_APP: apps, API_KEY: keys}

    def snapshot(self, resource: Resource) -> Snapshot:
        return Snapshot(resource, self._rows[resource])


@pytest.mark.parametrize("key", [{"customer_appId": "1"}, {"customer_appId": None, "dp_name": None}])
@pytest.mark.parametrize("listed", [[{"api_key_name": "k", "dp_name": "dp", "auth_code": "D1"}], None])
def test_a_key_is_found_by_its_application_or_the_other_way_round(key: dict[str, Any], listed: Any) -> None:
    row = {"customer_appId": "1", "app_name": "a", "api_keys_dp_info": listed}
    other = {"customer_appId": "2", "app_name": "b", "api_keys_dp_info": []}
    key = {
        "api_key_name": "k",
        "api_key_id": "7",
        "api_key_last8": "12345678",
        "dp_name": "dp",
        "auth_code": "D1",
        **key,
    }
    first, second = applications(_Session([other, row], [key]))  # type: ignore[arg-type]  # all it needs of a session
    known = bool(listed or key["customer_appId"])
    assert [found["id"] for found in first["api_keys"]] == ["7"] * known
    assert first["deployment_profiles"] == ["dp"] * known
    assert "D1" not in str(first)
    assert (second["app_name"], second["api_keys"]) == ("b", [])
