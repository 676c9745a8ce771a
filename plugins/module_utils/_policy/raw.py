# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in a raw policy: the topics that it pins and its DLP profiles, in any layout.

Only names are significant. IDs are specific to a tenant, and a policy can be from another tenant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .data import BUILT_IN
from .overlay import copied
from .protection import Names

#: By the key of a list: what its entries are, the key of their name, and the keys of what identifies them.
_LISTS: Mapping[str, tuple[Literal["topic", "dlp_profile"], str, tuple[str, ...]]] = {
    "topic": ("topic", "topic_name", ("topic_id", "revision")),
    "member": ("dlp_profile", "text", ("id", "version")),
    "dlp-data-profiles": ("dlp_profile", "name", ("id", "uuid", "version")),
}

#: Returns the name that takes the place of another.
Rename = Callable[[str], str]


@dataclass(frozen=True)
class Mention:
    """An entry of a raw policy that stands for an object of the tenant.

    Args:
        place: where it stands, such as "policy.dlp-data-profiles[0]".
        kind: what it stands for.
        entry: the entry.
        name_key: where it has the name.
        id_keys: where it has what identifies the object on one tenant; the first is the id itself.
    """

    place: str
    kind: Literal["topic", "dlp_profile"]
    entry: dict[str, Any]
    name_key: str
    id_keys: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name; "" for an entry without one."""
        return str(self.entry.get(self.name_key) or "")

    @property
    def is_built_in(self) -> bool:
        """Whether it is the service's own detection, which every tenant has."""
        return self.kind == "dlp_profile" and self.name == BUILT_IN["text"]

    def identify(self, row: Mapping[str, Any] | None) -> None:
        """Give the entry the identity of an object, or none."""
        for key in self.id_keys:
            self.entry.pop(key, None)
            if row and row.get(key) is not None:
                self.entry[key] = row[key]


def mentions(policy: Any, place: str = "policy") -> Iterator[Mention]:
    """Yield what a raw policy, or a part of one, says of objects of the tenant.

    Args:
        policy: parsed JSON.
        place: where it stands.
    """
    if isinstance(policy, Mapping):
        for key, value in policy.items():
            if key in _LISTS and isinstance(value, list):
                kind, name_key, id_keys = _LISTS[key]
                for index, entry in enumerate(value):
                    if isinstance(entry, dict):
                        yield Mention(f"{place}.{key}[{index}]", kind, entry, name_key, id_keys)
            yield from mentions(value, f"{place}.{key}")
    elif isinstance(policy, list):
        for index, value in enumerate(policy):
            yield from mentions(value, f"{place}[{index}]")


def renamed(policy: Mapping[str, Any], topic: Rename, dlp_profile: Rename) -> dict[str, Any]:
    """Return a raw policy with other names. What is renamed loses its identity, which was that of the old name.

    Args:
        policy: the policy; it is not changed.
        topic: gives the names of topics.
        dlp_profile: gives the names of DLP profiles; that of the built-in detection takes their place in detections,
            and no row in the policy's list.
    """
    found: dict[str, Any] = copied(dict(policy))
    for each in mentions(found):
        new = (topic if each.kind == "topic" else dlp_profile)(each.name) if each.name else ""
        if new != each.name:
            each.identify(None)
            each.entry[each.name_key] = new
            if each.is_built_in and each.name_key == "text":
                each.entry.update(BUILT_IN)
    rows = found.get("dlp-data-profiles")
    if isinstance(rows, list):
        found["dlp-data-profiles"] = _once(rows, "name", leave_out=BUILT_IN["text"])
    for holder in _holders(found, "member"):
        holder["member"] = _once(holder["member"], "text")
    return found


def _holders(node: Any, key: str) -> Iterator[dict[str, Any]]:
    """Yield every dictionary that has a list under a key."""
    if isinstance(node, dict):
        if isinstance(node.get(key), list):
            yield node
        for value in node.values():
            yield from _holders(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _holders(value, key)


def _once(entries: list[Any], key: str, leave_out: str = "") -> list[Any]:
    """Return entries, of several with one name the first: two names may have become one."""
    seen: set[str] = set()
    found = []
    for entry in entries:
        name = entry.get(key) if isinstance(entry, dict) else None
        if isinstance(name, str) and name:
            if name in seen or name == leave_out:
                continue
            seen.add(name)
        found.append(entry)
    return found


def identified(policy: Mapping[str, Any], held: Names, names: Names) -> dict[str, Any]:
    """Return a raw policy with the ids of this tenant, whatever tenant it was made from.

    Args:
        policy: the policy; it is not changed.
        held: what names stand for in the policy that it is laid over. That stays as it is.
        names: what they stand for on the tenant.
    """
    found: dict[str, Any] = copied(dict(policy))
    for each in mentions(found):
        if not each.name or each.is_built_in:
            continue
        known, listed = (
            (names.topics if each.kind == "topic" else names.dlp_profiles).get(each.name) for names in (held, names)
        )
        own = [row.get(each.id_keys[0]) for row in (known, listed) if row]
        said = each.entry.get(each.id_keys[0])
        if said and said in own:
            continue
        if said or not known:
            each.identify(known or listed)
    return found
