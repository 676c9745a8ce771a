# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make OAuth tokens."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_oauth_token
short_description: Make OAuth tokens for applications of Prisma AIRS
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Makes an OAuth token, with which an application calls the scan API instead of an API key.
  - Every run makes a new token. The service neither lists tokens nor takes them back, they run out by themselves.
extends_documentation_fragment:
  - panw.airs.connection
  - panw.airs.transport
  - panw.airs.attributes
  - panw.airs.attributes.management
attributes:
  check_mode:
    support: full
  diff_mode:
    support: N/A
    details: Every run makes a new token, nothing is compared.
  idempotent:
    support: none
    details: Every run makes a new token.
options:
  oauth_client_id:
    description:
      - Client id of the application's OAuth client. (O(client_id) is the service account that makes the token.)
    type: str
    required: true
  customer_app:
    description:
      - Name of the application.
    type: str
    required: true
    aliases: [cust_app, app_name]
  token_ttl_interval:
    description:
      - After how many O(token_ttl_unit) the token runs out, 30 days at most.
    type: int
    default: 24
  token_ttl_unit:
    description:
      - Unit of O(token_ttl_interval).
    type: str
    choices: [seconds, minutes, hours, days]
    default: hours
  secret_path:
    description:
      - File that gets the token, and nothing else. Readable by its owner only, replaced as a whole, or written in place
        where it cannot be replaced, such as when it is mounted by itself. A link is followed. Its folder must exist.
      - A file that holds anything but a former token of this client for this application is an error and stays as it
        is. The hidden file C(.<name of the file>.airs-note) beside it tells whose token it holds, without the token.
      - Whatever else is there, such as a folder, a device or a named pipe, is an error, and so is a variable of the
        environment that holds a secret.
      - Without it the token is returned, and the result is kept from output and logs.
    type: path
seealso:
  - module: panw.airs.airs_scan
"""

EXAMPLES = r"""
- name: Make a token that lasts for an hour
  panw.airs.airs_oauth_token:
    oauth_client_id: support-bot-client
    customer_app: support-bot
    token_ttl_interval: 1
    token_ttl_unit: hours
  register: made

- name: Use it
  panw.airs.airs_scan:
    api_token: "{{ made.oauth_token_secret }}"
    profile_name: support-bot
    contents:
      - prompt: How do I reset my password?
"""

RETURN = r"""
oauth_token:
  description: What the service says about the token, without the token.
  returned: success
  type: dict
  contains:
    client_id:
      description: Client id of the application's OAuth client.
      type: str
      returned: when the service says it
      sample: support-bot-client
    expires_in:
      description: After how many seconds the token runs out.
      type: str
      returned: when the service says it
      sample: "3600"
    issued_at:
      description: When it was made, in milliseconds since 1970.
      type: str
      returned: when the service says it
      sample: "1782468000000"
oauth_token_secret:
  description: The token. The result is kept from output and logs then; C(register) has it.
  returned: when O(secret_path) is not set
  type: str
secret_path:
  description: Absolute path of the file with the token.
  returned: when O(secret_path) is set
  type: str
  sample: /etc/support-bot/airs-token
failure:
  description: >-
    What went wrong between the module and the service, for programs: HTTP status (null without an answer), the
    service's own code and message, method and path of the request and the service's id of it.
  returned: on a failed exchange
  type: dict
  sample:
    status: 409
    code: null
    message: the service said 'topic is referenced'
    method: DELETE
    path: /aisec/v1/mgmt/topic/6d62aa1f-2d0f-4f3c-9a6e-0d6c4b7f7a11
    request_id: null
"""

from ansible_collections.panw.airs.plugins.module_utils._engine.module_door import run_module
from ansible_collections.panw.airs.plugins.module_utils._kinds.oauth_token import OAUTH_TOKEN_MODULE


def main() -> None:
    """Run the module."""
    run_module(OAUTH_TOKEN_MODULE)


if __name__ == "__main__":
    main()
