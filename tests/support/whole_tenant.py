# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of C(airs_tenant) write and read: configs of a whole tenant, and the rows of its results."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from .emulator import ACCOUNT, Emulator, JsonObject
from .playbook import ANSIBLE_PLAYBOOK, Controller, secrets_in
from .tasks import API_KEY, EVERY_PROTECTION, TOPIC, task
from .tenant import Tenant

KINDS = ("custom_topics", "security_profiles", "api_keys", "customer_apps")
ACTIONS = ("none", "create", "update", "regenerate", "delete", "skip", "failed")

ADVICE: JsonObject = {"name": "advice", **TOPIC}
PRICES: JsonObject = {"name": "prices", "description": "Prices of competitors"}
#: A profile with every protection, and one that needs a topic that the service brings along.
SUPPORT_BOT: JsonObject = {"name": "support-bot", **EVERY_PROTECTION}
LAB_BOT: JsonObject = {"name": "lab-bot", "prompt_injection": "alert", "topics": {"block": ["Weather"]}}
SUPPORT_KEY: JsonObject = {"name": "support-key", **API_KEY}
LAB_KEY: JsonObject = {"name": "lab-key", **API_KEY, "customer_app": "lab-bot", "environment": "dev"}
#: Something of every kind: the applications come into being with the keys.
EVERYTHING: JsonObject = {
    "custom_topics": [ADVICE, PRICES],
    "security_profiles": [SUPPORT_BOT, LAB_BOT],
    "api_keys": [SUPPORT_KEY, LAB_KEY],
    "customer_apps": [{"name": "support-bot", "model_name": "gpt-4o"}, {"name": "lab-bot"}],
}


def airs_tenant(name: str, keywords: JsonObject | None = None, /, **options: Any) -> JsonObject:
    """A task with C(airs_tenant); C(keywords) are those of the task."""
    return task(name, "airs_tenant", options, **(keywords or {}))


def topics(count: int, prefix: str = "topic") -> list[JsonObject]:
    """Topics with numbers in their names."""
    return [{"name": f"{prefix} {number:03}", **TOPIC} for number in range(count)]


def profiles(count: int, prefix: str = "profile", /, **protections: Any) -> list[JsonObject]:
    """Profiles with numbers in their names."""
    return [{"name": f"{prefix} {number:03}", "prompt_injection": "block", **protections} for number in range(count)]


def keys(count: int, prefix: str = "key") -> list[JsonObject]:
    """Keys with numbers in their names, each with an application of its own."""
    return [
        {"name": f"{prefix}-{number:03}", **API_KEY, "customer_app": f"app-of-{prefix}-{number:03}"}
        for number in range(count)
    ]


# --- what is on the tenant beforehand --------------------------------------------------------------------------------


def seed(emulator: Emulator, replace: bool = False, **objects: list[JsonObject]) -> None:
    """Give the tenant objects, in the form of the API."""
    emulator.seed({"replace": replace, "tenants": {ACCOUNT.tsg_id: objects}})


def seeded_topic(name: str, **members: Any) -> JsonObject:
    """A topic for C(seed): what C(topics()) makes of the name."""
    return {"topic_name": name, **TOPIC, **members}


def seeded_profile(name: str, *pinned: tuple[str, str], **members: Any) -> JsonObject:
    """A profile for C(seed) that blocks topics, given by id and name."""
    pins = [{"topic_id": identifier, "topic_name": topic, "revision": 1} for identifier, topic in pinned]
    guardrails = {"name": "topic-guardrails", "action": "allow", "topic-list": [{"action": "block", "topic": pins}]}
    configuration = {"model-protection": [guardrails] if pins else []}
    policy = {
        "ai-security-profiles": [{"model-type": "default", "model-configuration": configuration}],
        "dlp-data-profiles": [],
    }
    return {"profile_name": name, "policy": policy, **members}


def seeded_key(name: str, app: str, **members: Any) -> JsonObject:
    """A key for C(seed), with its application."""
    return {"api_key_name": name, "auth_code": "D0000001", "cust_app": app, **members}


# --- what a result says ----------------------------------------------------------------------------------------------


def rows(result: JsonObject) -> list[JsonObject]:
    """All rows, kind by kind; tests hand configs on with the kinds sorted by name, and rows come as configs do."""
    singular = ("custom_topic", "security_profile", "api_key", "customer_app")
    return sorted(result["objects"], key=lambda row: singular.index(row["kind"]))


def actions(result: JsonObject) -> list[tuple[str, str]]:
    """The names and actions of all rows, kind by kind."""
    return [(row["name"], row["action"]) for row in rows(result)]


def row(result: JsonObject, name: str, kind: str | None = None) -> JsonObject:
    """The row of an object."""
    found: list[JsonObject] = [row for row in result["objects"] if row["name"] == name and kind in (None, row["kind"])]
    (one,) = found
    return one


def counted(result: JsonObject) -> dict[str, dict[str, int]]:
    """The counts that are not zero, after holding them to their form: all kinds and all actions, always."""
    counts: dict[str, dict[str, int]] = result["counts"]
    assert sorted(counts) == sorted(KINDS)
    assert {kind: sorted(numbers) for kind, numbers in counts.items()} == {kind: sorted(ACTIONS) for kind in KINDS}
    told = {kind: {action: number for action, number in numbers.items() if number} for kind, numbers in counts.items()}
    return {kind: numbers for kind, numbers in told.items() if numbers}


def lists(emulator: Emulator) -> Counter[str]:
    """How often each list was asked for, by the last part of its path."""
    entries = emulator.journal("management")
    return Counter(entry["path"].rpartition("/")[2] for entry in entries if entry["method"] == "GET")


def written(emulator: Emulator) -> list[str]:
    """The writes as methods and what they address: C(POST topic), C(PUT topic/uuid/ID), in the order of arrival."""
    requests = [f"{entry['method']} {entry['path'].rpartition('/mgmt/')[2]}" for entry in emulator.writes()]
    return [re.sub(r"[0-9a-f-]{36}", "ID", request) for request in requests]


def assert_in_order(requests: list[str], *phases: str) -> None:
    """Assert that requests come phase by phase; a phase is how its requests begin."""
    found = [next(number for number, phase in enumerate(phases) if request.startswith(phase)) for request in requests]
    assert found == sorted(found), requests
    assert set(found) == set(range(len(phases))), requests


# --- runs that are watched -------------------------------------------------------------------------------------------


@dataclass
class Crowd:
    """How many requests the emulator had in hand at a time; C(most) is the largest number seen."""

    most: int = 0
    samples: int = 0


@contextmanager
def watched(emulator: Emulator) -> Iterator[Crowd]:
    """Look again and again how many requests are unanswered, while the block runs."""
    crowd, done = Crowd(), threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            unanswered = sum(entry["status"] is None for entry in emulator.journal())
            crowd.most = max(crowd.most, unanswered)
            crowd.samples += 1

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield crowd
    finally:
        done.set()
        watcher.join()


@dataclass
class Background:
    """A run of C(ansible-playbook) that goes on beside the test, with its two outputs kept apart."""

    process: subprocess.Popen[bytes]
    outputs: tuple[Path, Path] = field(repr=False)

    def __enter__(self) -> Background:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """End it and its workers at once, as a machine that loses power does. Ending it twice does no harm."""
        if self.process.poll() is None:
            # Since ansible-core 2.19 a worker is in a session of its own.
            for process in (self.process.pid, *_descendants(self.process.pid)):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        self.process.wait()

    def wait(self, time_limit: float = 120) -> tuple[str, str]:
        """Wait for the end, in seconds at most; returns standard output and standard error of a run that went well."""
        self.process.wait(time_limit)
        output, errors = (path.read_text(encoding="utf-8", errors="replace") for path in self.outputs)
        assert self.process.returncode == 0, output + errors
        assert secrets_in(output + errors) == []
        return output, errors


def _descendants(process: int) -> list[int]:
    """The processes that a process started, theirs included."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in listing.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found = [process]
    for parent in found:
        found += children.get(parent, [])
    return found[1:]


def begin(controller: Controller, folder: Path, *tasks: JsonObject, **variables: str) -> Background:
    """Start a play of these tasks and return at once; its files go to C(folder), C(variables) over the environment."""
    folder.mkdir()
    playbook = folder / "playbook.yml"
    play = {"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}
    playbook.write_text(yaml.safe_dump([play]), encoding="utf-8")
    outputs = (folder / "stdout", folder / "stderr")
    with outputs[0].open("wb") as output, outputs[1].open("wb") as errors:
        process = subprocess.Popen(
            [str(ANSIBLE_PLAYBOOK), str(playbook)],
            cwd=folder,
            env=controller._environment(folder / "record", variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
    return Background(process, outputs)


def wait_for_writes(emulator: Emulator, count: int, time_limit: float = 30) -> None:
    """Wait until the service has answered so many writes, in seconds at most."""
    deadline = time.monotonic() + time_limit
    while sum(entry["status"] == 200 for entry in emulator.writes()) < count:
        assert time.monotonic() < deadline, f"no {count} writes within {time_limit} s"
        time.sleep(0.02)


def assert_once(tenant: Tenant, config: JsonObject, secret_dir: Path | None = None) -> None:
    """Each object of a config is there once, in its first revision, and each stored secret works."""
    for kind, path, list_key, name_field in (
        ("custom_topics", "topics", "custom_topics", "topic_name"),
        ("security_profiles", "profiles", "ai_profiles", "profile_name"),
        ("api_keys", "apikeys", "api_keys", "api_key_name"),
    ):
        wanted = [entry["name"] for entry in config.get(kind, [])]
        rows = tenant.call("GET", path, params={"limit": 1000})[list_key]
        held = Counter(row[name_field] for row in rows if row[name_field] in wanted)
        assert held == Counter(wanted)
        assert {row.get("revision", 1) for row in rows} <= {1}
    if secret_dir:
        for entry in config["api_keys"]:
            assert tenant.accepts((secret_dir / f"{entry['name']}.key").read_text()), entry["name"]


def assert_right(controller: Controller, emulator: Emulator, **options: Any) -> None:
    """Run the task once more: it finds everything right."""
    emulator.clear_journal()
    result = controller.play(airs_tenant("tenant", **options))["tenant"]
    assert result["changed"] is False, actions(result)
    assert emulator.writes() == []
