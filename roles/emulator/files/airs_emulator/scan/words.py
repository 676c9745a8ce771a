# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a text that say what it is about."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]{3,}")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "es", "ed", "s", "y")
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        about above after again all also and any anything are ask asking asks because been before being below
        between both but can conversation conversations could contain containing content contents describe did
        discuss discussing discussion does doing don down during each example examples explain few for from
        further get give had has have having her here him his how inquiries inquiry into its just like make
        may mention mentions might more most much must need not now off once only other our out over own
        please prompt prompts provide question questions regarding relate related request requests response
        responses same shall she should show some something such tell than that the their them then there
        these they thing things this those through too topic topics under until use user users very via want
        was were what when where which while who whom why will with would write you your
        """,
    )
)


def content_words(text: str) -> set[str]:
    """The words of C(text) without those that any text has, each cut to a stem."""
    return {_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
