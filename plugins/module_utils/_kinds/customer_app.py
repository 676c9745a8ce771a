# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Customer applications: created by the service together with an API key, updated and deleted here.

An update replaces the entire application and requires the auth code of its deployment profile, which is part of the
row of the application in the list. Deleting an application deletes its API keys (reported from live tenants).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from .._common.errors import AirsInputError
from .._common.wording import did_you_mean
from .._engine.info import info_module
from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, STATE_OPTION, Options
from .._engine.reconcile import (
    KNOWN_AFTER_APPLY,
    Collateral,
    Named,
    Outcome,
    Plan,
    Reconciler,
    Reference,
    write_handler,
)
from .._engine.reporting import Held, Section, by_name
from .._engine.session import Session
from .._service.resource import Row
from .registry import API_KEY, CUSTOM_TOPIC, CUSTOMER_APP, SECURITY_PROFILE


class CustomerAppReconciler(Reconciler):
    """Reconciles applications. They cannot be created or renamed."""

    resource = CUSTOMER_APP
    entangled = (API_KEY,)

    @classmethod
    def references(cls, options: Options) -> list[Reference]:
        """Return the application itself: only an API key can make it."""
        missing = "application does not exist, and no API key in the configuration creates it"
        return [Reference("name", CUSTOMER_APP, str(options["name"]), missing=missing)]

    @classmethod
    def takes_along(cls, row: Row, session: Session) -> list[Collateral]:
        """Return its API keys: the service removes them with the application (reported from live tenants)."""
        keys = session.current(API_KEY).rows_with("cust_app", row.get(CUSTOMER_APP.name_field))
        names = dict.fromkeys([*(key.get(API_KEY.name_field) or "" for key in keys), *key_names(row)])
        why = "would also delete its API keys"
        return [Collateral(API_KEY, name, "purge", why) for name in names]

    @classmethod
    def used_by(cls, row: Row) -> list[Named]:
        """Return its API keys, which may be listed here alone."""
        return [(API_KEY, name) for name in key_names(row)]

    @classmethod
    def reported(cls, held: Held) -> Section:
        """Return applications with their profiles, profiles with what they do, and how many have which protection."""
        profiles = _profiles(held)
        applications = []
        for row in by_name(held.rows(CUSTOMER_APP), CUSTOMER_APP.name_field):
            own_name, told = row[CUSTOMER_APP.name_field], profile_of(row, held.application_profiles, profiles)
            profile = profiles.get(told[0] or "")
            applications.append(
                {
                    "name": own_name,
                    "environment": row.get("environment") or "",
                    "cloud_provider": row.get("cloud_provider") or "",
                    "profile": told[0],
                    "profile_exists": profile is not None,
                    "protected": profile is not None and profile["protects"],
                    "joined_by": told[1],
                }
            )
            if profile is not None:
                profile["applications"].append(own_name)
        bare = sum(not application["profile_exists"] for application in applications)
        return Section(
            {
                "applications": applications,
                "profiles": list(profiles.values()),
                "coverage": _coverage(profiles.values(), bare),
            },
            {
                "applications": len(applications),
                "applications_without_profile": bare,
                "applications_unprotected": sum(not application["protected"] for application in applications),
                "profiles": len(profiles),
                "profiles_without_application": sum(not profile["applications"] for profile in profiles.values()),
            },
        )

    # --- planning ----------------------------------------------------------------------------------------------------

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
                f"the application with ID {wanted} is '{other['app_name']}', and applications cannot be "
                "renamed. Delete it and create an API key for the new name"
                if other
                else f"an application with ID {wanted} does not exist"
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
            error = AirsInputError(
                f"Cannot update {self.resource.title(self.name)}: it does not exist. Use airs_api_key to create an "
                "application together with its API key."
                f"{' ' * bool(meant)}{meant[:1].upper()}{meant[1:]}"
            )
            self.task.suppose(error, "create it", self.session.notes)
            before = {self.resource.id_field: KNOWN_AFTER_APPLY, self.resource.name_field: self.name}
        return super().plan_present(before)

    def update(self, plan: Plan, before: Row) -> Outcome:
        """Replace the application, with the auth code that the service asks for."""
        keys = before.get("api_keys_dp_info") or []
        auth_code = next((key["auth_code"] for key in keys if key.get("auth_code")), None)
        if auth_code is None:
            self._refuse(
                ["the service requires the auth code of its deployment profile, but it has no API key to look it up"]
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


# --- the security profile of an application, and what it does --------------------------------------------------------


def profile_of(
    row: Mapping[str, Any], chosen: Mapping[str, str], known: Container[str]
) -> tuple[str | None, str | None]:
    """Return the security profile of an application, and who says so: service, mapping or name. None is not known.

    Args:
        row: the application; of some the service tells the profile.
        chosen: profiles by application, where the service does not.
        known: names of all profiles; one with the name of the application is taken for its own.
    """
    name = row[CUSTOMER_APP.name_field]
    if row.get("ai_sec_profile_name"):
        return row["ai_sec_profile_name"], "service"
    if chosen.get(name):
        return chosen[name], "mapping"
    return (name, "name") if name in known else (None, None)


def _profiles(held: Held) -> dict[str, Row]:
    """Return what each profile does, by name."""
    from .._policy.posture import posture, protects  # only reports need it
    from .custom_topic import enforced_pins

    topics: dict[str, list[Row]] = {}
    for row in by_name(held.rows(CUSTOM_TOPIC), CUSTOM_TOPIC.name_field):
        for pin in enforced_pins(row):
            told = {"name": row[CUSTOM_TOPIC.name_field], "action": pin["action"], "stale": pin["stale"]}
            topics.setdefault(pin["profile"], []).append(told)
    # Where a tenant lists old revisions too, the newest of a name counts.
    newest = sorted(held.rows(SECURITY_PROFILE), key=lambda row: row.get("revision") or 0)
    current = {row[SECURITY_PROFILE.name_field]: row for row in newest}
    found = {}
    for row in by_name(current.values(), SECURITY_PROFILE.name_field):
        name, cells = row[SECURITY_PROFILE.name_field], posture(row["does"])
        found[name] = {
            "name": name,
            "protects": protects(cells),
            "applications": [],
            "topics": topics.get(name, []),
            "protections": cells,
        }
    return found


def _coverage(profiles: Iterable[Row], bare: int) -> dict[str, dict[str, int]]:
    """Return for each protection how many applications have which action; none is that of those without a profile."""
    from .._policy.posture import ACTIONS, REPORTED

    found = {option: {**dict.fromkeys(ACTIONS, 0), "none": bare} for option in REPORTED}
    for profile in profiles:
        for option, cell in profile["protections"].items():
            found[option][cell["action"]] += len(profile["applications"])
    return found


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
