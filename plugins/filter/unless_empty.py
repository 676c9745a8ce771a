# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as omitted, for roles and playbooks: Jinja's default filter would take false and 0 for it, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.panw.airs.plugins.plugin_utils._role_variables import is_empty


def unless_empty(value: Any, otherwise: Any) -> Any:
    """Return a value, or something else in its place when it counts as omitted.

    Args:
        value: the value of a variable.
        otherwise: what takes its place.
    """
    return otherwise if is_empty(value) else value


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"unless_empty": unless_empty}
