# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Option tables that several modules share, and what a module is: a name, options and a handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import env_fallback

if TYPE_CHECKING:
    from .run import Task

#: Documented base URL of the management API.
DEFAULT_BASE_URL = "https://api.sase.paloaltonetworks.com/aisec"
#: Documented token endpoint (several aliases of it work too).
DEFAULT_TOKEN_URL = "https://auth.apps.paloaltonetworks.com/oauth2/access_token"  # noqa: S105  # a URL

#: Where the scan API is served, by region (official description).
SCAN_ENDPOINTS = {
    "us": "https://service.api.aisecurity.paloaltonetworks.com",
    "eu": "https://service-de.api.aisecurity.paloaltonetworks.com",
    "in": "https://service-in.api.aisecurity.paloaltonetworks.com",
    "sg": "https://service-sg.api.aisecurity.paloaltonetworks.com",
}


def _option(*environment: str, **spec: Any) -> dict[str, Any]:
    return {"type": "str", **spec, **({"fallback": (env_fallback, list(environment))} if environment else {})}


#: How to reach a service, whichever.
TRANSPORT_OPTIONS: dict[str, dict[str, Any]] = {
    "num_retries": {"type": "int", "default": 3},
    "timeout": {"type": "int", "default": 30},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
}

#: The management API. Names and first variables are the official SDK's; the second ones are the community clients'.
MANAGEMENT_OPTIONS: dict[str, dict[str, Any]] = {
    "client_id": _option("PANW_CLIENT_ID", "PANW_MGMT_CLIENT_ID"),
    "client_secret": _option("PANW_CLIENT_SECRET", "PANW_MGMT_CLIENT_SECRET", no_log=True),
    "tsg_id": _option("PANW_TSG_ID", "PANW_MGMT_TSG_ID"),
    "access_token": _option("PANW_ACCESS_TOKEN", no_log=True),
    "base_url": _option("PANW_BASE_URL", "PANW_MGMT_ENDPOINT", default=DEFAULT_BASE_URL),
    "token_base_url": _option(
        "PANW_TOKEN_BASE_URL", "PANW_MGMT_TOKEN_ENDPOINT", default=DEFAULT_TOKEN_URL, no_log=False
    ),
    "updated_by": _option(),
    **TRANSPORT_OPTIONS,
}

#: The scan API.
SCAN_OPTIONS: dict[str, dict[str, Any]] = {
    "api_key": _option("PANW_AI_SEC_API_KEY", no_log=True),
    "api_token": _option("PANW_AI_SEC_API_TOKEN", no_log=True),
    "api_endpoint": _option("PANW_AI_SEC_API_ENDPOINT"),
    "region": {"type": "str", "choices": list(SCAN_ENDPOINTS)},
    **TRANSPORT_OPTIONS,
}

#: Options of every module that makes and unmakes something.
STATE_OPTION: dict[str, dict[str, Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}


@dataclass(frozen=True)
class ModuleSpec:
    """A module, whichever door it is entered by.

    Args:
        name: its name, without the collection's.
        options: its options, connection included.
        handler: does the work and returns the result.
        constraints: what AnsibleModule takes besides the options, such as required_if.
        returns_secret: tells from the options whether the result may carry a secret that is the service's.
        hidden_options: options that results and logs do not repeat: large, or with secrets that no option names.
    """

    name: str
    options: Mapping[str, dict[str, Any]]
    handler: Callable[[Task], dict[str, Any]]
    constraints: Mapping[str, Any] = field(default_factory=dict)
    returns_secret: Callable[[Mapping[str, Any]], bool] = lambda options: False
    hidden_options: tuple[str, ...] = ()

    def invocation(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return how results tell what the module was called with; what is not set is left out, which costs nothing."""
        given = {name: value for name, value in options.items() if value is not None}
        hidden = [name for name in self.hidden_options if name in given]
        return {"module_args": {**given, **dict.fromkeys(hidden, "(not repeated here)")}}

    def secret_options(self) -> list[str]:
        """Return the names of the options that hold secrets."""
        return [name for name, spec in self.options.items() if spec.get("no_log")]
