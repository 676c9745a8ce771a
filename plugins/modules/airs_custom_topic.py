# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage custom topics."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_custom_topic
short_description: Manage custom topics of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Makes, changes and removes custom topics, which security profiles allow or block through topic guardrails.
  - A changed topic gets a new revision under the same id. Profiles go on enforcing the revision that they hold until
    they are saved again, which M(panw.airs.airs_security_profile) does by itself when it names the topic.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.writes
options:
  name:
    description:
      - Name of the topic, at most 100 characters. Upper and lower case are told apart.
    type: str
    required: true
    aliases: [topic_name]
  description:
    description:
      - What the topic is about, in English, at most 250 characters. Needed to create it.
    type: str
  examples:
    description:
      - Prompts or answers that are about the topic, at most 5, each at most 250 characters.
      - Description and examples may have 1000 bytes together.
      - An empty list removes all examples. The order does not count.
    type: list
    elements: str
  force:
    description:
      - Whether to remove a topic that security profiles still hold, from those profiles and all of their revisions.
      - Without it such a removal fails and names the profiles.
    type: bool
    default: false
  state:
    description:
      - Whether the topic is to be there.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: panw.airs.airs_security_profile
"""

EXAMPLES = r"""
- name: Have a topic for financial advice
  panw.airs.airs_custom_topic:
    name: financial-advice
    description: Recommendations to buy, sell or hold securities or other investments
    examples:
      - Which stocks should I buy this week?
      - Is now a good time to put my savings into bonds?

- name: Remove a topic
  panw.airs.airs_custom_topic:
    name: financial-advice
    state: absent
"""

RETURN = r"""
custom_topic:
  description: The topic as the service holds it, or would hold it in check mode; null when it is absent.
  returned: success
  type: dict
  contains:
    topic_id:
      description: Id of the topic, which stays the same over all revisions.
      type: str
      returned: always
      sample: 6d62aa1f-2d0f-4f3c-9a6e-0d6c4b7f7a11
    topic_name:
      description: Name of the topic.
      type: str
      returned: always
      sample: financial-advice
    revision:
      description: Number of the revision, from 1.
      type: int
      returned: always
      sample: 1
    description:
      description: What the topic is about.
      type: str
      returned: always
      sample: Recommendations to buy, sell or hold securities
    examples:
      description: Prompts or answers that are about the topic.
      type: list
      elements: str
      returned: always
      sample: ["Which stocks should I buy this week?"]
    last_modified_ts:
      description: When the topic was last changed.
      type: str
      returned: when the service says it
      sample: "2026-06-26T10:00:00Z"
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.custom_topic import CUSTOM_TOPIC_MODULE


def main() -> None:
    """Run the module."""
    run_module(CUSTOM_TOPIC_MODULE)


if __name__ == "__main__":
    main()
