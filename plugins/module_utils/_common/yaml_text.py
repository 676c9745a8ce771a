# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write plain data as readable YAML that yamllint and ansible-lint accept.

The fast emitter of PyYAML neither indents lists nor respects the maximum line length. Every parser of YAML 1.1 or 1.2
reads the same data from this text, whatever characters it contains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .wording import REORDERING

#: Longest line, in characters, as yamllint has it by default.
WIDTH = 80
#: The least that a line has room for, however deep it is.
_LEAST = 20
#: Longest key on one line with its value; YAML wants less than 1024 characters.
_LONGEST_KEY = 1000
#: What is no text where it stands without quotes, in whatever version of YAML. Numbers and dates begin with no letter.
_WORDS = frozenset(("y", "n", "yes", "no", "true", "false", "on", "off", "null"))
#: What needs no quotes: a letter, then nothing that means something to YAML, such as ": " or " #"; no blank at the end.
_PLAIN = re.compile(r"[^\W\d_](?:[\w ./()'&@+;=!?,*-]*[\w./()'&@+;=!?,*-])?")
#: What has to be escaped: what YAML takes for no character, for a line break or for a mark, and what eyes cannot see.
_ESCAPED = re.compile(
    "[\\x00-\\x1f\\x7f-\\xa0\\xad\\u200b-\\u200d\\u2028\\u2029\\u2060\\ufeff\\ufff9-\\uffff\\ud800-\\udfff]"
    f"|{REORDERING.pattern}"
)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
#: A blank at which a folded text may be broken: the only one between two words.
_BREAK = re.compile("(?<=[^ ]) (?=[^ ])")


def dump_yaml(document: Mapping[str, Any]) -> str:
    """Return a document as YAML text in the order of its keys.

    Args:
        document: parsed JSON.
    """
    return "".join(f"{line}\n" for line in ["---", *_lines("", document, 0)])


def _lines(lead: str, value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of a value.

    Args:
        lead: what stands before it: "" for the whole document, a key with its colon, or the dash of an entry.
        value: the value.
        indent: column of what is below it, in characters.
    """
    if value and isinstance(value, (Mapping, list)):
        # What is in an entry begins on the line of its dash.
        beside = lead.endswith("-")
        if lead and not beside:
            yield lead
        for index, part in enumerate(value.items() if isinstance(value, Mapping) else value):
            start = f"{lead} " if beside and index == 0 else " " * indent
            if isinstance(value, Mapping):
                yield from _pair(start, str(part[0]), part[1], indent)
            else:
                yield from _lines(f"{start}-", part, indent + 2)
    elif isinstance(value, str):
        yield from _text(lead, value, indent)
    else:
        yield from _short(lead, _literal(value), indent)


def _pair(start: str, key: str, value: Any, indent: int) -> Iterator[str]:
    written = key if _is_plain(key) else _quoted(key)
    if len(written) <= min(_LONGEST_KEY, WIDTH - len(start) - 1):
        yield from _lines(f"{start}{written}:", value, indent + 2)
    else:
        yield from _folded_quotes(f"{start}?", key, indent + 2)
        yield from _lines(f"{' ' * indent}:", value, indent + 2)


def _literal(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        text = repr(value)
        # YAML wants a point and a sign.
        return text.replace("e", ".0e") if "e" in text and "." not in text else text
    return "{}" if isinstance(value, Mapping) else "[]" if isinstance(value, list) else str(value)


def _short(lead: str, text: str, indent: int) -> Iterator[str]:
    """Yield what cannot be folded: beside its key, or below it where that is too long."""
    if len(lead) + 1 + len(text) <= WIDTH:
        yield f"{lead} {text}" if lead else text
    else:
        yield lead
        yield " " * indent + text


# --- texts -----------------------------------------------------------------------------------------------------------


def _text(lead: str, text: str, indent: int) -> Iterator[str]:
    room = max(_LEAST, WIDTH - indent)
    written = text if _is_plain(text) else _quoted(text)
    if len(lead) + 1 + len(written) <= WIDTH and "\n" not in text:
        yield f"{lead} {written}"
        return
    block = _block(text, room) if len(lead) + 4 <= WIDTH else None
    if block is None:
        yield from _folded_quotes(lead, text, indent)
        return
    mark, lines = block
    yield f"{lead} {mark}"
    yield from (" " * indent + line if line else "" for line in lines)


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and text.casefold() not in _WORDS and not _ESCAPED.search(text)


def _quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(sign: str) -> str:
    if sign in _SHORT:
        return _SHORT[sign]
    if not _ESCAPED.match(sign):
        return sign
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def _block(text: str, room: int) -> tuple[str, list[str]] | None:
    """Return how a text is marked and its lines, where it can be written without quotes and escapes; else None."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if body != body.strip("\n ") or not body or any(_ESCAPED.search(line) for line in lines):
        return None
    mark = "|" if len(lines) > 1 else ">"
    if mark == ">":
        lines = _folded(body, room)
    # yamllint takes no blanks at the end of a line, and no more than two empty lines.
    if "\n\n\n\n" in body or any(line != line.rstrip(" ") or len(line) > room for line in lines):
        return None
    return (mark if text.endswith("\n") else f"{mark}-"), lines


def _folded(text: str, room: int) -> list[str]:
    """Return a line of a text as several, broken at blanks between words."""
    lines: list[str] = []
    for part in _BREAK.split(text):
        if lines and len(lines[-1]) + 1 + len(part) <= room:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return lines


def _folded_quotes(lead: str, text: str, indent: int) -> Iterator[str]:
    """Yield a text in double quotes on several lines, where a backslash keeps what is around a break."""
    line, room = f'{lead} "', WIDTH - 1
    if len(line) > room - _LEAST:
        yield lead
        line = " " * indent + '"'
    room = max(room, indent + _LEAST)
    begin = len(line)
    for sign in map(_escaped, text):
        if len(line) + len(sign) > room:
            # After a blank, if there is one on this line.
            at = line.rfind(" ", begin) + 1 or len(line)
            line, rest = line[:at], line[at:]
            yield f"{line}\\"
            line = " " * indent
            begin = len(line)
            line += rest
        # A blank at the beginning of a line would be lost.
        line += "\\ " if sign == " " and len(line) == begin else sign
    yield f'{line}"'
