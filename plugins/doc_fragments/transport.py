# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of all modules that talk to a service."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the transport options."""

    DOCUMENTATION = r"""
options:
  num_retries:
    description:
      - How often a request is sent again after its first failure, at most 20 times.
      - A write whose outcome is unknown is not repeated blindly. The service is asked first whether it took effect.
    type: int
    default: 3
  timeout:
    description:
      - Seconds to wait for a connection, and again for each part of an answer.
      - An answer may take five times that altogether. From 1 to 3600.
    type: int
    default: 30
  validate_certs:
    description:
      - Whether TLS certificates are checked.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder of CA certificates to trust. The system's, or those of E(REQUESTS_CA_BUNDLE), when left out.
    type: path
requirements:
  - requests
  - pydantic >= 2.8
"""
