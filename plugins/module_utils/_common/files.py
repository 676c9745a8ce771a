# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: written whole or not at all, and YAML as fast as the library can."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import Any

from .deps import require_yaml


def write_new(folder: str, text: str, mode: int, *, durable: bool = False) -> str:
    """Write a new, hidden file of a name that nothing else has, and return its path.

    Args:
        folder: where it is made.
        text: what it holds.
        mode: its permissions, less what the umask takes away.
        durable: whether it is on disk before this returns.

    Raises:
        OSError: it could not be written; nothing of it is left.
    """
    path = os.path.join(folder, f".airs-{secrets.token_hex(8)}")
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


def replace(path: str, text: str, mode: int, *, durable: bool = False) -> None:
    """Write a file, whole or not at all: nobody ever reads half of it.

    Args:
        path: the file; what is there is replaced.
        text: what it holds.
        mode: its permissions, less what the umask takes away.
        durable: whether it is on disk, under its name, before this returns.

    Raises:
        OSError: it could not be written; what was there before is still there.
    """
    folder = os.path.dirname(path)
    temporary = write_new(folder, text, mode, durable=durable)
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
