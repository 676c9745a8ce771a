# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A human-readable plan: as text, and as Markdown for a pull request. Weakened and deleted objects come first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .._common.wording import one_line
from .summary import (
    PLAIN,
    REPLACED,
    Style,
    below_baseline,
    changes,
    counts,
    creations,
    deletions,
    replacements,
    section,
    weakenings,
)

#: What files of a plan have in their first line, and the document of a plan as its format.
FORMAT = "panw.airs plan"
#: Longest Markdown, in characters: a comment on GitHub takes 65,536. Of longer plans each section is cut.
_LONGEST = 60_000
_MOST_LINES = (1000, 200, 50, 10)

Document = Mapping[str, Any]


def code(text: str) -> str:
    """Return a text as a code span, in which Markdown has no markup, no HTML and no mention of anybody."""
    line = one_line(text)
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    pad = " " if not line.strip() or line[0] in " `" or line[-1] in " `" else ""
    return f"{fence}{pad}{line}{pad}{fence}"


_MARKDOWN = Style(name=code, word=code)


def text_of(made: Document) -> str:
    """Return a plan as text for a terminal or a mail, with all that it does."""
    rows = _rows(made)
    lines = [f"{FORMAT} of {one_line(made['made'])} for tenant {one_line(made['tsg_id'])}"]
    for heading, found in _sections(made, PLAIN):
        lines += ["", *section(f"{heading}:", found, most=len(found))]
    return "\n".join([*lines, "", *_counts(rows), "", f"digest {made['digest']}", ""])


def markdown(made: Document) -> str:
    """Return a plan as Markdown, short enough for a comment."""
    for most in _MOST_LINES:
        text = _markdown(made, most)
        if len(text) <= _LONGEST:
            return text
    # Whole lines: half a code span is none.
    return f"{text[:_LONGEST].rpartition(chr(10))[0]}\n\nThis list is incomplete, see the plan.\n"


def _markdown(made: Document, most: int) -> str:
    rows = _rows(made)
    lines = [f"<!-- {FORMAT} -->", f"### Plan for tenant {code(made['tsg_id'])}"]
    for heading, found in _sections(made, _MARKDOWN):
        more = [f"- and {len(found) - most} more, see the plan"] if len(found) > most else []
        lines += ["", f"**{heading}**", "", *(f"- {line}" for line in found[:most]), *more]
    lines += ["", "**Summary**", "", *(f"- {line}" for line in _counts(rows))]
    return "\n".join([*lines, "", f"Created {code(made['made'])}, digest {code(made['digest'])}", ""])


def _sections(made: Document, style: Style) -> list[tuple[str, list[str]]]:
    rows = _rows(made)
    parts = (
        ("Weaker protection", weakenings(rows, style)),
        (REPLACED, replacements(rows, style)),
        ("Below the baseline", below_baseline(rows, style)),
        ("To be deleted", deletions(rows, style)),
        ("To be updated", changes(rows, style)),
        ("To be created", creations(rows, style)),
        ("Warnings", map(style.word, made["warnings"])),
    )
    return [(heading, found) for heading, lines in parts if (found := list(lines))]


def _rows(made: Document) -> list[Mapping[str, Any]]:
    return [*made["changes"], *made["unchanged"]]


def _counts(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return counts(rows, planned=True) or ["No changes"]
