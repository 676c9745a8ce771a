# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a detector is given, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from airs_emulator.http import JsonObject
from airs_emulator.policy import Direction
from airs_emulator.store import Table

Verdict = Literal["malicious", "benign"]


@dataclass(frozen=True)
class Sample:
    """A text to examine, with what belongs to it. C(prompt) and C(context) are there for grounding a response."""

    direction: Direction
    text: str
    topics: Table
    prompt: str = ""
    context: str = ""


@dataclass(frozen=True)
class Finding:
    """What an enabled detector says of a sample.

    C(key) is its name in C(prompt_detected) and C(response_detected), C(service) its name in reports. C(action) is
    what the profile wants (block, alert or allow) when something was detected.
    """

    key: str
    service: str
    detected: bool
    action: str
    report: JsonObject = field(default_factory=dict)
    details: JsonObject = field(default_factory=dict)
    masked: JsonObject | None = None

    @property
    def verdict(self) -> Verdict:
        """Malicious, unless nothing was found or the profile allows what was found."""
        return "malicious" if self.detected and self.action in ("block", "alert") else "benign"

    @property
    def blocks(self) -> bool:
        """Whether it makes the whole content blocked."""
        return self.detected and self.action == "block"


def snippets(sample: Sample) -> list[str]:
    """What a report quotes of a text in which something was found (at most 1000 characters: official description)."""
    return [sample.text[:1000]]


def verdict(detected: bool) -> Verdict:
    """How a report words what was found."""
    return "malicious" if detected else "benign"


def strictest(actions: list[str]) -> str:
    """The strictest of several actions; allow when there is none."""
    return next((action for action in ("block", "alert") if action in actions), "allow")
