# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else makes or renews the same key at the same time: nobody's secret stops working for it."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest
from support.emulator import Emulator, JsonObject
from support.faults import DROP, KEY, status_after
from support.playbook import Controller, visible
from support.tasks import api_key, task
from support.tenant import Tenant
from support.whole_tenant import airs_tenant

from ansible_collections.panw.airs.plugins.module_utils._common.secret_note import making
from ansible_collections.panw.airs.plugins.module_utils._kinds.api_key import ApiKeyReconciler

CREATE, REGENERATE = "*/apikey", "*/apikey/regenerate/*"
THEIRS = "API key 'bot' was created by someone else at the same time, who has its secret."


def sent(emulator: Emulator) -> list[str]:
    """The writes that have come, with their status."""
    return [f"{entry['path'].split('/')[4]} {entry['status']}" for entry in emulator.writes()]


@pytest.mark.parametrize("regenerate", ["never", "expiring"])
@pytest.mark.parametrize("stored", [True, False], ids=["secret_path", "no place"])
def test_who_comes_second_to_a_new_key_leaves_its_secret_alone(
    controller: Controller, emulator: Emulator, tenant: Tenant, stored_key: JsonObject, regenerate: str, stored: bool
) -> None:
    """The emulator makes the key and says that it was there, as it says to the second of two."""
    emulator.add_fault(status_after(409), method="POST", path=CREATE)
    options = {**(stored_key if stored else KEY), "regenerate": regenerate}
    run = controller.play(api_key("key", options, diff=True))
    assert run["key"]["changed"] is False
    assert run["key"]["api_key"]["api_key_last8"] == tenant.keys("bot")[0]["api_key_last8"]
    assert run["key"]["warnings"] == [THEIRS]
    assert run["key"]["diff"]["before"] == run["key"]["diff"]["after"] == {}
    assert "reason" not in run["key"]
    assert sent(emulator) == ["apikey 409"]
    assert not stored or visible(Path(stored_key["secret_path"]).parent) == []


def test_the_second_one_in_a_tenant_or_an_application_too(
    controller: Controller, emulator: Emulator, tenant: Tenant, tmp_path: Path
) -> None:
    emulator.add_fault(status_after(409), method="POST", path=CREATE, times=None)
    keys = {"api_keys": [{**KEY, "regenerate": "expiring"}]}
    application = {"name": "app", "environment": "prod", "cloud_provider": "aws", "secret_path": f"{tmp_path}/app"}
    run = controller.play(
        airs_tenant("tenant", config=keys, secret_dir=str(tmp_path)),
        task("application", "airs_application", {**application, "deployment_profile": "dp-production"}),
    )
    assert [row["action"] for row in run["tenant"]["objects"]] == ["none"]
    assert run["tenant"]["changed"] is False
    assert run["application"]["api_key_action"] == "none"
    # It is somebody else's, so it is not undone.
    assert [part["kind"] for part in run["application"]["undo"]["parts"]] == ["security_profile"]
    assert [entry for entry in sent(emulator) if entry.startswith("apikey")] == ["apikey 409"] * 2
    assert visible(tmp_path) == [name for name in visible(tmp_path) if "key" not in name and name != "app"]


def test_always_asks_for_a_new_secret_whoever_was_faster(
    controller: Controller, emulator: Emulator, tenant: Tenant, stored_key: JsonObject, secret_path: Path
) -> None:
    emulator.add_fault(status_after(409), method="POST", path=CREATE)
    run = controller.play(api_key("key", {**stored_key, "regenerate": "always"}))
    assert run["key"]["changed"] is True
    assert tenant.accepts(secret_path.read_text())


def test_a_409_after_a_lost_answer_of_our_own_may_be_ours(
    controller: Controller, emulator: Emulator, tenant: Tenant, stored_key: JsonObject, secret_path: Path
) -> None:
    emulator.add_fault(DROP, method="POST", path=CREATE)
    emulator.add_fault(status_after(409), method="POST", path=CREATE, skip=1)
    run = controller.play(api_key("key", {**stored_key, "num_retries": 1}))
    assert run["key"]["changed"] is True
    assert tenant.accepts(secret_path.read_text())


@pytest.mark.parametrize("regenerate", ["expiring", "always"])
def test_a_key_that_somebody_else_has_just_replaced_is_no_403(
    controller: Controller,
    emulator: Emulator,
    tenant: Tenant,
    stored_key: JsonObject,
    secret_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    regenerate: str,
) -> None:
    controller.play(api_key("made", stored_key))
    secret_path.unlink()
    emulator.clear_journal()
    send = ApiKeyReconciler._send_regenerate
    others: list[str] = []

    def overtaken(self: ApiKeyReconciler, row: Any, interval: int, unit: str) -> Any:
        if not others:
            body = {"rotation_time_interval": interval, "rotation_time_unit": unit, "updated_by": "somebody"}
            others.append(tenant.call("POST", f"apikey/regenerate/{row['api_key_id']}", json=body)["api_key"])
        return send(self, row, interval, unit)

    monkeypatch.setattr(ApiKeyReconciler, "_send_regenerate", overtaken)
    run = controller.play(api_key("key", {**stored_key, "regenerate": regenerate}))
    again = regenerate == "always"
    assert run["key"]["changed"] is again
    assert run["key"].get("warnings", []) == ([] if again else [THEIRS])
    assert tenant.accepts(others[0]) is not again
    assert not again or tenant.accepts(secret_path.read_text())
    assert [entry for entry in sent(emulator) if "403" not in entry] == ["apikey 200"] * (1 + again)


def _make(path: str, begun: Event, emulator: Emulator, body: JsonObject) -> None:
    """Make a key and store its secret as another run would, slowly."""
    with making(path):
        begun.set()
        secret = Tenant(emulator).call("POST", "apikey", json=body)["api_key"]
        Path(path).write_text(secret, encoding="utf-8")


@pytest.mark.parametrize("regenerate", ["never", "expiring"])
def test_runs_with_one_file_wait_for_each_other(
    controller: Controller,
    emulator: Emulator,
    tenant: Tenant,
    stored_key: JsonObject,
    secret_path: Path,
    regenerate: str,
) -> None:
    body = {
        "api_key_name": "bot",
        "auth_code": "D0000001",
        "cust_app": KEY["customer_app"],
        "cust_env": KEY["environment"],
        "cust_cloud_provider": KEY["cloud_provider"],
        "created_by": "somebody",
        "revoked": False,
        "rotation_time_interval": 90,
        "rotation_time_unit": "days",
    }
    emulator.add_fault({"kind": "latency", "seconds": 0.7}, method="POST", path=CREATE)
    context = multiprocessing.get_context("fork")
    begun = context.Event()
    other = context.Process(target=_make, args=(str(secret_path), begun, emulator, body))
    other.start()
    assert begun.wait(10)
    run = controller.play(api_key("key", {**stored_key, "regenerate": regenerate}))
    other.join(10)
    assert other.exitcode == 0
    assert (run["key"]["changed"], run["key"].get("warnings")) == (False, None)
    assert sent(emulator) == ["apikey 200"]
    assert tenant.accepts(secret_path.read_text())
