# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the configuration of a tenant without a tenant."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_tenant_lint
short_description: Validate the configuration of a tenant offline
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Validates a configuration for M(panw.airs.airs_tenant) without credentials and without connecting to the service.
    This includes option names, types, limits, duplicate objects, secrets that would be stored in the same file,
    references to objects that the configuration deletes, and options that are below the baseline.
  - All errors are reported together. Each error is printed on one line to standard error, as C(file:line), location,
    and message, which editors and CI systems can turn into links. The task fails if there are errors.
  - The module does not check whether the tenant has the objects that the configuration references but does not contain.
    To check this, use M(panw.airs.airs_tenant) in check mode.
extends_documentation_fragment:
  - panw.airs.attributes
  - panw.airs.attributes.reads
  - panw.airs.tenant_config
  - panw.airs.baseline
  - panw.airs.promotion
attributes:
  action_group:
    description: The module is not part of an action group because it has no connection options.
    support: none
    membership: []
options:
  config_path:
    description:
      - Path to a configuration file or directory, as for O(panw.airs.airs_tenant#module:config_path).
    type: path
  state:
    description:
      - Intended value of O(panw.airs.airs_tenant#module:state). With V(overridden), a reference to an object that is
        not in the configuration is an error if O(purge) would delete the object.
    type: str
    choices: [merged, overridden]
    default: merged
  purge:
    description:
      - Kinds of objects to purge. With O(state=overridden), all objects of these kinds that are not in the
        configuration would be deleted. Each kind must be in the configuration.
    type: list
    elements: str
    choices: [custom_topics, security_profiles, api_keys, customer_apps]
  protect:
    description:
      - Names, or patterns of names, of objects that O(purge) does not delete.
    type: list
    elements: str
  secret_dir:
    description:
      - Path to the directory for the secrets of new keys, as for O(panw.airs.airs_tenant#module:secret_dir). It does
        not have to exist. It is an error if two keys would use the same file.
    type: path
  report_path:
    description:
      - Path to a file to write the errors to, as JSON. It must not be inside of O(config_path).
      - The file is not written in check mode.
    type: path
seealso:
  - module: panw.airs.airs_tenant
"""

EXAMPLES = r"""
- name: Validate a configuration directory
  panw.airs.airs_tenant_lint:
    config_path: tenant/

- name: Validate a configuration directory that is authoritative for topics, and write a JSON report
  panw.airs.airs_tenant_lint:
    config_path: tenant/
    state: overridden
    purge: [custom_topics]
    protect: [Weather, legacy-*]
    report_path: lint.json
"""

RETURN = r"""
objects:
  description: Number of objects in the configuration, except for those that cannot be read.
  returned: always
  type: int
  sample: 12
errors:
  description: List of errors in the configuration, as in the report.
  returned: always
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
      description: Error message, with instructions to resolve the error.
      type: str
      returned: always
msg:
  description: Errors, one per line, and the number of errors.
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
