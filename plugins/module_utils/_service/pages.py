# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pages of a list to ask for, and which of them together.

The service says of a page only whether another follows, never how many there are. Whoever knows about how many rows to
expect can ask for pages ahead: one that lies further on and turns out to be there proves all before it, and these can
be asked for together. At most one page is asked for in vain.
"""

from __future__ import annotations

#: How far into what is expected the first look ahead goes. Tenants often have less than a config names, seldom more.
_BOLDNESS = 0.7


class Pages:
    """The pages of one list, as far as they are known.

    Args:
        size: rows to a page that are asked for; the service may give fewer.
        expected: about how many rows there are; None to ask for a page only when it is known to be there.
    """

    def __init__(self, size: int, expected: int | None = None) -> None:
        self._step = size
        self._expected = expected or 0
        self._may_guess = expected is not None
        self._said = 0
        self._asked: set[int] = set()
        self._guessed: set[int] = set()
        self._certain = {0}
        self._end: int | None = None

    def wanted(self) -> list[int]:
        """Return the offsets to ask for next, all together; an empty list when nothing is left."""
        # An empty page ends a list, unless another has said that one further on is there.
        end = None if self._end is None or self._said > self._end else self._end
        wanted = {offset for offset in self._certain - self._asked if end is None or offset < end}
        if wanted and self._may_guess and self._end is None:
            wanted |= self._guess()
        self._asked |= wanted
        return sorted(wanted)

    def _guess(self) -> set[int]:
        """Return the one page that may be there, as far ahead as is promising."""
        known = max(self._certain)
        pages = -(-(self._expected - known) // self._step)
        if not self._asked and pages < 2:
            return set()  # one page is expected in all
        guess = known + max(1, int(_BOLDNESS * pages)) * self._step
        self._guessed.add(guess)
        return {guess}

    def take(self, offset: int, count: int, following: int) -> None:
        """Take in an answer. Those of one call of wanted() are taken in in the order of their offsets.

        Args:
            offset: of the page.
            count: rows on it.
            following: next_offset of the answer, 0 where it has none.
        """
        if not count and following <= offset:
            self._may_guess = False
            self._end = offset if self._end is None else min(self._end, offset)
            return
        if offset == 0 and following:
            # The service may give shorter pages than it was asked for.
            self._step = following
        if offset in self._guessed:
            self._certain |= set(range(0, offset, self._step))
        if following > offset:
            self._said = max(self._said, following)
            self._certain.add(following)
        elif count >= self._step and not self._said:
            # The service may be one that never says what follows: then only an empty page is the end.
            self._may_guess = False
            self._certain.add(offset + count)
        else:
            self._end = offset + count if self._end is None else min(self._end, offset + count)
