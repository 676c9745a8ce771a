# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles as live tenants hold them, made anonymous, as seeds of the emulator (C(Emulator.seed))."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .emulator import ACCOUNT

JsonObject = dict[str, Any]
_DATA = Path(__file__).parent / "data"


def live_rows() -> list[JsonObject]:
    """13 revisions of 8 profiles as somebody's tenant listed them, the last changed first."""
    rows: list[JsonObject] = _read("live_profiles.json")["ai_profiles"]
    return rows


def live_tenant() -> JsonObject:
    """A seed with C(live_rows), which it lists in the same order, and the topics that they pin."""
    rows = live_rows()
    return _seed({"custom_topics": _pinned_topics(rows), "ai_profiles": rows[::-1]})


def shaped_tenant() -> JsonObject:
    """A seed with a profile, and topics, for each form that a stored policy may have; the names say which."""
    return _seed(_read("profile_shapes.json"))


def shaped_rows() -> list[JsonObject]:
    """The profiles of C(shaped_tenant)."""
    rows: list[JsonObject] = _read("profile_shapes.json")["ai_profiles"]
    return rows


def _read(name: str) -> JsonObject:
    content: JsonObject = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return content


def _seed(objects: JsonObject) -> JsonObject:
    return {"tenants": {ACCOUNT.tsg_id: objects}}


def _pinned_topics(rows: list[JsonObject]) -> list[JsonObject]:
    """The newest revision of each topic that these rows pin, in the order of their names."""
    topics: dict[str, JsonObject] = {}
    for pinned in _objects_with("topic_id", rows):
        known = topics.setdefault(pinned["topic_name"], {**pinned, "description": "A topic", "examples": []})
        known["revision"] = max(known["revision"], pinned["revision"])
    return [topics[name] for name in sorted(topics)]


def _objects_with(member: str, content: Any) -> list[JsonObject]:
    parts = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    found = [content] if isinstance(content, dict) and member in content else []
    return found + [inner for part in parts for inner in _objects_with(member, part)]
