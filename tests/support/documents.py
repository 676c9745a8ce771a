# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader of a README or a guide does, block by block: save files, type commands, run tasks."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs/docsite/rst").glob("*.rst"))
READMES = [ROOT / "README.md", *sorted((ROOT / "roles").glob("*/README.md"))]
#: All documents whose blocks are for users.
DOCUMENTS = [*READMES, *sorted((ROOT / "examples").glob("*/README.md")), *GUIDES]

_IN_MARKDOWN = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_IN_RST = re.compile(
    r"^( *)(?:\.\. code-block::(?: ([\w+]+))?|(?!\.\.).*::)\n(?:\1 +:\w+:.*\n)*\n((?:\1 +.*\n|\n)+)", re.MULTILINE
)
_SAVED_AS = re.compile(r"\b[Ss]ave\b[^.]*?\bas\s+(`+)([\w./-]+)\1")
_NAMED_IN_ITSELF = re.compile(r"# ([\w-]+\.ya?ml)\n")


@dataclass(frozen=True)
class Block:
    """A block of code in a document.

    Args:
        source: the document, relative to the checkout.
        language: what its markup says it is; empty for none.
        text: what it shows.
        file: the name under which the reader saves it, by the paragraph before or its first line.
    """

    source: str
    language: str
    text: str
    file: str | None

    @property
    def title(self) -> str:
        """Its first line, which tells the blocks of a document apart."""
        return next(line.strip() for line in self.text.splitlines() if line.strip() not in ("", "---"))

    def data(self) -> Any:
        """Return what it says in YAML; None for another language."""
        return yaml.safe_load(self.text) if self.language.partition("+")[0] == "yaml" else None


@dataclass(frozen=True)
class Command:
    """A command with the lines that it prints, as far as the document shows them."""

    text: str
    output: tuple[str, ...]


def blocks(path: Path) -> list[Block]:
    """Return all blocks of code of a document, in its order."""
    text = path.read_text(encoding="utf-8")
    found = []
    if path.suffix == ".rst":
        for match in _IN_RST.finditer(text):
            found.append((match.start(), match[2] or "", textwrap.dedent(match[3]).strip("\n") + "\n"))
    else:
        found = [(match.start(), match[1], match[2]) for match in _IN_MARKDOWN.finditer(text)]
    return [
        Block(str(path.relative_to(ROOT)), language, code, _file(text[:start], code)) for start, language, code in found
    ]


def _file(before: str, code: str) -> str | None:
    paragraph = before.rstrip().rpartition("\n\n")[2]
    saved = _SAVED_AS.search(paragraph)
    named = _NAMED_IN_ITSELF.match(code)
    return saved[2] if saved else named[1] if named else None


def commands(block: Block) -> Iterator[Command]:
    """Yield the commands of a block, each of which begins with a dollar sign; none of what is not C(console).

    Raises:
        ValueError: if it begins with something else.
    """
    for part in re.split(r"^(?=\$ )", block.text, flags=re.MULTILINE):
        if part and block.language == "console":
            command, *output = part.removeprefix("$ ").splitlines()
            if not part.startswith("$ "):
                raise ValueError(f"{block.source}: {command!r} is no command; commands begin with $")
            yield Command(command, tuple(line for line in output if line.strip()))
