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
      - Client id of the service account, such as C(name@1234567890.iam.panserviceaccount.com).
      - Taken from E(PANW_CLIENT_ID), else E(PANW_MGMT_CLIENT_ID), when left out.
    type: str
  client_secret:
    description:
      - Client secret of the service account.
      - Taken from E(PANW_CLIENT_SECRET), else E(PANW_MGMT_CLIENT_SECRET), when left out.
    type: str
  tsg_id:
    description:
      - Tenant service group (TSG) to act on; the service account's own when left out.
      - A guard besides. When the service gives a token for another tenant, the task fails before it changes anything.
      - Taken from E(PANW_TSG_ID), else E(PANW_MGMT_TSG_ID), when left out.
    type: str
  access_token:
    description:
      - A ready access token instead of O(client_id) and O(client_secret). It is not renewed when it expires.
      - Taken from E(PANW_ACCESS_TOKEN) when left out.
    type: str
  base_url:
    description:
      - Base URL of the management API.
      - Plain C(http) is refused for hosts other than this machine.
      - Taken from E(PANW_BASE_URL), else E(PANW_MGMT_ENDPOINT), when left out.
    type: str
    default: https://api.sase.paloaltonetworks.com/aisec
  token_base_url:
    description:
      - URL of the token endpoint.
      - Taken from E(PANW_TOKEN_BASE_URL), else E(PANW_MGMT_TOKEN_ENDPOINT), when left out.
    type: str
    default: https://auth.apps.paloaltonetworks.com/oauth2/access_token
  updated_by:
    description:
      - Who signs changes, usually an email address. The client id when left out. Never compared.
    type: str
"""
