# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resolve paths like the modules of this collection, for roles and playbooks."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ansible_collections.panw.airs.plugins.plugin_utils._folders import start_of_paths
from ansible_collections.panw.airs.plugins.plugin_utils._trust import never_a_template


def path(given: Any, playbook_dir: str) -> Any:
    """Return a path in full.

    Args:
        given: the path; it may start with a tilde, and have variables of the environment.
        playbook_dir: the variable of this name.
    """
    expanded = os.path.expandvars(os.path.expanduser(str(given)))
    return never_a_template(os.path.realpath(os.path.join(start_of_paths(str(playbook_dir)), expanded)))


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"path": path}
