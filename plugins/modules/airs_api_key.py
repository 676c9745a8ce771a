# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage API keys."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_api_key
short_description: Manage API keys of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Makes, renews and removes API keys, with which applications call the scan API. Making a key also makes its
    application.
  - The service shows the secret of a key once, when it makes it. The module proves that O(secret_path) can be
    written before it makes or renews a key, and regenerates a key whose secret was lost on the way.
  - A key cannot be changed. Regenerating replaces it by one with a new id and secret under the same name; the old
    secret stops working at once.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.writes
attributes:
  idempotent:
    support: partial
    details: With O(regenerate=always) every run makes a new key.
options:
  name:
    description:
      - Name of the key, at most 31 characters.
    type: str
    required: true
    aliases: [api_key_name]
  deployment_profile:
    description:
      - Name of the deployment profile that the key belongs to. Its auth code is looked up.
      - This or O(auth_code) is needed to create a key.
    type: str
    aliases: [dp_name]
  auth_code:
    description:
      - Auth code of the deployment profile, where it cannot be looked up.
    type: str
  customer_app:
    description:
      - Name of the application that uses the key. It is made with the key. Needed to create it.
    type: str
    aliases: [cust_app, app_name]
  environment:
    description:
      - Environment of the application, such as V(prod), V(staging) or V(dev). Needed to create a key.
      - Any text will do, and stays with the key. One that is known in another case or form is a warning.
    type: str
    aliases: [cust_env]
  cloud_provider:
    description:
      - Cloud provider of the application, such as V(aws), V(azure), V(gcp) or V(other). Needed to create a key.
    type: str
    aliases: [cust_cloud_provider]
  ai_agent_framework:
    description:
      - Framework that the application's agents are built with.
    type: str
    aliases: [cust_ai_agent_framework]
  rotation_time_interval:
    description:
      - After how many O(rotation_time_unit) the key expires. Needed to create it.
    type: int
  rotation_time_unit:
    description:
      - Unit of O(rotation_time_interval). Needed to create a key.
    type: str
    choices: [hours, days, months, years]
  regenerate:
    description:
      - When a key that exists is replaced by a new one of the same name.
      - V(expiring) replaces it when it expires within O(regenerate_before) days, or its expiration cannot be read, when
        it is revoked, when its rotation changes, and when O(secret_path) does not hold its secret, so that a run which
        died is healed by the next one.
      - A key that somebody else has made or renewed at the same time is left alone with a warning, unless it is
        V(always). Runs of one machine with the same O(secret_path) wait for each other.
      - V(always) replaces it in every run.
    type: str
    choices: [never, expiring, always]
    default: never
  regenerate_before:
    description:
      - How many days before its expiry O(regenerate=expiring) replaces a key.
      - It must be less than the key lives. 30 days if omitted, or a third of its life where that is less.
    type: int
  secret_path:
    description:
      - File that gets the secret, and nothing else, when the service makes one. Readable by its owner only,
        replaced as a whole, or written in place where it cannot be replaced, such as when it is mounted by itself. A
        link is followed. Its folder must exist.
      - A file that holds anything but a former secret of this key is an error and stays as it is. The hidden file
        C(.<name of the file>.airs-note) beside it tells whose secret it holds, without the secret.
      - Whatever else is there, such as a folder, a device or a named pipe, is an error, and so is a variable of the
        environment that holds a secret.
      - Without it the secret is returned, and the result is kept from output and logs.
    type: path
  stored_last8:
    description:
      - The last 8 characters of the secret that is in its place, or an empty text for none, where the place is one that
        only the caller can look into, such as a vault. Then they decide whether the key is replaced because its place
        does not hold its secret, and no longer O(secret_path), which is only on the way to that place.
    type: str
  state:
    description:
      - Whether the key is to be there. Removing it also removes its application.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: panw.airs.airs_deployment_profile_info
"""

EXAMPLES = r"""
- name: Have a key for the support bot, and renew it 30 days before it expires
  panw.airs.airs_api_key:
    name: support-bot
    deployment_profile: dp-production
    customer_app: support-bot
    environment: prod
    cloud_provider: aws
    rotation_time_interval: 90
    rotation_time_unit: days
    regenerate: expiring
    secret_path: /etc/support-bot/airs-api-key

- name: Renew it now
  panw.airs.airs_api_key:
    name: support-bot
    regenerate: always
    secret_path: /etc/support-bot/airs-api-key

- name: Renew it when it expires, or when the vault does not hold its secret
  panw.airs.airs_api_key:
    name: support-bot
    regenerate: expiring
    stored_last8: "{{ vault_secret[-8:] }}"
    secret_path: /run/airs/support-bot.key
  vars:
    vault_secret: "{{ lookup('ansible.builtin.env', 'SUPPORT_BOT_KEY') }}"
  when: false

- name: Remove it and its application
  panw.airs.airs_api_key:
    name: support-bot
    state: absent
"""

RETURN = r"""
api_key:
  description: >-
    The key as the service holds it, or would hold it in check mode, without its secret and with its auth code masked;
    null when it is absent.
  returned: success
  type: dict
  contains:
    api_key_id:
      description: Id of the key. Regenerating gives another.
      type: str
      returned: always
      sample: 0d0a7a3e-6b1f-4b52-8f0e-4e1a5b7c9d2f
    api_key_name:
      description: Name of the key.
      type: str
      returned: always
      sample: support-bot
    api_key_last8:
      description: Last 8 characters of the secret, to tell keys apart.
      type: str
      returned: always
      sample: kE2fJq8Z
    expiration:
      description: When the key expires.
      type: str
      returned: always
      sample: "2026-09-29T23:59:59Z"
    revoked:
      description: Whether the key is revoked.
      type: bool
      returned: always
      sample: false
    cust_app:
      description: Name of the application.
      type: str
      returned: when the service says it
      sample: support-bot
reason:
  description: >-
    Why the key is renewed: V(asked), V(revoked), V(not_stored), V(expiring), V(unreadable_expiry) or
    V(rotation_changed).
  returned: when a key that exists is renewed
  type: str
  sample: expiring
api_key_secret:
  description: The secret. The result is kept from output and logs then; C(register) has it.
  returned: when a key was made and O(secret_path) is not set
  type: str
secret_path:
  description: Absolute path of the file with the secret.
  returned: when O(secret_path) is set, and the key is not removed
  type: str
  sample: /etc/support-bot/airs-api-key
failure:
  description: >-
    What went wrong between the module and the service, for programs: HTTP status (null without an answer), the
    service's own code and message, method and path of the request and the service's id of it.
  returned: on a failed exchange
  type: dict
  sample:
    status: 409
    code: null
    message: the service said 'topic is referenced'
    method: DELETE
    path: /aisec/v1/mgmt/topic/6d62aa1f-2d0f-4f3c-9a6e-0d6c4b7f7a11
    request_id: null
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._kinds.api_key import API_KEY_MODULE


def main() -> None:
    """Run the module."""
    run_module(API_KEY_MODULE)


if __name__ == "__main__":
    main()
