# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert names of a tenant or of its configuration to file names, and determine which paths refer to the same file."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable

#: Longest name as a part of a file name, in characters: two of them and their endings have room in one (255 bytes).
_LONGEST = 100
#: What is written as in URLs: hidden files, options of commands, and what some systems cut off are among it.
_SPECIAL = re.compile(r"[^A-Za-z0-9._-]|^[.-]|\.\Z")
#: Names that are devices on some systems, whatever their suffix.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_name(name: str) -> str:
    """Return a name as a part of a file name: plain letters, digits, dots, dashes and underscores stay as they are.

    All else is written as in URLs, and of long names a checksum, so that no two names become one. Nothing in it means
    anything to a shell, a template or a file system.
    """
    safe = _SPECIAL.sub(_encoded, name) or "%"
    if _RESERVED.fullmatch(safe):
        safe = f"%{ord(safe[0]):02X}{safe[1:]}"
    return _with_checksum(safe, name) if len(safe) > _LONGEST else safe


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Return what file_name() makes of each name, but none the same as another even where case does not count.

    Of names that differ in case only, all but one of small letters get a checksum that depends on the name alone.
    """
    made = {name: file_name(name) for name in names}
    folded = Counter(safe.lower() for safe in made.values())
    return {
        name: safe if folded[safe.lower()] == 1 or safe == safe.lower() else _with_checksum(safe, name)
        for name, safe in made.items()
    }


def _encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in _bytes(match[0]))


def _with_checksum(safe: str, name: str) -> str:
    # A percent sign that no digits follow is in no other name.
    checksum = hashlib.sha256(_bytes(name)).hexdigest()
    return f"{safe[: _LONGEST - len(checksum) - 2]}%-{checksum}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def identity(path: str) -> str:
    """Return what all paths of one file have in common, whether there is a file yet or not.

    Links and C(..) are resolved. Case does not count where the file system does not tell it, as far as the folder of
    the file shows that.
    """
    real = os.path.realpath(path)
    parent, folder = os.path.split(os.path.dirname(real))
    try:
        same = os.path.samefile(os.path.join(parent, folder), os.path.join(parent, folder.swapcase()))
    except OSError:
        same = False
    return real.lower() if same and folder != folder.swapcase() else real
