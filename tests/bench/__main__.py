# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the benchmark: C(make bench ARGS=...)."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from . import report
from .measure import CommandFailed
from .peers import PEERS
from .stage import WorkNotDone, stage
from .suite import Cell, Results, cells, measure
from .targets import verdicts

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "build" / "bench"


def main() -> int:
    """Run the benchmark and return the exit code."""
    options = _options()
    wanted = cells(options.sizes, options.latencies, options.only, large=not options.quick)
    if options.list:
        _list(wanted)
        return 0
    # End as on Ctrl-C, so that the emulator ends too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(stderr=True, highlight=False)
    results: Results = {}
    with tempfile.TemporaryDirectory(prefix="airs_bench_") as folder, stage(Path(folder)) as here:
        try:
            for cell in wanted:
                for series in measure(cell, here, options.rounds, console.print):
                    results[series.key] = series
        except KeyboardInterrupt:
            console.print("Stopped; what is measured so far follows.")
        except (CommandFailed, WorkNotDone) as error:
            console.print(f"The benchmark is worth nothing, because a peer did not do the work: {error}")
            return 2
    found = verdicts(results)
    options.output.mkdir(parents=True, exist_ok=True)
    report.show(results, found)
    report.write_json(options.output / "bench.json", results, found)
    report.write_plot(options.output / "bench.png", results)
    console.print(f"Wrote bench.json and bench.png to {options.output}")
    return 1 if options.strict and any(verdict.met is False for verdict in found) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make bench", description="Time all ways to bring a tenant to its configuration.")
    parser.add_argument("--sizes", type=_numbers, help="numbers of objects (50,200,1000)")
    parser.add_argument("--latencies", type=_numbers, help="milliseconds that each request takes longer (0,50,150)")
    parser.add_argument("--rounds", type=int, help="how often each peer has its turn (5)")
    parser.add_argument("--only", action="append", default=[], choices=list(PEERS), metavar="NAME", help="this peer")
    parser.add_argument("--quick", action="store_true", help="50 and 200 objects, 0 and 50 ms, 3 rounds")
    parser.add_argument("--strict", action="store_true", help="exit code 1 when a target is missed")
    parser.add_argument("--output", type=Path, default=DEFAULT_FOLDER, help="folder of bench.json and bench.png")
    parser.add_argument("--list", action="store_true", help="say what would be measured, and by whom")
    options = parser.parse_args()
    options.sizes = options.sizes or ([50, 200] if options.quick else [50, 200, 1000])
    options.latencies = options.latencies or ([0, 50] if options.quick else [0, 50, 150])
    options.rounds = options.rounds or (3 if options.quick else 5)
    return options


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _list(wanted: list[Cell]) -> None:
    console = Console(highlight=False)
    for cell in wanted:
        console.print(f"{cell.title}: {' '.join(cell.peers)}", soft_wrap=True)
    console.print("\nPeers:")
    for peer in PEERS.values():
        console.print(f"  {peer.name:18} {peer.title}")


if __name__ == "__main__":
    sys.exit(main())
