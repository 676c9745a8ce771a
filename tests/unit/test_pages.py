# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages: every row is read, in few rounds, and at most one page is asked for in vain."""

from __future__ import annotations

import pytest

from ansible_collections.panw.airs.plugins.module_utils._service.pages import Pages

SIZE = 100


def read(rows: int, expected: int | None, *, says_next: bool = True, served: int = SIZE) -> list[list[int]]:
    """Read a list of that many rows and return the offsets asked for, a list for each round.

    C(says_next): the service gives next_offset while more rows remain; C(served): rows to a page that it gives at most.
    """
    pages = Pages(SIZE, expected)
    rounds, seen = [], set()
    while wanted := pages.wanted():
        rounds.append(wanted)
        for offset in wanted:
            count = max(0, min(served, rows - offset))
            seen |= set(range(offset, offset + count))
            more = says_next and offset + count < rows and count > 0
            pages.take(offset, count, offset + count if more else 0)
        assert len(rounds) < 200
    assert seen == set(range(rows))
    return rounds


@pytest.mark.parametrize("says_next", [True, False])
@pytest.mark.parametrize("expected", [None, 0, 1, 99, 100, 101, 250, 400, 1000, 10_000])
@pytest.mark.parametrize("rows", [0, 1, 99, 100, 101, 199, 200, 250, 299, 300, 301, 402, 750, 1000, 3456])
def test_all_rows_are_read_and_at_most_one_page_is_asked_for_in_vain(
    rows: int, expected: int | None, says_next: bool
) -> None:
    asked = [offset for each in read(rows, expected, says_next=says_next) for offset in each]
    assert len(asked) == len(set(asked))
    # Where the service has not said what follows (as with one full page), only an empty page tells the end.
    heard = says_next and rows != SIZE
    assert len(asked) <= max(1, -(-rows // SIZE)) + (1 if heard else 2)


@pytest.mark.parametrize("expected", [None, 0, 400, 1000])
def test_a_service_that_gives_shorter_pages_is_read_whole(expected: int | None) -> None:
    asked = [offset for each in read(705, expected, served=50) for offset in each]
    assert len(asked) <= 15 + 1


def test_without_an_expectation_pages_are_asked_for_one_by_one() -> None:
    assert read(250, None) == [[0], [100], [200]]


def test_a_tenant_as_expected_takes_two_rounds() -> None:
    assert read(400, 400) == [[0, 200], [100, 300, 400]]
    assert len(read(1000, 1000)) == 2


def test_a_tenant_that_has_three_quarters_of_what_is_expected_takes_two_rounds() -> None:
    assert len(read(750, 1000)) == 2


def test_one_page_that_is_expected_is_asked_for_alone() -> None:
    assert read(30, 60) == [[0]]


def test_an_empty_tenant_is_looked_at_twice_at_most() -> None:
    assert read(0, 10_000) == [[0, 7000]]
