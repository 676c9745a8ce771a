# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies of scan requests, and the limits of the service, which are checked before anything is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .._service.model import check_request
from . import models
from .detectors import DETECTORS, detector_of, no_detector
from .options import IDS, METADATA, TEXTS

#: Most characters of ids and profile names (official SDK).
MAX_NAME = 100
#: Most bytes of one text (official SDK).
MAX_TEXT = 2 * 1024 * 1024
#: Most bytes of a synchronous and of an asynchronous request (official limitations).
MAX_BODY = {"sync": 2 * 1024 * 1024, "async": 5 * 1024 * 1024}
#: Most URLs of one request (official limitations).
MAX_URLS = 100

_TOOL_TEXTS = ("input", "output")
#: The expectations that name detectors.
_DETECTIONS = frozenset({"detected", "not_detected"})
_URL = re.compile(r"(?:https?://|\bwww\.)\S", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
#: A report id is an R and a scan id as far as is known; only what could never be one is refused.
_REPORT_ID = re.compile(r"[\w-]{1,40}", re.ASCII)


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that have a value, those within options included."""
    found = {key: given(value) if isinstance(value, Mapping) else value for key, value in options.items()}
    return {key: value for key, value in found.items() if value is not None and value != {}}


@dataclass(frozen=True)
class Scan:
    """One scan that is to be done.

    Args:
        name: how messages and results name it.
        expected: what its verdict should be, detectors by the names of verdicts; empty when nothing is expected.
        body: the scan request.
        place: where it is said what to scan, if not by its name.
    """

    name: str
    expected: Mapping[str, Any]
    body: Mapping[str, Any]
    place: str = ""

    @property
    def title(self) -> str:
        """How faults call it: by its name, and where it is."""
        return f"{self.name} ({self.place})" if self.place not in ("", self.name) else self.name

    @property
    def content(self) -> Mapping[str, Any]:
        """What is scanned: the last element of the contents; empty for a scan that is only looked up."""
        return self.body["contents"][-1] if self.body else {}

    @cached_property
    def size(self) -> int:
        """Bytes of the request as it is sent."""
        return len(json.dumps(self.body))

    @cached_property
    def urls(self) -> int:
        """Number of URLs in what is scanned."""
        return sum(len(_URL.findall(text)) for text in _texts_of(self.content).values())


def make_scan(options: Mapping[str, Any], content: Mapping[str, Any], name: str) -> Scan:
    """Return the scan of a content.

    Args:
        options: the module's options.
        content: one of its contents.
        name: where the content is said, and its name where it has none of its own.
    """
    texts = {key: content.get(key) for key in (*TEXTS, "context", "tool_event")}
    # Only the last element is scanned, those before it are its history (official description).
    turns = [*(content.get("history") or []), texts]
    body = {
        "ai_profile": {"profile_name": options["profile_name"], "profile_id": options["profile_id"]},
        **{key: options[key] if content.get(key) is None else content[key] for key in IDS},
        "metadata": {key: options[key] for key in (*METADATA, "agent_meta")},
    }
    return Scan(
        name=content.get("name") or name,
        expected=_expectation(content.get("expect") or {}),
        body={**given(body), "contents": [given(turn) for turn in turns]},
        place=name,
    )


def _expectation(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is expected, with the names that verdicts have for detectors; unknown ones stay for scan_faults()."""
    expected = {key: value for key, value in given(options).items() if value != []}
    for key in _DETECTIONS & expected.keys():
        expected[key] = list(dict.fromkeys(detector_of(name) or name for name in expected[key]))
    return expected


def scan_faults(options: Mapping[str, Any], scans: Sequence[Scan]) -> Iterator[str]:
    """Yield a sentence part for every limit of the service that the scans break.

    Raises:
        AirsInputError: a body does not fit the model.
    """
    profile_id = options["profile_id"]
    if profile_id and not _UUID.fullmatch(profile_id):
        yield "profile_id is not a UUID"
    if options["profile_name"] and len(options["profile_name"]) > MAX_NAME:
        yield f"profile_name {_too_long(len(options['profile_name']), MAX_NAME)}"
    for scan in scans:
        yield from _expectation_faults(scan)
        texts = _texts_of(scan.content)
        if not any(texts.values()):
            yield f"{scan.title} requires one of {', '.join(TEXTS)}, tool_event"
        if scan.content.get("tool_event") and not any(texts[f"tool_event.{key}"] for key in _TOOL_TEXTS):
            yield f"tool_event of {scan.title} requires {' or '.join(_TOOL_TEXTS)}"
        for key in IDS:
            length = len(scan.body.get(key) or "")
            if length > MAX_NAME:
                yield f"{key} of {scan.title} {_too_long(length, MAX_NAME)}"
        for key, text in texts.items():
            size = len(text.encode(errors="replace"))
            if size > MAX_TEXT:
                yield f"{key} of {scan.title} must have at most {MAX_TEXT} bytes, but has {size}"
        limit = MAX_BODY[options["mode"]]
        if scan.size > limit:
            yield f"{scan.title} must have at most {limit} bytes when sent, but has {scan.size}"
        if scan.urls > MAX_URLS:
            yield f"{scan.title} must have at most {MAX_URLS} URLs, but has {scan.urls}"
        check_request(models.ScanRequest, scan.body, f"scan {scan.name}")


def _expectation_faults(scan: Scan) -> Iterator[str]:
    wanted, unwanted = (scan.expected.get(key, []) for key in ("detected", "not_detected"))
    for name in dict.fromkeys([*wanted, *unwanted]):
        if name not in DETECTORS:
            yield f"{scan.title} contains {no_detector(name)}"
        elif name in wanted and name in unwanted:
            yield f"{scan.title} has {name} in both detected and not_detected"


def id_faults(options: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence part for every id that cannot be one."""
    for option, form, wanted in (
        ("scan_ids", _UUID, "a UUID"),
        ("report_ids", _REPORT_ID, "at most 40 letters, digits and hyphens"),
    ):
        for index, identifier in enumerate(options[option] or []):
            if not form.fullmatch(identifier):
                yield f"{option}[{index}] is not {wanted}"


def batches(scans: Sequence[Scan], size: int) -> list[list[int]]:
    """Return the positions of the scans of each asynchronous request, none beyond the service's limits.

    Args:
        scans: all scans, none of which breaks a limit by itself.
        size: most scans of a request.
    """
    found: list[list[int]] = []
    count = bytes_so_far = urls = 0
    for position, scan in enumerate(scans):
        # What stands around a request in its batch: req_id, scan_req and punctuation.
        needed = scan.size + 64
        if not found or count >= size or bytes_so_far + needed > MAX_BODY["async"] or urls + scan.urls > MAX_URLS:
            found.append([])
            count = bytes_so_far = urls = 0
        found[-1].append(position)
        count, bytes_so_far, urls = count + 1, bytes_so_far + needed, urls + scan.urls
    return found


def _texts_of(content: Mapping[str, Any]) -> dict[str, str]:
    event = content.get("tool_event") or {}
    tool = {f"tool_event.{key}": event.get(key) or "" for key in _TOOL_TEXTS}
    return {**{key: content.get(key) or "" for key in TEXTS}, **tool}


def _too_long(length: int, limit: int) -> str:
    return f"must have at most {limit} characters, but has {length}"
