# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the README show what the collection prints and writes today. C(make pictures) writes them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from support.documents import ROOT
from support.pictures import PICTURES, page, terminal, texts
from support.playbook import Controller
from support.tasks import API_KEY, api_key, security_profile, task

WRITE = os.environ.get("AIRS_WRITE_PICTURES") == "1"
EXAMPLES = ROOT / "examples"
#: What make demo says to Ansible.
DEMO = {
    "ANSIBLE_DISPLAY_OK_HOSTS": "false",
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
}


#: What the tenant of the picture has besides its configuration: somebody weakened a profile and added an application.
CHANGES = [
    security_profile("Weaken a profile", {"name": "support-bot", "prompt_injection": "allow"}),
    api_key("Add an application", {"name": "pilot", **API_KEY, "customer_app": "pilot", "secret_path": "pilot.key"}),
]


def assert_current(name: str, picture: str) -> None:
    """Assert that a picture of the README has the words of another, but for times; write it before if asked to."""
    file = PICTURES / name
    if WRITE:
        file.write_text(picture, encoding="utf-8")
    assert words(file.read_text(encoding="utf-8")) == words(picture), f"{name} is not current; run make pictures"


def words(picture: str) -> str:
    """Return the words of a picture without times and the number of tasks."""
    return re.sub(r"\b\d{4}-\d\d-\d\d( \d\d:\d\d)?|\b\d+\.\d\b|\bok=\d+|\b\d+ days\b", "", texts(picture))


def test_the_picture_of_the_demo_is_current(controller: Controller, tmp_path: Path) -> None:
    playbook = EXAMPLES / "onboarding" / "demo.yml"
    folder = f"demo_directory={tmp_path}/build/demo"
    code, printed = controller.call("ansible-playbook", str(playbook), "-e", folder, variables=DEMO)
    assert code == 0, printed
    # The emulator starts before, and stops afterwards.
    start, end = printed.index("TASK [Run ansible-playbook"), printed.index("TASK [panw.airs.emulator : Stop")
    shown = printed[start:end].replace(f"{tmp_path}/", "").replace(os.environ["AIRS_COLLECTIONS_PATH"], "~")
    title = "The first run onboards an application, and the second run changes nothing"
    assert_current("demo.svg", terminal(f"$ make demo\n\n{shown}", title))


def test_the_picture_of_the_posture_is_current(controller: Controller, tmp_path: Path) -> None:
    # One after the other, so that the service lists them in the same order every time.
    configuration = {"config_path": str(EXAMPLES / "tenant"), "concurrency": 1}
    (tmp_path / "secrets").mkdir()
    controller.play(
        task("Apply the example", "airs_tenant", {**configuration, "secret_dir": str(tmp_path / "secrets")}), *CHANGES
    )
    report = {"tenant_config_path": str(EXAMPLES / "tenant"), "tenant_report_directory": str(tmp_path)}
    plays = [{"ansible.builtin.import_playbook": "panw.airs.drift"}]
    done = controller.run(plays, "-e", json.dumps({**report, "tenant_drift_fails": False}))
    assert done.exit_code == 0, done.output
    source = (tmp_path / "drift.html").read_text(encoding="utf-8").replace(f"{ROOT}/", "")
    title = "The drift report: what each application is protected from, and what differs from the configuration"
    assert_current("posture.svg", page(source, title, 1360, 1280))
