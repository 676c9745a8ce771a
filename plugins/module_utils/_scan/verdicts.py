# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare verdicts with expectations, and count which were not met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._common.wording import one_line
from .detectors import DETECTORS, incomplete, is_silent
from .options import ACTIONS

#: States of a scan (reported from live tenants: lower case).
COMPLETE, PENDING, FAILED = "complete", "pending", "failed"
#: What can become of what is expected of a detector. Of an unproven one, no verdict tells anything.
HIT, MISS, FALSE_ALARM, SILENCE, UNPROVEN = OUTCOMES = ("hit", "miss", "false_alarm", "correct_silence", "unproven")


_SILENT = "the profile does not run it on this content"


def fired(verdict: Mapping[str, Any]) -> set[str]:
    """Return the names of the detectors that fired, in prompt, answer or tool event."""
    return {name for name, found in _flags(verdict) if found}


def _flags(verdict: Mapping[str, Any]) -> Iterator[tuple[str, bool | None]]:
    """Yield what a verdict says of each detector, for prompt, answer and tool event."""
    tool = verdict.get("tool_detected") or {}
    sides = [verdict.get("prompt_detected"), verdict.get("response_detected")]
    sides.append((tool.get("summary") or {}).get("detections"))
    # The summary need not have what single calls of the tool have.
    for way in ("input_detected", "output_detected"):
        sides += [entry.get("detections") for entry in (tool.get(way) or {}).get("detection_entries") or []]
    for side in sides:
        yield from (side or {}).items()


def unmet(expected: Mapping[str, Any], verdict: Mapping[str, Any], content: Mapping[str, Any]) -> list[str]:
    """Return a sentence part for every expectation that a verdict does not meet, and for a scan that failed.

    Args:
        expected: action, category, detected, not_detected, as far as given.
        verdict: the answer of the scan API, with the status of the scan.
        content: what was scanned.
    """
    return [one_line(sentence) for sentence in _unmet(expected, verdict, content)]


def _unmet(expected: Mapping[str, Any], verdict: Mapping[str, Any], content: Mapping[str, Any]) -> list[str]:
    if verdict["status"] != COMPLETE:
        # A scan that failed never meets anything; one that is pending may meet nothing yet.
        why = f": {verdict['error_message']}" if verdict.get("error_message") else ""
        return [f"the scan is {verdict['status']}{why}"] if expected or verdict["status"] != PENDING else []
    found = fired(verdict)
    told = f"detected: {', '.join(sorted(found)) or 'nothing'}"
    sentences = [
        f"{key} is {verdict.get(key)} instead of {expected[key]} ({told})"
        for key in ("action", "category")
        if key in expected and verdict.get(key) != expected[key]
    ]
    for name in expected.get("detected", []):
        if name not in found:
            why = f": {_SILENT}" if is_silent(name, verdict, content) else ""
            sentences.append(f"{name} was not detected{why} ({told})")
    for name in expected.get("not_detected", []):
        if name in found:
            sentences.append(f"{name} was detected")
        elif is_silent(name, verdict, content):
            sentences.append(f"{name} was not detected, but {_SILENT}")
    # Silence proves nothing when a detector did not get to speak.
    silent = expected.get("action") == "allow" or expected.get("category") == "benign" or expected.get("not_detected")
    if silent and not sentences and incomplete(verdict):
        sentences.append(f"the verdict is incomplete ({_what_broke(verdict)})")
    return sentences


def outcomes(expected: Mapping[str, Any], verdict: Mapping[str, Any]) -> dict[str, str]:
    """Return what became of each detector of which something is expected, and of each that fired without reason.

    A detector fires without reason where it must not be detected, and where harmless content is blocked or judged
    malicious.

    Args:
        expected: action, category, detected, not_detected, as far as given.
        verdict: the answer of the scan API, with the status of the scan.
    """
    wanted, unwanted = expected.get("detected", []), expected.get("not_detected", [])
    if verdict["status"] != COMPLETE:
        return dict.fromkeys([*wanted, *unwanted], UNPROVEN)
    found = fired(verdict)
    harmless = any(
        expected.get(key) == value != verdict.get(key) for key, value in (("action", "allow"), ("category", "benign"))
    )
    # Silence is correct where the verdict says so; what it leaves out may not have run.
    silent = {name for name, found in _flags(verdict) if found is False and not incomplete(verdict)}
    return {
        **(dict.fromkeys(sorted(found), FALSE_ALARM) if harmless else {}),
        **{name: HIT if name in found else MISS for name in wanted},
        **{name: FALSE_ALARM if name in found else SILENCE if name in silent else UNPROVEN for name in unwanted},
    }


def _what_broke(verdict: Mapping[str, Any]) -> str:
    errors = [error for error in verdict.get("errors") or [] if isinstance(error, Mapping)]
    told = [f"{error.get('content_type')} {error.get('feature')}: {error.get('status')}" for error in errors]
    return ", ".join(told) or ("timeout" if verdict.get("timeout") else "error")


def summary(scans: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the counts over all scans, by expected and actual action (confusion), and by detector and outcome.

    Args:
        scans: verdicts with what was expected, what was not met and what became of detectors.
    """
    total = expecting = met = broken = 0
    confusion = {wanted: dict.fromkeys(ACTIONS, 0) for wanted in ACTIONS}
    detectors: dict[str, dict[str, int]] = {}
    for scan in scans:
        total += 1
        broken += scan["status"] == FAILED
        for name, outcome in scan["outcomes"].items():
            detectors.setdefault(name, dict.fromkeys(OUTCOMES, 0))[outcome] += 1
        if not scan["expected"]:
            continue
        expecting += 1
        met += not scan["unmet"]
        wanted, actual = scan["expected"].get("action"), scan.get("action")
        if wanted in ACTIONS and actual in ACTIONS:
            confusion[wanted][actual] += 1
    accuracy = met / expecting if expecting else None
    known = [*DETECTORS, *sorted(detectors.keys() - DETECTORS.keys())]
    return {
        "total": total,
        "failed": broken,
        "expected": expecting,
        "met": met,
        "accuracy": accuracy,
        "confusion": confusion,
        "detectors": {name: detectors[name] for name in known if name in detectors},
    }
