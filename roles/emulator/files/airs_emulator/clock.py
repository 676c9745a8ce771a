# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the emulated service believes the time is."""

from __future__ import annotations

import re
import time
from datetime import datetime, timezone

#: The last moment the service's timestamps can express (9999-12-31T23:59:59Z), in seconds since the epoch.
END_OF_TIME = 253402300799.0


class Clock:
    """The real time plus an offset that the control plane can change."""

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return min(time.time() + self._offset, END_OF_TIME)

    def set(self, moment: float) -> None:
        """Go on from C(moment), in seconds since the epoch."""
        self._offset = moment - time.time()

    def advance(self, seconds: float) -> None:
        """Move forward, or backward with a negative number."""
        self._offset += seconds

    def reset(self) -> None:
        """Back to the real time."""
        self._offset = 0.0

    def timestamp(self) -> str:
        """Now, as the management API writes it."""
        return rfc3339(self.now())


def rfc3339(moment: float) -> str:
    """Seconds since the epoch as C(YYYY-MM-DDTHH:MM:SSZ)."""
    limited = max(0.0, min(moment, END_OF_TIME))
    return datetime.fromtimestamp(limited, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc3339_nano(moment: float) -> str:
    """The same with nanoseconds, of which a clock such as this one knows the first six or so."""
    seconds, fraction = divmod(max(0.0, min(moment, END_OF_TIME)), 1)
    return f"{rfc3339(seconds)[:-1]}.{int(fraction * 1e9):09}Z"


_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?P<fraction>\.\d+)? ?(?P<zone>Z|[+-]\d\d:?\d\d)?(?: [A-Z]{1,5})?)?",
    re.ASCII | re.IGNORECASE,
)


def parse_time(text: str) -> float:
    """Seconds since the epoch of a time in any form in which the service writes one. Raises ValueError.

    Those are RFC 3339 with any number of digits after the seconds, C(-0000) for its offset, and what Go prints
    (C(2026-09-29 23:59:59 +0000 UTC)). Without an offset it is UTC. C(fromisoformat) of Python 3.10 reads few of them.
    """
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no time")
    zone = (found["zone"] or "Z").upper().replace("Z", "+00:00")
    moment = datetime.fromisoformat(f"{found['day']}T{found['time'] or '00:00'}{zone[:3]}:{zone[-2:]}")
    return moment.timestamp() + float(found["fraction"] or 0)


def end(text: object) -> float:
    """The end that a row of the service names, in seconds since the epoch; the end of time where it cannot be read."""
    try:
        return parse_time(str(text))
    except ValueError:
        return END_OF_TIME
