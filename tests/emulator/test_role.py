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
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from support.certificates import make_tls_files
from support.fork import ForkingController
from support.playbook import Controller, Run

SEED = {"tenants": {"1000000003": {"service_accounts": [{"client_id": "third", "client_secret": "s"}]}}}


#: The task of the role that has the facts.
SAID = "Set the facts of the emulator"


class Play:
    """Applies the role on a controller, with its directory below the controller's folder."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        #: What the last start said of the server.
        self.facts: dict[str, Any] = {}

    def run(self, check: bool = False, **variables: Any) -> Run:
        """Run a play with the role and keep the facts that it set."""
        folder = self.controller.folder
        given = {"emulator_python": sys.executable, "emulator_directory": str(folder / "emulator"), **variables}
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": [{"ansible.builtin.import_role": {"name": "panw.airs.emulator"}}],
        }
        run = self.controller.run([play], "-e", json.dumps(given), check=check, verbosity=0, time_limit=120)
        for event in run.events:
            if event.task == SAID and event.kind == "ok":
                self.facts = event.result["ansible_facts"]
        return run

    def start(self, **variables: Any) -> bool:
        """Start it, and return whether that changed something."""
        return _changed(self.run(**variables))

    def stop(self) -> bool:
        """Stop it, and return whether that changed something."""
        return _changed(self.run(emulator_state="stopped"))


def _changed(run: Run) -> bool:
    assert run.exit_code == 0, run.output
    counted = re.search(r"changed=(\d+)", run.output)
    assert counted is not None
    return int(counted.group(1)) > 0


@contextmanager
def another_server() -> Iterator[str]:
    """A server that answers with a web page, whatever it is asked."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>: {not: json]")

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Play]:
    program = request.node.get_closest_marker("program")
    play = Play(Controller(tmp_path) if program else ForkingController(tmp_path))
    yield play
    if (tmp_path / "emulator" / "ready.json").exists():
        play.run(emulator_state="stopped")


@pytest.mark.program
def test_started_twice_is_the_same_server_and_stopped_twice_is_none(play: Play) -> None:
    assert play.start()
    first = play.facts
    assert first["emulator_base_url"] == f"{first['emulator_url']}/aisec"
    assert first["emulator_token_base_url"] == f"{first['emulator_url']}/oauth2/access_token"
    assert first["emulator_api_endpoint"] == first["emulator_url"]
    health = requests.get(f"{first['emulator_url']}/_emulator/health", timeout=10).json()
    assert str(health["pid"]) == str(first["emulator_pid"])  # a string in ansible-core before 2.19
    assert not play.start()
    assert play.facts == first
    assert play.stop()
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"{first['emulator_url']}/_emulator/health", timeout=10)
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
    assert play.facts["emulator_url"] == f"https://127.0.0.1:{port}"
    form = {"grant_type": "client_credentials"}
    url = play.facts["emulator_token_base_url"]
    answer = requests.post(url, data=form, auth=("third", "s"), verify=str(tls.authority), timeout=10)
    assert answer.json()["scope"] == "tsg_id:1000000003"
    assert (tmp_path / "state.sqlite").exists()
    assert not play.start(**options)


def test_stopping_ends_no_process_but_the_emulator(play: Play, tmp_path: Path) -> None:
    ready_file = tmp_path / "emulator" / "ready.json"
    ready_file.parent.mkdir()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        try:
            ready_file.write_text(json.dumps({"url": "http://127.0.0.1:9", "pid": stranger.pid}))
            ready_file.with_name("env.sh").touch()
            play.stop()
            assert stranger.poll() is None
            assert list(ready_file.parent.iterdir()) == []
        finally:
            stranger.kill()


def test_what_a_dead_emulator_left_behind_does_not_hinder_a_start(play: Play, tmp_path: Path) -> None:
    ready_file = tmp_path / "emulator" / "ready.json"
    ready_file.parent.mkdir()
    ready_file.write_text(json.dumps({"url": "http://127.0.0.1:9", "pid": 1}))
    assert play.start()
    assert requests.get(f"{play.facts['emulator_url']}/_emulator/health", timeout=10).json()["status"] == "ok"


@pytest.mark.parametrize("left", ['{"url": "http://OTHER", "pid": 1}', "", "[1]"])
def test_another_server_or_a_broken_file_is_no_emulator(play: Play, tmp_path: Path, left: str) -> None:
    ready_file = tmp_path / "emulator" / "ready.json"
    ready_file.parent.mkdir()
    with another_server() as address:
        ready_file.write_text(left.replace("OTHER", address))
        assert _changed(play.run(check=True)), "it would not start one"


def test_a_server_that_cannot_start_says_why(play: Play) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = play.run(emulator_port=taken.getsockname()[1], emulator_wait_seconds=4)
    assert ended.exit_code != 0
    assert "address already in use" in ended.output


def test_check_mode_starts_nothing(play: Play, tmp_path: Path) -> None:
    assert _changed(play.run(check=True))
    assert not (tmp_path / "emulator").exists()
