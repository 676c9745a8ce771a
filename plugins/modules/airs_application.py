# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage an application with all that belongs to it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_application
short_description: Manage an application of Prisma AIRS with its topics, its security profile and its API key
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Makes or changes the custom topics, the security profile and the API key of an application in one task. Everything
    is planned before the first change, so that most of what can be wrong is said before anything has changed.
  - What a run has touched is returned as RV(undo). A later task can put it back with O(state=restored).
  - With O(state=absent) it removes the application with its keys, and its profile and topics where nobody else uses
    them. What stays is returned with the reason and with its users. Nothing is removed by force.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.writes
attributes:
  idempotent:
    support: partial
    details: With O(regenerate=always) every run makes a new key.
options:
  name:
    description:
      - Name of the application and of its API key, at most 31 characters.
    type: str
    required: true
  state:
    description:
      - V(present) makes what is missing and changes what differs.
      - V(absent) removes what is the application's alone.
      - V(restored) puts back what the run has touched that returned O(undo), in the reverse order. Every step is tried,
        whatever becomes of the others. The task does not fail for what cannot be undone, but names it.
    type: str
    choices: [present, absent, restored]
    default: present
  customer_app:
    description:
      - Name under which the service knows the application; O(name) if omitted.
    type: str
  environment:
    description:
      - Environment of the application, such as V(prod), V(staging) or V(dev). Required when creating the key.
    type: str
  cloud_provider:
    description:
      - Cloud provider of the application, such as V(aws), V(azure), V(gcp) or V(other). Required when creating the key.
    type: str
  ai_agent_framework:
    description:
      - Framework that the application's agents are built with.
    type: str
  deployment_profile:
    description:
      - Name of the deployment profile that the key belongs to.
      - V(any) takes the first that is free for a new key, preferably one that was never activated. Making the key
        activates it. What an earlier task of the same run takes is not free, also in check mode.
      - If omitted, or V(any), a key that exists keeps the one it has. A new key needs it.
    type: str
  rotation_time_interval:
    description:
      - After how many O(rotation_time_unit) the key expires.
    type: int
    default: 90
  rotation_time_unit:
    description:
      - Unit of O(rotation_time_interval).
    type: str
    choices: [hours, days, months, years]
    default: days
  regenerate:
    description:
      - When a key that exists is replaced by a new one of the same name; the old secret stops working at once.
      - V(expiring) replaces it when it expires within O(regenerate_before) days, or its expiration cannot be read, when
        it is revoked, and when its secret is not in its place.
    type: str
    choices: [never, expiring, always]
    default: expiring
  regenerate_before:
    description:
      - How many days before its expiry O(regenerate=expiring) replaces the key.
      - It must be less than the key lives. 30 days if omitted, or a third of its life where that is less.
    type: int
  topics:
    description:
      - Custom topics that the profile needs, each with the options of M(panw.airs.airs_custom_topic), O(ignore:state)
        and O(ignore:force) aside.
    type: list
    elements: dict
  security_profile:
    description:
      - The protections, as M(panw.airs.airs_security_profile) takes them, O(ignore:directions) and O(ignore:policy)
        included. Its O(ignore:name) is O(name) if omitted.
      - What is left out is off in a new profile, and stays as it is in one that exists.
      - With O(state=absent) only the name counts. An empty one lets the profile stay.
    type: dict
  on_weakening:
    description:
      - What to do when the security profile would protect less than before, such as V(alert) where there was V(block).
      - V(report) does it and warns. V(refuse) fails before anything is changed. Both name what gets weaker.
    type: str
    choices: [report, refuse]
    default: report
  allow_unprotected:
    description:
      - Whether a profile may have no protection on. Otherwise it is refused before anything has changed, whether it is
        new or was there before.
      - What cannot be read, such as an action that nobody knows, counts as unknown and not as off.
    type: bool
    default: true
  secret_path:
    description:
      - File for the secret of the key, readable by its owner only. Needed when a key is made or replaced.
      - A file that is there already although the key is not, is never overwritten, and neither is one that holds
        anything but a former secret of the key. See O(panw.airs.airs_api_key#module:secret_path).
      - Whatever else is there, such as a folder, a device or a named pipe, is an error, and so is a variable of the
        environment that holds a secret.
      - With O(state=absent) the file is removed after the key, unless it holds anything but a secret of the key.
    type: path
  stored_secrets:
    description:
      - What the places hold that only the caller can look into, such as a vault. When it is given, it decides in the
        place of O(secret_path) whether the key is replaced, and the caller takes the new secret from there.
      - With O(state=absent), the result says in RV(secrets) which of them are to be removed.
    type: list
    elements: dict
    suboptions:
      place:
        description: What messages call the place.
        type: str
        required: true
      last8:
        description: The last 8 characters of the secret that is there, or nothing.
        type: str
      pending:
        description: Whether an interrupted run has left the secret there on its way to its place.
        type: bool
        default: false
      is_file:
        description:
          - Whether the place is a file. One that holds anything but a former secret of the key is an error, and so is
            any place that holds the secret of another key.
        type: bool
        default: false
      noted_tsg_ids:
        description: Tenants whose key of this name the secret is of, as M(panw.airs.airs_secret_file) returns them.
        type: list
        elements: str
        default: []
  undo:
    description:
      - What a run has returned as RV(undo). Required with O(state=restored).
    type: raw
  keys:
    description:
      - With O(state=absent), the names of the keys that are this application's alone; O(name) if omitted. A list, or
        text with commas or line breaks between the names.
      - When the application has other keys, somebody else uses it. Then it stays with all of its keys, because the
        service removes an application with any of its keys, and so does the profile.
    type: raw
  remove_topics:
    description:
      - With O(state=absent), which topics are removed. Those that a profile still pins, in whichever revision, stay.
      - V(unused) stands for those that the application's profile pins and no other does. Topics without examples stay
        then, because those that the service brings along look like that.
      - V(none) removes none. A list, or text with commas or line breaks between the names, removes these.
    type: raw
    default: unused
seealso:
  - module: panw.airs.airs_tenant
  - module: panw.airs.airs_scan
"""

EXAMPLES = r"""
- name: Ensure that the HR bot is protected
  panw.airs.airs_application:
    name: hr-bot
    environment: prod
    cloud_provider: aws
    deployment_profile: any
    secret_path: /etc/hr-bot/airs-api-key
    topics:
      - name: financial-advice
        description: Recommendations to buy, sell or hold securities or other investments
        examples:
          - Which stocks should I buy this week?
    security_profile:
      prompt_injection: block
      topics: {block: [financial-advice]}
  register: application

- name: Put back what that has touched
  panw.airs.airs_application:
    name: hr-bot
    state: restored
    undo: "{{ application.undo }}"
  when: false

- name: Look at what a removal would remove
  panw.airs.airs_application:
    name: hr-bot
    state: absent
    secret_path: /etc/hr-bot/airs-api-key
  check_mode: true

- name: Ensure that it is gone
  panw.airs.airs_application:
    name: hr-bot
    state: absent
    secret_path: /etc/hr-bot/airs-api-key
"""

RETURN = r"""
weakened:
  description:
    - What the security profile does less than before, or in check mode would, the greatest loss first.
  returned: when O(state=present)
  type: list
  elements: dict
  sample:
    - protection: prompt_injection
      before: block
      after: allow
parts:
  description:
    - What was done about each part, or in check mode would be, in the order of the deed.
  returned: success, and when a removal failed
  type: list
  elements: dict
  contains:
    kind:
      description: V(custom_topic), V(security_profile), V(api_key), V(customer_app), or V(secret) for a file.
      type: str
      returned: always
      sample: security_profile
    name:
      description: Name of the object, or path of the file.
      type: str
      returned: always
      sample: support-bot
    action:
      description:
        - With O(state=present) V(none), V(create), V(update) or V(regenerate).
        - With O(state=absent) V(delete), V(stays), or V(none) for what is not there.
        - With O(state=restored) V(delete), V(update), V(none), or V(stays) for what is not undone.
      type: str
      returned: always
      sample: create
    was_there:
      description: Whether it was there before.
      type: bool
      returned: when O(state=present)
      sample: false
    reason:
      description:
        - Why it stays. With O(state=absent) V(other_keys), V(with_application), V(used_by_applications), V(pinned),
          V(maybe_built_in), V(other_key), V(something_else), or V(refused) by the service.
        - With O(state=restored) V(failed), V(regenerated) or V(application_was_there).
      type: str
      returned: when O(state) is not V(present)
      sample: pinned
    users:
      description: Names of those who use it.
      type: list
      elements: str
      returned: when O(state=absent)
      sample: [hr-assistant]
    title:
      description: What it is, for a line of a report.
      type: str
      returned: when O(state) is not V(restored)
      sample: security profile support-bot
    message:
      description: What becomes of it, for a line of a report.
      type: str
      returned: always
      sample: created
api_key:
  description: The API key as the service holds it, or would hold it in check mode.
  returned: when O(state=present)
  type: dict
api_key_action:
  description: What was done about the key, V(none), V(create) or V(regenerate).
  returned: when O(state=present)
  type: str
  sample: create
api_key_pending:
  description: Whether O(stored_secrets) has the secret of the key, but only on its way to its place.
  returned: when O(state=present)
  type: bool
  sample: false
owner:
  description: Whose the secret is, for O(panw.airs.airs_secret_file#module:owners).
  returned: when O(state=present)
  type: dict
  sample:
    tsg_id: "1234567890"
    last8s: [kE2fJq8Z]
secret_path:
  description: Where the secret is, as an absolute path; null without O(secret_path).
  returned: when O(state=present)
  type: str
  sample: /etc/hr-bot/airs-api-key
customer_app:
  description: Name under which the service knows the application.
  returned: when O(state=present)
  type: str
  sample: support-bot
profile_name:
  description: Name of its security profile.
  returned: when O(state=present)
  type: str
  sample: support-bot
protections:
  description:
    - What is on in the profile, or cannot be read, each with what it does. Empty when nothing is on.
  returned: when O(state=present)
  type: list
  elements: str
  sample: [prompt_injection block, "topics block (2 blocked)"]
scans:
  description:
    - Scans that prove the protections, as O(panw.airs.airs_scan#module:contents) takes them. A harmless prompt must
      pass, and a prompt injection and a malicious URL must be blocked where the profile does so, by
      O(security_profile) or from before.
  returned: when O(state=present)
  type: list
  elements: dict
undo:
  description: What the run has touched, for O(state=restored). It has no secret.
  returned: when O(state=present), also when a step failed; not when nothing was touched because something is refused
  type: dict
not_undone:
  description: A sentence for all that is not undone.
  returned: when O(state=restored)
  type: list
  elements: str
secret_action:
  description:
    - What the caller has to do about the secret in a place of O(stored_secrets). V(remove) it, because its key is gone;
      V(finish) what was begun for a new one, because the key was not replaced; or V(none).
  returned: when O(state=restored)
  type: str
  sample: remove
secrets:
  description:
    - What becomes of each of O(stored_secrets), in their order, like RV(parts). Those to V(delete) are left to the
      caller.
  returned: when O(state=absent)
  type: list
  elements: dict
to_do:
  description:
    - Whether something is left to be removed, by this module or, of O(stored_secrets), by the caller. In check mode,
      whether there is any need for a run.
  returned: when O(state=absent)
  type: bool
  sample: false
failure:
  description: >-
    What went wrong between the module and the service, for programs: HTTP status (null without an answer), the
    service's own code and message, method and path of the request and the service's id of it.
  returned: on a failed exchange
  type: dict
  sample:
    status: 403
    code: null
    message: the service said 'Access denied'
    method: POST
    path: /aisec/v1/mgmt/apikey
    request_id: null
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._tenant.application import APPLICATION_MODULE


def main() -> None:
    """Run the module."""
    run_module(APPLICATION_MODULE)


if __name__ == "__main__":
    main()
