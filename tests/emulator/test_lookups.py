# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from support.raw_api import JsonObject, RawApi


def names(api: RawApi, **query: str) -> list[str]:
    return [row["dp_name"] for row in api.rows("deploymentprofiles", **query)]


def test_deployment_profiles_are_one_activated_and_one_not(api: RawApi) -> None:
    answer = api.get("deploymentprofiles").json()
    assert isinstance(answer["status"], str)
    rows = [(row["dp_name"], row["auth_code"], row["status"]) for row in answer["deployment_profiles"]]
    assert rows == [("dp-production", "D0000001", "activated"), ("dp-unused", "D0000002", "init")]


def test_the_expiration_of_a_deployment_profile_is_written_as_go_writes_it(api: RawApi) -> None:
    expirations = {row["expiration_date"] for row in api.rows("deploymentprofiles")}
    assert expirations == {"2099-12-31 23:59:59 +0000 UTC"}


def test_text_records_that_a_deployment_profile_does_not_count_are_left_out(api: RawApi) -> None:
    rows: list[JsonObject] = [
        {"dp_name": name, "auth_code": name, "ave_text_records": records} for name, records in (("a", None), ("b", 7))
    ]
    api.emulator.seed({"tenants": {"1000000001": {"deployment_profiles": rows}}})
    assert [row.get("ave_text_records", "absent") for row in api.rows("deploymentprofiles")] == [
        "absent",
        "absent",
        "absent",
        7,
    ]


def test_unactivated_limits_the_list_to_what_is_free_to_use(api: RawApi) -> None:
    assert names(api, unactivated="true") == ["dp-production", "dp-unused"]
    api.key("k")
    assert names(api, unactivated="true") == ["dp-unused"]
    assert names(api, unactivated="false") == names(api) == ["dp-production", "dp-unused"]


def test_lookups_tolerate_paging_but_do_not_page(api: RawApi) -> None:
    for path in ("dlpprofiles", "deploymentprofiles"):
        assert api.get(path, offset=0, limit=1).json() == api.get(path).json()


def test_dlp_profiles_are_the_predefined_ones(api: RawApi) -> None:
    rows = {row["name"]: row for row in api.rows("dlpprofiles")}
    assert {"PII", "Secrets and Credentials", "Sensitive Content", "IP Addresses"} <= set(rows)
    assert len(rows) == 25
    assert (rows["IP Addresses"]["id"], rows["PII"]["id"]) == ("11995029", "")
    assert sorted(rows["PII"]) == [
        "description",
        "file-based",
        "id",
        "log-severity",
        "name",
        "non-file-based",
        "rule1",
        "rule2",
        "uuid",
        "version",
    ]


def test_a_listed_dlp_profile_can_be_put_into_a_policy(api: RawApi) -> None:
    rows = api.rows("dlpprofiles")
    assert api.profile("p", {"ai-security-profiles": [], "dlp-data-profiles": rows})["revision"] == 1
