# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disturbances that a test orders: errors, lost answers, delays, broken bodies."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .http import JsonObject

HttpStatus = Annotated[int, Field(ge=200, le=599)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Status(_Strict):
    """Answer with a status: C(status) instead of processing the request, C(status_after) after doing so."""

    kind: Literal["status", "status_after"]
    status: HttpStatus
    body: Any = None
    headers: dict[str, str] = {}


class Drop(_Strict):
    """Close the connection without an answer, before (C(drop)) or after (C(drop_after)) processing the request."""

    kind: Literal["drop", "drop_after"]


class Latency(_Strict):
    """Process the request after a pause of C(seconds)."""

    kind: Literal["latency"]
    seconds: Annotated[float, Field(ge=0, le=3600)]


class Truncate(_Strict):
    """Send half of the true body; C(content_length) says so, or promises the whole, which never comes."""

    kind: Literal["truncate"]
    content_length: Literal["cut", "full"] = "cut"


class Html(_Strict):
    """Answer 200 with a web page, as a proxy or a login wall does."""

    kind: Literal["html"]


class ExpireTokens(_Strict):
    """Make all access tokens issued so far invalid, then go on: the token expires in the middle of a run."""

    kind: Literal["expire_tokens"]


Action = Annotated[Status | Drop | Latency | Truncate | Html | ExpireTokens, Field(discriminator="kind")]


class Fault(_Strict):
    """What to do to which requests: the first C(skip) matching ones pass, the next C(times) (None: all) suffer."""

    method: str | None = None
    path: str = "*"
    times: Annotated[int, Field(ge=1)] | None = 1
    skip: Annotated[int, Field(ge=0)] = 0
    action: Action

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is meant. C(path) is a shell pattern in which C(*) also matches a slash."""
        return (self.method is None or self.method.upper() == method) and fnmatchcase(path, self.path)


@dataclass
class _Armed:
    identifier: int
    fault: Fault
    seen: int = 0
    hits: int = 0

    @property
    def spent(self) -> bool:
        return self.fault.times is not None and self.hits >= self.fault.times


@dataclass
class Faults:
    """The faults in the order in which they were set. A request suffers the first that applies, and no other."""

    _armed: list[_Armed] = field(default_factory=list)

    def add(self, fault: Fault) -> int:
        """Set a fault and return its number."""
        identifier = self._armed[-1].identifier + 1 if self._armed else 1
        self._armed.append(_Armed(identifier, fault))
        return identifier

    def take(self, method: str, path: str) -> Action | None:
        """The fault that this request suffers, if any; it is counted."""
        for armed in self._armed:
            if armed.spent or not armed.fault.matches(method, path):
                continue
            armed.seen += 1
            if armed.seen > armed.fault.skip:
                armed.hits += 1
                return armed.fault.action
        return None

    def clear(self) -> None:
        """Remove all faults."""
        self._armed.clear()

    def as_json(self) -> list[JsonObject]:
        """The faults with their numbers and hits."""
        return [{"id": armed.identifier, "hits": armed.hits, **armed.fault.model_dump()} for armed in self._armed]
