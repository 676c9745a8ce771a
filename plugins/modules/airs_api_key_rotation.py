# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotate API keys whose secrets are in files."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_api_key_rotation
short_description: Rotate API keys of Prisma AIRS whose secrets are in files
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Replaces API keys that are due by new ones of the same names, puts the new secrets into the files where the
    applications look for them, plain or encrypted by Ansible Vault, and proves with scans that they work. The role
    P(panw.airs.rotate_api_keys#role) uses it for files.
  - Which keys are due, M(panw.airs.airs_api_key_rotation_info) says in the same words. Without names, only those keys
    are replaced whose secrets are in their files, or whose renewal was interrupted.
  - One key after the other. That a file can be replaced is proved before its key is regenerated, and until the secret
    is there and works, it is in a journal beside the file, with the ending C(.airs-journal). Whenever a run is killed,
    the next one ends with a working key. One key that fails does not stop the others, and the task fails in the end.
  - A file that holds anything but a former secret of its key is never overwritten.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
    details: The files hold secrets.
  idempotent:
    support: partial
    details: With O(regenerate=always) every run makes new keys.
options:
  names:
    description:
      - Names of API keys, as a list, or as text with commas or line breaks between them.
      - Without names and O(customer_apps), all keys of the tenant that are not revoked.
    type: raw
  customer_apps:
    description:
      - Names of applications whose keys are meant, as O(names).
    type: raw
  regenerate:
    description:
      - Which keys are replaced by new ones of the same names.
      - V(expiring) replaces those that are due. V(always) replaces all of them, and needs O(names) or
        O(customer_apps).
    type: str
    choices: [expiring, always]
    default: expiring
  regenerate_before:
    description:
      - How many days before it expires a key is due. It must be less than the key lives.
      - 30 days if omitted, or a third of its life where that is less.
    type: int
  rotation_time_interval:
    description:
      - After how many O(rotation_time_unit) a new key expires. As before if omitted.
    type: int
  rotation_time_unit:
    description:
      - Unit of O(rotation_time_interval).
    type: str
    choices: [hours, days, months, years]
  path:
    description:
      - The files, as O(panw.airs.airs_secret_file#module:path) takes them; C({name}), C({app}) and C({tsg_id}) in it
        stand for key, application and tenant.
    type: str
    required: true
  encrypted:
    description:
      - Whether the files are encrypted, for C(ansible-vault view). Only possible in the controller, so neither with
        C(async) nor delegated to another host.
    type: bool
    default: false
  vault_password:
    description:
      - Password of the files. This or O(vault_password_file) is required with O(encrypted=true).
    type: str
  vault_password_file:
    description:
      - File that holds the password, or script that prints it, as C(ansible-vault) takes them.
    type: path
  vault_id:
    description:
      - Label of the password. A script whose name ends with C(-client) gets it.
    type: str
  verify:
    description:
      - Whether to scan with each new key.
    type: bool
    default: true
  verify_retries:
    description:
      - How often a scan is repeated, because a new key may take some seconds to reach the scan API.
    type: int
    default: 5
  verify_delay:
    description:
      - Seconds between two tries.
    type: int
    default: 3
  profiles:
    description:
      - Names of the security profiles to scan with, by the name of the application or of the key. For what is not in
        it, the profile of the same name counts. Where there is none, the key is not replaced.
    type: dict
  contents:
    description:
      - What is scanned, as O(panw.airs.airs_scan#module:contents) takes it. If omitted, one harmless prompt, of which
        nothing is expected but an answer.
    type: list
    elements: dict
  api_endpoint:
    description:
      - URL of the scan API, instead of O(region).
      - If omitted, the environment variable E(PANW_AI_SEC_API_ENDPOINT) is used.
    type: str
  region:
    description:
      - Region of the deployment profiles.
    type: str
    choices: [us, eu, in, sg, jp, au]
seealso:
  - module: panw.airs.airs_api_key_rotation_info
  - module: panw.airs.airs_secret_file
"""

EXAMPLES = r"""
- name: Rotate the keys whose secrets are here
  panw.airs.airs_api_key_rotation:
    path: /etc/airs/{name}.key

- name: Rotate them without a scan that proves the new secret
  panw.airs.airs_api_key_rotation:
    path: /etc/airs/{name}.key
    verify: false
"""

RETURN = r"""
api_keys:
  description: The keys that are meant, by name.
  returned: success, and when keys failed
  type: list
  elements: dict
  contains:
    name:
      description: Name of the key.
      type: str
      returned: always
      sample: support-bot
    app:
      description: Its application; the name of the key where the service does not tell it.
      type: str
      returned: always
      sample: support-bot
    tsg_id:
      description: ID of the tenant, empty where the service does not tell it.
      type: str
      returned: always
      sample: "1234567890"
    old_last8:
      description: Last 8 characters of its secret.
      type: str
      returned: always
      sample: kE2fJq8Z
    expiration:
      description: When it expires, as the service says it; empty for a key that does not.
      type: str
      returned: always
      sample: "2026-09-29T23:59:59Z"
    days_left:
      description: >-
        Whole days until then, negative when it has expired; null for a key that does not expire, or whose expiration
        cannot be read.
      type: int
      returned: always
      sample: 12
    action:
      description: >-
        What was done, or in check mode would be. V(rotate) renewed the key. V(resume) stored a new secret that an
        interrupted run had left in the journal. V(none) left the key alone, and V(failed) says why in
        RV(api_keys[].error).
      type: str
      returned: always
      sample: rotate
    reason:
      description: >-
        Why it is renewed: V(asked), V(revoked), V(not_stored), V(expiring) or V(unreadable_expiry); empty when it is
        not.
      type: str
      returned: always
      sample: expiring
    new_last8:
      description: Last 8 characters of its secret now; in check mode empty when it is to be renewed.
      type: str
      returned: always
      sample: ""
    sink:
      description: The place of its secret.
      type: str
      returned: always
      sample: /etc/airs/support-bot.key
    in_sink:
      description: Whether that place holds its secret, null when nobody could look.
      type: bool
      returned: always
      sample: true
    error:
      description: >-
        Why nothing can be done about it, such as a window that is not shorter than its life, or a place that holds
        something else than a secret of the key.
      type: str
      returned: when RV(api_keys[].action) is V(failed)
      sample: >-
        regenerate_before: 30 days are not less than the life of the key (7 days), so every run would replace it: give 6
        or fewer, or leave it out for a third of its life. This key was not changed.
    profile_name:
      description: The security profile to scan with, empty when there is none.
      type: str
      returned: with O(verify), for V(rotate) and V(resume)
      sample: support-bot
failure:
  description: >-
    What went wrong between the module and the service, for programs: HTTP status (null without an answer), the
    service's own code and message, method and path of the request and the service's id of it.
  returned: on a failed exchange
  type: dict
  sample:
    status: 403
    code: null
    message: the service said 'Forbidden'
    method: GET
    path: /aisec/v1/mgmt/apikeys
    request_id: null
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._kinds.key_renewal import API_KEY_ROTATION_MODULE


def main() -> None:
    """Run the module."""
    run_module(API_KEY_ROTATION_MODULE)


if __name__ == "__main__":
    main()
