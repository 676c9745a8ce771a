# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Determine what Ansible might evaluate as a template, in all versions.

Since ansible-core 2.19, a string from a plugin is only a template if it is marked as one; before, unless it is marked
as unsafe.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core before 2.19
    trust_as_template = None
if trust_as_template is None:
    from ansible.utils.unsafe_proxy import wrap_var


def as_template(text: str) -> str:
    """Return a string that Ansible evaluates where it is used."""
    return text if trust_as_template is None else trust_as_template(text)


def never_a_template(value: Any) -> Any:
    """Return a value in which what the service says is never evaluated.

    Only strings that could be templates are marked: a mark shows in the output of ansible-inventory, where AWX reads.
    """
    if trust_as_template is not None:
        return value
    if isinstance(value, Mapping):
        return {key: never_a_template(part) for key, part in value.items()}
    if isinstance(value, list):
        return [never_a_template(part) for part in value]
    return wrap_var(value) if isinstance(value, str) and "{" in value else value
