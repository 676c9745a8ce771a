# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List custom topics."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_custom_topic_info
short_description: Gather information about custom topics
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Gathers information about custom topics, including the security profile revisions that pin each topic and whether
    the pinned revision is stale.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the topic. If omitted, all topics are returned.
    type: str
    aliases: [topic_name]
seealso:
  - module: panw.airs.airs_custom_topic
"""

EXAMPLES = r"""
- name: Gather information about all custom topics
  panw.airs.airs_custom_topic_info:
  register: found

- name: Show the profiles that enforce an older revision of a topic
  ansible.builtin.debug:
    msg: "{{ item.0.topic_name }} in {{ item.1.profile_name }}"
  loop: "{{ found.custom_topics | subelements('profiles') }}"
  when:
    - item.1.stale
    - item.1.latest
"""

RETURN = r"""
custom_topics:
  description: List of topics. Empty if no topic matches.
  returned: success
  type: list
  elements: dict
  contains:
    topic_name:
      description: Name of the topic.
      type: str
      returned: always
      sample: financial-advice
    topic_id:
      description: ID of the topic.
      type: str
      returned: always
      sample: 6d62aa1f-2d0f-4f3c-9a6e-0d6c4b7f7a11
    revision:
      description: Number of the latest revision.
      type: int
      returned: always
      sample: 2
    description:
      description: Description of the topic.
      type: str
      returned: always
    examples:
      description: Example prompts or responses for the topic.
      type: list
      elements: str
      returned: always
    profiles:
      description: >-
        Security profile revisions that pin the topic. Older revisions also prevent the topic from being deleted.
      type: list
      elements: dict
      returned: always
      contains:
        profile_name:
          description: Name of the profile.
          type: str
          returned: always
          sample: support-bot
        profile_revision:
          description: Revision number of the profile.
          type: int
          returned: always
          sample: 3
        latest:
          description: Whether this is the latest revision of the profile, which is the one that is enforced.
          type: bool
          returned: always
          sample: true
        action:
          description: Action for content about the topic.
          type: str
          returned: always
          sample: block
        pinned_revision:
          description: Pinned revision of the topic.
          type: int
          returned: always
          sample: 1
        stale:
          description: Whether the topic has a newer revision than the pinned one.
          type: bool
          returned: always
          sample: true
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.custom_topic import CUSTOM_TOPIC_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(CUSTOM_TOPIC_INFO_MODULE)


if __name__ == "__main__":
    main()
