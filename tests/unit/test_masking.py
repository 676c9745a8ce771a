# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are taken out of results, wherever they are."""

from __future__ import annotations

from ansible_collections.panw.airs.plugins.module_utils._engine.masking import PART, WHOLE, remove_values


def test_a_secret_is_taken_out_however_deep_it_is() -> None:
    result = {"msg": "refused s3cret.", "rows": [{"code": "s3cret", "kept": 7}], "number": 4711, "flag": True}
    assert remove_values(result, ["s3cret", "4711"]) == {
        "msg": f"refused {PART}.",
        "rows": [{"code": WHOLE, "kept": 7}],
        "number": WHOLE,
        "flag": True,
    }


def test_of_a_secret_that_holds_another_nothing_is_left() -> None:
    assert remove_values("token abc-def", ["abc", "abc-def"]) == f"token {PART}"


def test_an_empty_secret_masks_nothing() -> None:
    assert remove_values({"msg": "all is well"}, [""]) == {"msg": "all is well"}
