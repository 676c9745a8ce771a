# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run jobs with ansible-runner the way AWX does: credentials in the environment, an inventory that is a script, slices.

As in AWX, each job is a process of its own with a folder of its own; what jobs share is the service and the sink.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2.sandbox
from ansible.parsing.dataloader import DataLoader

from .emulator import ACCOUNT, Emulator, JsonObject
from .playbook import secrets_in

KIT = Path(os.environ["AIRS_COLLECTIONS_PATH"]) / "ansible_collections/panw/airs/examples/awx"
PROGRAMS = Path(sys.executable).parent

#: A process that runs one job. The arguments of C(ansible_runner.run) come from standard input, where nobody sees them.
_RUN = """\
import ansible_runner, json, sys
done = ansible_runner.run(**json.load(sys.stdin))
sys.exit(done.rc or 0 if hasattr(done, "rc") else 0)
"""


def configuration(name: str) -> JsonObject:
    """What a file of the kit's configuration says, read as Ansible reads it (C(!unsafe))."""
    data: JsonObject = DataLoader().load_from_file(str(KIT / "configuration" / f"{name}.yml"))
    return data


def injected(credential_type: str, inputs: Mapping[str, str]) -> dict[str, str]:
    """The environment that a credential of one of the kit's types gives to a job; AWX renders it with Jinja, too."""
    types = {kind["name"]: kind for kind in configuration("credential_types")["controller_credential_types"]}
    templates = types[credential_type]["injectors"]["env"]
    sandbox = jinja2.sandbox.ImmutableSandboxedEnvironment()
    return {str(name): sandbox.from_string(str(text)).render(**inputs) for name, text in templates.items()}


def templates() -> dict[str, JsonObject]:
    """The job templates of the kit, by name."""
    return {str(template["name"]): template for template in configuration("job_templates")["controller_templates"]}


@dataclass(frozen=True, repr=False)
class Job:
    """A job that has ended.

    C(shown) is all that it left: events, output and artifacts, without C(command), the runner's record of how it was
    started. C(record) is that one, with the environment in clear; it never leaves the folder of the job.
    """

    exit_code: int
    output: str
    events: list[JsonObject]
    shown: str
    record: str

    @property
    def statistics(self) -> JsonObject:
        """How often things happened, by host."""
        counted: JsonObject = self._last["event_data"]
        return counted

    @property
    def artifacts(self) -> JsonObject:
        """What the job hands on to the next one of a workflow."""
        found: JsonObject = self._last["event_data"].get("artifact_data", {})
        return found

    @property
    def _last(self) -> JsonObject:
        (event,) = [event for event in self.events if event["event"] == "playbook_on_stats"]
        return event


class Awx:
    """AWX with the project of the kit, and a credential of each of its types for the emulator."""

    def __init__(self, folder: Path, emulator: Emulator) -> None:
        self.folder = folder
        self.secrets = folder / "secrets"
        self.secrets.mkdir()
        self._emulator = emulator

    @property
    def sink(self) -> JsonObject:
        """A place for secrets that all jobs reach."""
        return {"type": "file", "path": f"{self.secrets}/{{name}}.key"}

    def management(self) -> dict[str, str]:
        """What the management credential injects."""
        inputs = {
            "client_id": ACCOUNT.client_id,
            "client_secret": ACCOUNT.client_secret,
            "tsg_id": ACCOUNT.tsg_id,
            "base_url": self._emulator.base_url,
            "token_base_url": self._emulator.token_url,
            "api_endpoint": self._emulator.url,
        }
        return injected("Prisma AIRS management", inputs)

    def scan(self, api_key: str) -> dict[str, str]:
        """What the scan credential injects."""
        return injected("Prisma AIRS scan", {"api_key": api_key, "api_endpoint": self._emulator.url})

    def inventory(self, name: str) -> JsonObject:
        """Load an inventory of the project, as an inventory source does: hosts with variables, and groups."""
        file = KIT / "project" / "inventories" / name
        done = subprocess.run(
            [str(PROGRAMS / "ansible-inventory"), "-i", str(file), "--list", "--export"],
            env={**self._environment(self.folder / "inventory"), **self.management()},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        assert secrets_in(done.stdout + done.stderr) == []
        loaded: JsonObject = json.loads(done.stdout, object_hook=_unmarked)
        return loaded

    def sliced(self, template: str, inventory: JsonObject, slices: int, **variables: Any) -> list[Job]:
        """Launch a job template in slices, all at the same time."""
        with ThreadPoolExecutor(slices) as pool:
            parts = [_slice(inventory, number, slices) for number in range(slices)]
            return list(pool.map(lambda part: self.job(template, part, **variables), parts))

    def job(
        self,
        template: str,
        inventory: JsonObject | None = None,
        credential: Mapping[str, str] | None = None,
        streamed: bool = False,
        **variables: Any,
    ) -> Job:
        """Launch a job template, by C(ansible_runner.run), or streamed: transmit, worker and process.

        C(variables) are answers to its survey and such, and None for what the template sets; secrets go to the sink of
        the tests, and tests do not wait.
        """
        settings = templates()[template]
        quick = {"airs_secret_sink": self.sink, "onboard_app_verify_delay": 0, "rotate_api_keys_verify_delay": 0}
        questions = settings.get("survey_spec", {}).get("spec", [])
        defaults = {question["variable"]: question["default"] for question in questions if "default" in question}
        variables = {**(settings.get("extra_vars") or {}), **defaults, **quick, **variables}
        variables = {name: value for name, value in variables.items() if value is not None}
        folder = Path(tempfile.mkdtemp(prefix="job-", dir=self.folder))
        start, work, end = (folder / name for name in ("start", "work", "end"))
        shutil.copytree(KIT / "project", start / "project")
        (start / "vars.json").write_text(json.dumps(variables), encoding="utf-8")
        script = start / "inventory" / "hosts"
        script.parent.mkdir()
        script.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(inventory or {})}\nEND\n", encoding="utf-8")
        script.chmod(0o700)
        arguments = {
            "private_data_dir": str(start),
            "ident": "1",
            "playbook": settings["playbook"],
            "cmdline": "-e @../vars.json" + " --check" * (settings.get("job_type") == "check"),
            "envvars": {**self._environment(folder), **(self.management() if credential is None else credential)},
            # What AWX sets, so that no file of the job's folder has a credential, and nothing spoils the stream.
            "suppress_env_files": True,
            "settings": {"suppress_ansible_output": True},
            "verbosity": 3 if streamed else 0,
        }
        if not streamed:
            done = _call([sys.executable, "-c", _RUN], json.dumps({**arguments, "quiet": True}).encode(), self._clean)
            return _job(done.returncode, done.stdout.decode(), start / "artifacts" / "1")
        runner = [sys.executable, "-m", "ansible_runner"]
        sent = _call(
            [sys.executable, "-c", _RUN], json.dumps({**arguments, "streamer": "transmit"}).encode(), self._clean
        )
        worked = _call([*runner, "worker", "--private-data-dir", str(work)], sent.stdout, self._clean)
        end.mkdir()
        processed = _call([*runner, "process", str(end), "-i", "1"], worked.stdout, self._clean)
        assert not work.exists() or not list(work.glob("env/*")), "the worker left credentials behind"
        return _job(processed.returncode, processed.stdout.decode(), end / "artifacts" / "1")

    @property
    def _clean(self) -> dict[str, str]:
        """The environment of AWX itself, in which there is nothing of the jobs."""
        return {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}

    def _environment(self, folder: Path) -> dict[str, str]:
        """What an execution environment has: a home of its own, and the collection."""
        home = folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        settings = home / "ansible.cfg"
        settings.touch()
        return {
            **self._clean,
            "HOME": str(home),
            "ANSIBLE_HOME": str(home / ".ansible"),
            "ANSIBLE_CONFIG": str(settings),
            "ANSIBLE_COLLECTIONS_PATH": os.environ["AIRS_COLLECTIONS_PATH"],
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        }


def _call(command: Sequence[str], given: bytes, environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, input=given, env=environment, stdout=subprocess.PIPE, check=False, timeout=120)


def _job(exit_code: int, output: str, artifacts: Path) -> Job:
    files = {file: file.read_text(encoding="utf-8") for file in sorted(artifacts.rglob("*")) if file.is_file()}
    events = [json.loads(text) for file, text in files.items() if file.parent.name == "job_events"]
    assert events, f"ansible-runner has no events:\n{output}"
    record = files.pop(artifacts / "command", "")
    shown = output + "".join(files.values())
    assert secrets_in(shown) == [], "the job shows secrets"
    return Job(exit_code, output, sorted(events, key=lambda event: int(event["counter"])), shown, record)


def _slice(inventory: JsonObject, number: int, slices: int) -> JsonObject:
    """The hosts of a slice, as AWX deals them out: in the order of their names, with their groups and variables."""
    hosts = sorted({host for group in inventory.values() for host in group.get("hosts", [])})[number::slices]
    groups = {
        name: {**group, "hosts": [host for host in group.get("hosts", []) if host in hosts]}
        for name, group in inventory.items()
        if name != "_meta"
    }
    variables = inventory["_meta"]["hostvars"]
    return {**groups, "_meta": {"hostvars": {host: variables.get(host, {}) for host in hosts}}}


def _unmarked(value: JsonObject) -> Any:
    """Take off Ansible's mark of what is no template."""
    return value.get("__ansible_unsafe", value)
