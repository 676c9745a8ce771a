# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The management API, below C(/aisec/v1/mgmt)."""

from __future__ import annotations

from fastapi import APIRouter

from airs_emulator.http import MANAGEMENT_PREFIX

from . import api_keys, customer_apps, lookups, oauth, profiles, scan_logs, topics

router = APIRouter(prefix=f"{MANAGEMENT_PREFIX}/v1/mgmt")
for _part in (api_keys, customer_apps, lookups, oauth, profiles, scan_logs, topics):
    router.include_router(_part.router)
