# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Corpus files: CSV as spreadsheets write it, YAML, and what is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsDependencyError, AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._scan import corpus
from ansible_collections.panw.airs.plugins.module_utils._scan.bodies import given


def read(folder: Path, name: str, text: str | bytes, notes: list[str] | None = None) -> list[tuple[str, Any]]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    collected = [] if notes is None else notes
    return [(place, given(content)) for place, content in corpus.read_corpus(str(path), collected.append)]


def test_a_csv_file_names_texts_and_expectations(tmp_path: Path) -> None:
    text = (
        "name,prompt,response,context,action,category,detected,not_detected\n"
        "one,Hello,Hi,,allow,benign,,dlp\n"
        ',"Two\nlines, ""quoted""",,,block,,"injection, dlp",\n'
        "\n"
        "three,x,,ground,,,injection;dlp agent,\n"
    )
    assert read(tmp_path, "c.csv", text) == [
        (
            "c.csv:2",
            {
                "name": "one",
                "prompt": "Hello",
                "response": "Hi",
                "expect": {"action": "allow", "category": "benign", "not_detected": ["dlp"]},
            },
        ),
        (
            "c.csv:3",
            {"prompt": 'Two\nlines, "quoted"', "expect": {"action": "block", "detected": ["injection", "dlp"]}},
        ),
        (
            "c.csv:6",
            {
                "name": "three",
                "prompt": "x",
                "context": "ground",
                "expect": {"detected": ["injection", "dlp", "agent"]},
            },
        ),
    ]


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("injection, dlp", ["injection", "dlp"]),
        ("injection dlp|agent", ["injection", "dlp", "agent"]),
        ("['injection', 'dlp']", ["injection", "dlp"]),
        ("- injection\n- dlp\n", ["injection", "dlp"]),
        ("toxic-content, Prompt Injection", ["toxic-content", "Prompt Injection"]),
        ("dlp toxic-content", ["dlp", "toxic-content"]),
        ("totally bogus", ["totally", "bogus"]),
        (" , - ", []),
    ],
)
def test_several_detectors_may_be_in_a_field(tmp_path: Path, field: str, names: list[str]) -> None:
    ((_place, content),) = read(tmp_path, "c.csv", f'prompt,detected\nHello,"{field}"\n')
    assert content.get("expect", {}).get("detected", []) == names


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_of_a_spreadsheet_is_read(tmp_path: Path, separator: str) -> None:
    text = f"\ufeffPrompt{separator}Expected action\r\nGrüße{separator}allow\r\n"
    assert read(tmp_path, "c.CSV", text) == [("c.CSV:2", {"prompt": "Grüße", "expect": {"action": "allow"}})]


def test_other_columns_are_not_used_and_said(tmp_path: Path) -> None:
    notes: list[str] = []
    assert read(tmp_path, "c.csv", "id,prompt,notes\n1,Hello,x\n", notes) == [("c.csv:2", {"prompt": "Hello"})]
    assert notes == ["Columns of the corpus that are ignored: id, notes."]


def test_a_field_may_be_as_long_as_the_service_takes(tmp_path: Path) -> None:
    ((_place, content),) = read(tmp_path, "c.csv", f"prompt\n{'p' * 1_000_000}\n")
    assert len(content["prompt"]) == 1_000_000


def test_a_yaml_file_has_what_contents_take(tmp_path: Path) -> None:
    text = (
        "- prompt: Hello\n  action: allow\n  not_detected: [dlp]\n"
        "- {name: mine, response: '42', expect: {action: block}, category: malicious}\n"
        "- tool_event: {metadata: {ecosystem: mcp, method: m, server_name: s}, input: {a: 1}}\n"
    )
    assert read(tmp_path, "c.yml", text) == [
        ("c.yml[0]", {"prompt": "Hello", "expect": {"action": "allow", "not_detected": ["dlp"]}}),
        ("c.yml[1]", {"name": "mine", "response": "42", "expect": {"action": "block", "category": "malicious"}}),
        (
            "c.yml[2]",
            {
                "tool_event": {
                    "metadata": {"ecosystem": "mcp", "method": "m", "server_name": "s"},
                    "input": '{"a": 1}',
                }
            },
        ),
    ]


def test_json_is_yaml(tmp_path: Path) -> None:
    assert read(tmp_path, "c.json", '[{"prompt": "{{ x }}"}]') == [("c.json[0]", {"prompt": "{{ x }}"})]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("c.txt", "prompt", "must end with .csv, .yml, .yaml, or .json"),
        ("c.csv", "", "has no supported column"),
        (
            "c.csv",
            "text,label\nx,y\n",
            "has no supported column: its first line must contain some of the columns name, prompt",
        ),
        ("c.csv", "prompt,prompt\nx,y\n", "has multiple columns prompt"),
        ("c.csv", "prompt,action\n", "is empty"),
        ("c.csv", "prompt,action\nx,alow\n", "c.csv:2 is invalid: action must be one of allow, block"),
        ("c.csv", "prompt,action\nx,allow\nHello, you,allow\n", "has more fields than columns in line 3"),
        ("c.csv", 'prompt\n"x\n', "is not valid CSV in line"),
        ("c.csv", b"prompt\n\xff\n", "it is not UTF-8 text"),
        ("c.yml", "", "is empty"),
        ("c.yml", "[]", "is empty"),
        ("c.yml", "prompt: x", "must be a list of dictionaries"),
        ("c.yml", "- x", "must be a list of dictionaries"),
        ("c.yml", "- prompt: [", "is not valid YAML in line 2"),
        ("c.yml", "- !!python/object:os.system {}", "is not valid YAML in line 1"),
        ("c.yml", b"- prompt: \x00", "is not valid YAML"),
        ("c.yml", "- prompt: x\n- prompt: No", "prompt of c.yml[1] is not a string in YAML: put quotes around it"),
        ("c.yml", "- {prompt: x, history: [{response: 1.10}]}", "response of c.yml[0] is not a string in YAML"),
        ("c.yml", "- promt: x", "c.yml[0] is invalid: promt is not a supported option; did you mean 'prompt'?"),
        (
            "c.yml",
            "- {prompt: x}\n- {prompt: x, expect: {action: stop}}",
            "c.yml[1] is invalid: expect.action must be one of",
        ),
    ],
)
def test_what_is_no_corpus_is_said_in_a_sentence(tmp_path: Path, name: str, text: str | bytes, words: str) -> None:
    with pytest.raises(AirsInputError) as caught:
        read(tmp_path, name, text)
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(AirsInputError, match=r"corpus '.*none.csv' cannot be read: No such file or directory."):
        corpus.read_corpus(str(tmp_path / "none.csv"), print)


@pytest.mark.parametrize("suffix", [".yml", ".YML", ".json", ".csv"])
def test_a_byte_order_mark_is_no_text(tmp_path: Path, suffix: str) -> None:
    text = {".csv": "prompt\nhello\n"}.get(suffix, '[{"prompt": "hello"}]')
    assert [content for _place, content in read(tmp_path, f"c{suffix}", f"\ufeff{text}")] == [{"prompt": "hello"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {no: x, 2024: y, ~: z}", "The key False of c.yml[0] is not a string in YAML: put quotes around it."),
        ("- {prompt: x, expect: {~: 1}}", "The key None of c.yml[0] is not a string in YAML: put quotes around it."),
        ("- {prompt: 2026-02-30}", "contains an invalid number or date."),
        (f"- {{prompt: {'9' * 5000}}}", "contains an invalid number or date."),
    ],
)
def test_what_yaml_takes_for_something_else_is_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(AirsInputError) as caught:
        read(tmp_path, "c.yml", text)
    assert message in str(caught.value)


def test_only_yaml_needs_pyyaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert len(read(tmp_path, "c.csv", "prompt\nx\n")) == 1
    with pytest.raises(AirsDependencyError, match="does not have PyYAML"):
        read(tmp_path, "c.yml", "- prompt: x")
