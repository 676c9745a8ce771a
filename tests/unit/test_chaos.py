# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What C(make chaos) counts is told, and nothing that was lost passes. (The kills themselves are no test.)"""

from __future__ import annotations

import pytest
from chaos.report import FATAL, MISSED, YOUNG, Tally, report


def counted(what: str, kills: int = 100) -> Tally:
    """A tally of so many kills in which something was found once."""
    tally = Tally("ATenant", kills)
    tally.note(what, ["key-001"], "after 1 s")
    return tally


@pytest.mark.parametrize("what", FATAL)
def test_whatever_is_lost_is_a_failure_and_can_be_found_again(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert report([Tally("AnExport", 50), counted(what, 50)], 100) == 1
    told = capsys.readouterr().out
    assert f"ATenant, killed after 1 s: {what}: key-001" in told
    assert f"   1 {what}\n" in told


@pytest.mark.parametrize("what", [YOUNG, MISSED])
def test_what_cannot_be_helped_is_told(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert report([counted(what)], 100) == 0
    assert f"   1 {what}\n" in capsys.readouterr().out


def test_fewer_kills_than_wanted_prove_nothing() -> None:
    assert report([Tally("ATenant", 99)], 100) == 2
