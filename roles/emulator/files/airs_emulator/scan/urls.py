# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URL filtering: the vendor's test pages, one for each category, are all that has a category here."""

from __future__ import annotations

import re

from airs_emulator.http import JsonObject
from airs_emulator.policy import object_in, text_in

from .findings import Finding, Sample, strictest

#: URLs in one request (official limitations).
MAX_URLS = 100
_URL = re.compile(r"(?:https?://|\bwww\.|\burlfiltering\.paloaltonetworks\.com/)[^\s\"'<>)\]]+", re.I)
_TEST_PAGE = re.compile(r"urlfiltering\.paloaltonetworks\.com/test-([a-z0-9-]+)", re.I)
_MALICIOUS = frozenset(
    {"malicious", "malware", "phishing", "command-and-control", "ransomware", "grayware", "compromised-website"}
)


def urls_in(text: str) -> list[str]:
    """The URLs of a text."""
    return [url.rstrip(".,;:!?") for url in _URL.findall(text)]


def detect_urls(sample: Sample, configuration: JsonObject) -> Finding | None:
    """URLs of a category that the profile blocks or reports, or of any malicious one."""
    settings = object_in(configuration, "app-protection")
    if not (text_in(settings, "url-detected-action") or _members(settings, "block") or _members(settings, "alert")):
        return None
    entries: list[JsonObject] = []
    actions: list[str] = []
    for url in urls_in(sample.text):
        match = _TEST_PAGE.search(url)
        category = match.group(1).lower() if match else "computer-and-internet-info"
        action = _action(category, settings)
        if action is not None:
            actions.append(action)
        entries.append(
            {
                "url": url,
                "risk_level": "high" if category in _MALICIOUS else "low",
                "action": action or "allow",
                "categories": [category],
            }
        )
    return Finding("url_cats", "uf", bool(actions), strictest(actions), {"urlf_report": entries})


def _action(category: str, settings: JsonObject) -> str | None:
    """What the profile does about a category; None when it does not mind it."""
    if category in _members(settings, "allow"):
        return None
    names = {category, "malicious"} if category in _MALICIOUS else {category}
    for action in ("block", "alert"):
        if names & _members(settings, action):
            return action
    default = text_in(settings, "url-detected-action")
    return default if default and names & _members(settings, "default") else None


def _members(settings: JsonObject, action: str) -> set[str]:
    names = object_in(settings, f"{action}-url-category").get("member")
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
