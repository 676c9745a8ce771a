# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Split names into a list, like the modules do, for roles and playbooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.panw.airs.plugins.module_utils._engine.options import names_in
from ansible_collections.panw.airs.plugins.plugin_utils._trust import never_a_template


def names(value: Any) -> Any:
    """Return names as a list, each once, and never evaluated.

    Args:
        value: a list, text with commas or line breaks, or None for no names.
    """
    return never_a_template(names_in(value))


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"names": names}
