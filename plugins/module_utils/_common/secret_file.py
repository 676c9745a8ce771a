# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that the service makes: stored where the user wants them before anything else can go wrong."""

from __future__ import annotations

import os
import time

from .errors import AirsInputError, AirsSecretStoreError
from .files import replace, write_new

#: Permissions of a secret: its owner's alone.
_PRIVATE = 0o600


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

    def prove_writable(self, dry: bool = False) -> None:
        """Make sure that store() will work, by writing a file beside the secret.

        Args:
            dry: look at the permissions only, write nothing.

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
        else:
            try:
                os.unlink(write_new(self._folder, "writable", _PRIVATE))
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
            replace(self.path, secret, _PRIVATE, durable=True)
        except OSError as error:
            raise AirsSecretStoreError(
                f"The secret was made, but storing it at {self.path} failed ({error.strerror}). {self._recover(secret)}"
            ) from None

    def _recover(self, secret: str) -> str:
        try:
            os.makedirs(self._recovery_folder, mode=0o700, exist_ok=True)
            path = write_new(self._recovery_folder, secret, _PRIVATE, durable=True)
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
