# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All modules of the collection, by name: what the action plugin runs, and what tests hold files and tables against."""

from __future__ import annotations

from .._engine.options import ModuleSpec
from .._kinds.api_key import API_KEY_MODULE
from .._kinds.custom_topic import CUSTOM_TOPIC_MODULE
from .._kinds.customer_app import CUSTOMER_APP_MODULE
from .._kinds.info import (
    API_KEY_INFO,
    CUSTOM_TOPIC_INFO,
    CUSTOMER_APP_INFO,
    DEPLOYMENT_PROFILE_INFO,
    DLP_PROFILE_INFO,
    SECURITY_PROFILE_INFO,
)
from .._kinds.oauth_token import OAUTH_TOKEN_MODULE
from .._kinds.security_profile import SECURITY_PROFILE_MODULE
from .._scan.log import SCAN_LOG_INFO
from .._scan.scan import SCAN_MODULE
from .export import TENANT_EXPORT
from .info import TENANT_INFO
from .tenant import TENANT_MODULE

MODULES: dict[str, ModuleSpec] = {
    module.name: module
    for module in (
        API_KEY_INFO,
        API_KEY_MODULE,
        CUSTOM_TOPIC_INFO,
        CUSTOM_TOPIC_MODULE,
        CUSTOMER_APP_INFO,
        CUSTOMER_APP_MODULE,
        DEPLOYMENT_PROFILE_INFO,
        DLP_PROFILE_INFO,
        OAUTH_TOKEN_MODULE,
        SCAN_LOG_INFO,
        SCAN_MODULE,
        SECURITY_PROFILE_INFO,
        SECURITY_PROFILE_MODULE,
        TENANT_EXPORT,
        TENANT_INFO,
        TENANT_MODULE,
    )
}
