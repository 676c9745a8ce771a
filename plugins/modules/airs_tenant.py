# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage a whole tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_tenant
short_description: Manage the complete configuration of a tenant
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Ensures that a tenant matches a configuration of custom topics, AI security profiles, API keys, and customer
    applications. The module lists the objects of each kind once, plans all changes, and then sends only the required
    write requests, several at a time.
  - Set O(config_path) to a file or directory, or O(config) to the configuration itself, and O(secret_dir) for the
    secrets of new API keys. Check mode shows the plan, and O(plan_path) saves it for approval. Objects that are not in
    the configuration are deleted only with O(state=overridden) and O(purge).
  - The complete configuration is validated first. All errors are reported together, each with its location, before
    anything is changed.
  - Objects are processed in the order topics, profiles, API keys, and applications, each after the objects that it
    references, so that a profile is pinned to the new revision of a topic in the same run. Deletions are processed
    last, in reverse order.
  - If a baseline is specified, a security profile in the configuration that is below the baseline is also an error.
  - If an object fails, only the objects that depend on it are skipped. A run that was interrupted or failed partially
    can be repeated, and completes the remaining changes.
  - Long runs periodically report their progress on standard error.
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
      - Path to a YAML or JSON file in the format of O(config), or to a directory. All C(.yml), C(.yaml), and C(.json)
        files in the directory and its subdirectories are read, except for hidden files, and combined in the order of
        their paths.
      - It is an error if two files contain the same object.
      - Templates in the files are not evaluated, and files that are encrypted with Ansible Vault are not decrypted.
      - The objects of the tenant are already being listed while the files are read and validated.
    type: path
  state:
    description:
      - V(merged) does not change objects that are not in the configuration.
      - V(overridden) deletes objects that are not in the configuration, for the kinds in O(purge).
    type: str
    choices: [merged, overridden]
    default: merged
  purge:
    description:
      - Kinds of objects to purge. With O(state=overridden), all objects of these kinds that are not in the
        configuration are deleted. Each kind must be in the configuration. An empty list there deletes all objects of
        the kind.
      - Predefined topics of the service cannot be distinguished from other topics. List them in O(protect).
      - The module fails if it would delete an object and create another one with a similar name, such as one that only
        differs in case or in trailing spaces.
      - An application that is referenced by an API key in the configuration is considered to be in the configuration.
    type: list
    elements: str
    choices: [custom_topics, security_profiles, api_keys, customer_apps]
  protect:
    description:
      - Names, or patterns of names such as V(legacy-*), of objects that O(purge) does not delete. A name that is equal
        to an entry is always protected, even if the entry contains characters that have a special meaning in patterns.
      - The module fails if a deletion would also delete a protected object, or if it would delete an object with a name
        that is similar to a protected one, such as one that only differs in case or in trailing spaces.
    type: list
    elements: str
  max_deletions:
    description:
      - Maximum number of objects that a run is allowed to delete, including objects that the service deletes together
        with others, such as the application of an API key. If it is exceeded, the module fails before anything is
        changed.
    type: int
    default: 10
  force:
    description:
      - Whether O(purge) also deletes topics and profiles that are referenced by other objects. This includes topics
        that are only referenced by old revisions of a profile.
    type: bool
    default: false
  concurrency:
    description:
      - Maximum number of concurrent requests. Must be between 1 and 64.
    type: int
    default: 8
  on_weakening:
    description:
      - How to handle changes that weaken the protection of security profiles, such as from V(block) to V(alert).
      - V(report) applies the changes and issues a warning. V(refuse) fails before anything is changed. Both list the
        weakened protections.
      - If omitted, the option of the same name is used for each security profile in the configuration.
    type: str
    choices: [report, refuse]
  plan_path:
    description:
      - Path to a plan file, for changes that require approval. In check mode, the plan is written to this file, as JSON
        with mode C(0640), although nothing is changed on the tenant. Outside of check mode, exactly the plan in the
        file is applied.
      - The module fails before anything is changed if the plan is stale. The changes in the files or on the tenant
        since then are returned in RV(moved). It also fails if the plan was already applied, is for another tenant, is
        damaged, or was modified.
      - The plan is also written in human-readable form, to files with the extensions C(.txt) and C(.md) instead of
        C(.json). Both list weakened protections first, then deletions including objects that are deleted together with
        others, then updates, then new objects.
      - Only changes that the plan depends on make it stale. Changes to objects that are not managed, and changes that
        the service makes automatically, do not.
      - An API key that became due after the plan was created is not regenerated, and a warning is issued. It is part of
        the next plan.
      - If there is an error, no plan is written, and an existing plan is removed so that it cannot be mistaken for the
        new one. A file that is not a plan is never overwritten.
      - A plan never contains secrets or digests of secrets. The destinations of secrets are not part of it, except for
        the O(ignore:secret_path) of an API key.
      - The digest in a plan detects damage and accidental modification. It is not a signature. Anyone who can write the
        file can approve what is in the configuration, but nothing else.
    type: path
  plan:
    description:
      - Plan as returned in RV(plan.packed), for jobs that do not share files. In check mode it is only verified. An
        empty string is an error, so that no changes are applied without approval.
    type: str
  verify_plan:
    description:
      - Whether to verify the plan in O(plan_path) in check mode, instead of writing a new one. The module fails if the
        plan is stale.
    type: bool
    default: false
  secret_paths:
    description:
      - Dictionary that maps names of API keys to absolute paths of files to store new secrets in. It is used for keys
        without O(ignore:secret_path). Takes precedence over O(secret_dir), whose rules also apply here.
      - Use this for journals, from which subsequent tasks store the secrets elsewhere. With an empty dictionary,
        RV(keys_to_store) returns in check mode which files are required.
    type: dict
  return_secrets:
    description:
      - Whether to return secrets of new keys that have no destination in RV(api_key_secrets). The service returns a
        secret only once, so make sure to store the returned value.
    type: bool
    default: false
  secret_dir:
    description:
      - Path to the directory to store the secrets of new keys in. Each secret is stored in a file C(<name>.key) that is
        only readable by its owner. The directory must exist.
      - The module fails before anything is changed, also in check mode, if a key would be created or regenerated and
        there is no destination for its secret, unless O(return_secrets=true).
      - ASCII letters, digits, dots, dashes, and underscores in the name of a key are not modified in the name of its
        file. All other characters are percent-encoded, as in URLs.
      - C({tsg_id}) is replaced with O(tsg_id), C({name}) with the name of the key, and C({app}) with the name of its
        application. This allows, for example, one directory for each tenant. The directories must exist.
      - The O(ignore:secret_path) of an entry takes precedence. The module fails if two keys would use the same file,
        even if the paths are spelled differently. It also fails if a file contains anything other than a previous
        secret of the key, such as a secret of another tenant.
      - The directory only receives new secrets. Unlike a missing O(ignore:secret_path), a missing file in it does not
        cause O(ignore:regenerate=expiring) to regenerate the key.
      - While a secret is being created, the directory contains a file whose name ends with C(.airs-journal). It remains
        if the run is interrupted. In the next run, O(ignore:regenerate=expiring) regenerates the key because its secret
        was lost. With O(ignore:regenerate=never), a warning is issued.
    type: path
notes:
  - O(tsg_id) is required if O(state=overridden). Nothing is deleted if the credentials are for another tenant.
seealso:
  - module: panw.airs.airs_tenant_drift_info
  - module: panw.airs.airs_tenant_info
  - module: panw.airs.airs_tenant_export
"""

EXAMPLES = r"""
- name: Ensure the topics and security profiles exist
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

- name: Show what would be changed by a configuration directory
  panw.airs.airs_tenant:
    config_path: tenant/
  check_mode: true
  diff: true

- name: Write a plan for approval
  panw.airs.airs_tenant:
    config_path: tenant/
    plan_path: plan.json
    tsg_id: "1234567890"
  check_mode: true

- name: Apply the approved plan
  panw.airs.airs_tenant:
    config_path: tenant/
    plan_path: plan.json
    tsg_id: "1234567890"
    secret_dir: secrets/

- name: Ensure the tenant only has the topics and security profiles in the files
  panw.airs.airs_tenant:
    config_path: tenant/
    state: overridden
    purge: [custom_topics, security_profiles]
    protect: [Weather, Sports, legacy-*]
    max_deletions: 5
    tsg_id: "1234567890"
    secret_dir: secrets/

- name: Promote the configuration of another tenant
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
    - List of the objects in the configuration with the action that was taken, in the order of the configuration,
      followed by purged objects, and by objects that were deleted together with others.
    - In check mode, and if the module failed before anything was changed, the action that would be taken.
  returned: when the configuration was compared with the tenant
  type: list
  elements: dict
  contains:
    kind:
      description: Kind of the object. One of V(custom_topic), V(security_profile), V(api_key), or V(customer_app).
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
        - Action for the object. One of V(none), V(create), V(update), V(delete), V(regenerate), or V(skip) if it was
          not attempted because another object failed.
        - If there is an C(error), the action that was attempted.
      type: str
      returned: always
      sample: update
    fields:
      description: List of options that changed.
      type: list
      elements: str
      returned: for updates
      sample: [prompt_injection]
    goes_with:
      description:
        - C(kind) and C(name) of the object that it is deleted together with. For example, the service deletes an
          application together with its API key.
      type: dict
      returned: for objects that are deleted together with others
      sample: {kind: api_key, name: support-bot}
    weakened:
      description: List of weakened protections, in the format of RV(weakened).
      type: list
      elements: dict
      returned: for security profiles that are changed
    below_baseline:
      description: List of protections that are below the baseline, in the format of RV(below_baseline).
      type: list
      elements: dict
      returned: for security profiles that are below the baseline
    replaced_dlp_profiles:
      description: List of DLP profiles that do not exist on the tenant and are replaced with the built-in detection.
      type: list
      elements: str
      returned: when DLP profiles are replaced because of O(missing_dlp_profiles=built_in)
      sample: [PII - Basic]
    error:
      description: Reason why the object failed or was skipped.
      type: str
      returned: when the object failed or was skipped
    reason:
      description: Reason why the key is regenerated, as in RV(panw.airs.airs_api_key#module:reason).
      type: str
      returned: for keys that are regenerated
      sample: expiring
    secret_path:
      description: Path of the file that contains the secret of the new key.
      type: str
      returned: for keys that are created or regenerated and have a destination
applications:
  description:
    - List of the applications in the configuration, including those of its API keys, that exist and did not fail.
    - Automation Platform counts them as indirectly managed nodes, see the guide for AWX and Automation Controller.
  returned: when the configuration was applied, or in check mode would be
  type: list
  elements: dict
  contains:
    name:
      description: Name of the application.
      type: str
      returned: always
      sample: support-bot
    tsg_id:
      description: ID of the tenant. Empty if the service does not return it.
      type: str
      returned: always
      sample: "1234567890"
counts:
  description: Number of objects of each kind by action. C(failed) is the number of objects that failed.
  returned: when the configuration was compared with the tenant
  type: dict
  sample:
    custom_topics: {none: 3, create: 1, update: 0, regenerate: 0, delete: 0, skip: 0, failed: 0}
summary:
  description:
    - Human-readable summary of the changes; in check mode, of the changes that would be made. It lists protections that
      are weakened or below the baseline and deleted objects, at most 20 of each, followed by the number of objects of
      each kind and the destinations of new secrets.
    - The lines are safe to print on a terminal. For further processing, use RV(objects), RV(counts), and RV(weakened)
      instead.
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
    - List of weakened protections of security profiles, most severe first for each profile; in check mode, of
      protections that would be weakened.
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
  description: Information about the plan that was written.
  returned: when a plan was written
  type: dict
  contains:
    path:
      description: Path of the plan file. This is the file that is applied.
      type: str
      returned: always
      sample: plan.json
    text:
      description: Path of the human-readable plan as text.
      type: str
      returned: always
      sample: plan.txt
    markdown:
      description: Path of the human-readable plan as Markdown, which is short enough for a comment on a pull request.
      type: str
      returned: always
      sample: plan.md
    digest:
      description: Digest that identifies the plan.
      type: str
      returned: always
      sample: 6d1c4f5e1f5d4d5ab62b4f6f6b3bd2b6a7d6b6ad1d4b2f1e7c7a0a2a0a3c9f11
    packed:
      description: >-
        Plan as a string for O(plan). It is compressed, and consists of letters, digits, C(+), C(/), and C(=) only.
      type: str
      returned: always
moved:
  description: List of messages about what has changed since the plan was created.
  returned: when the plan is stale
  type: list
  elements: str
  sample:
    - "files: security profile 'support-bot' has changed"
    - "tenant: custom topic 'financial-advice' is gone"
replaced_dlp_profiles:
  description:
    - List of DLP profiles that do not exist on the tenant, with the security profiles that use them. They are replaced
      with the built-in detection of sensitive data of the service.
  returned: when DLP profiles are replaced because of O(missing_dlp_profiles=built_in)
  type: list
  elements: dict
  sample:
    - security_profile: support-bot
      dlp_profile: PII - Basic
below_baseline:
  description:
    - List of protections of the security profiles in the configuration that are below the baseline, most severe first
      for each profile.
    - C(exception) is the reason of the exception in the baseline. It is null if there is no exception, which is an
      error.
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
  description: List of names of new keys that have no destination for their secret, also in check mode.
  returned: when new keys have no destination
  type: list
  elements: str
  sample: [support-bot]
keys_to_store:
  description: >-
    List of API keys in the configuration that have no O(ignore:secret_path), for tasks that store their secrets.
  returned: when O(secret_paths) is set and the configuration was compared with the tenant
  type: list
  elements: dict
  contains:
    name:
      description: Name of the key.
      type: str
      returned: always
      sample: support-bot
    app:
      description: Name of the application.
      type: str
      returned: always
      sample: support-bot
    due:
      description: Whether the key has a new secret; in check mode, whether it would have one.
      type: bool
      returned: always
      sample: true
    owner:
      description: Owner of the secret, for use in O(panw.airs.airs_secret_file#module:owners).
      type: dict
      returned: always
api_key_secrets:
  description: >-
    Dictionary that maps names of new keys to their secrets. The service returns secrets only once. If they are
    returned, the result is hidden from output and logs.
  returned: when keys without a destination were created or regenerated and O(return_secrets=true)
  type: dict
errors:
  description: List of errors in the configuration.
  returned: when the configuration has errors
  type: list
  elements: dict
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
