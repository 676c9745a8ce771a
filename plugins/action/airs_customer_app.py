# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs airs_customer_app in the controller."""

from __future__ import annotations

from ansible_collections.panw.airs.plugins.module_utils._kinds.customer_app import CUSTOMER_APP_MODULE
from ansible_collections.panw.airs.plugins.plugin_utils._action import ModuleAction


class ActionModule(ModuleAction):
    """Runs airs_customer_app in this process."""

    spec = CUSTOMER_APP_MODULE
