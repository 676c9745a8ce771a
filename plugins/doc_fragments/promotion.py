# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration that was made for another tenant."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the options for names that differ between tenants, and for what one of them lacks."""

    DOCUMENTATION = r"""
options:
  name_map:
    description:
      - Names in the configuration that are others on this tenant, for a configuration that was exported from another.
      - It holds for the names of the objects themselves and for everything that refers to them, also in a raw
        O(ignore:policy). Other ids are found by name.
      - A name that the configuration does not have is a warning.
    type: dict
    suboptions:
      custom_topics:
        description:
          - For the name of a topic in the configuration, its name on this tenant.
        type: dict
      security_profiles:
        description:
          - For the name of a profile in the configuration, its name on this tenant.
        type: dict
      api_keys:
        description:
          - For the name of an API key in the configuration, its name on this tenant.
        type: dict
      customer_apps:
        description:
          - For the name of an application in the configuration, its name on this tenant.
        type: dict
      deployment_profiles:
        description:
          - For the name of a deployment profile in the configuration, its name on this tenant.
        type: dict
      dlp_profiles:
        description:
          - For the name of a DLP profile in the configuration, its name on this tenant. V(sensitive content) is the
            service's built-in detection of sensitive data, which every tenant has.
        type: dict
  name_prefix:
    description:
      - What to put before the names of all objects that the configuration has an entry for, and of the applications of
        its keys, with all references to them. Names that O(name_map) gives get it, too.
      - What the configuration only refers to is on the tenant under its own name and gets no prefix, such as DLP
        profiles, deployment profiles and predefined topics.
      - The limits of names hold with the prefix. That of an API key is 31 characters.
      - With a prefix, O(purge) is only about what has it in its name, and so is a report of what the configuration does
        not name.
    type: str
"""

    #: For modules that ask the tenant.
    MISSING = r"""
options:
  missing_dlp_profiles:
    description:
      - What to do about DLP profiles that the configuration names and the tenant does not have.
      - V(refuse) is an error before anything has changed. V(built_in) puts the service's built-in detection of
        sensitive data in their place, which every tenant has, and warns with their names.
      - A security profile that has such a DLP profile already keeps it.
    type: str
    choices: [refuse, built_in]
    default: refuse
"""
