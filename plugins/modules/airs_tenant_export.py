# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the config of a whole tenant to files."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_tenant_export
short_description: Export the complete configuration of a tenant to files
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Writes the objects of a tenant to a directory, one file for each object. The directory can be stored in a repository
    and applied with O(panw.airs.airs_tenant#module:config_path).
  - The files contain the configuration that M(panw.airs.airs_tenant_info) returns, with names instead of IDs and
    without secrets.
  - A file is only written if the object has changed, and removed if the object no longer exists. Other files in the
    directory are not changed. The module recognizes its own files by their first line, and fails instead of overwriting
    any other file.
  - The files pass C(yamllint) and C(ansible-lint) with their default settings.
  - Files are named after their objects. ASCII letters, digits, dots, dashes, and underscores are not modified, all
    other characters are percent-encoded, as in URLs. A checksum is added to long names, and to names that only differ
    in case from another name.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.writes
options:
  path:
    description:
      - Path to the directory to write to, on the machine that runs the task. It is created if it does not exist.
      - It contains a subdirectory for each kind of objects, such as C(custom_topics).
    type: path
    required: true
  kinds:
    description:
      - Kinds of objects to export. Files of other kinds are not changed.
    type: list
    elements: str
    choices: [custom_topics, security_profiles, api_keys, customer_apps]
    default: [custom_topics, security_profiles, api_keys, customer_apps]
seealso:
  - module: panw.airs.airs_tenant
  - module: panw.airs.airs_tenant_info
"""

EXAMPLES = r"""
- name: Export the complete configuration of the tenant to a repository
  panw.airs.airs_tenant_export:
    path: "{{ playbook_dir }}/tenant"
  register: exported

- name: Show the files that have changed since the last export
  ansible.builtin.debug:
    msg: "{{ exported.written + exported.removed }}"

- name: Show the changes that are not yet in the repository without writing files
  panw.airs.airs_tenant_export:
    path: "{{ playbook_dir }}/tenant"
    kinds: [custom_topics, security_profiles]
  check_mode: true
  diff: true
"""

RETURN = r"""
written:
  description: List of files that were written, relative to O(path); in check mode, that would be written.
  returned: success
  type: list
  elements: str
  sample: [custom_topics/financial-advice.yml, security_profiles/support-bot.yml]
removed:
  description: >-
    List of files that were removed because their objects no longer exist; in check mode, that would be removed.
  returned: success
  type: list
  elements: str
  sample: [api_keys/old-bot.yml]
unchanged:
  description: Number of files that were already up to date.
  returned: success
  type: int
  sample: 40
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
from ansible_collections.panw.airs.plugins.module_utils._tenant.export import TENANT_EXPORT_MODULE


def main() -> None:
    """Run the module."""
    run_module(TENANT_EXPORT_MODULE)


if __name__ == "__main__":
    main()
