# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a tenant."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the option that holds the configuration of a tenant."""

    DOCUMENTATION = r"""
options:
  config:
    description:
      - What the tenant should have. Each entry takes the options of the module of its kind, connection options aside.
      - An entry with O(ignore:state=absent) is deleted.
      - Large configurations are faster, and need less memory, in files; see O(config_path).
    type: dict
    suboptions:
      custom_topics:
        description:
          - Topics, each with options of M(panw.airs.airs_custom_topic).
        type: list
        elements: dict
      security_profiles:
        description:
          - Profiles, each with options of M(panw.airs.airs_security_profile).
        type: list
        elements: dict
      api_keys:
        description:
          - API keys, each with options of M(panw.airs.airs_api_key).
        type: list
        elements: dict
      customer_apps:
        description:
          - Applications, each with options of M(panw.airs.airs_customer_app). An application that a key of the same
            configuration makes can be named, too.
        type: list
        elements: dict
      baseline:
        description:
          - The least that every security profile must do, as O(baseline).
        type: dict
"""
