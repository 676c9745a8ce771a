# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of all modules that talk to the management API."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the connection options."""

    DOCUMENTATION = r"""
options:
  client_id:
    description:
      - Client ID of the service account, such as C(name@1234567890.iam.panserviceaccount.com).
      - If omitted, the environment variables E(PANW_CLIENT_ID) and E(PANW_MGMT_CLIENT_ID) are used, in this order.
    type: str
  client_secret:
    description:
      - Client secret of the service account.
      - If omitted, the environment variables E(PANW_CLIENT_SECRET) and E(PANW_MGMT_CLIENT_SECRET) are used, in this
        order.
    type: str
  tsg_id:
    description:
      - ID of the tenant service group (TSG) to manage. If omitted, the TSG of the service account is used.
      - This also is a safeguard. If the access token is for another tenant, the task fails before anything is changed.
      - If omitted, the environment variables E(PANW_TSG_ID) and E(PANW_MGMT_TSG_ID) are used, in this order.
    type: str
  access_token:
    description:
      - Existing access token to use instead of O(client_id) and O(client_secret). It is not renewed when it expires.
      - If omitted, the environment variable E(PANW_ACCESS_TOKEN) is used.
    type: str
  base_url:
    description:
      - Base URL of the management API.
      - C(http) URLs are only allowed for the local host.
      - If omitted, the environment variables E(PANW_BASE_URL) and E(PANW_MGMT_ENDPOINT) are used, in this order.
    type: str
    default: https://api.sase.paloaltonetworks.com/aisec
  token_base_url:
    description:
      - URL of the token endpoint.
      - If omitted, the environment variables E(PANW_TOKEN_BASE_URL) and E(PANW_MGMT_TOKEN_ENDPOINT) are used, in this
        order.
    type: str
    default: https://auth.apps.paloaltonetworks.com/oauth2/access_token
  updated_by:
    description:
      - Name to record as the author of changes, usually an email address. If omitted, the client ID is used. This
        option is not considered when checking for changes.
    type: str
"""
