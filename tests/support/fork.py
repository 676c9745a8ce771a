# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run C(ansible-playbook) without its imports: each run is a fork of the test's process, which has them already.

Command line, settings, processes of tasks, callbacks and the screen are Ansible's own. What a program finds in its own
interpreter only, such as a library that is missing, needs a program: C(support.playbook).
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn
from unittest import mock

from .playbook import SETTINGS, Controller

# The loaders of plugins take their paths when they are imported.
with mock.patch.dict(os.environ, SETTINGS):
    from ansible import constants
    from ansible.cli.playbook import PlaybookCLI
# What a run imports late, so that each has it from the start.
for _name in ("plugins.callback.default", "plugins.connection.local", "plugins.strategy.linear"):
    importlib.import_module(f"ansible.{_name}")
for _name in ("requests", "pydantic"):
    importlib.import_module(_name)


class ForkingController(Controller):
    """A controller whose runs of C(ansible-playbook) are forks of this process."""

    def _execute(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], time_limit: float
    ) -> tuple[int, str]:
        printed = folder / "printed"
        status = forked(command, folder, environment, printed, time_limit)
        return status, printed.read_text(encoding="utf-8", errors="replace")


def forked(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], printed: Path, time_limit: float
) -> int:
    """Run C(ansible-playbook) as a fork of this process, its output in the file C(printed); return its exit code."""
    process = os.fork()
    if process == 0:
        become(command, folder, environment, printed, time_limit)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def become(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], printed: Path, time_limit: float
) -> NoReturn:
    """Be C(ansible-playbook): in its folder, with its environment, settings and files."""
    exit_code: object = 250
    try:
        atexit._clear()  # what the tests have to do at their end
        # A run is short. Collecting garbage would copy the memory that it and the processes of its tasks share.
        gc.freeze()
        gc.disable()
        signal.alarm(int(time_limit))
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # with which Ansible ends its workers
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        with open(os.devnull, "rb") as nothing, printed.open("wb") as output:
            for source, target in ((nothing, 0), (output, 1), (output, 2)):
                os.dup2(source.fileno(), target)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        importlib.reload(constants)
        # Ansible reads what is to be known of a collection when it imports it.
        for name in [name for name in sys.modules if name.partition(".")[0] == "ansible_collections"]:
            del sys.modules[name]
        try:
            PlaybookCLI.cli_executor(list(command))
        except SystemExit as end:
            exit_code = end.code
        atexit._run_exitfuncs()
    except BaseException:  # noqa: BLE001 - nothing may go on as the tests
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code if isinstance(exit_code, int) else 250)
