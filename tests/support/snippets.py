# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The YAML that the documentation shows: EXAMPLES of the modules, READMEs and guides."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .catalogue import MODULES
from .documents import GUIDES, READMES, blocks

_TASK_LISTS = ("pre_tasks", "tasks", "post_tasks", "handlers", "block", "rescue", "always")


@dataclass(frozen=True)
class Snippet:
    """A piece of YAML in the documentation.

    Args:
        source: the module, or the file relative to the checkout, that shows it.
        title: its first line, which tells the snippets of a source apart.
        data: what it says.
    """

    source: str
    title: str
    data: Any

    def plays(self) -> list[dict[str, Any]]:
        """Return the plays, tasks in a play of their own; an empty list for what is neither."""
        if not isinstance(self.data, list):
            return []
        if all("hosts" in entry or "ansible.builtin.import_playbook" in entry for entry in self.data):
            return self.data
        return [{"hosts": "localhost", "gather_facts": False, "tasks": self.data}]

    def tasks(self) -> Iterator[dict[str, Any]]:
        """Yield all tasks, those of blocks included."""
        for play in self.plays():
            yield from _tasks(play)


def _tasks(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key in _TASK_LISTS:
        for task in holder.get(key) or []:
            yield task
            yield from _tasks(task)


def _snippet(source: str, text: str) -> Snippet:
    title = next(line for line in text.splitlines() if line.strip() not in ("", "---")).strip()
    return Snippet(source, title, yaml.safe_load(text))


def of_module(name: str) -> Snippet:
    """Return the EXAMPLES of a module."""
    module = importlib.import_module(f"ansible_collections.panw.airs.plugins.modules.{name}")
    return _snippet(name, module.EXAMPLES)


def of_file(path: Path) -> list[Snippet]:
    """Return what a README or a guide shows, in its order."""
    return [Snippet(block.source, block.title, data) for block in blocks(path) if (data := block.data()) is not None]


def everything() -> list[Snippet]:
    """Return all snippets of the documentation."""
    return [
        *(of_module(name) for name in sorted(MODULES)),
        *(snippet for path in (*READMES, *GUIDES) for snippet in of_file(path)),
    ]
