# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan the rotation of API keys."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_api_key_rotation_info
short_description: Plan the rotation of API keys of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Says which API keys are due, and why, and changes nothing. The role P(panw.airs.rotate_api_keys#role) does what it
    says.
  - A key is due when it expires within O(regenerate_before) days, when its expiration cannot be read, when it is
    revoked, and when the place of its secret does not hold its secret.
  - A secret that is in use somewhere is not replaced because a place does not know it. Without names, only those keys
    are due whose secrets are in their places, or whose renewal was interrupted. A key that is named is always meant.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
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
  stored_secrets:
    description:
      - What the places of the secrets hold, by the name of the key, as
        RV(panw.airs.airs_secret_file#module:secret_files). Of each, C(last8), C(journal_last8), C(interrupted) and
        C(title) count.
      - A key that is not in it is left alone. If omitted, keys are chosen, and nothing is planned.
    type: dict
  profiles:
    description:
      - Names of the security profiles to scan with, by the name of the application or of the key. For what is not in
        it, the profile of the same name counts.
      - If omitted, no profile is looked for.
    type: dict
seealso:
  - module: panw.airs.airs_api_key
  - module: panw.airs.airs_secret_file
"""

EXAMPLES = r"""
- name: Choose the keys of the tenant
  panw.airs.airs_api_key_rotation_info:
  register: chosen

- name: Look at the files that have their secrets
  panw.airs.airs_secret_file:
    step: look
    path: /etc/airs/{name}.key
    keys: "{{ dict(chosen.api_keys | map(attribute='name') | zip(chosen.api_keys | map(attribute='app'))) }}"
  register: files

- name: Plan what has to be done
  panw.airs.airs_api_key_rotation_info:
    stored_secrets: "{{ files.secret_files }}"
  register: plan

- name: Show what is due, and why
  ansible.builtin.debug:
    msg: "{{ plan.api_keys | selectattr('reason') | items2dict(key_name='name', value_name='reason') }}"
"""

RETURN = r"""
api_keys:
  description: The keys that are meant, by name.
  returned: success
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
    owner:
      description: Whose its secret is, for O(panw.airs.airs_secret_file#module:owners).
      type: dict
      returned: always
      sample:
        tsg_id: "1234567890"
        last8s: [kE2fJq8Z]
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
        What there is to do. V(rotate) renews the key. V(resume) stores a new secret that an interrupted run has left in
        the journal. V(finish) removes a journal that is of no use. V(none) leaves the key alone, and so does V(failed).
      type: str
      returned: with O(stored_secrets)
      sample: rotate
    reason:
      description: >-
        Why it is renewed: V(asked), V(revoked), V(not_stored), V(expiring) or V(unreadable_expiry); empty when it is
        not.
      type: str
      returned: with O(stored_secrets)
      sample: expiring
    new_last8:
      description: Last 8 characters of its secret when that is done, empty when it is renewed.
      type: str
      returned: with O(stored_secrets)
      sample: ""
    sink:
      description: The place of its secret.
      type: str
      returned: with O(stored_secrets)
      sample: /etc/airs/support-bot.key
    in_sink:
      description: Whether that place holds its secret, null when nobody could look.
      type: bool
      returned: with O(stored_secrets)
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
      returned: with O(profiles), for V(rotate) and V(resume)
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.key_rotation import API_KEY_ROTATION_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(API_KEY_ROTATION_INFO_MODULE)


if __name__ == "__main__":
    main()
