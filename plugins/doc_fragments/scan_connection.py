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
      - Taken from E(PANW_AI_SEC_API_KEY) when left out.
    type: str
  api_token:
    description:
      - OAuth token of the application, instead of O(api_key).
      - Taken from E(PANW_AI_SEC_API_TOKEN) when left out.
    type: str
  api_endpoint:
    description:
      - URL of the scan API.
      - Taken from E(PANW_AI_SEC_API_ENDPOINT) when left out.
    type: str
  region:
    description:
      - Region of the deployment profile, instead of O(api_endpoint); it wins where both are given.
      - V(us) when neither is given.
    type: str
    choices: [us, eu, in, sg, jp, au]
"""
