# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List deployment profiles."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_deployment_profile_info
short_description: Gather information about deployment profiles
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Gathers information about deployment profiles. Deployment profiles are purchased and activated outside of this
    collection. The auth code of an API key determines the deployment profile that the key belongs to.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the deployment profile. If omitted, all deployment profiles are returned.
    type: str
    aliases: [dp_name]
  unactivated:
    description:
      - If V(true), returns only deployment profiles that are not activated yet, and activated ones that have neither an
        application nor an API key.
    type: bool
  reveal_auth_code:
    description:
      - Whether to return auth codes in clear text. If V(true), the result is hidden from output and logs.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Gather information about all deployment profiles
  panw.airs.airs_deployment_profile_info:
  register: all_profiles

- name: Gather information about deployment profiles that are free for a new application
  panw.airs.airs_deployment_profile_info:
    unactivated: true
  register: free_profiles
"""

RETURN = r"""
deployment_profiles:
  description: List of deployment profiles. Empty if no deployment profile matches.
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
      description: Auth code of the deployment profile. Masked unless O(reveal_auth_code=true).
      type: str
      returned: always
      sample: "********"
    status:
      description: Status of the deployment profile, such as V(activated) or V(init).
      type: str
      returned: when provided by the service
      sample: activated
    expiration_date:
      description: Time at which the license expires, in the format of the service.
      type: str
      returned: when provided by the service
      sample: "2026-09-29 23:59:59 +0000 UTC"
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.deployment_profile import DEPLOYMENT_PROFILE_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(DEPLOYMENT_PROFILE_INFO_MODULE)


if __name__ == "__main__":
    main()
