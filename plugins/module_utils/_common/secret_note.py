# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record the owner of the secret in a file, so that nothing else is ever overwritten.

The service returns the last 8 characters of the current secret of a key, but not of previous ones. Therefore a small
hidden note in the same directory records the owner of a secret, with digests and never with the secret itself. A file
that neither of them identifies is not modified.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import AirsInputError
from .files import read_text, remove
from .wording import one_line

#: Permissions of a secret, and of what tells of it: its owner's alone.
PRIVATE = 0o600
#: A secret and nothing else, unlike a file of settings that ends with one.
_SECRET = re.compile(r"[\w.+/-]{8,}={0,2}", re.ASCII)


def note_path(path: str) -> str:
    """Return the path of the note of a file. It is hidden: folders of secrets are read as a whole, too."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.airs-note")


@dataclass(frozen=True)
class Owner:
    """Whose a secret is.

    Args:
        what: kind and name of the object, such as "API key 'bot'".
        tenant: id of its tenant; "" when that is not known.
        last8s: the last 8 characters of its secrets, as far as the service tells them.
    """

    what: str
    tenant: str = ""
    last8s: tuple[str, ...] = ()

    @classmethod
    def of(cls, what: str, said: Mapping[str, Any]) -> Owner:
        """Return the owner that told() has told of.

        Args:
            what: kind and name of the object.
            said: what it told; may be empty.
        """
        last8s = said.get("last8s")
        known = last8s if isinstance(last8s, list) else []
        return cls(what, str(said.get("tsg_id") or ""), tuple(str(last8) for last8 in known if last8))

    def told(self) -> dict[str, Any]:
        """Return the owner for results, of which a later task takes it; no secret is in it."""
        return {"tsg_id": self.tenant, "last8s": list(self.last8s)}

    def may_replace(self, path: str, secret: str) -> bool:
        """Tell whether a file has nothing, or a secret of this owner's, former ones included.

        Args:
            path: the file.
            secret: what it holds.
        """
        last8 = secret[-8:] if _SECRET.fullmatch(secret) else "\0"
        return not secret or self.may_replace_last8(last8, noted(path, self.what, secret))

    def may_replace_last8(self, last8: str, noted_tsg_ids: Sequence[str]) -> bool:
        """Tell the same of a file that somebody else has looked at.

        Args:
            last8: the last 8 characters of the secret that it holds; "" for nothing.
            noted_tsg_ids: what noted() has returned.
        """
        return not last8 or last8 in self.last8s or self.tenant in noted_tsg_ids

    def require(self, path: str, title: str, secret: str) -> None:
        """Refuse to replace what is not this owner's.

        Args:
            path: the file.
            title: how the sentence calls it.
            secret: what it holds.

        Raises:
            AirsInputError: it is somebody else's, or nobody knows whose.
        """
        if not self.may_replace(path, secret):
            raise AirsInputError(f"{title} {not_ours(path, self.what, secret)} Nothing was changed.")

    def note(self, path: str, *secrets: str) -> None:
        """Note that the secrets are this owner's. A note that cannot be written only makes the next run ask more.

        Args:
            path: the file that they are in, or about to be.
            secrets: the present one and the next.
        """
        digests = [_digest(secret) for secret in secrets if secret]
        note = {"owner": self.what, "tsg_id": self.tenant, "sha256": digests}
        if digests and _note(path) != note:
            with contextlib.suppress(OSError), _opened(path) as descriptor:
                rewrite(descriptor, json.dumps(note).encode())


#: The owner of what nobody is known to own.
NOBODY = Owner("")


@contextlib.contextmanager
def making(path: str) -> Iterator[bool]:
    """Keep other runs of this machine from making a secret for a file meanwhile, where file systems can.

    Args:
        path: the file; its note is the lock.

    Yields:
        Whether nobody was making one, so that what was read before still holds.
    """
    with contextlib.ExitStack() as opened:
        first = True
        with contextlib.suppress(OSError):
            descriptor = opened.enter_context(_opened(path))
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                first = False
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield first
        finally:
            if not _note(path):
                forget_note(path)


@contextlib.contextmanager
def _opened(path: str) -> Iterator[int]:
    """Open the note of a file. It is never replaced: runs wait for each other by it."""
    descriptor = os.open(note_path(path), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def rewrite(descriptor: int, text: bytes, room: int = 0) -> None:
    """Write an open file in place. A run that is killed meanwhile leaves the one text or the other.

    Args:
        descriptor: the file, from its start.
        text: what it gets.
        room: how much is written, to show that there is room; what is too much is cut off.

    Raises:
        OSError: it could not be written.
    """
    # White space around a text is no part of it, and covers what was longer.
    room = max(room, os.fstat(descriptor).st_size, len(text))
    if os.write(descriptor, text.ljust(room)) < room:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.ftruncate(descriptor, len(text))


def noted(path: str, what: str, secret: str) -> list[str]:
    """Return the id of the tenant whose object the note of a file says the secret is of, in a list; else no id."""
    note = _note(path)
    ours = note.get("owner") == what and _knows(note, secret)
    return [str(note.get("tsg_id"))] if ours else []


def not_ours(path: str, what: str, secret: str) -> str:
    """Return what there is to say of a file that holds something else, and what to do about it.

    Args:
        path: the file.
        what: kind and name of the object that was to have it.
        secret: what it holds.
    """
    note = _note(path)
    if _knows(note, secret):
        other = f"the secret of {note['owner']}" + (f" of tenant {note['tsg_id']}" if note.get("tsg_id") else "")
        return one_line(f"contains {other}. Use a different path, for example with {{tsg_id}} and {{name}}.")
    return one_line(
        f"contains something other than a previous secret of {what}. Move the file, or use a different path."
    )


def forget_note(path: str) -> None:
    """Remove the note of a file."""
    with contextlib.suppress(OSError):
        remove(note_path(path))


def _note(path: str) -> dict[str, Any]:
    try:
        note = json.loads(read_text(note_path(path)))
    except (OSError, ValueError, RecursionError):
        return {}
    return note if isinstance(note, dict) else {}


def _knows(note: Mapping[str, Any], secret: str) -> bool:
    digests = note.get("sha256")
    return isinstance(digests, list) and _digest(secret) in digests


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
