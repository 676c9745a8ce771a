# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of what the collection shows, as SVG: text of a terminal, and pages. A browser is not needed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO
from xml.etree import ElementTree

from rich.console import Console
from rich.text import Text

from .documents import ROOT

PICTURES = ROOT / "docs" / "pictures"
_HEADER = """\
<!-- Copyright (c) 2026, the panw.airs contributors -->
<!-- GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt) -->
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Created by make pictures; do not edit. -->
<title>{title}</title>
"""
#: How Ansible colors its lines, and what the pictures add: commands and the summary.
_STYLES = {
    r"^\$ .*$": "bold white",
    r"^(?:PLAY|TASK) \[.*?\]": "bold",
    r"^changed:.*$": "yellow",
    r"\bchanged=[1-9]\d*": "yellow",
    r"\bchanged=0\b": "bold green",
    r"^ *(?:First run|Second run) .*$": "bold cyan",
}
#: The frame of Rich without its fonts from the web, which a picture in a page cannot load.
_TERMINAL = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" width="{width}" xmlns="http://www.w3.org/2000/svg" role="img">
<style>
.{unique_id}-matrix {{ font: {char_height}px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
_NAMESPACES = {"body": "http://www.w3.org/1999/xhtml", "svg": "http://www.w3.org/2000/svg"}
#: Rules of a style for some windows only, or for printers.
_FOR_WINDOWS = re.compile(r"@media (?!\(prefers-color-scheme)[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}\n?")
#: Attributes that the parser of HTML writes in lower case.
_NAMES = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}
_VOID = ("meta", "br", "img", "link", "input", "hr")


def terminal(text: str, title: str) -> str:
    """Return a picture of a terminal that shows a text.

    Args:
        text: its lines, of which none is longer than 88 characters.
        title: what the picture shows, for those who do not see it.
    """
    console = Console(width=88, record=True, file=StringIO(), force_terminal=True, color_system="truecolor")
    for line in text.splitlines():
        shown = Text(line)
        for pattern, style in _STYLES.items():
            shown.highlight_regex(pattern, style)
        console.print(shown, no_wrap=True, crop=True)
    picture = console.export_svg(title="panw.airs", code_format=_TERMINAL, unique_id="terminal")
    return _titled(picture, title)


def page(source: str, title: str, width: int, height: int) -> str:
    """Return a picture of a page of HTML whose style is its own, as a browser shows the upper part of it.

    Args:
        source: the page.
        title: what the picture shows, for those who do not see it.
        width: of the window, in pixels.
        height: of the picture, in pixels.
    """
    rewriter = _Xhtml()
    rewriter.feed(source)
    rewriter.close()
    # A picture may be shown smaller than the window, which must not make it that of a phone.
    style = _FOR_WINDOWS.sub("", "\n".join(line.strip() for line in rewriter.style.splitlines()))
    body = "".join(rewriter.body)
    return _titled(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">\n'
        f"<style>\n{html.escape(style, quote=False)}</style>\n"
        f'<foreignObject width="{width}" height="{height}">{body}</foreignObject>\n</svg>\n',
        title,
    )


def texts(picture: str) -> str:
    """Return all words of a picture."""
    root = ElementTree.fromstring(picture)
    return " ".join(" ".join(_words(root)).split())


def _words(element: ElementTree.Element) -> Iterator[str]:
    if element.tag.rpartition("}")[2] not in ("style", "title"):
        yield element.text or ""
        for child in element:
            yield from _words(child)
    yield element.tail or ""


def _titled(picture: str, title: str) -> str:
    start = picture.index(">") + 2
    return picture[:start] + _HEADER.format(title=html.escape(title)) + picture[start:]


class _Xhtml(HTMLParser):
    """Writes the body of a page as XML, and keeps its style. Scripts are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.body: list[str] = []
        self.style = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open += [tag] * (tag not in _VOID)
        if tag in _NAMESPACES:
            attrs = [("xmlns", _NAMESPACES[tag]), *attrs]
        if "body" in self._open and tag != "script":
            written = "".join(f' {_NAMES.get(name, name)}="{html.escape(value or "")}"' for name, value in attrs)
            self.body.append(f"<{tag}{written}{'/' * (tag in _VOID)}>")

    def handle_endtag(self, tag: str) -> None:
        if "body" in self._open and tag != "script":
            self.body.append(f"</{tag}>")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        elif "body" in self._open and self._open[-1] != "script":
            self.body.append(html.escape(re.sub(r"\s+", " ", data), quote=False))
