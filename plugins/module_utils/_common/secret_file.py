# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that the service makes: stored where the user wants them before anything else can go wrong."""

from __future__ import annotations

import contextlib
import os
import time

from .errors import AirsInputError, AirsSecretStoreError
from .files import no_file, read_text, remove, replace, sweep, write_new

#: Permissions of a secret: its owner's alone.
PRIVATE = 0o600
#: What the name of a journal has beyond that of its file.
JOURNAL = ".airs-journal"


class SecretFile:
    """A file that holds one secret and nothing else, readable by its owner only.

    Args:
        path: where the secret belongs.
        recovery_folder: where it goes when storing fails after all.
    """

    def __init__(self, path: str, recovery_folder: str) -> None:
        self.path = os.path.abspath(path)
        self._folder = os.path.dirname(self.path)
        self._recovery_folder = recovery_folder

    def last8(self) -> str | None:
        """Return the last 8 characters of the stored secret; None when there is none to read.

        Raises:
            AirsInputError: there is something else than a file.
        """
        require_file(self.path, f"secret_path {self.path}")
        try:
            return read_text(self.path)[-8:] or None
        except (OSError, ValueError):
            return None

    def prove_writable(self, dry: bool = False) -> None:
        """Make sure that store() will work, by writing a file beside the secret.

        Args:
            dry: look at the permissions only, write nothing.

        Raises:
            AirsInputError: the secret could not be stored.
        """
        require_writable(self.path, f"secret_path {self.path}", dry=dry)

    @property
    def journal(self) -> str:
        """Path of the file that is there while a secret is made, and after a run that was killed meanwhile."""
        return f"{self.path}{JOURNAL}"

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

    def store(self, secret: str) -> None:
        """Put the secret in place: whole or not at all, and on disk before this returns.

        Args:
            secret: the secret.

        Raises:
            AirsSecretStoreError: it could not be stored; says where it was saved instead.
        """
        try:
            replace(self.path, secret, PRIVATE, durable=True)
        except OSError as error:
            raise AirsSecretStoreError(
                f"The secret was made, but storing it at {self.path} failed ({error.strerror}). {self._recover(secret)}"
            ) from None

    def _recover(self, secret: str) -> str:
        try:
            os.makedirs(self._recovery_folder, mode=0o700, exist_ok=True)
            path = write_new(self._recovery_folder, secret, PRIVATE, durable=True)
            named = os.path.join(
                self._recovery_folder, f"airs-recovered-secret-{time.strftime('%Y%m%dT%H%M%S')}-{path[-8:]}"
            )
            os.replace(path, named)
        except OSError as error:
            return (
                f"Saving it at {self._recovery_folder} failed too ({error.strerror}): it is lost. "
                "Run again with regenerate: always."
            )
        return f"It was saved at {named} instead: move it to its place."


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
        raise AirsInputError(f"{title} is {other}, but must be a file. Nothing was changed.")


def require_writable(path: str, title: str, *, dry: bool, draft: str | None = None) -> None:
    """Make sure that a file can be put in place, by writing one beside it; remove what runs that died have left there.

    Args:
        path: the file.
        title: how the sentence calls it.
        dry: look at the permissions only, write nothing.
        draft: path of the file beside it; if omitted, one that nothing else has.

    Raises:
        AirsInputError: it could not be put in place.
    """
    folder = os.path.dirname(path)
    other, trouble = no_file(path), None
    if other:
        trouble = f"it is {other}"
    elif not os.path.isdir(folder):
        trouble = f"the folder {folder} does not exist"
    elif dry:
        trouble = None if os.access(folder, os.W_OK | os.X_OK) else f"{folder} is not writable"
    else:
        sweep(folder, PRIVATE)
        try:
            os.unlink(write_new(folder, "writable", PRIVATE, at=draft))
        except OSError as error:
            trouble = f"{folder}: {error.strerror}"
    if trouble:
        raise AirsInputError(f"{title} cannot be written: {trouble}. Nothing was changed.")
