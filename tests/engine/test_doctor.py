# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""airs_doctor against a tenant: what it finds, with a request that reads for each list, and nothing that writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support import hostile
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Emulator, JsonObject
from support.faults import HTML, status
from support.playbook import Controller, Run
from support.tasks import task
from support.tenant import Tenant

from ansible_collections.panw.airs.plugins.module_utils._common import deps
from ansible_collections.panw.airs.plugins.module_utils._doctor.doctor import GROUPS

#: What needs an access token.
OF_THE_TENANT = [name for group in GROUPS[3:] for name in group]


def examined(controller: Controller, keywords: JsonObject | None = None, **options: Any) -> tuple[JsonObject, Run]:
    """Run the doctor, and return its result and the run."""
    run = controller.play(task("doctor", "airs_doctor", options, ignore_errors=True, **(keywords or {})))
    result: JsonObject = run["doctor"]
    assert run.kinds("doctor") == (["ignored"] if result["summary"]["error"] else ["ok"])
    assert "Traceback" not in run.output
    return result, run


def found(result: JsonObject, check: str, status: str | None = None) -> str:
    """What a check found and advises, one line for each entry, of one status or all."""
    rows = [row for row in result["checks"] if row["check"] == check and status in (None, row["status"])]
    return "\n".join(f"{row['status']}: {row['found']}. {row['advice']}" for row in rows)


def reads(emulator: Emulator) -> bool:
    """Whether nothing that was asked changes anything: the log of scans is read by POST."""
    return {entry["path"].rpartition("/")[2] for entry in emulator.writes()} <= {"scanlogs"}


def test_a_tenant_where_all_is_fine(controller: Controller, emulator: Emulator) -> None:
    report = controller.folder / "doctor.json"
    result, _run = examined(controller, report_path=str(report))
    assert result["summary"] == {"ok": len(result["checks"]), "warning": 0, "error": 0}
    assert (result["msg"], result["not_checked"]) == ("Found no errors. Not checked: scan_key.", ["scan_key"])
    assert {row["check"] for row in result["checks"]} == {name for group in GROUPS for name in group} - {"scan_key"}
    assert found(result, "deployment_profiles") == "ok: 2 deployment profiles. "
    assert found(result, "tenant").startswith(f"ok: {ACCOUNT.tsg_id}. Set tsg_id to this ID")
    assert reads(emulator)
    assert {name: result[name] for name in ("checks", "not_checked", "summary")} == json.loads(report.read_text())
    report.unlink()
    # The very same in check mode, where no file is written.
    checked, _run = examined(controller, {"check_mode": True}, report_path=str(report))
    assert checked["checks"] == result["checks"]
    assert not report.exists()


def test_a_list_that_the_role_may_not_read_names_the_permission(controller: Controller, emulator: Emulator) -> None:
    emulator.add_fault(status(403), path="*/topics", times=None, skip=1)  # the first asks without a token
    emulator.add_fault(status(403), path="*/scanlogs", times=None)
    result, _run = examined(controller)
    assert result["msg"].startswith("Found 1 error (custom_topics).")
    assert "(HTTP 403)" in found(result, "custom_topics")
    assert "airs_api.custom_topic" in found(result, "custom_topics")
    assert found(result, "security_profiles") == "ok: 0 security profiles. "
    assert found(result, "scan_logs").startswith("ok: not available (HTTP 403)")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"client_secret": "not-the-secret"}, "(HTTP 401). Check client_id and client_secret."),
        ({"tsg_id": OTHER_ACCOUNT.tsg_id}, "(HTTP 400). Check client_id and tsg_id."),
    ],
)
def test_credentials_that_do_not_work(
    controller: Controller, emulator: Emulator, options: JsonObject, words: str
) -> None:
    result, run = examined(controller, **options)
    assert result["msg"].startswith("Found 1 error (access_token). Not checked: custom_topics,")
    assert words in found(result, "access_token")
    assert result["not_checked"] == OF_THE_TENANT
    assert "not-the-secret" not in run.text
    # Only the one without a token.
    assert len(emulator.journal("management")) == 1


def test_a_web_page_in_the_place_of_the_service(controller: Controller, emulator: Emulator) -> None:
    emulator.add_fault(HTML, times=None)
    result, _run = examined(controller)
    assert found(result, "management_api").startswith("error: 127.0.0.1 answers HTTP 200 with text/html to a request")
    assert "Check base_url, and whether a proxy" in found(result, "management_api")
    assert "text/html instead of JSON" in found(result, "access_token")
    assert result["not_checked"] == OF_THE_TENANT


def test_an_access_token_that_expired_is_told_by_each_list(controller: Controller) -> None:
    result, run = examined(controller, access_token="eyJ-not-a-token")
    assert "token_endpoint" in result["not_checked"]
    assert "The access_token might have expired" in found(result, "api_keys", "error")
    assert "eyJ-not-a-token" not in run.text


def test_deployment_profiles_that_expire(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    old = {"dp_name": "old", "auth_code": "D7000001", "expiration_date": "2020-12-31 23:59:59 +0000 UTC"}
    key = {"api_key_name": "bot", "auth_code": "D7000001", "cust_app": "bot"}
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"deployment_profiles": [old], "api_keys": [key]}}})
    result, run = examined(controller)
    assert found(result, "licenses", "error") == (
        "error: expired: 'old' (activated, 1 API key, until 2020-12-31). Renew the license: its API keys do not work."
    )
    assert "'dp-production' (activated, free, until 2099-12-31)" in found(result, "licenses", "ok")
    assert "D7000001" not in run.text


def test_the_key_of_the_scan_api(scanning: Controller, emulator: Emulator) -> None:
    result, _run = examined(scanning)
    assert found(result, "scan_api") == "ok: 127.0.0.1 answers, without TLS. "
    assert found(result, "scan_key") == f"ok: valid at {emulator.url}. "
    assert {entry["method"] for entry in emulator.journal("scan")} == {"GET"}
    result, run = examined(scanning, api_key="no-such-key")
    assert found(result, "scan_key").startswith(f"error: not valid at {emulator.url} (HTTP 403). It may be revoked")
    assert "no-such-key" not in run.text


def test_without_libraries_the_way_is_examined_all_the_same(
    controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deps, "_missing", ["requests"])
    result, _run = examined(controller)
    assert found(result, "libraries").endswith("-m pip install 'requests'")
    assert found(result, "management_api") == "ok: 127.0.0.1 answers, without TLS. "
    assert result["not_checked"] == ["access_token", *OF_THE_TENANT]


def test_names_of_an_attacker_are_only_text(controller: Controller, emulator: Emulator) -> None:
    profiles = [{"dp_name": name, "auth_code": f"D8{place:06}"} for place, name in enumerate(hostile.NAMES)]
    for part in range(0, len(profiles), 5):  # a line has the first five
        seed = {"tenants": {ACCOUNT.tsg_id: {"deployment_profiles": profiles[part : part + 5]}}, "replace": True}
        emulator.seed(seed)
        result, run = examined(controller)
        assert list(hostile.raw_sentences({"msg": result["checks"]})) == []
        assert hostile.raw(run.output.partition("ok: [")[0]) == []
    assert hostile.harm(controller.folder) == []
