# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret files: whole, private, proved before and recovered after."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError, AirsSecretStoreError
from ansible_collections.panw.airs.plugins.module_utils._common.secret_file import SecretFile

SECRET = "0123456789-abcdefgh"


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_stored_secret_is_the_whole_file_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    SecretFile(str(path), str(tmp_path / "home")).store(SECRET)
    assert path.read_text() == SECRET
    assert mode(path) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]


def test_storing_replaces_an_older_secret_and_its_wide_permissions(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("older and longer than the new secret")
    path.chmod(0o644)
    SecretFile(str(path), str(tmp_path)).store(SECRET)
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
    SecretFile(str(tmp_path / "key"), str(tmp_path)).prove_writable()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dry", [False, True])
def test_a_missing_folder_is_named(tmp_path: Path, dry: bool) -> None:
    with pytest.raises(
        AirsInputError, match=r"secret_path .*/no/key cannot be written: the folder .*/no does not exist"
    ):
        SecretFile(str(tmp_path / "no" / "key"), str(tmp_path)).prove_writable(dry=dry)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AirsInputError, match="it is a folder"):
        SecretFile(str(tmp_path), str(tmp_path)).prove_writable()


def test_a_folder_that_takes_no_files_is_named() -> None:
    with pytest.raises(AirsInputError, match="Nothing was changed"):
        SecretFile("/proc/airs-key", "/proc").prove_writable()


def test_a_secret_that_cannot_be_stored_is_recovered(tmp_path: Path) -> None:
    folder, home = tmp_path / "vanishing", tmp_path / "home"
    folder.mkdir()
    file = SecretFile(str(folder / "key"), str(home))
    file.prove_writable()
    shutil.rmtree(folder)
    with pytest.raises(AirsSecretStoreError) as caught:
        file.store(SECRET)
    (saved,) = home.iterdir()
    assert saved.read_text() == SECRET
    assert mode(saved) == 0o600
    assert str(saved) in caught.value.message
    assert SECRET not in caught.value.message


def test_a_secret_that_cannot_be_saved_anywhere_is_said_to_be_lost(tmp_path: Path) -> None:
    with pytest.raises(AirsSecretStoreError, match=r"it is lost. Run again with regenerate: always"):
        SecretFile(str(tmp_path / "no" / "key"), os.devnull).store(SECRET)
