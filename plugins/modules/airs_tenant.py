# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage a whole tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_tenant
short_description: Manage everything that a tenant of Prisma AIRS has, in one task
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Makes a tenant have the custom topics, security profiles, API keys and applications of a configuration. Lists each
    kind once, plans everything, and sends only the writes that are needed, several at a time.
  - The whole configuration is checked first. All that is wrong with it is reported at once, with the place of each
    error, before anything has changed.
  - Objects are begun in the order topics, profiles, keys, applications, each after those that it refers to, so that a
    profile is pinned to a topic's new revision in the same run. Deletions come last, in the reverse order.
  - With a baseline, a security profile of the configuration that would do less is an error, too.
  - An object that fails does not stop the others, only those that need it. A run that was interrupted or failed in part
    can be repeated; it does what is left.
  - While a long run is on its way, a line says now and then how far it is, on standard error.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.writes
  - panw.airs.tenant_config
  - panw.airs.baseline
  - panw.airs.promotion
  - panw.airs.promotion.missing
options:
  config_path:
    description:
      - A YAML or JSON file with such a configuration, or a directory. Of a directory all C(.yml), C(.yaml) and C(.json)
        files are read, also those in folders below it but no hidden ones, and put together in the order of their paths.
      - The same object in two files is an error.
      - The files are read as they are. Templates in them are not rendered, and ansible-vault is not undone.
      - While they are read and checked, the service is already asked what the tenant has.
    type: path
  state:
    description:
      - With V(merged), what the configuration does not name is left alone.
      - With V(overridden), what it does not name is deleted, of the kinds in O(purge).
    type: str
    choices: [merged, overridden]
    default: merged
  purge:
    description:
      - With O(state=overridden), the kinds of which everything is deleted that the configuration does not name. Each
        must be in the configuration; an empty list there means that none is to stay.
      - Predefined topics of the service cannot be told from others. Name them in O(protect).
      - An object is not deleted while one is to be made whose name looks the same, such as with another case or a blank
        at its end. That is refused.
      - An application that a key of the configuration names counts as named.
    type: list
    elements: str
    choices: [custom_topics, security_profiles, api_keys, customer_apps]
  protect:
    description:
      - Names that O(purge) does not delete, and patterns of such, as V(legacy-*). A name that is equal to an entry is
        protected, also when it has characters that mean something else in a pattern.
      - A deletion that would take along what is protected here is refused, and so is one of an object whose name looks
        the same as one here, such as with another case or a blank at its end.
    type: list
    elements: str
  max_deletions:
    description:
      - Most objects that one run may delete, those included that go along with others, as an application does with its
        API key. When there are more, nothing at all is changed.
    type: int
    default: 10
  force:
    description:
      - Whether O(purge) deletes topics and profiles also when others refer to them. Old revisions of a profile refer to
        its topics.
    type: bool
    default: false
  concurrency:
    description:
      - Most requests at a time, 1 to 64.
    type: int
    default: 8
  on_weakening:
    description:
      - What to do when security profiles would protect less than before, such as V(alert) where there was V(block).
      - V(report) does it and warns. V(refuse) fails before anything is changed. Both name what gets weaker.
      - When left out, each profile of the configuration says it with its own option of this name.
    type: str
    choices: [report, refuse]
  plan_path:
    description:
      - A file for a plan that somebody approves. In check mode the plan is written there, as JSON with mode C(0640),
        although nothing is changed on the tenant. Without check mode exactly the plan of the file is applied.
      - A plan that is stale is refused before any write, and RV(moved) says what has moved since, in the files or on
        the tenant. So is a plan that was applied already, of another tenant, damaged, or changed by hand.
      - Beside it, with the endings C(.txt) and C(.md) in the place of C(.json), is the plan for people. Both name first
        what gets weaker, then what is deleted, with all that goes along, then what changes and what is created.
      - Only what the plan depends on counts. What nobody manages, and what the service moves by itself, may move.
      - A key that has become due only since the plan was made is left alone, with a warning; the next plan has it.
      - No plan is written when something stands against it, and an earlier one is removed, so that it does not pass for
        the new one. A file that is no plan is never overwritten.
      - No secret is in a plan, and no digest of one. The place of secrets, apart from a key's own
        O(ignore:secret_path), is not a part of it.
      - The digest in a plan shows that it was damaged or changed by mistake. It is no signature. Whoever can write the
        file can approve what the configuration says, but nothing else.
    type: path
  plan:
    description:
      - The plan itself, as RV(plan.packed), where jobs do not share files. In check mode it is only verified. An empty
        text is refused, so that nothing is applied that nobody has approved.
    type: str
  verify_plan:
    description:
      - Whether check mode verifies the plan of O(plan_path), and fails when it is stale, rather than write a new one.
    type: bool
    default: false
  secret_paths:
    description:
      - Files for the secrets of new keys, by the names of the keys, as absolute paths; for those without
        O(ignore:secret_path). It comes before O(secret_dir), and is like it otherwise.
      - It is for journals, from which tasks that follow take the secrets elsewhere. An empty dictionary in check mode
        says in RV(keys_to_store) which files are needed.
    type: dict
  return_secrets:
    description:
      - Whether secrets of new keys that have no place are returned in RV(api_key_secrets). The service shows them only
        once, so take them from there.
    type: bool
    default: false
  secret_dir:
    description:
      - A folder for the secrets of new keys, one file for each, C(<name>.key), which only its owner can read. It
        must exist.
      - A key that would be made or renewed and whose secret has no place is an error before anything has changed, also
        in check mode, unless O(return_secrets=true).
      - Letters from a to z, digits, dots, dashes and underscores of a name stay as they are in the name of its file.
        All else becomes C(%) and hexadecimal digits, as in URLs.
      - In it C({tsg_id}) stands for O(tsg_id), C({name}) for the name of the key and C({app}) for its application, so
        that tenants, for example, have folders of their own. The folders must exist.
      - The O(ignore:secret_path) of an entry comes first. Two keys with one file are refused, however their paths are
        written, and so is a file that holds anything but a former secret of the key, such as that of another tenant.
      - New secrets are only collected here. That a key has no file in it does not make
        O(ignore:regenerate=expiring) replace the key, as a missing O(ignore:secret_path) does.
      - While a secret is made there is a file with the ending C(.airs-journal) beside it. Of a run that was killed it
        stays, and O(ignore:regenerate=expiring) replaces the key, whose secret nobody has, in the next run. With
        O(ignore:regenerate=never) that is a warning.
    type: path
notes:
  - With O(state=overridden), O(tsg_id) must be given. Nothing is deleted when the tenant turns out to be another one.
seealso:
  - module: panw.airs.airs_tenant_drift_info
  - module: panw.airs.airs_tenant_info
  - module: panw.airs.airs_tenant_export
"""

EXAMPLES = r"""
- name: Have topics and profiles
  panw.airs.airs_tenant:
    config:
      custom_topics:
        - name: financial-advice
          description: Recommendations to buy, sell or hold securities or other investments
          examples:
            - Which stocks should I buy this week?
      security_profiles:
        - name: support-bot
          prompt_injection: block
          topics: {default: allow, block: [financial-advice]}
        - name: search
          prompt_injection: block
          data_leak: {profiles: [PII], action: block}

- name: See what a directory of files would change
  panw.airs.airs_tenant:
    config_path: tenant/
  check_mode: true
  diff: true

- name: Write the plan, for somebody to approve
  panw.airs.airs_tenant:
    config_path: tenant/
    plan_path: plan.json
    tsg_id: "1234567890"
  check_mode: true

- name: Apply exactly that plan
  panw.airs.airs_tenant:
    config_path: tenant/
    plan_path: plan.json
    tsg_id: "1234567890"
    secret_dir: secrets/

- name: Make the tenant exactly as the files say, topics and profiles
  panw.airs.airs_tenant:
    config_path: tenant/
    state: overridden
    purge: [custom_topics, security_profiles]
    protect: [Weather, Sports, legacy-*]
    max_deletions: 5
    tsg_id: "1234567890"
    secret_dir: secrets/

- name: Promote what was made for another tenant
  panw.airs.airs_tenant:
    config_path: tenant/
    secret_dir: secrets/
    name_map:
      deployment_profiles: {dp-staging: dp-production}
      dlp_profiles: {PII - Basic: PII}
    name_prefix: qa-
    missing_dlp_profiles: built_in
"""

RETURN = r"""
objects:
  description:
    - What was done about each object of the configuration, in its order, then about those that were purged, and last
      about those that went along with others.
    - In check mode, and when it was refused, what would be done.
  returned: when the configuration was compared with the tenant
  type: list
  elements: dict
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
    action:
      description:
        - V(none), V(create), V(update), V(delete), or V(regenerate) for a key that was replaced. V(skip) for one that
          was not tried because another failed.
        - With C(error), what was tried.
      type: str
      returned: always
      sample: update
    fields:
      description: Names of the options that changed.
      type: list
      elements: str
      returned: for updates
      sample: [prompt_injection]
    goes_with:
      description:
        - The C(kind) and C(name) of the object with which the service deletes it, as an application goes with its API
          key.
      type: dict
      returned: for what a deletion takes along
      sample: {kind: api_key, name: support-bot}
    weakened:
      description: What the profile does less than before, as RV(weakened).
      type: list
      elements: dict
      returned: for security profiles that change
    below_baseline:
      description: What a security profile does less than the baseline, as RV(below_baseline).
      type: list
      elements: dict
      returned: for profiles that are below the baseline
    replaced_dlp_profiles:
      description: The DLP profiles in it that the tenant does not have, and the built-in detection takes the place of.
      type: list
      elements: str
      returned: when there are some, with O(missing_dlp_profiles=built_in)
      sample: [PII - Basic]
    error:
      description: Why it failed, or why it was skipped.
      type: str
      returned: when it failed or was skipped
    reason:
      description: Why a key is renewed, as RV(panw.airs.airs_api_key#module:reason).
      type: str
      returned: for keys that are renewed
      sample: expiring
    secret_path:
      description: Where the secret of a new key is.
      type: str
      returned: for keys that change and have a place for it
counts:
  description: How many objects of each kind were created, updated and so on, C(failed) for those that were not.
  returned: when the configuration was compared with the tenant
  type: dict
  sample:
    custom_topics: {none: 3, create: 1, update: 0, regenerate: 0, delete: 0, skip: 0, failed: 0}
summary:
  description:
    - What was done in words, or in check mode what would be done, for people. It names each protection that gets weaker
      or is below the baseline, and what is deleted, with all that goes along, 20 of each at most, then how many objects
      of each kind there are, and where new secrets are.
    - The lines are fit for a terminal. For programs there are RV(objects), RV(counts) and RV(weakened).
  returned: when the configuration was compared with the tenant
  type: list
  elements: str
  sample:
    - Tenant (plan)
    - "Weaker protection:"
    - "  security profile 'support-bot': prompt_injection block -> allow"
    - "To be deleted:"
    - "  API key 'old-bot', and with it application 'old-bot'"
    - "Security profiles: 1 to be updated, 4 unchanged"
    - "API keys: 1 to be deleted"
    - "Applications: 1 to be deleted (along with its API key)"
weakened:
  description:
    - What the security profiles do less than before, or in check mode would, of each the greatest loss first.
  returned: when the configuration was compared with the tenant
  type: list
  elements: dict
  sample:
    - kind: security_profile
      name: support-bot
      protection: prompt_injection
      before: block
      after: allow
plan:
  description: The plan that was written.
  returned: when a plan was written
  type: dict
  contains:
    path:
      description: Its file, which is the one that is applied.
      type: str
      returned: always
      sample: plan.json
    text:
      description: The same for people, as text.
      type: str
      returned: always
      sample: plan.txt
    markdown:
      description: The same as Markdown, short enough for a comment on a pull request.
      type: str
      returned: always
      sample: plan.md
    digest:
      description: Its digest, which names it.
      type: str
      returned: always
      sample: 6d1c4f5e1f5d4d5ab62b4f6f6b3bd2b6a7d6b6ad1d4b2f1e7c7a0a2a0a3c9f11
    packed:
      description: The plan as a text for O(plan), compressed and in letters, digits, C(+), C(/) and C(=) only.
      type: str
      returned: always
moved:
  description: What has moved since the plan was made, a sentence each.
  returned: when a plan is stale
  type: list
  elements: str
  sample:
    - "files: security profile 'support-bot' has changed"
    - "tenant: custom topic 'financial-advice' is gone"
replaced_dlp_profiles:
  description:
    - The DLP profiles that the tenant does not have, by the security profiles that name them. The service's built-in
      detection of sensitive data takes their place, or in check mode would.
  returned: when there are some, with O(missing_dlp_profiles=built_in)
  type: list
  elements: dict
  sample:
    - security_profile: support-bot
      dlp_profile: PII - Basic
below_baseline:
  description:
    - What the security profiles of the configuration do less than the baseline, or in check mode would, of each the
      greatest gap first.
    - C(exception) is the reason why the baseline accepts it, or null, which is an error.
  returned: when the configuration was compared with the tenant
  type: list
  elements: dict
  sample:
    - name: red-team
      protection: prompt_injection
      required: block
      actual: alert
      exception: Attacks on purpose, in a sandbox
secrets_without_place:
  description: The names of new keys that have no place for their secret; also in check mode.
  returned: when there are some
  type: list
  elements: str
  sample: [support-bot]
keys_to_store:
  description: The keys that are to be there and have no O(ignore:secret_path), for those who store their secrets.
  returned: when O(secret_paths) is given and the configuration was compared with the tenant
  type: list
  elements: dict
  contains:
    name:
      description: Name of the key.
      type: str
      returned: always
      sample: support-bot
    app:
      description: Name of its application.
      type: str
      returned: always
      sample: support-bot
    due:
      description: Whether it has a new secret, or in check mode would have.
      type: bool
      returned: always
      sample: true
    owner:
      description: Whose its secret is, for O(panw.airs.airs_secret_file#module:owners).
      type: dict
      returned: always
api_key_secrets:
  description: The secrets of new keys, by name. The service shows them only now. The result is censored then.
  returned: when keys were made that have no place for their secret, with O(return_secrets=true)
  type: dict
errors:
  description: What is wrong with the configuration.
  returned: when it has errors
  type: list
  elements: dict
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
    method: GET
    path: /aisec/v1/mgmt/topics
    request_id: null
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._tenant.tenant import TENANT_MODULE


def main() -> None:
    """Run the module."""
    run_module(TENANT_MODULE)


if __name__ == "__main__":
    main()
