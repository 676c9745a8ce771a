# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check what the first change requires."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_doctor
short_description: Check Python, network, credentials, and permissions before the first change
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Checks what the first change requires, and reports each check on one line with what to do. It checks Python and its
    libraries, proxies and certificates, each step of the connection to each host, the clock, the access token and its
    tenant, each list that the account can read, deployment profiles and their expiration, and the key of the scan API.
  - Distinguishes errors of DNS, proxies, TLS, and the service. Reports the issuers of the certificates, which show
    whether the network inspects TLS.
  - If a check fails, the other checks still run. Each group of checks is limited to twice O(timeout) plus 5 seconds.
  - Also works without the libraries of the collection, without credentials, and without a network.
  - Changes nothing and scans nothing. To validate a key of the scan API, the module requests the result of a scan that
    does not exist. A key that one region of the vendor refuses is tried in the other regions.
  - The task fails when a check finds an error.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.scan_connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.reads
attributes:
  action_group:
    description: >-
      Connection options can be set once for all modules with C(module_defaults) for C(group/panw.airs.airs) and
      C(group/panw.airs.airs_scans).
    support: full
    membership:
      - panw.airs.airs
      - panw.airs.airs_scans
options:
  report_path:
    description:
      - Path to a file for the report as JSON.
      - In check mode it is not written.
    type: path
notes:
  - Requests are not retried, and O(num_retries) is ignored, so that no error is hidden.
  - Scan logs that cannot be read are not an error, because the service may no longer provide them.
seealso:
  - module: panw.airs.airs_tenant_lint
"""

EXAMPLES = r"""
- name: Check what the first change requires
  panw.airs.airs_doctor:

- name: Check the credentials of a tenant, and write a report
  panw.airs.airs_doctor:
    tsg_id: "1234567890"
    report_path: doctor.json
"""

RETURN = r"""
checks:
  description: List of findings, in the order of the checks. A check may have several entries.
  returned: always
  type: list
  elements: dict
  contains:
    check:
      description: Name of the check.
      type: str
      returned: always
      sample: management_api
    status:
      description: One of V(ok), V(warning), and V(error).
      type: str
      returned: always
      sample: error
    found:
      description: What was found.
      type: str
      returned: always
      sample: cannot resolve api.example.com (Name or service not known)
    advice:
      description: What to do. Empty if there is nothing to do.
      type: str
      returned: always
      sample: Check base_url and the DNS of this machine, or set HTTPS_PROXY.
not_checked:
  description: Names of the checks that were skipped because an earlier check failed or an option is not set.
  returned: always
  type: list
  elements: str
  sample: [scan_api, scan_key]
summary:
  description: Number of entries of each status.
  returned: always
  type: dict
  contains:
    ok:
      description: Number of entries without a problem.
      type: int
      returned: always
      sample: 18
    warning:
      description: Number of warnings.
      type: int
      returned: always
      sample: 1
    error:
      description: Number of errors.
      type: int
      returned: always
      sample: 0
msg:
  description: Number of errors and warnings, and the names of the checks that found errors.
  returned: always
  type: str
  sample: "Found 1 error (custom_topics). Not checked: scan_api, scan_key."
"""

from ansible_collections.panw.airs.plugins.module_utils._doctor.doctor import DOCTOR_MODULE
from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module


def main() -> None:
    """Run the module."""
    run_module(DOCTOR_MODULE)


if __name__ == "__main__":
    main()
