# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML that linters accept as they come, and that reads back as what it was made of, whatever a text has."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.export_sample import HOSTILE_TEXTS, main
from yamllint import linter
from yamllint.config import YamlLintConfig

from ansible_collections.panw.airs.plugins.module_utils._common.files import yaml_loader
from ansible_collections.panw.airs.plugins.module_utils._common.yaml_text import WIDTH, dump_yaml
from ansible_collections.panw.airs.plugins.module_utils._tenant.export import files_of
from ansible_collections.panw.airs.plugins.module_utils._tenant.files import read_documents

TEXTS = st.one_of(st.text(), st.text(alphabet=" \n-:#'\"\\ab\t{}é\u2028"), st.sampled_from(HOSTILE_TEXTS))
SCALARS = st.one_of(TEXTS, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
DOCUMENTS = st.dictionaries(
    TEXTS,
    st.recursive(SCALARS, lambda part: st.lists(part, max_size=4) | st.dictionaries(TEXTS, part, max_size=4)),
    max_size=4,
)
DEFAULT = YamlLintConfig("extends: default")


def problems(text: str) -> list[str]:
    """What yamllint has to say with its default settings."""
    return [f"{text.splitlines()[found.line - 1]!r}: {found}" for found in linter.run(text, DEFAULT)]


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
@example({})
@example({text: text for text in HOSTILE_TEXTS})
@example({"nested": [[text, {text: [text]}] for text in HOSTILE_TEXTS]})
@example({"k" * 75: False, "l" * 77: {}, "m" * 78: [{"n" * 90: ["o" * 90]}], "p" * 1500: 1})
def test_what_is_written_reads_back_and_linters_accept_it(document: dict[str, Any]) -> None:
    text = dump_yaml(document)
    for loader in (yaml_loader(), yaml.SafeLoader):
        assert yaml.load(text, loader) == document
    assert problems(text) == []
    assert max(map(len, text.splitlines())) <= WIDTH


def test_it_reads_like_what_somebody_wrote() -> None:
    long = "Recommendations to buy, sell or hold stocks, bonds, funds or other investments; also as a question"
    assert dump_yaml(
        {
            "custom_topics": [
                {
                    "name": "advice",
                    "description": long,
                    "examples": ["Which stocks? Those: x", "two\nlines"],
                    "none": [],
                },
                {"name": "no", "on": True},
            ],
            "empty": {},
        }
    ) == (
        "---\n"
        "custom_topics:\n"
        "  - name: advice\n"
        "    description: >-\n"
        "      Recommendations to buy, sell or hold stocks, bonds, funds or other\n"
        "      investments; also as a question\n"
        "    examples:\n"
        '      - "Which stocks? Those: x"\n'
        "      - |-\n"
        "        two\n"
        "        lines\n"
        "    none: []\n"
        '  - name: "no"\n'
        '    "on": true\n'
        "empty: {}\n"
    )


@pytest.mark.parametrize("sign", ["\u202e", "\u200f", "\u2066", "\u061c", "\x1b", "\x9b", "\u2028", "\ud83d"])
def test_nothing_is_written_that_a_terminal_or_an_eye_takes_for_something_else(sign: str) -> None:
    text = dump_yaml({sign: [sign, f"long {sign} " * 40, f"two\n{sign}"]})
    assert sign not in text
    assert text.isascii()
    assert json.dumps(sign)[1:-1].casefold()[-2:] in text


def test_files_of_an_export_are_accepted_by_yamllint(tmp_path: Path) -> None:
    """What ansible-lint says of them, C(nox -s lint) shows."""
    main(tmp_path)
    files = sorted(tmp_path.rglob("*.yml"))
    assert len(files) > 100
    assert {path.name: problems(path.read_text(encoding="utf-8")) for path in files} == {
        path.name: [] for path in files
    }


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), unique_by=lambda each: each[0], max_size=6))
@example([(text, text) for text in HOSTILE_TEXTS])
@example([("bot", "a"), ("Bot", "b"), ("BOT", "c"), ("bot.yml", "d"), ("con", "e"), ("..", "f"), ("x" * 300, "g")])
def test_a_configuration_that_is_written_to_files_is_read_as_it_was(objects: list[tuple[str, str]]) -> None:
    entries = [{"name": name, "description": text, "examples": [text, name]} for name, text in objects]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "custom_topics").mkdir()
        for name, text in files_of({"custom_topics": entries}).items():
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="")
        documents = read_documents(folder)
    if not entries:
        assert [document.fault is None for document in documents] == [False]  # a folder without files is no empty one
        return
    assert [document.fault for document in documents] == [None] * len(entries)
    found = {entry["name"]: entry for document in documents for entry in document.content["custom_topics"]}
    assert found == {entry["name"]: entry for entry in entries}
