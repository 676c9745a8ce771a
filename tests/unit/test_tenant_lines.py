# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An error says in which line of which file it is, however the file is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.panw.airs.plugins.module_utils._tenant.config import validated
from ansible_collections.panw.airs.plugins.module_utils._tenant.files import Source, read_documents
from ansible_collections.panw.airs.plugins.module_utils._tenant.lines import lines

BLOCK = """\
# topics

custom_topics:
  - name: one

  - name: two
    examples:
    - first
    - "second,
      which is long"
    - third
"""
FLOW = "---\ncustom_topics: [{name: one},\n {name: two, examples: [first,\n  second, third]}]\n"
JSON = """\
{
\t"custom_topics": [
\t\t{"name": "o\\"n[e"},
\t\t{"name": "two",
\t\t "examples": ["first", "a: [b, {c",

\t\t  "third"]}
\t], "api_keys": [], "customer_apps": {}}
"""
ANCHORS = """\
security_profiles:
  - &base
    name: one
    prompt_injection: block
    topics: &topics
      block: [a,
        b]
  - <<: *base
    name: two
  - <<: [{name: x}, *base]
    directions:
      prompt: {topics: *topics}
  - *base
"""
PLACES = {
    "block": (
        BLOCK,
        {
            "custom_topics": 3,
            "custom_topics[0]": 4,
            "custom_topics[0].name": 4,
            "custom_topics[1]": 6,
            "custom_topics[1].examples": 7,
            "custom_topics[1].examples[1]": 9,
            "custom_topics[1].examples[2]": 11,
        },
    ),
    "flow": (
        FLOW,
        {"custom_topics[0].name": 2, "custom_topics[1].name": 3, "custom_topics[1].examples[1]": 4},
    ),
    "JSON": (
        JSON,
        {
            "": 1,
            "custom_topics": 2,
            "custom_topics[0].name": 3,
            "custom_topics[1]": 4,
            "custom_topics[1].examples": 5,
            "custom_topics[1].examples[1]": 5,
            "custom_topics[1].examples[2]": 7,
            "api_keys": 8,
            "customer_apps": 8,
        },
    ),
    "anchors": (
        ANCHORS,
        {
            "security_profiles[1]": 8,
            "security_profiles[1].name": 9,
            "security_profiles[1].prompt_injection": 4,
            "security_profiles[1].topics.block[1]": 7,
            "security_profiles[2].name": 10,
            "security_profiles[2].prompt_injection": 4,
            "security_profiles[2].directions.prompt.topics": 12,
            "security_profiles[2].directions.prompt.topics.block[1]": 7,
            "security_profiles[3].name": 3,
        },
    ),
}


@pytest.mark.parametrize(("text", "expected"), PLACES.values(), ids=PLACES)
def test_a_value_stands_where_it_is_written(text: str, expected: dict[str, int]) -> None:
    found = lines(text, is_json=text is JSON)
    assert {path: found.get(path) for path in expected} == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("name", ["a.yml", "a.json"])
def test_lines_are_those_of_an_editor(tmp_path: Path, newline: str, mark: str, name: str) -> None:
    text = BLOCK if name == "a.yml" else JSON
    (tmp_path / name).write_bytes((mark + text.replace("\n", newline)).encode())
    expected = PLACES["block" if name == "a.yml" else "JSON"][1]
    source = Source(str(tmp_path / name))
    assert {path: source.line(path) for path in expected} == expected


def test_what_is_not_written_stands_in_what_is_around_it(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(BLOCK)
    source = Source(str(tmp_path / "a.yml"))
    assert source.line("custom_topics[1].examples[7]") == 7
    assert source.line("custom_topics[1].colour.red[3]") == 6
    assert source.line("api_keys") == 3


@pytest.mark.parametrize(
    ("name", "text", "line", "words"),
    [
        ("a.yml", "custom_topics:\n  - name: x\n\tdescription: y\n", 3, "is not valid YAML: "),
        ("a.yml", "custom_topics: []\n---\ncustom_topics: []\n", 2, "more than one document"),
        ("a.yml", "custom_topics:\n- name: x\n  description: y\n  name: z\n", 4, "the key 'name' twice"),
        ("a.json", '{"custom_topics": [\n{"name": "x",}]}', 2, "is not valid JSON: "),
        ("a.json", '{"custom_topics": [{"name": "y"},\n{"name": "x",\n"name": "z"}]}', 3, "the key 'name' twice"),
        ("a.yml", b"custom_topics:\n- name: x\n- name: \xff", 3, "is not UTF-8"),
        ("a.yml", "- name: x", 1, "must contain a dictionary"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(
    tmp_path: Path, name: str, text: str | bytes, line: int, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (fault,) = validated(read_documents(str(path)), {"secret_dir": None, "tsg_id": None}).faults
    assert (fault.file, fault.line, fault.path) == (str(path), line, "")
    assert words in fault.message
    assert str(fault) == f"{path}:{line}: {fault.message}"


def test_a_good_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    asked = []
    monkeypatch.setattr(Source, "line", lambda source, path: asked.append(path))
    path.write_text(json.dumps({"custom_topics": [{"name": "x", "description": "y"}]}))
    assert validated(read_documents(str(path)), {"secret_dir": None, "tsg_id": None}).faults == []
    assert asked == []


def test_an_alias_of_what_it_is_in_ends(tmp_path: Path) -> None:
    assert lines("a: &a\n  b: *a\n  c: &c [*c]\n", is_json=False) == {"": 1, "a": 1, "a.b": 2, "a.c": 3, "a.c[0]": 3}
