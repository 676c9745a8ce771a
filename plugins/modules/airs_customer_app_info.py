# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List applications."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_customer_app_info
short_description: Gather information about customer applications
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Gathers information about customer applications, including their API keys and the deployment profile of each key.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the application. If omitted, all applications are returned.
    type: str
    aliases: [app_name]
  reveal_auth_code:
    description:
      - Whether to return auth codes in clear text. If V(true), the result is hidden from output and logs.
    type: bool
    default: false
seealso:
  - module: panw.airs.airs_customer_app
"""

EXAMPLES = r"""
- name: Gather information about all applications
  panw.airs.airs_customer_app_info:
  register: found

- name: Show the applications in production
  ansible.builtin.debug:
    msg: "{{ found.customer_apps | selectattr('environment', '==', 'prod') | map(attribute='app_name') }}"
"""

RETURN = r"""
customer_apps:
  description: List of applications. Empty if no application matches.
  returned: success
  type: list
  elements: dict
  contains:
    app_name:
      description: Name of the application.
      type: str
      returned: always
      sample: support-bot
    customer_app_id:
      description: ID of the application.
      type: str
      returned: always
      sample: 3b1a7d52-5a0e-4b8e-9a44-d2c9f0a1e6b7
    environment:
      description: Environment of the application.
      type: str
      returned: always
      sample: prod
    cloud_provider:
      description: Cloud provider of the application.
      type: str
      returned: always
      sample: aws
    api_keys_dp_info:
      description: >-
        API keys of the application, with the deployment profile of each. Auth codes are masked unless
        O(reveal_auth_code=true).
      type: list
      elements: dict
      returned: when provided by the service
      sample:
        - api_key_name: support-bot
          dp_name: dp-production
          auth_code: "********"
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.customer_app import CUSTOMER_APP_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(CUSTOMER_APP_INFO_MODULE)


if __name__ == "__main__":
    main()
