# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may scan, and whether a request is whole."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from airs_emulator.clock import end
from airs_emulator.errors import Refusal
from airs_emulator.service import Caller, Service
from airs_emulator.tokens import bearer, digest

_PAYLOAD_HASH = "x-payload-hash"


def scan_caller(service: Service, headers: Mapping[str, str], body: bytes) -> Caller:
    """The holder of the API key or application token in a scan request.

    Without either 401; an unknown, revoked or expired one is 403 (official list of error codes), and so is a hash of
    the body that does not hold, where one is sent (that it is looked at is reported, its status is a guess).
    """
    caller = _holder(service, headers)
    if body and _PAYLOAD_HASH in headers and not _is_whole(headers, body):
        raise Refusal(403, "Invalid payload hash")
    return caller


def _is_whole(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a request carries the HMAC-SHA256 of its body in hexadecimal digits.

    Its secret is the API key; for tokens the official SDK takes the whole header C(Authorization). The SDK sends a hash
    of the word null with requests that have no body, so those are not looked at.
    """
    secrets = (headers.get("x-pan-token"), headers.get("authorization"), bearer(headers))
    made = (hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets if secret)
    return headers[_PAYLOAD_HASH].lower() in made


def _holder(service: Service, headers: Mapping[str, str]) -> Caller:
    key, token = headers.get("x-pan-token"), bearer(headers)
    if key:
        for tenant in service.store.tenants():
            row = tenant.api_keys.with_digest(digest(key))
            if row and not row["revoked"] and end(row["expiration"]) > service.clock.now():
                return Caller(tenant, key=row)
    elif token:
        found = service.tokens.find("scan", token)
        if found:
            return Caller(service.store.tenant(found.tsg_id), found.client_id)
    else:
        raise Refusal(401, "Not Authenticated")
    raise Refusal(403, "Invalid API Key or Oauth Token")
