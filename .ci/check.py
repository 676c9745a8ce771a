# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every check of the project (``make test``): the lanes of ``noxfile.py`` beside each other, one line per session.

The output of each session is in ``build/logs``. For a session that fails, the end of its log is printed, or all of it
with ``--whole-logs``, which is for machines that keep only what is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
LOGS = CHECKOUT / "build" / "logs"
NOX = Path(sys.executable).with_name("nox")
LAST_LINES = 20


@dataclass(frozen=True)
class Result:
    """How a session ended: ``ok``, ``skipped`` or ``FAILED``."""

    name: str
    status: str
    seconds: float
    reason: str
    log: Path
    command: Sequence[str]

    def line(self) -> str:
        """Return the line that reports it."""
        return f"  {self.status:8} {self.name:12} {self.seconds:4.0f} s  {self.reason}".rstrip()

    def details(self, *, whole: bool) -> str:
        """Return the end of the log, or all of it, and the command that repeats the session."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        shown = lines if whole else lines[-LAST_LINES:]
        part = f"all {len(lines)}" if len(shown) == len(lines) else f"the last {len(shown)}"
        title = f"{self.name} failed; {part} lines of {self.log.relative_to(CHECKOUT)}:"
        return "\n".join(["", title, *(f"  | {line}" for line in shown), f"Repeat it: {shlex.join(self.command)}"])


async def run(session: str) -> Result:
    """Run one session, given as its name or as its name and arguments (``tests -- unit``), and report it."""
    name = session.split()[-1]
    log, report = LOGS / f"{name}.log", LOGS / f"{name}.json"
    command = [os.path.relpath(NOX, CHECKOUT), "-s", *session.split()]
    start = time.monotonic()
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *[command[0], "--report", str(report), *command[1:]],
            cwd=CHECKOUT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
        )
        code = await process.wait()
    status, reason = ("FAILED", str(log.relative_to(CHECKOUT))) if code else ("ok", "")
    if not code:
        (told,) = json.loads(report.read_text(encoding="utf-8"))["sessions"]
        if told["result"] == "skipped":
            status, reason = "skipped", told["reason"]
    result = Result(name, status, time.monotonic() - start, reason, log, command)
    print(result.line(), flush=True)
    return result


async def run_lane(sessions: Sequence[str]) -> list[Result]:
    """Run sessions one after the other, also after one has failed."""
    return [await run(session) for session in sessions]


async def run_lanes(lanes: Sequence[Sequence[str]]) -> list[Result]:
    """Run lanes beside each other, and return the results of all sessions."""
    return [result for results in await asyncio.gather(*map(run_lane, lanes)) for result in results]


def main() -> int:
    """Run the lanes of ``noxfile.py`` and return the exit code."""
    parser = argparse.ArgumentParser(description="Run every check of the project.")
    parser.add_argument("--whole-logs", action="store_true", help="print the whole log of a session that fails")
    whole = parser.parse_args().whole_logs
    sys.path.insert(0, str(CHECKOUT))
    from noxfile import LANES

    LOGS.mkdir(parents=True, exist_ok=True)
    for old in LOGS.iterdir():
        old.unlink()
    count = sum(map(len, LANES))
    print(
        f"Running {count} sessions in {len(LANES)} lanes; their output is in {LOGS.relative_to(CHECKOUT)}", flush=True
    )
    start = time.monotonic()
    results = asyncio.run(run_lanes(LANES))
    minutes, seconds = divmod(round(time.monotonic() - start), 60)
    failed = [result for result in results if result.status == "FAILED"]
    for result in failed:
        print(result.details(whole=whole))
    counts = {status: sum(result.status == status for result in results) for status in ("ok", "skipped", "FAILED")}
    print(
        f"\n{', '.join(f'{count} {status}' for status, count in counts.items() if count)} in {minutes} min {seconds} s"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Interrupted.")
