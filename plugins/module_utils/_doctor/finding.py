# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check finds, and what the checks share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from .._common.errors import foreseen
from .._common.wording import one_line
from .._engine.session import Session
from .._engine.task import Task
from .._service.resource import Row
from .._service.transport import shortened

#: Most characters of a finding, whatever names a tenant has.
_MOST_SIGNS = 1000

Status = Literal["ok", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Args:
        status: whether something must be done.
        found: what is so, a sentence without its full stop.
        advice: what to do, a sentence; "" for nothing.
    """

    status: Status
    found: str
    advice: str = ""

    @classmethod
    def of(cls, error: Exception) -> Finding:
        """Return what was raised as a finding."""
        seen = foreseen(error)
        advice = one_line(seen.hint or "")
        return cls("error", seen.message.removesuffix(advice).strip(" ."), advice)

    def told(self, check: str) -> dict[str, str]:
        """Return the finding as results have it."""
        found = shortened(one_line(self.found), _MOST_SIGNS)
        return {"check": check, "status": self.status, "found": found, "advice": one_line(self.advice)}


@dataclass
class Examination:
    """What the checks share.

    Args:
        task: the options, and where the checks run.
        wrong: the checks that have found an error.
        skews: how many seconds each host is ahead of this machine.
        session: asks the service, once there is an access token.
        tenants: what the access token is for, as far as the service says so.
        rows: what was listed, by kind.
    """

    task: Task
    wrong: set[str] = field(default_factory=set)
    skews: dict[str, float] = field(default_factory=dict)
    session: Session | None = None
    tenants: tuple[str, ...] = ()
    rows: dict[str, list[Row]] = field(default_factory=dict)


#: One that yields nothing could not check anything.
Check = Callable[[Examination], Iterable[Finding]]
