# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook panw.airs.doctor: its lines, its report, and its exit code, also where nothing is installed."""

from __future__ import annotations

import json

import pytest
from support import hostile
from support.emulator import ACCOUNT, Emulator
from support.playbook import Controller, Run

from ansible_collections.panw.airs.plugins.module_utils._doctor.doctor import GROUPS


def examined(controller: Controller, *arguments: str, **options: str | None) -> Run:
    """Run the playbook."""
    run = controller.run([{"import_playbook": "panw.airs.doctor"}], *arguments, verbosity=0, variables=options)
    assert hostile.harm(controller.folder) == []
    return run


def test_each_finding_is_a_line_and_nothing_wrong_is_a_success(controller: Controller, emulator: Emulator) -> None:
    profiles = [{"dp_name": name, "auth_code": f"D8{place}"} for place, name in enumerate(hostile.WORST)]
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"deployment_profiles": profiles}}})
    report = controller.folder / "doctor.json"
    run = examined(controller, "-e", f"doctor_report={report}")
    assert run.exit_code == 0, run.output
    lines = [line for line in run.output.split("\n") if line.startswith("airs_doctor: ")]
    assert {line.split(": ")[2] for line in lines} == {name for group in GROUPS for name in group} - {"scan_key"}
    assert hostile.raw("\n".join(lines)) == []
    assert len(json.loads(report.read_text())["checks"]) == len(lines)


@pytest.mark.program
def test_an_error_without_libraries_and_credentials_is_an_exit_code(controller: Controller, emulator: Emulator) -> None:
    for name in ("requests", "pydantic"):
        (controller.folder / f"{name}.py").write_text("raise ImportError('not here')")
    run = examined(controller, PYTHONPATH=str(controller.folder), PANW_CLIENT_ID="", PANW_CLIENT_SECRET=None)
    assert run.exit_code == 2
    assert (
        "airs_doctor: error: libraries: The Python that runs this task does not have requests and pydantic"
        in run.output
    )
    assert "airs_doctor: error: credentials: client_id and client_secret are required" in run.output
    assert "airs_doctor: ok: management_api: 127.0.0.1 answers" in run.output
    assert "Found 2 errors (libraries, credentials)." in run.output
    assert [entry["method"] for entry in emulator.journal()] == ["GET"] * 3
