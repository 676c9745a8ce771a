# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the log of scans."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_scan_log_info
short_description: Gather information about scan logs (experimental)
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Gathers the log of scans of the entire tenant for the last hours or days, including the number of scans.
  - B(Experimental.) This operation was removed from the official API description on 2026-03-02. The module implements
    the last published version, and could not be tested with a live tenant.
  - If the service no longer supports the operation, or the service account does not have access to it, the service
    responds with C(403) or C(404), and the task fails with a corresponding error.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  time_interval:
    description:
      - Length of the time window before now, in units of O(time_unit).
      - Live tenants are reported to accept 1 or 24 hours, and 7 or 30 days. Other values are an error, and no request
        is sent.
    type: int
    default: 24
  time_unit:
    description:
      - Unit of O(time_interval).
    type: str
    choices: [hours, days]
    default: hours
  filter:
    description:
      - Which scans to return. RV(counts) always includes all scans.
    type: str
    choices: [all, benign, threat]
    default: all
  max_rows:
    description:
      - Maximum number of scans to return. Multiple pages are requested if necessary. The service returns at most 2000
        scans.
    type: int
    default: 2000
seealso:
  - module: panw.airs.airs_scan
"""

EXAMPLES = r"""
- name: Gather information about the threats of the last week
  panw.airs.airs_scan_log_info:
    time_interval: 7
    time_unit: days
    filter: threat
  register: log

- name: Show the applications that received threats
  ansible.builtin.debug:
    msg: "{{ log.scan_logs | map(attribute='app_name') | unique }}"
"""

RETURN = r"""
scan_logs:
  description: List of scans, in the format of the service. Empty if there are no scans.
  returned: success
  type: list
  elements: dict
  contains:
    scan_id:
      description: ID of the scan.
      type: str
      returned: always
      sample: 46ea2f2b-0000-42e1-9972-bbc444628a26
    scan_sub_req_id:
      description: Number of the scan in a batch.
      type: int
      returned: when provided by the service
      sample: 1
    report_id:
      description: ID of the report.
      type: str
      returned: when provided by the service
      sample: R46ea2f2b-0000-42e1-9972-bbc444628a26
    app_name:
      description: Name of the application.
      type: str
      returned: when provided by the service
      sample: support-bot
    api_key_name:
      description: Name of the API key.
      type: str
      returned: when provided by the service
      sample: support-bot
    profile_name:
      description: Name of the security profile.
      type: str
      returned: when provided by the service
      sample: support-bot
    verdict:
      description: Verdict for the content.
      type: str
      returned: when provided by the service
      sample: malicious
    action:
      description: Action according to the security profile.
      type: str
      returned: when provided by the service
      sample: block
    received_ts:
      description: Time at which the request was received.
      type: str
      returned: when provided by the service
      sample: "2026-02-01T12:00:00Z"
counts:
  description: Counts for the time window, as returned by the service. All of them are zero if there are no scans.
  returned: success
  type: dict
  contains:
    all_transactions_count:
      description: Number of scans.
      type: int
      returned: always
      sample: 120
    benign_transaction_count:
      description: Number of scans of benign content.
      type: int
      returned: always
      sample: 118
    threats_count:
      description: Number of scans that found a threat.
      type: int
      returned: always
      sample: 2
    api_calls_count:
      description: Number of calls to the scan API.
      type: int
      returned: always
      sample: 100
    text_records_count:
      description: Number of text records, which is the unit of the license.
      type: int
      returned: always
      sample: 240
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
    method: POST
    path: /aisec/v1/mgmt/scanlogs
    request_id: null
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._scan.log import SCAN_LOG_INFO_MODULE


def main() -> None:
    """Run the module."""
    run_module(SCAN_LOG_INFO_MODULE)


if __name__ == "__main__":
    main()
