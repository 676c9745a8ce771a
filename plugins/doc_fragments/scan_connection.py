# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of all modules that talk to the scan API."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the scan options."""

    DOCUMENTATION = r"""
options:
  api_key:
    description:
      - API key of the application.
      - If omitted, the environment variable E(PANW_AI_SEC_API_KEY) is used.
    type: str
  api_token:
    description:
      - OAuth token of the application, as an alternative to O(api_key).
      - If omitted, the environment variable E(PANW_AI_SEC_API_TOKEN) is used.
    type: str
  api_endpoint:
    description:
      - URL of the scan API.
      - If omitted, the environment variable E(PANW_AI_SEC_API_ENDPOINT) is used.
    type: str
  region:
    description:
      - Region of the deployment profile, as an alternative to O(api_endpoint). Takes precedence if both are specified.
      - If neither is specified, V(us) is used.
    type: str
    choices: [us, eu, in, sg, jp, au]
"""
