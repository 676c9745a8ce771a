# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from support.certificates import make_tls_files
from support.emulator import Emulator, emulator_files
from support.raw_api import RawApi, guardrails, policy

#: Seconds in which the server has to end. It takes a third of a second, but a machine may be busy with other tests;
#: whatever the server must not wait for takes longer than this.
PROMPTLY = 5


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "airs_emulator", *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(emulator_files()), "PYTHONDONTWRITEBYTECODE": "1"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line, for starts that fail."""
    return subprocess.run(
        command(*arguments), env=environment(), capture_output=True, text=True, timeout=60, check=False
    )


def test_objects_and_their_order_survive_a_restart_with_a_state_file(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with Emulator.start(state=state) as emulator:
        api = RawApi(emulator)
        topic, other = api.topic("t", "weather and rain"), api.topic("other")
        api.put(f"topic/uuid/{topic['topic_id']}", {"topic_name": "t", "description": "nothing of that"})
        profile = api.profile("p", policy(model=[guardrails(topic)]))
        api.update_profile(profile, policy(model=[guardrails(other)]))
        key = api.key("k")
        api.key("gone")
        api.delete("apikey/delete/gone", updated_by="me")
        lists = {
            path: api.get(path).json() for path in ("topics", "profiles", "apikeys", "customerapps", "dlpprofiles")
        }
    with Emulator.start(state=state) as emulator:
        api = RawApi(emulator)
        assert {path: api.get(path).json() for path in lists} == lists
        assert api.scan(key, {"profile_id": profile["profile_id"]}, prompt="rain and weather")["action"] == "block"
        assert api.delete(f"topic/{topic['topic_id']}").status_code == 409


def test_force_deleting_a_topic_survives_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with Emulator.start(state=state) as emulator:
        api = RawApi(emulator)
        topic = api.topic("t")
        api.profile("first", policy(model=[guardrails(topic)]))
        api.profile("second")
        api.delete(f"topic/{topic['topic_id']}/force", updated_by="me")
    with Emulator.start(state=state) as emulator:
        rows = RawApi(emulator).rows("profiles")
    assert [row["profile_name"] for row in rows] == ["second", "first"]
    assert topic["topic_id"] not in json.dumps(rows)


def test_state_survives_a_process_that_is_killed(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    emulator = Emulator.start(state=state)
    RawApi(emulator).topic("t")
    os.kill(emulator.pid, signal.SIGKILL)
    emulator.stop()
    with Emulator.start(state=state) as emulator:
        assert RawApi(emulator).rows("topics")[0]["topic_name"] == "t"


def test_the_state_file_holds_no_secret(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with Emulator.start(state=state) as emulator:
        api = RawApi(emulator)
        secrets = [api.key("k")["api_key"], api.token(), "emulator-secret"]
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [secret for secret in secrets if secret.encode() in content] == []


def test_a_reset_empties_the_state_file_too(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with Emulator.start(state=state) as emulator:
        RawApi(emulator).topic("t")
        emulator.reset()
    with Emulator.start(state=state) as emulator:
        assert {row["topic_name"] for row in RawApi(emulator).rows("topics")} == {"Weather", "Sports"}


def test_a_seed_file_adds_to_the_default_seed_and_comes_back_with_a_reset() -> None:
    with Emulator.start(seed={"tenants": {"1000000001": {"custom_topics": [{"topic_name": "seeded"}]}}}) as emulator:
        api = RawApi(emulator)
        topic = api.rows("topics")[0]
        api.delete(f"topic/{topic['topic_id']}")
        emulator.reset()
        assert {row["topic_name"] for row in RawApi(emulator).rows("topics")} == {"seeded", "Weather", "Sports"}


def test_a_seed_file_does_not_touch_a_state_file_that_holds_objects(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with Emulator.start(state=state) as emulator:
        RawApi(emulator).topic("t")
    seed = {"replace": True, "tenants": {"1000000001": {"custom_topics": []}}}
    with Emulator.start(state=state, seed=seed) as emulator:
        assert len(RawApi(emulator).rows("topics")) == 3


def test_https_is_served_with_a_certificate(tmp_path: Path) -> None:
    tls = make_tls_files(tmp_path)
    with Emulator.start(tls=tls) as emulator:
        assert emulator.url.startswith("https://127.0.0.1:")
        health = requests.get(f"{emulator.url}/_emulator/health", verify=str(tls.authority), timeout=10)
        assert health.json()["status"] == "ok"
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(f"{emulator.url}/_emulator/health", timeout=10)


def test_a_connection_can_be_dropped_over_https_too(tmp_path: Path) -> None:
    tls = make_tls_files(tmp_path)
    with Emulator.start(tls=tls) as emulator:
        emulator.add_fault({"kind": "drop"})
        with pytest.raises(requests.exceptions.ConnectionError, match=r"(?i)closed connection|eof|reset"):
            requests.get(emulator.base_url, verify=str(tls.authority), timeout=10)


def test_the_ready_file_tells_url_and_process_and_goes_away_at_the_end(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    with subprocess.Popen(command("--ready-file", str(ready_file)), env=environment()) as process:
        while not ready_file.exists():
            assert process.poll() is None
            time.sleep(0.02)
        ready = json.loads(ready_file.read_text())
        assert ready["pid"] == process.pid
        assert requests.get(f"{ready['url']}/_emulator/health", timeout=10).json()["pid"] == process.pid
        assert [file.name for file in tmp_path.iterdir()] == ["ready.json"]
        process.terminate()
    assert not ready_file.exists()


def test_the_environment_file_points_a_shell_to_the_emulator_and_goes_away_at_the_end(tmp_path: Path) -> None:
    env_file, ready_file = tmp_path / "env.sh", tmp_path / "ready.json"
    arguments = ("--env-file", str(env_file), "--ready-file", str(ready_file))
    with subprocess.Popen(command(*arguments), env=environment()) as process:
        while not ready_file.exists():
            assert process.poll() is None
            time.sleep(0.02)
        url = json.loads(ready_file.read_text())["url"]
        dump = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"]
        script = f'. "$0"; exec {shlex.join(dump)}'
        real = {"PANW_BASE_URL": "https://real", "PANW_ACCESS_TOKEN": "real", "PANW_AI_SEC_API_KEY": "real"}
        shown = subprocess.check_output(["sh", "-c", script, str(env_file)], env={**os.environ, **real})
        assert {name: value for name, value in json.loads(shown).items() if name.startswith("PANW_")} == {
            "PANW_CLIENT_ID": "emulator@1000000001.iam.panserviceaccount.com",
            "PANW_CLIENT_SECRET": "emulator-secret",
            "PANW_TSG_ID": "1000000001",
            "PANW_BASE_URL": f"{url}/aisec",
            "PANW_TOKEN_BASE_URL": f"{url}/oauth2/access_token",
            "PANW_AI_SEC_API_ENDPOINT": url,
        }
        process.terminate()
    assert list(tmp_path.iterdir()) == []


def test_standard_output_tells_the_same_in_one_line() -> None:
    with Emulator.start() as emulator:
        assert json.loads(emulator.log) == {"url": emulator.url, "pid": emulator.pid}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_at_once_although_connections_are_open(number: signal.Signals) -> None:
    emulator = Emulator.start()
    api = RawApi(emulator)
    api.get("topics")
    host, port = emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))):
        started = time.monotonic()
        os.kill(emulator.pid, number)
        code = emulator._process.wait(30)
        assert time.monotonic() - started < PROMPTLY
    assert code == 0
    assert "Traceback" not in emulator.log


def test_a_signal_ends_the_server_although_a_request_waits_for_a_fault() -> None:
    emulator = Emulator.start()
    emulator.add_fault({"kind": "latency", "seconds": 60})
    host, port = emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /aisec HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.2)
        started = time.monotonic()
        assert emulator.stop() == 0
        assert time.monotonic() - started < PROMPTLY
    assert "Traceback" not in emulator.log


def test_a_port_can_be_chosen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Emulator.start(sys.executable, "--port", str(port)) as emulator:
        assert emulator.url == f"http://127.0.0.1:{port}"


def test_a_port_that_is_taken_is_an_error_that_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("--port", str(taken.getsockname()[1]))
    assert ended.returncode != 0
    assert "address already in use" in ended.stderr.lower()
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "65536"],
        ["--port", "http"],
        ["--tls-cert", "only.pem"],
        ["--tls-cert", "missing.pem", "--tls-key", "missing.key"],
        ["--seed", "missing.json"],
        ["--state", "/nowhere/at/all.sqlite"],
    ],
)
def test_a_wrong_option_is_an_error_without_a_traceback(arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.returncode != 0
    assert ended.stderr.strip() != ""
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("text", ["{", '{"tenants": {"1": {}}}', '{"tenants": {}, "extra": 1}'])
def test_a_wrong_seed_file_is_an_error_without_a_traceback(tmp_path: Path, text: str) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(text)
    ended = run("--seed", str(seed))
    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr


def test_thousands_of_small_requests_are_served_quickly(api: RawApi) -> None:
    started = time.monotonic()
    for number in range(1000):
        api.topic(f"t{number}")
    listed = sum(len(api.rows("topics", offset=offset, limit=100)) for offset in range(0, 1100, 100))
    assert listed == 1002
    # It takes 2 s; with the 40 ms per request that Nagle's algorithm can cost it would be 40 s.
    assert time.monotonic() - started < 30
