# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pages of a list to ask for, and which of them together.

The service says of a page only whether another follows, never how many there are. Whoever knows how many rows to expect
can ask for all their pages together, and later for one page further than is known. Pages are asked for in vain only
where rows are missing: one for each hundred that are to be created.
"""

from __future__ import annotations


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
        """Return the pages that may be there besides: at first all that are expected, then one further on."""
        if not self._asked:
            return set(range(self._step, self._expected, self._step))
        return {max(self._certain) + self._step} - self._asked

    def take(self, offset: int, count: int, following: int) -> bool:
        """Take in an answer. Those of one call of wanted() are taken in in the order of their offsets.

        Args:
            offset: of the page.
            count: rows on it.
            following: next_offset of the answer, 0 where it has none.

        Returns:
            Whether it is a page: one that was guessed may begin within one, where the service gives shorter ones.
        """
        guessed = offset not in self._certain
        if guessed and offset % self._step:
            self._asked.remove(offset)
            return False
        if not count and following <= offset:
            self._may_guess = False
            self._end = offset if self._end is None else min(self._end, offset)
            return True
        if offset == 0 and following:
            # The service may give shorter pages than it was asked for.
            self._step = following
        if guessed:
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
        return True
