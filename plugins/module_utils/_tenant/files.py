# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the configuration of a tenant from a file or a directory.

Large configurations are read here rather than by Ansible, whose templating would cost seconds and much memory.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._common.deps import require_yaml
from .._common.files import yaml_loader

_SUFFIXES = (".yml", ".yaml", ".json")
#: What a directory may hold besides, for those who read it.
_FOR_PEOPLE = (".md", ".rst", ".txt", "license", "copying", "readme", "codeowners", "makefile")


@dataclass(frozen=True)
class Document:
    """A part of a configuration.

    Args:
        place: what messages call it: a path relative to the directory, a file's name, or "" for what has none.
        content: what it holds; None when there is nothing in it.
        fault: why it cannot be read, or None.
    """

    place: str
    content: Any = None
    fault: str | None = None


def read_documents(path: str) -> list[Document]:
    """Read a YAML or JSON file, or all of a directory.

    The directory is the truth: what it holds is read, or its document says why it is not. Only hidden names and files
    for people, such as README.md, are left alone.

    Args:
        path: the file or the directory; of a directory everything below it, in the order of paths.

    Returns:
        A document for each file; those that cannot be read say why.
    """
    if not os.path.isdir(path):
        return [_document(path, os.path.basename(path))]
    found = sorted(_below(path, path, ()), key=lambda document: document.place)
    return found or [Document(path, fault="is a directory without .yml, .yaml or .json files")]


def _below(folder: str, top: str, above: tuple[tuple[int, int], ...]) -> Iterator[Document]:
    """Yield the documents of a folder and of those below it, symbolic links to folders included.

    Args:
        folder: the folder.
        top: the directory of the configuration, for places.
        above: device and inode of the folders on the way, to notice a link that leads back.
    """
    place = os.path.relpath(folder, top)
    try:
        status = os.stat(folder)
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Document(place, fault=f"cannot be read: {error.strerror}")
        return
    here = (status.st_dev, status.st_ino)
    if here in above:
        yield Document(place, fault="leads back to a folder above it: remove the link")
        return
    for name in names:
        path = os.path.join(folder, name)
        if name.startswith("."):
            continue
        if os.path.isdir(path):
            yield from _below(path, top, (*above, here))
        elif name.casefold().endswith(_SUFFIXES):
            yield _document(path, os.path.relpath(path, top))
        elif not name.casefold().endswith(_FOR_PEOPLE):
            yield Document(
                os.path.relpath(path, top),
                fault="is not read, for it does not end in .yml, .yaml or .json: rename it, hide it, or move it away",
            )


def _document(path: str, place: str) -> Document:
    try:
        # What is no regular file may have no end, or wait for ever.
        if not stat.S_ISREG(os.stat(path).st_mode):
            return Document(place, fault="is no regular file")
        with open(path, encoding="utf-8-sig") as stream:
            text = stream.read()
        if text.startswith("$ANSIBLE_VAULT;"):
            return Document(
                place,
                fault="is encrypted with ansible-vault, which only Ansible can undo: load it with vars_files and give "
                "it as config",
            )
        return Document(place, _json(text) if path.casefold().endswith(".json") else _yaml(text))
    except OSError as error:
        return Document(place, fault=f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        return Document(place, fault="cannot be read: it is not UTF-8 text")
    except RecursionError:
        return Document(place, fault="cannot be read: it is nested too deeply")
    except ValueError as error:
        return Document(place, fault=str(error))


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_repetition) if text.strip() else None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not valid JSON: {error}") from None


def _without_repetition(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the dictionary of the pairs; a second value for a key would silently hide the first."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"has the key '{key}' twice")
        found[key] = value
    return found


def _yaml(text: str) -> Any:
    yaml = require_yaml()

    class Loader(yaml_loader()):  # type: ignore[misc]  # a base chosen at run time
        """The library's safe loader, which alone would take the last of several values for a key."""

        def construct_mapping(self, node: Any, deep: bool = False) -> Mapping[Any, Any]:
            """Return a mapping, unless it has a key twice."""
            # Before the library takes in what << merges, which may repeat.
            keys = [key.value for key, _value in node.value if isinstance(key.value, str)]
            repeated = next((key for number, key in enumerate(keys) if key in keys[:number]), None)
            if repeated is not None:
                raise ValueError(f"has the key '{repeated}' twice in the mapping at line {node.start_mark.line + 1}")
            made: Mapping[Any, Any] = super().construct_mapping(node, deep)
            return made

    try:
        return yaml.load(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise ValueError(f"is not valid YAML{place}: {problem}") from None
