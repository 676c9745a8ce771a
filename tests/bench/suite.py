# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured: cells, each a workload at a latency, with the peers that take turns at it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from .measure import Cost, run
from .peers import PEERS, Peer
from .stage import Requests, Stage, WorkNotDone
from .workload import Keys, Workload

#: Peers that are quick whatever the size and the latency.
QUICK = ("start", "tenant", "floor", "sdk_async")
#: Peers that do one request after the other.
SERIAL = ("modules", "sdk_sync")
LARGE = 10_000
#: Items of the loops that are held against each other.
LOOP = 200

#: Kind of workload, number of objects, latency in milliseconds, name of the peer.
Key = tuple[str, int, int, str]


@dataclass(frozen=True)
class Cell:
    """A workload at a latency, and who does it.

    Args:
        workload: what is to be done.
        latency_ms: what each request takes longer, in milliseconds.
        peers: names of those who take turns.
        watch_memory: look at the memory of all processes of a peer together.
    """

    workload: Workload
    latency_ms: int
    peers: tuple[str, ...]
    watch_memory: bool = False

    @property
    def title(self) -> str:
        """What it is, in words."""
        return f"{self.workload.kind}, N={self.workload.size}, {self.latency_ms} ms"


@dataclass
class Series:
    """What one peer did in one cell, round by round.

    Args:
        cell: the cell.
        peer: the peer.
        costs: what each round cost.
        requests: what each round sent.
    """

    cell: Cell
    peer: Peer
    costs: list[Cost] = field(default_factory=list)
    requests: list[Requests] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """What tells it from the others."""
        return self.cell.workload.kind, self.cell.workload.size, self.cell.latency_ms, self.peer.name

    def median(self, measure: str = "wall") -> float:
        """Return the median of one of the costs."""
        return statistics.median(self.all(measure))

    def all(self, measure: str = "wall") -> list[float]:
        """Return one of the costs of each round."""
        found = [getattr(cost, measure) for cost in self.costs]
        return [math.nan if value is None else value for value in found]


Results = dict[Key, Series]


def cells(sizes: Collection[int], latencies: Collection[int], only: Collection[str], *, large: bool) -> list[Cell]:
    """Return what is to be measured.

    Args:
        sizes: numbers of objects.
        latencies: in milliseconds.
        only: names of peers; empty for all.
        large: whether the measurements with 10,000 objects are wanted.
    """
    found = [
        Cell(Workload(kind, size), latency, _peers(kind, size, latency))
        for size in sorted(sizes)
        for latency in sorted(latencies)
        for kind in ("mixed", "nightly")
    ]
    found.append(Cell(Workload("nightly", 50), 0, ("debug_1", "ping_1", "ping_21", "task_1", "task_21")))
    # Half of the objects are topics.
    found.append(Cell(Workload("nightly", 2 * LOOP), 0, ("debug_loop", "topic_loop")))
    found.append(Cell(Keys("keys_due", 100), 50, ("rotate",)))
    found.append(Cell(Keys("keys_right", 1000), 50, ("rotate",)))
    if large:
        found.append(Cell(Workload("nightly", LARGE), 0, ("tenant", "tenant_inline"), watch_memory=True))
        found.append(Cell(Workload("tenth", LARGE), 0, ("check", "diff")))
    chosen = [replace(cell, peers=tuple(name for name in cell.peers if not only or name in only)) for cell in found]
    return [cell for cell in chosen if cell.peers]


def _peers(kind: str, size: int, latency: int) -> tuple[str, ...]:
    """Return who does a workload in reasonable time."""
    peers = [*QUICK]
    if size <= 200 and latency <= 50:
        peers += SERIAL
    if size <= 200 and latency == 0:
        peers.append("uri")
    if size <= 50 and latency == 0:
        peers.append("modules_elsewhere")
    if size >= 1000 and latency == 50:
        peers.append("tenant_elsewhere")
    if kind == "mixed" and size == 1000 and latency == 50:
        peers += ("check", "plan_write", "plan_apply")
    return tuple(peers)


def measure(cell: Cell, stage: Stage, rounds: int, say: Callable[[str], None]) -> Iterator[Series]:
    """Let the peers of a cell take turns, in another order each round, and return what they did.

    Args:
        cell: what to measure.
        stage: where.
        rounds: how often.
        say: told what comes next.

    Raises:
        CommandFailed: a peer failed.
        WorkNotDone: a peer did not do the work.
    """
    found = {name: Series(cell, PEERS[name]) for name in cell.peers}
    for turn in range(rounds):
        start = turn % len(cell.peers)
        for name in (*cell.peers[start:], *cell.peers[:start]):
            say(f"{cell.title}: {name}, {turn + 1} of {rounds}")
            cost, requests = _run(cell, PEERS[name], stage)
            found[name].costs.append(cost)
            found[name].requests.append(requests)
    yield from found.values()


def _run(cell: Cell, peer: Peer, stage: Stage) -> tuple[Cost, Requests]:
    stage.prepare(cell.workload, cell.latency_ms)
    folder = stage.run_folder()
    environment = stage.environment(cell.workload)
    if peer.first:
        run(peer.first(folder, cell.workload), environment, Path(folder))
    command = peer.command(folder, cell.workload)
    cost, printed = run(command, environment, Path(folder), watch_memory=cell.watch_memory)
    requests = stage.requests()
    try:
        stage.require_done(cell.workload, requests, dry=peer.dry)
        if peer.says not in printed:
            raise WorkNotDone(f"the output does not say {peer.says!r}")
    except WorkNotDone as error:
        raise WorkNotDone(f"{peer.name}, {cell.workload}: {error}\n{printed[-4000:]}") from None
    return cost, requests
