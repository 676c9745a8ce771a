# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command and say what it cost."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 1024**2


@dataclass(frozen=True)
class Cost:
    """What a command cost, with all the processes that it started and waited for.

    Args:
        wall: seconds on the clock.
        cpu: seconds of processor time, of the user and of the system.
        rss: most memory that one of the processes had, in MiB.
        pss: most memory that all of them had together at a time, in MiB, what they share counted once; None where
            nobody looked.
    """

    wall: float
    cpu: float
    rss: float
    pss: float | None = None


class CommandFailed(RuntimeError):
    """A command that did not end well, with the end of what it printed."""


def run(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, *, watch_memory: bool = False
) -> tuple[Cost, str]:
    """Run a command in a folder and return its cost and what it printed.

    Args:
        command: program and arguments.
        environment: the whole environment.
        folder: where it runs, and where its output is kept in the file C(output).
        watch_memory: look at the memory of all processes together; this costs them some time.

    Raises:
        CommandFailed: it ended with another exit code than 0.
    """
    with (folder / "output").open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        watcher = _MemoryWatcher(process.pid) if watch_memory else None
        try:
            # Includes the processes that this one has waited for, as ansible-playbook does for its workers.
            _pid, status, usage = os.wait4(process.pid, 0)
        except BaseException:  # who runs this gave up
            process.kill()
            raise
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    pss = watcher.most() / MIB if watcher else None
    printed = (folder / "output").read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        raise CommandFailed(f"{' '.join(command)}: exit code {process.returncode}\n{printed[-4000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, pss), printed


class _MemoryWatcher:
    """Adds up the proportional set sizes of a process and its children, ten times a second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def most(self) -> int:
        """Stop, and return the most that was seen, in bytes."""
        self._ended.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        import psutil

        while not self._ended.wait(0.1):
            total = 0
            try:
                root = psutil.Process(self._pid)
                family = [root, *root.children(recursive=True)]
            except psutil.Error:
                return
            for process in family:
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self._most = max(self._most, total)
