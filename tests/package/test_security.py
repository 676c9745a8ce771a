# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SECURITY.md: every threat names a test, and the test is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def threats() -> list[tuple[str, str]]:
    """Return threat and test of each line of the table."""
    _before, table = (CHECKOUT / "SECURITY.md").read_text(encoding="utf-8").split("| --- | --- | --- |\n")
    rows = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table.strip().splitlines()]
    return [(threat, test) for threat, _measure, test in rows]


THREATS = threats()


def test_the_table_has_its_lines() -> None:
    assert len(THREATS) > 30
    assert len({threat for threat, _test in THREATS}) == len(THREATS)


@pytest.mark.parametrize(("threat", "test"), THREATS, ids=[threat for threat, _test in THREATS])
def test_the_test_of_a_threat_exists(threat: str, test: str) -> None:
    named = re.fullmatch(r"`(tests/\w+/test_\w+\.py)::(test_\w+)`", test)
    assert named, f"{threat}: {test} is no test"
    source = ast.parse((CHECKOUT / named[1]).read_text(encoding="utf-8"))
    assert named[2] in [statement.name for statement in source.body if isinstance(statement, ast.FunctionDef)]
