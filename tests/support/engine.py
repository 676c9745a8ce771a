# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run tasks in the test's own process: Ansible's task executor and the action plugins, without a start of Ansible.

What tasks are and do is Ansible's own: keywords, loops, templates, C(register). What is missing is all around them:
callbacks and the screen, other processes, other hosts, roles. For these a test needs C(support.playbook).
"""

from __future__ import annotations

import inspect
import json
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from ansible import constants
from ansible.executor import task_result
from ansible.executor.task_executor import TaskExecutor
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook import Playbook
from ansible.playbook.block import Block
from ansible.playbook.play import Play
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins import loader as plugin_loader
from ansible.utils.display import Display
from ansible.vars.manager import VariableManager

from .emulator import JsonObject
from .playbook import Controller, Event, Run, checked

try:
    from ansible._internal._task import TaskContext
except ImportError:  # ansible-core before 2.19
    TaskContext = None

plugin_loader.init_plugin_loader([os.environ["AIRS_COLLECTIONS_PATH"]])

#: Since ansible-core 2.21 an executor returns an object that knows all about a result, before that a dictionary.
_UNIFIED = hasattr(TaskContext, "create")
#: What a worker of Ansible sends to the main process. Before ansible-core 2.19 its name had no underscore.
_RawResult: Any = getattr(task_result, "_RawTaskResult", getattr(task_result, "TaskResult", None))
#: Calls of callbacks in the middle of a task, by what they tell.
_KINDS = {
    "v2_runner_item_on_ok": "item ok",
    "v2_runner_item_on_failed": "item failed",
    "v2_runner_retry": "retry",
}


def _wait_for_threads() -> None:
    """Wait for what tasks have begun and not waited for, which ends with the process of a task: this one goes on."""
    from ansible_collections.panw.airs.plugins.module_utils._common.threads import BEGUN

    for thread in threading.enumerate():
        if thread.name == BEGUN:
            thread.join(30)


class Engine(Controller):
    """A controller that runs the tasks of its plays in this process, on localhost, one after the other."""

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
        """Run plays as C(ansible-playbook) would, and assert that nothing secret is shown.

        The output is what Ansible displays while tasks run, and their results. C(time_limit) does nothing.

        Raises:
            ValueError: it needs C(ansible-playbook).
        """
        if arguments or inventory:
            raise ValueError("arguments and inventories need ansible-playbook: put the test into tests/playbook")
        playbook = self.playbook(plays)
        lines: list[str] = []
        events: list[Event] = []
        with self._inside(playbook.parent, variables or {}, verbosity, lines):
            exit_code = _Tasks(playbook, check, diff, events).run()
            _wait_for_threads()
        lines += [f"{event.kind}: [{event.host}] => {json.dumps(event.result)}" for event in events]
        return checked(Run(exit_code, "\n".join(lines), events, playbook.parent, self.home))

    @contextmanager
    def _inside(
        self, folder: Path, variables: Mapping[str, str | None], verbosity: int, lines: list[str]
    ) -> Iterator[None]:
        """Let this process be one of Ansible's: its folder, environment, places of its own, and what it displays."""
        from ansible_collections.panw.airs.plugins.plugin_utils import _action

        def display(_self: Display, msg: str, *_args: Any, **_options: Any) -> None:
            lines.append(str(msg))

        environment = self._environment(folder / "record", variables)
        before = Path.cwd()
        with ExitStack() as inside:
            temporary = inside.enter_context(tempfile.TemporaryDirectory(dir=folder))
            inside.enter_context(mock.patch.dict(os.environ, environment, clear=True))
            inside.enter_context(mock.patch.object(constants, "DEFAULT_LOCAL_TMP", temporary))
            inside.enter_context(mock.patch.object(_action, "_HOME", str(self.home)))
            inside.enter_context(mock.patch.object(Display, "display", display))
            inside.enter_context(mock.patch.object(Display(), "verbosity", verbosity))
            inside.callback(os.chdir, before)
            os.chdir(folder)
            yield


class _Tasks:
    """The tasks of a playbook, in the place of Ansible's strategy; it is also the queue that they report to."""

    def __init__(self, playbook: Path, check: bool, diff: bool, events: list[Event]) -> None:
        self._loader = DataLoader()
        self._loader.set_basedir(str(playbook.parent))
        inventory = InventoryManager(loader=self._loader, sources=[], parse=False)
        self._variables = VariableManager(loader=self._loader, inventory=inventory, version_info={})
        self._host = inventory.get_host("localhost")
        self._playbook = str(playbook)
        self._modes = {"check_mode": check, "diff": diff}
        self._events = events
        self._task: Task | None = None

    def run(self) -> int:
        """Run them, and return the exit code."""
        for play in Playbook.load(self._playbook, self._variables, self._loader).get_plays():
            for mode, given in self._modes.items():
                if getattr(play, mode) is None or given:
                    setattr(play, mode, given)
            for block in play.tasks:
                for task in _plain_tasks(block):
                    if not self._goes_on_after(play, task.copy()):
                        return 2
        return 0

    def _goes_on_after(self, play: Play, task: Task) -> bool:
        self._task = task
        variables = self._variables.get_vars(play=play, host=self._host, task=task)
        offered = {
            "host": self._host,
            "task": task,
            "job_vars": variables,
            "play_context": PlayContext(play=play),
            "new_stdin": None,
            "loader": self._loader,
            "shared_loader_obj": plugin_loader,
            "final_q": self,
            "variable_manager": self._variables,
        }
        wanted = inspect.signature(TaskExecutor.__init__).parameters
        executor = TaskExecutor(**{name: value for name, value in offered.items() if name in wanted})
        if _UNIFIED:
            with TaskContext.create(task=task, task_vars=variables, host_name=self._host.name):
                task.squash()
                made = executor.run()
                made.finalize_registered_values()
            task.ignore_errors = made.ignore_errors
            registered, failed, skipped = made.registered_values, made.failed, made.skipped
        else:
            made = executor.run()
            plain = {name: value for name, value in made.items() if name != "invocation" and name[0] != "_"}
            registered = {task.register: plain} if task.register else None
            result = _RawResult(self._host, task, made, task.dump_attrs())
            failed, skipped = result.is_failed(), result.is_skipped()
        if registered:
            self._variables.set_nonpersistent_facts(self._host.name, registered)
        kind = "skipped" if skipped else "ok"
        if failed:
            kind = "ignored" if task.ignore_errors else "failed"
        self._record(kind, task, made)
        return kind != "failed"

    def send_callback(self, method: str, *arguments: Any) -> None:
        """Take what a task reports before it ends."""
        if method in _KINDS:
            assert self._task is not None
            self._record(_KINDS[method], self._task, arguments[-1])

    def _record(self, kind: str, task: Task, made: Any) -> None:
        """Keep what callbacks would get, as the recorder of C(support.playbook) does."""
        if _UNIFIED:
            clean = task_result.CallbackTaskResult(self._host, task, made)
        else:
            if not isinstance(made, dict):  # the item of a loop, in the form that processes exchange
                made = made._return_data if hasattr(made, "_return_data") else made._result
            raw = _RawResult(self._host, task, made, task.dump_attrs())
            clean = raw.as_callback_task_result() if hasattr(raw, "as_callback_task_result") else raw.clean_copy()
        shown: JsonObject = json.loads(json.dumps(clean._result, default=str))
        self._events.append(Event(kind, self._host.get_name(), task.name or task.action, task.action, shown))


def _plain_tasks(block: Block) -> list[Task]:
    tasks: list[Task] = block.block
    if block.rescue or block.always or not all(isinstance(task, Task) for task in tasks):
        raise ValueError("blocks need ansible-playbook: put the test into tests/playbook")
    return tasks
