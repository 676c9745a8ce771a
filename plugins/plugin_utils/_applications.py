# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications for the inventory: with their API keys, without secrets, under valid host names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypedDict

from ansible_collections.panw.airs.plugins.module_utils._engine.session import Session
from ansible_collections.panw.airs.plugins.module_utils._kinds.key_rule import days_left, due
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import API_KEY, CUSTOMER_APP


class Key(TypedDict):
    """An API key, without its secret and auth code."""

    name: str
    id: str
    last8: str
    expiration: str | None
    rotation_time_interval: int | None
    rotation_time_unit: str | None
    revoked: bool


class Application(TypedDict):
    """An application. The members are plain data, so that a cache can hold them."""

    app_name: str
    customer_app_id: str
    tsg_id: str
    environment: str
    cloud_provider: str
    ai_agent_framework: str
    model_name: str
    deployment_profiles: list[str]
    api_keys: list[Key]


def applications(session: Session) -> list[Application]:
    """Return all applications of the tenant by name, with one listing of applications and one of keys.

    Raises:
        AirsExchangeError: a list could not be read.
    """
    key_rows = session.snapshot(API_KEY).rows()
    by_app: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    by_name: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in key_rows:
        by_app[row.get("customer_appId") or ""].append(row)
        by_name[row.get("api_key_name") or ""].append(row)

    def application(row: Mapping[str, Any]) -> Application:
        # The application lists its keys by name, and a key says the id of its application: neither is sure to be there.
        listed = row.get("api_keys_dp_info") or []
        id_ = str(row.get("customer_appId") or "")
        rows = [*(by_app[id_] if id_ else []), *(key for info in listed for key in by_name[info["api_key_name"]])]
        keys = {str(key.get("api_key_id")): _key(key) for key in rows}
        profiles = {str(info["dp_name"]) for info in [*listed, *rows] if info.get("dp_name")}
        return Application(
            app_name=str(row.get("app_name") or ""),
            customer_app_id=id_,
            tsg_id=str(row.get("tsg_id") or ""),
            environment=str(row.get("environment") or ""),
            cloud_provider=str(row.get("cloud_provider") or ""),
            ai_agent_framework=str(row.get("ai_agent_framework") or ""),
            model_name=str(row.get("model_name") or ""),
            deployment_profiles=sorted(profiles),
            api_keys=sorted(keys.values(), key=lambda key: (key["name"], key["id"])),
        )

    found = [application(row) for row in session.snapshot(CUSTOMER_APP).rows()]
    return sorted(found, key=lambda app: (app["app_name"], app["customer_app_id"]))


def _key(row: Mapping[str, Any]) -> Key:
    return Key(
        name=str(row.get("api_key_name") or ""),
        id=str(row.get("api_key_id") or ""),
        last8=str(row.get("api_key_last8") or ""),
        expiration=row.get("expiration"),
        rotation_time_interval=row.get("rotation_time_interval"),
        rotation_time_unit=row.get("rotation_time_unit"),
        revoked=bool(row.get("revoked")),
    )


def host_variables(application: Application) -> dict[str, Any]:
    """Return the variables of an application's host. What is due is judged now, whenever it was read."""
    keys = [{**key, "days_left": days_left(key), "reason": due(key, None)} for key in application["api_keys"]]
    return {f"airs_{name}": value for name, value in {**application, "api_keys": keys}.items()}


def host_names(found: Sequence[Application], prefix: str, reserved: Collection[str]) -> list[str]:
    """Return a name for the host of each application, each another.

    Ansible takes other characters for patterns, templates or paths of files, so they become underscores. Names that
    then meet another application's or a reserved one get the application's id; one that was like this from the start
    keeps its name.

    Args:
        found: all applications, so that names do not depend on filters.
        prefix: put before each name.
        reserved: names that mean something else to Ansible.
    """
    wished = [_safe(f"{prefix}{app['app_name']}") for app in found]
    hosts, names = Counter(wished), Counter(app["app_name"] for app in found)

    def unique(application: Application, host: str) -> str:
        name = application["app_name"]
        own = hosts[host] == 1 or (host == f"{prefix}{name}" and names[name] == 1)
        return host if own and host not in reserved else _safe(f"{host}_{application['customer_app_id']}")

    return [unique(application, host) for application, host in zip(found, wished, strict=True)]


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]|^\.", "_", name)
