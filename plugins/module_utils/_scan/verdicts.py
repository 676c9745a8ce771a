# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts against expectations: what was not met, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._common.wording import one_line
from .options import ACTIONS

#: States of a scan (reported from live tenants: lower case).
COMPLETE, PENDING, FAILED = "complete", "pending", "failed"


def fired(verdict: Mapping[str, Any]) -> set[str]:
    """Return the names of the detectors that fired, in prompt, answer or tool event."""
    tool = verdict.get("tool_detected") or {}
    sides = [verdict.get("prompt_detected"), verdict.get("response_detected")]
    sides.append((tool.get("summary") or {}).get("detections"))
    return {name for side in sides for name, found in (side or {}).items() if found}


def unmet(expected: Mapping[str, Any], verdict: Mapping[str, Any]) -> list[str]:
    """Return a sentence part for every expectation that a verdict does not meet, and for a scan that failed.

    Args:
        expected: action, category, detected, not_detected, as far as given.
        verdict: the answer of the scan API, with the status of the scan.
    """
    return [one_line(sentence) for sentence in _unmet(expected, verdict)]


def _unmet(expected: Mapping[str, Any], verdict: Mapping[str, Any]) -> list[str]:
    if verdict["status"] != COMPLETE:
        # A scan that failed never meets anything; one that is pending may meet nothing yet.
        why = f": {verdict['error_message']}" if verdict.get("error_message") else ""
        return [f"the scan is {verdict['status']}{why}"] if expected or verdict["status"] != PENDING else []
    found = fired(verdict)
    told = f"detected: {', '.join(sorted(found)) or 'nothing'}"
    sentences = [
        f"{key} is {verdict.get(key)}, expected {expected[key]} ({told})"
        for key in ("action", "category")
        if key in expected and verdict.get(key) != expected[key]
    ]
    sentences += [f"{name} was not detected ({told})" for name in expected.get("detected", []) if name not in found]
    sentences += [f"{name} was detected" for name in expected.get("not_detected", []) if name in found]
    # Silence proves nothing when a detector did not get to speak.
    silent = expected.get("action") == "allow" or expected.get("category") == "benign" or expected.get("not_detected")
    if silent and not sentences and (verdict.get("error") or verdict.get("timeout")):
        sentences.append(f"the verdict is incomplete ({_what_broke(verdict)})")
    return sentences


def _what_broke(verdict: Mapping[str, Any]) -> str:
    errors = [error for error in verdict.get("errors") or [] if isinstance(error, Mapping)]
    told = [f"{error.get('content_type')} {error.get('feature')}: {error.get('status')}" for error in errors]
    return ", ".join(told) or ("timeout" if verdict.get("timeout") else "error")


def summary(scans: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the counts over all scans, and their confusion table: rows are expected actions, columns actual ones.

    Args:
        scans: verdicts with what was expected and what was not met.
    """
    total = expecting = met = 0
    confusion = {wanted: dict.fromkeys(ACTIONS, 0) for wanted in ACTIONS}
    for scan in scans:
        total += 1
        if not scan["expected"]:
            continue
        expecting += 1
        met += not scan["unmet"]
        wanted, actual = scan["expected"].get("action"), scan.get("action")
        if wanted in ACTIONS and actual in ACTIONS:
            confusion[wanted][actual] += 1
    accuracy = met / expecting if expecting else None
    return {"total": total, "expected": expecting, "met": met, "accuracy": accuracy, "confusion": confusion}
