# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write files atomically, and read YAML as fast as the library can."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import secrets
import stat
import time
from collections.abc import Mapping
from typing import Any

from .deps import require_yaml
from .errors import AirsInputError
from .wording import called

#: Permissions of a file for everybody, less what the umask takes away.
READABLE = 0o666
#: Longest text of a small file, in characters.
_LONGEST = 1 << 20
#: Names of files until they are whole, and the seconds after which no run is writing one any more.
_TEMPORARY = re.compile(r"\.airs-[0-9a-f]{16}")
_ABANDONED = 3600
#: What there may be in the place of a file. Some have no end, wait for ever, or do something when they are opened.
_OTHERS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def no_file(path: str) -> str:
    """Return what is there instead of a file, such as "a directory"; "" for a file, nothing, and what cannot be seen.

    Args:
        path: the file; links are followed.
    """
    try:
        return _OTHERS.get(stat.S_IFMT(os.stat(path).st_mode), "")
    except OSError:
        return ""


def sweep(folder: str, mode: int) -> None:
    """Remove what runs that were killed have left in a folder: files of this user that were never whole, and are old.

    Args:
        folder: where files are going to be written.
        mode: their permissions, less what the umask takes away.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _TEMPORARY.fullmatch(entry.name):
                status = entry.stat(follow_symlinks=False)
                ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
                if ours and not stat.S_IMODE(status.st_mode) & ~mode and time.time() - status.st_mtime > _ABANDONED:
                    remove(entry.path)


def write_new(folder: str, text: str, mode: int, *, durable: bool = False, at: str | None = None) -> str:
    """Write a new file, and return its path.

    Args:
        folder: where it is made.
        text: what it holds.
        mode: its permissions, less what the umask takes away.
        durable: whether it is on disk before this returns.
        at: its path, where what a run that died has left is removed; if omitted, one that nothing else has.

    Raises:
        OSError: it could not be written; nothing of it is left.
    """
    if at:
        remove(at)
    path = at or os.path.join(folder, f".airs-{secrets.token_hex(8)}")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
    return path


def replace(path: str, text: str, mode: int, *, durable: bool = False, draft: str | None = None) -> None:
    """Write a file, whole or not at all: nobody ever reads half of it.

    Args:
        path: the file; what is there is replaced.
        text: what it holds.
        mode: its permissions, less what the umask takes away.
        durable: whether it is on disk, under its name, before this returns.
        draft: path of the new file until it is whole; if omitted, one that nothing else has.

    Raises:
        OSError: it could not be written; what was there before is still there.
    """
    folder = os.path.dirname(path)
    move(write_new(folder, text, mode, durable=durable, at=draft), path)
    if durable:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def move(new: str, path: str) -> None:
    """Put a new file in the place of another.

    Args:
        new: the new file.
        path: the other one, which need not be there.

    Raises:
        OSError: it could not be put there; the new file is gone, the other is as it was.
    """
    try:
        os.replace(new, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(new)
        raise


def remove(path: str) -> bool:
    """Remove a file, or a link, if it is there, and return whether it was.

    Raises:
        OSError: it could not be removed, or is neither.
    """
    other = "" if os.path.islink(path) else no_file(path)
    if other:
        raise OSError(errno.EINVAL, f"it is {other}")
    try:
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def read_text(path: str) -> str:
    """Return the text of a small file without white space around it; "" where there is no file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no file, no text, or not small.
    """
    other = no_file(path)
    if other:
        raise ValueError(f"it is {other}")
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read(_LONGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if len(text) > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST} characters")
    return text.strip()


def write_report(option: str, path: str, report: Mapping[str, Any]) -> None:
    """Write a report as JSON, for other programs.

    Args:
        option: the option that names the file, for the message.
        path: the file; what is there is replaced.
        report: the report.

    Raises:
        AirsInputError: it cannot be written.
    """
    other = no_file(path)
    if other:
        raise AirsInputError(f"{called(option)} {path} must be a file, but is {other}.")
    try:
        replace(os.path.abspath(path), f"{json.dumps(report, indent=2)}\n", READABLE)
    except OSError as error:
        raise AirsInputError(f"{called(option)} {path} cannot be written: {error.strerror}.") from None


def yaml_loader() -> Any:
    """Return the class that loads YAML safely. The parser in C is some ten times faster; not every build has it.

    Raises:
        AirsDependencyError: PyYAML is missing.
    """
    yaml = require_yaml()
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
