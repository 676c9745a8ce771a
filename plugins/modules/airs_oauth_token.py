# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make OAuth tokens."""

from __future__ import annotations

DOCUMENTATION = r"""
module: airs_oauth_token
short_description: Create OAuth tokens for customer applications
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Creates an OAuth token. Applications can use it instead of an API key to call the scan API.
  - Every run creates a new token. The service can neither list nor revoke tokens; they expire.
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
    details: Every run creates a new token, so there is no difference to show.
  idempotent:
    support: none
    details: Every run creates a new token.
options:
  oauth_client_id:
    description:
      - Client ID of the OAuth client of the application. (O(client_id) is the service account that creates the token.)
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
      - Lifetime of the token, in units of O(token_ttl_unit). At most 30 days.
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
      - Path to the file to store the token in. The file contains nothing but the token and is only readable by its
        owner. It is replaced atomically, or written in place if it cannot be replaced, for example because it is a
        mount point. Symbolic links are followed. The directory must exist.
      - If the file contains anything other than a previous token of this client for this application, the module fails
        and does not modify the file. The hidden file C(.<name of the file>.airs-note) in the same directory records the
        owner of the token, but not the token.
      - The module also fails if the path is a directory, a device, or a named pipe, or if it refers to an environment
        variable that contains a secret.
      - If omitted, the token is returned, and the result is hidden from output and logs.
    type: path
seealso:
  - module: panw.airs.airs_scan
"""

EXAMPLES = r"""
- name: Create an OAuth token that expires after one hour
  panw.airs.airs_oauth_token:
    oauth_client_id: support-bot-client
    customer_app: support-bot
    token_ttl_interval: 1
    token_ttl_unit: hours
  register: token

- name: Scan a prompt with the OAuth token
  panw.airs.airs_scan:
    api_token: "{{ token.oauth_token_secret }}"
    profile_name: support-bot
    contents:
      - prompt: How do I reset my password?
"""

RETURN = r"""
oauth_token:
  description: Information that the service returned about the token, without the token.
  returned: success
  type: dict
  contains:
    client_id:
      description: Client ID of the OAuth client of the application.
      type: str
      returned: when provided by the service
      sample: support-bot-client
    expires_in:
      description: Number of seconds until the token expires.
      type: str
      returned: when provided by the service
      sample: "3600"
    issued_at:
      description: Time at which the token was issued, in milliseconds since the epoch.
      type: str
      returned: when provided by the service
      sample: "1782468000000"
oauth_token_secret:
  description: OAuth token. If it is returned, the result is hidden from output and logs, but it can be registered.
  returned: when O(secret_path) is not set
  type: str
secret_path:
  description: Absolute path of the file that contains the token.
  returned: when O(secret_path) is set
  type: str
  sample: /etc/support-bot/airs-token
failure:
  description: >-
    Details of the failed request, for use in conditions: HTTP status (null if there was no response), error code and
    message of the service, method and path of the request, and the request ID that the service assigned.
  returned: when a request to the service failed
  type: dict
  sample:
    status: 409
    code: null
    message: the service reported 'topic is referenced'
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
