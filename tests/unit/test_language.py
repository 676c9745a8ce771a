# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users read has the words of the Ansible documentation style guide, not words that read as translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: What users read: files, and directories with all that is text in them.
READ_BY_USERS = [
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "changelogs",
    "docs",
    "examples",
    "extensions",
    "playbooks",
    "plugins",
    "roles",
    "tests/bench/README.md",
]
#: Files of these kinds are read.
SUFFIXES = {".j2", ".md", ".py", ".rst", ".sh", ".toml", ".txt", ".yaml", ".yml"}


class Banned(NamedTuple):
    """A phrase to avoid."""

    pattern: str
    """A regular expression; a blank in it is any space, line breaks and marks of comments included."""
    instead: str
    """What to write instead."""

    @property
    def expression(self) -> re.Pattern[str]:
        """What finds the phrase in text in lowercase, wherever lines are broken."""
        anywhere = re.sub(r" (?![^\[]*\])", r"(?:\\s|#)+", self.pattern.lower())  # but in a set of characters
        return re.compile(anywhere, re.MULTILINE)


#: A task, as YAML files and examples begin it.
_TASK = r"^[ #]*- name: "

BANNED = [
    Banned(
        _TASK + r"(?:Have|Say|See to|Make sure|Look|Find out|Tell|Leave|Refuse)\b",
        "Ensure/Create/Show/Check/Assert ...",
    ),
    Banned(_TASK + r"\w+ (?:(?:it|them|those)\b|(?:this|that|these|one)$)", "a noun: 'Read the stored secret'"),
    Banned(r"\b(?:when|if|where) left out\b", "if omitted"),
    Banned(r"needed to create (?:it|a key|them|one)\b", "required when creating"),
    Banned(r"upper and lower case\b", "names are case-sensitive"),
    Banned(r"how often a request is (?:sent again|repeated)\b", "maximum number of retries"),
    Banned(r"whether the [\w ]{1,30} is to be there\b", "desired state of the ..."),
    Banned(r"not as agreed\b", "differs from the configuration"),
    Banned(r"\bas it should be\b", "up to date, or no changes"),
    Banned(r"\b(?:is|are|was|were|not) all right\b", "up to date, or no changes"),
    Banned(r"\b\d+ [\w ]{1,30} looked at\b", "Checked 1 API key"),
    Banned(r"\b(?:when|where) the service says (?:it|so)\b", "when provided by the service"),
    Banned(r"\ban empty list when there (?:is|are) none\b", "Empty if no ... matches."),
    Banned(r"\bon a failed exchange\b", "when a request to the service failed"),
    Banned(r"kept from output\b", "hidden from output"),
    Banned(r"\bin one go\b", "at once, or in one run"),
    Banned(r"\band the like\b", "and similar ..."),
    Banned(r"see to it\b", "ensure"),
    Banned(r"\bas one would (?:write|say)\b", "say what is meant"),
    # Words that read as translated in what the plugins document and say.
    Banned(r"Makes, changes,? and removes\b", "Creates, updates, and deletes"),
    Banned(r"\b(?:is|are) refused for hosts other\b", "only allowed for the local host"),
    Banned(r"needs? a place for\b", "no destination for"),
    Banned(r"has no place\b", "no destination for"),
    Banned(r"to create it, [\w ,']{1,60} must be given\b", "... is required when creating"),
    Banned(r"something else than\b", "something other than"),
    Banned(r"\bof yours\b", "your own ..."),
    Banned(r"the service said\b", "the service reported"),
    Banned(r"\bin the service's place\b", "instead of the service"),
    Banned(r"\banew\b", "again"),
    Banned(
        r"^[ ]*description: (?:Its|Whose|How (?:many|often|long)|When it|What (?:it|is)|Where it|Why (?:it|the))\b",
        "Name of ..., Number of ..., Time at which ..., Reason why ...",
    ),
    Banned(r"\b(?:is|are) no option\b", "is not a supported option"),
    Banned(r"must be given\b", "is required"),
    Banned(r"at most [\w{}.]+ (?:is|are) allowed\b", "must have at most ..., must be at most ..."),
    Banned(r"known are\b", "supported ... are"),
    Banned(r"must be (?:a text|yes or no|a whole number)\b", "must be a string, a boolean, an integer"),
    Banned(r"has half of a character\b", "contains an incomplete character"),
    Banned(r"\brefused \{(?:self\.)?(?:title|resource)", "Cannot create ..."),
    Banned(
        r"short_description: (?:Makes?|Manages|Lists?|Have) ",
        "Create, update, and delete ...; Gather information about ...",
    ),
]


def read_by_users() -> Iterator[Path]:
    """Yield the files of which users read the text."""
    for name in READ_BY_USERS:
        found = ROOT / name
        assert found.exists(), f"{name} is in READ_BY_USERS, but does not exist"
        for path in sorted(found.rglob("*")) if found.is_dir() else [found]:
            if path.is_file() and path.suffix in SUFFIXES:
                yield path


#: In lowercase, which is searched faster than without regard to case.
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").lower() for path in read_by_users()}


def places(banned: Banned, texts: dict[str, str]) -> list[str]:
    """Return where the phrase is, as file:line and what is there."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()!r}"
        for name, text in texts.items()
        for match in banned.expression.finditer(text)
    ]


@pytest.mark.parametrize("banned", BANNED, ids=lambda banned: banned.instead)
def test_no_text_for_users_has_a_phrase_to_avoid(banned: Banned) -> None:
    found = places(banned, TEXTS)
    assert not found, f"write {banned.instead!r} instead in\n" + "\n".join(found)


def test_a_phrase_is_found_across_lines_and_in_comments() -> None:
    text = "  # Taken from the environment when left\n  # out, as always.\n# - name: Show it\n"
    assert [len(places(banned, {"a.py": text.lower()})) for banned in BANNED[1:3]] == [1, 1]
