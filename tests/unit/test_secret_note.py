# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose the secret in a file is: what may be replaced, and what stays."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._common.secret_note import Owner, forget_note, note_path, noted

SECRET, FORMER = "Abc123_-" * 8, "Zyx987_-" * 8
BOT = Owner("API key 'bot'", "1", (SECRET[-8:],))
NAMELESS = Owner("API key 'bot'", "1")


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A file of a secret."""
    return str(tmp_path / "bot.key")


def test_nothing_and_the_present_secret_may_be_replaced_without_a_note(path: str) -> None:
    assert BOT.may_replace(path, "")
    assert BOT.may_replace(path, SECRET)
    assert not BOT.may_replace(path, FORMER)


@pytest.mark.parametrize(
    "text",
    ["a text", f"AIRS_API_KEY={SECRET}", f"first line\n{SECRET}", f"key: {SECRET}", f"{SECRET} {SECRET}", SECRET[-7:]],
)
def test_what_only_ends_with_the_secret_is_not_the_secret(path: str, text: str) -> None:
    assert not BOT.may_replace(path, text)
    with pytest.raises(
        AirsInputError, match=r"^the file contains something other than a previous secret of API key 'bot'. "
    ):
        BOT.require(path, "the file", text)


def test_a_note_tells_of_former_secrets_and_holds_none(path: str) -> None:
    NAMELESS.note(path, FORMER, SECRET)
    note = Path(note_path(path))
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert note.name.startswith(".")
    assert not [secret for secret in (FORMER, SECRET) if secret[-8:] in note.read_text(encoding="utf-8")]
    assert NAMELESS.may_replace(path, FORMER)
    assert NAMELESS.may_replace(path, SECRET)
    assert not NAMELESS.may_replace(path, SECRET[:-1])
    assert noted(path, NAMELESS.what, FORMER) == ["1"]
    forget_note(path)
    assert not NAMELESS.may_replace(path, FORMER)


@pytest.mark.parametrize("other", [Owner("API key 'Bot'", "1"), Owner("API key 'bot'", "2"), Owner("API key 'bot'")])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_secret_of_another_key_or_tenant_stays(path: str, other: Owner, swapped: bool) -> None:
    """Of a tenant that nobody knows, too: it may be any."""
    theirs, ours = (other, NAMELESS) if not swapped else (NAMELESS, other)
    theirs.note(path, SECRET)
    assert theirs.may_replace(path, SECRET)
    with pytest.raises(AirsInputError) as caught:
        ours.require(path, "the file", SECRET)
    of_tenant = f" of tenant {theirs.tenant}" if theirs.tenant else ""
    assert f"contains the secret of {theirs.what}{of_tenant}. Use a different path" in caught.value.message
    assert caught.value.message.endswith("Nothing was changed.")


@pytest.mark.parametrize("text", ["", "no JSON", "[1]", '"text"', '{"sha256": "x"}', '{"sha256": [1]}', "[" * 2000])
def test_a_note_that_makes_no_sense_tells_nothing(path: str, text: str) -> None:
    Path(note_path(path)).write_text(text, encoding="utf-8")
    assert not NAMELESS.may_replace(path, SECRET)
    NAMELESS.note(path, SECRET)
    assert NAMELESS.may_replace(path, SECRET)


def test_a_note_that_cannot_be_written_stops_nothing(path: str) -> None:
    Path(note_path(path)).mkdir()
    NAMELESS.note(path, SECRET)
    assert not NAMELESS.may_replace(path, SECRET)


@pytest.mark.parametrize("said", [{}, {"tsg_id": None, "last8s": None}, {"last8s": "text"}, {"last8s": [None, ""]}])
def test_what_is_not_said_of_an_owner_is_not_known(said: dict[str, object]) -> None:
    assert Owner.of("API key 'bot'", said) == Owner("API key 'bot'")


def test_an_owner_goes_through_results() -> None:
    assert Owner.of(BOT.what, BOT.told()) == BOT
