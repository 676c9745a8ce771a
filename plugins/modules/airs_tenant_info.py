# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the config of a whole tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_tenant_info
short_description: Read the config of a whole tenant of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Gives all that a tenant has in the form that M(panw.airs.airs_tenant) takes as its
    O(panw.airs.airs_tenant#module:config), with names instead of ids, ordered by name, and without any secret.
  - Applied to the tenant that it came from, it changes nothing. Applied to an empty tenant it makes the same objects,
    keys with new secrets. Names of deployment profiles and DLP profiles that differ there go into
    O(panw.airs.airs_tenant#module:name_map).
  - All protections of a security profile are in it, those that are off too, because an option that is left out would
    not be managed. Parts of a policy that no option knows are under C(policy).
  - What it cannot say is a warning. A profile that pins an old revision of a topic is one such thing. Where the config
    is applied, the newest is pinned.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  kinds:
    description:
      - What to read.
    type: list
    elements: str
    choices: [custom_topics, security_profiles, api_keys, customer_apps]
    default: [custom_topics, security_profiles, api_keys, customer_apps]
seealso:
  - module: panw.airs.airs_tenant
  - module: panw.airs.airs_tenant_export
"""

EXAMPLES = r"""
- name: Read all that the tenant has
  panw.airs.airs_tenant_info:
  register: tenant

- name: Show which profiles there are
  ansible.builtin.debug:
    msg: "{{ tenant.config.security_profiles | map(attribute='name') }}"

- name: Read the topics and the profiles that use them
  panw.airs.airs_tenant_info:
    kinds: [custom_topics, security_profiles]
  register: guardrails
"""

RETURN = r"""
config:
  description: What the tenant has, ready to be given to M(panw.airs.airs_tenant). It has the lists that were asked for.
  returned: success
  type: dict
  contains:
    custom_topics:
      description: The topics, as options of M(panw.airs.airs_custom_topic).
      type: list
      elements: dict
      returned: when O(kinds) has it
      sample:
        - name: financial-advice
          description: Recommendations to buy, sell or hold securities
          examples: ["Which stocks should I buy this week?"]
    security_profiles:
      description: The profiles, as options of M(panw.airs.airs_security_profile).
      type: list
      elements: dict
      returned: when O(kinds) has it
      sample:
        - name: support-bot
          prompt_injection: block
          toxic_content: {}
          topics:
            default: allow
            allow: []
            block: [financial-advice]
    api_keys:
      description: The keys, as options of M(panw.airs.airs_api_key).
      type: list
      elements: dict
      returned: when O(kinds) has it
      sample:
        - name: support-bot
          deployment_profile: dp-production
          customer_app: support-bot
          environment: prod
          cloud_provider: aws
          rotation_time_interval: 90
          rotation_time_unit: days
    customer_apps:
      description: The applications, as options of M(panw.airs.airs_customer_app).
      type: list
      elements: dict
      returned: when O(kinds) has it
      sample:
        - name: support-bot
          cloud_provider: aws
          environment: prod
          model_name: default
          ai_agent_framework: ""
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
