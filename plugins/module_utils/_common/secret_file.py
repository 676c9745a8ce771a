# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Store secrets that the service creates in their destination, before anything else can go wrong."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator

from .errors import AirsInputError, AirsSecretStoreError
from .file_names import identity
from .files import move, no_file, read_text, remove, replace, sweep, write_new
from .secret_note import PRIVATE, Owner, forget_note, making, note_path, rewrite

#: What the name of a journal has beyond that of its file.
JOURNAL = ".airs-journal"
#: How much is written to prove that there is room: a secret has 64 characters.
_ROOM = 256


class SecretFile:
    """A file that holds one secret and nothing else, readable by its owner only.

    Args:
        path: where the secret belongs; a link is followed.
        recovery_folder: where it goes when storing fails after all.
    """

    def __init__(self, path: str, recovery_folder: str) -> None:
        self.path = os.path.abspath(path)
        self._file = os.path.realpath(self.path)
        self._recovery_folder = recovery_folder
        self._in_place = False

    @property
    def title(self) -> str:
        """How sentences call the file."""
        return f"secret_path {self.path}"

    @property
    def taken(self) -> tuple[str, ...]:
        """What is this secret's alone, to be compared."""
        return taken(self.path)

    def last8(self) -> str | None:
        """Return the last 8 characters of the stored secret; None when there is none to read.

        Raises:
            AirsInputError: it is something other than a file.
        """
        require_file(self.path, self.title)
        try:
            return read_text(self._file)[-8:] or None
        except (OSError, ValueError):
            return None

    def prove_writable(self, owner: Owner, dry: bool = False) -> None:
        """Make sure that store() will work and costs nobody anything, by doing what it does with what is there.

        Args:
            owner: whose secret is going to be stored.
            dry: look only, write nothing.

        Raises:
            AirsInputError: the secret could not be stored, or something else would be lost.
        """
        require_writable(self._file, self.title, dry=True)
        present = self._present()
        owner.require(self._file, self.title, present)
        if not dry:
            self._in_place = require_writable(self._file, self.title, dry=False)
            owner.note(self._file, present)

    def _present(self) -> str:
        return read_or_refuse(lambda: read_text(self._file), self.title, ", so it is not replaced")

    def holds(self, owner: Owner) -> bool:
        """Tell whether there is nothing in the file, or a secret of an owner, former ones included."""
        try:
            return owner.may_replace(self._file, self._present())
        except AirsInputError:
            return False

    def claim(self, owner: Owner) -> None:
        """Note that what the file holds is an owner's, as long as the service tells so."""
        with contextlib.suppress(AirsInputError):
            owner.note(self._file, self._present())

    def making(self) -> contextlib.AbstractContextManager[bool]:
        """Keep other runs of this machine from making a secret for this file meanwhile; see secret_note.making()."""
        return making(self._file)

    @property
    def journal(self) -> str:
        """Path of the file that is there while a secret is made, and after a run that was killed meanwhile."""
        return f"{self._file}{JOURNAL}"

    @property
    def interrupted(self) -> bool:
        """Whether a run began to make a secret and did not come to its end."""
        return os.path.lexists(self.journal)

    def begin(self) -> bool:
        """Note that a secret is about to be made, and return whether that was not noted before.

        Raises:
            AirsInputError: it cannot be noted; nothing was changed.
        """
        return begin_journal(self.journal)

    def end(self) -> None:
        """Note that the secret is where it belongs, or that none was made."""
        with contextlib.suppress(OSError):  # then the next run looks once more
            remove(self.journal)

    def store(self, secret: str, owner: Owner) -> None:
        """Put the secret in place, and on disk, before this returns.

        Args:
            secret: the secret.
            owner: whose it is.

        Raises:
            AirsSecretStoreError: it could not be stored; says where it was saved instead.
        """
        try:
            with contextlib.suppress(AirsInputError):
                owner.note(self._file, self._present(), secret)
            put(self._file, secret, in_place=self._in_place)
        except OSError as error:
            raise AirsSecretStoreError(
                f"The secret was created, but storing it in {self.path} failed ({error.strerror}).",
                *self._recover(secret),
            ) from None

    def remove(self) -> bool:
        """Remove the file and what tells of it, and return whether it was there.

        Raises:
            OSError: it could not be removed.
        """
        was_there = remove(self._file)
        if os.path.islink(self.path):
            was_there = remove(self.path)
        forget_note(self._file)
        return was_there

    def _recover(self, secret: str) -> tuple[str, str | None]:
        """Save the secret in another file; return what there is to say about that, and its path."""
        try:
            os.makedirs(self._recovery_folder, mode=0o700, exist_ok=True)
            path = write_new(self._recovery_folder, secret, PRIVATE, durable=True)
            named = os.path.join(
                self._recovery_folder, f"airs-recovered-secret-{time.strftime('%Y%m%dT%H%M%S')}-{path[-8:]}"
            )
            os.replace(path, named)
        except OSError as error:
            why = f"Saving it in {self._recovery_folder} failed as well ({error.strerror})"
            return f"{why}, so it is lost. Run again with regenerate: always.", None
        return f"It was saved in {named} instead. Move it to its destination.", named


def taken(path: str) -> tuple[str, ...]:
    """Return what is one secret's alone, to be compared: its file, the note and the journal."""
    file = identity(os.path.abspath(path))
    return (file, note_path(file), f"{file}{JOURNAL}")


def begin_journal(path: str) -> bool:
    """Make a journal, for its owner only, in a folder likewise; what one holds stays. Return whether there was none.

    Args:
        path: the journal.

    Raises:
        AirsInputError: it cannot be written; nothing was changed.
    """
    require_file(path, f"The journal {path}")
    new = not os.path.lexists(path)
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE)
        os.fchmod(descriptor, PRIVATE)
        os.close(descriptor)
    except OSError as error:
        raise AirsInputError(f"The journal {path} cannot be written: {error.strerror}. Nothing was changed.") from None
    return new


def read_or_refuse(read: Callable[[], str], title: str, then: str = "") -> str:
    """Return what a file with a secret holds.

    Args:
        read: reads it.
        title: what the file is, to begin a sentence.
        then: what follows from it when it cannot be read, to continue the sentence.

    Raises:
        AirsInputError: it cannot be read; the error has nothing of what it holds.
    """
    try:
        return read()
    except UnicodeDecodeError:
        why = "it does not contain text"  # what Python says repeats a part of it
    except ValueError as error:
        why = str(error)
    except OSError as error:
        why = str(error.strerror)
    why += then
    raise AirsInputError(f"{title} cannot be read: {why}. Nothing was changed.")


def require_file(path: str, title: str) -> None:
    """Make sure that there is a file or nothing.

    Args:
        path: the file.
        title: how the sentence calls it.

    Raises:
        AirsInputError: there is a folder, a device or such.
    """
    other = no_file(path)
    if other:
        raise AirsInputError(f"{title} must be a file, but is {other}. Nothing was changed.")


def require_writable(path: str, title: str, *, dry: bool, draft: str | None = None) -> bool:
    """Make sure that a file can be put in place, by doing it with what it holds; remove what runs that died have left.

    Args:
        path: the file; no link.
        title: how the sentence calls it.
        dry: look at the permissions only, write nothing.
        draft: path of the file beside it; if omitted, one that nothing else has.

    Returns:
        Whether it has to be written in place, because it cannot be replaced.

    Raises:
        AirsInputError: it could not be put in place.
    """
    folder = os.path.dirname(path)
    trouble, in_place = _obstacle(path, folder), False
    if not trouble and dry:
        writable = os.access(folder, os.W_OK | os.X_OK) or (os.path.exists(path) and os.access(path, os.W_OK))
        trouble = "" if writable else f"{folder} is not writable"
    elif not trouble:
        sweep(folder, PRIVATE)
        try:
            _try_to_replace(path, folder, draft)
        except OSError as error:
            trouble = f"{folder}: {error.strerror}"
            with contextlib.suppress(OSError):
                _rewrite(path, None)
                trouble, in_place = "", True
    if trouble:
        raise AirsInputError(f"{title} cannot be written: {trouble}. Nothing was changed.")
    return in_place


def _obstacle(path: str, folder: str) -> str:
    """Return why a file can never be put in place, or ""."""
    other = no_file(path)
    if other:
        return f"it is {other}"
    if not os.path.isdir(folder):
        return f"the directory {folder} does not exist"
    try:
        return "it is a symbolic link that refers to itself" if stat.S_ISLNK(os.lstat(path).st_mode) else ""
    except OSError as error:
        return "" if error.errno == errno.ENOENT else str(error.strerror)


def put(path: str, secret: str, *, in_place: bool, draft: str | None = None) -> None:
    """Put a secret into a file, on disk before this returns.

    Args:
        path: the file; no link.
        secret: what it gets.
        in_place: what require_writable() has returned.
        draft: path of the new file until it is whole; if omitted, one that nothing else has.

    Raises:
        OSError: it could not be written.
    """
    if in_place:
        _rewrite(path, secret)
        return
    with _alone(os.path.dirname(path)):
        replace(path, secret, PRIVATE, durable=True, draft=draft)


def _try_to_replace(path: str, folder: str, draft: str | None) -> None:
    """Do what replace() does, so that nobody sees a difference: with a copy of the file, where there is one.

    Raises:
        OSError: it cannot be done; there is nothing left of the try.
    """
    os.unlink(write_new(folder, " " * _ROOM, PRIVATE, durable=True, at=draft))
    with _alone(folder):
        try:
            held, text = os.stat(path), _bytes_of(path).decode()
        except FileNotFoundError:
            return
        twin = write_new(folder, text, PRIVATE, durable=True, at=draft)
        os.chmod(twin, stat.S_IMODE(held.st_mode))
        with contextlib.suppress(OSError):
            os.chown(twin, held.st_uid, held.st_gid)
        move(twin, path)


def _rewrite(path: str, secret: str | None) -> None:
    """Write a file in place, for its owner only.

    Args:
        path: the file, which is there.
        secret: what it gets; None for what it has, to see whether it can be written.

    Raises:
        OSError: it could not be written.
    """
    text = _bytes_of(path) if secret is None else secret.encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fchmod(descriptor, PRIVATE)
        rewrite(descriptor, text, _ROOM)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _bytes_of(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


@contextlib.contextmanager
def _alone(folder: str) -> Iterator[None]:
    """Keep other runs of this machine from putting a file into a folder meanwhile, where file systems can."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
