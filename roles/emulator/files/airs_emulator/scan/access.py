# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may scan."""

from __future__ import annotations

from collections.abc import Mapping

from airs_emulator.clock import parse_iso
from airs_emulator.errors import Refusal
from airs_emulator.service import Caller, Service
from airs_emulator.tokens import bearer, digest


def scan_caller(service: Service, headers: Mapping[str, str]) -> Caller:
    """The holder of the API key or application token in a scan request.

    Without either 401; an unknown, revoked or expired one is 403 (official list of error codes).
    """
    key, token = headers.get("x-pan-token"), bearer(headers)
    if key:
        for tenant in service.store.tenants():
            row = tenant.api_keys.with_digest(digest(key))
            if row and not row["revoked"] and parse_iso(row["expiration"]) > service.clock.now():
                return Caller(tenant, key=row)
    elif token:
        found = service.tokens.find("scan", token)
        if found:
            return Caller(service.store.tenant(found.tsg_id), found.client_id)
    else:
        raise Refusal(401, "Not Authenticated")
    raise Refusal(403, "Invalid API Key or Oauth Token")
