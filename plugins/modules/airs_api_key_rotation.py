# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotate API keys whose secrets are in files."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_api_key_rotation
short_description: Rotate API keys whose secrets are stored in files
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Regenerates API keys that are due for rotation, stores the new secrets in the files that the applications read, in
    plain text or encrypted with Ansible Vault, and verifies the new secrets with scans. The role
    P(panw.airs.rotate_api_keys#role) uses this module for secrets in files.
  - M(panw.airs.airs_api_key_rotation_info) returns which keys are due, with the same options. If no names are
    specified, only keys whose secrets are stored in their files, or whose rotation was interrupted, are regenerated.
  - Keys are rotated one after the other. The module verifies that a file can be replaced before it regenerates the key.
    Until the new secret is stored and verified, it is kept in a journal in the same directory, whose name ends with
    C(.airs-journal). If a run is interrupted at any point, the next run completes the rotation with a working key. A
    key that fails does not prevent the rotation of other keys, but the task fails at the end.
  - A file that contains anything other than a previous secret of its key is never overwritten.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.secret_encryption
  - panw.airs.attributes
  - panw.airs.attributes.management
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
    details: The files contain secrets.
  idempotent:
    support: partial
    details: With O(regenerate=always), every run regenerates the keys.
options:
  names:
    description:
      - Names of API keys, as a list or as a string with names that are separated by commas or line breaks.
      - If neither this option nor O(customer_apps) is specified, all API keys of the tenant that are not revoked are
        considered.
    type: raw
  customer_apps:
    description:
      - Names of applications whose API keys are considered, in the format of O(names).
    type: raw
  regenerate:
    description:
      - Which of the considered keys to regenerate.
      - V(expiring) regenerates keys that are due for rotation. V(always) regenerates all of them, and requires O(names)
        or O(customer_apps).
    type: str
    choices: [expiring, always]
    default: expiring
  regenerate_before:
    description:
      - Number of days before its expiration from which a key is due for rotation. Must be less than the lifetime of the
        key.
      - If omitted, 30 days or a third of its lifetime are used, whichever is less.
    type: int
  rotation_time_interval:
    description:
      - Lifetime of a regenerated key, in units of O(rotation_time_unit). If omitted, it is not changed.
    type: int
  rotation_time_unit:
    description:
      - Unit of O(rotation_time_interval).
    type: str
    choices: [hours, days, months, years]
  path:
    description:
      - Path to the files, in the format of O(panw.airs.airs_secret_file#module:path). C({name}) is replaced with the
        name of the API key, C({app}) with the name of the application, and C({tsg_id}) with the ID of the tenant.
    type: str
    required: true
  verify:
    description:
      - Whether to verify each new key with a scan.
    type: bool
    default: true
  verify_retries:
    description:
      - Maximum number of retries for a scan. It can take some seconds until a new key is available in the scan API.
    type: int
    default: 5
  verify_delay:
    description:
      - Number of seconds between two attempts.
    type: int
    default: 3
  profiles:
    description:
      - Dictionary that maps names of applications or API keys to names of the security profiles to scan with. If there
        is no entry, the profile with the same name is used. If it does not exist, the key is not regenerated.
    type: dict
  contents:
    description:
      - Contents to scan, in the format of O(panw.airs.airs_scan#module:contents). If omitted, one harmless prompt is
        scanned, and any verdict is accepted.
    type: list
    elements: dict
  api_endpoint:
    description:
      - URL of the scan API, as an alternative to O(region).
      - If omitted, the environment variable E(PANW_AI_SEC_API_ENDPOINT) is used.
    type: str
  region:
    description:
      - Region of the deployment profiles.
    type: str
    choices: [us, eu, in, sg, jp, au]
seealso:
  - module: panw.airs.airs_api_key_rotation_info
  - module: panw.airs.airs_secret_file
"""

EXAMPLES = r"""
- name: Rotate the API keys whose secrets are stored in /etc/airs
  panw.airs.airs_api_key_rotation:
    path: /etc/airs/{name}.key

- name: Rotate the API keys without verifying the new secrets with a scan
  panw.airs.airs_api_key_rotation:
    path: /etc/airs/{name}.key
    verify: false
"""

RETURN = r"""
api_keys:
  description: List of the considered API keys, ordered by name.
  returned: success, and when keys failed
  type: list
  elements: dict
  contains:
    name:
      description: Name of the key.
      type: str
      returned: always
      sample: support-bot
    app:
      description: Name of the application. If the service does not provide it, the name of the key.
      type: str
      returned: always
      sample: support-bot
    tsg_id:
      description: ID of the tenant. Empty if the service does not provide it.
      type: str
      returned: always
      sample: "1234567890"
    old_last8:
      description: Last 8 characters of the secret.
      type: str
      returned: always
      sample: kE2fJq8Z
    expiration:
      description: Expiration time of the key, in the format of the service. Empty if the key does not expire.
      type: str
      returned: always
      sample: "2026-09-29T23:59:59Z"
    days_left:
      description: >-
        Number of full days until the key expires. Negative if it has expired. Null if it does not expire, or if its
        expiration date cannot be parsed.
      type: int
      returned: always
      sample: 12
    action:
      description: >-
        Action that was taken; in check mode, that would be taken. V(rotate) if the key was regenerated, V(resume) if a
        secret from the journal of an interrupted run was stored, V(none) if the key was not changed, or V(failed) if an
        error occurred, see RV(api_keys[].error).
      type: str
      returned: always
      sample: rotate
    reason:
      description: >-
        Reason why the key is regenerated. One of V(asked), V(revoked), V(not_stored), V(expiring), or
        V(unreadable_expiry). Empty if it is not regenerated.
      type: str
      returned: always
      sample: expiring
    new_last8:
      description: Last 8 characters of the new secret. Empty in check mode if the key would be regenerated.
      type: str
      returned: always
      sample: ""
    sink:
      description: Destination of the secret.
      type: str
      returned: always
      sample: /etc/airs/support-bot.key
    in_sink:
      description: Whether the destination contains the current secret. Null if it could not be read.
      type: bool
      returned: always
      sample: true
    error:
      description: >-
        Error message. For example, O(regenerate_before) is not less than the lifetime of the key, or the destination
        contains something other than a secret of the key.
      type: str
      returned: when RV(api_keys[].action) is V(failed)
      sample: >-
        regenerate_before must be less than the lifetime of the key (7 days), but is 30 days, so every run would
        regenerate the key: set at most 6, or omit it to use a third of the lifetime. This key was not changed.
    profile_name:
      description: Name of the security profile to scan with. Empty if there is none.
      type: str
      returned: when O(verify=true), for V(rotate) and V(resume)
      sample: support-bot
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
    path: /aisec/v1/mgmt/apikeys
    request_id: null
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._kinds.key_renewal import API_KEY_ROTATION_MODULE


def main() -> None:
    """Run the module."""
    run_module(API_KEY_ROTATION_MODULE)


if __name__ == "__main__":
    main()
