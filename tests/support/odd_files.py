# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there may be in the place of a file: some of it has no end, or waits for ever."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

KINDS = ("a directory", "a named pipe", "a socket", "a device")


def make(kind: str, path: Path) -> str:
    """Put something of a kind where a file should be, and return how sentences call it."""
    if kind == "a directory":
        path.mkdir()
    elif kind == "a named pipe":
        os.mkfifo(path)
    elif kind == "a socket":
        with _inside(path.parent), socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    else:
        path.symlink_to(os.devnull)
    return kind


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Be in a folder: the path of a socket has a limit that temporary folders exceed."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@pytest.fixture(params=KINDS)
def odd(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Something that is no file: put in a place, and named as sentences do."""
    return lambda path: make(request.param, path)
