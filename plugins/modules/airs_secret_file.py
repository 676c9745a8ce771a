# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of secrets."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_secret_file
short_description: Keep the secrets of API keys of Prisma AIRS in files
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Takes one step with the files that hold the secrets of API keys, plain or encrypted by Ansible Vault. The role
    P(panw.airs.secret_sink#role) is made of these steps.
  - Until a file has a new secret, the secret is in a journal beside it, which RV(secret_files) names, for
    O(panw.airs.airs_api_key#module:secret_path). A journal that is there is the sign of a run that did not come to its
    end.
  - A file is replaced as a whole, has mode 0600, and holds the secret and nothing else. One that cannot be replaced,
    such as a file that is mounted by itself, is written in place.
  - A file that holds anything but a secret of the key is an error and stays as it is. A hidden note beside it, which
    ends with C(.airs-note), tells whose secret it holds, by a digest.
  - The service is not asked, so no connection options are needed.
extends_documentation_fragment:
  - panw.airs.attributes
attributes:
  action_group:
    description: Is in no group, because it has no connection options.
    support: none
    membership: []
  check_mode:
    support: full
  diff_mode:
    support: none
    details: The files hold secrets.
  idempotent:
    support: full
options:
  step:
    description:
      - V(look) looks at all files. One that cannot be read is not in the result.
      - V(read) looks at all files, and fails for one that cannot be read.
      - V(prove) proves that the files can be written, by writing what they hold, then begins the journals.
      - V(store) puts the secrets of the journals into the files, and reads them back.
      - V(finish) ends the journals.
      - V(remove) removes the files, then ends the journals.
    type: str
    choices: [look, read, prove, store, finish, remove]
    required: true
  keys:
    description:
      - Names of API keys, each with the name of its application, or with nothing when that is the same.
      - Two keys that would have one file are refused, however their paths are written. Upper and lower case count as
        the same where the file system takes them so.
    type: dict
    required: true
  tsg_id:
    description:
      - ID of the tenant, for C({tsg_id}), for journals of O(place), and for the note that says whose a secret is.
      - If omitted, the environment variable E(PANW_TSG_ID) is used, or E(PANW_MGMT_TSG_ID).
    type: str
  owners:
    description:
      - What the service says of the keys, by their names, as RV(panw.airs.airs_api_key_rotation_info#module:api_keys)
        has it in C(owner). V(prove) and V(store) need it for a file that holds a secret which no note tells of.
    type: dict
  path:
    description:
      - The file. C({name}) stands for the name of the API key, C({app}) for the name of the application and C({tsg_id})
        for the tenant. It is no template of Ansible's, so a survey can give it. The folder must exist.
      - A C(~) and variables of the environment are looked up before names are filled in, and never in a name.
        Variables that hold secrets of this collection are refused.
      - Letters from a to z, digits, dots, dashes and underscores of names stay as they are. All else becomes C(%) and
        hexadecimal digits, as in URLs, and of a name of more than 100 characters a checksum becomes a part. So no name
        leads to another folder, and no two names to one file.
      - This or O(place) is required.
    type: str
  encrypted:
    description:
      - Whether the file is encrypted, for C(ansible-vault view). Only possible in the controller, so neither with
        C(async) nor delegated to another host.
    type: bool
    default: false
  vault_password:
    description:
      - Password of the file. This or O(vault_password_file) is required with O(encrypted=true).
    type: str
  vault_password_file:
    description:
      - File that holds the password, or script that prints it, as C(ansible-vault) takes them.
    type: path
  vault_id:
    description:
      - Label of the password. A script whose name ends with C(-client) gets it.
    type: str
  place:
    description:
      - What the place of the secret is called in another store, with C({name}), C({app}) and C({tsg_id}), for a secret
        that other tasks write there. Only the journals are files then.
    type: str
  journal_directory:
    description:
      - Folder for the journals of O(place). It is made when it is missing.
    type: path
  reveal_secret:
    description:
      - Whether to return the secrets of the files. The result is kept from output and logs then.
    type: bool
    default: false
seealso:
  - module: panw.airs.airs_api_key
"""

EXAMPLES = r"""
- name: Prove that the secrets can be stored
  panw.airs.airs_secret_file:
    step: prove
    path: /etc/support-bot/{name}.key
    keys:
      support-bot:
  register: proved

- name: Renew the key, with its secret in the journal
  panw.airs.airs_api_key:
    name: support-bot
    regenerate: always
    secret_path: "{{ proved.secret_files['support-bot'].journal }}"

- name: Store the secret
  panw.airs.airs_secret_file:
    step: store
    path: /etc/support-bot/{name}.key
    keys:
      support-bot:

- name: End the journal
  panw.airs.airs_secret_file:
    step: finish
    path: /etc/support-bot/{name}.key
    keys:
      support-bot:
"""

RETURN = r"""
secret_files:
  description: What was found in the end, by the names of the keys; no secret is in it.
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
  description: The secrets of the files by the names of the keys; an empty text for none.
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
