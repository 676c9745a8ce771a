# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the log of scans."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_scan_log_info
short_description: List the scans that Prisma AIRS has done (experimental)
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Lists the scans of the last hours or days of the whole tenant, and counts them.
  - B(Experimental.) The official API description dropped this operation on 2026-03-02. The module keeps to the last
    form that was published, and could not be tried on a live tenant.
  - Where the service no longer has the operation, or never opens it to the service account, it answers C(403) or C(404)
    and the task fails and says so.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
  - panw.airs.attributes.reads
options:
  time_interval:
    description:
      - How far to look back, in O(time_unit).
      - Live tenants are reported to accept 1 or 24 hours and 7 or 30 days; all else is refused before a call.
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
      - Which scans to list. RV(counts) are of all, whatever is listed.
    type: str
    choices: [all, benign, threat]
    default: all
  max_rows:
    description:
      - How many scans to list at most, in as many pages as that takes. The service gives 2000 at most.
    type: int
    default: 2000
seealso:
  - module: panw.airs.airs_scan
"""

EXAMPLES = r"""
- name: List the threats of the last week
  panw.airs.airs_scan_log_info:
    time_interval: 7
    time_unit: days
    filter: threat
  register: log

- name: Show which applications they came to
  ansible.builtin.debug:
    msg: "{{ log.scan_logs | map(attribute='app_name') | unique }}"
"""

RETURN = r"""
scan_logs:
  description: The scans as the service lists them; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    scan_id:
      description: Id of the scan.
      type: str
      returned: always
      sample: 46ea2f2b-0000-42e1-9972-bbc444628a26
    scan_sub_req_id:
      description: Which scan of a batch it is.
      type: int
      returned: when the service says it
      sample: 1
    report_id:
      description: Id of its report.
      type: str
      returned: when the service says it
      sample: R46ea2f2b-0000-42e1-9972-bbc444628a26
    app_name:
      description: Name of the application.
      type: str
      returned: when the service says it
      sample: support-bot
    api_key_name:
      description: Name of the API key.
      type: str
      returned: when the service says it
      sample: support-bot
    profile_name:
      description: Name of the security profile.
      type: str
      returned: when the service says it
      sample: support-bot
    verdict:
      description: How the content was judged.
      type: str
      returned: when the service says it
      sample: malicious
    action:
      description: What the profile says should happen.
      type: str
      returned: when the service says it
      sample: block
    received_ts:
      description: When the request came.
      type: str
      returned: when the service says it
      sample: "2026-02-01T12:00:00Z"
counts:
  description: Counts of the window as the service gives them, zeros for one without scans.
  returned: success
  type: dict
  contains:
    all_transactions_count:
      description: Scans.
      type: int
      returned: always
      sample: 120
    benign_transaction_count:
      description: Scans of benign content.
      type: int
      returned: always
      sample: 118
    threats_count:
      description: Scans that found a threat.
      type: int
      returned: always
      sample: 2
    api_calls_count:
      description: Calls of the scan API.
      type: int
      returned: always
      sample: 100
    text_records_count:
      description: Text records, the measure of the licence.
      type: int
      returned: always
      sample: 240
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
