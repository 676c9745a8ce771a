# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A human-readable summary of changes: weakened protections and deletions by name, followed by counts for each kind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._common.wording import one_line, some
from .kinds import KINDS

Row = Mapping[str, Any]

#: Lines that a section of a summary has at most; a plan has all.
MOST_LINES = 20
#: Names of secrets' files, and folders of them, that one line has at most.
_MOST_SECRETS = 3

_BY_KIND = {kind.resource.kind: kind for kind in KINDS.values()}
_HEADINGS = {
    "custom_topics": "Custom topics",
    "security_profiles": "Security profiles",
    "api_keys": "API keys",
    "customer_apps": "Applications",
}
#: What is done, in the order of the sentence.
_DONE = {
    "create": "created",
    "update": "updated",
    "regenerate": "regenerated",
    "delete": "deleted",
    "none": "unchanged",
    "skip": "skipped",
    "failed": "failed",
}
_LASTING = ("none", "skip", "failed")
#: What is said above replacements().
REPLACED = "Missing DLP profiles, replaced by the built-in detection"


@dataclass(frozen=True)
class Style:
    """How texts of the tenant, such as names, are written. All else in a line is the collection's own.

    Args:
        name: writes the name of an object.
        word: writes any other text.
    """

    name: Callable[[str], str]
    word: Callable[[str], str]

    def title(self, row: Row) -> str:
        """Return the kind and name of a row."""
        return f"{_BY_KIND[row['kind']].resource.label} {self.name(row['name'])}"


#: As sentences have them, on a terminal.
PLAIN = Style(name=lambda name: f"'{one_line(name)}'", word=one_line)


def counted(row: Row) -> str:
    """Return what a row counts as: its action, or failed."""
    return "failed" if row.get("error") and row["action"] != "skip" else str(row["action"])


def in_words(action: str, planned: bool) -> str:
    """Return what is done about an object in words.

    Args:
        action: as results have it, or failed.
        planned: whether it is yet to be done.
    """
    return f"{'to be ' if planned and action not in _LASTING else ''}{_DONE[action]}"


def summary(rows: Sequence[Row], planned: bool) -> list[str]:
    """Return the lines that say what a run has done, fit for a terminal: weaker protections and deletions by name.

    Args:
        rows: a row for each object, as results have them.
        planned: whether it is yet to be done.
    """
    lines = [f"Tenant{' (plan)' if planned else ''}"]
    weaker, gone = list(weakenings(rows)), list(deletions(rows))
    lines += section("Weaker protection:", weaker)
    lines += section(f"{REPLACED}:", [*replacements(rows)])
    lines += section("Below the baseline:", [*below_baseline(rows)])
    lines += section(f"{in_words('delete', planned).capitalize()}:", gone)
    return [*lines, *(counts(rows, planned) or ["No changes"])]


def section(heading: str, lines: Sequence[str], most: int = MOST_LINES) -> list[str]:
    """Return a heading and the lines below it, of which there may be too many; nothing without lines."""
    more = [f"  and {len(lines) - most} more"] if len(lines) > most else []
    return [heading, *(f"  {line}" for line in lines[:most]), *more] if lines else []


def weakenings(rows: Sequence[Row], style: Style = PLAIN) -> Iterator[str]:
    """Yield what gets weaker, a line for each object, as far as it is done."""
    for row in rows:
        parts = [
            f"{style.word(each['protection'])} {style.word(each['before'])} -> {style.word(each['after'])}"
            for each in row.get("weakened") or []
        ]
        if parts:
            yield f"{style.title(row)}: {', '.join(parts)}"


def below_baseline(rows: Sequence[Row], style: Style = PLAIN) -> Iterator[str]:
    """Yield what does less than the baseline, a line for each object, with the reasons why that is accepted."""
    for row in rows:
        gaps = row.get("below_baseline") or []
        parts = [
            f"{style.word(each['protection'])} {style.word(each['actual'])} instead of {style.word(each['required'])}"
            for each in gaps
        ]
        reasons = dict.fromkeys(style.word(each["exception"]) for each in gaps if each["exception"])
        if parts:
            why = f" (exception: {'; '.join(reasons)})" if reasons else ""
            yield f"{style.title(row)}: {some(parts)}{why}"


def replacements(rows: Sequence[Row], style: Style = PLAIN) -> Iterator[str]:
    """Yield the DLP profiles that the tenant lacks, a line for each security profile that names some."""
    for row in rows:
        if row.get("replaced_dlp_profiles"):
            yield f"{style.title(row)}: {', '.join(map(style.name, row['replaced_dlp_profiles']))}"


def deletions(rows: Sequence[Row], style: Style = PLAIN) -> Iterator[str]:
    """Yield what goes, a line for each object that is deleted, with all that goes along with it."""
    along: dict[tuple[str, str], list[str]] = {}
    gone = [row for row in rows if counted(row) == "delete"]
    for row in gone:
        if row.get("goes_with"):
            along.setdefault((row["goes_with"]["kind"], row["goes_with"]["name"]), []).append(style.title(row))
    for row in gone:
        if not row.get("goes_with"):
            with_it = along.get((row["kind"], row["name"]), [])
            yield f"{style.title(row)}{', together with ' if with_it else ''}{', '.join(with_it)}"


def changes(rows: Sequence[Row], style: Style = PLAIN) -> Iterator[str]:
    """Yield what changes, a line for each object, with its options or why its key is renewed."""
    for row in rows:
        if counted(row) == "update":
            fields = ", ".join(map(style.word, row.get("fields") or []))
            yield f"{style.title(row)}{': ' if fields else ''}{fields}"
        elif counted(row) == "regenerate":
            yield f"{style.title(row)}: new secret, the current one stops working ({row.get('reason')})"


def creations(rows: Sequence[Row], style: Style = PLAIN) -> Iterator[str]:
    """Yield what is made, a line for each object."""
    return (style.title(row) for row in rows if counted(row) == "create")


def counts(rows: Sequence[Row], planned: bool) -> list[str]:
    """Return a line for each kind that there is something of: how many of it are created, updated and so on."""
    lines = []
    for plural, kind in KINDS.items():
        own = [row for row in rows if row["kind"] == kind.resource.kind]
        parts = []
        for action in _DONE:
            found = [row for row in own if counted(row) == action]
            if found:
                parts.append(f"{len(found)} {in_words(action, planned)}{_along(found) if action == 'delete' else ''}")
        if parts:
            lines.append(f"{_HEADINGS[plural]}: {', '.join(parts)}")
    return lines


def _along(gone: Sequence[Row]) -> str:
    """Return how many of these go along with others."""
    along = [row["goes_with"]["kind"] for row in gone if row.get("goes_with")]
    if not along:
        return ""
    one = len(gone) == 1
    owners = " and ".join(f"{_BY_KIND[kind].resource.label}{'' if one else 's'}" for kind in dict.fromkeys(along))
    which = "" if len(along) == len(gone) else f"{len(along)} of them "
    return f" ({which}along with {'its' if one else 'their'} {owners})"


def secrets_in(paths: Sequence[str], planned: bool) -> list[str]:
    """Return where the files of new secrets are, in a line for each folder, or in one where there are many.

    Args:
        paths: the files.
        planned: whether they are yet to be written.
    """
    will = "will be " if planned else ""
    if len(paths) == 1:
        return [one_line(f"{'the secret will be' if planned else 'secret'} in {paths[0]}")]
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(os.path.dirname(path), []).append(os.path.basename(path))
    if len(folders) > _MOST_SECRETS:
        return [
            one_line(f"{len(paths)} secrets {will}in {len(folders)} directories: {some([*folders], _MOST_SECRETS)}")
        ]
    return [
        one_line(f"{len(names)} secrets {will}in {folder}: {some(names, _MOST_SECRETS)}")
        if len(names) > 1
        else one_line(f"{'the secret will be' if planned else 'secret'} in {os.path.join(folder, names[0])}")
        for folder, names in folders.items()
    ]


def without_place(names: Sequence[str], planned: bool) -> list[str]:
    """Return the line that says whose new secrets have no place but the result."""
    if not names:
        return []
    what = f"the secret of {names[0]}" if len(names) == 1 else f"{len(names)} secrets ({some(names, _MOST_SECRETS)})"
    lost = "" if planned else ": returned in api_key_secrets only"
    return [one_line(f"no destination for {what}{lost}")]
