# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List API keys."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_api_key_info
short_description: Gather information about API keys
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Gathers information about API keys, including the number of days until they expire and whether they are due for
    rotation. Secrets are not returned.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the API key. If omitted, all API keys are returned.
    type: str
    aliases: [api_key_name]
  expires_within:
    description:
      - Return only API keys that expire within this number of days. This includes keys that have expired, and keys
        whose expiration date cannot be parsed.
      - If omitted, all API keys are returned, and RV(api_keys[].due) considers 30 days or a third of the lifetime of
        the key, whichever is less.
    type: int
  reveal_auth_code:
    description:
      - Whether to return auth codes in clear text. If V(true), the result is hidden from output and logs.
    type: bool
    default: false
seealso:
  - module: panw.airs.airs_api_key
"""

EXAMPLES = r"""
- name: Gather information about API keys that expire within two weeks
  panw.airs.airs_api_key_info:
    expires_within: 14
  register: expiring

- name: Show the names of the expiring API keys
  ansible.builtin.debug:
    msg: "{{ expiring.api_keys | map(attribute='api_key_name') }}"
"""

RETURN = r"""
api_keys:
  description: List of API keys. Empty if no API key matches.
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
      description: ID of the key.
      type: str
      returned: always
      sample: 0d0a7a3e-6b1f-4b52-8f0e-4e1a5b7c9d2f
    api_key_last8:
      description: Last 8 characters of the secret.
      type: str
      returned: always
      sample: kE2fJq8Z
    expiration:
      description: Expiration time of the key.
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
    due:
      description: >-
        Reason why O(panw.airs.airs_api_key#module:regenerate=expiring) would regenerate the key. One of V(revoked),
        V(expiring), or V(unreadable_expiry). Empty if it would not be regenerated.
      type: str
      returned: always
      sample: expiring
    cust_app:
      description: Name of the application.
      type: str
      returned: when provided by the service
      sample: support-bot
    auth_code:
      description: Auth code of the deployment profile. Masked unless O(reveal_auth_code=true).
      type: str
      returned: always
      sample: "********"
failure:
  description: >-
    Details of the failed request, for use in conditions: HTTP status (null if there was no response), error code and
    message of the service, method and path of the request, and the request ID that the service assigned.
  returned: when a request to the service failed
  type: dict
  sample:
    status: 409
    code: null
    message: the service reported 'topic is referenced'
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
