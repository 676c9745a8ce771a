# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of a tenant comes to in words: what goes and what gets weaker by name, then counts that add up."""

from __future__ import annotations

from typing import Any

from ansible_collections.panw.airs.plugins.module_utils._tenant.kinds import KINDS
from ansible_collections.panw.airs.plugins.module_utils._tenant.summary import (
    MOST_LINES,
    secrets_in,
    summary,
    without_place,
)

Row = dict[str, Any]


def row(kind: str, name: str, action: str, **more: Any) -> Row:
    return {"kind": kind, "name": name, "action": action, **more}


def goes_with(kind: str, name: str) -> Row:
    return {"goes_with": {"kind": kind, "name": name}}


WEAKER: list[Row] = [
    {"protection": "prompt_injection", "before": "block", "after": "allow"},
    {"protection": "urls.block", "before": "2", "after": "1"},
]
PURGE = [
    row("security_profile", "bot", "update", weakened=WEAKER),
    row("api_key", "old", "delete"),
    row("api_key", "older", "delete"),
    row("customer_app", "free", "delete"),
    row("customer_app", "old app", "delete", **goes_with("api_key", "old")),
    row("customer_app", "older app", "delete", **goes_with("api_key", "older")),
]


def test_what_gets_weaker_and_what_goes_is_named_and_the_counts_add_up() -> None:
    assert summary(PURGE, planned=True) == [
        "Tenant (plan)",
        "Weaker protection:",
        "  security profile 'bot': prompt_injection block -> allow, urls.block 2 -> 1",
        "To be deleted:",
        "  API key 'old', together with application 'old app'",
        "  API key 'older', together with application 'older app'",
        "  application 'free'",
        "Security profiles: 1 to be updated",
        "API keys: 2 to be deleted",
        "Applications: 3 to be deleted (2 of them along with their API keys)",
    ]
    assert summary(PURGE[1:2] + PURGE[4:5], planned=False)[-2:] == [
        "API keys: 1 deleted",
        "Applications: 1 deleted (along with its API key)",
    ]


def test_what_failed_is_not_told_as_gone() -> None:
    rows = [
        row("api_key", "old", "delete", error="not allowed"),
        row("customer_app", "old app", "skip", error="API key 'old' failed", **goes_with("api_key", "old")),
    ]
    assert summary(rows, planned=False) == ["Tenant", "API keys: 1 failed", "Applications: 1 skipped"]


def test_every_row_is_counted_once() -> None:
    actions = ("create", "update", "regenerate", "delete", "none", "skip")
    rows = [row(kind.resource.kind, action, action) for kind in KINDS.values() for action in actions]
    counts = summary(rows, planned=False)[-len(KINDS) :]
    assert [line.partition(": ")[2] for line in counts] == [
        "1 created, 1 updated, 1 regenerated, 1 deleted, 1 unchanged, 1 skipped"
    ] * len(KINDS)
    assert summary([], planned=True) == ["Tenant (plan)", "No changes"]


def test_a_long_section_says_how_many_more_there_are_and_names_are_fit_for_a_terminal() -> None:
    rows = [row("custom_topic", f"evil\x1b[2J {number}\nTenant", "delete") for number in range(MOST_LINES + 5)]
    lines = summary(rows, planned=False)
    assert len(lines) == MOST_LINES + 4
    assert lines[2:4] == ["  custom topic 'evil\\x1b[2J 0 Tenant'", "  custom topic 'evil\\x1b[2J 1 Tenant'"]
    assert lines[-2:] == ["  and 5 more", f"Custom topics: {len(rows)} deleted"]


def test_many_secrets_are_one_line() -> None:
    assert secrets_in([], planned=True) == []
    assert secrets_in(["/s/a.key"], planned=True) == ["the secret will be in /s/a.key"]
    many = [f"/s/{number:03}.key" for number in range(300)]
    assert secrets_in(many, planned=False) == ["300 secrets in /s: 000.key, 001.key, 002.key and 297 more"]
    assert secrets_in([*many, "/t/own"], planned=True)[1:] == ["the secret will be in /t/own"]
    folders = [f"/s/{number}/key" for number in range(300)]
    assert secrets_in(folders, planned=True) == [
        "300 secrets will be in 300 directories: /s/0, /s/1, /s/2 and 297 more"
    ]
    assert without_place([], planned=False) == []
    assert without_place(["bot"], planned=True) == ["no destination for the secret of bot"]
    told = "no destination for 3 secrets (a, b, c): returned in api_key_secrets only"
    assert without_place(["a", "b", "c"], planned=False) == [told]
