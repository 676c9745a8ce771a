# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The detectors: their names, and what a verdict reveals about detectors that were not run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._common.wording import did_you_mean, looks, near

#: Names of detectors in verdicts, and the option of a security profile that turns each of them on.
DETECTORS = {
    "url_cats": "urls",
    "dlp": "data_leak",
    "injection": "prompt_injection",
    "toxic_content": "toxic_content",
    "malicious_code": "malicious_code",
    "source_code": "source_code",
    "agent": "agent_security",
    "topic_violation": "topics",
    "db_security": "database_security",
    "ungrounded": "contextual_grounding",
}
_BY_NAME = {name: detector for detector, option in DETECTORS.items() for name in (detector, option)}

#: The detectors of each side of a content, by its key (official description; reported from live tenants: source_code,
#: and that answers have no agent). Nothing is known of what the flags of a tool event leave out.
_SIDES = {
    "prompt": DETECTORS.keys() - {"db_security", "ungrounded"},
    "response": DETECTORS.keys() - {"injection", "agent"},
}


def detector_of(name: str) -> str | None:
    """Return the detector that a name stands for, or None.

    Args:
        name: what verdicts or the options of profiles call it, in any case, with blanks or hyphens.
    """
    return _BY_NAME.get(re.sub(r"[\s-]+", "_", looks(name)))


def no_detector(name: str) -> str:
    """Return a sentence part that refuses the name of a detector that there is not."""
    guess = did_you_mean(near(name, _BY_NAME))
    return f"'{name}', which is not a detector ({guess or 'detectors are ' + ', '.join(DETECTORS)})"


def names_in_field(text: str) -> list[str]:
    """Return the names of detectors in a field, separated by punctuation or blanks; those of one name are kept."""
    parts = [part.strip() for part in re.split(r"[^\w\s-]+", text)]
    return [name for part in parts for name in ([part] if detector_of(part) else re.findall(r"\w[\w-]*", part))]


def is_silent(detector: str, verdict: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Tell whether a verdict shows that a detector did not run: only those that a profile enables are in it.

    Where that cannot be known, it is False: for a side that was not scanned or that the detector does not have, a tool
    event, and a verdict that is incomplete.

    Args:
        detector: its name in verdicts.
        verdict: the answer of the scan API.
        content: what was scanned.
    """
    if incomplete(verdict) or content.get("tool_event"):
        return False
    if detector == "ungrounded" and not all(content.get(key) for key in ("prompt", "context")):
        return False  # it has nothing to go by (official limitations)
    sides = [
        verdict.get(f"{side}_detected") for side, names in _SIDES.items() if content.get(side) and detector in names
    ]
    return bool(sides) and all(isinstance(side, Mapping) and side.get(detector) is None for side in sides)


def incomplete(verdict: Mapping[str, Any]) -> bool:
    """Tell whether a detector could not contribute to a verdict."""
    return bool(verdict.get("error") or verdict.get("timeout")) or verdict.get("category") in ("error", "timeout")
