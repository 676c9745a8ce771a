# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that an attacker would give to objects of a tenant, and a look for what they must not do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .emulator import ACCOUNT

#: A file that some names would make, where they run.
CANARY = "pwnd"
#: What is evaluated somewhere: by Jinja, a shell, YAML, a page. (Names of keys have 31 characters at most.)
EVALUATED = (
    f"{{{{lookup('pipe','touch {CANARY}')}}}}",
    f"$(touch {CANARY})",
    f"`touch {CANARY}`",
    f"; touch {CANARY} #",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{% for x in y %}",
    "{# comment",
    f'!unsafe "touch {CANARY}"',
    "[1]",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
)
#: What leads elsewhere in a path, or stands for something in one.
LEADING = ("$PANW_CLIENT_SECRET", "../up", "a/b", "a_b", "${PANW_CLIENT_SECRET}", "../../x", "~root", ".hidden", "-rf")
#: What a terminal obeys, or shows in another order; and breaks of lines.
SHOWN = (
    "title \x1b]0;pwned\x07",
    "colour \x1b[31m",
    "c1 \x9b31m",
    "delete \x7f",
    "override \u202egpj",
    "isolate \u2066x",
    "mark \u200fx",
    "next line \x85x",
    "separator \u2028x\u2029y",
    "line\nbreak",
    "return\rx",
)
NAMES = (*EVALUATED, *LEADING, *SHOWN)
#: Two that are all of it, for what is too slow to do for each.
WORST = (EVALUATED[0].replace("'", '"'), "$HOME/../{{1}}\x1b]0;p\x07\x9bm\u202e\u2028\nx")

_RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
#: Members of results that are sentences, wherever they are.
_SENTENCES = {"msg", "message", "error", "title", "warnings", "unmet", "not_undone", "before_header", "after_header"}


def raw(text: str) -> list[str]:
    """The lines of a text that have what no terminal may get, as Python writes them."""
    return [ascii(line) for line in text.split("\n") if _RAW.search(line)]


def raw_sentences(result: Any, *, within: bool = False) -> Iterator[str]:
    """Yield the sentences of a result that have it."""
    if isinstance(result, Mapping):
        for name, value in result.items():
            yield from raw_sentences(value, within=name in _SENTENCES)
    elif isinstance(result, list):
        for value in result:
            yield from raw_sentences(value, within=within)
    elif within and isinstance(result, str):
        yield from raw(result)


def harm(folder: Path) -> list[str]:
    """What hostile names have done in a folder: the canary, and files whose name or text has the client secret."""
    secret = ACCOUNT.client_secret
    return [
        str(path)
        for path in folder.rglob("*")
        if path.name == CANARY or secret in path.name or (path.is_file() and secret.encode() in path.read_bytes())
    ]
