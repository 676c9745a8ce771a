# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Option tables that several modules share."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ansible.module_utils.errors import AnsibleFallbackNotFound

from .._common.wording import called

#: What a task says: values by the names of options.
Options = Mapping[str, Any]
#: What a task may say: argument_spec entries by the names of options.
OptionSpecs = dict[str, dict[str, Any]]

#: Documented base URL of the management API.
DEFAULT_BASE_URL = "https://api.sase.paloaltonetworks.com/aisec"
#: Documented token endpoint (several aliases of it work too).
DEFAULT_TOKEN_URL = "https://auth.apps.paloaltonetworks.com/oauth2/access_token"  # noqa: S105  # a URL

#: Where the scan API is served, by region (official description; jp and au: the vendor's list of supported regions).
SCAN_ENDPOINTS = {
    "us": "https://service.api.aisecurity.paloaltonetworks.com",
    "eu": "https://service-de.api.aisecurity.paloaltonetworks.com",
    "in": "https://service-in.api.aisecurity.paloaltonetworks.com",
    "sg": "https://service-sg.api.aisecurity.paloaltonetworks.com",
    "jp": "https://service-jp.api.aisecurity.paloaltonetworks.com",
    "au": "https://service-au.api.aisecurity.paloaltonetworks.com",
}


def _trimmed(text: str) -> str:
    """Return a text without what editors, files, and copying leave around it: white space, a byte order mark."""
    return text.strip().strip("\ufeff").strip()


def _from_environment(*variables: str) -> str:
    """Return the first of these variables that is set. One that is empty, or white space only, is not.

    Raises:
        AnsibleFallbackNotFound: none is.
    """
    found = next(filter(None, (_trimmed(os.environ.get(variable, "")) for variable in variables)), None)
    if found is None:
        raise AnsibleFallbackNotFound
    return found


def _option(*environment: str, **spec: Any) -> dict[str, Any]:
    return {"type": "str", **spec, **({"fallback": (_from_environment, list(environment))} if environment else {})}


#: How to reach a service, whichever.
TRANSPORT_OPTIONS: OptionSpecs = {
    "num_retries": {"type": "int", "default": 3},
    "timeout": {"type": "int", "default": 30},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
}

_DAYS = (0, 36500)
#: The least and the most of numbers, by option, where every module has the same limits.
LIMITS: Mapping[str, tuple[float, float]] = {
    "num_retries": (0, 20),
    "timeout": (1, 3600),
    "expires_within": _DAYS,
    "keys_soon": _DAYS,
    "regenerate_before": _DAYS,
    "verify_retries": (0, 100),
    "verify_delay": (0, 3600),
}


def out_of_range(options: Options, limits: Mapping[str, tuple[float, float]] | None = None) -> list[str]:
    """Return a sentence part for every number in the options that is not within its limits; none is left out.

    Args:
        options: options of a module.
        limits: the least and the most, by option; those of all modules if omitted.
    """
    limits = LIMITS if limits is None else limits
    given = ((name, options[name]) for name in limits if options.get(name) is not None)
    return [
        f"{called(name)} must be between {limits[name][0]:g} and {limits[name][1]:g}, but is {value:g}"
        for name, value in given
        if isinstance(value, (int, float)) and not limits[name][0] <= value <= limits[name][1]
    ]


#: The management API. Names and first variables are the official SDK's; the second ones are the community clients'.
MANAGEMENT_OPTIONS: OptionSpecs = {
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

#: The connection of what is no module: nothing is changed that could be signed.
CONNECTION_OPTIONS: OptionSpecs = {name: spec for name, spec in MANAGEMENT_OPTIONS.items() if name != "updated_by"}

#: The scan API.
SCAN_OPTIONS: OptionSpecs = {
    "api_key": _option("PANW_AI_SEC_API_KEY", no_log=True),
    "api_token": _option("PANW_AI_SEC_API_TOKEN", no_log=True),
    "api_endpoint": _option("PANW_AI_SEC_API_ENDPOINT"),
    "region": {"type": "str", "choices": list(SCAN_ENDPOINTS)},
    **TRANSPORT_OPTIONS,
}


def tidied(specs: Mapping[str, dict[str, Any]], options: Options) -> dict[str, Any]:
    """Return options with those of a connection trimmed; one with nothing in it counts as omitted.

    Args:
        specs: argument_spec entries. What has a variable of the environment belongs to a connection.
        options: options after Ansible has validated them.
    """
    made = dict(options)
    for name, spec in specs.items():
        if "fallback" in spec and isinstance(made.get(name), str):
            made[name] = _trimmed(made[name])
            if not made[name]:
                try:
                    made[name] = _from_environment(*spec["fallback"][1])
                except AnsibleFallbackNotFound:
                    made[name] = spec.get("default")
    return made


def given_secrets(specs: Mapping[str, dict[str, Any]], options: Options) -> set[str]:
    """Return the secrets among the values of options."""
    return {str(options[name]) for name, spec in specs.items() if spec.get("no_log") and options.get(name)}


#: Variables of the environment that options with secrets are taken from.
SECRET_VARIABLES = frozenset(
    variable
    for spec in (*MANAGEMENT_OPTIONS.values(), *SCAN_OPTIONS.values())
    if spec.get("no_log") and "fallback" in spec
    for variable in spec["fallback"][1]
)


def secret_variables(path: str, secrets: Collection[str] = ()) -> Iterator[str]:
    """Yield the variables of the environment that a path names and that hold secrets: paths are shown and written.

    Args:
        path: a path as a user gives it, with variables as a shell has them.
        secrets: further secrets that are known.
    """
    for braced, plain in re.findall(r"\$(?:\{([^}]*)\}|(\w+))", path, re.ASCII):
        variable = braced or plain
        if variable in SECRET_VARIABLES or os.environ.get(variable) in secrets:
            yield variable


#: Options of every module that makes and unmakes something.
STATE_OPTION: OptionSpecs = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}


def names_in(value: Any) -> list[str]:
    """Return names as a list, each once; a form gives them as text with commas or line breaks between them.

    Args:
        value: a list, text, or None for no names.
    """
    parts = value if isinstance(value, list) else re.split(r"[,\r\n]", "" if value is None else str(value))
    return list(dict.fromkeys(name for name in (str(part).strip() for part in parts) if name))
