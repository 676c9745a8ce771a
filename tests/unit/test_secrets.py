# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret files: whole, private, proved before and recovered after."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.panw.airs.plugins.module_utils._common import files
from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError, AirsSecretStoreError
from ansible_collections.panw.airs.plugins.module_utils._common.secret_file import SecretFile
from ansible_collections.panw.airs.plugins.module_utils._common.secret_note import Owner

SECRET = "0123456789-abcdefgh"
OWNER = Owner("API key 'bot'", "1")


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_stored_secret_is_the_whole_file_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    SecretFile(str(path), str(tmp_path / "home")).store(SECRET, OWNER)
    assert path.read_text() == SECRET
    assert mode(path) == 0o600
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".key.airs-note", "key"]
    note = tmp_path / ".key.airs-note"
    assert mode(note) == 0o600
    assert SECRET not in note.read_text()


def test_storing_replaces_an_older_secret_and_its_wide_permissions(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("older-and-longer-than-the-new-secret")
    path.chmod(0o644)
    SecretFile(str(path), str(tmp_path)).store(SECRET, OWNER)
    assert path.read_text() == SECRET
    assert mode(path) == 0o600


def test_last8_ignores_a_line_end(tmp_path: Path) -> None:
    path = tmp_path / "key"
    file = SecretFile(str(path), str(tmp_path))
    assert file.last8() is None
    path.write_text(f"{SECRET}\n")
    assert file.last8() == "abcdefgh"
    path.write_bytes(b"\xff\xfe")
    assert file.last8() is None


def test_proving_leaves_no_trace(tmp_path: Path) -> None:
    SecretFile(str(tmp_path / "key"), str(tmp_path)).prove_writable(OWNER)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dry", [False, True])
def test_a_missing_folder_is_named(tmp_path: Path, dry: bool) -> None:
    with pytest.raises(
        AirsInputError, match=r"secret_path .*/no/key cannot be written: the directory .*/no does not exist"
    ):
        SecretFile(str(tmp_path / "no" / "key"), str(tmp_path)).prove_writable(OWNER, dry=dry)


@pytest.mark.parametrize("dry", [False, True])
def test_what_is_no_file_is_named_and_stays(tmp_path: Path, odd: Callable[[Path], str], dry: bool) -> None:
    path = tmp_path / "key"
    what = odd(path)
    file = SecretFile(str(path), str(tmp_path))
    with pytest.raises(AirsInputError, match=f"key cannot be written: it is {what}. Nothing was changed"):
        file.prove_writable(OWNER, dry=dry)
    with pytest.raises(AirsInputError, match=f"secret_path .*/key must be a file, but is {what}. Nothing was changed"):
        file.last8()
    assert not path.is_file()


# --- what runs that were killed have left ----------------------------------------------------------------------------

LEFT = ".airs-0123456789abcdef"


def abandoned(path: Path, mode: int = 0o600, age: float = 3700) -> Path:
    """Make a file as a run that was killed leaves it, some seconds ago."""
    path.write_text(SECRET)
    path.chmod(mode)
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_what_a_killed_run_has_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = abandoned(tmp_path / LEFT)
    file = SecretFile(str(tmp_path / "key"), str(tmp_path))
    file.prove_writable(OWNER, dry=True)
    assert left.exists()
    file.prove_writable(OWNER)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [LEFT.upper(), f"{LEFT}0", LEFT[1:], ".airs-0123456789abcdeg", "bot.airs-probe"])
def test_files_of_other_names_are_left_alone(tmp_path: Path, name: str) -> None:
    kept = abandoned(tmp_path / name)
    files.sweep(str(tmp_path), 0o600)
    assert kept.exists()


def test_what_is_young_or_not_ours_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    young = abandoned(tmp_path / LEFT, age=3500)
    wide = abandoned(tmp_path / LEFT.replace("0", "1"), mode=0o640)
    link, folder = tmp_path / LEFT.replace("0", "2"), tmp_path / LEFT.replace("0", "3")
    link.symlink_to(wide)
    folder.mkdir()
    os.utime(folder, (0, 0))
    os.utime(link, (0, 0), follow_symlinks=False)
    others = abandoned(tmp_path / LEFT.replace("0", "4"))
    with monkeypatch.context() as patched:
        patched.setattr(os, "geteuid", lambda: others.stat().st_uid + 1)
        files.sweep(str(tmp_path), 0o600)
    assert others.exists()
    files.sweep(str(tmp_path), 0o600)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in (young, wide, link, folder)}
    files.sweep(str(tmp_path / "none"), 0o600)


def test_a_folder_that_takes_no_files_is_named() -> None:
    with pytest.raises(AirsInputError, match="Nothing was changed"):
        SecretFile("/proc/airs-key", "/proc").prove_writable(OWNER)


def test_a_secret_that_cannot_be_stored_is_recovered(tmp_path: Path) -> None:
    folder, home = tmp_path / "vanishing", tmp_path / "home"
    folder.mkdir()
    file = SecretFile(str(folder / "key"), str(home))
    file.prove_writable(OWNER)
    shutil.rmtree(folder)
    with pytest.raises(AirsSecretStoreError) as caught:
        file.store(SECRET, OWNER)
    (saved,) = home.iterdir()
    assert saved.read_text() == SECRET
    assert mode(saved) == 0o600
    assert str(saved) in caught.value.message
    assert SECRET not in caught.value.message


def test_a_secret_that_cannot_be_saved_anywhere_is_said_to_be_lost(tmp_path: Path) -> None:
    with pytest.raises(AirsSecretStoreError, match=r"it is lost. Run again with regenerate: always"):
        SecretFile(str(tmp_path / "no" / "key"), os.devnull).store(SECRET, OWNER)
