# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the certification by Red Hat and the inclusion in the Ansible package require, and no linter checks.

Tags, changelog, ``meta/runtime.yml`` and names of modules are checked by ansible-lint with the profile ``production``,
and everything together by ``make galaxy-importer``, which is what Automation Hub runs.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "section",
    ["Install(ation)?", "Requirements|Supported.*", "Communication", "Support", "Release notes", ".*licen[sc]e"],
)
def test_the_readme_has_the_required_sections(section: str) -> None:
    assert re.search(rf"^## ({section})$", README, re.M)


def test_the_readme_leaves_the_installation_of_ansible_to_the_platform() -> None:
    assert not re.search(r"pip3? install (-\S+ )*ansible(-core)?\b", README)


@pytest.mark.parametrize("file", ["requirements.txt", "roles/emulator/files/requirements.txt"])
def test_requirements_have_a_lower_bound_only(file: str) -> None:
    """An upper bound would keep users from security fixes; ``make matrix`` tests with the newest instead."""
    lines = [line for line in (CHECKOUT / file).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[a-z]+>=\d+(\.\d+)*", line)] == []


def test_no_linter_and_no_sanity_test_is_told_to_ignore_something() -> None:
    assert list((CHECKOUT / "tests").glob("sanity/ignore*")) == []
    settings = yaml.safe_load((CHECKOUT / ".ansible-lint").read_text(encoding="utf-8"))
    assert settings["profile"] == "production"
    assert settings["strict"] is True
    assert not settings.get("skip_list")
    assert not settings.get("warn_list")


def test_the_code_of_conduct_is_that_of_the_ansible_community() -> None:
    address = "https://docs.ansible.com/ansible/latest/community/code_of_conduct.html"
    assert address in (CHECKOUT / "CODE_OF_CONDUCT.md").read_text(encoding="utf-8")
