# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of a tenant as names of files: nothing in them means anything, and no two are one."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

import pytest

from ansible_collections.panw.airs.plugins.module_utils._common.file_names import file_name, file_names, identity

#: Names that mean something to a shell, to Ansible, to a file system, or to this very encoding.
ODD_NAMES = (
    "",
    ".",
    "..",
    "...",
    "a/b",
    "a_b",
    "a%2Fb",
    "a%b",
    "%",
    "%2E",
    "%-",
    "~",
    "~root",
    "$HOME",
    "$PANW_CLIENT_SECRET",
    "{{ lookup('pipe', 'id') }}",
    "{name}",
    "a b",
    "a\nb",
    "a\0b",
    "-rf",
    "é",
    "e\u0301",
    "\udcff",
    "x" * 100,
    "x" * 101,
    "x" * 102,
    "/" * 31,
    "/" * 34,
    "\U0001f511" * 31,
    "\U0001f511" * 30 + "x",
    "/etc/passwd",
    "..\\x",
    ".hidden",
    "a.",
    "a.\n",
    "a ",
    " a",
    "a:b",
    'a"b',
    "a*b",
    "a?b",
    "NUL",
    "con.txt",
    "\u202eabc",
    ".airs-0123456789abcdef",
)


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_a_file_name_has_nothing_that_means_anything(name: str) -> None:
    made = file_name(name)
    assert re.fullmatch(r"[A-Za-z0-9_%][A-Za-z0-9._%-]*", made)
    assert not made.endswith(".")
    assert len(made) <= 100
    assert made.partition(".")[0].lower() not in ("nul", "con")
    assert os.path.expandvars(os.path.expanduser(made)) == made


def test_two_names_never_become_one() -> None:
    short = ["".join(letters) for length in range(4) for letters in itertools.product("a%2E./-_", repeat=length)]
    names = {*ODD_NAMES, *short}
    assert len({file_name(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["bot", "Support-Bot_2.0", "v1.2-bot_x", "console", "x" * 100])
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert file_name(name) == name


def test_of_many_names_none_is_another_even_where_case_does_not_count() -> None:
    names = [
        *ODD_NAMES,
        "advice",
        "Advice",
        "ADVICE",
        "A b",
        "STRASSE",
        "stra\u00dfe",
        "k\u00e4se",
        "ka\u0308se",
        "Bot",
    ]
    names += ["A/" * 60, "a/" * 60]
    made = file_names(names)
    assert len({safe.lower() for safe in made.values()}) == len(names)
    assert made == {name: file_names(reversed(names))[name] for name in names}
    assert (made["advice"], made["Bot"]) == ("advice", "Bot")
    assert re.fullmatch(r"Advice%-[0-9a-f]{64}", made["Advice"])
    assert max(map(len, made.values())) <= 100


def test_all_paths_of_one_file_have_one_identity(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real" / "alias").symlink_to("key")
    paths = ("real/key", "link/key", "link/alias", "link/../real/key", "real/./key")
    assert len({identity(str(tmp_path / path)) for path in paths}) == 1
    assert identity(str(tmp_path / "real" / "key")) != identity(str(tmp_path / "real" / "Key"))
    assert identity(str(tmp_path / "no" / "key")) == str(tmp_path / "no" / "key")
