# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ``ansible-playbook`` as a user does, and hold on to everything that it shows.

Each run is searched for secrets, at the highest verbosity: whatever a test is about, nothing may leak. And each result
is held against the RETURN documentation of its module.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .emulator import ACCOUNT, OTHER_ACCOUNT, Account, Emulator, JsonObject
from .returns import disagreements

PLUGINS = Path(__file__).resolve().parent / "ansible_plugins"
ANSIBLE_PLAYBOOK = Path(sys.executable).parent / "ansible-playbook"

#: Values that no run may ever show: client secrets and auth codes of the emulator's default seed.
KNOWN_SECRETS = (ACCOUNT.client_secret, OTHER_ACCOUNT.client_secret, "D0000001", "D0000002", "D1000001", "D1000002")
#: What the emulator's API keys look like, and behind its prefix a token: 48 random bytes in base64. The file that says
#: where an emulator is may be as long, and begins with {"url":.
_RANDOM_TEXT = re.compile(r"(?<![\w-])(?!eyJ1cmwiOi)(?:eyJ)?[\w-]{64}(?![\w-])", re.ASCII)
_KINDS_OF_CHARACTERS = (r"[A-Z]", r"[a-z]", r"[0-9]")

#: An inventory with a host that Ansible reaches over a connection that is not local; the modules run there.
ELSEWHERE = {
    "all": {"hosts": {"localhost": {"ansible_connection": "local"}, "other": {"ansible_connection": "airs_elsewhere"}}}
}

#: What the environment of every run says to Ansible.
SETTINGS = {
    "LC_ALL": "C.UTF-8",
    "ANSIBLE_INVENTORY": os.devnull,
    "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS / "callback"),
    "ANSIBLE_CALLBACKS_ENABLED": "airs_recorder",
    "ANSIBLE_CONNECTION_PLUGINS": str(PLUGINS / "connection"),
    "ANSIBLE_LOCALHOST_WARNING": "false",
    "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    "ANSIBLE_NOCOLOR": "true",
    "ANSIBLE_RETRY_FILES_ENABLED": "false",
    # Interpreter discovery may find a Python of a version manager that is not selected and does not run.
    "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
}
#: Writes large plays in a moment, where PyYAML has it.
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Task = Mapping[str, Any]


def secrets_in(text: str) -> list[str]:
    """The secrets that a text shows: those of the seed, and all that look like a key or token of the emulator."""
    random = [
        match for match in _RANDOM_TEXT.findall(text) if all(re.search(kind, match) for kind in _KINDS_OF_CHARACTERS)
    ]
    return [secret for secret in KNOWN_SECRETS if secret in text] + random


def visible(folder: Path) -> list[str]:
    """The names of what is in a folder, but for hidden notes that say whose secrets are there."""
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".airs-note"))


@dataclass(frozen=True)
class Event:
    """What Ansible told its callbacks. C(kind): ok, failed, ignored, skipped, unreachable, retry, item ok, item failed.

    Items are those of a loop.
    """

    kind: str
    host: str
    task: str
    action: str
    result: JsonObject


@dataclass(frozen=True)
class Run:
    """A finished run of C(ansible-playbook).

    C(output) is all that it printed; C(folder) is the folder of the playbook, C(home) Ansible's home folder.
    """

    exit_code: int
    output: str
    events: list[Event]
    folder: Path
    home: Path

    def results(self, task: str) -> list[JsonObject]:
        """The final results of a task, one per host, in the order in which they came."""
        final = ("ok", "failed", "ignored", "skipped", "unreachable")
        found = [event.result for event in self.events if event.task == task and event.kind in final]
        assert found, f"no task named {task!r} ran:\n{self.output}"
        return found

    def __getitem__(self, task: str) -> JsonObject:
        """The result of a task that ran on one host."""
        (result,) = self.results(task)
        return result

    def kinds(self, task: str) -> list[str]:
        """The kinds of all events of a task."""
        return [event.kind for event in self.events if event.task == task]

    @property
    def failure(self) -> str:
        """The message of the one task that failed (ignored or not)."""
        (event,) = [event for event in self.events if event.kind in ("failed", "ignored")]
        message: str = event.result["msg"]
        return message

    @property
    def text(self) -> str:
        """Everything that the run showed, to eyes and to callbacks."""
        return self.output + json.dumps([event.result for event in self.events], ensure_ascii=False)


def checked(run: Run) -> Run:
    """Return a run after a look at all that it shows: no secret may be in it, and results are as documented."""
    leaks = secrets_in(run.text)
    assert leaks == [], f"the run shows secrets {leaks}:\n{run.output}"
    wrong = [fault for event in run.events for fault in disagreements(event.action, event.result)]
    assert wrong == [], f"results and their documentation disagree: {wrong}"
    return run


@dataclass
class Controller:
    """A machine that plays run on: a folder with Ansible's home and the environment of a shell that uses the emulator.

    C(folder) gets a folder for each run. C(variables) are the environment; change them for all later runs.
    """

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    _runs: int = 0

    def use(self, emulator: Emulator, account: Account = ACCOUNT) -> None:
        """Point the environment to an emulator, as the README tells users to."""
        self.variables |= {
            "PANW_CLIENT_ID": account.client_id,
            "PANW_CLIENT_SECRET": account.client_secret,
            "PANW_BASE_URL": emulator.base_url,
            "PANW_TOKEN_BASE_URL": emulator.token_url,
            "PANW_AI_SEC_API_ENDPOINT": emulator.url,
        }

    def play(
        self,
        *tasks: Task,
        hosts: str = "localhost",
        keywords: Mapping[str, Any] | None = None,
        succeeds: bool = True,
        **options: Any,
    ) -> Run:
        """Run one play of these tasks. C(keywords) are further keywords of the play, C(options) those of C(run).

        Asserts that the run succeeds, or with C(succeeds=False) that it fails.
        """
        play = {"hosts": hosts, "gather_facts": False, **(keywords or {}), "tasks": list(tasks)}
        run = self.run([play], **options)
        assert (run.exit_code == 0) == succeeds, f"exit code {run.exit_code}:\n{run.output}"
        return run

    def run(
        self,
        plays: Sequence[Mapping[str, Any]] | str,
        *arguments: str,
        inventory: Mapping[str, Any] | None = None,
        check: bool = False,
        diff: bool = False,
        variables: Mapping[str, str | None] | None = None,
        verbosity: int = 4,
        time_limit: float = 300,
    ) -> Run:
        """Run plays, given as data or as the text of a playbook, and assert that nothing secret is shown.

        C(arguments) go to the command line, C(inventory) is one in YAML's form, C(variables) go over the environment
        (None removes one), C(verbosity) is the number of C(-v) and C(time_limit) is in seconds.
        """
        playbook = self.playbook(plays)
        folder, record = playbook.parent, playbook.with_name("record")
        command = [str(ANSIBLE_PLAYBOOK), str(playbook), *arguments]
        if inventory is not None:
            (folder / "inventory.yml").write_text(yaml.safe_dump(dict(inventory)), encoding="utf-8")
            command += ["--inventory", str(folder / "inventory.yml")]
        command += ["--check"] * check + ["--diff"] * diff + [f"-{'v' * verbosity}"] * bool(verbosity)
        record.touch()
        exit_code, output = self._execute(command, folder, self._environment(record, variables or {}), time_limit)
        return checked(Run(exit_code, output, events(record), folder, self.home))

    def _execute(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], time_limit: float
    ) -> tuple[int, str]:
        """Run a command in a folder, and return its exit code and all that it printed."""
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=time_limit,
            check=False,
        )
        return done.returncode, done.stdout.decode(errors="replace")

    def playbook(self, plays: Sequence[Mapping[str, Any]] | str) -> Path:
        """Write plays, given as data or as the text of a playbook, into a folder of their own, and return the file."""
        self._runs += 1
        playbook = self.folder / f"run{self._runs}" / "playbook.yml"
        playbook.parent.mkdir(parents=True)
        text = plays if isinstance(plays, str) else yaml.dump(list(plays), Dumper=_DUMPER)
        playbook.write_text(text, encoding="utf-8")
        return playbook

    def call(
        self,
        program: str,
        *arguments: str,
        variables: Mapping[str, str | None] | None = None,
        start: Path | None = None,
    ) -> tuple[int, str]:
        """Run another of Ansible's programs, such as C(ansible-inventory), and assert that nothing secret is shown.

        C(variables) go over the environment, C(start) is the folder that it is started in. Returns the exit code and
        all that it printed.
        """
        done = subprocess.run(
            [str(ANSIBLE_PLAYBOOK.with_name(program)), *arguments],
            cwd=start or self.folder,
            env=self._environment(self.folder / "record", variables or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        output = done.stdout.decode(errors="replace")
        assert secrets_in(output) == [], f"{program} shows secrets:\n{output}"
        return done.returncode, output

    @property
    def home(self) -> Path:
        """Ansible's home folder."""
        return self.folder / "home" / ".ansible"

    @property
    def parcels(self) -> Path:
        """Where the connection C(airs_elsewhere) keeps what passed through it."""
        return self.folder / "parcels"

    def _environment(self, record: Path, changes: Mapping[str, str | None]) -> dict[str, str]:
        for folder in (self.home, self.parcels):
            folder.mkdir(parents=True, exist_ok=True)
        # Those of this machine must not count.
        settings = self.folder / "ansible.cfg"
        settings.touch()
        environment: dict[str, str | None] = {
            **SETTINGS,
            "PATH": f"{ANSIBLE_PLAYBOOK.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home.parent),
            "ANSIBLE_CONFIG": str(settings),
            "ANSIBLE_HOME": str(self.home),
            "ANSIBLE_COLLECTIONS_PATH": os.environ["AIRS_COLLECTIONS_PATH"],
            # Where modules run: nothing may end up in the home of whoever runs the tests.
            "ANSIBLE_REMOTE_TEMP": str(self.folder / "remote_tmp"),
            "ANSIBLE_ASYNC_DIR": str(self.folder / "async"),
            "AIRS_RECORD": str(record),
            "AIRS_PARCELS": str(self.parcels),
            **self.variables,
            **changes,
        }
        return {name: value for name, value in environment.items() if value is not None}


def events(record: Path) -> list[Event]:
    """The events that the callback C(airs_recorder) has written."""
    found = map(json.loads, record.read_text(encoding="utf-8").splitlines())
    return [Event(line["event"], line["host"], line["task"], line["action"], line["result"]) for line in found]
