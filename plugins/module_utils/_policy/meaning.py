# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Meaning of a policy: when are two policies equivalent for the service?"""

from __future__ import annotations

from typing import Any

from .._engine.compare import RESOLVED_BY_SERVICE, Ignored, canonical
from .data import LOG_SEVERITY
from .layout import Policy, all_configurations
from .overlay import copied
from .protection import entries, part
from .severities import places
from .toxic_content import TOXIC_CONTENT, normal_action, toxic_categories


def meaning(policy: Policy | None, ignored: Ignored = RESOLVED_BY_SERVICE) -> Any:
    """Return the canonical form of a policy, without what the service fills in; None when there is nothing in it.

    Args:
        policy: the policy.
        ignored: keys that do not count, by the key that they stand under.
    """
    found = copied(dict(policy or {}))
    for configuration in all_configurations(found):
        for place in places(configuration):
            if place.read() == place.default:
                place.write(None)
        for detector in entries(part(configuration, "model-protection")):
            if detector.get("name") == TOXIC_CONTENT.detectors[0]:
                for holder in (detector, *toxic_categories(detector)):
                    holder["action"] = normal_action(holder.get("action"))
    for row in entries(found.get("dlp-data-profiles")):
        if row.get("log-severity") == LOG_SEVERITY:
            del row["log-severity"]
    return canonical(found, ignored=ignored)


def means_the_same(left: Policy | None, right: Policy | None) -> bool:
    """Tell whether two policies mean the same to the service."""
    # What a service that keeps what it was sent has is equal as it is, which is quicker to see.
    return bool(left == right or meaning(left) == meaning(right))
