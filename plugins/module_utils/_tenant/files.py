# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the configuration of a tenant from a file or a directory.

Large configurations are read here rather than by Ansible, whose templating would take seconds and much memory.
"""

from __future__ import annotations

import functools
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._common.deps import require_yaml
from .._common.files import yaml_loader

_SUFFIXES = (".yml", ".yaml", ".json")
#: How large a file is at most that repeats parts of itself.
_MOST_PARTS = 1_000_000
#: Kind and tag of what most of a YAML text consists of.
_TEXT, _LIST, _DICTIONARY = (
    (kind, f"tag:yaml.org,2002:{tag}") for kind, tag in (("scalar", "str"), ("sequence", "seq"), ("mapping", "map"))
)
#: What a directory may hold besides, for those who read it.
_FOR_PEOPLE = (".md", ".rst", ".txt", "license", "copying", "readme", "codeowners", "makefile")


@dataclass(frozen=True)
class Source:
    """A file, or a directory, that a configuration is in.

    Args:
        file: its path, as the user has given it or that of the directory.
    """

    file: str

    def line(self, path: str) -> int | None:
        """Return the line that something stands in, from 1; None where that cannot be told.

        The file is read again for it, once: only a file with faults costs that.

        Args:
            path: where it stands, such as "security_profiles[3].topics.block[1]"; "" for all of the file.
        """
        if not os.path.isfile(self.file):
            return None
        if not path:
            return 1
        known = self._lines
        while path and path not in known:
            # What is not written there is missing in what is around it.
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return known.get(path, 1)

    @functools.cached_property
    def _lines(self) -> dict[str, int]:
        from .lines import lines  # only a file with faults needs it

        try:
            return lines(_text(self.file), is_json=_is_json(self.file))
        except Exception:  # noqa: BLE001 - without a line, an error is still told
            return {}


@dataclass(frozen=True)
class Document:
    """A part of a configuration.

    Args:
        source: the file that it is in; None for what an option holds.
        content: what it holds; None when there is nothing in it.
        fault: why it cannot be read, or None.
        line: the line where reading ended, from 1; None where that is not known.
    """

    source: Source | None = None
    content: Any = None
    fault: str | None = None
    line: int | None = None


class _UnreadableError(ValueError):
    """Why a file cannot be read, and in which line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def is_within(path: str, config_path: str | None) -> bool:
    """Tell whether a file would be read as a part of a configuration, wherever links lead.

    Args:
        path: the file, which need not exist.
        config_path: the file or directory of the configuration; None where it is in no file.
    """
    config = os.path.realpath(config_path) if config_path else ""
    return bool(config) and os.path.commonpath([config, os.path.realpath(path)]) == config


def read_documents(path: str) -> list[Document]:
    """Read a YAML or JSON file, or all of a directory.

    The directory is the truth: what it holds is read, or its document says why it is not. Only hidden names and files
    for people, such as README.md, are left alone.

    Args:
        path: the file or the directory; of a directory everything below it, in the order of paths.

    Returns:
        A document for each file; those that cannot be read say why.
    """
    path = os.path.normpath(path)
    if not os.path.lexists(path):
        where = "" if os.path.isabs(path) else f"; relative paths are relative to {os.getcwd()}"
        return [Document(Source(path), fault=f"no such file or directory: correct the path{where}")]
    if not os.path.isdir(path):
        return [_document(path)]
    found = sorted(_below(path, ()), key=lambda document: document.source.file if document.source else "")
    return found or [Document(Source(path), fault="is a directory without .yml, .yaml, or .json files")]


def _below(folder: str, above: tuple[tuple[int, int], ...]) -> Iterator[Document]:
    """Yield the documents of a folder and of those below it, symbolic links to folders included.

    Args:
        folder: the folder.
        above: device and inode of the folders on the way, to notice a link that leads back.
    """
    try:
        status = os.stat(folder)
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Document(Source(folder), fault=f"cannot be read: {error.strerror}")
        return
    here = (status.st_dev, status.st_ino)
    if here in above:
        yield Document(Source(folder), fault="refers to one of its parent directories: remove the symbolic link")
        return
    for name in names:
        path = os.path.join(folder, name)
        if name.startswith("."):
            continue
        if os.path.isdir(path):
            yield from _below(path, (*above, here))
        elif name.casefold().endswith(_SUFFIXES):
            yield _document(path)
        elif not _is_for_people(name.casefold()):
            yield Document(
                Source(path),
                fault="is ignored because its name does not end with .yml, .yaml, or .json: rename, hide, or move "
                "the file",
            )


def _is_for_people(name: str) -> bool:
    """Tell whether a file is for those who read the directory. Some systems put .txt behind what one saves as .yml."""
    return name.endswith(_FOR_PEOPLE) and not os.path.splitext(name)[0].endswith(_SUFFIXES)


def _is_json(path: str) -> bool:
    return path.casefold().endswith(".json")


def _text(path: str) -> str:
    # Not by lines: a line of JSON and YAML may have any character.
    with open(path, "rb") as stream:
        raw = stream.read()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _UnreadableError("cannot be read: it is not UTF-8 text", line) from None


def _document(path: str) -> Document:
    source = Source(path)
    try:
        # What is not a regular file may have no end, or wait for ever.
        if not stat.S_ISREG(os.stat(path).st_mode):
            return Document(source, fault="is not a regular file")
        text = _text(path)
        if text.startswith("$ANSIBLE_VAULT;"):
            return Document(
                source,
                fault="is encrypted with Ansible Vault, which only Ansible can decrypt: load it with vars_files "
                "and use config",
            )
        return Document(source, _json(text) if _is_json(path) else _yaml(text))
    except OSError as error:
        return Document(source, fault=f"cannot be read: {error.strerror}")
    except RecursionError:
        return Document(source, fault="cannot be read: it is nested too deeply")
    except _UnreadableError as error:
        return Document(source, fault=str(error), line=error.line)
    except ValueError as error:
        # Such as a number with thousands of digits.
        return Document(source, fault=f"cannot be read: {error}")


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_repetition) if text.strip() else None
    except json.JSONDecodeError as error:
        raise _UnreadableError(f"is not valid JSON: {error.msg} at column {error.colno}", error.lineno) from None
    except _RepeatedKeyError as error:
        from .lines import repeated_line

        raise _UnreadableError(f"has the key '{error}' twice", repeated_line(text)) from None


class _RepeatedKeyError(Exception):
    """The key that a mapping has twice."""


def _without_repetition(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the dictionary of the pairs; a second value for a key would silently hide the first."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKeyError(key)
        found[key] = value
    return found


def _size(node: Any, sizes: dict[int, int]) -> int:
    """Return of how many parts a YAML text consists, where a few lines with aliases can mean millions.

    Args:
        node: what was parsed.
        sizes: those that are known, by the identity of nodes.
    """
    if id(node) not in sizes:
        sizes[id(node)] = 1  # an alias of what it is in
        parts = node.value if node is not None and not isinstance(node.value, str) else ()
        both = (each for part in parts for each in (part if isinstance(part, tuple) else (part,)))
        sizes[id(node)] = 1 + sum(_size(part, sizes) for part in both)
    return sizes[id(node)]


def _odd_line(loader: Any, node: Any) -> int:
    """Return the line of the first value of a YAML text that nothing can be made of, from 1."""
    pending, seen = [node], set()
    while pending:
        each = pending.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each.value, str):
            loader.recursive_objects.clear()  # what it was at when it failed
            try:
                loader.construct_object(each)
            except ValueError:
                return int(each.start_mark.line) + 1
            continue
        for part in reversed(each.value):
            pending += reversed(part) if isinstance(part, tuple) else [part]
    return 1


def _built(loader: Any, node: Any) -> Any:
    """Return what a node of a YAML text without aliases means.

    Nearly all are texts, lists and dictionaries, for which the library's own way takes twice as long.
    """
    what = (node.id, node.tag)
    if what == _TEXT:
        return node.value
    if what == _LIST:
        return [_built(loader, part) for part in node.value]
    if what == _DICTIONARY and all((key.id, key.tag) == _TEXT for key, _value in node.value):
        made = {key.value: _built(loader, value) for key, value in node.value}
        if len(made) == len(node.value):
            return made
    return loader.construct_object(node, deep=True)


def _yaml(text: str) -> Any:
    yaml = require_yaml()

    class Loader(yaml_loader()):  # type: ignore[misc]  # a base chosen at run time
        """The library's safe loader, which alone would take the last of several values for a key."""

        def construct_mapping(self, node: Any, deep: bool = False) -> Mapping[Any, Any]:
            """Return a mapping, unless it has a key twice."""
            # Before the library takes in what << merges, which may repeat.
            seen = set()
            for key, _value in node.value if node.id == "mapping" else ():
                if isinstance(key.value, str):
                    if key.value in seen:
                        raise _UnreadableError(f"has the key '{key.value}' twice", key.start_mark.line + 1)
                    seen.add(key.value)
            made: Mapping[Any, Any] = super().construct_mapping(node, deep)
            return made

    try:
        loader = Loader(text)
        try:
            node = loader.get_single_node()
            if "*" in text and _size(node, {}) > _MOST_PARTS:
                raise _UnreadableError(
                    f"expands to more than {_MOST_PARTS} parts because of aliases: remove some of them", 1
                )
            try:
                if node is None:
                    return None
                return loader.construct_document(node) if "*" in text else _built(loader, node)
            except _UnreadableError:
                raise
            except ValueError as error:
                # Such as a date with a thirteenth month.
                raise _UnreadableError(f"cannot be read: {error}", _odd_line(loader, node)) from None
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
        if problem == "but found another document":
            problem = "it has more than one document, use a separate file for each"
        place = f" at column {mark.column + 1}" if mark else ""
        raise _UnreadableError(f"is not valid YAML: {problem}{place}", mark.line + 1 if mark else 1) from None
