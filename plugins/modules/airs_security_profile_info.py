# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List AI security profiles."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_security_profile_info
short_description: Gather information about AI security profiles
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Gathers information about AI security profiles. The policy is returned both in the format of the API and as options
    of M(panw.airs.airs_security_profile), which can be passed to that module.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the profile. If omitted, all profiles are returned.
    type: str
    aliases: [profile_name]
  latest:
    description:
      - Whether to return only the latest revision of each profile. If V(false), all revisions are returned, starting
        with the latest.
    type: bool
    default: true
seealso:
  - module: panw.airs.airs_security_profile
"""

EXAMPLES = r"""
- name: Gather information about a profile
  panw.airs.airs_security_profile_info:
    name: support-bot
  register: found

- name: Show the profile as module options
  ansible.builtin.debug:
    msg: "{{ found.security_profiles[0].options }}"

- name: Gather information about all revisions of a profile
  panw.airs.airs_security_profile_info:
    name: support-bot
    latest: false
  register: history
"""

RETURN = r"""
security_profiles:
  description: List of profiles. Empty if no profile matches.
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
      description: ID of this revision.
      type: str
      returned: always
      sample: a0e6e9b0-8a3f-4f0c-8b5e-9b0a1c2d3e4f
    revision:
      description: Revision number.
      type: int
      returned: always
      sample: 2
    policy:
      description: Policy in the format of the API.
      type: dict
      returned: always
    options:
      description:
        - Policy as options of M(panw.airs.airs_security_profile). Settings that no option covers are in C(policy).
        - Passing these options to the module results in no changes.
      type: dict
      returned: always
      sample:
        prompt_injection: block
        toxic_content:
          high: block
          moderate: allow
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.security_profile import SECURITY_PROFILE_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(SECURITY_PROFILE_INFO_MODULE)


if __name__ == "__main__":
    main()
