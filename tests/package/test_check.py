# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make test``, with small sessions in the place of those of the project."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SESSIONS = """\
import nox

nox.options.error_on_missing_interpreters = False
LANES = [["quick", "tests -- unit"], ["slow-3.10", "absent-3.1"]]


@nox.session(venv_backend="none")
def quick(session):
    print("quick says hello")


@nox.session(venv_backend="none")
def tests(session):
    print(*range(100), sep="\\n")
    BROKEN


@nox.session(venv_backend="none", name="slow-3.10")
def slow(session):
    session.run("sleep", "0.2", external=True)


@nox.session(python="3.1", name="absent")
def absent(session):
    raise AssertionError("there is no such Python")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the script and a file of sessions that all pass."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(CHECKOUT / ".ci" / "check.py", tmp_path / ".ci")
    (tmp_path / "noxfile.py").write_text(SESSIONS.replace("BROKEN", ""))
    return tmp_path


def check(checkout: Path, *arguments: str) -> tuple[int, list[str]]:
    """Run the script, and return its exit code and the lines that it prints, without the seconds."""
    command = [sys.executable, ".ci/check.py", *arguments]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, re.sub(r" +\d+ s\b", " N s", done.stdout).splitlines()


def test_a_run_without_errors_has_one_line_for_each_session(checkout: Path) -> None:
    code, lines = check(checkout)
    assert code == 0
    first, *sessions, empty, last = lines
    assert first == "Running 4 sessions in 2 lanes; their output is in build/logs"
    assert sorted(sessions) == [
        "  ok       quick N s",
        "  ok       slow-3.10 N s",
        "  ok       unit N s",
        "  skipped  absent-3.1 N s  Python interpreter 3.1 not found",
    ]
    assert (empty, last) == ("", "3 ok, 1 skipped in 0 min N s")
    assert "quick says hello" in (checkout / "build/logs/quick.log").read_text()


@pytest.mark.parametrize(("arguments", "shown"), [([], "the last 20"), (["--whole-logs"], "all 1")])
def test_a_session_that_fails_shows_its_log_and_how_to_repeat_it(
    checkout: Path, arguments: list[str], shown: str
) -> None:
    (checkout / "noxfile.py").write_text(SESSIONS.replace("BROKEN", "session.error('the unit tests failed')"))
    code, lines = check(checkout, *arguments)
    assert code == 1
    assert "  FAILED   unit N s  build/logs/unit.log" in lines
    start = next(number for number, line in enumerate(lines) if line.startswith(f"unit failed; {shown}"))
    assert re.fullmatch(r"unit failed; .* lines of build/logs/unit\.log:", lines[start])
    quoted = [line for line in lines[start:] if line.startswith("  | ")]
    assert ("  | 0" in quoted) == bool(arguments)
    assert any("the unit tests failed" in line for line in quoted)
    assert lines[-1] == "2 ok, 1 skipped, 1 FAILED in 0 min N s"

    (repeat,) = [line.removeprefix("Repeat it: ") for line in lines if line.startswith("Repeat it: ")]
    assert repeat.endswith("/nox -s tests -- unit")
    assert subprocess.run(repeat, shell=True, cwd=checkout, capture_output=True, check=False).returncode == 1
    assert len(lines) < 40 or arguments


def test_a_session_that_does_not_exist_fails(checkout: Path) -> None:
    (checkout / "noxfile.py").write_text(SESSIONS.replace('"quick"', '"missing"', 1).replace("BROKEN", ""))
    code, lines = check(checkout)
    assert code == 1
    assert "  FAILED   missing N s  build/logs/missing.log" in lines


def test_the_lanes_have_every_session_that_runs_by_default() -> None:
    """A check that is written but in no lane would never run in CI."""
    nox = Path(sys.executable).with_name("nox")
    listed = subprocess.run([str(nox), "--list"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    default = {line.split()[1] for line in listed.splitlines() if line.startswith("* ")}
    told = subprocess.run(
        [sys.executable, "-c", "import noxfile; print(*sum(noxfile.LANES, []), noxfile.THIS_PYTHON, sep='|')"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    *sessions, python = told.strip().split("|")
    assert {session.removeprefix("tests -- ") for session in sessions} == default - {f"doors-{python}"}
