# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was counted, and whether it is as promised."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

#: What must not be, by the words of the report; the rest is told only.
LOST = "secrets lost"
FATAL = (
    LOST,
    "runs that did not end well after a kill",
    "half files after a kill",
    "half files after the next run",
    "objects that nobody asked for",
    "objects that are not as they are to be",
    "journals that were left",
)
YOUNG = "young temporary files that were left"
MISSED = "runs that were over before the kill"


@dataclass
class Tally:
    """What was counted for one scenario, and the cases to look at."""

    name: str
    kills: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    cases: list[str] = field(default_factory=list)

    def note(self, what: str, found: list[str], when: str) -> None:
        """Count what was found, and keep how to find it again."""
        self.counts[what] += len(found)
        if found and what != YOUNG:
            self.cases.append(f"{self.name}, killed {when}: {what}: {'; '.join(found)}")


def report(tallies: Iterable[Tally], wanted: int) -> int:
    """Tell all that was counted, and return the exit code: 0 when nothing was lost, 2 with fewer kills than wanted."""
    tallies = list(tallies)
    kills: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for tally in tallies:
        kills[tally.name] += tally.kills
        counts.update(tally.counts)
    for case in (case for tally in tallies for case in tally.cases):
        say(case)
    say(f"{sum(kills.values())} kills: {', '.join(f'{name} {count}' for name, count in kills.items())}")
    for what in (*FATAL, YOUNG, MISSED):
        say(f"  {counts[what]:4} {what}")
    if sum(kills.values()) < wanted:
        say(f"The time was over before there were {wanted} kills: give --minutes.")
        return 2
    return 1 if any(counts[what] for what in FATAL) else 0


def say(line: str) -> None:
    """Show a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
