# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows of GitHub: what they run is what the project says."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))


def constant(name: str) -> Any:
    """Return a constant of noxfile.py, which cannot be imported without nox."""
    for statement in ast.parse((CHECKOUT / "noxfile.py").read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and [ast.unparse(target) for target in statement.targets] == [name]:
            return ast.literal_eval(statement.value)
    raise LookupError(name)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit(workflow: Path) -> None:
    used = [line.strip() for line in workflow.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert used
    for line in used:
        assert re.fullmatch(r"- uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


def test_one_action_has_one_version() -> None:
    text = "\n".join(workflow.read_text(encoding="utf-8") for workflow in WORKFLOWS)
    pins = set(re.findall(r"uses: (\S+)@(\S+ # \S+)", text))
    assert len(pins) == len({action for action, _pin in pins})


def test_the_support_matrix_has_the_cells_of_make_matrix() -> None:
    workflow = yaml.safe_load((CHECKOUT / ".github" / "workflows" / "matrix.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["cell"]["strategy"]["matrix"]
    cells = constant("MATRIX")
    assert matrix["core"] == list(cells)
    assert matrix["libraries"] == constant("LIBRARIES")
    assert {cell["core"]: cell["python"] for cell in matrix["include"]} == {
        core: python for core, (python, _versions) in cells.items()
    }


def test_the_matrix_begins_with_what_the_collection_promises() -> None:
    promised = yaml.safe_load((CHECKOUT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["requires_ansible"]
    assert promised == f">={next(iter(constant('MATRIX')))}.0"
