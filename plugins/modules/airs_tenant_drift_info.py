# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Report where a whole tenant is not as its configuration says."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_tenant_drift_info
short_description: Report where a tenant of Prisma AIRS is not as its configuration says
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Compares a tenant with a configuration as M(panw.airs.airs_tenant) takes it, and changes nothing. Lists each kind
    once.
  - With a baseline, it also reports which security profiles of the tenant do less than that, whether or not the
    configuration names them. A baseline alone is enough.
  - The report says what drifted, which application has which protections, how many days API keys have left, where
    topics are pinned, and what the tenant has that the configuration does not name. It has no secrets.
  - Drift does not fail the task. Neither does a configuration with errors; the report then has the errors, and all of
    its parts that need no configuration.
  - The role P(panw.airs.tenant#role) writes the report as text and as a page to show, with its entry point C(drift).
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
  - panw.airs.tenant_config
  - panw.airs.baseline
  - panw.airs.promotion
  - panw.airs.promotion.missing
options:
  config_path:
    description:
      - A YAML or JSON file with such a configuration, or a directory of them, as
        O(panw.airs.airs_tenant#module:config_path).
    type: path
  state:
    description:
      - With V(overridden), whatever the configuration does not name of the kinds in O(purge) has drifted, too.
    type: str
    choices: [merged, overridden]
    default: merged
  purge:
    description:
      - With O(state=overridden), the kinds of which nothing may be there that the configuration does not name.
    type: list
    elements: str
    choices: [custom_topics, security_profiles, api_keys, customer_apps]
  protect:
    description:
      - Patterns of names, such as V(legacy-*). What they match has not drifted because of O(purge), and is not reported
        as missing in the configuration.
    type: list
    elements: str
  max_deletions:
    description:
      - Taken so that M(panw.airs.airs_tenant) can have the same options. Nothing is deleted here, so it does not count.
    type: int
    default: 10
  force:
    description:
      - Taken so that M(panw.airs.airs_tenant) can have the same options. Nothing is deleted here, so it does not count.
    type: bool
    default: false
  concurrency:
    description:
      - Most requests at a time, 1 to 64.
    type: int
    default: 8
  application_profiles:
    description:
      - The security profile of an application, by the name of the application, where the service does not tell it and
        it is not the profile of the same name.
    type: dict
  keys_soon:
    description:
      - API keys that expire within so many days are reported as expiring soon.
      - 30 days if omitted, or a third of a key's life where that is less.
    type: int
seealso:
  - module: panw.airs.airs_tenant
  - module: panw.airs.airs_tenant_info
"""

EXAMPLES = r"""
- name: Compare the tenant with a directory of files
  panw.airs.airs_tenant_drift_info:
    config_path: tenant/
  register: compared

- name: Require that nobody changed the tenant by hand
  ansible.builtin.assert:
    that: not compared.report.drifted
    fail_msg: "{{ compared.msg }}"

- name: Check all security profiles of the tenant against a baseline
  panw.airs.airs_tenant_drift_info:
    baseline:
      security_profile:
        prompt_injection: block
        data_leak: {action: alert}
      exceptions:
        - name: red-team
          reason: Attacks on purpose, in a sandbox
          protections: [prompt_injection]

- name: Name the applications that nothing protects
  ansible.builtin.debug:
    msg: "{{ compared.report.applications | rejectattr('protected') | map(attribute='name') }}"
"""

RETURN = r"""
msg:
  description: What the report comes to, in one sentence.
  returned: success
  type: str
  sample: "The tenant differs from the configuration: 3 of 40 objects drifted, 1 of them protects less."
report:
  description: The report.
  returned: success
  type: dict
  contains:
    verdict:
      description: The same as C(msg).
      type: str
      returned: always
      sample: The tenant matches the configuration.
    generated:
      description: When it was made.
      type: str
      returned: always
      sample: 2026-03-01 12:00 UTC
    tsg_id:
      description: The ID of the tenant, or null where the tenant holds nothing that tells it.
      type: str
      returned: always
      sample: "1234567890"
    configuration:
      description: The path in O(config_path), or null.
      type: str
      returned: always
      sample: tenant/
    directory:
      description: Where relative paths of files start, on the machine that ran the module.
      type: str
      returned: always
      sample: /home/ops/airs
    outcome:
      description:
        - What the comparison came to. V(clean) is a tenant that matches the configuration, V(drifted) one that does
          not, and with V(errors) of the configuration nothing was compared.
        - With V(nothing_compared), the configuration has no objects. With V(partly_compared), what was compared
          matches, but there are kinds in C(not_compared).
      type: str
      returned: always
      sample: drifted
    drifted:
      description: >-
        Whether anything in C(drift) or C(repins) differs, a profile is below the baseline, or the configuration has
        errors. A configuration without objects is no drift.
      type: bool
      returned: always
    errors:
      description: Why nothing could be compared, such as an option that a module does not know.
      type: list
      elements: dict
      returned: always
      contains:
        file:
          description: Path of the file that it stands in. V(null) in O(config).
          type: str
          returned: always
          sample: tenant/profiles.yml
        line:
          description: Line of the file. V(null) in O(config), and for a directory.
          type: int
          returned: always
          sample: 12
        path:
          description: Where in the configuration it stands. Empty for a file that cannot be read.
          type: str
          returned: always
          sample: security_profiles[3].topics.block[1]
        message:
          description: What is wrong.
          type: str
          returned: always
    compared:
      description: How many objects of each kind were compared.
      type: dict
      returned: always
      sample:
        custom_topics: 8
        security_profiles: 11
        api_keys: 12
        customer_apps: 0
    not_compared:
      description: >-
        The kinds of which the configuration has no objects but the tenant has some in C(unnamed), so that nothing is
        known about their drift.
      type: list
      elements: str
      returned: always
      sample: [customer_apps]
    states:
      description: >-
        For each part of the report V(good), V(warn), V(bad), or V(neutral) where there is nothing to judge.
      type: dict
      returned: always
      sample:
        verdict: bad
        drift: bad
        protections: good
        baseline: neutral
        api_keys: warn
        custom_topics: good
        unnamed: neutral
    summary:
      description:
        - How many there are of what. C(objects) counts those that were compared, C(drifted) those in C(drift).
        - Of these, C(weaker) protect less than the configuration, and C(stricter) protect more in places and less
          nowhere. C(repinned) counts the profiles in C(repins), which are not in C(drifted).
      type: dict
      returned: always
      sample:
        objects: 40
        drifted: 3
        weaker: 1
        stricter: 0
        repinned: 10
        applications_below_baseline: 0
        profiles_below_baseline: 0
        applications: 12
        applications_without_profile: 1
        applications_unprotected: 2
        profiles: 11
        profiles_without_application: 0
        api_keys: 12
        api_keys_revoked: 0
        api_keys_expired: 1
        api_keys_soon: 2
        custom_topics: 8
        stale_pins: 1
        unnamed: 4
    drift:
      description: >-
        What drifted, first what protects less than the configuration, last what protects more, and in between kind by
        kind.
      type: list
      elements: dict
      returned: always
      contains:
        kind:
          description: V(custom_topic), V(security_profile), V(api_key) or V(customer_app).
          type: str
          returned: always
          sample: security_profile
        name:
          description: Name of the object.
          type: str
          returned: always
          sample: support-bot
        file: &file
          description: The file of the configuration that has it, or null.
          type: str
          returned: always
          sample: tenant/security_profiles/support-bot.yml
        line: &line
          description: The line in that file, from 1, or null.
          type: int
          returned: always
          sample: 3
        anchor:
          description: What leads to it in a link to the page of the role, after C(drift.html#).
          type: str
          returned: always
          sample: drift.security_profile-support-bot
        action:
          description: What M(panw.airs.airs_tenant) would do about it.
          type: str
          returned: always
          sample: update
        status:
          description: >-
            V(missing), V(differs), V(due) for a key that is to be renewed, V(unwanted), or V(conflict) for what cannot
            be put right.
          type: str
          returned: always
          sample: differs
        error:
          description: Why it cannot be put right, or null.
          type: str
          returned: always
        impact:
          description: >-
            V(weaker) when C(weakened) has something, V(stricter) when only C(strengthened) has, else V(other).
          type: str
          returned: always
          sample: weaker
        strengthened:
          description: The same as C(weakened) for what a security profile protects more.
          type: list
          elements: dict
          returned: always
          sample: []
        weakened:
          description:
            - What a security profile protects less on the tenant than in the configuration, the greatest loss first.
              A profile that is missing protects from nothing.
            - C(before) is the configuration, C(after) the tenant.
          type: list
          elements: dict
          returned: always
          sample:
            - protection: toxic_content.high
              before: block
              after: alert
        changes:
          description: >-
            The options that differ. Groups of settings that are on on both sides are told part by part.
          type: list
          elements: dict
          returned: always
          contains:
            field:
              description: The option.
              type: str
              returned: always
              sample: toxic_content
            part:
              description: The part of it, or null for the whole option.
              type: str
              returned: always
              sample: high
            before:
              description: What it is on the tenant, null for nothing.
              type: raw
              returned: always
              sample: alert
            after:
              description: What it is in the configuration, null for nothing.
              type: raw
              returned: always
              sample: block
    repins:
      description: >-
        Topics that have, or are going to have, a newer revision than profiles pin, where nothing else about these
        profiles differs.
      type: list
      elements: dict
      returned: always
      contains:
        topic:
          description: Name of the topic.
          type: str
          returned: always
          sample: financial-advice
        revision:
          description: The revision that M(panw.airs.airs_tenant) would pin.
          type: int
          returned: always
          sample: 2
        topic_drifted:
          description: Whether the topic itself differs, so that it gets the revision when it is updated.
          type: bool
          returned: always
        profiles:
          description: Names of the profiles.
          type: list
          elements: str
          returned: always
          sample: [support-bot]
        file: *file
        line: *line
    baseline:
      description: Which security profiles of the tenant do less than the baseline.
      type: dict
      returned: always
      contains:
        defined:
          description: Whether there is a baseline.
          type: bool
          returned: always
        checked:
          description: How many profiles were checked, which is all that the tenant has.
          type: int
          returned: always
          sample: 11
        below:
          description: The profiles that do less and have no exception for it, by name.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Name of the profile.
              type: str
              returned: always
              sample: search
            below:
              description:
                - What it does less, the greatest gap first.
                - C(actual) is V(off) for what it does not do at all. An action that cannot be read has the word
                  V(unknown).
              type: list
              elements: dict
              returned: always
              sample:
                - {protection: prompt_injection, required: block, actual: alert}
        exceptions:
          description: The exceptions of the baseline.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Name of the profile.
              type: str
              returned: always
              sample: red-team
            reason:
              description: Why it may do less.
              type: str
              returned: always
              sample: Attacks on purpose, in a sandbox
            protections:
              description: The options that the exception is for, empty for all.
              type: list
              elements: str
              returned: always
              sample: [prompt_injection]
            needed:
              description: Whether the tenant has the profile, and it does less.
              type: bool
              returned: always
            below:
              description: What it does less and this exception accepts.
              type: list
              elements: dict
              returned: always
              sample:
                - {protection: prompt_injection, required: block, actual: alert}
    applications:
      description: The applications, by name.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name of the application.
          type: str
          returned: always
          sample: support-bot
        environment:
          description: Where it runs.
          type: str
          returned: always
          sample: prod
        cloud_provider:
          description: Its cloud.
          type: str
          returned: always
          sample: aws
        profile:
          description: Its security profile, or null where none is known.
          type: str
          returned: always
          sample: support-bot
        profile_exists:
          description: Whether the tenant has that profile.
          type: bool
          returned: always
        protected:
          description: Whether any protection of the profile is on.
          type: bool
          returned: always
        joined_by:
          description: >-
            How the profile is known. The V(service) tells it, O(application_profiles) does (V(mapping)), or it has the
            V(name) of the application.
          type: str
          returned: always
          sample: name
        below_baseline:
          description: Whether its profile does less than the baseline.
          type: bool
          returned: always
        anchor: &anchor
          description: What leads to it in a link to the page of the role, after C(drift.html#).
          type: str
          returned: always
          sample: applications-support-bot
    profiles:
      description: The security profiles, by name, with what they do.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name of the profile.
          type: str
          returned: always
          sample: support-bot
        protects:
          description: Whether any protection is on.
          type: bool
          returned: always
        applications:
          description: The names of the applications that use it, as far as that is known.
          type: list
          elements: str
          returned: always
          sample: [support-bot]
        topics:
          description: The topics that it pins, with C(action), and C(stale) when the topic has changed since.
          type: list
          elements: dict
          returned: always
          sample:
            - {name: financial-advice, action: block, stale: false}
        below_baseline:
          description: What it does less than the baseline, as the baseline says it, by the option that it is about.
          type: dict
          returned: always
          sample:
            prompt_injection:
              - {protection: prompt_injection, required: block, actual: alert}
        file:
          description: >-
            The file of the configuration that has it, where it is below the baseline; else null.
          type: str
          returned: always
          sample: null
        line:
          description: The line in that file, from 1, or null.
          type: int
          returned: always
          sample: null
        anchor: *anchor
        protections:
          description: >-
            For each protection the strictest C(action) that it takes, V(block), V(alert), V(allow), V(unknown) or
            V(off), and in C(detail) what else there is to say.
          type: dict
          returned: always
          sample:
            prompt_injection: {action: block, detail: ""}
            topics: {action: block, detail: "2 blocked, 1 allowed"}
    coverage:
      description: For each protection how many applications have which action. V(none) is that of unknown profiles.
      type: dict
      returned: always
      sample:
        prompt_injection: {block: 10, alert: 1, allow: 0, unknown: 0, "off": 0, none: 1}
    api_keys:
      description: The API keys. Those that are no longer valid come first, then those that expire next.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name of the key.
          type: str
          returned: always
          sample: support-bot
        application:
          description: Its application.
          type: str
          returned: always
          sample: support-bot
        environment:
          description: Environment of the application.
          type: str
          returned: always
          sample: prod
        deployment_profile:
          description: Its deployment profile.
          type: str
          returned: always
          sample: dp-production
        expires:
          description: The day on which it expires, empty for never.
          type: str
          returned: always
          sample: "2026-03-20"
        days_left:
          description: Whole days that are left, negative for an expired one, null for a key that does not expire.
          type: int
          returned: always
          sample: 19
        status:
          description: V(expired), V(revoked), V(soon), V(later) or V(never), which is when it expires.
          type: str
          returned: always
          sample: soon
        anchor: *anchor
    custom_topics:
      description: The topics, those with stale pins first.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name of the topic.
          type: str
          returned: always
          sample: financial-advice
        revision:
          description: Its newest revision.
          type: int
          returned: always
          sample: 2
        pins:
          description: >-
            Where the newest revisions of profiles pin it. C(stale) is whether the topic has changed since.
          type: list
          elements: dict
          returned: always
          sample:
            - {profile: support-bot, action: block, revision: 1, stale: true}
        stale_pins:
          description: How many of them are stale.
          type: int
          returned: always
          sample: 1
        old_pins:
          description: How many older revisions of profiles pin it. They are not enforced, but it cannot be deleted.
          type: int
          returned: always
          sample: 0
        anchor: *anchor
    unnamed:
      description: >-
        The names of what the tenant has and the configuration does not name, by kind, without what O(protect) matches.
        An application counts as named when one of its keys is. With C(errors) it is not known, so the lists are empty.
      type: dict
      returned: always
      sample:
        custom_topics: [Sports, Weather]
        security_profiles: []
        api_keys: []
        customer_apps: []
failure:
  description: >-
    What went wrong between the module and the service, for programs: HTTP status (null without an answer), the
    service's own code and message, method and path of the request and the service's id of it.
  returned: on a failed exchange
  type: dict
  sample:
    status: 403
    code: null
    message: the service said 'Forbidden'
    method: GET
    path: /aisec/v1/mgmt/topics
    request_id: null
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._tenant.drift import TENANT_DRIFT_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(TENANT_DRIFT_INFO_MODULE)


if __name__ == "__main__":
    main()
