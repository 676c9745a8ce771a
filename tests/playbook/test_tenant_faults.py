# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong while a tenant is applied stops nothing else, doubles nothing, and the next run does the rest."""

from __future__ import annotations

import re
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
from support.emulator import Emulator, JsonObject
from support.faults import status
from support.playbook import ELSEWHERE, Controller
from support.tenant import Tenant
from support.whole_tenant import (
    LAB_KEY,
    SUPPORT_KEY,
    airs_tenant,
    assert_once,
    assert_right,
    begin,
    counted,
    keys,
    profiles,
    topics,
    wait_for_writes,
    written,
)

TOPIC_CREATE, PROFILE_CREATE, KEY_CREATE = "*/topic", "*/profile", "*/apikey"


# --- the run is cut off ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut_after", [7, 18], ids=["early", "late"])
def test_an_interrupted_run_is_finished_by_the_next_and_nothing_is_doubled(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path, cut_after: int
) -> None:
    config = {
        "custom_topics": topics(12),
        "security_profiles": profiles(4, topics={"block": ["topic 000", "topic 011"]}),
        # A key whose secret was lost on the way is only found out where the secret has its own place.
        "api_keys": [
            {**entry, "regenerate": "expiring", "secret_path": str(secret_dir / f"{entry['name']}.key")}
            for entry in keys(8)
        ],
    }
    options = {"config": config, "concurrency": 2}
    emulator.settings(latency_seconds=0.1)
    with begin(controller, controller.folder / "cut", airs_tenant("tenant", **options)) as run:
        wait_for_writes(emulator, cut_after)
        run.kill()
    emulator.settings(latency_seconds=0)
    time.sleep(0.3)  # for the requests that were on their way
    first = Counter(request for request in written(emulator) if request.startswith("POST"))
    assert cut_after <= sum(first.values()) < 24
    emulator.clear_journal()
    result = controller.play(airs_tenant("tenant", **options))["tenant"]
    assert result["changed"] is True
    assert counted(result)["custom_topics"].get("create", 0) == 12 - first["POST topic"]
    assert counted(result)["api_keys"].get("create", 0) == 8 - first["POST apikey"]
    assert_once(tenant, config, secret_dir)
    assert_right(controller, emulator, **options)


# --- busy and broken services ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("keywords", [{}, {"delegate_to": "other"}], ids=["here", "elsewhere"])
def test_a_failure_is_explained_although_the_result_hides_secrets(
    controller: Controller, emulator: Emulator, tenant: Tenant, keywords: JsonObject
) -> None:
    emulator.add_fault(status(400, body={"status_code": 400, "error_message": "No more keys"}), path=KEY_CREATE)
    options = {"config": {"api_keys": keys(2)}, "return_secrets": True}
    made = controller.play(
        airs_tenant("tenant", {**keywords, "register": "made", "ignore_errors": True}, **options),
        {"name": "had", "ansible.builtin.assert": {"that": ["made.api_key_secrets | length == 1", "made is failed"]}},
        inventory=ELSEWHERE,
        verbosity=0,
    )
    assert "censored" in made["tenant"]
    assert re.search(r"airs_tenant: 1 of 2 objects failed: API key 'key-00[01]': .*No more keys", made.output)
    hidden = controller.play(
        airs_tenant("tenant", {**keywords, "no_log": True}, config={"api_keys": [{**LAB_KEY, "name": "wrong" * 9}]}),
        inventory=ELSEWHERE,
        succeeds=False,
    )
    assert "wrong" not in hidden.text
    assert len(tenant.call("GET", "apikeys", params={"limit": 1000})["api_keys"]) == 1


def test_a_secret_that_cannot_be_stored_after_all_is_recovered_and_the_others_are_stored(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path
) -> None:
    own = controller.folder / "own"
    own.mkdir()
    config = {"api_keys": [{**SUPPORT_KEY, "secret_path": str(own / "key")}, LAB_KEY]}
    emulator.settings(latency_seconds=0.3)
    tenant_task = airs_tenant("tenant", config=config, secret_dir=str(secret_dir), concurrency=1)
    with begin(controller, controller.folder / "run", tenant_task) as run:
        deadline = time.monotonic() + 30
        while not emulator.writes():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        shutil.rmtree(own)
        run.process.wait(60)
        output = run.outputs[0].read_text()
    assert run.process.returncode != 0
    said = re.search(r"It was saved in (\S+) instead", output)
    assert said, output
    recovered = Path(said[1].strip("\"'"))
    assert tenant.accepts(recovered.read_text())
    assert tenant.accepts((secret_dir / "lab-key.key").read_text())
