# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment variables with which a shell uses the emulator in place of the service."""

from __future__ import annotations

import shlex

from .seed import DEFAULT_SEED

#: What a shell may have for a real tenant: it must neither win over the variables below nor reach the emulator.
_CREDENTIALS_OF_THE_SERVICE = ("PANW_ACCESS_TOKEN", "PANW_AI_SEC_API_KEY", "PANW_AI_SEC_API_TOKEN")


def shell_script(url: str) -> str:
    """Return a script, to be sourced, that points a shell to the emulator at C(url) as its first service account."""
    tsg_id, tenant = next(iter(DEFAULT_SEED.tenants.items()))
    (account,) = tenant.service_accounts
    variables = {
        "PANW_CLIENT_ID": account.client_id,
        "PANW_CLIENT_SECRET": account.client_secret,
        "PANW_TSG_ID": tsg_id,
        "PANW_BASE_URL": f"{url}/aisec",
        "PANW_TOKEN_BASE_URL": f"{url}/oauth2/access_token",
        "PANW_AI_SEC_API_ENDPOINT": url,
    }
    exports = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    unset = f"unset {' '.join(_CREDENTIALS_OF_THE_SERVICE)}"
    return "\n".join(["# Source this file to use the emulator from a shell.", *exports, unset, ""])
