# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible Vault, with passwords from the same sources as ansible-vault."""

from __future__ import annotations

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.common.text.converters import to_bytes, to_text
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret, get_file_vault_secret

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError


class VaultCipher:
    """Encrypts and decrypts as ansible-vault does.

    Args:
        loader: Ansible's loader, which runs scripts and knows the passwords of the run.
        password: the password, or None for that of a file.
        password_file: file with the password, or script that prints it.
        vault_id: label of the password, or None.

    Raises:
        AirsInputError: there is no password, none in the file, or the script does not print one.
    """

    def __init__(
        self, loader: DataLoader, password: str | None, password_file: str | None, vault_id: str | None
    ) -> None:
        self._vault_id = vault_id
        # Ansible reads passwords from files and prompts without the end of the line.
        given = (password or "").strip("\r\n")
        if not given and not password_file:
            raise AirsInputError("vault_password is empty: set it, or vault_password_file. Nothing was changed.")
        secret = VaultSecret(to_bytes(given)) if given else _secret_of(password_file, vault_id, loader)
        self._vault = VaultLib([(vault_id or constants.DEFAULT_VAULT_IDENTITY, secret)])

    def encrypt(self, text: str) -> str:
        """Return a text encrypted."""
        return str(to_text(self._vault.encrypt(text, vault_id=self._vault_id)))

    def decrypt(self, text: str) -> str:
        """Return an encrypted text decrypted.

        Raises:
            ValueError: it is not encrypted, or with another password.
        """
        if not self._vault.is_encrypted(text):
            raise ValueError("it is not encrypted by Ansible Vault")
        try:
            return str(to_text(self._vault.decrypt(to_bytes(text)), errors="strict"))
        except AnsibleError:
            raise ValueError("it cannot be decrypted with this password") from None


def _secret_of(password_file: str | None, vault_id: str | None, loader: DataLoader) -> VaultSecret:
    try:
        secret = get_file_vault_secret(filename=password_file, vault_id=vault_id, loader=loader)
        secret.load()
    except (AnsibleError, OSError):
        # Not with what Ansible says: it repeats what a script prints.
        raise AirsInputError(
            f"Cannot get a vault password from {password_file}: vault_password_file must be a file that "
            "contains the password, or a script that prints it. Nothing was changed."
        ) from None
    return secret
