# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters for sentences of roles: what the sentences of modules go through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.panw.airs.plugins.module_utils._common import wording
from ansible_collections.panw.airs.plugins.plugin_utils._trust import never_a_template


class FilterModule:
    """Filters for texts that people read."""

    def filters(self) -> dict[str, Callable[[Any], str]]:
        """Return the filters by name."""
        return {
            "one_line": lambda value: never_a_template(wording.one_line(str(value))),
            "printable": lambda value: never_a_template(wording.printable(str(value))),
        }
