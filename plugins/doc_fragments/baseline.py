# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The baseline of a tenant."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the options for a baseline outside of the configuration."""

    DOCUMENTATION = r"""
options:
  baseline:
    description:
      - Minimum protection that every security profile must provide, as a dictionary with C(security_profile) and
        C(exceptions).
      - C(security_profile) accepts the protections that are options of M(panw.airs.airs_security_profile). Protections
        that it does not contain are not required, and a profile can always protect more. Severities,
        C(latency.max_seconds), C(dlp_profiles), and C(policy) cannot be required.
      - C(exceptions) is a list of profiles that are allowed to protect less. Each entry has a C(name) and a C(reason),
        and optionally C(protections), a list of options, to limit the exception to these.
      - Alternatively, the configuration can contain the baseline under the key C(baseline). At most one baseline is
        allowed.
    type: dict
  baseline_path:
    description:
      - Path to a YAML or JSON file with C(baseline) as its only key, in the format of O(baseline). Use this to maintain
        the baseline separately from the configuration.
    type: path
"""
