# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List custom topics."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_custom_topic_info
short_description: List custom topics of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Lists custom topics, with the revisions of security profiles that pin each and whether that pin is stale.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  name:
    description:
      - Name of the topic. All when left out.
    type: str
    aliases: [topic_name]
seealso:
  - module: panw.airs.airs_custom_topic
"""

EXAMPLES = r"""
- name: List all topics
  panw.airs.airs_custom_topic_info:
  register: found

- name: Show profiles that enforce an older revision of a topic
  ansible.builtin.debug:
    msg: "{{ item.0.topic_name }} in {{ item.1.profile_name }}"
  loop: "{{ found.custom_topics | subelements('profiles') }}"
  when:
    - item.1.stale
    - item.1.latest
"""

RETURN = r"""
custom_topics:
  description: The topics; an empty list when there is none.
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
      description: Id of the topic.
      type: str
      returned: always
      sample: 6d62aa1f-2d0f-4f3c-9a6e-0d6c4b7f7a11
    revision:
      description: Number of its newest revision.
      type: int
      returned: always
      sample: 2
    description:
      description: What the topic is about.
      type: str
      returned: always
    examples:
      description: Prompts or answers that are about the topic.
      type: list
      elements: str
      returned: always
    profiles:
      description: Revisions of security profiles that pin the topic. Old revisions block its removal as well.
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
          description: Number of the profile's revision.
          type: int
          returned: always
          sample: 3
        latest:
          description: Whether it is the profile's newest revision, the one that is enforced.
          type: bool
          returned: always
          sample: true
        action:
          description: What happens to content about the topic.
          type: str
          returned: always
          sample: block
        pinned_revision:
          description: The topic's revision that is pinned.
          type: int
          returned: always
          sample: 1
        stale:
          description: Whether the topic has a newer one.
          type: bool
          returned: always
          sample: true
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.custom_topic import CUSTOM_TOPIC_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(CUSTOM_TOPIC_INFO_MODULE)


if __name__ == "__main__":
    main()
