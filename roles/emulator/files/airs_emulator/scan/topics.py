# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Topic guardrails: a topic is met when a text shares enough words with it."""

from __future__ import annotations

from airs_emulator.http import JsonObject
from airs_emulator.policy import objects, text_in
from airs_emulator.store import Row, Table

from .detectors import model_protection
from .findings import Finding, Sample, strictest
from .words import content_words

#: A text is about a topic when it has this many of its words ...
_MIN_SHARED = 2
#: ... and they make up this part of what the text is about; a text of few words needs half of them.
_MIN_PART, _MIN_PART_OF_SHORT = 0.25, 0.5


def detect_topics(sample: Sample, configuration: JsonObject) -> Finding | None:
    """Topics that the profile blocks; where it blocks by default, also whatever meets none of the allowed ones."""
    settings = model_protection(configuration, "topic-guardrails")
    default = text_in(settings, "action")
    if not default:
        return None
    met: dict[str, list[str]] = {}
    for bucket in objects(settings, "topic-list"):
        for pinned in objects(bucket, "topic"):
            content = _pinned_content(sample.topics, pinned)
            if content is not None and is_about(sample.text, content):
                met.setdefault(text_in(bucket, "action"), []).append(text_in(pinned, "topic_name"))
    allowed = met.pop("allow", [])
    blocked = [name for names in met.values() for name in names]
    violates = bool(blocked) or (default in ("block", "alert") and not allowed)
    action = strictest(list(met)) if blocked else default
    report = {
        "allowed_topic_list": "MATCHED" if allowed else "NOT MATCHED",
        "blocked_topic_list": "MATCHED" if blocked else "NOT MATCHED",
        "allowedTopics": allowed,
        "blockedTopics": blocked,
    }
    details: JsonObject = {}
    if allowed or blocked:
        details = {"topic_guardrails_details": {"allowed_topics": allowed, "blocked_topics": blocked}}
    return Finding(
        "topic_violation", "topic_guardrails", violates, action, {"topic_guardrails_report": report}, details
    )


def is_about(text: str, topic: Row) -> bool:
    """Whether a text is about a topic revision."""
    lowered = text.lower()
    if any(example and example.lower() in lowered for example in topic["examples"] or []):
        return True
    words = content_words(text)
    name = content_words(topic["topic_name"])
    shared = words & (name | content_words(" ".join([text_in(topic, "description"), *(topic["examples"] or [])])))
    if not shared:
        return False
    part = len(shared) / len(words)
    names_it = bool(name) and name <= words
    return names_it or part >= _MIN_PART_OF_SHORT or (len(shared) >= _MIN_SHARED and part >= _MIN_PART)


def _pinned_content(topics: Table, pinned: Row) -> Row | None:
    """The very revision that the profile has pinned, not the newest one; without a number the original one."""
    current = topics.get(text_in(pinned, "topic_id"))
    if current is None:
        return None
    revisions: list[Row] = [*current["superseded"], current]
    wanted = pinned.get("revision")
    return next((row for row in revisions if row["revision"] == wanted), revisions[0])
