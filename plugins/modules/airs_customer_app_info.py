# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List applications."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_customer_app_info
short_description: List applications of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Lists applications, with their API keys and the deployment profile of each.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the application. All when left out.
    type: str
    aliases: [app_name]
  reveal_auth_code:
    description:
      - Whether to return auth codes as they are. The result is kept from output and logs then.
    type: bool
    default: false
seealso:
  - module: panw.airs.airs_customer_app
"""

EXAMPLES = r"""
- name: List all applications
  panw.airs.airs_customer_app_info:
  register: found

- name: Show those in production
  ansible.builtin.debug:
    msg: "{{ found.customer_apps | selectattr('environment', '==', 'prod') | map(attribute='app_name') }}"
"""

RETURN = r"""
customer_apps:
  description: The applications; an empty list when there is none.
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
      description: Id of the application.
      type: str
      returned: always
      sample: 3b1a7d52-5a0e-4b8e-9a44-d2c9f0a1e6b7
    environment:
      description: Its environment.
      type: str
      returned: always
      sample: prod
    cloud_provider:
      description: Its cloud provider.
      type: str
      returned: always
      sample: aws
    api_keys_dp_info:
      description: Its API keys, with the deployment profile of each; auth codes masked unless O(reveal_auth_code=true).
      type: list
      elements: dict
      returned: when the service says it
      sample:
        - api_key_name: support-bot
          dp_name: dp-production
          auth_code: "********"
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.customer_app import CUSTOMER_APP_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(CUSTOMER_APP_INFO_MODULE)


if __name__ == "__main__":
    main()
