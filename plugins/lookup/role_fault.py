# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the variables of a role of this collection."""

from __future__ import annotations

DOCUMENTATION = r"""
name: role_fault
short_description: Validate the variables of a role of this collection
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Ansible ignores a role variable with a misspelled name. Therefore every role of this collection starts with this
    lookup, and fails before anything is changed if it returns an error. It reports all variables that are missing,
    misspelled, or invalid together.
  - A variable whose name starts with the name of the role and an underscore must be an option of one of the entry
    points of the role, or be set by the role itself.
  - A variable that is null, an empty string, or C(default(omit)) counts as omitted, such as the answer to an optional
    question of a survey.
  - Unlike the validation that Ansible adds to a role, it supports variables that are alternatives, and validates
    C(airs_secret_sink), whose collection and Python packages must be installed.
  - This lookup is for internal use by the roles of this collection.
options:
  _terms:
    description:
      - Additional variables that are allowed to start with the name of the role, such as facts that the role sets.
    type: list
    elements: str
  entry_point:
    description:
      - Entry point whose options are validated.
    type: str
    default: main
  any_of:
    description:
      - Groups of variables of which at least one is required.
    type: list
    elements: list
    default: []
  exclusive:
    description:
      - Groups of variables that are mutually exclusive.
    type: list
    elements: list
    default: []
  confirmed:
    description:
      - A variable, and the one whose value it must repeat.
    type: list
    elements: str
    default: []
  sink:
    description:
      - Whether the role uses C(airs_secret_sink), if it is set.
    type: bool
    default: true
  own_variables:
    description:
      - Your own variables that start with the name of the role but do not belong to it, such as C(tenant_id).
    type: list
    elements: str
    default: []
    vars:
      - name: airs_own_variables
"""

EXAMPLES = r"""
- name: Validate the variables
  ansible.builtin.assert:
    that: fault | length == 0
    fail_msg: "{{ fault }}"
    quiet: true
  vars:
    fault: "{{ lookup('panw.airs.role_fault', 'tenant_result') }}"
"""

RETURN = r"""
_raw:
  description: Error message, or an empty string if the variables are valid or the task is not part of a role.
  type: list
  elements: str
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.plugins.lookup import LookupBase

from ansible_collections.panw.airs.plugins.plugin_utils._plain import plain
from ansible_collections.panw.airs.plugins.plugin_utils._role_variables import OWN, Rules, faults, is_empty, unknown
from ansible_collections.panw.airs.plugins.plugin_utils._sinks import SINK, sink_faults


class LookupModule(LookupBase):
    """Looks at the variables of a role."""

    def run(self, terms: Sequence[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return what is wrong with the variables of the role whose task asks, or an empty text.

        Args:
            terms: further variables that may begin with the name of the role.
            variables: variables of the host.
            kwargs: options.
        """
        variables = variables or {}
        if "role_path" not in variables:
            return [""]  # linters evaluate the expressions of a role outside of it
        # Ansible does not template what it takes an option of a plugin from.
        own = {OWN: self._templar.template(variables[OWN]) or []} if OWN in variables else {}
        self.set_options(var_options=own, direct=kwargs)
        folder = str(variables["role_path"])
        entry_points = self._entry_points(folder)
        options = {name: spec for entry in entry_points.values() for name, spec in entry["options"].items()}
        specs = entry_points[self.get_option("entry_point")]["options"]
        values = self._values(specs, variables)
        known = {*options, *terms, *self.get_option("own_variables")}
        role = os.path.basename(folder)
        rules = Rules(*(self.get_option(name) for name in ("any_of", "exclusive", "confirmed")))
        sink = values.pop(SINK, None) if SINK in specs else None
        there = {**values, SINK: {}} if sink is not None else values
        found = [*faults(role, specs, there, unknown(role, known, variables), rules)]
        if sink is not None and self.get_option("sink"):
            spec = self._entry_points(os.path.join(os.path.dirname(folder), "secret_sink"))["main"]["options"][SINK]
            found += sink_faults(sink, spec["options"], str(variables.get("playbook_dir", "")))
        return [" ".join([*found, "Nothing was changed."]) if found else ""]

    def _entry_points(self, folder: str) -> dict[str, Any]:
        """Return the entry points of a role, with their options."""
        file = self._loader.load_from_file(os.path.join(folder, "meta", "argument_specs.yml"))
        specs: dict[str, Any] = plain(file["argument_specs"])
        return specs

    def _values(self, specs: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options that have a value."""
        # All in one: from a dictionary Ansible takes out what is omitted, and for a single value it raises.
        given = self._templar.template({name: variables[name] for name in specs if name in variables})
        return {
            name: plain(value) for name, value in given.items() if not is_empty(value) and (name, value) != (SINK, {})
        }
