# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills the run, workers included, when it comes to a task: no handler, rescue or clean-up gets a turn."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: airs_killer
type: aggregate
short_description: Kills runs for tests
description:
  - Kills the run at the start of the task that E(AIRS_KILL_TASK) names, or E(AIRS_KILL_DELAY) seconds later, when that
    task starts for the time that E(AIRS_KILL_TIME) counts, from 1. C(*) is any task.
"""


class CallbackModule(CallbackBase):
    """Kills the run."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "airs_killer"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._times = int(os.environ.get("AIRS_KILL_TIME", "1"))

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Kill the run, if this is the task."""
        if os.environ["AIRS_KILL_TASK"] not in ("*", task.name):
            return
        self._times -= 1
        if self._times == 0:
            delay = float(os.environ.get("AIRS_KILL_DELAY", "0"))
            if delay:
                threading.Timer(delay, _kill).start()
            else:
                _kill()


def _kill() -> None:
    # Workers may be in sessions of their own, so a signal to the group would not reach them all.
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text(encoding="ascii").split():
            os.kill(int(child), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
