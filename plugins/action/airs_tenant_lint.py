# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs airs_tenant_lint in the controller."""

from __future__ import annotations

from ansible_collections.panw.airs.plugins.module_utils._tenant.lint import TENANT_LINT_MODULE
from ansible_collections.panw.airs.plugins.plugin_utils._action import ModuleAction


class ActionModule(ModuleAction):
    """Runs airs_tenant_lint in this process."""

    spec = TENANT_LINT_MODULE
