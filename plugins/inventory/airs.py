# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory of customer applications."""

from __future__ import annotations

DOCUMENTATION = r"""
name: airs
short_description: Create an inventory of customer applications
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Creates a host for every customer application of a tenant, so that plays, patterns, C(--limit), C(serial), group
    variables, and the job slices of AWX work on applications.
  - Uses a YAML configuration file whose name ends with C(airs.yml) or C(airs.yaml).
  - Loading the inventory requests one access token, which is shared with the tasks of the run, one list of
    applications, and one list of API keys.
  - All hosts are members of the group C(airs_apps). Use O(keyed_groups) and O(groups) to create more groups.
  - "Host variables: C(airs_app_name), C(airs_customer_app_id), C(airs_tsg_id), C(airs_environment),
    C(airs_cloud_provider), C(airs_ai_agent_framework), C(airs_model_name), C(airs_deployment_profiles), a list of
    names, and C(airs_api_keys), a list of dictionaries with C(name), C(id), C(last8), C(expiration), C(days_left),
    C(reason), C(rotation_time_interval), C(rotation_time_unit), and C(revoked)."
  - C(reason) is the reason why a key no longer works, or will soon stop working. It is V(revoked), V(expiring),
    V(unreadable_expiry) for an expiration date that cannot be parsed, or empty. A key is V(expiring) within 30 days or
    a third of its lifetime before its expiration, whichever is less.
  - C(days_left) is the number of full days until the key expires. It is negative if the key has expired, and null if it
    never expires or the expiration date cannot be parsed. Both are computed every time the inventory is loaded, also
    from the cache.
  - Host variables never contain secrets or auth codes, because inventories are printed, cached, and stored. To look up
    an auth code, use P(panw.airs.airs_auth_code#lookup).
extends_documentation_fragment:
  - panw.airs.plugin_connection
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description:
      - Token that ensures this is a source file for the plugin.
    type: str
    required: true
    choices: [panw.airs.airs]
  include:
    description:
      - Patterns for the names of the applications to include, such as V(support-*). If omitted, all applications are
        included.
    type: list
    elements: str
  exclude:
    description:
      - Patterns for the names of the applications to exclude. Takes precedence over O(include).
    type: list
    elements: str
    default: []
  environments:
    description:
      - Environments of the applications to include, as spelled by the service. If omitted, the applications of all
        environments are included.
    type: list
    elements: str
  hostname_prefix:
    description:
      - Prefix for the names of all hosts. Ansible merges hosts of the same name, so set it if one inventory contains
        the applications of several tenants, or also servers.
    type: str
    default: ""
notes:
  - The name of a host is the name of its application. Characters other than letters, digits, C(_), C(-), and C(.) are
    replaced with C(_). If two applications would result in the same host name, or in a name that has a special meaning
    in Ansible, such as C(localhost), the ID of the application is appended. C(airs_app_name) contains the unmodified
    name.
  - The group C(airs_apps) sets C(ansible_connection=local) and the Python interpreter that runs Ansible. There is
    nothing to connect to, so tasks for an application run on the controller, including C(gather_facts) and C(template).
    Host variables and O(compose) take precedence.
  - Connection options in the file can be templates, including lookups. The file takes precedence over extra variables,
    which take precedence over the environment. Group and host variables are not available when an inventory is loaded.
  - Never pass a secret as an extra variable, because C(ansible-inventory) prints extra variables.
  - The plugin uses the inventory cache of Ansible, which is disabled by default (O(cache)). Cached data belongs to one
    tenant and one service account. Filters are applied after reading the cache.
  - If an inventory cannot be loaded, Ansible issues a warning and continues without it, unless
    E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) is set. Set it for unattended runs.
  - In AWX, store the file in the project, add it to an inventory as a source from the project, and assign a credential
    of a custom type that sets E(PANW_CLIENT_ID) and E(PANW_CLIENT_SECRET) to the source. The applications are then
    distributed over the slices of a job template.
seealso:
  - module: panw.airs.airs_customer_app_info
  - module: panw.airs.airs_api_key_info
  - plugin: panw.airs.airs_auth_code
    plugin_type: lookup
"""

EXAMPLES = r"""
# With credentials from environment variables, a file airs.yml needs one line:
# plugin: panw.airs.airs

# production.airs.yml: production only, with groups by cloud provider and framework, and for keys that expire soon
plugin: panw.airs.airs
client_id: name@1234567890.iam.panserviceaccount.com
client_secret: "{{ lookup('ansible.builtin.file', '/run/secrets/airs') }}"
environments: [prod]
exclude: [sandbox-*]
keyed_groups:
  - key: airs_environment
    prefix: airs
  - key: airs_cloud_provider
    prefix: airs_cloud
  - key: airs_ai_agent_framework
    prefix: airs_framework
    default_value: none
groups:
  airs_expiring: airs_api_keys | selectattr('reason') | length > 0
compose:
  owner: airs_app_name.split('-')[0]
strict: true
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/airs
cache_timeout: 600

# A play for all applications, five at a time:
# - name: Rotate API keys that expire soon
#   hosts: airs_expiring
#   gather_facts: false
#   serial: 5
#   roles:
#     - role: panw.airs.rotate_api_keys
#       airs_secret_sink: {type: file, path: "/run/secrets/{name}"}
"""

import hashlib
import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from ansible import constants
from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.panw.airs.plugins.module_utils._common.version import VERSION
from ansible_collections.panw.airs.plugins.module_utils._engine.options import CONNECTION_OPTIONS
from ansible_collections.panw.airs.plugins.plugin_utils._applications import (
    Application,
    applications,
    host_names,
    host_variables,
)
from ansible_collections.panw.airs.plugins.plugin_utils._connection import (
    Reader,
    connection_options,
    templated_variables,
)
from ansible_collections.panw.airs.plugins.plugin_utils._plain import plain
from ansible_collections.panw.airs.plugins.plugin_utils._trust import as_template, never_a_template

#: The group of all applications.
GROUP = "airs_apps"


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Reads the applications of a tenant."""

    NAME = "panw.airs.airs"

    def verify_file(self, path: str) -> bool:
        """Tell whether a file may be for this plugin."""
        return bool(super().verify_file(path)) and path.endswith(("airs.yml", "airs.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the applications to the inventory.

        Args:
            inventory: what other sources have added so far.
            loader: reads files.
            path: the file for this plugin.
            cache: whether the cache may be read; false if it is to be refreshed.

        Raises:
            AnsibleParserError: the applications cannot be read.
        """
        super().parse(inventory, loader, path, cache)
        self._set_options(self._read_config_data(path))
        self._populate(self._applications(path, cache))

    def _set_options(self, config: Mapping[str, Any]) -> None:
        """Set the options once more, with templates in connection options evaluated."""
        self.templar.available_variables = self._vars
        given = {name: self.templar.template(config[name]) for name in CONNECTION_OPTIONS if name in config}
        variables = templated_variables(self._vars, self.templar.template)
        self.set_options(direct={**config, **given}, var_options=variables)

    def _applications(self, path: str, may_read_cache: bool) -> list[Application]:
        """Return the applications, from the cache where that is wanted and holds them."""
        options = connection_options(self)
        if not self.get_option("cache"):
            return self._read(options)
        key = f"{self.get_cache_key(path)}_{_whose(options)}"
        if may_read_cache:
            try:
                cached: list[Application] = self._cache[key]
            except KeyError:
                pass  # it was never made, or is too old
            else:
                return cached
        found = self._read(options)
        self._cache[key] = found
        return found

    def _read(self, options: Mapping[str, Any]) -> list[Application]:
        reader = Reader(options, self.display.warning, AnsibleParserError)
        found: list[Application] = reader.without_secrets(reader.read(applications))
        return found

    def _populate(self, found: list[Application]) -> None:
        inventory = self.inventory
        inventory.add_group(GROUP)
        inventory.set_variable(GROUP, "ansible_connection", "local")
        # Another machine may use what a cache or AWX keeps of the inventory, so no path of this one.
        inventory.set_variable(GROUP, "ansible_python_interpreter", as_template("{{ ansible_playbook_python }}"))
        # Ansible would set variables of a host that is named like a group on the group.
        names = host_names(found, self.get_option("hostname_prefix"), {*inventory.groups, *constants.LOCALHOST})
        hosts = {name: host_variables(app) for name, app in zip(names, found, strict=True) if self._is_wanted(app)}
        for host, variables in hosts.items():
            inventory.add_host(host, GROUP)
            for name, value in variables.items():
                inventory.set_variable(host, name, never_a_template(value))
        # Groups come last, when no variable is set any more, for the same reason.
        strict = self.get_option("strict")
        for host in hosts:
            self._set_composite_vars(self.get_option("compose"), self._variables(host), host, strict)
        for host in hosts:
            variables = self._variables(host)
            self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict)

    def _variables(self, host: str) -> dict[str, Any]:
        variables: dict[str, Any] = self.inventory.get_host(host).get_vars()
        return variables

    def _is_wanted(self, application: Application) -> bool:
        name, include = application["app_name"], self.get_option("include")
        environments = self.get_option("environments")
        return (
            (include is None or _matches(name, include))
            and not _matches(name, self.get_option("exclude"))
            and (environments is None or application["environment"] in plain(environments))
        )


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _whose(options: Mapping[str, Any]) -> str:
    """Return a name for what these options give to see: another tenant's applications must never come from a cache."""
    account = options["access_token"] or options["client_id"]
    seen = json.dumps([VERSION, options["base_url"], options["tsg_id"], account])
    return hashlib.sha256(seen.encode()).hexdigest()[:12]
