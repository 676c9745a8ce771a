# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List DLP profiles."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_dlp_profile_info
short_description: Gather information about DLP profiles
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Gathers information about the DLP profiles that can be used in
    O(panw.airs.airs_security_profile#module:data_leak.profiles).
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the DLP profile. If omitted, all DLP profiles are returned.
    type: str
"""

EXAMPLES = r"""
- name: Gather information about all DLP profiles
  panw.airs.airs_dlp_profile_info:
  register: dlp

- name: Show the names of the DLP profiles
  ansible.builtin.debug:
    msg: "{{ dlp.dlp_profiles | map(attribute='name') }}"
"""

RETURN = r"""
dlp_profiles:
  description: List of DLP profiles. Empty if no DLP profile matches.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the DLP profile.
      type: str
      returned: always
      sample: PII
    id:
      description: ID of the DLP profile. Can be empty.
      type: str
      returned: when provided by the service
      sample: "11995029"
    version:
      description: Version of the DLP profile.
      type: str
      returned: when provided by the service
      sample: "1"
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.dlp_profile import DLP_PROFILE_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(DLP_PROFILE_INFO_MODULE)


if __name__ == "__main__":
    main()
