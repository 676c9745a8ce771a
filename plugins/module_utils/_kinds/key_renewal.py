# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotate API keys whose secrets are in files, in a single task, because starting each step with Ansible takes longer.

Keys are rotated one after the other, so that at most one secret is not yet in its destination. A key that fails does
not stop the others, and the next run completes an interrupted one: key_rotation.py determines the remaining steps from
the journal.
"""

from __future__ import annotations

from typing import Any

from .._common.errors import AirsInputError, AirsSecretStoreError, foreseen
from .._common.secret_place import Place
from .._common.wording import called, one_line, some
from .._engine.module import ModuleSpec
from .._engine.secret_file import PLACE_CONSTRAINTS, PLACE_OPTIONS, files_of
from .._engine.session import Session
from .._engine.task import Task
from .._scan.proof import PROOF_OPTIONS, prove, require_scans
from .._service.resource import Row
from .api_key import API_KEY_MODULE, ApiKeyReconciler, owner_of
from .key_rotation import ROTATION_OPTIONS, chosen, plans, told
from .registry import API_KEY

#: What a new key is scanned with: a harmless prompt, of which nothing is expected but an answer.
_SCANS = [{"prompt": "How can I change the delivery address of my order?"}]


def handle(task: Task) -> dict[str, Any]:
    """Rotate keys.

    Raises:
        AirsInputError: what is asked for cannot be done; nothing was changed.
        AirsExchangeError: the service could not be read.
    """
    session, rows, wish = chosen(task)
    places = _places(task, session, rows)
    states: dict[str, dict[str, Any]] = {}
    errors: dict[str, str] = {}
    for name, place in places.items():
        try:
            states[name] = place.found(place.secret())
        except AirsInputError as error:
            errors[name] = error.message
    verify = bool(task.options["verify"])
    planned = plans(session, rows, wish, states, (task.options["profiles"] or {}) if verify else None)
    if verify and task.options["contents"] == []:
        raise AirsInputError(
            f"{called('contents')} is empty: omit it, or set {called('verify')} to false. Nothing was changed."
        )
    if verify:
        require_scans(task, task.options["contents"] or _SCANS)
    done: list[dict[str, Any]] = []
    for plan in planned:
        name = plan["name"]
        if name in errors:
            done.append({**plan, "action": "failed", "error": errors[name]})
        elif plan["action"] in ("none", "failed"):
            done.append(plan)
        elif task.check_mode:
            done.append({**plan, "action": "none"} if plan["action"] == "finish" else plan)
        else:
            done.append(_Renewal(task, session, places[name], plan).run())
            _say(task, done[-1])
    for row in done:
        del row["owner"]  # nobody has a use for it any more
    result = {"changed": any(row["action"] in ("rotate", "resume") for row in done), "api_keys": done}
    failed = [f"{row['name']}: {row['error']}" for row in done if row["action"] == "failed"]
    if failed:
        reasons = some(failed, separator="; ")
        result.update(failed=True, msg=f"{len(failed)} of {len(done)} API keys failed: {reasons}")
    return result


def _places(task: Task, session: Session, rows: list[Row]) -> dict[str, Place]:
    """Return the places of the secrets of keys, by name."""
    known = [told(session, row) for row in rows]
    tenant = next((key["tsg_id"] for key in known if key["tsg_id"]), None)
    owners = {key["name"]: owner_of(session, key["name"]) for key in known}
    files = files_of(task, {key["name"]: key["app"] for key in known}, owners, tenant)
    return {place.key: place for place in files}


def _say(task: Task, row: Row) -> None:
    if task.runtime.say:
        what = {"rotate": "rotated", "resume": "stored and verified", "failed": "failed"}.get(
            row["action"], "unchanged"
        )
        task.runtime.say(one_line(f"{row['name']}: {what}"))


class _Renewal:
    """One key: from the proof of its place to the end of its journal.

    Args:
        task: the task.
        session: the tenant.
        place: where the secret belongs.
        plan: what there is to do about the key.
    """

    def __init__(self, task: Task, session: Session, place: Any, plan: dict[str, Any]) -> None:
        self._task = task
        self._session = session
        self._place = place
        self._plan = plan
        self._is_new = plan["action"] == "resume"

    def run(self) -> dict[str, Any]:
        """Take all steps, and return the row of the report."""
        try:
            return self._taken()
        except Exception as error:  # noqa: BLE001 - one key must not keep the others from what they need
            seen = foreseen(error)
            kept = "" if isinstance(error, AirsSecretStoreError) or not self._is_new else self._kept()
            return {**self._plan, "action": "failed", "error": f"{seen.message}{kept}"}

    def _kept(self) -> str:
        return f" The key was regenerated, and its secret is in {one_line(self._place.journal)}. Run again."

    def _taken(self) -> dict[str, Any]:
        plan, options = self._plan, self._task.options
        if plan["action"] == "finish":
            self._place.finish(False)
            return {**plan, "action": "none"}
        if options["verify"] and not plan["profile_name"]:
            raise AirsInputError(
                f"security profile '{plan['app']}' or '{plan['name']}' to scan with does not exist: specify "
                f"a profile in {called('profiles')}, or set {called('verify')} to false. This key was not changed."
            )
        self._place.require_files()
        if plan["action"] == "rotate":
            self._place.prove(False)
            row = self._regenerate()
            if row is None:
                return {**plan, "action": "none", "new_last8": plan["old_last8"]}
            self._is_new = True
            plan = {**plan, "new_last8": row.get("api_key_last8") or "", "expiration": row.get("expiration") or ""}
        self._place.store(False)
        if options["verify"]:
            self._verify()
        self._place.finish(False)
        return plan

    def _regenerate(self) -> Row | None:
        """Renew the key, with its secret in the journal; None when another run has been faster."""
        options = self._task.options
        given = {
            "name": self._plan["name"],
            # What it holds now: another run may have been faster.
            "stored_last8": self._place.secret()[-8:],
            "secret_path": self._place.journal,
            **{name: options[name] for name in _OF_KEYS if options[name] is not None},
        }
        validated, _secrets = API_KEY_MODULE.validated(given)
        reconciler = ApiKeyReconciler(self._session, self._task.about(validated))
        plan = reconciler.plan()
        outcome = reconciler.apply(plan)
        return outcome.row if plan.changes else None

    def _verify(self) -> None:
        """Scan with the new key.

        Raises:
            AirsError: it does not work.
        """
        prove(
            self._task,
            self._task.options["contents"] or _SCANS,
            self._place.journal_secret(),
            self._plan["profile_name"],
            self._plan["app"],
            retries=self._task.options["verify_retries"],
        )


#: Options of a key that are those of the rotation.
_OF_KEYS = ("regenerate", "regenerate_before", "rotation_time_interval", "rotation_time_unit")


API_KEY_ROTATION_MODULE = ModuleSpec(
    name="airs_api_key_rotation",
    options={
        **ROTATION_OPTIONS,
        **PLACE_OPTIONS,
        "path": {**PLACE_OPTIONS["path"], "required": True},
        **{spec.option: spec.option_spec() for spec in API_KEY.fields if spec.option in _OF_KEYS},
        **PROOF_OPTIONS,
    },
    handler=handle,
    constraints=PLACE_CONSTRAINTS,
    hidden_options=("vault_password",),
)
