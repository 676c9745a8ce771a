# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory is the truth: whatever is in it is read, or refused by name; a text is only what is written as one."""

from __future__ import annotations

import json
import os
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._tenant.config import Config, validated
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
        (make_fifo, "is no regular file"),
        (make_socket, "is no regular file"),
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


@pytest.mark.parametrize("name", ["a.yml.bak", "a.ymll", "a", "a.toml", "a.yml~"])
def test_files_of_other_names_are_refused_rather_than_skipped(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT)
    assert faults(tmp_path)[name].startswith("is not read, for it does not end in .yml, .yaml or .json")


def test_a_folder_that_leads_back_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(TEXT)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert faults(tmp_path) == {"again": "leads back to a folder above it: remove the link"}


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
        "a.yml: custom_topics[0].name": f"must be a text, but is yes or no{quotes}",
        "a.yml: custom_topics[0].description": f"must be a text, but is a date or time{quotes}",
        "a.yml: custom_topics[0].examples[0]": f"must be a text, but is yes or no{quotes}",
        "a.yml: custom_topics[0].examples[1]": f"must be a text, but is a number{quotes}",
        "a.yml: custom_topics[0].examples[2]": f"must be a text, but is a number{quotes}",
        "a.yml: custom_topics[0].examples[4]": f"must be a text, but is a number{quotes}",
        "a.yml: custom_topics[0].examples[5]": f"must be a text, but is a list{quotes}",
        "a.yml: custom_topics[0].examples[6]": f"must be a text, but is a dictionary{quotes}",
        "a.yml: custom_topics[0].examples[7]": f"must be a text, but is a date or time{quotes}",
        "a.yml: custom_topics[1].name": f"must be a text, but is a number{quotes}",
        "a.yml: security_profiles[0].topics.block[0]": f"must be a text, but is yes or no{quotes}",
    }


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
    assert found[f"t.json: {kind}[0].{place}"] == "has half of a character, such as a cut-off emoji: write it again"
    assert found[f"t.json: {kind}[1].nam"] == "is no option; did you mean 'name'?"


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
    assert {place for place, message in found.items() if "within itself" in message} == {
        "a.yml: custom_topics[0]",
        "b.yml: custom_topics[0]",
    }
