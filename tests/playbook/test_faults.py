# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input and faults: each gives one clear sentence, leaves nothing half-done and shows no secret.

That no secret is shown is asserted for every run by the controller of these tests.
"""

from __future__ import annotations

import re
import shutil
import stat
import threading
import time
from pathlib import Path

import pytest
from support.certificates import TlsFiles
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.faults import (
    SCAN,
    fails,
    refusals,
)
from support.playbook import ELSEWHERE, Controller, secrets_in
from support.tasks import TOPIC, api_key, custom_topic, scan, task
from support.tenant import Tenant

ADVICE = {"name": "advice", **TOPIC}
KEY_CREATE, KEY_REGENERATE = "*/apikey", "*/apikey/regenerate/*"
TOKEN = "/oauth2/access_token"


# --- credentials and tokens ------------------------------------------------------------------------------------------


def test_a_wrong_client_secret_is_said_once_and_without_it(controller: Controller, emulator: Emulator) -> None:
    run = fails(controller, custom_topic("topic", ADVICE), variables={"PANW_CLIENT_SECRET": "mistyped-secret"})
    assert f"access token for client ID '{ACCOUNT.client_id}' from {emulator.token_url}" in run.failure
    assert "'Client authentication failed' (HTTP 401). Check client_id and client_secret." in run.failure
    assert run["topic"]["failure"] == {
        "status": 401,
        "code": "invalid_client",
        "message": "the service reported 'Client authentication failed'",
        "method": "POST",
        "path": TOKEN,
        "request_id": None,
    }
    assert "mistyped-secret" not in run.text
    assert (len(emulator.journal("token")), emulator.journal("management")) == (1, [])


def test_hosts_that_start_together_fetch_one_token(controller: Controller, emulator: Emulator) -> None:
    emulator.add_fault({"kind": "latency", "seconds": 0.3}, path=TOKEN, times=None)
    hosts = {f"host{n}": {"ansible_connection": "airs_unreachable"} for n in range(8)}
    controller.play(
        task("look", "airs_dlp_profile_info", {}),
        custom_topic("write", {"name": "{{ inventory_hostname }}", **TOPIC}),
        hosts="all",
        inventory={"all": {"hosts": hosts}},
        keywords={"strategy": "free"},
        variables={"ANSIBLE_FORKS": "8"},
    )
    assert len(emulator.writes()) == 8
    assert len(emulator.journal("token")) == 1


def test_the_token_is_in_a_private_file_during_the_run_and_nowhere_after_it(
    controller: Controller, emulator: Emulator
) -> None:
    files = {"paths": f"{controller.home}/tmp", "patterns": "airs-token-*", "recurse": True, "hidden": True}
    run = controller.play(
        custom_topic("topic", ADVICE), {"name": "files", "ansible.builtin.find": files}, custom_topic("again", ADVICE)
    )
    found = {re.sub("[0-9a-f]{32}", "ID", Path(file["path"]).name): file["mode"] for file in run["files"]["files"]}
    assert found == {"airs-token-ID.json": "0600", "airs-token-ID.json.lock": "0600"}
    left = [path for path in controller.folder.rglob("*") if path.is_file()]
    assert not [path for path in left if "airs-token" in path.name]
    assert [path for path in left if secrets_in(path.read_text(errors="replace"))] == []


# --- secrets of API keys ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delegate_to", [None, "other"], ids=["here", "delegated"])
def test_a_secret_that_cannot_be_stored_after_all_is_recovered(
    controller: Controller,
    emulator: Emulator,
    tenant: Tenant,
    stored_key: JsonObject,
    secret_path: Path,
    delegate_to: str | None,
) -> None:
    emulator.add_fault({"kind": "latency", "seconds": 1}, method="POST", path=KEY_CREATE)

    def remove_folder() -> None:
        deadline = time.monotonic() + 30
        while not emulator.writes() and time.monotonic() < deadline:
            time.sleep(0.05)
        shutil.rmtree(secret_path.parent)

    remover = threading.Thread(target=remove_folder)
    remover.start()
    keywords = {"delegate_to": delegate_to} if delegate_to else {}
    run = fails(controller, api_key("key", stored_key, **keywords), inventory=ELSEWHERE)
    remover.join()

    said = re.fullmatch(
        rf"The secret was created, but storing it in {secret_path} failed \(.+\)\. "
        r"It was saved in (\S+) instead\. Move it to its destination\.",
        run.failure,
    )
    assert said, run.failure
    recovered = Path(said[1])
    assert recovered.parent == controller.home
    assert stat.S_IMODE(recovered.stat().st_mode) == 0o600
    assert tenant.accepts(recovered.read_text())
    assert len(tenant.keys("bot")) == 1

    # Doing what the message says puts all right.
    secret_path.parent.mkdir()
    recovered.rename(secret_path)
    run = controller.play(api_key("again", {**stored_key, "regenerate": "expiring"}))
    assert run["again"]["changed"] is False


# --- input -----------------------------------------------------------------------------------------------------------


@pytest.mark.program
@pytest.mark.parametrize(
    ("name", "content", "requirement"),
    [
        ("requests", "raise ImportError('not here')", "requests"),
        ("pydantic", "raise ImportError('not here')", "pydantic>=2.8"),
        ("pydantic", "VERSION = '1.10.26'", "pydantic>=2.8"),
    ],
    ids=["requests", "pydantic", "pydantic 1"],
)
def test_a_missing_library_is_named_with_the_python_that_lacks_it(
    controller: Controller, emulator: Emulator, name: str, content: str, requirement: str
) -> None:
    (controller.folder / f"{name}.py").write_text(content)
    variables = {"PYTHONPATH": str(controller.folder)}
    said = refusals(
        controller,
        custom_topic("here", ADVICE),
        custom_topic("delegated", {**ADVICE, "access_token": "token"}, delegate_to="other"),
        scan("scan", SCAN),
        inventory=ELSEWHERE,
        variables=variables,
    )
    for message in said.values():
        assert f"The Python that runs this task does not have {requirement}. " in message
        assert re.search(rf"/python\S* -m pip install [\"']?{re.escape(requirement)}", message)
        assert "''" not in message
    assert emulator.journal() == []


# --- TLS and proxies -------------------------------------------------------------------------------------------------


def test_an_untrusted_certificate_is_refused_and_a_trusted_one_works(
    controller: Controller, tls_emulator: Emulator, tls_files: TlsFiles
) -> None:
    controller.use(tls_emulator)
    said = refusals(
        controller,
        custom_topic("untrusted", ADVICE),
        scan("untrusted scan", SCAN),
        custom_topic("no such file", {**ADVICE, "ca_path": "/nonexistent/ca.pem"}),
    )
    for name in ("untrusted", "untrusted scan"):
        assert "no trusted TLS connection to 127.0.0.1" in said[name]
        assert "Set ca_path" in said[name]
    assert "/nonexistent/ca.pem" in said["no such file"]
    assert "Check token_base_url" not in said["no such file"]
    assert tls_emulator.journal() == []

    run = controller.play(
        custom_topic("ca_path", {**ADVICE, "ca_path": str(tls_files.authority)}),
        custom_topic("variable", ADVICE, environment={"REQUESTS_CA_BUNDLE": str(tls_files.authority)}),
        custom_topic("unchecked", {**ADVICE, "validate_certs": False}),
        custom_topic(
            "validate_certs wins", {**ADVICE, "validate_certs": False}, environment={"REQUESTS_CA_BUNDLE": "/dev/null"}
        ),
    )
    assert run["ca_path"]["changed"] is True
    assert run["variable"]["changed"] is False
    assert "InsecureRequestWarning" not in run.output
