# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the plugins that are no modules and talk to the management API: inventory and lookup.

They are those of the modules, with sources that Ansible reads by itself. tests/unit/test_plugin_docs.py holds them
against MANAGEMENT_OPTIONS. Of several variables in C(env) Ansible takes the last one that is set, so the first choice
comes last.
"""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the connection options, with their sources."""

    DOCUMENTATION = r"""
options:
  client_id:
    description:
      - Client id of the service account, such as C(name@1234567890.iam.panserviceaccount.com).
    type: str
    env:
      - name: PANW_MGMT_CLIENT_ID
      - name: PANW_CLIENT_ID
    vars:
      - name: ansible_airs_client_id
  client_secret:
    description:
      - Client secret of the service account.
    type: str
    env:
      - name: PANW_MGMT_CLIENT_SECRET
      - name: PANW_CLIENT_SECRET
    vars:
      - name: ansible_airs_client_secret
  tsg_id:
    description:
      - Tenant service group (TSG) to read; the service account's own when left out.
      - A guard besides. When the service gives a token for another tenant, that is an error.
    type: str
    env:
      - name: PANW_MGMT_TSG_ID
      - name: PANW_TSG_ID
    vars:
      - name: ansible_airs_tsg_id
  access_token:
    description:
      - A ready access token instead of O(client_id) and O(client_secret). It is not renewed when it expires.
    type: str
    env:
      - name: PANW_ACCESS_TOKEN
    vars:
      - name: ansible_airs_access_token
  base_url:
    description:
      - Base URL of the management API.
      - Plain C(http) is refused for hosts other than this machine.
    type: str
    default: https://api.sase.paloaltonetworks.com/aisec
    env:
      - name: PANW_MGMT_ENDPOINT
      - name: PANW_BASE_URL
    vars:
      - name: ansible_airs_base_url
  token_base_url:
    description:
      - URL of the token endpoint.
    type: str
    default: https://auth.apps.paloaltonetworks.com/oauth2/access_token
    env:
      - name: PANW_MGMT_TOKEN_ENDPOINT
      - name: PANW_TOKEN_BASE_URL
    vars:
      - name: ansible_airs_token_base_url
  num_retries:
    description:
      - How often a request is sent again after its first failure.
    type: int
    default: 3
    vars:
      - name: ansible_airs_num_retries
  timeout:
    description:
      - Seconds to wait for a connection, and again for each part of an answer.
      - An answer may take five times that altogether.
    type: int
    default: 30
    vars:
      - name: ansible_airs_timeout
  validate_certs:
    description:
      - Whether TLS certificates are checked.
    type: bool
    default: true
    vars:
      - name: ansible_airs_validate_certs
  ca_path:
    description:
      - File or folder of CA certificates to trust. The system's, or those of E(REQUESTS_CA_BUNDLE), when left out.
    type: path
    vars:
      - name: ansible_airs_ca_path
requirements:
  - requests
  - pydantic >= 2.8
"""
