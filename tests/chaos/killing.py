# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of C(ansible-playbook) that is killed, with all that it has started, before anything of it gets a turn."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from support.fork import ForkingController, become


def _family(process: int) -> list[int]:
    """A process and all that descend from it. (To list them with C(ps) takes longer than what is to be hit.)"""
    found = [process]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, children.read_text(encoding="ascii").split())
    return found


class Victim(ForkingController):
    """A controller whose runs can be killed."""

    def killed(self, plays: Any, arguments: Sequence[str], is_time: Callable[[float], bool]) -> bool:
        """Run plays, and kill them.

        C(is_time) is asked again and again, with the seconds since the start. Returns false where the run was over
        before. The run is a process group of its own; workers of Ansible, in sessions of theirs, go with it.
        """
        playbook = self.playbook(plays)
        folder = playbook.parent
        environment = self._environment(folder / "record", {})
        (folder / "record").touch()
        process = os.fork()
        if process == 0:
            os.setpgid(0, 0)
            become(["ansible-playbook", str(playbook), *arguments], folder, environment, folder / "printed", 120)
        start = time.monotonic()
        while not is_time(time.monotonic() - start):
            if os.waitpid(process, os.WNOHANG)[0]:
                return False
            time.sleep(0.002)
        # Who is stopped starts nothing any more.
        stopped: list[int] = []
        while more := [each for each in _family(process) if each not in stopped]:
            for each in more:
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGSTOP)
            stopped += more
        for each in stopped:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL
