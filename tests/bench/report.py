# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the benchmark leaves behind: tables on the screen, a JSON document and a plot."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from .peers import PEERS
from .suite import LARGE, Results, Series
from .targets import Verdict
from .workload import TITLES

#: Of the plot: the colour and the mark of each peer that is in it.
STYLES = {
    "tenant": ("#d62728", "o"),
    "modules": ("#ff7f0e", "s"),
    "uri": ("#8c564b", "v"),
    "modules_elsewhere": ("#e377c2", "P"),
    "tenant_elsewhere": ("#9467bd", "X"),
    "sdk_sync": ("#17becf", "D"),
    "sdk_async": ("#1f77b4", "^"),
    "floor": ("#2ca02c", "*"),
    "start": ("#7f7f7f", "."),
}
_MET = {True: "[green]yes[/green]", False: "[red]NO[/red]", None: "[yellow]not measured[/yellow]"}


def show(results: Results, verdicts: Sequence[Verdict]) -> None:
    """Print the tables."""
    console = Console(width=None if os.isatty(1) else 140, highlight=False)
    for cell in dict.fromkeys(series.cell for series in results.values()):
        table = Table(title=f"{cell.title} ({TITLES[cell.workload.kind]})", title_justify="left")
        table.add_column("peer", min_width=34)
        for column in ("median s", "min", "max", "CPU s", "MiB", "tokens", "lists", "writes"):
            table.add_column(column, justify="right", min_width=7)
        found = [series for series in results.values() if series.cell == cell]
        for series in sorted(found, key=Series.median):
            table.add_row(*_row(series))
        console.print(table)
    table = Table(title="Targets", title_justify="left")
    for column in ("measure", "value", "at most", "met"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    for verdict in verdicts:
        target = verdict.target
        value = "" if verdict.value is None else f"{verdict.value:.3g} {target.unit}"
        table.add_row(target.text, value, f"{target.limit:.3g} {target.unit}", _MET[verdict.met])
    console.print(table)


def _row(series: Series) -> list[str]:
    requests = series.requests[-1]
    walls = series.all()
    memory = series.median("pss")
    return [
        series.peer.title,
        *(f"{seconds:.2f}" for seconds in (series.median(), min(walls), max(walls), series.median("cpu"))),
        f"{series.median('rss') if math.isnan(memory) else memory:.0f}",
        *(str(number) for number in (requests.tokens, sum(requests.lists.values()), requests.writes)),
    ]


def write_json(path: Path, results: Results, verdicts: Sequence[Verdict]) -> None:
    """Write everything that was measured, each round by itself."""
    document: dict[str, Any] = {
        "machine": {
            "processors": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
            "ansible_core": version("ansible-core"),
        },
        "targets": [
            {
                "measure": verdict.target.text,
                "unit": verdict.target.unit,
                "limit": verdict.target.limit,
                "value": verdict.value,
                "met": verdict.met,
            }
            for verdict in verdicts
        ],
        "series": [
            {
                "workload": series.cell.workload.kind,
                "objects": series.cell.workload.size,
                "latency_ms": series.cell.latency_ms,
                "peer": series.peer.name,
                "median_seconds": series.median(),
                "rounds": [
                    {**dataclasses.asdict(cost), "requests": dataclasses.asdict(requests)}
                    for cost, requests in zip(series.costs, series.requests, strict=True)
                ],
            }
            for series in results.values()
        ],
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def write_plot(path: Path, results: Results) -> None:
    """Draw the time that each peer takes over the number of objects: a panel for each workload and latency."""
    shown = [entry for entry in results.values() if entry.peer.name in STYLES and entry.cell.workload.size < LARGE]
    if not shown:
        return
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    kinds = sorted({series.cell.workload.kind for series in shown})
    latencies = sorted({series.cell.latency_ms for series in shown})
    sizes = sorted({series.cell.workload.size for series in shown})
    figure, panels = pyplot.subplots(
        len(kinds),
        len(latencies),
        figsize=(max(8.0, 1.5 + 4.2 * len(latencies)), 2.2 + 3.4 * len(kinds)),
        sharex=True,
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    lines: dict[str, Any] = {}
    for (row, kind), (column, latency) in itertools.product(enumerate(kinds), enumerate(latencies)):
        panel = panels[row][column]
        here = [entry for entry in shown if (entry.cell.workload.kind, entry.cell.latency_ms) == (kind, latency)]
        for name in STYLES:
            line = sorted((e for e in here if e.peer.name == name), key=lambda entry: entry.cell.workload.size)
            if line:
                lines[name] = _draw(panel, line, sizes)
        _arrange(panel, sizes)
        panel.set_title(f"{kind}, {latency} ms", fontsize=11)
        panel.set_xlabel("objects" if row == len(kinds) - 1 else "")
        panel.set_ylabel("seconds" if column == 0 else "")
    meaning = "\n".join(f"{kind}: {TITLES[kind]}" for kind in kinds)
    figure.suptitle(f"Bringing a tenant to its configuration (medians, with least and most)\n{meaning}", fontsize=11)
    names = [name for name in STYLES if name in lines]
    handles, titles = [lines[name] for name in names], [PEERS[name].title for name in names]
    figure.legend(handles, titles, loc="outside lower center", ncols=min(3, len(latencies) + 1), frameon=False)
    figure.savefig(path, dpi=130)
    pyplot.close(figure)


def _draw(panel: Any, line: Sequence[Series], sizes: Sequence[int]) -> Any:
    """Draw the line of a peer over the numbers of objects, which stand side by side at equal distances."""
    colour, mark = STYLES[line[0].peer.name]
    middle = [entry.median() for entry in line]
    spread = (
        [point - min(entry.all()) for point, entry in zip(middle, line, strict=True)],
        [max(entry.all()) - point for point, entry in zip(middle, line, strict=True)],
    )
    where = [sizes.index(entry.cell.workload.size) for entry in line]
    return panel.errorbar(where, middle, spread, color=colour, marker=mark, capsize=3, linewidth=1.6, markersize=7)


def _arrange(panel: Any, sizes: Sequence[int]) -> None:
    """Give a panel its axes."""
    from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

    panel.set_xlim(-0.4, len(sizes) - 0.6)
    panel.set_xticks(range(len(sizes)), [str(size) for size in sizes])
    panel.set_yscale("log")
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    panel.yaxis.set_minor_locator(NullLocator())
    panel.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    panel.tick_params(labelleft=True, labelbottom=True)
    panel.grid(visible=True, axis="y", alpha=0.3)
