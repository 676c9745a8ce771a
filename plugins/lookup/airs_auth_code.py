# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Auth codes of deployment profiles."""

from __future__ import annotations

DOCUMENTATION = r"""
name: airs_auth_code
short_description: Look up auth codes of deployment profiles
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Looks up the auth codes of deployment profiles by name, whether they are activated or not.
  - Auth codes are secrets. The plugin only holds them in memory and never writes them to a file.
  - The access token is shared with the tasks of the run. One lookup lists the deployment profiles once, regardless of
    the number of names.
  - The modules of this collection accept the name of a deployment profile and do not need an auth code. Use this plugin
    for other tools.
extends_documentation_fragment:
  - panw.airs.plugin_connection
options:
  _terms:
    description:
      - Names of deployment profiles.
    type: list
    elements: str
    required: true
notes:
  - Set C(no_log=true) for tasks that use this lookup, unless the option that receives the auth code is known to be
    hidden from output. Ansible prints the options of a task with C(-vvv), and cannot know that a value from a lookup is
    secret.
  - Ansible evaluates a variable every time it is used, so a variable that contains this lookup lists the deployment
    profiles every time. To avoid this, store the value with C(ansible.builtin.set_fact) and C(no_log=true), but never
    with C(cacheable=true), which would write it to a file.
  - Lookups use the environment of the Ansible process, not the C(environment) of a task.
  - In AWX, it only needs a credential of a custom type that sets E(PANW_CLIENT_ID) and E(PANW_CLIENT_SECRET).
seealso:
  - module: panw.airs.airs_deployment_profile_info
  - module: panw.airs.airs_api_key
"""

EXAMPLES = r"""
- name: Pass the auth code to another tool
  ansible.builtin.command:
    cmd: register-firewall --auth-code-from-stdin
    stdin: "{{ lookup('panw.airs.airs_auth_code', 'dp-production') }}"
  no_log: true

- name: Create an API key with the auth code, which this option hides from output
  panw.airs.airs_api_key:
    name: support-bot
    auth_code: "{{ lookup('panw.airs.airs_auth_code', 'dp-production', tsg_id='1234567890') }}"
    customer_app: support-bot
    environment: prod
    cloud_provider: aws
    rotation_time_interval: 90
    rotation_time_unit: days
    secret_path: /run/secrets/support-bot
"""

RETURN = r"""
_raw:
  description: The auth codes, in the order of the names.
  type: list
  elements: str
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.panw.airs.plugins.module_utils._engine.session import Session
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import DEPLOYMENT_PROFILE
from ansible_collections.panw.airs.plugins.plugin_utils._connection import (
    Reader,
    connection_options,
    templated_variables,
)
from ansible_collections.panw.airs.plugins.plugin_utils._plain import plain


class LookupModule(LookupBase):
    """Looks up auth codes."""

    def run(self, terms: Sequence[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return the auth codes.

        Args:
            terms: names of deployment profiles.
            variables: variables of the host.
            kwargs: options.

        Returns:
            The auth codes, in the order of the names.

        Raises:
            AnsibleLookupError: a name is unknown, or the service cannot be asked.
        """
        self.set_options(var_options=templated_variables(variables or {}, self._templar.template), direct=kwargs)
        names = [plain(term) for term in terms]
        wrong = next((name for name in names if not isinstance(name, str)), None)
        if wrong is not None:
            raise AnsibleLookupError(f"airs_auth_code requires names of deployment profiles, but got {wrong!r}.")

        def codes(session: Session) -> list[str]:
            return [str(session.require(DEPLOYMENT_PROFILE, name)["auth_code"]) for name in names]

        def failure(message: str) -> AnsibleLookupError:
            return AnsibleLookupError(message[:1].upper() + message[1:])

        found: list[str] = Reader(connection_options(self), self._display.warning, failure).read(codes)
        return found
