# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URL categories: an action for the default categories, and lists of categories by action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .protection import (
    ACTIONS,
    DISABLED,
    LISTS,
    Configuration,
    Names,
    Protection,
    choice,
    group,
    in_held_order,
    names_list,
    part,
    section,
)

#: What the web interface stores as the default category when the detection is turned on.
MALICIOUS = "malicious"
_DEFAULT = "default-url-category"
#: Categories of the vendor's URL filtering (its public list), and the default one of profiles.
KNOWN_CATEGORIES = frozenset(
    [
        "malicious",
        "abortion",
        "abused-drugs",
        "adult",
        "ai-code-assistant",
        "ai-conversational-assistant",
        "ai-data-and-workflow-optimizer",
        "ai-media-service",
        "ai-meeting-assistant",
        "ai-platform-service",
        "ai-website-generator",
        "ai-writing-assistant",
        "alcohol-and-tobacco",
        "artificial-intelligence",
        "auctions",
        "business-and-economy",
        "command-and-control",
        "compromised-website",
        "computer-and-internet-info",
        "content-delivery-networks",
        "copyright-infringement",
        "cryptocurrency",
        "dating",
        "dynamic-dns",
        "educational-institutions",
        "encrypted-dns",
        "entertainment-and-arts",
        "extremism",
        "financial-services",
        "gambling",
        "games",
        "government",
        "grayware",
        "hacking",
        "health-and-medicine",
        "high-risk",
        "home-and-garden",
        "hunting-and-fishing",
        "insufficient-content",
        "internet-communications-and-telephony",
        "internet-portals",
        "job-search",
        "legal",
        "low-risk",
        "malware",
        "marijuana",
        "medium-risk",
        "military",
        "motor-vehicles",
        "music",
        "newly-registered-domain",
        "news",
        "not-resolved",
        "nudity",
        "online-storage-and-backup",
        "parked",
        "peer-to-peer",
        "personal-sites-and-blogs",
        "philosophy-and-political-advocacy",
        "phishing",
        "private-ip-addresses",
        "proxy-avoidance-and-anonymizers",
        "questionable",
        "ransomware",
        "real-estate",
        "real-time-detection",
        "recreation-and-hobbies",
        "reference-and-research",
        "religion",
        "remote-access",
        "scanning-activity",
        "search-engines",
        "sex-education",
        "shareware-and-freeware",
        "shopping",
        "social-networking",
        "society",
        "sports",
        "stock-advice-and-tools",
        "streaming-media",
        "swimsuits-and-intimate-apparel",
        "training-and-tools",
        "translation",
        "travel",
        "unknown",
        "weapons",
        "web-advertisements",
        "web-based-email",
        "web-hosting",
    ]
)


def categories(value: Mapping[str, Any]) -> list[str]:
    """Return the categories in a value of the option."""
    return [name for part in ("default_categories", *LISTS) for name in value.get(part) or []]


def _key(action: str) -> str:
    return f"{action}-url-category"


def _members(configuration: Configuration, key: str) -> list[str]:
    found = part(configuration, "app-protection", key, "member")
    return [member for member in found if isinstance(member, str)] if isinstance(found, list) else []


def _write(configuration: dict[str, Any], value: Mapping[str, Any], _names: Names) -> None:
    wanted = value or {"default": DISABLED, **{action: [] for action in LISTS}}
    default, categories = wanted.get("default"), wanted.get("default_categories")
    held = part(configuration, "app-protection").get("url-detected-action") or ""
    if default is not None:
        action = "" if default == DISABLED else default
        if action != held:
            section(configuration, "app-protection")["url-detected-action"] = action
        if categories is None and default == DISABLED:
            categories = []
        elif categories is None and not held and not _members(configuration, _DEFAULT):
            categories = [MALICIOUS]
    lists = {_key(action): wanted[action] for action in LISTS if wanted.get(action) is not None}
    for key in map(_key, LISTS):
        if key in lists:
            _set_members(configuration, key, lists[key])
        else:
            # What is named moves: it is taken out of the list that is not managed.
            said = {name for listed in lists.values() for name in listed}
            members = _members(configuration, key)
            if said.intersection(members):
                _set_members(configuration, key, [name for name in members if name not in said])
    if categories is not None:
        _set_members(configuration, _DEFAULT, categories)


def _set_members(configuration: dict[str, Any], key: str, wanted: list[str]) -> None:
    held = _members(configuration, key)
    found = in_held_order(wanted, held)
    if found != held:
        # Live tenants have null where there is no default category.
        nothing: list[str] | None = None if key == _DEFAULT else []
        section(section(configuration, "app-protection"), key)["member"] = found or nothing


def _read(configuration: Configuration) -> dict[str, Any]:
    members = {action: sorted(_members(configuration, _key(action))) for action in LISTS}
    action = part(configuration, "app-protection").get("url-detected-action") or DISABLED
    categories = sorted(_members(configuration, _DEFAULT))
    if action == DISABLED and not categories and not any(members.values()):
        return {}
    return {"default": action, "default_categories": categories, **members}


URLS = Protection(
    "urls",
    group(
        default=choice(*ACTIONS, DISABLED),
        default_categories=names_list(),
        **{action: names_list() for action in LISTS},
    ),
    _write,
    _read,
)
