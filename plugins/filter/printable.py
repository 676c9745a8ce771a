# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sanitize text like the messages of the modules, for roles and playbooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.panw.airs.plugins.module_utils._common import wording
from ansible_collections.panw.airs.plugins.plugin_utils._trust import never_a_template


def printable(text: Any, lines: bool = False) -> Any:
    """Return a text that is fit for a terminal.

    Args:
        text: such as a name.
        lines: whether line feeds stay.
    """
    return never_a_template((wording.printable if lines else wording.one_line)(str(text)))


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"printable": printable}
