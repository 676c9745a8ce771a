# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A place is proved by what follows: by replacing what is there, or writing it in place where that cannot be done.

Where the machine lets the tests mount, lock and fill, the system itself refuses. Its answers are put in its place, too.
"""

from __future__ import annotations

import errno
import itertools
import os
import resource
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._common import secret_file
from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._common.secret_file import SecretFile
from ansible_collections.panw.airs.plugins.module_utils._common.secret_note import Owner

OLD, NEW = "Abc123_-" * 8, "Zyx987_-" * 8
OWNER = Owner("API key 'bot'", "1", (OLD[-8:],))


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A file with a secret, in a folder of its own."""
    folder = tmp_path / "keys"
    folder.mkdir()
    path = folder / "bot.key"
    path.write_text(OLD, encoding="utf-8")
    path.chmod(0o600)
    return path


def secret_file_of(path: Path) -> SecretFile:
    """The file of a task, whose secrets are recovered beside the folder."""
    return SecretFile(str(path), str(path.parent.parent / "home"))


def left(key: Path) -> list[str]:
    """What is beside the file, but for its note."""
    return sorted(path.name for path in key.parent.iterdir() if path.name not in (key.name, f".{key.name}.airs-note"))


def tried(*command: str) -> bool:
    """Run a command of the system; tell whether this machine lets us."""
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@contextmanager
def refusing(monkeypatch: pytest.MonkeyPatch, name: str, refused: Path, number: int) -> Iterator[None]:
    """Let a function of the system refuse what concerns one path, with an error number."""
    function = getattr(os, name)

    def refuse(*arguments: Any, **keywords: Any) -> Any:
        if str(refused) in [str(argument) for argument in arguments[-2:]]:
            raise OSError(number, os.strerror(number))
        return function(*arguments, **keywords)

    with monkeypatch.context() as patched:
        patched.setattr(os, name, refuse)
        yield


@pytest.fixture(params=["by the system", "put in its place"])
def mounted(request: pytest.FixtureRequest, key: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file, mounted by itself as containers have it: no other file takes its place."""
    source = key.parent.parent / "source"
    source.write_text(OLD, encoding="utf-8")
    source.chmod(0o600)
    if request.param == "by the system" and tried("mount", "--bind", str(source), str(key)):
        yield key
        assert tried("umount", str(key))
    else:
        with refusing(monkeypatch, "replace", key, errno.EBUSY):
            yield key


# --- in place --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("held", [OLD, "", f"{OLD}\n"], ids=["a secret", "nothing", "a secret and a line feed"])
def test_a_file_that_is_mounted_by_itself_is_written_in_place(mounted: Path, held: str) -> None:
    mounted.write_text(held, encoding="utf-8")
    before, file = mounted.stat().st_ino, secret_file_of(mounted)
    file.prove_writable(OWNER)
    assert mounted.read_text(encoding="utf-8") == held
    file.store(NEW, OWNER)
    assert (mounted.read_text(encoding="utf-8"), mounted.stat().st_ino) == (NEW, before)
    assert stat.S_IMODE(mounted.stat().st_mode) == 0o600
    assert left(mounted) == []
    # Once more, by the note alone.
    again = secret_file_of(mounted)
    again.prove_writable(Owner(OWNER.what, "1"))
    again.store(OLD, OWNER)
    assert mounted.read_text(encoding="utf-8") == OLD


def test_a_run_that_is_killed_while_it_writes_in_place_leaves_one_secret_or_the_other(
    key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Ends the run as a signal does."""

    found = []
    for killed_at in itertools.count(1):
        key.write_text(OLD, encoding="utf-8")
        with refusing(monkeypatch, "replace", key, errno.EBUSY):
            file = secret_file_of(key)
            file.prove_writable(OWNER)
            calls = itertools.count(1)

            def deadly(function: Callable[..., Any], calls: Iterator[int] = calls, last: int = killed_at) -> Any:
                def call(*arguments: Any, **keywords: Any) -> Any:
                    if next(calls) == last:
                        raise Killed
                    return function(*arguments, **keywords)

                return call

            with monkeypatch.context() as patched:
                for name in ("open", "fchmod", "write", "ftruncate", "fsync"):
                    patched.setattr(os, name, deadly(getattr(os, name)))
                try:
                    file.store(NEW, OWNER)
                except Killed:
                    pass
                else:
                    break
        found.append(key.read_text(encoding="utf-8").strip())
    assert set(found) == {OLD, NEW}
    assert left(key) == []


@pytest.mark.parametrize("number", [errno.EPERM, errno.EACCES], ids=errno.errorcode.get)
def test_a_folder_that_takes_no_new_files_has_the_file_written_in_place(
    key: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_arguments: Any, **_keywords: Any) -> str:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(secret_file, "write_new", refuse)
    file = secret_file_of(key)
    file.prove_writable(OWNER)
    file.store(NEW, OWNER)
    assert key.read_text(encoding="utf-8") == NEW
    with pytest.raises(
        AirsInputError, match=f"secret_path .* cannot be written: .*: {os.strerror(number)}. Nothing was changed"
    ):
        secret_file_of(key.with_name("new.key")).prove_writable(OWNER)


# --- known before ----------------------------------------------------------------------------------------------------


def refused(path: Path, why: str) -> None:
    """Assert that a place is refused, and that nothing is left of the try."""
    before = path.read_text(encoding="utf-8") if path.exists() else None
    with pytest.raises(AirsInputError, match=f"secret_path .* cannot be written: .*{why}.*Nothing was changed"):
        secret_file_of(path).prove_writable(OWNER)
    assert (path.read_text(encoding="utf-8") if path.exists() else None) == before
    assert left(path) == []


def test_a_file_of_somebody_else_in_a_sticky_folder_is_refused(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its owner would read the secret, if it could be written at all."""

    def refuse(*_arguments: Any) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "fchmod", refuse)
    with refusing(monkeypatch, "replace", key, errno.EPERM):
        refused(key, "Operation not permitted")


def test_a_file_that_cannot_be_changed_is_refused(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if tried("chattr", "+i", str(key)):
        try:
            refused(key, "Operation not permitted")
        finally:
            assert tried("chattr", "-i", str(key))
    else:
        with refusing(monkeypatch, "replace", key, errno.EPERM), refusing(monkeypatch, "open", key, errno.EPERM):
            refused(key, "Operation not permitted")


def test_a_full_disk_is_known_before(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    if tried("mount", "-t", "tmpfs", "-o", "size=4096", "none", str(folder)):
        try:
            (folder / "all").write_bytes(b"x" * 4096)
            path = folder / "bot.key"
            with pytest.raises(AirsInputError, match="cannot be written: .*: No space left on device"):
                secret_file_of(path).prove_writable(OWNER)
            assert [path.name for path in folder.iterdir()] == ["all"]
        finally:
            assert tried("umount", str(folder))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, before[1]))
    try:
        with pytest.raises(AirsInputError, match="cannot be written: .*: File too large"):
            secret_file_of(tmp_path / "bot.key").prove_writable(OWNER)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


@pytest.mark.parametrize("dry", [False, True], ids=["for real", "check mode"])
def test_a_name_that_is_too_long_is_known_before(tmp_path: Path, dry: bool) -> None:
    with pytest.raises(AirsInputError, match=": File name too long. Nothing was changed"):
        SecretFile(str(tmp_path / ("x" * 256)), str(tmp_path)).prove_writable(OWNER, dry=dry)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dry", [False, True], ids=["for real", "check mode"])
def test_a_link_that_leads_back_to_itself_is_known_before(tmp_path: Path, dry: bool) -> None:
    (tmp_path / "bot.key").symlink_to("bot.key")
    with pytest.raises(AirsInputError, match=": it is a symbolic link that refers to itself. Nothing was"):
        secret_file_of(tmp_path / "bot.key").prove_writable(OWNER, dry=dry)


# --- what is left alone ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o400])
@pytest.mark.parametrize("held", [OLD, f"{OLD}\n", "", "\n"])
def test_a_try_changes_nothing(key: Path, mode: int, held: str) -> None:
    key.write_text(held, encoding="utf-8")
    key.chmod(mode)
    before = (key.stat().st_uid, key.stat().st_gid)
    secret_file_of(key).prove_writable(OWNER)
    assert (key.read_text(encoding="utf-8"), stat.S_IMODE(key.stat().st_mode)) == (held, mode)
    assert (key.stat().st_uid, key.stat().st_gid) == before
    assert left(key) == []


@pytest.mark.parametrize("dry", [False, True], ids=["for real", "check mode"])
@pytest.mark.parametrize("held", [b"a text", b"AIRS_API_KEY=" + OLD.encode(), b"\xff\xfe", b"x" * (1 << 21)])
def test_something_else_is_never_replaced(key: Path, held: bytes, dry: bool) -> None:
    key.write_bytes(held)
    before = key.stat().st_ino
    with pytest.raises(AirsInputError, match=r"secret_path .* Nothing was changed\.$"):
        secret_file_of(key).prove_writable(OWNER, dry=dry)
    assert (key.read_bytes(), key.stat().st_ino) == (held, before)
    assert [path.name for path in key.parent.iterdir()] == [key.name]


def test_a_link_is_followed_and_stays(key: Path) -> None:
    link = key.parent.parent / "link"
    link.symlink_to(key)
    file = secret_file_of(link)
    assert file.last8() == OLD[-8:]
    file.prove_writable(OWNER)
    file.store(NEW, OWNER)
    assert (link.is_symlink(), key.read_text(encoding="utf-8")) == (True, NEW)
    assert file.remove()
    assert (os.path.lexists(link), list(key.parent.iterdir())) == (False, [])
