# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs airs_doctor in the controller."""

from __future__ import annotations

from ansible_collections.panw.airs.plugins.module_utils._doctor.doctor import DOCTOR_MODULE
from ansible_collections.panw.airs.plugins.plugin_utils._action import ModuleAction


class ActionModule(ModuleAction):
    """Runs airs_doctor in this process."""

    spec = DOCTOR_MODULE
