# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the variables that a role of this collection gets, besides their types."""

from __future__ import annotations

DOCUMENTATION = r"""
name: role_fault
short_description: Validate the variables of a role of this collection
version_added: 0.1.0
author:
  - panw.airs contributors (!UNKNOWN)
description:
  - Ansible ignores a role variable with a misspelled name. Therefore every role of this collection starts with this
    lookup, and fails before anything is changed if it returns an error.
  - A variable whose name starts with the name of the role and an underscore must be an option of one of the entry
    points of the role, or be set by the role itself. Required options must have a value.
  - This lookup is for internal use by the roles of this collection.
options:
  _terms:
    description:
      - Additional variables that are allowed to start with the name of the role, such as facts that the role sets.
    type: list
    elements: str
  entry_point:
    description:
      - Entry point whose required options must have a value.
    type: str
    default: main
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
- name: Ensure the role variables are valid
  ansible.builtin.fail:
    msg: "{{ lookup('panw.airs.role_fault', 'tenant_result') }}"
  when: lookup('panw.airs.role_fault', 'tenant_result') | length > 0
"""

RETURN = r"""
_raw:
  description: Error message, or an empty string if the variables are valid.
  type: list
  elements: str
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.panw.airs.plugins.module_utils._common.wording import did_you_mean, near, one_line, some

#: The variable that the option own_variables is taken from.
_OWN = "airs_own_variables"


class LookupModule(LookupBase):
    """Looks at the variables of a role."""

    def run(self, terms: Sequence[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return a sentence about what is wrong with the variables of the role whose task asks, or an empty text.

        Args:
            terms: further variables that may begin with the name of the role.
            variables: variables of the host.
            kwargs: options.

        Raises:
            AnsibleLookupError: the task is none of a role.
        """
        variables = variables or {}
        if "role_path" not in variables:
            raise AnsibleLookupError("role_fault is for tasks of roles, and this one is in none.")
        # Ansible does not template what it takes an option of a plugin from.
        own = {_OWN: self._templar.template(variables[_OWN]) or []} if _OWN in variables else {}
        self.set_options(var_options=own, direct=kwargs)
        folder = str(variables["role_path"])
        entry_points = self._loader.load_from_file(os.path.join(folder, "meta", "argument_specs.yml"))["argument_specs"]
        options = {name for entry in entry_points.values() for name in entry["options"]}
        taken = entry_points[self.get_option("entry_point")]["options"]
        needed = [name for name, option in taken.items() if option.get("required")]
        values = {name: self._templar.template(variables[name]) for name in needed if name in variables}
        role = os.path.basename(folder)
        known = {*options, *terms, *self.get_option("own_variables")}
        return [" ".join(faults(role, options, unknown(role, known, variables), without_value(values)))]


def unknown(role: str, known: Collection[str], names: Iterable[str]) -> list[str]:
    """Return the names that begin like options of a role, whatever their case, and are not known.

    Args:
        role: name of the role, without that of the collection.
        known: names that may begin so.
        names: names of variables.
    """
    return sorted(name for name in names if name.casefold().startswith(f"{role}_") and name not in known)


def without_value(values: Mapping[str, Any]) -> list[str]:
    """Return the names of variables that have no value: a key of YAML with nothing behind it, or an empty answer."""
    return [name for name, value in values.items() if value in (None, "", [], {})]


def faults(role: str, options: Iterable[str], wrong: Sequence[str], empty: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong, in sentences.

    Args:
        role: name of the role, without that of the collection.
        options: names of all of its options.
        wrong: names of variables that are taken for options, and are none.
        empty: names of required options that have no value.
    """
    if wrong:
        start = len(f"{role}_")
        short = [name[start:] for name in options if name.startswith(f"{role}_")]
        # Without the beginning, which they have in common, fewer resemble each other.
        meant = {name: did_you_mean([f"{role}_{found}" for found in near(name[start:], short)]) for name in wrong}
        told = [one_line(f"{name} ({guess})" if guess else name) for name, guess in meant.items()]
        yield (
            f"The role panw.airs.{role} does not know {some(told)}: correct the name, or name a variable of your own "
            f"in {_OWN}."
        )
    if empty:
        yield f"The role panw.airs.{role} needs a value for {some(empty)}."
    if wrong or empty:
        yield "Nothing was changed."
