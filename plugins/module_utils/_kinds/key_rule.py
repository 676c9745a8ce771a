# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The single rule that decides whether an API key is due for rotation, and why. Rotation, reports, and events use it.

A key expires soon if less time is left than its window. A key whose expiration date cannot be parsed counts as due,
because it would otherwise stop working without warning.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

#: Why a key is renewed, as results say it.
Reason = Literal["", "asked", "revoked", "not_stored", "expiring", "unreadable_expiry", "rotation_changed"]
Status = Literal["valid", "expiring", "expired", "revoked"]

#: The days of each unit of a rotation (the service has these four). Months and years are short ones, to be safe.
_DAYS = {"hours": 1 / 24, "days": 1.0, "months": 28.0, "years": 365.0}
_USUAL_WINDOW = 30.0
#: The longest rotation that the service takes (an int32).
_LONGEST = 2**31 - 1

#: RFC 3339 as the service writes it, with any number of digits of a second and also with -0000, and Go's own form:
#: "2026-09-29 23:59:59 +0000 UTC". datetime.fromisoformat() of Python 3.10 reads only some of them.
_DATE = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d+))?"
    r" ?(?P<zone>Z|[+-]\d\d:?\d\d)?(?: [A-Z]{3,5})?",
    re.ASCII,
)


@dataclass(frozen=True)
class Expiry:
    """When a key expires.

    Args:
        moment: when, or None: never, or nobody can tell.
        readable: whether the value of the service can be parsed.
    """

    moment: datetime | None = None
    readable: bool = True


def expiry(row: Mapping[str, Any]) -> Expiry:
    """Return when a key expires; one without a date never does."""
    text = row.get("expiration")
    if text is None or text == "":
        return Expiry()
    found = _DATE.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return Expiry(readable=False)
    zone = (found["zone"] or "Z").replace("Z", "+00:00")
    fraction = (found["fraction"] or "0")[:6].ljust(6, "0")
    try:
        return Expiry(datetime.fromisoformat(f"{found['day']}T{found['time']}.{fraction}{zone[:3]}:{zone[-2:]}"))
    except ValueError:  # such as a month 13
        return Expiry(readable=False)


def days_left(row: Mapping[str, Any]) -> int | None:
    """Return the whole days until a key expires, negative when it has; None when it never does, or nobody can tell."""
    moment = expiry(row).moment
    return None if moment is None else math.floor(_left(moment))


def _left(moment: datetime) -> float:
    """Return how many days are left."""
    return (moment - datetime.now(timezone.utc)) / timedelta(days=1)


def life(row: Mapping[str, Any]) -> float | None:
    """Return how many days a key lives, by its rotation; None when that is not known."""
    interval, unit = row.get("rotation_time_interval"), row.get("rotation_time_unit")
    if not isinstance(interval, int) or not isinstance(unit, str) or unit not in _DAYS:
        return None
    return min(interval, _LONGEST) * _DAYS[unit]


def window(row: Mapping[str, Any], within: int | None) -> float:
    """Return how many days before it expires a key is due.

    Args:
        row: the key, or as much of it as is known.
        within: what the user asks for; None for 30 days, or a third of the key's life when that is less.
    """
    if within is not None:
        return within
    lives = life(row)
    return _USUAL_WINDOW if lives is None else min(_USUAL_WINDOW, lives / 3)


def too_wide(row: Mapping[str, Any], within: int | None) -> str | None:
    """Return why a window cannot be meant, or None: a key would be renewed in every run.

    Args:
        row: the key, or as much of it as is known.
        within: the window in days, or None when the user asks for none.
    """
    lives = life(row)
    if within is None or lives is None or within < lives:
        return None
    lived = f"{row['rotation_time_interval']} {row['rotation_time_unit']}"
    most = math.ceil(lives) - 1
    advice = f"set at most {most}, or omit it to use a third of the lifetime" if most > 0 else "omit it"
    return (
        f"must be less than the lifetime of the key ({lived}), but is {within} day{'s' * (within != 1)}, so every run "
        f"would regenerate the key: {advice}"
    )


def due(row: Mapping[str, Any], within: int | None) -> Reason:
    """Return why a key does not work any more, or not for long, or "".

    Args:
        row: the key.
        within: how many days before it expires it is due, or None for what window() says.
    """
    return "revoked" if row.get("revoked") else runs_out(row, within)


def runs_out(row: Mapping[str, Any], within: int | None) -> Reason:
    """Return why a key does not work for long by its date, revoked or not, or ""."""
    when = expiry(row)
    if not when.readable:
        return "unreadable_expiry"
    return "expiring" if when.moment is not None and _left(when.moment) < window(row, within) else ""


def status(row: Mapping[str, Any], within: int | None) -> Status:
    """Return how a key is, by the same rule."""
    reason = due(row, within)
    if reason == "revoked":
        return "revoked"
    left = days_left(row)
    if left is not None and left < 0:
        return "expired"
    return "expiring" if reason else "valid"


def reason_to_renew(
    row: Mapping[str, Any], *, regenerate: str, within: int | None, stored: bool, rotation_changed: bool = False
) -> Reason:
    """Return why a key is renewed, or "" when it stays.

    Args:
        row: the key.
        regenerate: what the user asks for: never, expiring or always.
        within: how many days before it expires it is due, or None for what window() says.
        stored: whether its secret is where it should be, or nobody can tell.
        rotation_changed: whether it should rotate in another way, which only a new key does.
    """
    if regenerate == "always":
        return "asked"
    if regenerate == "never":
        return ""
    reason = due(row, within)
    if reason == "revoked":
        return reason
    if not stored:
        return "not_stored"
    return reason or ("rotation_changed" if rotation_changed else "")
