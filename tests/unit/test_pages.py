# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages: every row is read, in few rounds, and no page is asked for in vain without need."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.panw.airs.plugins.module_utils._service.pages import Pages

SIZE = 100


def read(
    rows: int, expected: int | None, *, says_next: bool = True, served: int = SIZE, cuts: Iterable[int] = ()
) -> list[list[int]]:
    """Read a list of that many rows and return the offsets asked for, a list for each round.

    C(says_next): the service gives next_offset while more rows remain; C(served): rows to a page that it gives at most;
    C(cuts): rows that no page goes beyond.
    """
    pages = Pages(SIZE, expected)
    rounds: list[list[int]] = []
    seen: set[int] = set()
    while wanted := pages.wanted():
        rounds.append(wanted)
        for offset in wanted:
            count = max(0, min(served, rows - offset, *(cut - offset for cut in cuts if cut > offset)))
            more = says_next and offset + count < rows and count > 0
            if pages.take(offset, count, offset + count if more else 0):
                page = set(range(offset, offset + count))
                assert cuts or not page & seen
                seen |= page
        assert len(rounds) < 200
    assert seen == set(range(rows))
    return rounds


@pytest.mark.parametrize("says_next", [True, False])
@pytest.mark.parametrize("expected", [None, 0, 1, 99, 100, 101, 250, 400, 1000, 10_000])
@pytest.mark.parametrize("rows", [0, 1, 99, 100, 101, 199, 200, 250, 299, 300, 301, 402, 750, 1000, 3456])
def test_all_rows_are_read_and_pages_in_vain_are_those_that_were_expected(
    rows: int, expected: int | None, says_next: bool
) -> None:
    asked = [offset for each in read(rows, expected, says_next=says_next) for offset in each]
    assert len(asked) == len(set(asked))
    # Where the service has not said what follows (as with one full page), only an empty page tells the end.
    heard = says_next and rows != SIZE
    pages, expected_pages = (max(1, -(-number // SIZE)) for number in (rows, expected or 0))
    assert len(asked) <= max(pages + (1 if heard else 2), expected_pages)


@pytest.mark.parametrize("served", [50, 40, 7])
@pytest.mark.parametrize("expected", [None, 0, 400, 1000])
def test_a_service_that_gives_shorter_pages_is_read_whole(expected: int | None, served: int) -> None:
    asked = [offset for each in read(705, expected, served=served) for offset in each]
    assert len(asked) <= -(-705 // served) + max(1, (expected or 0) // SIZE)


def test_without_an_expectation_pages_are_asked_for_one_by_one() -> None:
    assert read(250, None) == [[0], [100], [200]]


def test_a_tenant_as_expected_takes_one_round() -> None:
    assert read(400, 400) == [[0, 100, 200, 300]]
    assert len(read(1000, 1000)) == 1


def test_a_tenant_that_has_less_than_is_expected_takes_one_round() -> None:
    assert len(read(750, 1000)) == 1
    assert len(read(0, 10_000)) == 1


def test_one_page_that_is_expected_is_asked_for_alone() -> None:
    assert read(30, 60) == [[0]]


@given(st.integers(0, 900), st.integers(0, 900) | st.none(), st.sets(st.integers(1, 900), max_size=4))
def test_pages_of_any_length_are_read_whole(rows: int, expected: int | None, cuts: set[int]) -> None:
    assert read(rows, expected, cuts=cuts)
