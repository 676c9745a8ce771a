# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage custom topics."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_custom_topic
short_description: Create, update, and delete custom topics
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Creates, updates, and deletes custom topics. AI security profiles allow or block them through topic guardrails.
  - Updating a topic creates a new revision with the same ID. Security profiles continue to enforce the revision that
    they reference until they are saved again. M(panw.airs.airs_security_profile) does this automatically for topics
    that are listed in its options.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.writes
options:
  name:
    description:
      - Name of the topic. At most 100 characters. Names are case-sensitive.
    type: str
    required: true
    aliases: [topic_name]
  description:
    description:
      - Description of the topic, in English. At most 250 characters. Required when creating.
    type: str
  examples:
    description:
      - Example prompts or responses for the topic. At most 5, with at most 250 characters each.
      - O(description) and O(examples) must not exceed 1000 bytes in total.
      - An empty list removes all examples. The order is not significant.
    type: list
    elements: str
  force:
    description:
      - Whether to delete a topic that security profiles still reference. The topic is removed from these profiles and
        from all of their revisions.
      - If V(false), deleting such a topic fails with an error that lists the profiles.
    type: bool
    default: false
  state:
    description:
      - Desired state of the topic.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: panw.airs.airs_security_profile
"""

EXAMPLES = r"""
- name: Ensure the financial advice topic exists
  panw.airs.airs_custom_topic:
    name: financial-advice
    description: Recommendations to buy, sell or hold securities or other investments
    examples:
      - Which stocks should I buy this week?
      - Is now a good time to put my savings into bonds?

- name: Delete the financial advice topic
  panw.airs.airs_custom_topic:
    name: financial-advice
    state: absent
"""

RETURN = r"""
custom_topic:
  description: The topic as stored by the service; in check mode, as it would be stored. Null if it is absent.
  returned: success
  type: dict
  contains:
    topic_id:
      description: ID of the topic, which is the same for all of its revisions.
      type: str
      returned: always
      sample: 6d62aa1f-2d0f-4f3c-9a6e-0d6c4b7f7a11
    topic_name:
      description: Name of the topic.
      type: str
      returned: always
      sample: financial-advice
    revision:
      description: Revision number, starting at 1.
      type: int
      returned: always
      sample: 1
    description:
      description: Description of the topic.
      type: str
      returned: always
      sample: Recommendations to buy, sell or hold securities
    examples:
      description: Example prompts or responses for the topic.
      type: list
      elements: str
      returned: always
      sample: ["Which stocks should I buy this week?"]
    last_modified_ts:
      description: Time of the last modification.
      type: str
      returned: when provided by the service
      sample: "2026-06-26T10:00:00Z"
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.custom_topic import CUSTOM_TOPIC_MODULE


def main() -> None:
    """Run the module."""
    run_module(CUSTOM_TOPIC_MODULE)


if __name__ == "__main__":
    main()
