# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of values in a YAML or JSON file. They are only determined if there is an error to report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .._common.deps import require_yaml
from .._common.files import yaml_loader

#: What JSON consists of: a text, a bracket, a comma or colon, a word or number.
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


def lines(text: str, *, is_json: bool) -> dict[str, int]:
    """Return the line of every value, from 1, by its path, such as "security_profiles[3].topics.block[1]".

    A value of a dictionary stands where its key does. What an alias or a merge key takes over stands where it is
    written.

    Args:
        text: the file.
        is_json: whether it is JSON, else YAML.

    Raises:
        Exception: the file is no such text.
    """
    found: dict[str, int] = {}
    for path, line in _json_lines(text) if is_json else _yaml_lines(text):
        found.setdefault(path, line)
    return found


def repeated_line(text: str) -> int:
    """Return the line of the first key that a dictionary of JSON has twice, from 1.

    Args:
        text: valid JSON.
    """
    seen = set()
    for path, line in _json_lines(text):
        if path in seen:
            return line
        seen.add(path)
    return 1


def _json_lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield path and line of every value of a JSON text, in the order of the text."""
    #: The brackets that are open: the path of each, and for a list how many values it had.
    paths: list[str] = []
    counts: list[int | None] = []
    line, position = 1, 0
    path, expects_key = "", False
    for found in _PART.finditer(text):
        line += text.count("\n", position, found.start())
        position = found.start()
        part = found.group()
        if part in "]}":
            paths.pop()
            counts.pop()
            continue
        if part == ":":
            expects_key = False
            continue
        if part == ",":
            expects_key = counts[-1] is None
            continue
        if expects_key:
            path = _under(paths[-1], json.loads(part))
            yield path, line
            continue
        if counts and counts[-1] is not None:
            path = f"{paths[-1]}[{counts[-1]}]"
            counts[-1] += 1
            yield path, line
        elif not paths:
            yield "", line
        if part in "[{":
            paths.append(path)
            counts.append(0 if part == "[" else None)
            expects_key = part == "{"


def _under(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)


def _yaml_lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield path and line of every value of a YAML text; of what is merged, after what is written in its place."""
    yaml = require_yaml()
    loader = yaml_loader()(text)
    try:
        root = loader.get_single_node()
    finally:
        loader.dispose()
    pending: list[tuple[str, Any, tuple[int, ...]]] = [("", root, ())]
    while pending:
        path, node, above = pending.pop()
        if id(node) in above or node is None:
            continue  # an alias of what it is in
        above = (*above, id(node))
        if path == "":
            yield path, node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            for index, part in enumerate(node.value):
                yield f"{path}[{index}]", part.start_mark.line + 1
                pending.append((f"{path}[{index}]", part, above))
        elif isinstance(node, yaml.MappingNode):
            merged: list[Any] = []
            for key, part in node.value:
                if key.tag == "tag:yaml.org,2002:merge":
                    merged += part.value if isinstance(part, yaml.SequenceNode) else [part]
                else:
                    yield _under(path, key.value), key.start_mark.line + 1
                    pending.append((_under(path, key.value), part, above))
            # Popped last first: what comes first in a list of merges counts.
            pending[:0] = [(path, part, above) for part in reversed(merged)]
