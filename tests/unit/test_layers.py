# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports go down only, type-only ones included, and CONTRIBUTING shows the rooms that there are."""

from __future__ import annotations

import ast
import graphlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGINS, EXTENSIONS = ROOT / "plugins", ROOT / "extensions"
SHARED = PLUGINS / "module_utils"
PREFIX = "ansible_collections.panw.airs."

#: From the top down: what stands in a row may import from the rows below it, and from its own room.
ROWS = (
    ("extensions", "plugins.modules", "plugins.action", "plugins.inventory", "plugins.lookup", "plugins.filter"),
    ("plugins.plugin_utils", "plugins.doc_fragments"),
    ("_tenant", "_doctor"),
    ("_kinds",),
    ("_scan", "_policy"),
    ("_engine",),
    ("_service",),
    ("_common",),
)
HEIGHT = {room: len(ROWS) - row for row, rooms in enumerate(ROWS) for room in rooms}
FILES = sorted(path for folder in (PLUGINS, EXTENSIONS) for path in folder.rglob("*.py"))


def module_of(path: Path) -> str:
    """The dotted name of a file, below the collection."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported(path: Path, source: str) -> Iterator[str]:
    """The dotted names, below the collection, of what a file imports from the collection, wherever in it."""
    package = module_of(path).split(".")[:-1]
    known = {module_of(file) for file in FILES}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            origin = f"{PREFIX if node.level else ''}{origin}"
            # What is imported from a room is a file of it; from a file, it is something in the file.
            inner = [f"{origin}.{alias.name}" for alias in node.names]
            names = inner if all(name.removeprefix(PREFIX) in known for name in inner) else [origin]
        else:
            continue
        yield from (name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX))


def room_of(module: str) -> str:
    """The room that a module is in."""
    parts = module.split(".")
    if parts[:2] == ["plugins", "module_utils"]:
        return parts[2]
    return "extensions" if parts[0] == "extensions" else ".".join(parts[:2])


def upward(path: Path, source: str) -> list[str]:
    """The imports of a file that do not go down."""
    here = room_of(module_of(path))
    return [
        f"{here} -> {target}"
        for target in imported(path, source)
        if room_of(target) != here and HEIGHT[room_of(target)] >= HEIGHT[here]
    ]


@pytest.mark.parametrize("path", FILES, ids=[module_of(path) for path in FILES])
def test_imports_go_down(path: Path) -> None:
    assert upward(path, path.read_text(encoding="utf-8")) == []


def test_no_file_is_outside_of_a_room() -> None:
    assert [path.name for path in SHARED.glob("*.py")] == []
    assert {room_of(module_of(path)) for path in FILES} == set(HEIGHT)
    assert len([room for room in SHARED.iterdir() if room.is_dir() and room.name != "__pycache__"]) <= 8


def test_no_file_imports_itself_by_way_of_others() -> None:
    graph = {module_of(path): set(imported(path, path.read_text(encoding="utf-8"))) for path in FILES}
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from .._tenant.plan import Planner", ["_engine -> plugins.module_utils._tenant.plan"]),
        ("from .._kinds import registry", ["_engine -> plugins.module_utils._kinds.registry"]),
        ("from .._common.errors import AirsError", []),
        ("from .task import Task", []),
        (
            "import typing\nif typing.TYPE_CHECKING:\n    from .._kinds.registry import API_KEY",
            ["_engine -> plugins.module_utils._kinds.registry"],
        ),
        (
            f"def later():\n    from {PREFIX}plugins.plugin_utils._plain import plain",
            ["_engine -> plugins.plugin_utils._plain"],
        ),
        (f"import {PREFIX}plugins.module_utils._scan.client", ["_engine -> plugins.module_utils._scan.client"]),
    ],
)
def test_an_upward_import_is_found(line: str, found: list[str]) -> None:
    assert upward(SHARED / "_engine" / "made_up.py", line) == found


def test_contributing_shows_the_rooms_from_the_top_down() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (drawing,) = re.findall(r"```text\n(.*?)```", text, re.S)
    shown = re.findall(r"^ {2}(_[a-z]+)/ ", drawing, re.M)
    assert [HEIGHT[room] for room in shown] == sorted((HEIGHT[room] for room in shown), reverse=True)
    assert set(shown) == {room for room in HEIGHT if room.startswith("_")}
    for room in shown:
        (line,) = re.findall(rf"^ {{2}}{room}/ (.*(?:\n {{10,}}.*)*)", drawing, re.M)
        files = {path.stem for path in (SHARED / room).glob("*.py")}
        assert files == set(re.findall(r"(\w+)\.py", line)), room
