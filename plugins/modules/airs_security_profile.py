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
  - O(directions) takes the same protections separately for each direction of the traffic. Its suboptions take up most
    of this page and can be skipped. Examples are at the end.
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
      - Name of the profile, at most 100 characters. Upper and lower case are told apart.
    type: str
    required: true
    aliases: [profile_name]
  prompt_injection:
    description:
      - What happens to prompts that try to override the application's instructions.
    type: str
    choices: [block, alert, allow, disabled]
  toxic_content:
    description:
      - What happens to toxic prompts and answers, by how sure the detection is.
      - An empty dictionary turns the detection off.
    type: dict
    suboptions:
      high:
        description: What happens when the detection is sure. V(allow) for a new profile when left out.
        type: str
        choices: [block, alert, allow]
      moderate:
        description: What happens when the detection is fairly sure. V(allow) for a new profile when left out.
        type: str
        choices: [block, alert, allow]
      categories:
        description:
          - What happens to toxic content of some categories in particular. An empty list removes all.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the category, such as V(hate), V(violent-crime), V(self-harm) or V(cybercrime).
            type: str
            required: true
          high:
            description: What happens when the detection is sure. V(allow) for a new category when left out.
            type: str
            choices: [block, alert, allow]
          moderate:
            description: What happens when the detection is fairly sure. V(allow) for a new category when left out.
            type: str
            choices: [block, alert, allow]
  contextual_grounding:
    description:
      - What happens to answers that their context does not support.
    type: str
    choices: [block, alert, allow, disabled]
  topics:
    description:
      - Topic guardrails, by the names of topics (see M(panw.airs.airs_custom_topic)).
      - A profile holds topics at a revision. It is saved again when a topic named here has a newer one.
      - An empty dictionary turns the guardrails off.
    type: dict
    suboptions:
      default:
        description: What happens to content that is about none of the topics. V(allow) for a new profile when left out.
        type: str
        choices: [block, alert, allow]
      block:
        description: Names of topics to block. An empty list removes all.
        type: list
        elements: str
      alert:
        description: Names of topics to report but let pass. An empty list removes all.
        type: list
        elements: str
      allow:
        description: Names of topics to allow. An empty list removes all.
        type: list
        elements: str
  malicious_code:
    description:
      - What happens to malicious code in prompts and answers.
    type: str
    choices: [block, alert, allow, disabled]
  agent_security:
    description:
      - What happens to threats that are aimed at AI agents.
    type: str
    choices: [block, alert, allow, disabled]
  urls:
    description:
      - What happens to URLs in prompts and answers, by their category, such as V(phishing) or V(malware).
      - An empty dictionary turns the detection off.
    type: dict
    suboptions:
      default:
        description:
          - What happens to URLs of the default categories. V(disabled) removes these, too.
        type: str
        choices: [block, alert, allow, disabled]
      default_categories:
        description:
          - The default categories. An empty list removes all.
          - V(malicious) when left out where O(urls.default) turns the detection on.
        type: list
        elements: str
      allow:
        description: Categories to allow. An empty list removes all.
        type: list
        elements: str
      alert:
        description: Categories to report but let pass. An empty list removes all.
        type: list
        elements: str
      block:
        description: Categories to block. An empty list removes all.
        type: list
        elements: str
  data_leak:
    description:
      - What happens to sensitive data in prompts and answers.
      - An empty dictionary turns the detection off.
    type: dict
    suboptions:
      profiles:
        description:
          - Names of the DLP profiles that say what is sensitive (see M(panw.airs.airs_dlp_profile_info)).
          - V(sensitive content), in lower case, is the service's own detection, which every tenant has. It is another
            one than that of the DLP profile V(Sensitive Content).
          - An empty list removes all.
        type: list
        elements: str
      action:
        description: What happens. V(block) when left out where O(data_leak.profiles) turns the detection on.
        type: str
        choices: [block, alert, allow]
      mask_inline:
        description: Whether the answer to a scan has the sensitive data masked. Needs O(data_leak.action=block).
        type: bool
  database_security:
    description:
      - What happens to database statements in answers, by what they do.
      - An empty dictionary turns the detection off.
    type: dict
    suboptions:
      create:
        description: Statements that make something. V(allow) for a new profile when left out, like the others.
        type: str
        choices: [block, alert, allow]
      read:
        description: Statements that read.
        type: str
        choices: [block, alert, allow]
      update:
        description: Statements that change something.
        type: str
        choices: [block, alert, allow]
      delete:
        description: Statements that delete something.
        type: str
        choices: [block, alert, allow]
  source_code:
    description:
      - What happens to source code in prompts and answers.
    type: str
    choices: [block, alert, allow, disabled]
  severities:
    description:
      - What a finding of a protection counts as in the service's logs, where that is not what the service itself
        sets. For protections that are on.
      - The service sets V(medium) for most, V(high) for malicious code, source code and statements that delete, V(low)
        for URLs, for statements that read and for toxic content of which the detection is only fairly sure.
      - An empty dictionary sets what the service itself sets, for all.
    type: dict
    suboptions:
      prompt_injection:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      contextual_grounding:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      topics:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      each_topic:
        description: Severity of findings of single topics.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the topic.
            type: str
            required: true
          severity:
            description: Severity of findings of this topic.
            type: str
            choices: [low, medium, high, critical]
      agent_security:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      malicious_code:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      source_code:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      database_create:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      database_read:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      database_update:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      database_delete:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      urls:
        description: Severity of findings of this protection.
        type: str
        choices: [low, medium, high, critical]
      toxic_content:
        description: Severity of toxic content, by how sure the detection is.
        type: dict
        suboptions:
          high:
            description: Severity when the detection is sure.
            type: str
            choices: [low, medium, high, critical]
          moderate:
            description: Severity when the detection is fairly sure.
            type: str
            choices: [low, medium, high, critical]
      toxic_categories:
        description: Severity of toxic content of single categories, for those under O(toxic_content.categories).
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the category.
            type: str
            required: true
          high:
            description: Severity when the detection is sure.
            type: str
            choices: [low, medium, high, critical]
          moderate:
            description: Severity when the detection is fairly sure.
            type: str
            choices: [low, medium, high, critical]
      others:
        description:
          - What happens to the severities that are left out. V(keep), which is also meant when this is left out, leaves
            them as they are, V(default) sets what the service itself sets.
        type: str
        choices: [keep, default]
  latency:
    description:
      - How long a scan may take. An empty dictionary sets what new profiles have, 5 seconds and V(block).
    type: dict
    suboptions:
      max_seconds:
        description: Longest time, in seconds.
        type: int
      on_timeout:
        description: What happens to content that was not scanned in time.
        type: str
        choices: [block, allow]
  mask_data_in_storage:
    description:
      - Whether sensitive data is masked in what the service stores.
    type: bool
  full_conversation_inspection:
    description:
      - Whether the whole conversation is inspected, not only the newest message.
    type: bool
  dlp_profiles:
    description:
      - Settings of DLP profiles within this security profile, whatever direction they are used in.
      - Only for DLP profiles that O(data_leak.profiles) names, here or before. The others are left as they are.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the DLP profile.
        type: str
        required: true
      log_severity:
        description: Severity of its findings in the log, such as V(low).
        type: str
      file_based:
        description: What happens to findings in files, such as V(block). An empty text takes it away.
        type: str
      non_file_based:
        description: What happens to findings outside of files. An empty text takes it away.
        type: str
  directions:
    description:
      - Protections for each direction of the traffic, instead of one set of protections for everything.
      - When a profile with one set of protections changes to this layout, it keeps them in every direction.
    type: dict
    suboptions:
      prompt:
        description: Protections for prompts. Each suboption is documented at the option of the same name.
        type: dict
        suboptions: &direction
          prompt_injection: {description: See O(prompt_injection)., type: str, choices: [block, alert, allow, disabled]}
          toxic_content:
            description: See O(toxic_content).
            type: dict
            suboptions:
              high: {description: See O(toxic_content.high)., type: str, choices: [block, alert, allow]}
              moderate: {description: See O(toxic_content.moderate)., type: str, choices: [block, alert, allow]}
              categories:
                description: See O(toxic_content.categories).
                type: list
                elements: dict
                suboptions:
                  name:
                    description: See O(toxic_content.categories[].name).
                    type: str
                    required: true
                  high:
                    description: See O(toxic_content.categories[].high).
                    type: str
                    choices: [block, alert, allow]
                  moderate:
                    description: See O(toxic_content.categories[].moderate).
                    type: str
                    choices: [block, alert, allow]
          contextual_grounding:
            description: See O(contextual_grounding).
            type: str
            choices: [block, alert, allow, disabled]
          topics:
            description: See O(topics).
            type: dict
            suboptions:
              default: {description: See O(topics.default)., type: str, choices: [block, alert, allow]}
              block: {description: See O(topics.block)., type: list, elements: str}
              alert: {description: See O(topics.alert)., type: list, elements: str}
              allow: {description: See O(topics.allow)., type: list, elements: str}
          malicious_code: {description: See O(malicious_code)., type: str, choices: [block, alert, allow, disabled]}
          agent_security: {description: See O(agent_security)., type: str, choices: [block, alert, allow, disabled]}
          urls:
            description: See O(urls).
            type: dict
            suboptions:
              default: {description: See O(urls.default)., type: str, choices: [block, alert, allow, disabled]}
              default_categories: {description: See O(urls.default_categories)., type: list, elements: str}
              allow: {description: See O(urls.allow)., type: list, elements: str}
              alert: {description: See O(urls.alert)., type: list, elements: str}
              block: {description: See O(urls.block)., type: list, elements: str}
          data_leak:
            description: See O(data_leak).
            type: dict
            suboptions:
              profiles: {description: See O(data_leak.profiles)., type: list, elements: str}
              action: {description: See O(data_leak.action)., type: str, choices: [block, alert, allow]}
              mask_inline: {description: See O(data_leak.mask_inline)., type: bool}
          database_security:
            description: See O(database_security).
            type: dict
            suboptions:
              create: {description: See O(database_security.create)., type: str, choices: [block, alert, allow]}
              read: {description: See O(database_security.read)., type: str, choices: [block, alert, allow]}
              update: {description: See O(database_security.update)., type: str, choices: [block, alert, allow]}
              delete: {description: See O(database_security.delete)., type: str, choices: [block, alert, allow]}
          source_code: {description: See O(source_code)., type: str, choices: [block, alert, allow, disabled]}
          severities:
            description: See O(severities).
            type: dict
            suboptions:
              prompt_injection:
                description: See O(severities.prompt_injection).
                type: str
                choices: [low, medium, high, critical]
              contextual_grounding:
                description: See O(severities.contextual_grounding).
                type: str
                choices: [low, medium, high, critical]
              topics: {description: See O(severities.topics)., type: str, choices: [low, medium, high, critical]}
              each_topic:
                description: See O(severities.each_topic).
                type: list
                elements: dict
                suboptions:
                  name:
                    description: See O(severities.each_topic[].name).
                    type: str
                    required: true
                  severity:
                    description: See O(severities.each_topic[].severity).
                    type: str
                    choices: [low, medium, high, critical]
              agent_security:
                description: See O(severities.agent_security).
                type: str
                choices: [low, medium, high, critical]
              malicious_code:
                description: See O(severities.malicious_code).
                type: str
                choices: [low, medium, high, critical]
              source_code:
                description: See O(severities.source_code).
                type: str
                choices: [low, medium, high, critical]
              database_create:
                description: See O(severities.database_create).
                type: str
                choices: [low, medium, high, critical]
              database_read:
                description: See O(severities.database_read).
                type: str
                choices: [low, medium, high, critical]
              database_update:
                description: See O(severities.database_update).
                type: str
                choices: [low, medium, high, critical]
              database_delete:
                description: See O(severities.database_delete).
                type: str
                choices: [low, medium, high, critical]
              urls: {description: See O(severities.urls)., type: str, choices: [low, medium, high, critical]}
              toxic_content:
                description: See O(severities.toxic_content).
                type: dict
                suboptions:
                  high:
                    description: See O(severities.toxic_content.high).
                    type: str
                    choices: [low, medium, high, critical]
                  moderate:
                    description: See O(severities.toxic_content.moderate).
                    type: str
                    choices: [low, medium, high, critical]
              toxic_categories:
                description: See O(severities.toxic_categories).
                type: list
                elements: dict
                suboptions:
                  name:
                    description: See O(severities.toxic_categories[].name).
                    type: str
                    required: true
                  high:
                    description: See O(severities.toxic_categories[].high).
                    type: str
                    choices: [low, medium, high, critical]
                  moderate:
                    description: See O(severities.toxic_categories[].moderate).
                    type: str
                    choices: [low, medium, high, critical]
              others: {description: See O(severities.others)., type: str, choices: [keep, default]}
      response:
        description: Protections for responses.
        type: dict
        suboptions: *direction
      tool_call:
        description: Protections for tool calls.
        type: dict
        suboptions: *direction
      tool_response:
        description: Protections for tool responses.
        type: dict
        suboptions: *direction
  policy:
    description:
      - Parts of the policy as the API has it, for what no other option knows. It is merged last.
      - Dictionaries are merged by key, and lists of named things by what names them, C(name), C(model-type),
        C(category), C(topic_name), C(text) or C(action). Other lists are replaced. Null turns off what a key says.
      - Topics and DLP profiles in it are found by their names, as those of other options. So a policy of another tenant
        can be given with the ids that it has there. An id without a name must be one of this tenant.
    type: dict
  on_weakening:
    description:
      - What to do when the profile would protect less than before, such as V(alert) where there was V(block).
      - V(report) does it and warns. V(refuse) fails before anything is changed. Both name what gets weaker.
    type: str
    choices: [report, refuse]
    default: report
  prune_revisions:
    description:
      - How many revisions of the profile to keep, newest first. All when left out.
      - Old revisions are not enforced, but go on holding their topics, which cannot be removed then.
    type: int
  force:
    description:
      - Whether to remove a profile that policies still use. Without it such a removal fails and names the policies.
    type: bool
    default: false
  state:
    description:
      - Whether the profile is to be there. Removing it removes all of its revisions.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: panw.airs.airs_custom_topic
  - module: panw.airs.airs_dlp_profile_info
"""

EXAMPLES = r"""
- name: Protect a support bot
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

- name: Only report prompt injection, and leave all the rest as it is
  panw.airs.airs_security_profile:
    name: support-bot
    prompt_injection: alert

- name: Set something that no option knows
  panw.airs.airs_security_profile:
    name: support-bot
    policy:
      ai-security-profiles:
        - model-type: default
          model-configuration:
            data-protection:
              source-code-detection:
                action: block

- name: Block prompt injection in prompts and in what tools answer, and keep three revisions
  panw.airs.airs_security_profile:
    name: agent
    directions:
      prompt:
        prompt_injection: block
      tool_response:
        prompt_injection: block
        agent_security: block
    prune_revisions: 3

- name: Remove the profile and all of its revisions
  panw.airs.airs_security_profile:
    name: support-bot
    state: absent
"""

RETURN = r"""
security_profile:
  description: The profile as the service holds it, or would hold it in check mode; null when it is absent.
  returned: success
  type: dict
  contains:
    profile_id:
      description: Id of this revision of the profile. Every update gives another, so the name is the lasting identity.
      type: str
      returned: always
      sample: a0e6e9b0-8a3f-4f0c-8b5e-9b0a1c2d3e4f
    profile_name:
      description: Name of the profile.
      type: str
      returned: always
      sample: support-bot
    revision:
      description: Number of the revision, from 1.
      type: int
      returned: always
      sample: 2
    policy:
      description: The policy as the API has it.
      type: dict
      returned: always
    last_modified_ts:
      description: When this revision was made.
      type: str
      returned: when the service says it
      sample: "2026-06-26T10:00:00Z"
weakened:
  description:
    - What the change takes away, the greatest loss first. Empty when nothing gets weaker.
    - An action that nobody knows counts as one that may be as strict, or as weak, as any.
  returned: success
  type: list
  elements: dict
  contains:
    protection:
      description: The option, and the part of it.
      type: str
      returned: always
      sample: toxic_content.moderate
    before:
      description: What it did. V(block), V(alert), V(allow), V(on), V(off), or an action that nobody knows as it is.
      type: str
      returned: always
      sample: block
    after:
      description: What it does now.
      type: str
      returned: always
      sample: allow
  sample:
    - protection: toxic_content.moderate
      before: block
      after: allow
pruned_revisions:
  description: Numbers of the revisions that were, or in check mode would be, deleted for being too old.
  returned: when O(prune_revisions) is set
  type: list
  elements: int
  sample: [1, 2]
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
from ansible_collections.panw.airs.plugins.module_utils._kinds.security_profile import SECURITY_PROFILE_MODULE


def main() -> None:
    """Run the module."""
    run_module(SECURITY_PROFILE_MODULE)


if __name__ == "__main__":
    main()
