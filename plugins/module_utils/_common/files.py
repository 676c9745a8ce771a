# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: written whole or not at all, and YAML as fast as the library can."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from typing import Any

from .deps import require_yaml

#: Longest text of a small file, in characters.
_LONGEST = 1 << 20


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
    temporary = write_new(folder, text, mode, durable=durable, at=draft)
    try:
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if durable:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove(path: str) -> bool:
    """Remove a file if it is there, and return whether it was.

    Raises:
        OSError: it could not be removed.
    """
    try:
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def read_text(path: str) -> str:
    """Return the text of a small file without white space around it; "" where there is no file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no text, or not small.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return ""
        with open(path, encoding="utf-8") as stream:
            text = stream.read(_LONGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if len(text) > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST} characters")
    return text.strip()


def yaml_loader() -> Any:
    """Return the class that loads YAML safely. The parser in C is some ten times faster; not every build has it.

    Raises:
        AirsDependencyError: PyYAML is missing.
    """
    yaml = require_yaml()
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def dump_yaml(document: Any, width: int) -> str:
    """Return a document as YAML text in the order of its keys.

    Args:
        document: plain data.
        width: longest line, in characters; longer texts are folded.

    Raises:
        AirsDependencyError: PyYAML is missing.
    """
    yaml = require_yaml()
    text: str = yaml.dump(
        document,
        Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper),
        default_flow_style=False,
        sort_keys=False,
        allow_unicode=True,
        explicit_start=True,
        width=width,
    )
    return text
