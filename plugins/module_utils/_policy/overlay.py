# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Laying a part of a document over another, and the way back: the part that makes one document of another.

Dictionaries are merged by key, and lists of named things by what names them; all else is replaced. What is to go is
set to null, which means the same to the service as nothing at all (reported from live tenants).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

#: What names the entries of a list, the first that all of them have.
LIST_KEYS = ("name", "model-type", "category", "topic_name", "text", "action")
#: Lists to which only options can add: a pinned topic needs an id, which no export has.
_NEVER_ADDED_TO = ("topic_name", "action")


def merged(base: Any, over: Any) -> Any:
    """Return a document with another laid over it; the parts that stay are shared with the base."""
    if isinstance(over, Mapping):
        old = base if isinstance(base, Mapping) else {}
        return {**old, **{key: merged(old.get(key), value) for key, value in over.items()}}
    key = list_key(over) if isinstance(over, list) else None
    if key and isinstance(base, list):
        rest = {entry[key]: entry for entry in over}
        old_entries = [entry for entry in base if isinstance(entry, Mapping)]
        kept = [merged(entry, rest.pop(entry.get(key), {})) for entry in old_entries]
        return [*kept, *(merged({}, entry) for entry in rest.values())]
    return copy.deepcopy(over)


def overlay(base: Any, wanted: Any) -> Any:
    """Return what has to be laid over a document to make it another one; empty when they are equal.

    Entries of a named list that only the base has cannot be taken away, and pinned topics that it lacks cannot be
    added: who needs to know lays the overlay over the base and compares.

    Args:
        base: a canonical document.
        wanted: the canonical document to be reached.
    """
    if isinstance(wanted, Mapping) and isinstance(base, (Mapping, type(None))):
        base = base or {}
        found = {}
        for key in {**wanted, **base}:
            if key not in wanted:
                # A detector whose action is taken away keeps an empty one: it cannot be without.
                found[key] = "" if key == "action" else None
            elif base.get(key) != wanted[key]:
                part = overlay(base.get(key), wanted[key])
                if part not in ({}, []):
                    found[key] = part
        return found
    key = list_key(wanted) if isinstance(wanted, list) and isinstance(base, (list, type(None))) else None
    if key and list_key(base or wanted) == key:
        known = {entry[key]: entry for entry in base or []}
        entries = [entry for entry in wanted if entry[key] in known or key not in _NEVER_ADDED_TO]
        parts = {entry[key]: overlay(known.get(entry[key]), entry) for entry in entries}
        return [{key: name, **part} for name, part in parts.items() if part]
    return wanted


def list_key(entries: list[Any]) -> str | None:
    """Return the key that names the entries of a list, or None for lists that are replaced as a whole."""
    for key in LIST_KEYS:
        if entries and all(isinstance(entry, Mapping) and isinstance(entry.get(key), str) for entry in entries):
            return key
    return None
