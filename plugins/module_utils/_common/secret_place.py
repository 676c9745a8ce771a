# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Destinations of the secrets of API keys, and their journals, which hold a new secret until it is in its destination.

A journal is created before a key is created or regenerated, receives the secret, and is removed when everything is
done. An existing journal therefore indicates that a run was interrupted, and no secret of such a run is lost.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import AirsInputError, AirsSecretStoreError
from .file_names import identity
from .files import read_text, remove
from .secret_file import JOURNAL, begin_journal, put, read_or_refuse, require_file, require_writable
from .secret_note import NOBODY, Owner, forget_note, note_path, noted
from .wording import one_line


class Cipher(Protocol):
    """Encrypts what is in a file."""

    def encrypt(self, text: str) -> str:
        """Return a text encrypted."""

    def decrypt(self, text: str) -> str:
        """Return an encrypted text decrypted.

        Raises:
            ValueError: it cannot be, and why.
        """


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with values in the place of their names in braces. Nothing in a value is a template."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), template)


@dataclass(frozen=True)
class Place:
    """Where the secret of one API key belongs, in a store that others write: here are its name, and its journal.

    Args:
        key: name of the API key.
        where: what the place is called in its store; of a file, its path.
        stem: path of the journal, without its ending.
        owner: the key, as far as it is known whose it is.
    """

    key: str
    where: str
    stem: str
    owner: Owner = NOBODY

    @property
    def title(self) -> str:
        """How sentences call the place."""
        return one_line(self.where)

    @property
    def journal(self) -> str:
        """Path of the journal."""
        return f"{self.stem}{JOURNAL}"

    @property
    def draft(self) -> str:
        """Path of a file that is being written, or tried."""
        return f"{self.stem}.airs-probe"

    @property
    def taken(self) -> list[tuple[str, str]]:
        """What is this key's alone: what tells it from all else, and how sentences call it."""
        return [(self.where, self.where), *((identity(path), path) for path in self._files)]

    @property
    def _files(self) -> tuple[str, ...]:
        return (self.journal, note_path(self.journal), self.draft)

    def secret(self) -> str:
        """Return the secret that the place holds; "" for none, or where others read."""
        return ""

    def journal_secret(self) -> str:
        """Return the secret that is on its way to the place; "" for none.

        Raises:
            AirsInputError: the journal cannot be read.
        """
        return _read(self.journal, self.journal)

    def found(self, secret: str) -> dict[str, Any]:
        """Return what a look at the place has found; no secret is in it.

        Args:
            secret: what the place holds.

        Raises:
            AirsInputError: the journal cannot be read.
        """
        return {
            "title": self.title,
            "place": self.where,
            "last8": secret[-8:],
            "is_file": False,
            "noted_tsg_ids": [],
            "journal": self.journal,
            "journal_last8": self.journal_secret()[-8:],
            "interrupted": os.path.lexists(self.journal),
        }

    def require_files(self) -> None:
        """Make sure that there is nothing but files.

        Raises:
            AirsInputError: there is a device or such, or a folder is none.
        """
        folder = os.path.dirname(self.journal)
        if os.path.lexists(folder) and not os.path.isdir(folder):
            raise AirsInputError(
                f"{folder} is not a directory, but is required for {self.journal}. Nothing was changed."
            )
        require_file(self.journal, f"The journal {self.journal}")
        require_file(self.draft, self.draft)

    def prove(self, dry: bool) -> bool:
        """Begin the journal; of a file, prove first that it can be written. Return that the place has not changed.

        Args:
            dry: look only.

        Raises:
            AirsInputError: it cannot be written.
        """
        if not dry:
            begin_journal(self.journal)
        return False

    def finish(self, dry: bool) -> bool:
        """End the journal. Return that the place has not changed.

        Args:
            dry: change nothing.

        Raises:
            AirsSecretStoreError: it cannot be removed.
        """
        if not dry:
            for path in (self.draft, self.journal):
                self._remove(path)
            forget_note(self.journal)
        return False

    def remove(self, dry: bool) -> bool:
        """End the journal; of a file, remove that first. Return whether the place has changed, or would.

        Args:
            dry: change nothing.

        Raises:
            AirsSecretStoreError: it cannot be removed.
        """
        return self.finish(dry)

    def _remove(self, path: str) -> bool:
        try:
            return remove(path)
        except OSError as error:
            raise AirsSecretStoreError(f"Cannot remove {path}: {error.strerror}. Run again.") from None


@dataclass(frozen=True)
class FilePlace(Place):
    """A file that holds the secret of one API key and nothing else, readable by its owner only.

    Args:
        cipher: encrypts it, or None.
    """

    cipher: Cipher | None = None

    @property
    def title(self) -> str:
        """How sentences call the file."""
        title = super().title
        return f"the encrypted file {title}" if self.cipher else title

    @property
    def taken(self) -> list[tuple[str, str]]:
        """What is this key's alone: what tells it from all else, and how sentences call it."""
        # All are in one folder, so one look at it will do.
        same = dataclasses.replace(self, where=identity(self.where), stem=identity(self.stem))
        files = [(each.where, note_path(each.where), *each._files) for each in (same, self)]
        return [*zip(*files, strict=True)]

    def require_files(self) -> None:
        """Make sure that there is nothing but files.

        Raises:
            AirsInputError: there is a device or such.
        """
        require_file(self.where, self.title)
        super().require_files()

    def secret(self) -> str:
        """Return the secret that the file holds; "" for none.

        Raises:
            AirsInputError: it cannot be read or decrypted.
        """
        return _read(self.where, self.title, self.cipher)

    def found(self, secret: str) -> dict[str, Any]:
        """Return what a look at the file has found, and whose its note says that it is.

        Args:
            secret: what the file holds.

        Raises:
            AirsInputError: the journal cannot be read.
        """
        tenants = noted(self.where, self.owner.what, secret)
        return {**super().found(secret), "is_file": True, "noted_tsg_ids": tenants}

    def prove(self, dry: bool) -> bool:
        """Prove that the file can be written and read, then begin the journal. Return that nothing has changed.

        Args:
            dry: look only.

        Raises:
            AirsInputError: it cannot, or it holds something that is not this key's.
        """
        present = self.secret()
        self.owner.require(self.where, self.title, present)
        require_writable(self.where, self.title, dry=dry, draft=self.draft)
        if not dry:
            self.owner.note(self.where, present)
        if self.cipher and self.cipher.decrypt(self.cipher.encrypt(self.key)) != self.key:
            raise AirsInputError(
                f"{self.title}: a test of the encryption did not return the original text. Nothing was changed."
            )
        return super().prove(dry)

    def store(self, dry: bool) -> bool:
        """Put the secret of the journal into the file, and read it back. Return whether the file has changed.

        Args:
            dry: change nothing.

        Raises:
            AirsInputError: there is no secret in the journal, or the file holds something else, which stays.
            AirsSecretStoreError: it could not be stored.
        """
        secret, present = self.journal_secret(), self.secret()
        if not secret:
            raise AirsInputError(f"The journal {self.journal} does not contain a secret. Nothing was changed.")
        if dry or present == secret:
            return present != secret
        kept = f"The new secret of '{self.key}' is in {self.journal}. Run again."
        try:
            self.owner.require(self.where, self.title, present)
        except AirsInputError as error:
            raise AirsInputError(f"{error.message.removesuffix('Nothing was changed.')}{kept}") from None
        text = self.cipher.encrypt(secret) if self.cipher else secret
        self.owner.note(self.where, present, secret)
        try:
            in_place = require_writable(self.where, self.title, dry=False, draft=self.draft)
            put(self.where, text, in_place=in_place, draft=self.draft)
        except AirsInputError as error:
            raise AirsSecretStoreError(error.message.removesuffix(" Nothing was changed."), kept) from None
        except OSError as error:
            raise AirsSecretStoreError(f"Cannot write {self.title}: {error.strerror}.", kept) from None
        with contextlib.suppress(AirsInputError):
            if self.secret() == secret:
                return True
        raise AirsSecretStoreError(f"{self.title} was written, but does not contain the new secret.", kept)

    def remove(self, dry: bool) -> bool:
        """Remove the file, then end the journal. Return whether there was a file.

        Args:
            dry: change nothing.

        Raises:
            AirsSecretStoreError: it cannot be removed.
        """
        was_there = os.path.lexists(self.where) if dry else self._remove(self.where)
        if not dry:
            forget_note(self.where)
        self.finish(dry)
        return was_there


def _read(path: str, title: str, cipher: Cipher | None = None) -> str:
    def read() -> str:
        text = read_text(path)
        return cipher.decrypt(text).strip() if cipher and text else text

    return read_or_refuse(read, title)


def refuse_shared(places: Sequence[Place], template: str, password_file: str | None = None) -> None:
    """Make sure that each key has a place of its own, which is not another's journal or the password either.

    Args:
        places: those of all keys.
        template: what they were made of.
        password_file: the file with the password of encrypted places, or None.

    Raises:
        AirsInputError: two keys meet; names both.
    """
    owners: dict[str, str] = {}
    password = identity(password_file) if password_file else ""
    for place in places:
        for taken, path in place.taken:
            if taken == password:
                raise AirsInputError(
                    f"The secret of API key '{place.key}' would be stored in {path}, which is "
                    "vault_password_file. Use a different path. Nothing was changed."
                )
            other = owners.setdefault(taken, place.key)
            if other != place.key:
                raise AirsInputError(
                    f"The secrets of API keys '{other}' and '{place.key}' would both be stored in {path}. "
                    f"Add {{name}} or {{app}} to '{template}'. Nothing was changed."
                )
