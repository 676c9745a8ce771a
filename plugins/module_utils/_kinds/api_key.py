# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API keys: what an application shows to the scan API.

The service shows a secret once, in the answer to create or regenerate. So the place for it is proved before the key is
made, and a key whose secret nobody holds is regenerated rather than left behind. Regenerating gives a new id and secret
under the same name; the old secret stops working at once (documented, and reported from live tenants).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from .._common.errors import AirsConflictError, AirsInputError
from .._common.secret_file import SecretFile
from .._engine.options import MANAGEMENT_OPTIONS, STATE_OPTION, ModuleSpec
from .._engine.reconcile import KNOWN_AFTER_APPLY, Outcome, Plan, Reconciler, Row, TaskOptions
from .._engine.run import write_handler
from .._engine.session import Session, Snapshot
from .registry import API_KEY, CUSTOMER_APP, stripped


class ApiKeyReconciler(Reconciler):
    """Reconciles API keys. There is no update: a key is made, regenerated or deleted."""

    resource = API_KEY
    update_action = "regenerate"

    def __init__(self, session: Session, task: TaskOptions) -> None:
        super().__init__(session, task)
        own = self.options["secret_path"]
        path = own or task.secret_path
        self._file = SecretFile(path, self.recovery_folder) if path else None
        # Where new secrets are only collected, one that is not there was taken to its place and is not lost.
        self._file_is_its_place = bool(own)

    def plan_present(self, before: Row | None) -> Plan:
        """Return what has to be done, once the place for a secret is known to be good.

        Raises:
            AirsInputError: a fixed property differs, or secret_path cannot be written.
        """
        plan = super().plan_present(before)
        if before is not None:
            plan = self._plan_existing(before, plan.body)
        if plan.action != "none" and self._file:
            self._file.prove_writable(dry=self.check_mode, proved_folders=self.session.proved_folders)
        return plan

    def desired(self, before: Row | None) -> Row:
        """Return the body for creation; for a key that exists, what the options say of it.

        Raises:
            AirsInputError: the deployment profile is unknown.
        """
        body = self.resource.body(self.options)
        if before is None:
            profile = body.get("dp_name")
            if profile and "auth_code" not in body:
                body["auth_code"] = self._auth_code(profile)
            if "auth_code" not in body:
                self._refuse(["to create it, deployment_profile (or auth_code) must be given"])
            body["revoked"] = False
        return body

    def _refuse_other_properties(self, before: Row, body: Row) -> None:
        fixed = [entry for entry in self.resource.fields if entry.immutable and self._differs(entry.name, before, body)]
        if fixed:
            told = ", ".join(
                entry.option if entry.secret else f"{entry.option} is '{before.get(entry.name) or ''}'"
                for entry in fixed
            )
            raise AirsInputError(
                f"{self.resource.title(self.name)} exists with other properties ({told}), and a key cannot be changed: "
                "correct the task, use another name, or remove the key first (state: absent), "
                "which also removes its application. Nothing was changed."
            )

    def _plan_existing(self, before: Row, body: Row) -> Plan:
        self._refuse_other_properties(before, body)
        reason = self._reason_to_regenerate(before)
        rotation = [key for key in ("rotation_time_interval", "rotation_time_unit") if self._differs(key, before, body)]
        if rotation and reason is None:
            if self.options["regenerate"] == "never":
                raise AirsInputError(
                    f"{self.resource.title(self.name)} rotates every {before.get('rotation_time_interval')} "
                    f"{before.get('rotation_time_unit')}, which only a new key can change: set regenerate to expiring "
                    "or always for a new one. Nothing was changed."
                )
            reason = "rotation changes"
        if reason is None:
            self._warn_of_unusable(before)
            return Plan("none", self.name, before, body, before)
        return Plan("update", self.name, before, body, self._predict(before, body))

    def _predict(self, before: Row | None, body: Row) -> Row:
        fresh = dict.fromkeys((self.resource.id_field, "api_key_last8", "expiration"), KNOWN_AFTER_APPLY)
        return {**super()._predict(before, body), **fresh, "revoked": False}

    def _differs(self, key: str, before: Row, body: Row) -> bool:
        if key not in body:
            return False
        held = before.get(key)
        if key == "dp_name" and not held:
            # Rows need not name the deployment profile; its auth code does.
            return self._auth_code(body[key]) != before.get("auth_code")
        return bool((stripped(held) or "") != body[key])

    def _auth_code(self, deployment_profile: str) -> str:
        """Return the auth code of a deployment profile."""
        try:
            return str(self.session.deployment_profile(deployment_profile)["auth_code"])
        except AirsInputError as error:
            raise self.refusal(error.message) from None

    def _reason_to_regenerate(self, before: Row) -> str | None:
        mode = self.options["regenerate"]
        if mode == "always":
            return "asked for"
        if mode == "never":
            return None
        if before.get("revoked"):
            return "revoked"
        if self._is_not_stored(before):
            return "the stored secret is not this key's"
        if expires(before) - datetime.now(timezone.utc) < timedelta(days=self.options["regenerate_before"]):
            return "expiring"
        return None

    def _is_not_stored(self, before: Row) -> bool:
        """Tell whether the secret that is in the key's place is another one, or none."""
        if self._file is None:
            return False
        stored = self._file.last8()
        expected = stored is not None or self._file_is_its_place
        return expected and stored != before.get("api_key_last8")

    def _warn_of_unusable(self, before: Row) -> None:
        if before.get("revoked"):
            self.session.notes.append(
                f"{self.resource.title(self.name)} is revoked; regenerate: expiring would replace it."
            )
        elif self._file and self._is_not_stored(before):
            self.session.notes.append(
                f"{self._file.path} does not hold the secret of {self.resource.title(self.name)}, and the service "
                "shows a secret only once; regenerate: expiring would replace the key."
            )

    def create(self, plan: Plan) -> Outcome:
        """Create the key. One that a lost answer left behind is regenerated, so that its secret is known."""

        def send() -> Row:
            body = {self.resource.name_field: self.name, **plan.body, "created_by": self.session.client.updated_by}
            return self.session.client.create(self.resource, self.name, body)

        try:
            row = self.write_once(send, lambda found: True)
        except AirsConflictError:
            self.session.forget(self.resource)
            found = self.current()
            if found is None:
                raise
            row = found
        if not row.get("api_key"):
            # Unless somebody else made a key of that name meanwhile.
            self._refuse_other_properties(row, self.resource.body(self.options))
            return self._regenerate(row)
        return self._keep(row, None)

    def update(self, plan: Plan, before: Row) -> Outcome:
        """Regenerate the key."""
        return self._regenerate(before)

    def _regenerate(self, before: Row) -> Outcome:
        interval = self.options["rotation_time_interval"] or before["rotation_time_interval"]
        unit = self.options["rotation_time_unit"] or before["rotation_time_unit"]
        target = before

        def send() -> Row:
            # After a lost answer the key has another id already: that one is regenerated, for its secret is lost.
            known = self.current() or target
            return self.session.client.regenerate_api_key(known, interval, unit)

        row = self.write_once(send, lambda found: False)
        return self._keep(row, self.current() or before)

    def _keep(self, row: Row, replaced: Row | None) -> Outcome:
        """Store the secret before anything else, then take in the row without it."""
        secret = row.pop("api_key")
        if self._file:
            self._file.store(secret)
        return Outcome(self.remember(row, replaced), None if self._file else secret)

    def remember(self, row: Row, replaces: Row | None = None) -> Row:
        """Take in the answer, and the application that the service made with the key."""
        known = super().remember(row, replaces)
        for applications in self.session.known(CUSTOMER_APP):
            _remember_application(applications, known)
        return known

    def foresee(self, plan: Plan) -> None:
        """Let the session hold what the plan will make, the application of a new key included."""
        super().foresee(plan)
        if plan.action == "create" and plan.predicted is not None:
            for applications in self.session.known(CUSTOMER_APP):
                _remember_application(applications, {**plan.predicted, "customer_appId": KNOWN_AFTER_APPLY})

    def difference(self, plan: Plan) -> dict[str, Any]:
        """Return the diff; of a regenerated key its id shows that it is another."""
        found = super().difference(plan)
        if plan.action == "update" and plan.before:
            found["before"][self.resource.id_field] = plan.before[self.resource.id_field]
            found["after"][self.resource.id_field] = KNOWN_AFTER_APPLY
        return found

    def extra_results(self, plan: Plan) -> dict[str, Any]:
        """Return where the secret is."""
        return {"secret_path": self._file.path} if self._file else {}


def _remember_application(applications: Snapshot, key: Row) -> None:
    """Put the application of a key into a snapshot, as the service makes it (reported from live tenants)."""
    name, identity = key.get("cust_app"), key.get("customer_appId")
    if not name or not identity or applications.find(name) is not None:
        return
    applications.put(
        {
            CUSTOMER_APP.id_field: identity,
            "app_name": name,
            "cloud_provider": key.get("cust_cloud_provider"),
            "environment": key.get("cust_env"),
            "model_name": "default",
            "ai_agent_framework": key.get("cust_ai_agent_framework") or "",
            "api_keys_dp_info": [{field: key.get(field) for field in ("api_key_name", "dp_name", "auth_code")}],
        }
    )


def expires(row: Mapping[str, Any]) -> datetime:
    """Return when a key expires (the service says it in RFC 3339); a key without a date never does."""
    text = str(row.get("expiration") or "").replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.max.replace(tzinfo=timezone.utc)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


API_KEY_MODULE = ModuleSpec(
    name="airs_api_key",
    options={
        **MANAGEMENT_OPTIONS,
        **STATE_OPTION,
        **API_KEY.option_specs(),
        "regenerate": {"type": "str", "choices": ["never", "expiring", "always"], "default": "never"},
        "regenerate_before": {"type": "int", "default": 30},
        "secret_path": {"type": "path", "no_log": False},
    },
    handler=write_handler(ApiKeyReconciler),
    constraints={"mutually_exclusive": [("deployment_profile", "auth_code")]},
    returns_secret=lambda options: options["state"] == "present" and not options["secret_path"],
)
