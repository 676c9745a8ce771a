# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OAuth 2.0 token endpoint (client credentials grant), on all paths under which the service is known."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import Response

from .errors import Refusal
from .http import TOKEN_PATHS, JsonObject, JsonResponse, StrictRoute
from .service import Service, ServiceDep
from .tokens import digest

router = APIRouter(route_class=StrictRoute)


@dataclass(frozen=True)
class _Credentials:
    client_id: str
    client_secret: str


async def issue_token(request: Request, service: ServiceDep) -> Response:
    """Exchange the credentials of a service account for an access token.

    They may come as HTTP Basic or as form fields (official API description and SDK). The scope is optional; with
    C(tsg_id:N) it chooses a tenant that the account may act on.
    """
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise _oauth_refusal(400, "invalid_request", "The body must be a form")
    form = _form(await request.body())
    grant_type = form.get("grant_type")
    if not grant_type:
        raise _oauth_refusal(400, "invalid_request", "grant_type is missing")
    if grant_type != "client_credentials":
        raise _oauth_refusal(400, "unsupported_grant_type", "Only client_credentials is supported")
    account, home = _authenticate(service, _credentials(request.headers, form))
    tsg_id, scope = _scope(form.get("scope", ""), account, home)
    ttl = service.settings.token_ttl_seconds
    return JsonResponse(
        {
            "access_token": service.tokens.issue("management", tsg_id, account["client_id"], ttl),
            "token_type": "Bearer",
            "expires_in": ttl,
            "scope": scope,
        }
    )


for path in TOKEN_PATHS:
    router.add_api_route(path, issue_token, methods=["POST"])


def client_of(headers: Mapping[str, str], body: bytes) -> str | None:
    """The client id that a token request names."""
    credentials = _credentials(headers, _form(body))
    return credentials.client_id if credentials else None


def _form(body: bytes) -> dict[str, str]:
    values = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: found[-1] for name, found in values.items()}


def _credentials(headers: Mapping[str, str], form: Mapping[str, str]) -> _Credentials | None:
    scheme, _space, encoded = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _colon, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return _Credentials(client_id, secret)
    if "client_id" in form and "client_secret" in form:
        return _Credentials(form["client_id"], form["client_secret"])
    return None


def _authenticate(service: Service, credentials: _Credentials | None) -> tuple[JsonObject, str]:
    """The service account and the tenant that it belongs to."""
    if credentials is not None:
        for tenant in service.store.tenants():
            for account in tenant.service_accounts.named(credentials.client_id):
                if account["secret_digest"] == digest(credentials.client_secret):
                    return account, tenant.tsg_id
    raise _oauth_refusal(401, "invalid_client", "Client authentication failed")


def _scope(asked: str, account: JsonObject, home: str) -> tuple[str, str]:
    """The tenant that the token is for, and the scope that the answer states."""
    words = asked.split()
    chosen = [word.removeprefix("tsg_id:") for word in words if word.startswith("tsg_id:")]
    if not chosen:
        return home, " ".join([*words, f"tsg_id:{home}"])
    if len(set(chosen)) > 1 or chosen[0] not in (home, *account["tsg_ids"]):
        raise _oauth_refusal(400, "invalid_scope", "The client may not act on this tenant")
    return chosen[0], " ".join(words)


def _oauth_refusal(status: int, code: str, description: str) -> Refusal:
    return Refusal(status, description, {"error": code, "error_description": description})
