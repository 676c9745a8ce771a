# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List AI security profiles."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_security_profile_info
short_description: List AI security profiles of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Lists security profiles, the policy both as the API has it and in the form of the options of
    M(panw.airs.airs_security_profile), so that what comes out can be given to that module.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the profile. All when left out.
    type: str
    aliases: [profile_name]
  latest:
    description:
      - Whether to list the newest revision of each profile only, or all revisions, newest first.
    type: bool
    default: true
seealso:
  - module: panw.airs.airs_security_profile
"""

EXAMPLES = r"""
- name: Read a profile
  panw.airs.airs_security_profile_info:
    name: support-bot
  register: found

- name: Show it as one would write it
  ansible.builtin.debug:
    msg: "{{ found.security_profiles[0].options }}"

- name: Count all revisions
  panw.airs.airs_security_profile_info:
    name: support-bot
    latest: false
  register: history
"""

RETURN = r"""
security_profiles:
  description: The profiles; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    profile_name:
      description: Name of the profile.
      type: str
      returned: always
      sample: support-bot
    profile_id:
      description: Id of this revision.
      type: str
      returned: always
      sample: a0e6e9b0-8a3f-4f0c-8b5e-9b0a1c2d3e4f
    revision:
      description: Number of this revision.
      type: int
      returned: always
      sample: 2
    policy:
      description: The policy as the API has it.
      type: dict
      returned: always
    options:
      description:
        - The policy as options of M(panw.airs.airs_security_profile), what no option can say under C(policy).
        - Given back to it, they change nothing.
      type: dict
      returned: always
      sample:
        prompt_injection: block
        toxic_content:
          high: block
          moderate: allow
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.security_profile import SECURITY_PROFILE_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(SECURITY_PROFILE_INFO_MODULE)


if __name__ == "__main__":
    main()
