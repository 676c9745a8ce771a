# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peers: each a command that brings a tenant to what its configuration says, or shows what Ansible itself costs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from support.playbook import ANSIBLE_PLAYBOOK

from .workload import Keys, Workload

PLAYBOOKS = Path(__file__).resolve().parent / "playbooks"

#: Makes the command, given a folder for files of its own.
Command = Callable[[Path, Workload], list[str]]


@dataclass(frozen=True)
class Peer:
    """A way to do the work.

    Args:
        name: for the command line.
        title: for tables and plots.
        command: makes the command.
        dry: it changes nothing: a dry run, or no run at all.
        says: what its output must have, where requests do not show that it did its work.
        first: makes a command that has to run before, which is no part of its time.
    """

    name: str
    title: str
    command: Command
    dry: bool = False
    says: str = ""
    first: Command | None = None


def _playbook(name: str, *arguments: str) -> Command:
    return lambda _folder, _workload: [str(ANSIBLE_PLAYBOOK), str(PLAYBOOKS / f"{name}.yml"), *arguments]


def _script(name: str) -> Command:
    def command(folder: Path, _workload: Workload) -> list[str]:
        # The environment of a run says where the configuration is; a shell would put it in here too.
        return ["/bin/sh", "-c", f'exec "$0" -m bench.scripts.{name} "$BENCH_CONFIG"', sys.executable]

    return command


def _inline(folder: Path, workload: Workload) -> list[str]:
    """The tenant from variables. Extra variables are read once; those of vars_files again and again."""
    variables = folder / "variables.json"
    variables.write_text(json.dumps(workload.config), encoding="utf-8")
    return [str(ANSIBLE_PLAYBOOK), str(PLAYBOOKS / "tenant_inline.yml"), "--extra-vars", f"@{variables}"]


def _elsewhere(name: str) -> Command:
    """The same playbook with its tasks delegated to a host that is not local: there the real modules run."""

    def command(folder: Path, _workload: Workload) -> list[str]:
        plays = yaml.safe_load((PLAYBOOKS / f"{name}.yml").read_text(encoding="utf-8"))
        for play in plays:
            play["tasks"] = [{**task, "delegate_to": "elsewhere"} for task in play["tasks"]]
        hosts = {"localhost": {"ansible_connection": "local"}, "elsewhere": {"ansible_connection": "airs_elsewhere"}}
        inventory = _write(folder / "inventory.yml", {"all": {"hosts": hosts}})
        return [str(ANSIBLE_PLAYBOOK), str(_write(folder / f"{name}.yml", plays)), "--inventory", str(inventory)]

    return command


def _tasks(number: int, module: str) -> Command:
    """A play of single tasks, no loop, that change nothing."""

    def command(folder: Path, workload: Workload) -> list[str]:
        options = {} if module.startswith("ansible.builtin.") else workload.custom_topics[0]
        return _play(folder, [{"name": f"Task {task}", module: options} for task in range(number)])

    return command


def _loop(module: str, **options: str) -> Command:
    """A play of one task that loops over the custom topics, and changes nothing."""

    def command(folder: Path, workload: Workload) -> list[str]:
        label = {"label": "{{ item.name }}"}
        return _play(folder, [{"name": "Loop", module: options, "loop": workload.custom_topics, "loop_control": label}])

    return command


def _play(folder: Path, tasks: list[dict[str, Any]]) -> list[str]:
    play = {"name": "Do nothing new", "hosts": "localhost", "gather_facts": False, "tasks": tasks}
    return [str(ANSIBLE_PLAYBOOK), str(_write(folder / "tasks.yml", [play]))]


def _rotate(folder: Path, workload: Workload) -> list[str]:
    """The playbook of the collection that rotates keys, with a file for each secret."""
    names = [Path(path).stem for path in workload.files]
    variables = {
        "airs_secret_sink": {"type": "file", "path": f"{folder}/keys/{{name}}.key"},
        "rotate_api_keys_profiles": dict.fromkeys(names, Keys.PROFILE),
    }
    return [str(ANSIBLE_PLAYBOOK), "panw.airs.rotate", "--extra-vars", f"@{_write(folder / 'rotate.yml', variables)}"]


def _plan(*arguments: str) -> Command:
    """The tenant with a plan in the folder."""
    playbook = str(PLAYBOOKS / "plan.yml")
    return lambda folder, _workload: [
        str(ANSIBLE_PLAYBOOK),
        playbook,
        "--extra-vars",
        f"plan={folder}/plan.json",
        *arguments,
    ]


def _write(path: Path, document: Any) -> Path:
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


#: How many more tasks the longer of two plays has, to take out what a play costs.
MORE_TASKS = 20

PEERS = {
    peer.name: peer
    for peer in (
        Peer("start", "ansible-playbook alone", _playbook("start"), dry=True),
        Peer("tenant", "airs_tenant", _playbook("tenant")),
        Peer("modules", "loop over modules", _playbook("modules")),
        Peer("floor", "asyncio script, 16 in flight", _script("floor")),
        Peer("sdk_async", "official SDK, async, 16 in flight", _script("sdk_async")),
        Peer("sdk_sync", "official SDK, sync", _script("sdk_sync")),
        Peer("uri", "ansible.builtin.uri", _playbook("uri")),
        Peer("modules_elsewhere", "loop over modules, module door", _elsewhere("modules")),
        Peer("tenant_elsewhere", "airs_tenant, module door", _elsewhere("tenant")),
        Peer("tenant_inline", "airs_tenant, config inline", _inline),
        Peer("check", "airs_tenant --check", _playbook("tenant", "--check"), dry=True, says="changed=1"),
        Peer(
            "diff", "airs_tenant --check --diff", _playbook("tenant", "--check", "--diff"), dry=True, says="+++ after"
        ),
        Peer("plan_write", "airs_tenant --check, with a plan", _plan("--check"), dry=True, says="changed=1"),
        Peer("plan_apply", "airs_tenant, of a plan", _plan(), first=_plan("--check")),
        Peer("rotate", "rotate_api_keys into files", _rotate, says="API key"),
        Peer("ping_1", "1 task with ping", _tasks(1, "ansible.builtin.ping")),
        Peer("ping_21", "21 tasks with ping", _tasks(1 + MORE_TASKS, "ansible.builtin.ping")),
        Peer("debug_1", "1 task with debug", _tasks(1, "ansible.builtin.debug")),
        Peer(
            "debug_loop",
            "loop over debug",
            _loop("ansible.builtin.debug", msg="{{ item.name }}: {{ item.description }} {{ item.examples }}"),
        ),
        Peer(
            "topic_loop",
            "loop over unchanged topics",
            _loop(
                "panw.airs.airs_custom_topic",
                name="{{ item.name }}",
                description="{{ item.description }}",
                examples="{{ item.examples }}",
            ),
        ),
        Peer("task_1", "1 unchanged task", _tasks(1, "panw.airs.airs_custom_topic")),
        Peer("task_21", "21 unchanged tasks", _tasks(1 + MORE_TASKS, "panw.airs.airs_custom_topic")),
    )
}
