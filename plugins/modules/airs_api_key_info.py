# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List API keys."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_api_key_info
short_description: List API keys of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Lists API keys, with the days that are left until each expires, and why it is due. Secrets are not listed.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the key. All when left out.
    type: str
    aliases: [api_key_name]
  expires_within:
    description:
      - List only keys that expire within this many days, those that have expired, and those whose expiration cannot be
        read, included.
      - If omitted, all are listed, and RV(api_keys) tells what is due within 30 days, or a third of its life where that
        is less.
    type: int
  reveal_auth_code:
    description:
      - Whether to return auth codes as they are. The result is kept from output and logs then.
    type: bool
    default: false
seealso:
  - module: panw.airs.airs_api_key
"""

EXAMPLES = r"""
- name: List keys that expire within two weeks
  panw.airs.airs_api_key_info:
    expires_within: 14
  register: expiring

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ expiring.api_keys | map(attribute='api_key_name') }}"
"""

RETURN = r"""
api_keys:
  description: The keys; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    api_key_name:
      description: Name of the key.
      type: str
      returned: always
      sample: support-bot
    api_key_id:
      description: Id of the key.
      type: str
      returned: always
      sample: 0d0a7a3e-6b1f-4b52-8f0e-4e1a5b7c9d2f
    api_key_last8:
      description: Last 8 characters of its secret.
      type: str
      returned: always
      sample: kE2fJq8Z
    expiration:
      description: When it expires.
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
    due:
      description: >-
        Why O(panw.airs.airs_api_key#module:regenerate=expiring) would renew it, V(revoked), V(expiring) or
        V(unreadable_expiry); empty when it would not.
      type: str
      returned: always
      sample: expiring
    cust_app:
      description: Name of its application.
      type: str
      returned: when the service says it
      sample: support-bot
    auth_code:
      description: Auth code of its deployment profile, masked unless O(reveal_auth_code=true).
      type: str
      returned: always
      sample: "********"
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.api_key import API_KEY_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(API_KEY_INFO_MODULE)


if __name__ == "__main__":
    main()
