# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a tenant."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the option for the configuration of a tenant."""

    DOCUMENTATION = r"""
options:
  config:
    description:
      - Desired state of the tenant. Each entry accepts the options of the corresponding module, except for the
        connection options.
      - Objects with O(ignore:state=absent) are deleted.
      - For large configurations, use files and O(config_path), which is faster and needs less memory.
    type: dict
    suboptions:
      custom_topics:
        description:
          - List of custom topics, with the options of M(panw.airs.airs_custom_topic).
        type: list
        elements: dict
      security_profiles:
        description:
          - List of AI security profiles, with the options of M(panw.airs.airs_security_profile).
        type: list
        elements: dict
      api_keys:
        description:
          - List of API keys, with the options of M(panw.airs.airs_api_key).
        type: list
        elements: dict
      customer_apps:
        description:
          - List of customer applications, with the options of M(panw.airs.airs_customer_app). It can include
            applications that are created by an API key of the same configuration.
        type: list
        elements: dict
      baseline:
        description:
          - Minimum protection that every security profile must provide, in the format of O(baseline).
        type: dict
"""
