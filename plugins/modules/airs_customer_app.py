# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage applications."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_customer_app
short_description: Manage applications of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Changes and removes applications. The service makes an application with its first API key (see
    M(panw.airs.airs_api_key)), so this module cannot make one.
  - Removing an application also removes its API keys, which the result and the diff name.
  - An application cannot be renamed. What would become of its keys is not documented.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.writes
options:
  name:
    description:
      - Name of the application.
    type: str
    required: true
    aliases: [app_name]
  customer_app_id:
    description:
      - Id of the application, to make sure that it is the one meant. The task fails when it has another name.
    type: str
  cloud_provider:
    description:
      - Cloud provider of the application, such as V(aws), V(azure), V(gcp) or V(other).
    type: str
  environment:
    description:
      - Environment of the application, such as V(prod), V(staging) or V(dev).
    type: str
  model_name:
    description:
      - Name of the model that the application uses. The service sets V(default) by itself.
    type: str
  ai_agent_framework:
    description:
      - Framework that the application's agents are built with. An empty string clears it.
    type: str
  state:
    description:
      - Whether the application is to be there.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: panw.airs.airs_api_key
  - module: panw.airs.airs_customer_app_info
"""

EXAMPLES = r"""
- name: Move the support bot to production
  panw.airs.airs_customer_app:
    name: support-bot
    environment: prod

- name: Remove it and all of its keys
  panw.airs.airs_customer_app:
    name: support-bot
    state: absent
"""

RETURN = r"""
customer_app:
  description: >-
    The application as the service holds it, or would hold it in check mode, with auth codes masked; null when it is
    absent.
  returned: success
  type: dict
  contains:
    customer_app_id:
      description: Id of the application.
      type: str
      returned: always
      sample: 3b1a7d52-5a0e-4b8e-9a44-d2c9f0a1e6b7
    app_name:
      description: Name of the application.
      type: str
      returned: always
      sample: support-bot
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
      description: Its API keys, with the deployment profile of each.
      type: list
      elements: dict
      returned: when the service says it
      sample:
        - api_key_name: support-bot
          dp_name: dp-production
          auth_code: "********"
removed_api_keys:
  description: Names of the API keys that were, or in check mode would be, removed with the application.
  returned: when O(state=absent)
  type: list
  elements: str
  sample: [support-bot]
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.customer_app import CUSTOMER_APP_MODULE


def main() -> None:
    """Run the module."""
    run_module(CUSTOMER_APP_MODULE)


if __name__ == "__main__":
    main()
