# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage AI security profiles."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_security_profile
short_description: Create, update, and delete AI security profiles
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Create, update, and delete AI security profiles, which define what is detected in prompts and responses, and the
    action to take. For example, O(name=support-bot) with O(prompt_injection=block) is a complete task.
  - Protections with one action are O(prompt_injection), O(contextual_grounding), O(malicious_code), O(agent_security),
    and O(source_code).
  - Protections with several settings are O(toxic_content), O(topics), O(urls), O(data_leak), and O(database_security).
  - Settings of the entire profile are O(latency), O(mask_data_in_storage), O(full_conversation_inspection),
    O(severities), and O(dlp_profiles). To never make a profile less strict, set O(on_weakening=refuse).
  - If an option is omitted, its setting is left unchanged. V(disabled) or an empty dictionary turns a protection off.
  - O(directions) takes the same protections separately for each direction of the traffic. Examples are at the end.
  - The service stores every update as a new revision with a new ID and keeps the old one. The module compares first,
    and sends nothing if the profile already has these settings, in whatever form.
  - Settings that no option covers are left unchanged; set them with O(policy). Topics and DLP profiles that are already
    in the profile are also left unchanged, even if they no longer exist in the tenant. Only names that are new to the
    profile are looked up.
  - The service may not support each action for each protection. In that case it returns an error.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.writes
options:
  name:
    description:
      - Name of the profile. At most 100 characters. Names are case-sensitive.
    type: str
    required: true
    aliases: [profile_name]
  prompt_injection:
    description:
      - Action for prompts that try to override the instructions of the application.
    type: str
    choices: [block, alert, allow, disabled]
  toxic_content:
    description:
      - Actions for toxic prompts and responses, by confidence of the detection.
      - An empty dictionary turns the detection off.
    type: dict
    suboptions:
      high:
        description: Action for high-confidence detections. If omitted, V(allow) is used for a new profile.
        type: str
        choices: [block, alert, allow]
      moderate:
        description: Action for moderate-confidence detections. If omitted, V(allow) is used for a new profile.
        type: str
        choices: [block, alert, allow]
      categories:
        description:
          - Actions for specific categories of toxic content. An empty list removes all categories.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the category, such as V(hate), V(violent-crime), V(self-harm), or V(cybercrime).
            type: str
            required: true
          high:
            description: Action for high-confidence detections. If omitted, V(allow) is used for a new category.
            type: str
            choices: [block, alert, allow]
          moderate:
            description: >-
              Action for moderate-confidence detections. If omitted, V(allow) is used for a new category.
            type: str
            choices: [block, alert, allow]
  contextual_grounding:
    description:
      - Action for responses that are not supported by their context.
    type: str
    choices: [block, alert, allow, disabled]
  topics:
    description:
      - Topic guardrails. Topics are specified by name (see M(panw.airs.airs_custom_topic)).
      - Profiles pin topics to a revision. The profile is updated if a topic that is listed here has a newer revision.
      - An empty dictionary turns topic guardrails off.
    type: dict
    suboptions:
      default:
        description: >-
          Action for content that does not match any of the topics. If omitted, V(allow) is used for a new profile.
        type: str
        choices: [block, alert, allow]
      block:
        description: Names of topics to block. An empty list removes all topics.
        type: list
        elements: str
      alert:
        description: Names of topics to report without blocking. An empty list removes all topics.
        type: list
        elements: str
      allow:
        description: Names of topics to allow. An empty list removes all topics.
        type: list
        elements: str
  malicious_code:
    description:
      - Action for malicious code in prompts and responses.
    type: str
    choices: [block, alert, allow, disabled]
  agent_security:
    description:
      - Action for threats that target AI agents.
    type: str
    choices: [block, alert, allow, disabled]
  urls:
    description:
      - Actions for URLs in prompts and responses, by URL category, such as V(phishing) or V(malware).
      - An empty dictionary turns the detection off.
    type: dict
    suboptions:
      default:
        description:
          - Action for URLs in O(urls.default_categories). V(disabled) also removes the default categories.
        type: str
        choices: [block, alert, allow, disabled]
      default_categories:
        description:
          - Categories that O(urls.default) applies to. An empty list removes all categories.
          - If omitted, V(malicious) is used when O(urls.default) turns the detection on.
        type: list
        elements: str
      allow:
        description: Categories to allow. An empty list removes all categories.
        type: list
        elements: str
      alert:
        description: Categories to report without blocking. An empty list removes all categories.
        type: list
        elements: str
      block:
        description: Categories to block. An empty list removes all categories.
        type: list
        elements: str
  data_leak:
    description:
      - Detection of sensitive data in prompts and responses.
      - An empty dictionary turns the detection off.
    type: dict
    suboptions:
      profiles:
        description:
          - Names of the DLP profiles that define sensitive data (see M(panw.airs.airs_dlp_profile_info)).
          - V(sensitive content), in lowercase, is the built-in detection of the service, which every tenant has. It
            differs from the DLP profile V(Sensitive Content).
          - An empty list removes all DLP profiles.
        type: list
        elements: str
      action:
        description: >-
          Action for sensitive data. If omitted, V(block) is used when O(data_leak.profiles) turns the detection on.
        type: str
        choices: [block, alert, allow]
      mask_inline:
        description: Whether to mask sensitive data in the scan response. Requires O(data_leak.action=block).
        type: bool
  database_security:
    description:
      - Actions for database statements in responses, by type of the statement.
      - An empty dictionary turns the detection off.
    type: dict
    suboptions:
      create:
        description: >-
          Action for statements that create objects. If omitted, V(allow) is used for a new profile. The same applies to
          the other actions.
        type: str
        choices: [block, alert, allow]
      read:
        description: Action for statements that read data.
        type: str
        choices: [block, alert, allow]
      update:
        description: Action for statements that update data.
        type: str
        choices: [block, alert, allow]
      delete:
        description: Action for statements that delete data.
        type: str
        choices: [block, alert, allow]
  source_code:
    description:
      - Action for source code in prompts and responses.
    type: str
    choices: [block, alert, allow, disabled]
  severities:
    description:
      - Severity of the findings of a protection in the logs of the service, if it differs from the default of the
        service. Only applies to protections that are turned on.
      - The default of the service is V(high) for malicious code, source code, and statements that delete data; V(low)
        for URLs, statements that read data, and toxic content detected with moderate confidence; and V(medium) for
        everything else.
      - An empty dictionary resets all severities to the defaults of the service.
    type: dict
    suboptions:
      prompt_injection:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      contextual_grounding:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      topics:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      each_topic:
        description: Severities for specific topics.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the topic.
            type: str
            required: true
          severity:
            description: Severity of the findings for this topic.
            type: str
            choices: [low, medium, high, critical]
      agent_security:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      malicious_code:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      source_code:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      database_create:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      database_read:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      database_update:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      database_delete:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      urls:
        description: Severity of the findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      toxic_content:
        description: Severities of toxic content, by confidence of the detection.
        type: dict
        suboptions:
          high:
            description: Severity of high-confidence detections.
            type: str
            choices: [low, medium, high, critical]
          moderate:
            description: Severity of moderate-confidence detections.
            type: str
            choices: [low, medium, high, critical]
      toxic_categories:
        description: >-
          Severities for specific categories of toxic content. The categories must be listed in
          O(toxic_content.categories).
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the category.
            type: str
            required: true
          high:
            description: Severity of high-confidence detections.
            type: str
            choices: [low, medium, high, critical]
          moderate:
            description: Severity of moderate-confidence detections.
            type: str
            choices: [low, medium, high, critical]
      others:
        description:
          - How to handle the severities that are omitted. V(keep) leaves them unchanged, V(default) resets them to the
            defaults of the service. If this option is omitted, V(keep) is used.
        type: str
        choices: [keep, default]
  latency:
    description:
      - Latency limit for scans. An empty dictionary resets it to the default for new profiles, which is 5 seconds and
        V(block).
    type: dict
    suboptions:
      max_seconds:
        description: Maximum duration of a scan, in seconds.
        type: int
      on_timeout:
        description: Action for content that was not scanned in time.
        type: str
        choices: [block, allow]
  mask_data_in_storage:
    description:
      - Whether to mask sensitive data in the data that the service stores.
    type: bool
  full_conversation_inspection:
    description:
      - Whether to inspect the entire conversation instead of only the latest message.
    type: bool
  dlp_profiles:
    description:
      - Settings for DLP profiles in this security profile. They apply to all directions.
      - Only DLP profiles that are listed in O(data_leak.profiles), in this task or previously, can be specified. All
        other DLP profiles are left unchanged.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the DLP profile.
        type: str
        required: true
      log_severity:
        description: Severity of its findings in the logs, such as V(low).
        type: str
      file_based:
        description: Action for findings in files, such as V(block). An empty string removes the setting.
        type: str
      non_file_based:
        description: Action for findings outside of files, such as V(block). An empty string removes the setting.
        type: str
  directions:
    description:
      - Protections for each direction of the traffic, instead of one set of protections for everything.
      - Each direction takes the protections of this module under their names, which are O(prompt_injection),
        O(toxic_content), O(contextual_grounding), O(topics), O(malicious_code), O(agent_security), O(urls),
        O(data_leak), O(database_security), O(source_code), and O(severities).
      - When a profile with one set of protections changes to this layout, it keeps them in every direction.
    type: dict
    suboptions:
      prompt:
        description: Protections for prompts.
        type: dict
      response:
        description: Protections for responses.
        type: dict
      tool_call:
        description: Protections for tool calls.
        type: dict
      tool_response:
        description: Protections for tool responses.
        type: dict
  policy:
    description:
      - Parts of the policy in the format of the API, for settings that no other option covers. It is merged last.
      - Dictionaries are merged by key, and lists of dictionaries by their identifying key, which is C(name),
        C(model-type), C(category), C(topic_name), C(text), or C(action). Other lists are replaced. Null removes the
        setting of a key.
      - As in the other options, topics and DLP profiles are looked up by name. Therefore a policy from another tenant
        can be used with the IDs of that tenant. An ID without a name must exist on this tenant.
    type: dict
  on_weakening:
    description:
      - How to handle a change that weakens the protection, such as from V(block) to V(alert).
      - V(report) applies the change and issues a warning. V(refuse) fails before anything is changed. Both list the
        weakened protections.
    type: str
    choices: [report, refuse]
    default: report
  prune_revisions:
    description:
      - Number of revisions of the profile to keep, starting with the latest. If omitted, no revisions are deleted.
      - Old revisions are not enforced, but they still reference their topics, which prevents the topics from being
        deleted.
    type: int
  force:
    description:
      - Whether to delete a profile that policies still use. If V(false), deleting such a profile fails with an error
        that lists the policies.
    type: bool
    default: false
  state:
    description:
      - Desired state of the profile. Deleting a profile deletes all of its revisions.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: panw.airs.airs_custom_topic
  - module: panw.airs.airs_dlp_profile_info
"""

EXAMPLES = r"""
- name: Ensure the security profile of the support bot exists
  panw.airs.airs_security_profile:
    name: support-bot
    prompt_injection: block
    toxic_content:
      high: block
      moderate: allow
    contextual_grounding: block
    topics:
      default: allow
      block: [financial-advice]
    malicious_code: block
    agent_security: block
    urls:
      default: block
      block: [phishing]
    data_leak:
      profiles: [PII]
      action: block
      mask_inline: true
    database_security:
      create: block
      read: allow
      update: block
      delete: block
    latency:
      max_seconds: 5
      on_timeout: block
    mask_data_in_storage: true

- name: Report prompt injection without blocking it, and leave all other settings unchanged
  panw.airs.airs_security_profile:
    name: support-bot
    prompt_injection: alert

- name: Configure a setting that no option covers
  panw.airs.airs_security_profile:
    name: support-bot
    policy:
      ai-security-profiles:
        - model-type: default
          model-configuration:
            data-protection:
              source-code-detection:
                action: block

- name: Block prompt injection in prompts and tool responses, and keep three revisions
  panw.airs.airs_security_profile:
    name: agent
    directions:
      prompt:
        prompt_injection: block
      tool_response:
        prompt_injection: block
        agent_security: block
    prune_revisions: 3

- name: Delete the profile and all of its revisions
  panw.airs.airs_security_profile:
    name: support-bot
    state: absent
"""

RETURN = r"""
security_profile:
  description: The profile as stored by the service; in check mode, as it would be stored. Null if it is absent.
  returned: success
  type: dict
  contains:
    profile_id:
      description: >-
        ID of this revision of the profile. It changes with every update, so use the name to identify a profile.
      type: str
      returned: always
      sample: a0e6e9b0-8a3f-4f0c-8b5e-9b0a1c2d3e4f
    profile_name:
      description: Name of the profile.
      type: str
      returned: always
      sample: support-bot
    revision:
      description: Revision number, starting at 1.
      type: int
      returned: always
      sample: 2
    policy:
      description: Policy in the format of the API.
      type: dict
      returned: always
    last_modified_ts:
      description: Time at which this revision was created.
      type: str
      returned: when provided by the service
      sample: "2026-06-26T10:00:00Z"
weakened:
  description:
    - List of protections that the change weakens, most severe first. Empty if no protection is weakened.
    - An unknown action is assumed to be as strict or as weak as any other action.
  returned: success
  type: list
  elements: dict
  contains:
    protection:
      description: Name of the option and suboption.
      type: str
      returned: always
      sample: toxic_content.moderate
    before:
      description: >-
        Action before the change. One of V(block), V(alert), V(allow), V(on), V(off), or the value of an unknown action.
      type: str
      returned: always
      sample: block
    after:
      description: Action after the change.
      type: str
      returned: always
      sample: allow
  sample:
    - protection: toxic_content.moderate
      before: block
      after: allow
pruned_revisions:
  description: Numbers of the old revisions that were deleted; in check mode, that would be deleted.
  returned: when O(prune_revisions) is set
  type: list
  elements: int
  sample: [1, 2]
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.security_profile import SECURITY_PROFILE_MODULE


def main() -> None:
    """Run the module."""
    run_module(SECURITY_PROFILE_MODULE)


if __name__ == "__main__":
    main()
