# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tarball that users install, built by ``nox -s build``, which names it in ``AIRS_TARBALL``."""

from __future__ import annotations

import os
import tarfile

import pytest

WHAT_USERS_NEED = {
    "CHANGELOG.md",
    "COPYING",
    "FILES.json",
    "LICENSES",
    "MANIFEST.json",
    "README.md",
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
