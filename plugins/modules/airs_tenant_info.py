# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the config of a whole tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_tenant_info
short_description: Gather the complete configuration of a tenant
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Returns the objects of a tenant in the format of O(panw.airs.airs_tenant#module:config), with names instead of IDs,
    ordered by name, and without secrets.
  - Applying the configuration to the same tenant results in no changes. Applying it to an empty tenant creates the same
    objects, with new secrets for API keys. If the names of deployment profiles or DLP profiles differ there, use
    O(panw.airs.airs_tenant#module:name_map).
  - The configuration contains all protections of a security profile, including those that are turned off, because
    omitted options are not managed. Settings that no option covers are in C(policy).
  - A warning is issued for everything that the configuration cannot represent. For example, if a profile pins an old
    revision of a topic, applying the configuration pins the latest revision.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  kinds:
    description:
      - Kinds of objects to return.
    type: list
    elements: str
    choices: [custom_topics, security_profiles, api_keys, customer_apps]
    default: [custom_topics, security_profiles, api_keys, customer_apps]
seealso:
  - module: panw.airs.airs_tenant
  - module: panw.airs.airs_tenant_export
"""

EXAMPLES = r"""
- name: Gather the complete configuration of the tenant
  panw.airs.airs_tenant_info:
  register: tenant

- name: Show the names of the security profiles
  ansible.builtin.debug:
    msg: "{{ tenant.config.security_profiles | map(attribute='name') }}"

- name: Gather the topics and security profiles of the tenant
  panw.airs.airs_tenant_info:
    kinds: [custom_topics, security_profiles]
  register: guardrails
"""

RETURN = r"""
config:
  description: >-
    Configuration of the tenant, for use with M(panw.airs.airs_tenant). It contains a list for each of the requested
    kinds.
  returned: success
  type: dict
  contains:
    custom_topics:
      description: List of topics, as options of M(panw.airs.airs_custom_topic).
      type: list
      elements: dict
      returned: when included in O(kinds)
      sample:
        - name: financial-advice
          description: Recommendations to buy, sell or hold securities
          examples: ["Which stocks should I buy this week?"]
    security_profiles:
      description: List of security profiles, as options of M(panw.airs.airs_security_profile).
      type: list
      elements: dict
      returned: when included in O(kinds)
      sample:
        - name: support-bot
          prompt_injection: block
          toxic_content: {}
          topics:
            default: allow
            allow: []
            block: [financial-advice]
    api_keys:
      description: List of API keys, as options of M(panw.airs.airs_api_key).
      type: list
      elements: dict
      returned: when included in O(kinds)
      sample:
        - name: support-bot
          deployment_profile: dp-production
          customer_app: support-bot
          environment: prod
          cloud_provider: aws
          rotation_time_interval: 90
          rotation_time_unit: days
    customer_apps:
      description: List of applications, as options of M(panw.airs.airs_customer_app).
      type: list
      elements: dict
      returned: when included in O(kinds)
      sample:
        - name: support-bot
          cloud_provider: aws
          environment: prod
          model_name: default
          ai_agent_framework: ""
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
    path: /aisec/v1/mgmt/topics
    request_id: null
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._tenant.info import TENANT_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(TENANT_INFO_MODULE)


if __name__ == "__main__":
    main()
