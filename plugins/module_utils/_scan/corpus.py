# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Corpus files: contents to scan with their expectations, as CSV or YAML, never evaluated as templates."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._common.deps import require_yaml
from .._common.errors import AirsInputError
from .._common.files import yaml_loader
from .._common.secret_file import require_file
from .._engine.option_faults import option_faults
from .detectors import names_in_field
from .options import CONTENT_OPTIONS, EXPECT_OPTIONS

#: Longest field of a CSV file, in characters: beyond any limit of the service, so that that one speaks.
_MAX_FIELD = 16 * 1024 * 1024
_TEXT_OPTIONS = tuple(name for name, spec in CONTENT_OPTIONS.items() if spec["type"] == "str")
#: Columns of a CSV file: what a field can hold.
_COLUMNS = (*_TEXT_OPTIONS, *EXPECT_OPTIONS)

Content = dict[str, Any]
#: A content as the file has it, and its place in the file.
Placed = tuple[str, Content]


def read_corpus(path: str, note: Callable[[str], None]) -> list[tuple[str, Content]]:
    """Return the contents of a corpus file, each after the name that tells its place, as validated options.

    Args:
        path: a .csv, .yml, .yaml or .json file.
        note: takes sentences for the user.

    Raises:
        AirsInputError: the file cannot be read, or is not a corpus.
        AirsDependencyError: it is YAML, and PyYAML is missing.
    """
    file = os.path.basename(path)
    readers = {".csv": _csv_entries, ".yml": _yaml_entries, ".yaml": _yaml_entries, ".json": _yaml_entries}
    read = readers.get(os.path.splitext(path)[1].lower())
    if read is None:
        raise AirsInputError(f"corpus '{path}' must end with .csv, .yml, .yaml, or .json.")
    validator = ArgumentSpecValidator(CONTENT_OPTIONS)
    require_file(path, f"corpus '{path}'")
    contents = []
    try:
        for place, entry in read(path, note):
            content = _with_expectation(entry)
            checked = validator.validate(content)
            for fault in option_faults(CONTENT_OPTIONS, content, checked.errors.errors):
                told = fault if "expect" in entry else fault.removeprefix("expect.")
                raise AirsInputError(f"{file}{place} is invalid: {told}. Nothing was sent.")
            contents.append((f"{file}{place}", dict(checked.validated_parameters)))
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise AirsInputError(f"corpus '{path}' cannot be read: {reason}.") from None
    if not contents:
        raise AirsInputError(f"corpus '{path}' is empty.")
    return contents


def _with_expectation(entry: Mapping[str, Any]) -> Content:
    """Return an entry whose expectations, which stand beside the texts in a file, are where the module has them."""
    expected = {name: entry[name] for name in EXPECT_OPTIONS if entry.get(name) is not None}
    content = {name: value for name, value in entry.items() if name not in EXPECT_OPTIONS}
    return {**content, "expect": {**(content.get("expect") or {}), **expected}} if expected else content


def _csv_entries(path: str, note: Callable[[str], None]) -> Iterator[Placed]:
    csv.field_size_limit(_MAX_FIELD)
    # utf-8-sig: spreadsheets put a byte order mark before the first column.
    with open(path, encoding="utf-8-sig", newline="") as stream:
        header = stream.readline()
        stream.seek(0)
        # Some spreadsheets separate by semicolon or tab.
        rows = csv.reader(stream, delimiter=max(",;\t", key=header.count), strict=True)
        try:
            columns = [_column(name) for name in next(rows, [])]
            _check_columns(path, columns, note)
            line = rows.line_num + 1
            for row in rows:
                if len(row) > len(columns):
                    raise AirsInputError(
                        f"corpus '{path}' has more fields than columns in line {line}: put quotes around "
                        "values that contain separators."
                    )
                # An empty field is none.
                entry = {name: text for name, text in zip(columns, row, strict=False) if text and name in _COLUMNS}
                if entry:
                    yield f":{line}", _with_lists(entry)
                line = rows.line_num + 1
        except csv.Error as error:
            raise AirsInputError(f"corpus '{path}' is not valid CSV in line {rows.line_num}: {error}.") from None


def _column(name: str) -> str:
    """Return a column's name as the module has it: "Expected action" is action."""
    return re.sub(r"\W+", "_", name.strip().lower()).removeprefix("expected_")


def _check_columns(path: str, columns: list[str], note: Callable[[str], None]) -> None:
    known = [name for name in columns if name in _COLUMNS]
    doubled = sorted({name for name in known if known.count(name) > 1})
    if not known or doubled:
        reason = f"has multiple columns {', '.join(doubled)}" if doubled else "has no supported column"
        raise AirsInputError(
            f"corpus '{path}' {reason}: its first line must contain some of the columns {', '.join(_COLUMNS)}."
        )
    unknown = [name for name in columns if name not in _COLUMNS]
    if unknown:
        note(f"Columns of the corpus that are ignored: {', '.join(unknown)}.")


def _with_lists(entry: Content) -> Content:
    """Return an entry whose lists of detectors, separated by blanks or punctuation in a field, are lists."""
    lists = {name for name, spec in EXPECT_OPTIONS.items() if spec["type"] == "list"}
    return {name: names_in_field(value) if name in lists else value for name, value in entry.items()}


def _yaml_entries(path: str, _note: Callable[[str], None]) -> Iterator[Placed]:
    yaml = require_yaml()
    with open(path, encoding="utf-8") as stream:
        try:
            entries = yaml.load(stream, Loader=yaml_loader())
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else "?"
            raise AirsInputError(f"corpus '{path}' is not valid YAML in line {line}: {error.problem}.") from None
        except yaml.YAMLError:
            raise AirsInputError(f"corpus '{path}' is not valid YAML.") from None
        except ValueError as error:
            if isinstance(error, UnicodeDecodeError):
                raise
            # Python reads no number of more than some 4,000 digits, and no date such as 2026-02-30.
            raise AirsInputError(f"corpus '{path}' contains an invalid number or date.") from None
    if entries is None:
        return
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise AirsInputError(f"corpus '{path}' must be a list of dictionaries.")
    for index, entry in enumerate(entries):
        history = entry.get("history")
        for turn in [entry, *(history if isinstance(history, list) else [])]:
            _check_texts(f"{os.path.basename(path)}[{index}]", turn)
        yield f"[{index}]", entry


def _check_texts(place: str, turn: Any) -> None:
    """Refuse values that YAML does not parse as strings: a plain No is false, 1.10 is 1.1."""
    for part in (turn, turn.get("expect")) if isinstance(turn, dict) else ():
        for name in part if isinstance(part, dict) else ():
            if not isinstance(name, str):
                raise AirsInputError(
                    f"The key {name} of {place} is not a string in YAML: put quotes around it. Nothing was sent."
                )
    for name in _TEXT_OPTIONS if isinstance(turn, dict) else ():
        if not isinstance(turn.get(name), (str, type(None))):
            raise AirsInputError(f"{name} of {place} is not a string in YAML: put quotes around it. Nothing was sent.")
