# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers for messages: safe to print on a terminal, with suggestions for misspelled names, and with shortened lists.

A name, or a text from the service, can contain anything. Data is never modified. A message is for people, and is passed
through one_line() or printable() where it is created: errors, warnings, results for people, and titles of objects.
"""

from __future__ import annotations

import contextlib
import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

#: How many names or sentences a message has at most, where nothing else is said; results have all.
MOST = 5

#: What ends a line, somewhere.
_BREAKS = re.compile("[\\t-\\r\\x85\\u2028\\u2029]+")
#: What shows a text in another order than it has: bidirectional marks, embeddings, overrides, isolates.
REORDERING = re.compile("[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")
#: This, what a terminal takes for a command (C0, DEL, C1), and halves of characters, which cannot be shown at all.
_UNPRINTABLE = re.compile(f"[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]|{REORDERING.pattern}")


def one_line(text: str) -> str:
    """Return a text as sentences may have it: on one line, with escapes in the place of what is not for a terminal."""
    return _UNPRINTABLE.sub(escape, _BREAKS.sub(" ", text))


def printable(text: str) -> str:
    """Return a text of several lines, which line feeds divide, as one_line() makes each of them."""
    return "\n".join(map(one_line, text.split("\n")))


def told(sentences: Iterable[str]) -> list[str]:
    """Return sentences for the user as they are shown: each once, on one line."""
    return list(dict.fromkeys(map(one_line, sentences)))


def escape(found: re.Match[str]) -> str:
    """Return the escape of what was found, as Python and YAML have it."""
    return found.group().encode("unicode_escape").decode("ascii")


#: How this task calls options, where it does not call them by their names.
_called: dict[str, str] = {}


@contextlib.contextmanager
def calling(names: Mapping[str, str]) -> Iterator[None]:
    """Let sentences call options as those do who set them: the variables of a role, say.

    Args:
        names: what options are called, by their names. It is for this whole process, which is that of one task.
    """
    before = dict(_called)
    _called.update(names)
    try:
        yield
    finally:
        _called.clear()
        _called.update(before)


def called(option: str) -> str:
    """Return how a sentence calls an option, so that whoever has set it knows it."""
    return _called.get(option, option)


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three of the known names that resemble one, upper or lower case aside.

    Args:
        name: the name that is not known.
        known: all names that are.
    """
    by_folded = {one.casefold(): one for one in known}
    return [by_folded[match] for match in difflib.get_close_matches(name.casefold(), by_folded, n=3)]


def looks(name: str) -> str:
    """Return what is left of a name without what eyes miss: case, blanks around it or doubled, forms of characters."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def did_you_mean(names: Sequence[str]) -> str:
    """Return the question, without a capital, whether one of these names was meant; "" without names."""
    return f"did you mean {' or '.join(map(repr, names))}?" if names else ""


def some(parts: Sequence[str], most: int = MOST, separator: str = ", ") -> str:
    """Return the first parts, and how many more there are.

    Args:
        parts: names, or parts of a sentence.
        most: how many are told.
        separator: what stands between them.
    """
    told = separator.join(parts[:most])
    if len(parts) <= most:
        return told
    return f"{told}{separator.strip() if separator != ', ' else ''} and {len(parts) - most} more"
