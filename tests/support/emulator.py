# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the emulator as a process of its own and talk to its control plane."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from .certificates import TlsFiles

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Account:
    """A service account of the default seed."""

    tsg_id: str
    client_id: str
    client_secret: str


ACCOUNT = Account("1000000001", "emulator@1000000001.iam.panserviceaccount.com", "emulator-secret")
OTHER_ACCOUNT = Account("1000000002", "emulator@1000000002.iam.panserviceaccount.com", "emulator-secret-2")


def emulator_files() -> Path:
    """The folder of the package ``airs_emulator``: in the installed collection when one is given, or the checkout."""
    installed = os.environ.get("AIRS_COLLECTIONS_PATH")
    root = Path(installed) / "ansible_collections/panw/airs" if installed else Path(__file__).resolve().parents[2]
    return root / "roles/emulator/files"


class Emulator:
    """A running emulator. Use C(Emulator.start) (also as a context manager) and C(stop) it when done."""

    def __init__(self, url: str, process: subprocess.Popen[bytes], log: Path, verify: bool | str = True) -> None:
        self.url = url
        self._process = process
        self._log = log
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = verify

    @classmethod
    def start(
        cls,
        python: str = sys.executable,
        *args: str,
        tls: TlsFiles | None = None,
        seed: Path | JsonObject | None = None,
        state: Path | None = None,
        wait_seconds: float = 30,
    ) -> Emulator:
        """Start ``python -m airs_emulator`` on a free port and return once it serves.

        C(seed) is a seed document or the path of one, C(state) the path of a SQLite file that survives a restart;
        C(args) are further command line options. Raises RuntimeError with the server's log when it does not come up.
        """
        folder = Path(tempfile.mkdtemp(prefix="airs_emulator_"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        ready_file, log = folder / "ready.json", folder / "log"
        command = [python, "-m", "airs_emulator", "--port", "0", "--ready-file", str(ready_file), *args]
        if tls is not None:
            command += ["--tls-cert", str(tls.certificate), "--tls-key", str(tls.key)]
        if isinstance(seed, dict):
            seed_file = folder / "seed.json"
            seed_file.write_text(json.dumps(seed), encoding="utf-8")
            seed = seed_file
        if seed is not None:
            command += ["--seed", str(seed)]
        if state is not None:
            command += ["--state", str(state)]
        environment = {**os.environ, "PYTHONPATH": str(emulator_files()), "PYTHONDONTWRITEBYTECODE": "1"}
        with log.open("wb") as output:
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + wait_seconds
        while not ready_file.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise RuntimeError(f"the emulator did not start: {log.read_text(errors='replace')}")
            time.sleep(0.02)
        ready = json.loads(ready_file.read_text(encoding="utf-8"))
        return cls(ready["url"], process, log, verify=str(tls.authority) if tls else True)

    def __enter__(self) -> Emulator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """Base URL of the management API."""
        return f"{self.url}/aisec"

    @property
    def token_url(self) -> str:
        """Full URL of the token endpoint."""
        return f"{self.url}/oauth2/access_token"

    @property
    def pid(self) -> int:
        """Process id of the server."""
        return self._process.pid

    @property
    def log(self) -> str:
        """What the server wrote on its standard output and error so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def stop(self, wait_seconds: float = 10) -> int:
        """End the server and return its exit code. Stopping twice does no harm."""
        self._session.close()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(wait_seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
        return self._process.wait()

    def reset(self) -> None:
        """Everything back to the start seed; tokens issued before are forgotten."""
        self._control("POST", "reset")

    def seed(self, document: JsonObject) -> None:
        """Add the objects of a seed document (its layout is in the README of the role ``emulator``)."""
        self._control("POST", "seed", document)

    def journal(self, plane: str | None = None) -> list[JsonObject]:
        """Requests seen so far, oldest first; C(plane) is management, token or scan."""
        path = "journal" if plane is None else f"journal?plane={plane}"
        requests_seen: list[JsonObject] = self._control("GET", path)["requests"]
        return requests_seen

    def writes(self) -> list[JsonObject]:
        """Requests of the management plane that may change something."""
        return [entry for entry in self.journal("management") if entry["method"] != "GET"]

    def clear_journal(self) -> None:
        """Forget the requests seen so far."""
        self._control("DELETE", "journal")

    def add_fault(
        self,
        action: JsonObject,
        *,
        method: str | None = None,
        path: str = "*",
        times: int | None = 1,
        skip: int = 0,
    ) -> int:
        """Disturb matching requests: the first C(skip) pass, the next C(times) (None: all) suffer C(action)."""
        fault = {"method": method, "path": path, "times": times, "skip": skip, "action": action}
        identifier: int = self._control("POST", "faults", fault)["id"]
        return identifier

    def faults(self) -> list[JsonObject]:
        """The faults set now, each with its number of hits."""
        faults: list[JsonObject] = self._control("GET", "faults")["faults"]
        return faults

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._control("DELETE", "faults")

    def expire_tokens(self) -> None:
        """Make every access token issued so far invalid."""
        self._control("POST", "tokens/expire")

    def advance_clock(self, seconds: float) -> str:
        """Move the service's clock forward and return its new time (ISO 8601, UTC)."""
        now: str = self._control("PUT", "clock", {"advance_seconds": seconds})["now"]
        return now

    @contextmanager
    def days_ago(self, days: float) -> Iterator[None]:
        """Let the service be so many days back: what it makes now expires so much sooner."""
        self.advance_clock(-days * 86400)
        try:
            yield
        finally:
            self.advance_clock(days * 86400)

    def set_clock(self, now: str) -> str:
        """Set the service's clock to C(now) (ISO 8601); it goes on from there."""
        answer: str = self._control("PUT", "clock", {"now": now})["now"]
        return answer

    def settings(self, **changes: Any) -> JsonObject:
        """Change quirk switches, if any are given, and return them all."""
        settings: JsonObject = self._control("PATCH" if changes else "GET", "settings", changes or None)
        return settings

    def _control(self, method: str, path: str, body: JsonObject | None = None) -> JsonObject:
        answer = self._session.request(method, f"{self.url}/_emulator/{path}", json=body, timeout=30)
        if not answer.ok:
            raise RuntimeError(f"{method} /_emulator/{path}: HTTP {answer.status_code}: {answer.text}")
        result: JsonObject = answer.json()
        return result
