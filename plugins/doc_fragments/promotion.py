# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options for a configuration that was created for another tenant."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the options for names that differ between tenants, and for missing objects."""

    DOCUMENTATION = r"""
options:
  name_map:
    description:
      - Names in the configuration that are different on this tenant. Use this for a configuration that was exported
        from another tenant.
      - The mapping applies to the names of the objects and to all references to them, including those in a raw
        O(ignore:policy). IDs that differ are looked up by name.
      - A name that does not occur in the configuration causes a warning.
    type: dict
    suboptions:
      custom_topics:
        description:
          - Dictionary that maps topic names in the configuration to topic names on this tenant.
        type: dict
      security_profiles:
        description:
          - Dictionary that maps security profile names in the configuration to security profile names on this tenant.
        type: dict
      api_keys:
        description:
          - Dictionary that maps API key names in the configuration to API key names on this tenant.
        type: dict
      customer_apps:
        description:
          - Dictionary that maps application names in the configuration to application names on this tenant.
        type: dict
      deployment_profiles:
        description:
          - Dictionary that maps deployment profile names in the configuration to deployment profile names on this
            tenant.
        type: dict
      dlp_profiles:
        description:
          - Dictionary that maps DLP profile names in the configuration to DLP profile names on this tenant. V(sensitive
            content) is the built-in detection of sensitive data of the service, which every tenant has.
        type: dict
  name_prefix:
    description:
      - Prefix for the names of all objects that have an entry in the configuration, for the applications of its API
        keys, and for all references to them. Names that result from O(name_map) are prefixed as well.
      - Objects that the configuration only references, such as DLP profiles, deployment profiles, and predefined
        topics, are not prefixed.
      - The maximum length of a name includes the prefix. For API keys it is 31 characters.
      - If set, O(purge) and the report of objects that are not in the configuration only consider objects whose names
        start with the prefix.
    type: str
"""

    #: For modules that query the tenant.
    MISSING = r"""
options:
  missing_dlp_profiles:
    description:
      - How to handle DLP profiles that are in the configuration but not on the tenant.
      - V(refuse) fails before anything is changed. V(built_in) replaces them with the built-in detection of sensitive
        data of the service, which every tenant has, and issues a warning that lists them.
      - A security profile on the tenant that already uses such a DLP profile continues to use it.
    type: str
    choices: [refuse, built_in]
    default: refuse
"""
