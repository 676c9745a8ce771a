# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults for the emulator, and tasks that meet them: each failure is one readable sentence."""

from __future__ import annotations

import re
from typing import Any

from .emulator import JsonObject
from .playbook import Controller, Run
from .tasks import API_KEY, CLEAN

KEY: JsonObject = {"name": "bot", **API_KEY}
#: Options of a scan that needs an answer, whatever it is.
SCAN: JsonObject = {"api_key": "not-a-key", "profile_name": "support-bot", "contents": [{"prompt": CLEAN}]}
DROP: JsonObject = {"kind": "drop"}
DROP_AFTER: JsonObject = {"kind": "drop_after"}
HTML: JsonObject = {"kind": "html"}
CUT: JsonObject = {"kind": "truncate"}
CUT_SHORT: JsonObject = {"kind": "truncate", "content_length": "full"}


def status(code: int, **more: Any) -> JsonObject:
    """A fault that answers with a status instead of doing the work."""
    return {"kind": "status", "status": code, **more}


def status_after(code: int) -> JsonObject:
    """A fault that does the work and then answers with an error status."""
    return {"kind": "status_after", "status": code}


def fails(controller: Controller, *tasks: JsonObject, **options: Any) -> Run:
    """Run tasks of which the last one fails, and hold its message to what a message must be."""
    run = controller.play(*tasks, succeeds=False, **options)
    assert_readable(run.failure)
    assert "Traceback" not in run.output
    return run


def assert_readable(message: str) -> None:
    """One line of readable length: what was tried and what happened, and perhaps what to do next. Nothing of Python."""
    assert "\n" not in message
    assert len(message) < 450, message
    assert message.endswith((".", "?", "'")), message
    assert not re.search(
        r"Traceback|IncompleteRead|Error\(|Exception|object at 0x|<class|HTTPConnectionPool|\bNone\b", message
    ), message


def refusals(controller: Controller, *tasks: JsonObject, **options: Any) -> dict[str, str]:
    """Run tasks that all fail, each by itself, and return their messages after holding each to what one must be."""
    run = controller.play(*[{**step, "ignore_errors": True} for step in tasks], **options)
    names = [step["name"] for step in tasks]
    assert {name: run.kinds(name) for name in names} == {name: ["ignored"] for name in names}
    messages = {name: str(run[name]["msg"]) for name in names}
    for message in messages.values():
        assert_readable(message)
    assert "Traceback" not in run.output
    return messages
