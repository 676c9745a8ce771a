# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the configuration of a tenant without a tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_tenant_lint
short_description: Check the configuration of a tenant of Prisma AIRS without a tenant
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Reports everything that is wrong with a configuration for M(panw.airs.airs_tenant) as far as the files alone can
    tell, without credentials and without a request. That is options, types, limits, duplicate objects, secrets that
    would share a file, names of what the configuration itself deletes, and options that are below the baseline.
  - All errors are reported at once and each on one line of standard error, as C(file:line), place and message, which
    editors and CI systems turn into links. The task fails when there is one.
  - Whether the tenant has what the configuration refers to and does not contain is not checked. The plan of
    M(panw.airs.airs_tenant) in check mode does that.
extends_documentation_fragment:
  - panw.airs.attributes
  - panw.airs.attributes.reads
  - panw.airs.tenant_config
  - panw.airs.baseline
  - panw.airs.promotion
attributes:
  action_group:
    description: Is in no group, because it has no connection options.
    support: none
    membership: []
options:
  config_path:
    description:
      - A YAML or JSON file with a configuration, or a directory of such files, as for M(panw.airs.airs_tenant).
    type: path
  state:
    description:
      - What the configuration is meant for. With V(overridden), a name that the configuration does not contain is an
        error where O(purge) would delete the object.
    type: str
    choices: [merged, overridden]
    default: merged
  purge:
    description:
      - With O(state=overridden), the kinds of which everything is deleted that the configuration does not name. Each
        must be in the configuration.
    type: list
    elements: str
    choices: [custom_topics, security_profiles, api_keys, customer_apps]
  protect:
    description:
      - Names, and patterns of names, that O(purge) does not delete.
    type: list
    elements: str
  secret_dir:
    description:
      - A folder for the secrets of new keys, as for M(panw.airs.airs_tenant). It need not exist. Two keys with the
        same file are an error.
    type: path
  report_path:
    description:
      - A file for the errors as JSON. It must not be in O(config_path), whose files are read.
      - In check mode it is not written.
    type: path
seealso:
  - module: panw.airs.airs_tenant
"""

EXAMPLES = r"""
- name: Check a directory of files
  panw.airs.airs_tenant_lint:
    config_path: tenant/

- name: Check it as the only truth about topics, with a report for other programs
  panw.airs.airs_tenant_lint:
    config_path: tenant/
    state: overridden
    purge: [custom_topics]
    protect: [Weather, legacy-*]
    report_path: lint.json
"""

RETURN = r"""
objects:
  description: Number of objects in the configuration, without those that cannot be read.
  returned: always
  type: int
  sample: 12
errors:
  description: What is wrong with the configuration. The report has the same.
  returned: always
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
      description: What is wrong, and what to do.
      type: str
      returned: always
msg:
  description: The errors as lines, and how many there are.
  returned: always
  type: str
  sample: No errors in 12 objects.
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._tenant.lint import TENANT_LINT_MODULE


def main() -> None:
    """Run the module."""
    run_module(TENANT_LINT_MODULE)


if __name__ == "__main__":
    main()
