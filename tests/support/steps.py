# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an object in one play: each step predicted, done and done again, with the requests that it sends."""

from __future__ import annotations

from .emulator import Emulator, JsonObject
from .playbook import Controller, Run


def play_steps(controller: Controller, emulator: Emulator, *steps: tuple[JsonObject, str]) -> Run:
    """Play tasks in one run, each given with the methods of the requests that it has to send, no more and no less."""
    emulator.clear_journal()
    run = controller.play(*[step for step, _requests in steps], diff=True)
    sent = [entry["method"] for entry in emulator.journal("management")]
    assert sent == " ".join(requests for _step, requests in steps).split()
    assert len(emulator.journal("token")) == 1
    return run


def predicted(step: JsonObject) -> JsonObject:
    """The same task in check mode."""
    return {**step, "name": f"{step['name']}, predicted", "check_mode": True}


def again(step: JsonObject) -> JsonObject:
    """The same task once more."""
    return {**step, "name": f"{step['name']}, again"}


def changes(run: Run, *names: str) -> list[bool]:
    """Whether tasks changed something: in check mode, for real, and the second time."""
    return [run[f"{name}{suffix}"]["changed"] for name in names for suffix in (", predicted", "", ", again")]


def sides(result: JsonObject) -> tuple[JsonObject, JsonObject]:
    """The two sides of a diff."""
    return result["diff"]["before"], result["diff"]["after"]
