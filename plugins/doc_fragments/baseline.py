# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The baseline of a tenant."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the options of a baseline that is not part of the configuration."""

    DOCUMENTATION = r"""
options:
  baseline:
    description:
      - The least that every security profile must do, as a dictionary with C(security_profile) and C(exceptions).
      - C(security_profile) takes the protections of M(panw.airs.airs_security_profile) as options. What it does not
        name is free, and a profile may always do more. Severities, C(latency.max_seconds), C(dlp_profiles) and
        C(policy) cannot be required.
      - C(exceptions) is a list of profiles that may do less. Each has C(name) and C(reason), and C(protections), a list
        of options, if the exception is for these only.
      - A configuration may hold it under the same key instead. There is one baseline at most.
    type: dict
  baseline_path:
    description:
      - A YAML or JSON file with the key C(baseline), which holds what O(baseline) takes, and nothing else. For a
        baseline that is kept apart from the configuration.
    type: path
"""
