# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of secrets."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_secret_file
short_description: Store secrets of API keys in files
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Performs one step of storing secrets of API keys in files, in plain text or encrypted with Ansible Vault. The role
    P(panw.airs.secret_sink#role) combines these steps.
  - A new secret is first written to a journal in the same directory, whose path is returned in RV(secret_files) and can
    be used for O(panw.airs.airs_api_key#module:secret_path). The secret stays in the journal until it is stored in the
    file. An existing journal indicates that a previous run was interrupted.
  - Files have mode C(0600), contain nothing but the secret, and are replaced atomically. A file that cannot be
    replaced, for example because it is a mount point, is written in place.
  - If a file contains anything other than a secret of the key, the module fails and does not modify the file. A hidden
    file in the same directory, whose name ends with C(.airs-note), records the owner of the secret, identified by a
    digest.
  - The module does not connect to the service, so it does not have connection options.
extends_documentation_fragment:
  - panw.airs.secret_encryption
  - panw.airs.attributes
attributes:
  action_group:
    description: The module is not part of an action group because it has no connection options.
    support: none
    membership: []
  check_mode:
    support: full
  diff_mode:
    support: none
    details: The files contain secrets.
  idempotent:
    support: full
options:
  step:
    description:
      - V(look) reads all files. Files that cannot be read are not in the result.
      - V(read) reads all files, and fails if a file cannot be read.
      - V(prove) verifies that the files are writable by writing their current content, and then creates the journals.
      - V(store) stores the secrets from the journals in the files, and verifies them by reading the files.
      - V(finish) removes the journals.
      - V(settle) stores the secret of each key that is in its journal, and removes the journal, also one without a
        secret. An error of one key does not affect the others.
      - V(remove) removes the files, and then the journals.
    type: str
    choices: [look, read, prove, store, finish, settle, remove]
    required: true
  keys:
    description:
      - Dictionary that maps names of API keys to names of their applications. The value can be empty if the names are
        the same.
      - The module fails if two keys would use the same file, even if the paths are spelled differently. This includes
        names that only differ in case, on file systems that are not case-sensitive.
    type: dict
    required: true
  tsg_id:
    description:
      - ID of the tenant service group (TSG). It is used for C({tsg_id}), for the journals of O(place), and in the note
        that records the owner of a secret.
      - If omitted, the environment variables E(PANW_TSG_ID) and E(PANW_MGMT_TSG_ID) are used, in this order.
    type: str
  owners:
    description:
      - Dictionary that maps names of API keys to information from the service, as returned in
        RV(panw.airs.airs_api_key_rotation_info#module:api_keys[].owner). V(prove) and V(store) require it for a file
        with a secret whose owner is not recorded in a note.
    type: dict
  path:
    description:
      - Path to the file. C({name}) is replaced with the name of the API key, C({app}) with the name of the application,
        and C({tsg_id}) with the ID of the tenant. Since this is not an Ansible template, it can be set in a survey. The
        directory must exist.
      - C(~) and environment variables are expanded before names are inserted, and never in a name. Environment
        variables that contain secrets of this collection are not allowed.
      - ASCII letters, digits, dots, dashes, and underscores in names are not modified. All other characters are
        percent-encoded, as in URLs, and names of more than 100 characters are shortened with a checksum. Therefore a
        name can never refer to a different directory, and two names can never refer to the same file.
      - Either this option or O(place) is required.
    type: str
  place:
    description:
      - Name of the secret in another secret store, to which other tasks write the secret. Can contain C({name}),
        C({app}), and C({tsg_id}). In this case only the journals are files.
    type: str
  journal_directory:
    description:
      - Path to the directory for the journals of O(place). It is created if it does not exist.
    type: path
  reveal_secret:
    description:
      - Whether to return the secrets in the files. If V(true), the result is hidden from output and logs.
    type: bool
    default: false
seealso:
  - module: panw.airs.airs_api_key
"""

EXAMPLES = r"""
- name: Ensure the secret can be stored
  panw.airs.airs_secret_file:
    step: prove
    path: /etc/support-bot/{name}.key
    keys:
      support-bot:
  register: prepared

- name: Regenerate the API key and write its secret to the journal
  panw.airs.airs_api_key:
    name: support-bot
    regenerate: always
    secret_path: "{{ prepared.secret_files['support-bot'].journal }}"

- name: Store the secret
  panw.airs.airs_secret_file:
    step: store
    path: /etc/support-bot/{name}.key
    keys:
      support-bot:

- name: Remove the journal
  panw.airs.airs_secret_file:
    step: finish
    path: /etc/support-bot/{name}.key
    keys:
      support-bot:
"""

RETURN = r"""
secret_files:
  description: Dictionary that maps names of API keys to the final state of their files, without secrets.
  returned: success
  type: dict
  sample:
    support-bot:
      title: /etc/support-bot/support-bot.key
      place: /etc/support-bot/support-bot.key
      last8: kE2fJq8Z
      is_file: true
      noted_tsg_ids: ["1234567890"]
      journal: /etc/support-bot/support-bot.key.airs-journal
      journal_last8: kE2fJq8Z
      interrupted: true
stored_secrets:
  description: >-
    Dictionary that maps names of API keys to the secrets in their files. The value is an empty string if there is no
    secret.
  returned: when O(reveal_secret=true)
  type: dict
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._engine.secret_file import SECRET_FILE_MODULE


def main() -> None:
    """Run the module."""
    run_module(SECRET_FILE_MODULE)


if __name__ == "__main__":
    main()
