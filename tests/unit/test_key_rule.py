# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule that says whether a key is due, and why."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from ansible_collections.panw.airs.plugins.module_utils._kinds.key_rule import (
    days_left,
    due,
    expiry,
    life,
    reason_to_renew,
    runs_out,
    status,
    too_wide,
    window,
)

Json = dict[str, Any]


def row(days: float | None = 40, interval: Any = 90, unit: Any = "days", **members: Any) -> Json:
    """A key of which so many days are left."""
    moment = None if days is None else datetime.now(timezone.utc) + timedelta(days=days)
    return {
        "expiration": None if moment is None else moment.isoformat(),
        "rotation_time_interval": interval,
        "rotation_time_unit": unit,
        **members,
    }


NOON = datetime(2026, 12, 1, 12, 30, 15, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-01T12:30:15Z", NOON),
        ("2026-12-01T12:30:15.5Z", NOON.replace(microsecond=500000)),
        ("2026-12-01T12:30:15.12Z", NOON.replace(microsecond=120000)),
        ("2026-12-01T12:30:15.123456789Z", NOON.replace(microsecond=123456)),
        ("2026-12-01T12:30:15-0000", NOON),
        ("2026-12-01T12:30:15+0000", NOON),
        ("2026-12-01T14:30:15+02:00", NOON),
        ("2026-12-01T12:30:15", NOON),
        ("2026-12-01 12:30:15 +0000 UTC", NOON),
        ("2026-12-01 14:30:15.000000001 +0200 CEST", NOON),
    ],
)
def test_every_form_of_a_date_is_read(text: str, moment: datetime) -> None:
    found = expiry({"expiration": text})
    assert (found.moment, found.readable) == (moment, True)


@pytest.mark.parametrize("text", [None, ""])
def test_a_key_without_a_date_never_expires(text: str | None) -> None:
    key = row(expiration=text)
    assert (expiry(key).moment, expiry(key).readable, days_left(key)) == (None, True, None)
    assert (status(key, 10**6), due(key, 10**6)) == ("valid", "")


@pytest.mark.parametrize(
    "text",
    ["soon", "0", "2026-13-01T00:00:00Z", "2026-12-01", "2026-12-01T25:00:00Z", 1764590400, ["x"], True, "\ud800"],
)
def test_a_date_that_nobody_can_read_is_due_and_not_never(text: Any) -> None:
    key = row(expiration=text)
    assert not expiry(key).readable
    assert (days_left(key), due(key, 0), due(key, None), status(key, 0)) == (
        None,
        "unreadable_expiry",
        "unreadable_expiry",
        "expiring",
    )


@settings(deadline=None)
@given(
    hours=strategies.integers(-3000, 3000),
    within=strategies.none() | strategies.integers(0, 89),
    zone=strategies.integers(-12 * 60, 14 * 60),
)
def test_one_boundary_for_all_who_ask(hours: int, within: int | None, zone: int) -> None:
    """Whoever renews, reports, watches or lists keys says the same, whatever the time zone of the service."""
    moment = datetime.now(timezone.utc) + timedelta(hours=hours, minutes=30)
    key = row(expiration=moment.astimezone(timezone(timedelta(minutes=zone))).isoformat())
    renewed = reason_to_renew(key, regenerate="expiring", within=within, stored=True)
    assert renewed == due(key, within) == runs_out(key, within)
    assert (status(key, within) == "valid") == (renewed == "")
    assert (status(key, within) == "expired") == (hours < 0)
    left = days_left(key)
    assert left is not None
    # So do the whole days that are shown.
    assert within is None or (left < within) == (status(key, within) != "valid")


def test_a_key_of_fourteen_days_and_a_half_is_due_for_none_or_for_all() -> None:
    for within, expected in ((14, ""), (15, "expiring")):
        key = row(14.5)
        assert due(key, within) == expected
        assert (status(key, within) == "expiring") == bool(expected)


@pytest.mark.parametrize(
    ("interval", "unit", "days"),
    [
        (90, "days", 90),
        (12, "hours", 0.5),
        (1, "months", 28),
        (2, "years", 730),
        (None, "days", None),
        (9, "weeks", None),
    ],
)
def test_the_window_is_a_third_of_a_short_life(interval: Any, unit: str, days: float | None) -> None:
    key = row(interval=interval, unit=unit)
    assert life(key) == days
    assert window(key, None) == (30 if days is None else min(30, days / 3))
    assert window(key, 7) == 7


@pytest.mark.parametrize("interval", [10**400, -1, 0, True, "90", 1.5, [90]])
def test_an_odd_life_is_no_traceback(interval: Any) -> None:
    key = row(interval=interval)
    assert due(key, None) in ("", "expiring")
    too_wide(key, 30)


def test_a_new_key_is_not_due_whatever_the_window_that_is_allowed() -> None:
    for days in (1, 2, 7, 30, 31, 90, 365):
        fresh = row(days - 0.001, days)
        assert due(fresh, None) == ""
        for within in range(days):
            assert too_wide(fresh, within) is None
            assert due(fresh, within) == "" or days - 0.001 < within
        assert too_wide(fresh, days) is not None


def test_a_window_as_long_as_the_life_is_refused_with_what_to_give() -> None:
    assert too_wide(row(interval=7), 30) == (
        "must be less than the lifetime of the key (7 days), but is 30 days, so every run would regenerate the "
        "key: set at most 6, or omit it to use a third of the lifetime"
    )
    assert str(too_wide(row(interval=12, unit="hours"), 1)).endswith("would regenerate the key: omit it")
    assert too_wide(row(interval=None), 30) is None
    assert too_wide(row(interval=7), None) is None


def test_reasons_and_their_order() -> None:
    def why(key: Json, *, regenerate: str = "expiring", stored: bool = True, changed: bool = False) -> str:
        return reason_to_renew(key, regenerate=regenerate, within=30, stored=stored, rotation_changed=changed)

    assert why(row(40)) == ""
    assert why(row(10)) == "expiring"
    assert why(row(40), stored=False) == "not_stored"
    assert why(row(40), changed=True) == "rotation_changed"
    assert why(row(10), changed=True) == "expiring"
    assert why(row(40, revoked=True), stored=False) == "revoked"
    assert why(row(expiration="?")) == "unreadable_expiry"
    assert why(row(40), regenerate="always") == "asked"
    for key in (row(-1), row(40, revoked=True), row(expiration="?")):
        assert why(key, regenerate="never", stored=False) == ""
