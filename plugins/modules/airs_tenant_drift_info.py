# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Report where a whole tenant is not as its configuration says."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_tenant_drift_info
short_description: Report drift between a tenant and its configuration
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Compares a tenant with a configuration for M(panw.airs.airs_tenant), without changing anything. The objects of each
    kind are listed once.
  - Set O(config_path) to the files of the tenant, O(baseline_path) to a baseline, or both.
  - If a baseline is specified, the module also reports security profiles of the tenant that are below the baseline,
    whether or not they are in the configuration. A baseline without a configuration is sufficient.
  - The report contains objects that have drifted, the protections of each application, the number of days until API
    keys expire, where topics are pinned, and objects of the tenant that are not in the configuration. It does not
    contain secrets.
  - The task does not fail because of drift or because of errors in the configuration. In the latter case, the report
    contains the errors, and all parts that do not require a configuration.
  - The entry point C(drift) of the role P(panw.airs.tenant#role) writes the report as text and as an HTML page.
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
      - Path to a configuration file or directory, as for O(panw.airs.airs_tenant#module:config_path).
    type: path
  state:
    description:
      - V(overridden) also reports objects that are not in the configuration as drift, for the kinds in O(purge).
    type: str
    choices: [merged, overridden]
    default: merged
  purge:
    description:
      - Kinds of objects for which the configuration is authoritative. With O(state=overridden), objects of these kinds
        that are not in the configuration are reported as drift.
    type: list
    elements: str
    choices: [custom_topics, security_profiles, api_keys, customer_apps]
  protect:
    description:
      - Names, or patterns of names such as V(legacy-*), of objects that O(purge) does not report as drift, and that are
        not reported as missing in the configuration.
    type: list
    elements: str
  max_deletions:
    description:
      - Accepted for compatibility with the options of M(panw.airs.airs_tenant). It has no effect, because this module
        does not delete anything.
    type: int
    default: 10
  force:
    description:
      - Accepted for compatibility with the options of M(panw.airs.airs_tenant). It has no effect, because this module
        does not delete anything.
    type: bool
    default: false
  concurrency:
    description:
      - Maximum number of concurrent requests. Must be between 1 and 64.
    type: int
    default: 8
  application_profiles:
    description:
      - Dictionary that maps names of applications to names of their security profiles. Use this for applications whose
        profile is not provided by the service and does not have the name of the application.
    type: dict
  keys_soon:
    description:
      - API keys that expire within this number of days are reported as expiring soon.
      - If omitted, 30 days or a third of the lifetime of the key are used, whichever is less.
    type: int
seealso:
  - module: panw.airs.airs_tenant
  - module: panw.airs.airs_tenant_info
"""

EXAMPLES = r"""
- name: Compare the tenant with a configuration directory
  panw.airs.airs_tenant_drift_info:
    config_path: tenant/
  register: compared

- name: Assert that the tenant has no drift
  ansible.builtin.assert:
    that: not compared.report.drifted
    fail_msg: "{{ compared.msg }}"

- name: Compare all security profiles of the tenant with a baseline
  panw.airs.airs_tenant_drift_info:
    baseline:
      security_profile:
        prompt_injection: block
        data_leak: {action: alert}
      exceptions:
        - name: red-team
          reason: Attacks on purpose, in a sandbox
          protections: [prompt_injection]

- name: Show the applications without any protection
  ansible.builtin.debug:
    msg: "{{ compared.report.applications | rejectattr('protected') | map(attribute='name') }}"
"""

RETURN = r"""
msg:
  description: Summary of the report in one sentence.
  returned: success
  type: str
  sample: "The tenant differs from the configuration: 3 of 40 objects drifted, 1 of them protects less."
report:
  description: Drift report.
  returned: success
  type: dict
  contains:
    verdict:
      description: Same as RV(msg).
      type: str
      returned: always
      sample: The tenant matches the configuration.
    generated:
      description: Time at which the report was created.
      type: str
      returned: always
      sample: 2026-03-01 12:00 UTC
    tsg_id:
      description: ID of the tenant. Null if it cannot be determined from the objects of the tenant.
      type: str
      returned: always
      sample: "1234567890"
    configuration:
      description: Value of O(config_path), or null.
      type: str
      returned: always
      sample: tenant/
    directory:
      description: Directory that relative paths of files are relative to, on the machine that ran the module.
      type: str
      returned: always
      sample: /home/ops/airs
    outcome:
      description:
        - Result of the comparison. V(clean) if the tenant matches the configuration, V(drifted) if it differs, or
          V(errors) if nothing was compared because of errors in the configuration.
        - V(nothing_compared) if the configuration has no objects. V(partly_compared) if the compared objects match the
          configuration, but there are kinds in C(not_compared).
      type: str
      returned: always
      sample: drifted
    drifted:
      description: >-
        Whether there are entries in C(drift) or C(repins), a profile is below the baseline, or the configuration has
        errors. A configuration without objects is not considered drift.
      type: bool
      returned: always
    errors:
      description: List of errors because of which nothing was compared, such as unknown options.
      type: list
      elements: dict
      returned: always
      contains:
        file:
          description: Path of the file that contains the error. Null for an error in O(config).
          type: str
          returned: always
          sample: tenant/profiles.yml
        line:
          description: Line in the file. Null for an error in O(config) and for a directory.
          type: int
          returned: always
          sample: 12
        path:
          description: Location in the configuration. Empty for a file that cannot be read.
          type: str
          returned: always
          sample: security_profiles[3].topics.block[1]
        message:
          description: Error message.
          type: str
          returned: always
    compared:
      description: Number of objects of each kind that were compared.
      type: dict
      returned: always
      sample:
        custom_topics: 8
        security_profiles: 11
        api_keys: 12
        customer_apps: 0
    not_compared:
      description: >-
        List of kinds for which the configuration has no objects, but the tenant has objects in C(unnamed). Their drift
        is unknown.
      type: list
      elements: str
      returned: always
      sample: [customer_apps]
    states:
      description: >-
        Status of each part of the report. One of V(good), V(warn), V(bad), or V(neutral) if there is nothing to
        evaluate.
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
        - Counts for the parts of the report. C(objects) is the number of objects that were compared, C(drifted) the
          number of entries in C(drift).
        - Of the drifted objects, C(weaker) is the number of objects that protect less than the configuration in any
          way, and C(stricter) the number of objects that only protect more. C(repinned) is the number of profiles in
          C(repins), which are not included in C(drifted).
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
        List of objects that have drifted. Objects that protect less than the configuration come first, objects that
        protect more come last, and all others are ordered by kind.
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
          description: Path of the configuration file that contains the object, or null.
          type: str
          returned: always
          sample: tenant/security_profiles/support-bot.yml
        line: &line
          description: Line in that file, starting at 1, or null.
          type: int
          returned: always
          sample: 3
        anchor:
          description: Anchor for links to the HTML page of the role, after C(drift.html#).
          type: str
          returned: always
          sample: drift.security_profile-support-bot
        action:
          description: Action that M(panw.airs.airs_tenant) would take.
          type: str
          returned: always
          sample: update
        status:
          description: >-
            Kind of the difference. One of V(missing), V(differs), V(due) for a key that is due for rotation,
            V(unwanted), or V(conflict) if it cannot be resolved.
          type: str
          returned: always
          sample: differs
        error:
          description: Reason why the difference cannot be resolved, or null.
          type: str
          returned: always
        impact:
          description: >-
            V(weaker) if C(weakened) is not empty, V(stricter) if only C(strengthened) is not empty, and V(other)
            otherwise.
          type: str
          returned: always
          sample: weaker
        strengthened:
          description: >-
            List of protections that are stronger on the tenant than in the configuration, in the format of C(weakened).
          type: list
          elements: dict
          returned: always
          sample: []
        weakened:
          description:
            - List of protections that are weaker on the tenant than in the configuration, most severe first. A missing
              security profile provides no protection.
            - C(before) is the value in the configuration, C(after) the value on the tenant.
          type: list
          elements: dict
          returned: always
          sample:
            - protection: toxic_content.high
              before: block
              after: alert
        changes:
          description: >-
            List of options that differ. Groups of settings that are turned on in both are split into their parts.
          type: list
          elements: dict
          returned: always
          contains:
            field:
              description: Name of the option.
              type: str
              returned: always
              sample: toxic_content
            part:
              description: Part of the option, or null for the entire option.
              type: str
              returned: always
              sample: high
            before:
              description: Value on the tenant. Null if not set.
              type: raw
              returned: always
              sample: alert
            after:
              description: Value in the configuration. Null if not set.
              type: raw
              returned: always
              sample: block
    repins:
      description: >-
        List of topics that have, or will have, a newer revision than the one that profiles pin, if these profiles do
        not differ otherwise.
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
          description: Revision that M(panw.airs.airs_tenant) would pin.
          type: int
          returned: always
          sample: 2
        topic_drifted:
          description: >-
            Whether the topic itself differs. In this case the revision will be created when the topic is updated.
          type: bool
          returned: always
        profiles:
          description: List of names of the profiles.
          type: list
          elements: str
          returned: always
          sample: [support-bot]
        file: *file
        line: *line
    baseline:
      description: Comparison of the security profiles of the tenant with the baseline.
      type: dict
      returned: always
      contains:
        defined:
          description: Whether a baseline is specified.
          type: bool
          returned: always
        checked:
          description: Number of profiles that were checked. These are all profiles of the tenant.
          type: int
          returned: always
          sample: 11
        below:
          description: List of profiles that are below the baseline without an exception, ordered by name.
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
                - List of protections that are below the baseline, most severe first.
                - C(actual) is V(off) for protections that are turned off. For an action that cannot be interpreted, it
                  contains the word V(unknown).
              type: list
              elements: dict
              returned: always
              sample:
                - {protection: prompt_injection, required: block, actual: alert}
        exceptions:
          description: List of exceptions of the baseline.
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
              description: Reason of the exception.
              type: str
              returned: always
              sample: Attacks on purpose, in a sandbox
            protections:
              description: List of options that the exception applies to. Empty if it applies to all options.
              type: list
              elements: str
              returned: always
              sample: [prompt_injection]
            needed:
              description: Whether the profile exists on the tenant and is below the baseline.
              type: bool
              returned: always
            below:
              description: List of protections that are below the baseline and accepted by this exception.
              type: list
              elements: dict
              returned: always
              sample:
                - {protection: prompt_injection, required: block, actual: alert}
    applications:
      description: List of applications, ordered by name.
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
          description: Environment of the application.
          type: str
          returned: always
          sample: prod
        cloud_provider:
          description: Cloud provider of the application.
          type: str
          returned: always
          sample: aws
        profile:
          description: Name of the security profile. Null if unknown.
          type: str
          returned: always
          sample: support-bot
        profile_exists:
          description: Whether the profile exists on the tenant.
          type: bool
          returned: always
        protected:
          description: Whether any protection of the profile is turned on.
          type: bool
          returned: always
        joined_by:
          description: >-
            How the profile was determined. V(service) if provided by the service, V(mapping) if specified in
            O(application_profiles), or V(name) if it has the name of the application.
          type: str
          returned: always
          sample: name
        below_baseline:
          description: Whether the profile is below the baseline.
          type: bool
          returned: always
        anchor: &anchor
          description: Anchor for links to the HTML page of the role, after C(drift.html#).
          type: str
          returned: always
          sample: applications-support-bot
    profiles:
      description: List of security profiles with their protections, ordered by name.
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
          description: Whether any protection is turned on.
          type: bool
          returned: always
        applications:
          description: List of names of the applications that are known to use the profile.
          type: list
          elements: str
          returned: always
          sample: [support-bot]
        topics:
          description: >-
            List of topics that the profile pins, with C(action), and whether the pinned revision is C(stale) because
            the topic was updated.
          type: list
          elements: dict
          returned: always
          sample:
            - {name: financial-advice, action: block, stale: false}
        below_baseline:
          description: >-
            Dictionary that maps options to protections that are below the baseline, as specified in the baseline.
          type: dict
          returned: always
          sample:
            prompt_injection:
              - {protection: prompt_injection, required: block, actual: alert}
        file:
          description: >-
            Path of the configuration file that contains the profile, if it is below the baseline. Otherwise null.
          type: str
          returned: always
          sample: null
        line:
          description: Line in that file, starting at 1, or null.
          type: int
          returned: always
          sample: null
        anchor: *anchor
        protections:
          description: >-
            Strictest C(action) of each protection, which is one of V(block), V(alert), V(allow), V(unknown), or V(off),
            with additional information in C(detail).
          type: dict
          returned: always
          sample:
            prompt_injection: {action: block, detail: ""}
            topics: {action: block, detail: "2 blocked, 1 allowed"}
    coverage:
      description: >-
        Number of applications by action for each protection. V(none) is used for applications with an unknown profile.
      type: dict
      returned: always
      sample:
        prompt_injection: {block: 10, alert: 1, allow: 0, unknown: 0, "off": 0, none: 1}
    api_keys:
      description: >-
        List of API keys. Keys that are no longer valid come first, followed by the others in the order of their
        expiration.
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
          description: Name of the application.
          type: str
          returned: always
          sample: support-bot
        environment:
          description: Environment of the application.
          type: str
          returned: always
          sample: prod
        deployment_profile:
          description: Name of the deployment profile.
          type: str
          returned: always
          sample: dp-production
        expires:
          description: Expiration date of the key. Empty if it does not expire.
          type: str
          returned: always
          sample: "2026-03-20"
        days_left:
          description: >-
            Number of full days until the key expires. Negative if it has expired. Null if it does not expire.
          type: int
          returned: always
          sample: 19
        status:
          description: Expiration status of the key. One of V(expired), V(revoked), V(soon), V(later), or V(never).
          type: str
          returned: always
          sample: soon
        anchor: *anchor
    custom_topics:
      description: List of topics. Topics with stale pins come first.
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
          description: Latest revision of the topic.
          type: int
          returned: always
          sample: 2
        pins:
          description: >-
            List of profiles whose latest revision pins the topic. C(stale) is whether the topic was updated since.
          type: list
          elements: dict
          returned: always
          sample:
            - {profile: support-bot, action: block, revision: 1, stale: true}
        stale_pins:
          description: Number of stale pins.
          type: int
          returned: always
          sample: 1
        old_pins:
          description: >-
            Number of older revisions of profiles that pin the topic. They are not enforced, but prevent the topic from
            being deleted.
          type: int
          returned: always
          sample: 0
        anchor: *anchor
    unnamed:
      description: >-
        Names of the objects of the tenant that are not in the configuration and do not match O(protect), by kind. An
        application is considered to be in the configuration if one of its API keys is. If there are C(errors), the
        lists are empty, because these objects are unknown.
      type: dict
      returned: always
      sample:
        custom_topics: [Sports, Weather]
        security_profiles: []
        api_keys: []
        customer_apps: []
failure:
  description: >-
    Details of the failed request, for use in conditions: HTTP status (null if there was no response), error code and
    message of the service, method and path of the request, and the request ID that the service assigned.
  returned: when a request to the service failed
  type: dict
  sample:
    status: 403
    code: null
    message: the service reported 'Forbidden'
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
