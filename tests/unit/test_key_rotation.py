# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a rotation: what is done about a key, by what the place of its secret holds."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._kinds.key_rotation import Stored, Wish, decide

ALL = Wish("expiring", None, named=False)
NAMED = Wish("expiring", None, named=True)
ALWAYS = Wish("always", None, named=True)

#: What a place may hold of a key whose secret ends in "current-".
HOLDS = Stored(last8="current-")
OTHERS = Stored(last8="another-")
NOTHING = Stored()
BEGUN = Stored(interrupted=True)
BEGUN_HOLDS = Stored(last8="current-", interrupted=True)
ON_ITS_WAY = Stored(last8="another-", journal_last8="current-", interrupted=True)


def key(days: float = 60, **members: Any) -> dict[str, Any]:
    moment = datetime.now(timezone.utc) + timedelta(days=days)
    return {"api_key_name": "bot", "api_key_last8": "current-", "expiration": moment.isoformat(), **members}


@pytest.mark.parametrize(
    ("row", "stored", "wish", "planned"),
    [
        (key(), HOLDS, ALL, ("none", "")),
        (key(10), HOLDS, ALL, ("rotate", "expiring")),
        (key(expiration="?"), HOLDS, ALL, ("rotate", "unreadable_expiry")),
        # A secret that is alive elsewhere is nobody's here to replace, however soon it expires.
        (key(10), NOTHING, ALL, ("none", "")),
        (key(10), OTHERS, ALL, ("none", "")),
        (key(), OTHERS, NAMED, ("rotate", "not_stored")),
        (key(), NOTHING, NAMED, ("rotate", "not_stored")),
        (key(), NOTHING, ALWAYS, ("rotate", "asked")),
        (key(revoked=True), HOLDS, ALL, ("none", "")),
        (key(revoked=True), HOLDS, NAMED, ("rotate", "revoked")),
        # A run that died.
        (key(), BEGUN, ALL, ("rotate", "not_stored")),
        (key(), BEGUN_HOLDS, ALL, ("finish", "")),
        (key(10), BEGUN_HOLDS, ALL, ("rotate", "expiring")),
        (key(), ON_ITS_WAY, ALL, ("resume", "")),
        (key(), ON_ITS_WAY, ALWAYS, ("resume", "")),
        # What nobody could look at is left alone.
        (key(-5), None, ALL, ("none", "")),
        (key(-5), None, ALWAYS, ("none", "")),
    ],
)
def test_what_is_done_about_a_key(
    row: dict[str, Any], stored: Stored | None, wish: Wish, planned: tuple[str, str]
) -> None:
    assert decide(row, stored, wish) == planned


@pytest.mark.parametrize("last8", [None, ""])
def test_a_key_without_last_characters_is_in_no_place(last8: str | None) -> None:
    row = key(10, api_key_last8=last8)
    assert decide(row, Stored(), ALL) == ("none", "")
    assert decide(row, Stored(interrupted=True), ALL) == ("rotate", "not_stored")


def test_a_state_of_other_types_is_taken_as_it_is() -> None:
    assert Stored.of({"last8": None, "interrupted": "yes"}) == Stored(interrupted=True)
