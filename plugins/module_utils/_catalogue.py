# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All modules of the collection, by name: what the action plugin runs, and what tests hold files and tables against."""

from __future__ import annotations

from ._api_key import API_KEY_MODULE
from ._argspec import ModuleSpec
from ._custom_topic import CUSTOM_TOPIC_MODULE
from ._info import DEPLOYMENT_PROFILE_INFO, DLP_PROFILE_INFO
from ._scan import SCAN_MODULE
from ._security_profile import SECURITY_PROFILE_MODULE

MODULES: dict[str, ModuleSpec] = {
    module.name: module
    for module in (
        API_KEY_MODULE,
        CUSTOM_TOPIC_MODULE,
        DEPLOYMENT_PROFILE_INFO,
        DLP_PROFILE_INFO,
        SCAN_MODULE,
        SECURITY_PROFILE_MODULE,
    )
}
