# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The encryption of files with secrets."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the options for files that Ansible Vault encrypts."""

    DOCUMENTATION = r"""
options:
  encrypted:
    description:
      - Whether to encrypt the files of O(path) with Ansible Vault, for example for C(ansible-vault view). This is only
        possible on the controller, so it cannot be used with C(async) or if the task is delegated to another host.
    type: bool
    default: false
  vault_password:
    description:
      - Password to encrypt the files with. Either this option or O(vault_password_file) is required if
        O(encrypted=true).
    type: str
  vault_password_file:
    description:
      - Path to a file that contains the password, or to a script that prints it, as for C(ansible-vault).
    type: path
  vault_id:
    description:
      - Vault ID of the password. It is passed to a script whose name ends with C(-client).
    type: str
"""
