# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated service: its state, its switches, and what a request handler is given of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request

from .clock import Clock
from .faults import Faults
from .http import Json, JsonObject
from .journal import Journal
from .scan.results import Scans
from .seed import DEFAULT_SEED, Seed, plant
from .settings import Settings
from .store import Row, Store, Tenant
from .tokens import Tokens


class Service:
    """Everything that a running emulator knows.

    C(seed) is planted upon the default seed, unless the file at C(state) already holds tenants.
    """

    def __init__(self, state: Path | None = None, seed: Seed | None = None) -> None:
        self.clock = Clock()
        self.settings = Settings()
        self.tokens = Tokens(self.clock)
        self.journal = Journal()
        self.faults = Faults()
        self.scans = Scans()
        self.store = Store(state)
        self._seed = seed
        if self.store.empty:
            self._plant_start_seed()

    def reset(self) -> None:
        """Back to the start seed; tokens, scans, journal, faults, switches and clock as at the start."""
        self.clock.reset()
        self.settings = Settings()
        self.tokens.expire_all()
        self.journal.reset()
        self.faults.clear()
        self.scans.clear()
        self.store.clear()
        self._plant_start_seed()

    def plant(self, seed: Seed) -> None:
        """Add the objects of a seed document."""
        plant(seed, self.store, self.clock)

    def change_settings(self, changes: JsonObject) -> None:
        """Change switches. Raises pydantic.ValidationError for unknown ones and wrong values."""
        self.settings = Settings.model_validate({**self.settings.model_dump(), **changes})

    def _plant_start_seed(self) -> None:
        self.plant(DEFAULT_SEED)
        if self._seed is not None:
            self.plant(self._seed)


@dataclass(frozen=True)
class Caller:
    """Who sent a request: a tenant's service account (management) or API key or application token (scan)."""

    tenant: Tenant
    client_id: str | None = None
    key: Row | None = None


@dataclass(frozen=True)
class Context:
    """What a handler of the management or scan API works with."""

    service: Service
    tenant: Tenant
    caller: Caller

    @property
    def key_labels(self) -> JsonObject:
        """What the log of scans shows of the API key; nothing where a token was used."""
        key = self.caller.key or {}
        shown = {
            "api_key_name": "api_key_name",
            "app_name": "cust_app",
            "environment": "cust_env",
            "cloud_provider": "cust_cloud_provider",
        }
        return {label: key.get(member) or "" for label, member in shown.items()}

    @property
    def linked_profile(self) -> str:
        """The name of the profile that the application of the API key is linked to; empty when there is none."""
        app_id = (self.caller.key or {}).get("customer_appId") or ""
        app = self.tenant.customer_apps.get(app_id) or {}
        return app.get("ai_sec_profile_name") or ""

    @property
    def settings(self) -> Settings:
        """The switches."""
        return self.service.settings

    @property
    def clock(self) -> Clock:
        """What time it is."""
        return self.service.clock


async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def _context(request: Request) -> Context:
    caller: Caller = request.state.caller
    return Context(request.app.state.service, caller.tenant, caller)


async def _sent(request: Request) -> Json:
    # Without a body the check of the body's model refuses the request.
    return await request.json() if await request.body() else None


ServiceDep = Annotated[Service, Depends(_service)]
ContextDep = Annotated[Context, Depends(_context)]
#: The JSON body exactly as it was sent; the parameter of the body's model has checked it.
SentDep = Annotated[dict[str, Any], Depends(_sent)]
