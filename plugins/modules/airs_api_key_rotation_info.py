# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan the rotation of API keys."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_api_key_rotation_info
short_description: Gather information about API keys that are due for rotation
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Gathers information about which API keys are due for rotation, and why. The role P(panw.airs.rotate_api_keys#role)
    uses it to plan the rotation.
  - A key is due for rotation if it expires within O(regenerate_before) days, if its expiration date cannot be parsed,
    if it is revoked, or if its current secret is not stored in its destination.
  - A secret that is in use elsewhere is not replaced just because a destination does not contain it. Without names,
    only keys whose secrets are stored in their destinations, or whose rotation was interrupted, are due. Keys that are
    specified by name are always considered.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  names:
    description:
      - Names of API keys, as a list or as a string with names that are separated by commas or line breaks.
      - If neither this option nor O(customer_apps) is specified, all API keys of the tenant that are not revoked are
        considered.
    type: raw
  customer_apps:
    description:
      - Names of applications whose API keys are considered, in the format of O(names).
    type: raw
  regenerate:
    description:
      - Which of the considered keys to regenerate.
      - V(expiring) regenerates keys that are due for rotation. V(always) regenerates all of them, and requires O(names)
        or O(customer_apps).
    type: str
    choices: [expiring, always]
    default: expiring
  regenerate_before:
    description:
      - Number of days before its expiration from which a key is due for rotation. Must be less than the lifetime of the
        key.
      - If omitted, 30 days or a third of its lifetime are used, whichever is less.
    type: int
  stored_secrets:
    description:
      - Dictionary that maps names of API keys to the state of the destinations of their secrets, in the format of
        RV(panw.airs.airs_secret_file#module:secret_files). Only C(last8), C(journal_last8), C(interrupted), and
        C(title) are used.
      - Keys without an entry are not rotated. If omitted, the module only returns the considered keys, without a plan.
    type: dict
  profiles:
    description:
      - Dictionary that maps names of applications or API keys to names of the security profiles to scan with. If there
        is no entry, the profile with the same name is used.
      - If omitted, security profiles are not looked up.
    type: dict
seealso:
  - module: panw.airs.airs_api_key
  - module: panw.airs.airs_secret_file
"""

EXAMPLES = r"""
- name: Gather information about the API keys of the tenant
  panw.airs.airs_api_key_rotation_info:
  register: considered

- name: Gather information about the files that contain their secrets
  panw.airs.airs_secret_file:
    step: look
    path: /etc/airs/{name}.key
    keys: "{{ dict(considered.api_keys | map(attribute='name') | zip(considered.api_keys | map(attribute='app'))) }}"
  register: files

- name: Plan the rotation
  panw.airs.airs_api_key_rotation_info:
    stored_secrets: "{{ files.secret_files }}"
  register: plan

- name: Show the reasons why API keys are due for rotation
  ansible.builtin.debug:
    msg: "{{ plan.api_keys | selectattr('reason') | items2dict(key_name='name', value_name='reason') }}"
"""

RETURN = r"""
api_keys:
  description: List of the considered API keys, ordered by name.
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
      description: Name of the application. If the service does not provide it, the name of the key.
      type: str
      returned: always
      sample: support-bot
    tsg_id:
      description: ID of the tenant. Empty if the service does not provide it.
      type: str
      returned: always
      sample: "1234567890"
    owner:
      description: Owner of the secret, for use in O(panw.airs.airs_secret_file#module:owners).
      type: dict
      returned: always
      sample:
        tsg_id: "1234567890"
        last8s: [kE2fJq8Z]
    old_last8:
      description: Last 8 characters of the secret.
      type: str
      returned: always
      sample: kE2fJq8Z
    expiration:
      description: Expiration time of the key, in the format of the service. Empty if the key does not expire.
      type: str
      returned: always
      sample: "2026-09-29T23:59:59Z"
    days_left:
      description: >-
        Number of full days until the key expires. Negative if it has expired. Null if it does not expire, or if its
        expiration date cannot be parsed.
      type: int
      returned: always
      sample: 12
    action:
      description: >-
        Action to take. V(rotate) to regenerate the key, V(resume) to store a secret from the journal of an interrupted
        run, V(finish) to remove a journal that is no longer needed, or V(none) to not change the key. Keys with
        V(failed) are not changed either.
      type: str
      returned: when O(stored_secrets) is set
      sample: rotate
    reason:
      description: >-
        Reason why the key is regenerated. One of V(asked), V(revoked), V(not_stored), V(expiring), or
        V(unreadable_expiry). Empty if it is not regenerated.
      type: str
      returned: when O(stored_secrets) is set
      sample: expiring
    new_last8:
      description: Last 8 characters of the secret after the action. Empty if the key is to be regenerated.
      type: str
      returned: when O(stored_secrets) is set
      sample: ""
    sink:
      description: Destination of the secret.
      type: str
      returned: when O(stored_secrets) is set
      sample: /etc/airs/support-bot.key
    in_sink:
      description: Whether the destination contains the current secret. Null if it could not be read.
      type: bool
      returned: when O(stored_secrets) is set
      sample: true
    error:
      description: >-
        Error message. For example, O(regenerate_before) is not less than the lifetime of the key, or the destination
        contains something other than a secret of the key.
      type: str
      returned: when RV(api_keys[].action) is V(failed)
      sample: >-
        regenerate_before must be less than the lifetime of the key (7 days), but is 30 days, so every run would
        regenerate the key: set at most 6, or omit it to use a third of the lifetime. This key was not changed.
    profile_name:
      description: Name of the security profile to scan with. Empty if there is none.
      type: str
      returned: when O(profiles) is set, for V(rotate) and V(resume)
      sample: support-bot
failure:
  description: >-
    Details of the failed request, for use in conditions: HTTP status (null if there was no response), error code and
    message of the service, method and path of the request, and the request ID that the service assigned.
  returned: when a request to the service failed
  type: dict
  sample:
    status: 403
    code: null
    message: the service reported 'Forbidden'
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
