# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare documents: when are two of them equivalent for the service?

The service returns one setting in several forms: absent, null, "", [] and {} all mean "not set" (reported from live
tenants), and the lists of a policy are sets. Comparing canonical forms prevents a second run from writing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

#: What a key means when it is absent, so that saying it and leaving it out are the same.
WHEN_ABSENT = {
    "mask-data-in-storage": False,
    "mask-data-inline": False,
    "enable-full-conversation-inspection": False,
    "model-type": "default",
}

#: Keys that do not count, by the key that they stand under.
Ignored = Mapping[str, frozenset[str]]

#: Keys that say which of several versions a name resolves to: the service fills them in, differently at times.
RESOLVED_BY_SERVICE: Ignored = MappingProxyType(
    {
        "member": frozenset({"id", "version"}),
        "dlp-data-profiles": frozenset({"id", "uuid", "version", "description"}),
    }
)


def canonical(value: Any, key: str = "", ignored: Ignored = RESOLVED_BY_SERVICE) -> Any:
    """Return the canonical form of a policy or a part of one; None when there is nothing in it.

    Args:
        value: parsed JSON.
        key: the key it stands under.
        ignored: keys that do not count, by the key that they stand under.
    """
    if isinstance(value, dict):
        if key == "topic-list" and not value.get("topic"):
            return None  # a bucket without topics, as the web interface stores it
        skipped = ignored.get(key, frozenset())
        parts = {name: canonical(part, name, ignored) for name, part in value.items() if name not in skipped}
        return {name: part for name, part in parts.items() if part is not None} or None
    if isinstance(value, (list, tuple)):
        found = [part for part in (canonical(part, key, ignored) for part in value) if part is not None]
        if len(found) > 1:
            members = {_order(part): part for part in found}
            found = [members[order] for order in sorted(members)]
        return found or None
    if key in WHEN_ABSENT and value == WHEN_ABSENT[key]:
        return None
    if isinstance(value, str):
        # "high:block, moderate:allow" is stored with or without the space.
        return (value.replace(", ", ",") if key == "action" else value) or None
    return value


def same(left: Any, right: Any) -> bool:
    """Tell whether two documents mean the same to the service."""
    # What a service that keeps what it was sent has is equal as it is, which is quicker to see.
    return bool(left == right or canonical(left) == canonical(right))


#: Writes a value so that equal ones are written alike.
_order = json.JSONEncoder(sort_keys=True, default=str).encode


def difference(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a diff as Ansible shows it: the entries that are not the same on both sides, before and after."""
    old, new = before or {}, after or {}
    keys = [key for key in {**old, **new} if not same({"": old.get(key)}, {"": new.get(key)})]
    return {
        "before": {key: old[key] for key in keys if key in old},
        "after": {key: new[key] for key in keys if key in new},
    }
