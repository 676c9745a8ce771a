# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences are fit for a terminal, whatever a name holds; what is written as YAML still holds the name."""

from __future__ import annotations

import json

import pytest
import yaml
from support import hostile

from ansible_collections.panw.airs.plugins.filter.printable import printable as printed
from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsError, AirsExchangeError, AirsRefusal
from ansible_collections.panw.airs.plugins.module_utils._common.wording import one_line, printable, told
from ansible_collections.panw.airs.plugins.module_utils._common.yaml_text import dump_yaml
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import API_KEY
from ansible_collections.panw.airs.plugins.module_utils._tenant.config import Fault

HOSTILE = "a\x1b]0;t\x07b\x9b31m\x7f\u202ec\u2066\u2028d\r\ne\x85f\ud800"
#: Every character that a terminal may take for something else than itself.
ODD = [chr(number) for number in (*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, *range(0x2028, 0x202F), 0x2067)]


@pytest.mark.parametrize("character", ODD, ids=ascii)
def test_no_control_character_is_in_a_sentence(character: str) -> None:
    line = one_line(f"a{character}b")
    assert character not in line
    assert (line[0], line[-1], line.isprintable()) == ("a", "b", True)


@pytest.mark.parametrize("text", ["", "Plain  text, 'quoted'", "Größe ✓ 日本 🔑", " blanks ", "C:\\temp"])
def test_what_can_be_shown_stays(text: str) -> None:
    assert one_line(text) == printable(text) == text


def test_line_feeds_stay_where_there_are_lines() -> None:
    assert printable("one\ntwo\x1b\n\u2028three") == "one\ntwo\\x1b\n three"


@pytest.mark.parametrize(
    "sentence",
    [
        AirsError(HOSTILE).message,
        str(AirsError(HOSTILE)),
        AirsRefusal(API_KEY.title("x"), HOSTILE).why,
        AirsExchangeError(HOSTILE, HOSTILE, method="GET", path="/", hint=HOSTILE).message,
        json.dumps(AirsExchangeError("x", HOSTILE, method="GET", path="/").failure(), ensure_ascii=False),
        API_KEY.title(HOSTILE),
        str(Fault(HOSTILE, HOSTILE)),
        told([HOSTILE])[0],
        printed(HOSTILE),
        printed(HOSTILE, lines=True).replace("\n", ""),
    ],
)
def test_sentences_are_clean_where_they_are_made(sentence: str) -> None:
    assert sentence.isprintable()


def test_a_sentence_is_told_once() -> None:
    assert told(["a", "b\x1b", "a"]) == ["a", "b\\x1b"]


@pytest.mark.parametrize(
    "name", [*hostile.NAMES, *hostile.WORST, "\u202e", "x: \u2066y", '"\u202e', "- \u200f"], ids=ascii
)
def test_yaml_holds_the_name_and_shows_nothing_odd(name: str) -> None:
    text = dump_yaml({"names": [name, {name: 1}], "long": f"{name} and so on " * 20})
    assert hostile.raw(text) == []
    assert yaml.safe_load(text) == {"names": [name, {name: 1}], "long": f"{name} and so on " * 20}
