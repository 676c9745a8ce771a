# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the emulated service believes the time is."""

from __future__ import annotations

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


def parse_iso(text: str) -> float:
    """Seconds since the epoch of an ISO 8601 time; without an offset it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.timestamp()


def parse_go_time(text: str) -> float:
    """Seconds since the epoch of a time as Go prints it (C(2026-09-29 23:59:59 +0000 UTC)). Raises ValueError.

    Deployment profiles carry their expiration in this form (reported from live tenants).
    """
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z %Z").timestamp()
