# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples for CI call what there is, and find in its output what is wrong."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.panw.airs.plugins.module_utils._tenant.config import Fault
from ansible_collections.panw.airs.plugins.module_utils._tenant.files import Source

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "ci"


def read(name: str) -> Any:
    """The content of an example."""
    return yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))


def commands() -> list[str]:
    """The commands of all examples that run a playbook."""
    steps = read("github-workflow.yml")["jobs"]["lint"]["steps"]
    lines = [line for step in steps for line in step.get("run", "").splitlines()]
    lines += [hook["entry"] for repository in read("pre-commit-config.yaml")["repos"] for hook in repository["hooks"]]
    lines += re.findall(r"^\$ (.*)$", (EXAMPLES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    return [line for line in lines if line.startswith("ansible-playbook ")]


def test_commands_run_a_playbook_with_variables_that_its_role_takes() -> None:
    specs = yaml.safe_load((ROOT / "roles/tenant/meta/argument_specs.yml").read_text(encoding="utf-8"))
    taken = specs["argument_specs"]["lint"]["options"]
    assert len(commands()) == 3
    for command in commands():
        _program, playbook, *rest = shlex.split(command)
        assert (ROOT / "playbooks" / f"{playbook.removeprefix('panw.airs.')}.yml").is_file()
        assert [word for word in rest if word != "-e" and word.partition("=")[0] not in taken] == []


@pytest.mark.parametrize("file", ["tenant/a.yml", "tenant/deep er/b:c.json", "/abs/x.yaml"])
def test_the_matcher_finds_file_and_line(file: str) -> None:
    (pattern,) = read("airs-lint-matcher.json")["problemMatcher"][0]["pattern"]
    fault = Fault("custom_topics[0].nam", "is no option: 1:2: x", Source(file), at=12)
    found = re.match(pattern["regexp"], str(fault))
    assert found
    assert [found[pattern[name]] for name in ("file", "line", "message")] == [
        file,
        "12",
        "custom_topics[0].nam: is no option: 1:2: x",
    ]
    assert not re.match(pattern["regexp"], "The configuration has 1 error.")
    assert json.loads((EXAMPLES / "airs-lint-matcher.json").read_text())  # GitHub reads JSON


def test_the_hook_runs_for_files_of_the_tenant() -> None:
    ((hook,),) = [repository["hooks"] for repository in read("pre-commit-config.yaml")["repos"]]
    assert re.search(hook["files"], "tenant/topics/finance.yml")
    assert not re.search(hook["files"], "docs/tenant/x.yml")
    assert hook["pass_filenames"] is False
