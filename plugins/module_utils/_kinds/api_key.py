# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API keys, which applications use to authenticate to the scan API.

The service returns a secret only once, when a key is created or regenerated. Therefore the destination is verified
before the key is created, and a key whose secret was lost is regenerated. Regenerating results in a new ID and secret
under the same name, and the old secret stops working immediately (documented, and reported from live tenants).
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from .._common.errors import AirsBrokenAnswerError, AirsConflictError, AirsError, AirsForbiddenError, AirsInputError
from .._common.file_names import file_name
from .._common.secret_file import SecretFile
from .._common.secret_note import NOBODY, Owner
from .._common.secret_place import filled
from .._common.wording import called
from .._engine.info import info_module
from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, STATE_OPTION, Options
from .._engine.reconcile import (
    KNOWN_AFTER_APPLY,
    Collateral,
    Describe,
    Named,
    Observation,
    Outcome,
    Plan,
    Reconciler,
    Reference,
    Rename,
    write_handler,
)
from .._engine.reporting import Held, Section
from .._engine.session import Session, Snapshot
from .._engine.task import Task
from .._service import models
from .._service.model import check_request
from .._service.resource import Row, stripped
from .key_rule import Reason, days_left, due, expiry, reason_to_renew, runs_out, status, too_wide
from .registry import API_KEY, CUSTOMER_APP, DEPLOYMENT_PROFILE
from .spellings import note_spellings


class ApiKeyReconciler(Reconciler):
    """Reconciles API keys. There is no update: a key is made, regenerated or deleted."""

    resource = API_KEY
    update_action = "regenerate"
    adopts = False  # its secret is not ours
    watched_as = "api_keys"
    tenant_options = ("secret_dir", "secret_paths", "tsg_id")
    entangled = (CUSTOMER_APP,)

    def __init__(self, session: Session, task: Task) -> None:
        super().__init__(session, task)
        path = self.place(self.options)
        self._file = SecretFile(path, task.runtime.recovery_folder) if path else None
        self._owner = NOBODY
        #: Whether somebody else has made or replaced the key while we were about to.
        self._overtaken = False
        self._reason: Reason = ""
        # Where new secrets are only collected, one that is not there was taken to its place and is not lost.
        self._file_is_its_place = bool(self.options["secret_path"])

    # --- what is to be known of the kind -----------------------------------------------------------------------------

    @classmethod
    def references(cls, options: Options) -> list[Reference]:
        """Return the deployment profile that a new key is made for."""
        profile = options.get("deployment_profile")
        return [Reference("deployment_profile", DEPLOYMENT_PROFILE, profile, for_creation=True)] if profile else []

    @classmethod
    def renamed(cls, options: Options, name_of: Rename) -> dict[str, Any]:
        """Return the options with other names for key, deployment profile and application."""
        others = (("deployment_profile", DEPLOYMENT_PROFILE), ("customer_app", CUSTOMER_APP))
        given = {option: name_of(other, options[option]) for option, other in others if options.get(option)}
        return {**super().renamed(options, name_of), **given}

    @classmethod
    def makes(cls, fields: Mapping[str, Any]) -> list[Named]:
        """Return the application of the key, which the service makes with it."""
        return [(CUSTOMER_APP, str(fields["cust_app"]))] if fields.get("cust_app") else []

    @classmethod
    def takes_along(cls, row: Row, session: Session) -> list[Collateral]:
        """Return the application of the key, which the service deletes with it, and the other keys of that.

        Whether an application stays when it has other keys is not known, so nothing is risked.
        """
        application = row.get("cust_app") or ""
        why = f"would also delete its application '{application}'"
        names = [
            key.get(API_KEY.name_field) or "" for key in session.current(API_KEY).rows_with("cust_app", application)
        ]
        held = session.current(CUSTOMER_APP).newest(application) or {}
        names += [info.get(API_KEY.name_field) or "" for info in held.get("api_keys_dp_info") or []]
        others = [name for name in dict.fromkeys(names) if name != row.get(API_KEY.name_field)]
        return [
            *(Collateral(API_KEY, name, "always", why) for name in others),
            Collateral(CUSTOMER_APP, application, "wanted", why),
        ]

    @classmethod
    def exported(cls, session: Session, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Return keys as options. They cannot be changed, so what is empty is left out; so are auth codes."""
        names = {} if all(row.get("dp_name") for row in rows) else _deployment_profiles(session)
        named = [{**row, "dp_name": row.get("dp_name") or names.get(row.get("auth_code"))} for row in rows]
        keys = [{name: value for name, value in key.items() if value} for key in super().exported(session, named)]
        session.note_names(
            "The deployment profile is unknown, so they can only be created after adding one",
            API_KEY,
            [key["name"] for key in keys if "deployment_profile" not in key],
        )
        return keys

    @classmethod
    def described(cls, session: Session) -> list[Row]:
        """Return the keys with the days that they have left."""
        return [described(row) for row in super().described(session)]

    @classmethod
    def reported(cls, held: Held) -> Section:
        """Return the keys by their status, then by the days that they have left."""
        keys = sorted((_reported(row, held.keys_soon) for row in held.rows(API_KEY)), key=_urgency)
        counts = {status: sum(key["status"] == status for key in keys) for status in ("revoked", "expired", "soon")}
        return Section(
            {"api_keys": keys},
            {"api_keys": len(keys), **{f"api_keys_{status}": count for status, count in counts.items()}},
        )

    @classmethod
    def observe(cls, session: Session, options: Options) -> Iterator[Observation]:
        """Yield all keys with how long they live, by name: a renewed key has another id."""
        listed = session.current(API_KEY)
        for name in listed.names():
            row = listed.newest(name) or {}
            state = status(row, options["expires_within"])
            normal = state == "valid"
            event = {
                "type": "api_key",
                "state": state,
                "name": name,
                "customer_app": row.get("cust_app"),
                "deployment_profile": row.get("dp_name"),
                "last8": row.get("api_key_last8"),
                "expiration": row.get("expiration"),
                "days_left": days_left(row),
                "reason": due(row, options["expires_within"]),
                "tsg_id": row.get("tsg_id"),
            }
            yield Observation(name, state if normal else (state, row.get(API_KEY.id_field)), normal, event)

    # --- planning ----------------------------------------------------------------------------------------------------

    @classmethod
    def faults(cls, options: Options) -> list[str]:
        """Return what is wrong with the options as such."""
        wide = too_wide(options, options.get("regenerate_before")) if options.get("regenerate") == "expiring" else None
        return [*super().faults(options), *([f"regenerate_before {wide}"] if wide else [])]

    @classmethod
    def place(cls, options: Options) -> str | None:
        """Return the file that is to have the secret of a key."""
        key = str(options["name"])
        own, folder = options["secret_path"] or (options.get("secret_paths") or {}).get(key), options.get("secret_dir")
        if own or not folder:
            return own or None
        names = {"name": key, "app": str(options.get("customer_app") or key), "tsg_id": str(options["tsg_id"] or "")}
        safe = {name: file_name(value) for name, value in names.items()}
        return os.path.join(filled(folder, safe), f"{safe['name']}.key")

    def to_store(self) -> Row | None:
        """Return name, application and owner of the secret, unless it has a file of its own."""
        if self.options["secret_path"]:
            return None
        held = self.session.current(API_KEY).newest(self.name) or {}
        app = str(self.options["customer_app"] or held.get("cust_app") or self.name)
        return {"name": self.name, "app": app, "owner": owner_of(self.session, self.name).told()}

    def plan_present(self, before: Row | None) -> Plan:
        """Return what has to be done, once the place for a secret is known to be good.

        Raises:
            AirsInputError: a fixed property differs, or secret_path cannot be written or is another key's in this loop.
        """
        if before is not None:
            before = self._unless_gone(before)
        plan = super().plan_present(before)
        if before is None:
            note_spellings(self.session, self.name, plan.body)
        else:
            plan = self._plan_existing(before, plan.body)
        if self._file:
            for path in self._file.taken:
                owner = self.session.places.setdefault(path, self.name)
                if owner != self.name:
                    self._refuse([f"its secret would be stored in {self._file.path}, like that of API key '{owner}'"])
            if plan.action != "none":
                self._owner = owner_of(self.session, self.name)
                self.task.prove(self._file, self._owner, self.session.notes)
            elif before is not None and not (self.task.check_mode or self._overtaken or self._is_not_stored(before)):
                self._file.end()
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
                self._refuse(["deployment_profile (or auth_code) is required when creating"])
            body["revoked"] = False
        return body

    def _refuse_other_properties(self, before: Row, body: Row) -> None:
        fixed = [field for field in self.resource.fields if field.immutable and self._differs(field.name, before, body)]
        if fixed:
            told = ", ".join(
                field.option if field.secret else f"{field.option} is '{before.get(field.name) or ''}'"
                for field in fixed
            )
            raise AirsInputError(
                f"{self.resource.title(self.name)} already exists with different properties ({told}), and "
                "API keys cannot be updated. Correct the task, use a different name, or delete the key "
                "first (state: absent), which also deletes its application. Nothing was changed."
            )

    def _unless_gone(self, before: Row) -> Row | None:
        """Return the key, or None where an earlier task would remove it, because it is wanted with other properties."""
        try:
            self._refuse_other_properties(before, self.resource.body(self.options))
        except AirsInputError as error:
            if self.session.is_plan:
                raise  # what is planned as a whole says of itself what goes
            self.task.suppose(error, "delete it", self.session.notes)
            return None
        return before

    def _plan_existing(self, before: Row, body: Row) -> Plan:
        rotation = [key for key in ("rotation_time_interval", "rotation_time_unit") if self._differs(key, before, body)]
        if rotation and self.options["regenerate"] == "never":
            raise AirsInputError(
                f"{self.resource.title(self.name)} rotates every {before.get('rotation_time_interval')} "
                f"{before.get('rotation_time_unit')}, which can only be changed by regenerating the key. Set "
                f"{called('regenerate')} to expiring or always. Nothing was changed."
            )
        self._reason = self.reason_to_renew(before, bool(rotation))
        if not self._reason:
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
            return str(self.session.require(DEPLOYMENT_PROFILE, deployment_profile)["auth_code"])
        except AirsInputError as error:
            raise self.refusal(error.message) from None

    def reason_to_renew(self, before: Row, rotation_changed: bool) -> Reason:
        """Return why the key is renewed, or "".

        Raises:
            AirsInputError: it lives no longer than the window in which it is due.
        """
        within = self.options["regenerate_before"]
        wide = too_wide({**before, **self.resource.body(self.options)}, within)
        if wide and self.options["regenerate"] == "expiring":
            raise AirsInputError(
                f"{self.resource.title(self.name)}: {called('regenerate_before')} {wide}. Nothing was changed."
            )
        note_unreadable(self.session, [before])
        return reason_to_renew(
            before,
            regenerate=self.options["regenerate"],
            within=within,
            stored=not self._is_not_stored(before),
            rotation_changed=rotation_changed,
        )

    def _is_not_stored(self, before: Row) -> bool:
        """Tell whether the secret that is in the key's place is another one, or none, unless somebody else has it."""
        if self._overtaken:
            return False
        held = self.options.get("stored_last8")
        if held is not None:
            return bool(held != before.get("api_key_last8"))
        if self._file is None:
            return False
        stored = self._file.last8()
        expected = stored is not None or self._file_is_its_place or self._file.interrupted
        return expected and stored != before.get("api_key_last8")

    def _warn_of_unusable(self, before: Row) -> None:
        if self._overtaken:
            if self._file and self._file.last8() == before.get("api_key_last8"):
                return
            self.session.notes.append(
                f"{self.resource.title(self.name)} was created by someone else at the same time, who has its secret."
            )
        elif before.get("revoked"):
            self.session.notes.append(
                f"{self.resource.title(self.name)} is revoked. Set regenerate: expiring to regenerate it."
            )
        elif self._is_not_stored(before):
            place = self._file.path if self._file and self.options.get("stored_last8") is None else "Its place"
            self.session.notes.append(
                f"{place} does not contain the secret of {self.resource.title(self.name)}, and the service "
                "returns a secret only once. Set regenerate: expiring to regenerate the key."
            )

    def apply(self, plan: Plan) -> Outcome:
        """Do what a plan says, alone among the runs of this machine that have one file."""
        if self._file is None or plan.action not in ("create", "update"):
            return super().apply(plan)
        with self._file.making() as first:
            stored = self._reason == "not_stored" and plan.before is not None and not self._is_not_stored(plan.before)
            # Somebody else may have stored a secret there since this was planned.
            if not first or stored or not self._file.holds(self._owner):
                self.session.forget(self.resource)
                plan.become(self.plan_again(plan))
            return super().apply(plan)

    def create(self, plan: Plan) -> Outcome:
        """Create the key. One that a lost answer of our own left behind is regenerated, so that its secret is known."""
        tries = 0

        def send() -> Row:
            nonlocal tries
            tries += 1
            body = {self.resource.name_field: self.name, **plan.body, "created_by": self.session.client.updated_by}
            return self.session.client.create(self.resource, self.name, body)

        with self._noted():
            try:
                row = self.write_once(send, lambda found: True)
            except AirsConflictError:
                if tries == 1:
                    self._overtaken = True
                    raise  # somebody was faster, and has the secret
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
        with self._noted():
            return self._regenerate(before)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Note beside the file that a secret is being made, until it is there: what kills the run leaves the note.

        Where the file is the secret's own place, the file that is not there says so.
        """
        if self._file is None or self._file_is_its_place:
            yield
            return
        new = self._file.begin()
        try:
            yield
        except AirsError as error:
            # What an earlier run has noted holds, unless a secret was stored meanwhile.
            if new and not error.outcome_unknown:
                self._file.end()
            raise
        self._file.end()

    def _regenerate(self, before: Row) -> Outcome:
        interval: Any = self.options["rotation_time_interval"] or before.get("rotation_time_interval")
        unit: Any = self.options["rotation_time_unit"] or before.get("rotation_time_unit")
        if not interval or not unit:
            needed = "rotation_time_interval and rotation_time_unit are required"
            self._refuse([f"the service does not provide its rotation interval, so {needed}"])
        target = before

        def send() -> Row:
            # After a lost answer the key has another id already: that one is regenerated, for its secret is lost.
            nonlocal target
            target = self.current() or target
            return self._send_regenerate(target, interval, unit)

        try:
            row = self.write_once(send, lambda found: False)
        except AirsForbiddenError as error:
            # The service says so of a key that is there no more, too.
            self.session.forget(self.resource)
            if (self.current() or target).get(API_KEY.id_field) == target.get(API_KEY.id_field):
                raise
            self._overtaken = True
            why = "someone else has regenerated it in the meantime"
            raise AirsConflictError(
                error.what, why, method=error.method, path=error.path, status=error.status
            ) from None
        return self._keep(row, self.current() or before)

    def _send_regenerate(self, row: Row, interval: int, unit: str) -> Row:
        """Replace a key by a new one of the same name, and return it with its secret in api_key."""
        client = self.session.client
        body = {"rotation_time_interval": interval, "rotation_time_unit": unit, "updated_by": client.updated_by}
        what = f"regenerate {self.resource.title(self.name)}"
        check_request(models.RegenerateApiKeyRequest, body, what)
        path = f"/v1/mgmt/apikey/regenerate/{quote(row[API_KEY.id_field], safe='')}"
        made = client.checked_row(API_KEY, what, "POST", path, client.call("POST", path, what, API_KEY, body=body))
        if not made.get("api_key"):
            reason = "the response has no 'api_key'"
            raise AirsBrokenAnswerError(what, reason, method="POST", path=client.path_of(path))
        return made

    def _keep(self, row: Row, replaced: Row | None) -> Outcome:
        """Store the secret before anything else, then take in the row without it."""
        secret = row.pop("api_key")
        if self._file:
            tenant = str(row.get("tsg_id") or self._owner.tenant)
            self._file.store(secret, dataclasses.replace(self._owner, tenant=tenant))
        return Outcome(self.remember(row, replaced), None if self._file else secret)

    def remember(self, row: Row, replaces: Row | None = None) -> Row:
        """Take in the answer, and the application that the service made with the key."""
        known = super().remember(row, replaces)
        for applications in self.session.known(CUSTOMER_APP):
            _remember_application(applications, known)
        return known

    def record_planned(self, plan: Plan) -> None:
        """Let the session hold what the plan will make, the application of a new key included."""
        super().record_planned(plan)
        if plan.action == "delete" and plan.before is not None:
            for applications in self.session.known(CUSTOMER_APP):
                _forget_key(applications, plan.before)
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
        """Return why the key is renewed, and where its secret is; that of a key that goes is of no use."""
        if plan.action == "delete":
            return {}
        return {
            **({"reason": self._reason} if self._reason else {}),
            **({"secret_path": self._file.path} if self._file else {}),
        }


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


def _forget_key(applications: Snapshot, key: Row) -> None:
    """Take a key out of the row of its application."""
    held = applications.newest(key.get("cust_app") or "")
    if held is not None:
        infos = [info for info in held.get("api_keys_dp_info") or [] if info.get("api_key_name") != key["api_key_name"]]
        applications.put({**held, "api_keys_dp_info": infos}, held)


def owner_of(session: Session, name: str) -> Owner:
    """Return a key as the one whose secret a place may hold: the present one, or one that was replaced.

    Args:
        session: the tenant.
        name: name of the key.
    """
    rows = session.current(API_KEY).revisions(name)
    return Owner(
        API_KEY.title(name), session.tenant(), tuple(last8 for row in rows if (last8 := row.get("api_key_last8")))
    )


def foreign(session: Session, name: str, held: Mapping[str, Any]) -> str:
    """Return why what a place holds is not replaced by a new secret of a key, or "".

    Args:
        session: the tenant.
        name: name of the key.
        held: what airs_secret_file has found: last8, is_file, noted_tsg_ids, and what sentences call it in title.
    """
    last8, tenants, owner = str(held["last8"] or ""), held["noted_tsg_ids"], owner_of(session, name)
    rows = session.current(API_KEY).rows_with("api_key_last8", last8) if last8 else []
    others = [row.get(API_KEY.name_field) or "" for row in rows if row.get(API_KEY.name_field) != name]
    if others:
        return f"{held['title']} contains the secret of {API_KEY.title(others[0])}. Use a different destination."
    # What a store that is no folder holds, nobody has noted.
    if not held["is_file"] or owner.may_replace_last8(last8, tenants):
        return ""
    if tenants:
        return (
            f"{held['title']} contains the secret of {owner.what} of tenant {tenants[0]}. Use {{tsg_id}} in the path."
        )
    return (
        f"{held['title']} contains something other than a previous secret of {owner.what}. Move it, or use a different "
        "destination."
    )


def described(row: Row, within: int | None = None) -> Row:
    """Return a key with the days that it has left, and why it is due."""
    return {**row, "days_left": days_left(row), "due": due(row, within)}


def note_unreadable(session: Session, rows: Sequence[Row]) -> None:
    """Warn of the keys whose expiration cannot be read, once for all of them."""
    names = [row.get(API_KEY.name_field) or "" for row in rows if not expiry(row).readable]
    session.note_names("The expiration date cannot be parsed, so they are considered due for rotation", API_KEY, names)


#: How a report tells keys, in its order: the last three by when they expire.
_STATUSES = ("expired", "revoked", "soon", "later", "never")


def _reported(row: Row, soon: int | None) -> Row:
    left = row["days_left"]
    return {
        "name": row[API_KEY.name_field],
        "application": row.get("cust_app") or "",
        "environment": row.get("cust_env") or "",
        "deployment_profile": row.get("dp_name") or "",
        "expires": str(row.get("expiration") or "")[:10],
        "days_left": left,
        "status": _status(row, soon),
    }


def _status(row: Row, soon: int | None) -> str:
    state = status(row, soon)
    if state == "valid":
        return "never" if row["days_left"] is None else "later"
    return "soon" if state == "expiring" else state


def _urgency(key: Row) -> tuple[int, int, str]:
    days = None if key["status"] == "revoked" else key["days_left"]
    return _STATUSES.index(key["status"]), days or 0, "" if days is not None else key["name"].lower()


def _deployment_profiles(session: Session) -> dict[Any, str]:
    """Return the names of deployment profiles by their auth codes."""
    lists = [session.snapshot(DEPLOYMENT_PROFILE, **filters) for filters in DEPLOYMENT_PROFILE.further_lists]
    rows = [row for known in (*lists, session.current(DEPLOYMENT_PROFILE)) for row in known.rows()]
    return {row.get("auth_code"): row["dp_name"] for row in rows}


def _describer(options: Options, session: Session) -> Describe:
    limit = options["expires_within"]
    if options["name"] is None:
        note_unreadable(session, session.current(API_KEY).rows())

    return lambda row: described(row, limit) if limit is None or runs_out(row, limit) else None


API_KEY_MODULE = ModuleSpec(
    name="airs_api_key",
    options={
        **MANAGEMENT_OPTIONS,
        **STATE_OPTION,
        **API_KEY.option_specs(),
        "regenerate": {"type": "str", "choices": ["never", "expiring", "always"], "default": "never"},
        "regenerate_before": {"type": "int"},
        "secret_path": {"type": "path", "no_log": False},
        "stored_last8": {"type": "str", "no_log": False},
    },
    handler=write_handler(ApiKeyReconciler),
    constraints={"mutually_exclusive": [("deployment_profile", "auth_code")]},
    # Also asked of what a tenant's configuration says of a key, where defaults are not filled in yet.
    returns_secret=lambda options: options.get("state") != "absent" and not options.get("secret_path"),
)

API_KEY_INFO_MODULE = info_module(API_KEY, options={"expires_within": {"type": "int"}}, describer=_describer)
