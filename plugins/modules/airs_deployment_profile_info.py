# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List deployment profiles."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_deployment_profile_info
short_description: List deployment profiles of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Lists deployment profiles, which are bought and activated elsewhere; API keys belong to one by its auth code.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the deployment profile. All when left out.
    type: str
    aliases: [dp_name]
  unactivated:
    description:
      - Whether to list those that are not activated yet, and activated ones that have neither application nor API
        key.
    type: bool
  reveal_auth_code:
    description:
      - Whether to return auth codes as they are. The result is kept from output and logs then.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: List all deployment profiles
  panw.airs.airs_deployment_profile_info:
  register: all_profiles

- name: List those that are free for a new application
  panw.airs.airs_deployment_profile_info:
    unactivated: true
  register: free_profiles
"""

RETURN = r"""
deployment_profiles:
  description: The deployment profiles; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    dp_name:
      description: Name of the deployment profile.
      type: str
      returned: always
      sample: dp-production
    auth_code:
      description: Its auth code, masked unless O(reveal_auth_code=true).
      type: str
      returned: always
      sample: "********"
    status:
      description: Its status, such as V(activated) or V(init).
      type: str
      returned: when the service says it
      sample: activated
    expiration_date:
      description: When its licence ends, in the service's own form.
      type: str
      returned: when the service says it
      sample: "2026-09-29 23:59:59 +0000 UTC"
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.deployment_profile import DEPLOYMENT_PROFILE_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(DEPLOYMENT_PROFILE_INFO_MODULE)


if __name__ == "__main__":
    main()
