# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of HTML, for tests that look at one."""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    """A page as a browser sees it: its elements and its text. Elements that are not closed in order are an error.

    Args:
        source: the page, or the file that has it.
    """

    VOID = ("meta", "br", "img", "link", "input")

    def __init__(self, source: Path | str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        #: The texts of each row of tables and of each item of lists.
        self.rows: list[list[str]] = []
        #: Style and script, as they are.
        self.code: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(source if isinstance(source, str) else source.read_text(encoding="utf-8"))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)
        if tag in ("tr", "li"):
            self.rows.append([])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("style", "script"):
            self.code[self._open[-1]] = self.code.get(self._open[-1], "") + data
        elif data.strip():
            self.texts.append(data.strip())
            if {"tr", "li"} & set(self._open):
                self.rows[-1].append(data.strip())

    @property
    def text(self) -> str:
        """All of the text, on one line."""
        return " ".join(" ".join(self.texts).split())

    @property
    def policy(self) -> dict[str, str]:
        """What the page says that a browser may load and run."""
        (policy,) = [attributes["content"] or "" for _name, attributes in self.elements if "http-equiv" in attributes]
        return {name: value for name, _space, value in (part.strip().partition(" ") for part in policy.split(";"))}

    def digest(self, element: str) -> str:
        """How a policy names the style or the script of this page."""
        return f"'sha256-{base64.b64encode(hashlib.sha256(self.code[element].encode()).digest()).decode()}'"

    def attributes(self, name: str) -> list[str]:
        """The values of an attribute, in the order of the elements."""
        return [attributes[name] or "" for _element, attributes in self.elements if name in attributes]

    def row(self, *beginning: str) -> list[str]:
        """The row that begins with these texts."""
        (found,) = [row for row in self.rows if tuple(row[: len(beginning)]) == beginning]
        return found
