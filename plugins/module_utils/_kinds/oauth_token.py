# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OAuth tokens, which applications can use instead of an API key to call the scan API. Every run creates a new one."""

from __future__ import annotations

from typing import Any

from .._common.errors import AirsBrokenAnswerError, AirsInputError
from .._common.secret_file import SecretFile
from .._common.secret_note import Owner
from .._common.wording import one_line
from .._engine.module import CENSORED, ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, Options
from .._engine.reconcile import KNOWN_AFTER_APPLY
from .._engine.task import Task
from .._service import models
from .._service.client import ManagementClient
from .._service.model import answer_faults, check_request
from .._service.resource import Row, stripped
from .registry import CUSTOMER_APP

#: Seconds of each unit that the official SDK knows.
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
#: Longest lifetime that the official description names, in seconds.
MAX_LIFETIME = 30 * UNITS["days"]


def handle(task: Task) -> dict[str, Any]:
    """Make a token, and store or return it.

    Raises:
        AirsInputError: the lifetime or secret_path cannot be right; nothing was made.
        AirsExchangeError: the service refused or cannot be reached.
    """
    names = ("oauth_client_id", "customer_app")
    options = {**task.options, **{name: stripped(task.options[name]) for name in names}}
    interval, unit = options["token_ttl_interval"], options["token_ttl_unit"]
    lifetime = interval * UNITS[unit]
    if not 0 < lifetime <= MAX_LIFETIME:
        raise AirsInputError(
            "The lifetime of a token must be between 1 second and 30 days, but token_ttl_interval is "
            f"{interval} {unit}. No token was created."
        )
    path = options["secret_path"]
    file = SecretFile(path, task.runtime.recovery_folder) if path else None
    what = f"OAuth token of client '{options['oauth_client_id']}' for {CUSTOMER_APP.title(options['customer_app'])}"
    owner = Owner(one_line(what), options["tsg_id"] or "")
    if file:
        task.prove(file, owner, task.notes)
    result: dict[str, Any] = {"changed": True, **({"secret_path": file.path} if file else {})}
    if task.check_mode:
        predicted = {
            "client_id": options["oauth_client_id"],
            "expires_in": str(lifetime),
            "issued_at": KNOWN_AFTER_APPLY,
        }
        return {**result, "oauth_token": predicted}
    token = _mint(task.session().client, options)
    secret = token.pop("access_token")
    result["oauth_token"] = token
    if file:
        file.store(secret, owner)
        return result
    return {**result, "oauth_token_secret": secret, CENSORED: True}


def _mint(client: ManagementClient, options: Options) -> Row:
    """Make a new token for an application, and return it as answered, its secret in access_token."""
    what = f"create an OAuth token for {CUSTOMER_APP.title(options['customer_app'])}"
    path = "/v1/mgmt/oauth/client_credential/accesstoken"
    body = {"client_id": options["oauth_client_id"], "customer_app": options["customer_app"]}
    check_request(models.OauthTokenRequest, body, what)
    lifetime = {"tokenTtlInterval": options["token_ttl_interval"], "tokenTtlUnit": options["token_ttl_unit"]}
    # Repeatable: a token that was lost on the way runs out by itself.
    answer = client.call("POST", path, what, CUSTOMER_APP, params=lifetime, body=body, repeatable=True)
    grave, _odd = answer_faults(models.OauthToken, answer)
    if grave:
        reason = f"the response is not a token ({'; '.join(grave)})"
        raise AirsBrokenAnswerError(what, reason, method="POST", path=client.path_of(path))
    return dict(answer)


OAUTH_TOKEN_MODULE = ModuleSpec(
    name="airs_oauth_token",
    options={
        **MANAGEMENT_OPTIONS,
        "oauth_client_id": {"type": "str", "required": True},
        "customer_app": {"type": "str", "required": True, "aliases": ["cust_app", "app_name"]},
        "token_ttl_interval": {"type": "int", "default": 24, "no_log": False},
        "token_ttl_unit": {"type": "str", "choices": list(UNITS), "default": "hours", "no_log": False},
        "secret_path": {"type": "path", "no_log": False},
    },
    handler=handle,
    returns_secret=lambda options: not options["secret_path"],
)
