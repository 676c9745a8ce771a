# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage an application with all that belongs to it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_application
short_description: Manage an application with its topics, security profile, and API key
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Creates or updates the custom topics, the security profile, and the API key of an application in one task. All
    changes are planned first, so that most errors are reported before anything is changed.
  - A new application requires O(environment), O(cloud_provider), and O(deployment_profile), and usually has
    O(security_profile), O(topics), and O(secret_path). Run it with check mode to see the plan.
  - All changes of a run are returned in RV(undo). A later task can revert them with O(state=restored).
  - With O(state=absent), deletes the application with its API keys, and its security profile and topics if nothing else
    uses them. Objects that are kept are returned with the reason and with their users. The module never forces a
    deletion.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.secret_encryption
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.writes
attributes:
  idempotent:
    support: partial
    details: With O(regenerate=always), every run regenerates the key.
options:
  name:
    description:
      - Name of the application and of its API key. At most 31 characters.
    type: str
    required: true
  state:
    description:
      - V(present) creates missing objects and updates objects that differ.
      - V(absent) deletes objects that only the application uses.
      - V(restored) reverts the changes of the run that returned O(undo), in reverse order. All steps are attempted,
        even if some of them fail. The task does not fail if a change cannot be reverted, but returns it in
        RV(not_undone).
    type: str
    choices: [present, absent, restored]
    default: present
  customer_app:
    description:
      - Name of the application in the service. If omitted, O(name) is used.
    type: str
  environment:
    description:
      - Environment of the application, such as V(prod), V(staging), or V(dev). Required when creating the key.
    type: str
  cloud_provider:
    description:
      - Cloud provider of the application, such as V(aws), V(azure), V(gcp), or V(other). Required when creating the
        key.
    type: str
  ai_agent_framework:
    description:
      - Framework that the AI agents of the application are built with.
    type: str
  deployment_profile:
    description:
      - Name of the deployment profile that the key belongs to.
      - V(any) selects the first deployment profile that is free for a new key, preferably one that was never activated.
        Creating the key activates it. Deployment profiles that were selected by earlier tasks of the same run are not
        free, also in check mode.
      - Required when creating the key. If omitted or V(any), the deployment profile of an existing key is not changed.
    type: str
  rotation_time_interval:
    description:
      - Lifetime of the key, in units of O(rotation_time_unit).
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
      - When to regenerate an existing key. The old secret stops working immediately.
      - V(expiring) regenerates the key if it expires within O(regenerate_before) days, if its expiration date cannot be
        parsed, if it is revoked, or if its secret is not stored in its destination.
    type: str
    choices: [never, expiring, always]
    default: expiring
  regenerate_before:
    description:
      - Number of days before its expiration from which O(regenerate=expiring) regenerates the key.
      - Must be less than the lifetime of the key. If omitted, 30 days or a third of its lifetime are used, whichever is
        less.
    type: int
  topics:
    description:
      - Custom topics that the profile uses, with the options of M(panw.airs.airs_custom_topic), except for
        O(ignore:state) and O(ignore:force).
    type: list
    elements: dict
  security_profile:
    description:
      - Protections of the security profile, with the options of M(panw.airs.airs_security_profile), including
        O(ignore:directions) and O(ignore:policy). If its O(ignore:name) is omitted, O(name) is used.
      - Omitted protections are turned off in a new profile, and left unchanged in an existing profile.
      - With O(state=absent), only the name is considered. If it is empty, the profile is not deleted.
    type: dict
  on_weakening:
    description:
      - How to handle a change that weakens the protection, such as from V(block) to V(alert).
      - V(report) applies the change and issues a warning. V(refuse) fails before anything is changed. Both list the
        weakened protections.
    type: str
    choices: [report, refuse]
    default: report
  allow_unprotected:
    description:
      - Whether to allow a profile with all protections turned off. If V(false), the module fails for such a profile
        before anything is changed, whether the profile is new or exists already.
      - A setting that cannot be interpreted, such as an unknown action, is considered unknown and not turned off.
    type: bool
    default: true
  secret_path:
    description:
      - Path to the file to store the secret of the key in. It is only readable by its owner. Required when creating or
        regenerating the key.
      - The file is never overwritten if it exists although the key does not, or if it contains anything other than a
        previous secret of the key. See O(panw.airs.airs_api_key#module:secret_path).
      - The module also fails if the path is a directory, a device, or a named pipe, or if it refers to an environment
        variable that contains a secret.
      - With O(state=absent), the file is removed after the key, unless it contains anything other than a secret of the
        key.
    type: path
  path:
    description:
      - Path to the file for the secret of each key, instead of O(secret_path), as for
        O(panw.airs.airs_secret_file#module:path). C({name}) is replaced with the name of the key, C({app}) with the
        name of the application, and C({tsg_id}) with the ID of the tenant.
      - Until the secret is stored and verified, it is also kept in a journal in the same directory.
    type: str
  verify:
    description:
      - Whether to scan O(contents) with the key and the profile at the end. In check mode, only an application without
        changes is scanned.
      - The task fails if a verdict is not as expected. See O(rollback).
    type: bool
    default: false
  verify_retries:
    description:
      - Maximum number of retries of the scans after a change, which may take some seconds to reach the scan API.
    type: int
    default: 5
  verify_delay:
    description:
      - Number of seconds between retries.
    type: int
    default: 3
  contents:
    description:
      - Contents to scan, as for O(panw.airs.airs_scan#module:contents).
      - If omitted, the scans that verify what the profile blocks, as in RV(scans).
    type: list
    elements: dict
  api_endpoint:
    description:
      - URL of the scan API, instead of O(region).
      - If omitted, the environment variable E(PANW_AI_SEC_API_ENDPOINT) is used.
    type: str
  region:
    description:
      - Region of the deployment profile.
    type: str
    choices: [us, eu, in, sg, jp, au]
  stored_secrets:
    description:
      - State of the destinations of the secret that only the caller can read, such as a vault. If specified, it
        determines instead of O(secret_path) whether the key is regenerated. The caller must then store the new secret
        from O(secret_path) in these destinations.
      - With O(state=absent), RV(secrets) returns which of them must be removed.
    type: list
    elements: dict
    suboptions:
      place:
        description: Name of the destination in messages.
        type: str
        required: true
      last8:
        description: Last 8 characters of the stored secret. Empty if no secret is stored.
        type: str
      pending:
        description: Whether the secret is one that an interrupted run did not yet store in its final destination.
        type: bool
        default: false
      is_file:
        description:
          - Whether the destination is a file. The module fails if a file contains anything other than a previous secret
            of the key, and if any destination contains the secret of another key.
        type: bool
        default: false
      noted_tsg_ids:
        description: >-
          IDs of the tenants whose API key of this name the secret belongs to, as returned by
          M(panw.airs.airs_secret_file).
        type: list
        elements: str
        default: []
  undo:
    description:
      - Value that a previous run returned in RV(undo). Required if O(state=restored).
    type: raw
  rollback:
    description:
      - Whether to revert the changes of this task if a step fails, as O(state=restored) does. The task fails in any
        case, with the error of that step.
    type: bool
    default: false
  keys:
    description:
      - With O(state=absent), names of the API keys that belong only to this application, as a list or as a string with
        names that are separated by commas or line breaks. If omitted, O(name) is used.
      - If the application has any other API key, it is considered in use. In this case the application is kept with all
        of its API keys, because deleting any of them would also delete the application. The security profile is kept as
        well.
    type: raw
  remove_topics:
    description:
      - With O(state=absent), topics to delete. Topics that are pinned by any revision of a profile are kept.
      - V(unused) deletes the topics that are pinned by the profile of the application and by no other profile. In this
        case topics without examples are kept, because they might be predefined topics of the service.
      - V(none) deletes no topics. Otherwise the topics to delete are specified as a list of names, or as a string with
        names that are separated by commas or line breaks.
    type: raw
    default: unused
seealso:
  - module: panw.airs.airs_tenant
  - module: panw.airs.airs_scan
"""

EXAMPLES = r"""
- name: Ensure the HR bot is protected
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

- name: Revert the changes of the previous task
  panw.airs.airs_application:
    name: hr-bot
    state: restored
    undo: "{{ application.undo }}"
  when: false

- name: Show what would be deleted with the HR bot
  panw.airs.airs_application:
    name: hr-bot
    state: absent
    secret_path: /etc/hr-bot/airs-api-key
  check_mode: true

- name: Ensure the HR bot is deleted
  panw.airs.airs_application:
    name: hr-bot
    state: absent
    secret_path: /etc/hr-bot/airs-api-key
"""

RETURN = r"""
weakened:
  description:
    - List of protections of the security profile that are weakened, most severe first; in check mode, that would be
      weakened.
  returned: when O(state=present)
  type: list
  elements: dict
  sample:
    - protection: prompt_injection
      before: block
      after: allow
parts:
  description:
    - List of the affected objects and files with the action that was taken, in order of execution; in check mode, that
      would be taken.
  returned: success, and when a deletion failed
  type: list
  elements: dict
  contains:
    kind:
      description: >-
        Kind of the object. One of V(custom_topic), V(security_profile), V(api_key), V(customer_app), or V(secret) for a
        file.
      type: str
      returned: always
      sample: security_profile
    name:
      description: Name of the object or path of the file.
      type: str
      returned: always
      sample: support-bot
    action:
      description:
        - With O(state=present), one of V(none), V(create), V(update), or V(regenerate).
        - With O(state=absent), one of V(delete), V(stays) if it is kept, or V(none) if it does not exist.
        - With O(state=restored), one of V(delete), V(update), V(none), or V(stays) if the change is not reverted.
      type: str
      returned: always
      sample: create
    was_there:
      description: Whether the object existed before.
      type: bool
      returned: when O(state=present)
      sample: false
    reason:
      description:
        - Reason why the object is kept. With O(state=absent), one of V(other_keys), V(with_application),
          V(used_by_applications), V(pinned), V(maybe_built_in), V(other_key), V(something_else), or V(refused) if the
          service rejected the deletion.
        - With O(state=restored), one of V(failed), V(regenerated), V(application_was_there), V(masked) if its previous
          text contained a secret, or V(adopted) if another run may have created it.
      type: str
      returned: when O(state) is not V(present)
      sample: pinned
    users:
      description: Names of the objects that use it.
      type: list
      elements: str
      returned: when O(state=absent)
      sample: [hr-assistant]
    title:
      description: Description of the object, for use in reports.
      type: str
      returned: when O(state) is not V(restored)
      sample: security profile support-bot
    message:
      description: Description of the action, for use in reports.
      type: str
      returned: always
      sample: created
api_key:
  description: The API key as stored by the service; in check mode, as it would be stored.
  returned: when O(state=present)
  type: dict
api_key_action:
  description: Action that was taken for the key. One of V(none), V(create), or V(regenerate).
  returned: when O(state=present)
  type: str
  sample: create
api_key_pending:
  description: >-
    Whether O(stored_secrets) contains the secret of the key, but it is not yet stored in its final destination.
  returned: when O(state=present)
  type: bool
  sample: false
owner:
  description: Owner of the secret, for use in O(panw.airs.airs_secret_file#module:owners).
  returned: when O(state=present)
  type: dict
  sample:
    tsg_id: "1234567890"
    last8s: [kE2fJq8Z]
secret_path:
  description: Absolute path of the file that contains the secret. Null without O(secret_path) and O(path).
  returned: when O(state=present)
  type: str
  sample: /etc/hr-bot/airs-api-key
place:
  description: Name of the destination of the secret in messages. Null with O(stored_secrets).
  returned: when O(state=present)
  type: str
  sample: /etc/hr-bot/airs-api-key
customer_app:
  description: Name of the application in the service.
  returned: when O(state=present)
  type: str
  sample: support-bot
profile_name:
  description: Name of the security profile.
  returned: when O(state=present)
  type: str
  sample: support-bot
protections:
  description:
    - List of protections of the profile that are turned on or cannot be interpreted, with their actions. Empty if no
      protection is turned on.
  returned: when O(state=present)
  type: list
  elements: str
  sample: [prompt_injection block, "topics block (2 blocked)"]
scans:
  description:
    - O(contents), or if omitted scans that verify the protections, for use in O(panw.airs.airs_scan#module:contents). A
      harmless prompt must be allowed. A prompt injection and a malicious URL must be blocked if the profile is
      configured to do so, whether by O(security_profile) or previously.
  returned: when O(state=present)
  type: list
  elements: dict
verified:
  description: Number of scans whose verdicts are as expected. 0 if nothing was scanned.
  returned: when O(state=present)
  type: int
  sample: 2
undo:
  description: Changes of the run, for use with O(state=restored). Does not contain secrets.
  returned: when O(state=present), also when a step failed; not when the task failed before anything was changed
  type: dict
not_undone:
  description: List of messages about changes that were not reverted.
  returned: when O(state=restored), or with O(rollback=true) when a step failed
  type: list
  elements: str
secret_action:
  description:
    - Action that the caller must take for the secret in the destinations of O(stored_secrets). V(remove) if the secret
      must be removed because its key was deleted, V(finish) if only the journal must be removed because this run
      created no secret, or V(none).
  returned: when O(state=restored)
  type: str
  sample: remove
secrets:
  description:
    - List of actions for the files of O(path), or for O(stored_secrets), in the same order and in the format of
      RV(parts). The caller must perform the action V(delete) of O(stored_secrets).
  returned: when O(state=absent)
  type: list
  elements: dict
to_do:
  description:
    - Whether anything remains to be removed, by this module or, for O(stored_secrets), by the caller. In check mode,
      whether a run would make changes.
  returned: when O(state=absent)
  type: bool
  sample: false
failure:
  description: >-
    Details of the failed request, for use in conditions: HTTP status (null if there was no response), error code and
    message of the service, method and path of the request, and the request ID that the service assigned.
  returned: when a request to the service failed
  type: dict
  sample:
    status: 403
    code: null
    message: the service reported 'Access denied'
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
