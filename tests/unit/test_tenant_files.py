# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory is the truth: whatever is in it is read, or refused by name; a text is only what is written as one."""

from __future__ import annotations

import builtins
import itertools
import json
import os
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.panw.airs.plugins.module_utils._tenant.config import Config, Fault, by_line, validated
from ansible_collections.panw.airs.plugins.module_utils._tenant.files import Document, Source, read_documents

TOPIC = {"name": "advice", "description": "Advice", "examples": ["Is it good, or bad?"]}
TEXT = json.dumps({"custom_topics": [TOPIC]})


def read(path: Path) -> Config:
    """Read and validate a configuration."""
    return validated(read_documents(str(path)), {"secret_dir": None, "tsg_id": None})


def faults(path: Path) -> dict[str, str]:
    """What is wrong with a configuration, by place."""
    top = path if path.is_dir() else path.parent
    found = read(path).faults
    places = [[fault.file and os.path.relpath(fault.file, top), fault.path] for fault in found]
    return {": ".join(filter(None, place)): fault.message for place, fault in zip(places, found, strict=True)}


def names(path: Path) -> list[str]:
    """The names of the objects of a configuration without faults."""
    config = read(path)
    assert config.faults == []
    return [entry.name for entry in config.entries]


# --- what is read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.json", "a.JSON", "a.yml", "a.YML", "a.Yaml", "deep/er/a.yaml"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
def test_files_are_read_however_the_suffix_is_spelled(tmp_path: Path, name: str, mark: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(mark + TEXT, encoding="utf-8")
    assert names(tmp_path) == names(tmp_path / name) == ["advice"]


def test_folders_behind_links_are_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.yml").write_text(TEXT)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "team-b").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "config" / "link.yml").symlink_to(tmp_path / "elsewhere" / "a.yml")
    sources = [document.source for document in read_documents(str(tmp_path / "config"))]
    assert sources == [Source(str(tmp_path / "config" / place)) for place in ("link.yml", "team-b/a.yml")]


def test_what_is_hidden_or_for_people_is_left_alone(tmp_path: Path) -> None:
    for name in (".git/config.yml", ".hidden.yml", "README.md", "LICENSE", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("not: [a, config")
    (tmp_path / "a.yml").write_text(TEXT)
    assert names(tmp_path) == ["advice"]


# --- what is refused by name -----------------------------------------------------------------------------------------


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket must be short
        try:
            bound.bind(path.name)
        finally:
            os.chdir(here)


def make_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


def make_circle(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (make_fifo, "is not a regular file"),
        (make_socket, "is not a regular file"),
        (make_dangling_link, "cannot be read: No such file or directory"),
        (make_circle, "cannot be read: Too many levels of symbolic links"),
    ],
)
def test_what_is_no_file_is_refused_and_keeps_nobody_waiting(tmp_path: Path, make: Any, message: str) -> None:
    make(tmp_path / "odd.yml")
    (tmp_path / "a.yml").write_text(TEXT)
    found: list[dict[str, str]] = []
    reader = threading.Thread(target=lambda: found.append(faults(tmp_path)), daemon=True)
    reader.start()
    reader.join(10)
    assert found == [{"odd.yml": message}]


@pytest.mark.parametrize("name", ["odd.yml", "odd.YML", "odd.json"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / name).write_text(TEXT)
    (tmp_path / "a.yml").write_text(TEXT)
    real = builtins.open

    def opened(path: Any, *arguments: Any, **keywords: Any) -> Any:
        if str(path).endswith(name):
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **keywords)

    monkeypatch.setattr(builtins, "open", opened)  # root may read everything
    assert faults(tmp_path) == {name: "cannot be read: Permission denied"}


@pytest.mark.parametrize(
    "name",
    [
        "a.yml.bak",
        "a.ymll",
        "a",
        "a.toml",
        "a.yml~",
        "A.YML~",
        "a.yaml.bak",
        "#a.yml#",
        "a.yml ",
        "a.yml.txt",
        "a.YAML.TXT",
    ],
)
def test_files_of_other_names_are_refused_rather_than_skipped(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT)
    assert faults(tmp_path)[name].startswith("is ignored because its name does not end with .yml, .yaml, or .json")


def test_a_folder_that_leads_back_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(TEXT)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert faults(tmp_path) == {"again": "refers to one of its parent directories: remove the symbolic link"}


def test_a_folder_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "team-b").mkdir()
    (tmp_path / "a.yml").write_text(TEXT)
    real = os.listdir

    def listdir(path: str) -> list[str]:
        if path.endswith("team-b"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "listdir", listdir)  # root may read everything
    assert faults(tmp_path) == {"team-b": "cannot be read: Permission denied"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (TEXT.encode("utf-16"), "cannot be read: it is not UTF-8 text"),
        (TEXT.encode("utf-32"), "cannot be read: it is not UTF-8 text"),
        (TEXT.replace("advice", "é").encode("latin-1"), "cannot be read: it is not UTF-8 text"),
        (TEXT.encode("utf-16-le"), "is not valid YAML: control characters are not allowed"),
        (b"custom_topics: [{name: %s}]" % (b"9" * 5000), "cannot be read: Exceeds the limit (4300"),
        (b"custom_topics: [{name: 2026-02-30}]", "cannot be read: day is out of range for month"),
        (b'custom_topics: [{name: "\\ud83d"}]', "is not valid YAML: found invalid Unicode character escape code"),
    ],
)
def test_what_cannot_be_read_is_one_fault(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "odd.yml").write_bytes(content)
    (tmp_path / "a.yml").write_text(TEXT)
    ((place, told),) = faults(tmp_path).items()
    assert (place, told[: len(message)]) == ("odd.yml", message)


def test_aliases_that_make_much_of_little_are_refused(tmp_path: Path) -> None:
    """What a thousand million parts are made of fits on a screen; whoever writes them out has no memory left."""
    names = "abcdefghij"
    lines = ["a: &a [x]", *(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in itertools.pairwise(names))]
    (tmp_path / "a.yml").write_text("\n".join([*lines, "custom_topics: [{name: *j}]"]))
    assert faults(tmp_path) == {"a.yml": "expands to more than 1000000 parts because of aliases: remove some of them"}


def meaning(text: str) -> tuple[str | None, Any]:
    """Why a YAML text cannot be read, and what it means to the library."""
    try:
        return None, yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        column = error.problem_mark.column + 1 if error.problem_mark else None
        return f"is not valid YAML: {error.problem} at column {column}", None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "- a\n- [b, 5, 1.5, true, null, 2024-05-01]",
        "a: {b: [c], 5: d, true: e, null: f}\n? [g]\n: h",
        "<<: {a: 1}\nb: {<<: [{c: 2}, {d: 3}], c: 4}",
        "!!map {a: !!str 5, b: !!int '5', c: !!seq [!!str true]}",
        "a: !!set {b, c}\nd: !!omap [e: 1]\nf: !!pairs [g: 1, g: 2]\nh: !!binary aGVsbG8=",
        "!!str {a: b}",
        "!!seq {a: b}",
        "!!map [a]",
        "!!map a",
        "a: !other b",
        "a: !!set [b]",
        "? {a: b}\n: c",
        "? !!str [a]\n: c",
    ],
)
def test_a_text_means_what_it_means_to_the_library(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yml").write_text(text)
    (document,) = read_documents(str(tmp_path / "a.yml"))
    assert (document.fault, document.content) == meaning(text)


def test_anchors_for_what_comes_again_are_read(tmp_path: Path) -> None:
    again = "  - {<<: *first, name: second}\n"
    (tmp_path / "a.yml").write_text(f"custom_topics:\n  - &first {{name: advice, description: d}}\n{again}")
    assert names(tmp_path) == ["advice", "second"]


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[" * 100_000)
    assert faults(tmp_path) == {"a.json": "cannot be read: it is nested too deeply"}


# --- what is no text -------------------------------------------------------------------------------------------------


def test_what_yaml_takes_for_something_else_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        """
custom_topics:
  - name: no
    description: 2026-11-26
    examples: [no, 1.10, 012, "12:30:00", 12:30:00, [a], {a: b}, 2026-11-26 10:00:00]
  - name: 2024
    description: fine
security_profiles:
  - name: bot
    topics: {block: [yes]}
    directions: {prompt: {data_leak: {profiles: [1e3]}}}
"""
    )
    quotes = ": put it in quotes"
    assert faults(tmp_path) == {
        "a.yml: custom_topics[0].name": f"must be a string, but is a boolean{quotes}",
        "a.yml: custom_topics[0].description": f"must be a string, but is a date or time{quotes}",
        "a.yml: custom_topics[0].examples[0]": f"must be a string, but is a boolean{quotes}",
        "a.yml: custom_topics[0].examples[1]": f"must be a string, but is a number{quotes}",
        "a.yml: custom_topics[0].examples[2]": f"must be a string, but is a number{quotes}",
        "a.yml: custom_topics[0].examples[4]": f"must be a string, but is a number{quotes}",
        "a.yml: custom_topics[0].examples[5]": f"must be a string, but is a list{quotes}",
        "a.yml: custom_topics[0].examples[6]": f"must be a string, but is a dictionary{quotes}",
        "a.yml: custom_topics[0].examples[7]": f"must be a string, but is a date or time{quotes}",
        "a.yml: custom_topics[1].name": f"must be a string, but is a number{quotes}",
        "a.yml: security_profiles[0].topics.block[0]": f"must be a string, but is a boolean{quotes}",
    }


@pytest.mark.parametrize(
    ("name", "place", "message"),
    [
        # Names that YAML takes for something else, whatever the option.
        ("customer_app: 1_000", "customer_app", "must be a string, but is a number: put it in quotes"),
        ("environment: 0x1f", "environment", "must be a string, but is a number: put it in quotes"),
        ("cloud_provider: 190:20:30", "cloud_provider", "must be a string, but is a number: put it in quotes"),
        ("deployment_profile: off", "deployment_profile", "must be a string, but is a boolean: put it in quotes"),
        ("ai_agent_framework: .5", "ai_agent_framework", "must be a string, but is a number: put it in quotes"),
        ("secret_path: 2024-01-01", "secret_path", "must be a string, but is a date or time: put it in quotes"),
        # Keys.
        ("no: x", "False", "is a key that must be a string, but is a boolean: put it in quotes"),
        ("~: x\n    2024: y", "None", "is a key that must be a string, but is null: put it in quotes"),
        ("12:30: x", "750", "is a key that must be a string, but is a number: put it in quotes"),
    ],
)
def test_no_name_and_no_key_is_anything_but_a_text(tmp_path: Path, name: str, place: str, message: str) -> None:
    (tmp_path / "a.yml").write_text(f"api_keys:\n  - name: key\n    {name}\n")
    assert faults(tmp_path)[f"a.yml: api_keys[0].{place}"] == message


def test_null_in_a_list_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("custom_topics: [{name: a, description: d, examples: [~]}]")
    assert faults(tmp_path) == {
        "a.yml: custom_topics[0].examples[0]": "must be a string, but is null: put it in quotes"
    }


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{a: 2026-11-26}", {".a": "is a date or time, which JSON does not support: put it in quotes"}),
        ("{a: [1, !!binary aGk=]}", {".a[1]": "is binary, which JSON does not support: put it in quotes"}),
        ("{a: !!set {b, c}}", {".a": "is a set, which JSON does not support: put it in quotes"}),
        ("{a: {b: .nan}}", {".a.b": "is nan, which is not a valid JSON number"}),
        ("{a: -.inf}", {".a": "is -inf, which is not a valid JSON number"}),
        ("{a: {yes: 1}}", {".a.True": "is a key that must be a string, but is a boolean: put it in quotes"}),
    ],
)
def test_a_raw_policy_holds_only_what_can_be_sent_as_it_is_meant(
    tmp_path: Path, value: str, message: dict[str, str]
) -> None:
    (tmp_path / "a.yml").write_text(f"security_profiles: [{{name: bot, policy: {value}}}]")
    assert faults(tmp_path) == {f"a.yml: security_profiles[0].policy{place}": why for place, why in message.items()}


def test_numbers_and_flags_stay_what_they_are_where_options_want_them(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        """
security_profiles:
  - name: bot
    latency: {max_seconds: 5}
    mask_data_in_storage: yes
    policy: {a: 1, b: [true, 1.5]}
"""
    )
    assert names(tmp_path) == ["bot"]


@pytest.mark.parametrize("place", ["name", "description", "examples[0]", "policy.a.b[1]", "policy.a"])
def test_half_a_character_is_one_fault_among_the_others(tmp_path: Path, place: str) -> None:
    cut = "Party \\ud83c"
    kind = "security_profiles" if place.startswith("policy") else "custom_topics"
    first = {
        "name": f'{{"name": "{cut}", "description": "d"}}',
        "description": f'{{"name": "n", "description": "{cut}"}}',
        "examples[0]": f'{{"name": "n", "description": "d", "examples": ["{cut}"]}}',
        "policy.a.b[1]": f'{{"name": "n", "policy": {{"a": {{"b": [1, "{cut}"]}}}}}}',
        "policy.a": f'{{"name": "n", "policy": {{"a": {{"{cut}": 1}}}}}}',
    }[place]
    (tmp_path / "t.json").write_text(f'{{"{kind}": [{first}, {{"name": "other", "nam": "x"}}]}}', encoding="utf-8")
    found = faults(tmp_path)
    assert (
        found[f"t.json: {kind}[0].{place}"]
        == "contains an incomplete character, such as a truncated emoji: correct the text"
    )
    assert found[f"t.json: {kind}[1].nam"] == "is not a supported option; did you mean 'name'?"


@pytest.mark.parametrize("content", [{"custom_topics": None}, {"custom_topics": [TOPIC], "api_keys": None}])
def test_a_kind_without_a_value_is_not_an_empty_list(content: dict[str, Any]) -> None:
    for document in (Document(Source("a.yml"), content), Document(content=content)):
        config = validated([document], {"secret_dir": None, "tsg_id": None})
        assert [fault.message.split(":")[0] for fault in config.faults] == ["has no value"]


def test_what_is_within_itself_is_named(tmp_path: Path) -> None:
    entry = "custom_topics:\n  - &a {name: x, description: d, examples: [*a]}\n"
    (tmp_path / "a.yml").write_text(entry)
    (tmp_path / "b.yml").write_text("custom_topics: &a [*a]\n")
    found = faults(tmp_path)
    assert {place for place, message in found.items() if "contains itself" in message} == {
        "a.yml: custom_topics[0]",
        "b.yml: custom_topics[0]",
    }


# --- what is meant to do harm ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["[{refs}]", "{{<<: [{refs}]}}"], ids=["lists", "merge keys"])
def test_a_few_lines_that_mean_billions_are_refused_at_once(tmp_path: Path, level: str) -> None:
    lines = ["a0: &a0 {x: 1}"]
    for number in range(1, 12):
        lines.append(f"a{number}: &a{number} " + level.format(refs=",".join([f"*a{number - 1}"] * 9)))
    (tmp_path / "a.yml").write_text("\n".join(lines))
    assert faults(tmp_path) == {"a.yml": "expands to more than 1000000 parts because of aliases: remove some of them"}


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        (
            "a.yml",
            "custom_topics:\n- name: a\n  description: 2024-13-45\n",
            3,
            "cannot be read: month must be in 1..12",
        ),
        ("a.json", '{"custom_topics": ' + "1" * 5000 + "}", 1, "cannot be read: "),
        ("a.yml", "custom_topics:\n- ? [{}]\n  : x\n", 2, "is not valid YAML: found unhashable key"),
    ],
)
def test_a_value_that_python_cannot_make_is_one_error(
    tmp_path: Path, name: str, text: str, line: int, message: str
) -> None:
    (tmp_path / name).write_text(text)
    (fault,) = read(tmp_path).faults
    assert fault.line == line
    assert fault.message.startswith(message)


@pytest.mark.parametrize("value", ["[1]", '{"a": 1}', '"soon"'])
def test_a_number_that_is_none_is_one_error(tmp_path: Path, value: str) -> None:
    (tmp_path / "a.json").write_text(
        f'{{"security_profiles": [{{"name": "a", "latency": {{"max_seconds": {value}}}}}]}}'
    )
    ((place, message),) = faults(tmp_path).items()
    assert place == "a.json: security_profiles[0].latency.max_seconds"
    assert message.startswith(("must be an integer, but is ", "is nan, which is no", "is inf, which is no"))


def test_a_path_that_leads_nowhere_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (fault,) = validated(read_documents("nowhere/x/"), {"secret_dir": None, "tsg_id": None}).faults
    expected = "no such file or directory: correct the path; relative paths are relative to "
    assert str(fault) == f"nowhere/x: {expected}{tmp_path}"


def test_errors_are_told_file_by_file_and_line_by_line() -> None:
    first, second = Source("b.yml"), Source("a.yml")
    given = [
        Fault("x", "two", first, 7),
        Fault("x", "four", second, 2),
        Fault("x", "one", first, 3),
        Fault("x", "five"),
        Fault("x", "three", first, 7),
    ]
    assert [fault.message for fault in by_line(given)] == ["one", "two", "three", "four", "five"]
