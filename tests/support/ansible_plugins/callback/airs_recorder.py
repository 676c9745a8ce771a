# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes every result that Ansible hands to callbacks, censored as they get it, to a file of JSON lines."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: airs_recorder
type: aggregate
short_description: Records results for tests
description:
  - Appends a line of JSON for each event to the file that E(AIRS_RECORD) names.
"""


class CallbackModule(CallbackBase):
    """Records results, as AWX would store them."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "airs_recorder"

    def _record(self, event: str, result: Any) -> None:
        task, host = _part(result, "task"), _part(result, "host")
        line = {
            "event": event,
            "host": host.get_name(),
            "task": task.name or task.action,
            "action": task.action,
            "result": _part(result, "result"),
        }
        with open(os.environ["AIRS_RECORD"], "a", encoding="utf-8") as record:
            record.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        """Record a task that went well."""
        self._record("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Record a task that failed."""
        self._record("ignored" if ignore_errors else "failed", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        """Record a task that was skipped."""
        self._record("skipped", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Record a host that could not be reached."""
        self._record("unreachable", result)

    def v2_runner_retry(self, result: Any) -> None:
        """Record a try of a task with until."""
        self._record("retry", result)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        """Record an item of a loop that went well."""
        self._record("item ok", result)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        """Record an item of a loop that failed."""
        self._record("item failed", result)


def _part(result: Any, name: str) -> Any:
    """Return a part of a result. Before ansible-core 2.19 their names began with an underscore."""
    return getattr(result, name) if hasattr(result, name) else getattr(result, f"_{name}")
