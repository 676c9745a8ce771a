# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OAuth tokens, with which applications call the scan API instead of an API key. Every run makes a new one."""

from __future__ import annotations

from typing import Any

from .._common.errors import AirsInputError
from .._common.secret_file import SecretFile
from .._engine.options import MANAGEMENT_OPTIONS, ModuleSpec
from .._engine.reconcile import KNOWN_AFTER_APPLY
from .._engine.run import CENSORED, Task

#: Seconds of each unit that the official SDK knows.
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
#: Longest lifetime that the official description names, in seconds.
MAX_LIFETIME = 30 * UNITS["days"]


def handle_oauth_token(task: Task) -> dict[str, Any]:
    """Make a token, and store or return it.

    Raises:
        AirsInputError: the lifetime or secret_path cannot be right; nothing was made.
        AirsExchangeError: the service refused or cannot be reached.
    """
    options = task.options
    interval, unit = options["token_ttl_interval"], options["token_ttl_unit"]
    lifetime = interval * UNITS[unit]
    if not 0 < lifetime <= MAX_LIFETIME:
        raise AirsInputError(
            f"token_ttl_interval is {interval} {unit}: a token lives from 1 second to 30 days. Nothing was made."
        )
    path = options["secret_path"]
    file = SecretFile(path, task.place.recovery_folder) if path else None
    if file:
        file.prove_writable(dry=task.check_mode)
    result: dict[str, Any] = {"changed": True, **({"secret_path": file.path} if file else {})}
    if task.check_mode:
        predicted = {
            "client_id": options["oauth_client_id"],
            "expires_in": str(lifetime),
            "issued_at": KNOWN_AFTER_APPLY,
        }
        return {**result, "oauth_token": predicted}
    client = task.session().client
    token = client.mint_oauth_token(options["oauth_client_id"], options["customer_app"], interval, unit)
    secret = token.pop("access_token")
    result["oauth_token"] = token
    if file:
        file.store(secret)
        return result
    return {**result, "oauth_token_secret": secret, CENSORED: True}


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
    handler=handle_oauth_token,
    returns_secret=lambda options: not options["secret_path"],
)
