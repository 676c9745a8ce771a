# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Customer applications: made by the service with an API key, changed and removed here.

An update replaces the whole application and needs the auth code of its deployment profile, which the list row of the
application holds. Removing an application removes its keys (reported from live tenants).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import AirsInputError
from .._common.wording import did_you_mean
from .._engine.info import info_module
from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, STATE_OPTION, Options
from .._engine.reconcile import Collateral, Outcome, Plan, Reconciler, Reference, write_handler
from .._engine.session import Session
from .._service.resource import Row
from .registry import API_KEY, CUSTOMER_APP


class CustomerAppReconciler(Reconciler):
    """Reconciles customer applications. They cannot be created or renamed."""

    resource = CUSTOMER_APP
    entangled = (API_KEY,)

    @classmethod
    def references(cls, options: Options) -> list[Reference]:
        """Return the application itself: only an API key can make it."""
        missing = "no such application on the tenant, and no API key in the config that makes it"
        return [Reference("name", CUSTOMER_APP, str(options["name"]), missing=missing)]

    @classmethod
    def takes_along(cls, row: Row, session: Session) -> list[Collateral]:
        """Return its API keys: the service removes them with the application (reported from live tenants)."""
        keys = session.current(API_KEY).rows_with("cust_app", row.get(CUSTOMER_APP.name_field))
        why = "would delete its API keys too"
        return [Collateral(API_KEY, key.get(API_KEY.name_field) or "", "purge", why) for key in keys]

    def current(self) -> Row | None:
        """Return the application of the name, and refuse one whose id was given with another name.

        Raises:
            AirsInputError: the id is that of an application with another name, or of none.
        """
        found = super().current()
        wanted = self.options["customer_app_id"]
        if not wanted or (found or {}).get(self.resource.id_field) == wanted:
            return found
        rows = self.session.current(self.resource).rows()
        other = next((row for row in rows if row.get(self.resource.id_field) == wanted), None)
        if other is None and found is None and self.options["state"] == "absent":
            return None
        self._refuse(
            [
                f"id {wanted} is that of '{other['app_name']}', and an application cannot be renamed: what happens to "
                "its keys then is not documented. Remove it and make a key for the new name"
                if other
                else f"there is no application with id {wanted}"
            ]
        )
        return None

    def plan_present(self, before: Row | None) -> Plan:
        """Return the update to be done.

        Raises:
            AirsInputError: there is no such application.
        """
        if before is None:
            meant = did_you_mean(self.session.current(self.resource).near(self.name))
            raise AirsInputError(
                f"There is no {self.resource.title(self.name)}, and only airs_api_key can make one, with a key."
                f"{' ' * bool(meant)}{meant[:1].upper()}{meant[1:]}"
            )
        return super().plan_present(before)

    def update(self, plan: Plan, before: Row) -> Outcome:
        """Replace the application, with the auth code that the service asks for."""
        keys = before.get("api_keys_dp_info") or []
        auth_code = next((key["auth_code"] for key in keys if key.get("auth_code")), None)
        if auth_code is None:
            self._refuse(
                ["the service wants the auth code of its deployment profile, but it has no API key to tell it"]
            )
        plan.body["auth_code"] = auth_code
        return super().update(plan, before)

    def is_right(self, before: Row, body: Row) -> bool:
        """Tell whether the service already holds what the body says, the auth code aside."""
        return super().is_right(before, {key: value for key, value in body.items() if key != "auth_code"})

    def remember(self, row: Row, replaces: Row | None = None) -> Row:
        """Take in the answer as a list row: the answer lacks the keys, and has what rows do not have."""
        shape = replaces or row
        return super().remember({key: value for key, value in row.items() if key in shape}, replaces)

    def difference(self, plan: Plan) -> dict[str, Any]:
        """Return the diff; of a removal it names the keys that go with the application."""
        found = super().difference(plan)
        if plan.action == "delete" and plan.before:
            found["before"]["api_keys"] = key_names(plan.before)
        return found

    def extra_results(self, plan: Plan) -> dict[str, Any]:
        """Return the names of the keys that a removal takes with it."""
        removed = key_names(plan.before) if plan.action == "delete" and plan.before else []
        return {"removed_api_keys": removed} if self.options["state"] == "absent" else {}


def key_names(row: Mapping[str, Any]) -> list[str]:
    """Return the names of an application's keys."""
    return sorted(key.get("api_key_name") or "" for key in row.get("api_keys_dp_info") or [])


CUSTOMER_APP_MODULE = ModuleSpec(
    name="airs_customer_app",
    options={
        **MANAGEMENT_OPTIONS,
        **STATE_OPTION,
        **CUSTOMER_APP.option_specs(),
        "customer_app_id": {"type": "str"},
    },
    handler=write_handler(CustomerAppReconciler),
)

CUSTOMER_APP_INFO_MODULE = info_module(CUSTOMER_APP)
