# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are taken out of results, wherever they are."""

from __future__ import annotations

import pytest

from ansible_collections.panw.airs.plugins.module_utils._engine.masking import ASKED_FOR, PART, WHOLE, remove_values


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


@pytest.mark.parametrize(
    "secret", ['a "quoted" one', "back\\slash", "two\nlines", "\u00fcml\u00e4ut", "\U0001f511", "\udcff", "4711"]
)
def test_a_secret_of_any_signs_is_found(secret: str) -> None:
    result = {"text": f"<{secret}>", f"key {secret}": [{f"{secret}"}], "numbers": (14711.5, None, True)}
    masked = remove_values(result, [secret])
    assert secret not in repr(masked)
    assert masked["text"] == f"<{PART}>"
    assert masked[f"key {PART}"] == [[WHOLE]]


def test_what_was_asked_for_stays() -> None:
    result = {"bot_secret": "s3cret", "rows": [{"auth_code": "s3cret", "name": "s3cret"}], "secret": "s3cret"}
    kept = {"bot_secret": "s3cret", "rows": [{"auth_code": "s3cret", "name": WHOLE}], "secret": WHOLE}
    assert remove_values(result, ["s3cret"], ASKED_FOR) == kept


def test_an_empty_secret_masks_nothing() -> None:
    assert remove_values({"msg": "all is well"}, [""]) == {"msg": "all is well"}
