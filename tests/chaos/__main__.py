# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: C(make chaos ARGS=...)."""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.emulator import Emulator

from .report import LOST, MISSED, YOUNG, Tally, report, say
from .scenarios import SCENARIOS, Scenario


def main() -> int:
    """Kill, and return the exit code: 0 when nothing was lost."""
    options = _options()
    # End as on Ctrl-C, so that the emulators end too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="airs_chaos_"))
    say(f"seed {options.seed}, {options.kills} kills, at most {options.minutes:g} minutes")
    deadline = time.monotonic() + options.minutes * 60
    # Forked before anything has threads.
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    lanes = [
        context.Process(target=_lane, args=(lane, options, folder / str(lane), deadline, queue))
        for lane in range(options.jobs)
    ]
    for lane in lanes:
        lane.start()
    try:
        tallies: list[Tally] = [found for _lane_ in lanes for found in queue.get()]
    except KeyboardInterrupt:
        for lane in lanes:
            lane.terminate()
        raise
    finally:
        for lane in lanes:
            lane.join()
        shutil.rmtree(folder, ignore_errors=True)
    return report(tallies, options.kills) or any(lane.exitcode for lane in lanes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make chaos", description="Kill runs at random moments, and run them again.")
    parser.add_argument("--kills", type=int, default=100, help="how many runs are killed (100)")
    parser.add_argument("--seed", type=int, default=11, help="of the moments (11)")
    parser.add_argument("--minutes", type=float, default=10, help="when to stop at the latest (10)")
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time (2)")
    names = [scenario.__name__ for scenario in SCENARIOS]
    parser.add_argument("--only", choices=names, help="one kind of run")
    return parser.parse_args()


def _lane(lane: int, options: argparse.Namespace, folder: Path, deadline: float, queue: Any) -> None:
    """Do every part of this lane of each scenario, and put the tallies on the queue."""
    chosen = [scenario for scenario in SCENARIOS if options.only in (None, scenario.__name__)]
    whole = sum(scenario.share for scenario in chosen)
    tallies = []
    try:
        with Emulator.start() as emulator:
            for scenario in chosen:
                kills = -(-options.kills * scenario.share // whole)
                mine = kills // options.jobs + (lane < kills % options.jobs)
                moments = random.Random(f"{options.seed}/{scenario.__name__}/{lane}")
                tally = Tally(scenario.__name__)
                tallies.append(tally)
                _kill(scenario, emulator, folder / scenario.__name__, moments, mine, deadline, tally)
    finally:
        queue.put(tallies)


def _kill(
    scenario: type[Scenario],
    emulator: Emulator,
    folder: Path,
    moments: random.Random,
    kills: int,
    deadline: float,
    tally: Tally,
) -> None:
    """Kill so many runs of a scenario, unless the time is over before."""
    seconds, writes = _undisturbed(scenario(emulator, _new(folder / "undisturbed")))
    tries = 0
    while tally.kills < kills and time.monotonic() < deadline:
        tries += 1
        case = scenario(emulator, _new(folder / str(tries)))
        when, is_time = _moment(moments, seconds, writes, emulator)
        plays, arguments = case.plays()
        if case.controller.killed(plays, arguments, is_time):
            tally.kills += 1
            _look(case, tally, when)
        else:
            tally.counts[MISSED] += 1
        shutil.rmtree(case.controller.folder)


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _undisturbed(case: Scenario) -> tuple[float, int]:
    """Run a scenario once, and return how many seconds and how many writes that took."""
    start = time.monotonic()
    plays, arguments = case.plays()
    run = case.controller.run(plays, *arguments, verbosity=0)
    seconds, writes = time.monotonic() - start, len(case.emulator.writes())
    assert run.exit_code == 0, run.output
    faults = [*case.lost(), *case.halves(), *case.stray(), *case.unfinished(), *case.leftovers()]
    assert faults == [], faults
    return seconds, writes


def _moment(
    moments: random.Random, seconds: float, writes: int, emulator: Emulator
) -> tuple[str, Callable[[float], bool]]:
    """Return when to kill: after a part of the time, or soon after one of the writes has come."""
    part, number, soon = moments.uniform(0.15, 1) * seconds, moments.randint(1, max(writes, 1)), moments.uniform(0, 0.1)
    if not writes or moments.random() < 0.4:
        return f"after {part:.2f} s", lambda elapsed: elapsed >= part

    reached: list[float] = []

    def is_time(elapsed: float) -> bool:
        if not reached and len(emulator.writes()) >= number:
            reached.append(elapsed)
        return bool(reached) and elapsed >= reached[0] + soon

    return f"{soon * 1000:.0f} ms after write {number}", is_time


def _look(case: Scenario, tally: Tally, when: str) -> None:
    """Count what the kill has left, run again, and count what that has left."""
    tally.note("half files after a kill", case.halves(), when)
    plays, arguments = case.plays()
    run = case.controller.run(plays, *arguments, verbosity=0)
    tally.note(LOST, case.lost(), when)
    if run.exit_code:
        said = [line for line in run.output.splitlines() if "[ERROR]" in line or "fatal:" in line]
        tally.note("runs that did not end well after a kill", [" ".join(said)[:600]], when)
    tally.note("half files after the next run", case.halves(), when)
    tally.note("objects that nobody asked for", case.stray(), when)
    tally.note("objects that are not as they are to be", case.unfinished(), when)
    left = case.leftovers()
    young = [path for path in left if path.rpartition("/")[2].startswith(".airs-")]
    tally.note(YOUNG, young, when)
    tally.note("journals that were left", [path for path in left if path not in young], when)


if __name__ == "__main__":
    sys.exit(main())
