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
      - Maximum number of retries for a failed request. Must be between 0 and 20.
      - A write request with an unknown outcome is not blindly retried. The module first checks whether it took effect.
    type: int
    default: 3
  timeout:
    description:
      - Number of seconds to wait for a connection, and for each part of a response.
      - A complete response can take up to five times as long. Must be between 1 and 3600.
    type: int
    default: 30
  validate_certs:
    description:
      - Whether to validate TLS certificates.
    type: bool
    default: true
  ca_path:
    description:
      - Path to a file or directory with trusted CA certificates. If omitted, the system's CA certificates are used, or
        those of the environment variable E(REQUESTS_CA_BUNDLE).
    type: path
requirements:
  - requests
  - pydantic >= 2.8
"""
