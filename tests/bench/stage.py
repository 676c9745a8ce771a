# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the peers run: an emulator behind TLS, a controller's environment, and the check that the work was done."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml
from support.certificates import make_tls_files
from support.emulator import ACCOUNT, Emulator
from support.playbook import PLUGINS

from . import COLLECTIONS_PATH
from .policies import JsonObject, policy
from .workload import Workload

TESTS = Path(__file__).resolve().parents[1]


class WorkNotDone(RuntimeError):
    """A peer that left the tenant in another state than it had to, or wrote more or less than it had to."""


@dataclass(frozen=True)
class Requests:
    """How many requests of each kind reached the service; C(lists) by the last part of their path."""

    tokens: int
    lists: dict[str, int]
    writes: int


class Stage:
    """An emulator and a folder. Use C(stage()) to get one."""

    def __init__(self, emulator: Emulator, authority: Path, folder: Path) -> None:
        self._emulator = emulator
        self._authority = authority
        self._folder = folder
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(authority)

    def config(self, workload: Workload) -> Path:
        """Return the folder with the files of a workload's configuration, which all peers read."""
        folder = self._folder / "config" / f"{workload.kind}-{workload.size}"
        if not folder.exists():
            folder.mkdir(parents=True)
            for kind, objects in workload.config.items():
                text = yaml.dump({kind: objects}, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper))
                (folder / f"{kind}.yml").write_text(f"---\n{text}", encoding="utf-8")
        return folder

    def run_folder(self) -> Path:
        """Return the folder that commands run in."""
        folder = self._folder / "run"
        folder.mkdir(exist_ok=True)
        return folder

    def environment(self, workload: Workload) -> dict[str, str]:
        """Return the environment of the peers: nothing of whoever runs the benchmark but PATH and the language."""
        home = self._folder / "home"
        (home / "parcels").mkdir(parents=True, exist_ok=True)
        settings = home / "ansible.cfg"
        settings.touch()
        return {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(TESTS),
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "BENCH_CONFIG": str(self.config(workload)),
            "PANW_CLIENT_ID": ACCOUNT.client_id,
            "PANW_CLIENT_SECRET": ACCOUNT.client_secret,
            "PANW_BASE_URL": self._emulator.base_url,
            "PANW_AI_SEC_API_ENDPOINT": self._emulator.url,
            "PANW_TOKEN_BASE_URL": self._emulator.token_url,
            # OpenSSL's name and that of requests.
            "SSL_CERT_FILE": str(self._authority),
            "REQUESTS_CA_BUNDLE": str(self._authority),
            "ANSIBLE_CONFIG": str(settings),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS_PATH),
            "ANSIBLE_CONNECTION_PLUGINS": str(PLUGINS / "connection"),
            "AIRS_PARCELS": str(home / "parcels"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        }

    def prepare(self, workload: Workload, latency_ms: int) -> None:
        """Bring the emulator to where a run starts. None of this is part of the time of a run."""
        self._emulator.reset()
        self._emulator.seed({"replace": True, "tenants": {ACCOUNT.tsg_id: workload.tenant_before()}})
        self._emulator.settings(latency_seconds=latency_ms / 1000)
        for path, text in workload.files.items():
            file = self.run_folder() / path
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        for parcel in (self._folder / "home" / "parcels").glob("*"):
            parcel.unlink()

    def requests(self) -> Requests:
        """Return how many requests reached the emulator since C(prepare)."""
        seen = self._emulator.journal()
        management = [entry for entry in seen if entry["plane"] == "management"]
        lists = Counter(entry["path"].rpartition("/")[2] for entry in management if entry["method"] == "GET")
        return Requests(
            tokens=sum(entry["plane"] == "token" for entry in seen),
            lists=dict(sorted(lists.items())),
            writes=sum(entry["method"] != "GET" for entry in management),
        )

    def require_done(self, workload: Workload, seen: Requests, *, dry: bool) -> None:
        """Look at the tenant, past the collection, whether it is as the configuration says (of a dry run: unchanged).

        Raises:
            WorkNotDone: it is not, or the number of writes is wrong.
        """
        writes = 0 if dry else workload.writes
        if seen.writes != writes:
            raise WorkNotDone(f"{seen.writes} requests wrote something, {writes} had to")
        self._emulator.settings(latency_seconds=0)
        token = self._token()
        topics = {row["topic_name"]: row for row in self._rows(token, "topics", "custom_topics")}
        # The first of a name is its highest revision: the last changed comes first.
        profiles = {row["profile_name"]: row for row in reversed(list(self._rows(token, "profiles", "ai_profiles")))}
        if dry:
            if {"topics": len(topics), "profiles": len(profiles)} != workload.held:
                raise WorkNotDone("a dry run made objects")
            return
        wrong = [
            *_wrong({topic["name"]: topic for topic in workload.custom_topics}, topics, ("description", "examples")),
            *_wrong(
                {entry["name"]: {"policy": policy(entry, topics)} for entry in workload.security_profiles},
                profiles,
                ("policy",),
            ),
        ]
        if wrong:
            raise WorkNotDone(f"{len(wrong)} objects are not as the configuration says, the first is {wrong[0]}")

    def _token(self) -> str:
        answer = self._session.post(
            self._emulator.token_url,
            data={"grant_type": "client_credentials"},
            auth=(ACCOUNT.client_id, ACCOUNT.client_secret),
            timeout=30,
        )
        answer.raise_for_status()
        token: str = answer.json()["access_token"]
        return token

    def _rows(self, token: str, path: str, key: str) -> Iterator[JsonObject]:
        offset = 0
        while True:
            answer = self._session.get(
                f"{self._emulator.base_url}/v1/mgmt/{path}",
                params={"offset": offset, "limit": 1000},
                headers={"Authorization": f"Bearer {token}"},
                timeout=30,
            )
            answer.raise_for_status()
            page = answer.json()
            yield from page[key]
            offset = page.get("next_offset") or 0
            if not offset:
                return


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Start an emulator, with its files in a folder, and end it afterwards."""
    tls = make_tls_files(folder)
    with Emulator.start(tls=tls) as emulator:
        yield Stage(emulator, tls.authority, folder)


def _wrong(wanted: dict[str, JsonObject], rows: dict[str, JsonObject], members: tuple[str, ...]) -> list[str]:
    """Return the names of which one side only knows, or whose members are not the same."""
    differing = [
        name
        for name in wanted.keys() & rows.keys()
        if any(_bare(wanted[name][member]) != _bare(rows[name][member]) for member in members)
    ]
    return sorted([*(wanted.keys() ^ rows.keys()), *differing])


def _bare(value: Any) -> Any:
    """Return a document without what says nothing: clients fill in empty sections, the service severities."""
    if isinstance(value, dict):
        parts = {key: _bare(part) for key, part in value.items() if "severity" not in key}
        return {key: part for key, part in parts.items() if part not in (None, "", [], {}, False)}
    if isinstance(value, list):
        parts_said = [part for part in map(_bare, value) if part not in (None, "", [], {})]
        return sorted(parts_said, key=lambda part: json.dumps(part, sort_keys=True))
    return value
