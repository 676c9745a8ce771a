# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tarball that users install, built by ``nox -s package``, which names it in ``AIRS_TARBALL``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

WHAT_USERS_NEED = {
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "COPYING",
    "FILES.json",
    "LICENSES",
    "MANIFEST.json",
    "README.md",
    "SECURITY.md",
    "changelogs",
    "docs",
    "examples",
    "extensions",
    "meta",
    "playbooks",
    "plugins",
    "requirements.txt",
    "roles",
}
MUST_BE_THERE = {
    "COPYING",
    "README.md",
    "SECURITY.md",
    "meta/execution-environment.yml",
    "meta/runtime.yml",
    "requirements.txt",
    "changelogs/changelog.yaml",
    "plugins/action/airs_custom_topic.py",
    "plugins/modules/airs_custom_topic.py",
    "roles/emulator/files/airs_emulator/__main__.py",
}


@pytest.fixture(scope="module")
def packed() -> set[str]:
    """Return the paths of all files in the tarball."""
    with tarfile.open(os.environ["AIRS_TARBALL"]) as tarball:
        return {member.name for member in tarball.getmembers() if member.isfile()}


def test_it_holds_what_the_collection_needs_to_run(packed: set[str]) -> None:
    assert packed >= MUST_BE_THERE


def test_it_holds_nothing_that_only_developers_need(packed: set[str]) -> None:
    assert {path.split("/")[0] for path in packed} <= WHAT_USERS_NEED


def test_it_holds_no_traces_of_the_machine_that_built_it(packed: set[str]) -> None:
    traces = ("__pycache__", ".pyc", "changelogs/fragments", "docs/site", ".plugin-cache", "extensions/molecule", "/.")
    assert [path for path in packed if any(trace in path for trace in traces)] == []


def test_what_git_ignores_is_never_packed() -> None:
    """Whoever builds in a checkout that is in use has files there that git ignores, and ansible-galaxy does not."""
    checkout = Path(__file__).resolve().parents[2]
    about = yaml.safe_load((checkout / "galaxy.yml").read_text(encoding="utf-8"))
    by_itself = ["*.pyc", "*.retry", "tests/output"]
    for line in (checkout / ".gitignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sample = line.strip("/").replace("*", "x").replace("[co]", "c")
            for path in [sample] if line.startswith("/") else [sample, f"plugins/modules/{sample}"]:
                assert any(fnmatch(path, pattern) for pattern in [*about["build_ignore"], *by_itself]), path


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the tarball where nothing else is, and return the collections path."""
    collections = tmp_path_factory.mktemp("alone")
    folder = collections / "ansible_collections" / "panw" / "airs"
    folder.mkdir(parents=True)
    with tarfile.open(os.environ["AIRS_TARBALL"]) as tarball:
        for member in tarball.getmembers():
            assert member.isfile() or member.isdir()
        tarball.extractall(folder)
    return collections


def ansible(tool: str, *arguments: str, collections: Path) -> str:
    """Run one of Ansible's tools with this collection and no other."""
    command = [str(Path(sys.executable).parent / tool), *arguments]
    env = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "AIRS_", "PYTHON"))}
    env |= {"ANSIBLE_COLLECTIONS_PATH": str(collections), "ANSIBLE_LOCALHOST_WARNING": "false"}
    done = subprocess.run(command, cwd=collections, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("kind", ["module", "lookup", "inventory", "filter", "role"])
def test_what_it_holds_can_be_read_about_without_anything_else(alone: Path, kind: str) -> None:
    folder = alone / "ansible_collections" / "panw" / "airs" / ("roles" if kind == "role" else f"plugins/{kind}")
    files = (folder if folder.is_dir() else folder.with_name("modules")).iterdir()
    names = sorted({file.stem for file in files if not file.name.startswith("_")})
    told = ansible("ansible-doc", "--json", "-t", kind, *(f"panw.airs.{name}" for name in names), collections=alone)
    assert [name for name in names if f'"panw.airs.{name}"' not in told] == []


def test_its_playbooks_find_all_that_they_name(alone: Path) -> None:
    playbooks = (alone / "ansible_collections" / "panw" / "airs" / "playbooks").glob("*.yml")
    names = [f"panw.airs.{playbook.stem}" for playbook in playbooks]
    assert names
    told = ansible("ansible-playbook", "--syntax-check", *names, collections=alone)
    assert told.count("playbook: ") == len(names)


def test_its_pages_link_to_nothing_outside(alone: Path) -> None:
    folder = alone / "ansible_collections" / "panw" / "airs"
    of_the_repository = folder / "CONTRIBUTING.md"  # it speaks of what a checkout has
    links = [
        (page, target)
        for page in set(folder.rglob("*.md")) - {of_the_repository}
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    ]
    assert links
    broken = [f"{page.relative_to(folder)}: {target}" for page, target in links if not (page.parent / target).exists()]
    assert broken == []
