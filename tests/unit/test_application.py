# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of airs_application that need no service."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.filter.names import names as filtered
from ansible_collections.panw.airs.plugins.module_utils._engine.options import names_in


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (None, []),
        ("", []),
        ("one, two words\r\nthree\n,one", ["one", "two words", "three"]),
        (7, ["7"]),
        (["a,b", 7, " ", "a,b"], ["a,b", "7"]),
    ],
)
def test_names_come_as_a_list_or_as_text_from_a_form(given: Any, names: list[str]) -> None:
    assert names_in(given) == filtered(given) == names
