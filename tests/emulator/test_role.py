# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role starts and stops the emulator that the other tests here start by themselves."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from support.certificates import make_tls_files

ANSIBLE_PLAYBOOK = Path(sys.executable).parent / "ansible-playbook"
pytestmark = pytest.mark.skipif(not ANSIBLE_PLAYBOOK.exists(), reason="ansible-core is not installed")

SEED = {"tenants": {"1000000003": {"service_accounts": [{"client_id": "third", "client_secret": "s"}]}}}


@dataclass
class Play:
    """Applies the role with its directory below C(folder)."""

    folder: Path

    def run(self, *options: str, **variables: Any) -> subprocess.CompletedProcess[str]:
        """Run a play with the role and keep the facts that it set."""
        given = {
            "emulator_python": sys.executable,
            "emulator_directory": str(self.folder / "emulator"),
            "facts_file": str(self.folder / "facts.json"),
            **variables,
        }
        playbook = self.folder / "play.yml"
        facts = "{{ {'url': emulator_url, 'pid': emulator_pid, 'base': emulator_base_url, "
        facts += "'token': emulator_token_base_url, 'scan': emulator_api_endpoint} }}"
        tasks = [
            {"ansible.builtin.import_role": {"name": "panw.airs.emulator"}},
            {
                "ansible.builtin.copy": {"content": facts, "dest": "{{ facts_file }}", "mode": "0600"},
                "when": "emulator_state == 'started' and not ansible_check_mode",
                "changed_when": False,
                "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            },
        ]
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        command = [str(ANSIBLE_PLAYBOOK), "-i", "localhost,", "-c", "local", str(playbook), "-e", json.dumps(given)]
        return subprocess.run([*command, *options], capture_output=True, text=True, timeout=120, check=False)

    def start(self, **variables: Any) -> bool:
        """Start it, and return whether that changed something."""
        return _changed(self.run(**variables))

    def stop(self) -> bool:
        """Stop it, and return whether that changed something."""
        return _changed(self.run(emulator_state="stopped"))

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that the last start set."""
        facts: dict[str, Any] = json.loads((self.folder / "facts.json").read_text())
        return facts


def _changed(ended: subprocess.CompletedProcess[str]) -> bool:
    assert ended.returncode == 0, ended.stdout + ended.stderr
    counted = re.search(r"changed=(\d+)", ended.stdout)
    assert counted is not None
    return int(counted.group(1)) > 0


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    play = Play(tmp_path)
    yield play
    if (tmp_path / "emulator" / "ready.json").exists():
        play.run(emulator_state="stopped")


def test_started_twice_is_the_same_server_and_stopped_twice_is_none(play: Play) -> None:
    assert play.start()
    first = play.facts
    assert first["base"] == f"{first['url']}/aisec"
    assert first["token"] == f"{first['url']}/oauth2/access_token"
    assert first["scan"] == first["url"]
    assert requests.get(f"{first['url']}/_emulator/health", timeout=10).json()["pid"] == first["pid"]
    assert not play.start()
    assert play.facts == first
    assert play.stop()
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"{first['url']}/_emulator/health", timeout=10)
    assert not play.stop()


def test_the_options_of_the_role_reach_the_server(play: Play, tmp_path: Path) -> None:
    tls = make_tls_files(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {
        "emulator_port": port,
        "emulator_seed": SEED,
        "emulator_state_file": str(tmp_path / "state.sqlite"),
        "emulator_tls_cert": str(tls.certificate),
        "emulator_tls_key": str(tls.key),
    }
    play.start(**options)
    assert play.facts["url"] == f"https://127.0.0.1:{port}"
    form = {"grant_type": "client_credentials"}
    answer = requests.post(play.facts["token"], data=form, auth=("third", "s"), verify=str(tls.authority), timeout=10)
    assert answer.json()["scope"] == "tsg_id:1000000003"
    assert (tmp_path / "state.sqlite").exists()
    assert not play.start(**options)


def test_stopping_ends_no_process_but_the_emulator(play: Play, tmp_path: Path) -> None:
    ready_file = tmp_path / "emulator" / "ready.json"
    ready_file.parent.mkdir()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        try:
            ready_file.write_text(json.dumps({"url": "http://127.0.0.1:9", "pid": stranger.pid}))
            play.stop()
            assert stranger.poll() is None
            assert not ready_file.exists()
        finally:
            stranger.kill()


def test_what_a_dead_emulator_left_behind_does_not_hinder_a_start(play: Play, tmp_path: Path) -> None:
    ready_file = tmp_path / "emulator" / "ready.json"
    ready_file.parent.mkdir()
    ready_file.write_text(json.dumps({"url": "http://127.0.0.1:9", "pid": 1}))
    assert play.start()
    assert requests.get(f"{play.facts['url']}/_emulator/health", timeout=10).json()["status"] == "ok"


def test_a_server_that_cannot_start_says_why(play: Play) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = play.run(emulator_port=taken.getsockname()[1], emulator_wait_seconds=4)
    assert ended.returncode != 0
    assert "address already in use" in ended.stdout


def test_check_mode_starts_nothing(play: Play, tmp_path: Path) -> None:
    ended = play.run("--check")
    assert ended.returncode == 0
    assert "changed=" in ended.stdout
    assert not (tmp_path / "emulator").exists()
