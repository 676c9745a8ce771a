# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator and a controller, as for the playbook tests."""

from __future__ import annotations

from support.fixtures import controller, emulator, running_emulator, tenant

__all__ = ["controller", "emulator", "running_emulator", "tenant"]
