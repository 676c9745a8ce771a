# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that the service makes: stored where the user wants them before anything else can go wrong."""

from __future__ import annotations

import contextlib
import os
import secrets
import time

from .errors import AirsInputError, AirsSecretStoreError


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
        """Return the last 8 characters of the stored secret; None when there is none to read."""
        try:
            with open(self.path, encoding="utf-8") as stream:
                return stream.read(4096).strip()[-8:] or None
        except (OSError, ValueError):
            return None

    def prove_writable(self, dry: bool = False, proved_folders: set[str] | None = None) -> None:
        """Make sure that store() will work, by writing a file beside the secret.

        Args:
            dry: look at the permissions only, write nothing.
            proved_folders: folders where it was proved before, which is enough; this one is added.

        Raises:
            AirsInputError: the secret could not be stored.
        """
        trouble = None
        if os.path.isdir(self.path):
            trouble = "it is a folder"
        elif not os.path.isdir(self._folder):
            trouble = f"the folder {self._folder} does not exist"
        elif dry:
            trouble = None if os.access(self._folder, os.W_OK | os.X_OK) else f"{self._folder} is not writable"
        elif proved_folders is None or self._folder not in proved_folders:
            try:
                os.unlink(_write(self._folder, "writable"))
                if proved_folders is not None:
                    proved_folders.add(self._folder)
            except OSError as error:
                trouble = f"{self._folder}: {error.strerror}"
        if trouble:
            raise AirsInputError(f"secret_path {self.path} cannot be written: {trouble}. Nothing was changed.")

    def store(self, secret: str) -> None:
        """Put the secret in place: whole or not at all, and on disk before this returns.

        Args:
            secret: the secret.

        Raises:
            AirsSecretStoreError: it could not be stored; says where it was saved instead.
        """
        try:
            os.replace(_write(self._folder, secret), self.path)
            descriptor = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise AirsSecretStoreError(
                f"The secret was made, but storing it at {self.path} failed ({error.strerror}). {self._recover(secret)}"
            ) from None

    def _recover(self, secret: str) -> str:
        try:
            os.makedirs(self._recovery_folder, mode=0o700, exist_ok=True)
            path = _write(self._recovery_folder, secret)
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


def _write(folder: str, content: str) -> str:
    """Write a new file, private to its owner, through to the disk; returns its path."""
    path = os.path.join(folder, f".airs-{secrets.token_hex(8)}")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
    return path
