# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options of the inventory and lookup plugins, which use the management API.

They are the options of the modules, with sources that Ansible reads itself. tests/unit/test_plugin_docs.py compares
them with MANAGEMENT_OPTIONS. Of several variables in C(env), Ansible uses the last one that is set, so the preferred
one comes last.
"""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the connection options, with their sources."""

    DOCUMENTATION = r"""
options:
  client_id:
    description:
      - Client ID of the service account, such as C(name@1234567890.iam.panserviceaccount.com).
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
      - ID of the tenant service group (TSG) to read. If omitted, the TSG of the service account is used.
      - This also is a safeguard. It is an error if the access token is for another tenant.
    type: str
    env:
      - name: PANW_MGMT_TSG_ID
      - name: PANW_TSG_ID
    vars:
      - name: ansible_airs_tsg_id
  access_token:
    description:
      - Existing access token to use instead of O(client_id) and O(client_secret). It is not renewed when it expires.
    type: str
    env:
      - name: PANW_ACCESS_TOKEN
    vars:
      - name: ansible_airs_access_token
  base_url:
    description:
      - Base URL of the management API.
      - C(http) URLs are only allowed for the local host.
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
      - Maximum number of retries for a failed request.
    type: int
    default: 3
    vars:
      - name: ansible_airs_num_retries
  timeout:
    description:
      - Number of seconds to wait for a connection, and for each part of a response.
      - A complete response can take up to five times as long.
    type: int
    default: 30
    vars:
      - name: ansible_airs_timeout
  validate_certs:
    description:
      - Whether to validate TLS certificates.
    type: bool
    default: true
    vars:
      - name: ansible_airs_validate_certs
  ca_path:
    description:
      - Path to a file or directory with trusted CA certificates. If omitted, the system's CA certificates are used, or
        those of the environment variable E(REQUESTS_CA_BUNDLE).
    type: path
    vars:
      - name: ansible_airs_ca_path
requirements:
  - requests
  - pydantic >= 2.8
"""
