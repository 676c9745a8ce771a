# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each kind of objects contributes to a report about a tenant, so that the report only loops over the kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._service.resource import Resource, Row


@dataclass(frozen=True)
class Held:
    """What a tenant holds, and what is to be known about it besides.

    Args:
        described: the objects of each kind, by plural, with what their kind says of them.
        application_profiles: security profiles of applications where the service does not tell, by application.
        keys_soon: API keys with fewer days left expire soon; None for 30 days or a third of a key's life.
    """

    described: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    application_profiles: Mapping[str, str] = field(default_factory=dict)
    keys_soon: int | None = None

    def rows(self, resource: Resource) -> Sequence[Row]:
        """Return the objects of a kind."""
        return self.described.get(resource.plural, ())


@dataclass(frozen=True)
class Section:
    """What a report says of one kind.

    Args:
        parts: members of the report.
        counts: members of its summary.
    """

    parts: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


def by_name(rows: Iterable[Row], name_field: str) -> list[Row]:
    """Return rows in the order of their names, as people look for them: upper or lower case aside."""
    return sorted(rows, key=lambda row: (str(row.get(name_field)).lower(), str(row.get(name_field))))
