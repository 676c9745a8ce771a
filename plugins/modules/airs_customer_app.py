# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage applications."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_customer_app
short_description: Update and delete customer applications
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Updates and deletes customer applications. The service creates an application together with its first API key (see
    M(panw.airs.airs_api_key)), so this module cannot create one.
  - Deleting an application also deletes its API keys. They are listed in the result and in the diff.
  - Applications cannot be renamed, because the effect on their API keys is not documented.
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
      - ID of the application, as a safeguard. The module fails if the application with this ID has a different name.
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
      - Name of the model that the application uses. The service sets V(default) if none was specified.
    type: str
  ai_agent_framework:
    description:
      - Framework that the AI agents of the application are built with. An empty string clears it.
    type: str
  state:
    description:
      - Desired state of the application.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: panw.airs.airs_api_key
  - module: panw.airs.airs_customer_app_info
"""

EXAMPLES = r"""
- name: Ensure the support bot is assigned to production
  panw.airs.airs_customer_app:
    name: support-bot
    environment: prod

- name: Delete the support bot and all of its API keys
  panw.airs.airs_customer_app:
    name: support-bot
    state: absent
"""

RETURN = r"""
customer_app:
  description: >-
    The application as stored by the service, with auth codes masked; in check mode, as it would be stored. Null if it
    is absent.
  returned: success
  type: dict
  contains:
    customer_app_id:
      description: ID of the application.
      type: str
      returned: always
      sample: 3b1a7d52-5a0e-4b8e-9a44-d2c9f0a1e6b7
    app_name:
      description: Name of the application.
      type: str
      returned: always
      sample: support-bot
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
      description: API keys of the application, with the deployment profile of each.
      type: list
      elements: dict
      returned: when provided by the service
      sample:
        - api_key_name: support-bot
          dp_name: dp-production
          auth_code: "********"
removed_api_keys:
  description: >-
    Names of the API keys that were deleted together with the application; in check mode, that would be deleted.
  returned: when O(state=absent)
  type: list
  elements: str
  sample: [support-bot]
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.customer_app import CUSTOMER_APP_MODULE


def main() -> None:
    """Run the module."""
    run_module(CUSTOMER_APP_MODULE)


if __name__ == "__main__":
    main()
