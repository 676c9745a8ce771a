# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sentences have in common: what a name may have meant, and the first few of many."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

#: How many names or sentences a message has at most, where nothing else is said; results have all.
MOST = 5


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three of the known names that resemble one, upper or lower case aside.

    Args:
        name: the name that is not known.
        known: all names that are.
    """
    by_folded = {one.casefold(): one for one in known}
    return [by_folded[match] for match in difflib.get_close_matches(name.casefold(), by_folded, n=3)]


def did_you_mean(names: Sequence[str]) -> str:
    """Return the question, without a capital, whether one of these names was meant; "" without names."""
    return f"did you mean {' or '.join(map(repr, names))}?" if names else ""


def some(parts: Sequence[str], most: int = MOST, separator: str = ", ") -> str:
    """Return the first parts, and how many more there are.

    Args:
        parts: names, or parts of a sentence.
        most: how many are told.
        separator: what stands between them.
    """
    told = separator.join(parts[:most])
    if len(parts) <= most:
        return told
    return f"{told}{separator.strip() if separator != ', ' else ''} and {len(parts) - most} more"
