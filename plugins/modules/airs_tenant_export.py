# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the config of a whole tenant to files."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_tenant_export
short_description: Write the config of a whole tenant of Prisma AIRS to files
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Writes all that a tenant has to a folder, one file for each object, for a repository to keep and for
    M(panw.airs.airs_tenant) to apply as O(panw.airs.airs_tenant#module:config_path).
  - The files have what M(panw.airs.airs_tenant_info) returns, with names instead of ids and without any secret.
  - A file is written only when the object has changed, and removed when the object is gone. Other files in the folder
    are left alone. This module knows its own by their first line, and fails rather than write over one that lacks it.
  - The files pass C(yamllint) and C(ansible-lint) with the default settings of both.
  - A file has the name of its object. Letters from a to z, digits, dots, dashes and underscores stay as they are, all
    else becomes C(%) and hexadecimal digits, as in URLs. A name that is long, or differs from another only in upper and
    lower case, gets a checksum.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.writes
options:
  path:
    description:
      - Folder to write to, on the machine where the task runs. It is made when it is missing.
      - It gets a folder for each kind, such as C(custom_topics).
    type: path
    required: true
  kinds:
    description:
      - What to write. Files of other kinds stay as they are.
    type: list
    elements: str
    choices: [custom_topics, security_profiles, api_keys, customer_apps]
    default: [custom_topics, security_profiles, api_keys, customer_apps]
seealso:
  - module: panw.airs.airs_tenant
  - module: panw.airs.airs_tenant_info
"""

EXAMPLES = r"""
- name: Write all that the tenant has to a repository
  panw.airs.airs_tenant_export:
    path: "{{ playbook_dir }}/tenant"
  register: exported

- name: Show what has changed since the last time
  ansible.builtin.debug:
    msg: "{{ exported.written + exported.removed }}"

- name: Show what is not yet in the repository, and write nothing
  panw.airs.airs_tenant_export:
    path: "{{ playbook_dir }}/tenant"
    kinds: [custom_topics, security_profiles]
  check_mode: true
  diff: true
"""

RETURN = r"""
written:
  description: Files that were written, relative to O(path). In check mode those that would be.
  returned: success
  type: list
  elements: str
  sample: [custom_topics/financial-advice.yml, security_profiles/support-bot.yml]
removed:
  description: Files that were removed, because their objects are gone. In check mode those that would be.
  returned: success
  type: list
  elements: str
  sample: [api_keys/old-bot.yml]
unchanged:
  description: How many files were right already.
  returned: success
  type: int
  sample: 40
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
from ansible_collections.panw.airs.plugins.module_utils._tenant.export import TENANT_EXPORT_MODULE


def main() -> None:
    """Run the module."""
    run_module(TENANT_EXPORT_MODULE)


if __name__ == "__main__":
    main()
