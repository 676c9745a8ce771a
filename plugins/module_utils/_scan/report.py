# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of scans for CI, as JSON or as JUnit XML. They only contain the scanned contents if requested."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._common.deps import require_junit
from .._common.errors import AirsError, AirsInputError
from .._common.files import READABLE, remove, replace, sweep
from .._common.secret_file import require_writable
from .._common.secret_note import PRIVATE
from .._common.wording import escape, one_line, printable
from .._engine.masking import remove_values
from .._service.resource import Row
from .bodies import Scan
from .options import IDS
from .verdicts import COMPLETE, FAILED, fired

#: What a report has of a row besides what is worked out of it.
_SHOWN = (
    *("name", "status", "error_message", "action", "category", "profile_name", "scan_id", "req_id", "report_id"),
    *(*IDS, "expected", "unmet", "outcomes"),
)
#: What no XML can have, escaped or not.
_NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


@dataclass(frozen=True)
class Report:
    """A report that is going to be written.

    Args:
        path: where it belongs; its ending tells its form.
        contents: whether it has what was scanned.
    """

    path: str
    contents: bool

    def prove(self, dry: bool) -> None:
        """Make sure that it can be written, and remove an earlier one: it must not pass for that of this run.

        Args:
            dry: look only.

        Raises:
            AirsInputError: it cannot be written.
            AirsDependencyError: the library for its form is missing.
        """
        if self._writer is _junit:
            require_junit()
        require_writable(self._file, f"report_path {self.path}", dry=dry)
        if not dry:
            sweep(os.path.dirname(self._file), self._mode)
            try:
                remove(self._file)
            except OSError as error:
                raise AirsInputError(
                    f"Cannot replace report_path {self.path}: {error.strerror}. Nothing was sent."
                ) from None

    def write(
        self, title: str, result: Mapping[str, Any], rows: Sequence[Row], scans: Sequence[Scan], secrets: set[str]
    ) -> None:
        """Write it.

        Args:
            title: the security profile, as sentences call it.
            result: what the task says: its summary, and msg where it fails.
            rows: what the result can say of each scan.
            scans: the scans of these rows.
            secrets: what is masked wherever it is.

        Raises:
            AirsError: it could not be written.
        """
        document = {
            "profile": title,
            "passed": not result.get("failed", False),
            "message": one_line(result["msg"]) if "msg" in result else None,
            "summary": result["summary"],
            "scans": [self._entry(row, scan) for row, scan in zip(rows, scans, strict=True)],
        }
        try:
            replace(self._file, self._writer(remove_values(document, secrets)), self._mode)
        except OSError as error:
            raise AirsError(f"Cannot write the report {self.path}: {error.strerror}.") from None

    @property
    def _file(self) -> str:
        """The file itself, where the path is a link."""
        return os.path.realpath(self.path)

    @property
    def _writer(self) -> Callable[[Mapping[str, Any]], str]:
        return _WRITERS[_ending(self.path)]

    @property
    def _mode(self) -> int:
        return PRIVATE if self.contents else READABLE

    def _entry(self, row: Row, scan: Scan) -> dict[str, Any]:
        shown = {key: row[key] for key in _SHOWN if key in row}
        detected = {"detected": sorted(fired(row))} if row["status"] == COMPLETE else {}
        return {**shown, **detected, **({"contents": scan.body.get("contents", [])} if self.contents else {})}


def report_faults(path: str | None) -> Iterator[str]:
    """Yield a sentence part for a report whose form is not known."""
    if path and _ending(path) not in _WRITERS:
        yield f"report_path '{path}' must end with {' or '.join(_WRITERS)}"


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"


def _junit(document: Mapping[str, Any]) -> str:
    """Return a test case for each scan, and the counts as properties."""
    junit = require_junit()
    suite = junit.TestSuite(_xml(one_line(document["profile"])))
    for name, value in _flat(document["summary"]):
        suite.add_property(_xml(name), _plain(value))
    suite.add_testcases([_case(junit, suite.name, entry) for entry in document["scans"]])
    root = junit.JUnitXml("airs_scan")
    root.add_testsuite(suite)
    written = io.BytesIO()
    root.write(written, pretty=True)
    return written.getvalue().decode()


def _case(junit: Any, profile: str, entry: Mapping[str, Any]) -> Any:
    case = junit.TestCase(_xml(one_line(entry["name"])), profile)
    sentences = [_xml(sentence) for sentence in entry["unmet"]]
    # An error is a scan that could not be done, a failure one that went otherwise.
    kind = junit.Error if entry["status"] == FAILED else junit.Failure if sentences else None
    if kind:
        case.result = [kind("; ".join(sentences), "unmet")]
    elif not entry["expected"]:
        case.result = [junit.Skipped("no expectations")]
    told = {key: value for key, value in entry.items() if key not in ("name", "unmet", "outcomes")}
    case.system_out = _xml("\n".join(f"{key}: {_plain(value)}" for key, value in told.items()))
    return case


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _flat(counts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in counts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _xml(text: str) -> str:
    """Return a text as XML can have it, and whoever prints it to a terminal."""
    return _NO_XML.sub(escape, printable(text))


_WRITERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {".json": _json, ".xml": _junit}


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()
