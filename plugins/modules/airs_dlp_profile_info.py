# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List DLP profiles."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_dlp_profile_info
short_description: List DLP profiles of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Lists the DLP profiles that O(panw.airs.airs_security_profile#module:data_leak.profiles) may name.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the DLP profile. All when left out.
    type: str
"""

EXAMPLES = r"""
- name: List all DLP profiles
  panw.airs.airs_dlp_profile_info:
  register: dlp

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ dlp.dlp_profiles | map(attribute='name') }}"
"""

RETURN = r"""
dlp_profiles:
  description: The DLP profiles; an empty list when there is none.
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
      description: Its id, which may be empty.
      type: str
      returned: when the service says it
      sample: "11995029"
    version:
      description: Its version.
      type: str
      returned: when the service says it
      sample: "1"
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.dlp_profile import DLP_PROFILE_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(DLP_PROFILE_INFO_MODULE)


if __name__ == "__main__":
    main()
