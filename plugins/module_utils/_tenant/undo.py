# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Revert the changes of a run of airs_application, in reverse order, because a profile references its topics.

All steps are attempted, even if some of them fail. Created objects are deleted, changed objects get their previous
content. Changes that cannot be reverted are reported with the reason.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from .._common.errors import AirsError, AirsInputError, AirsSecretStoreError, foreseen
from .._common.files import remove
from .._common.secret_file import SecretFile
from .._common.secret_place import FilePlace
from .._common.wording import one_line
from .._engine.masking import PART
from .._engine.options import Options
from .._engine.reconcile import Plan, Reconciler
from .._engine.session import Session
from .._engine.task import Task
from .._kinds.api_key import ApiKeyReconciler
from .._kinds.custom_topic import CustomTopicReconciler
from .._kinds.registry import API_KEY, CUSTOM_TOPIC, SECURITY_PROFILE
from .._kinds.security_profile import SecurityProfileReconciler
from .._policy import document
from .._policy.protection import Names
from .._service.resource import Row

#: Options of deletions that the kinds look at.
_ABSENT = {"state": "absent", "secret_path": None, "customer_app_id": None, "prune_revisions": None, "force": False}


class _FormerProfile(SecurityProfileReconciler):
    """A profile that gets a policy as it stood before, whatever it has now."""

    def desired(self, before: Row | None) -> Row:
        """Return the former policy."""
        return {"policy": document.desired_policy(self.options["former_policy"], {}, Names({}, {}))}


_RECONCILERS: Mapping[str, type[Reconciler]] = {
    CUSTOM_TOPIC.kind: CustomTopicReconciler,
    SECURITY_PROFILE.kind: _FormerProfile,
    API_KEY.kind: ApiKeyReconciler,
}


def restore(task: Task) -> dict[str, Any]:
    """Put back what a run has touched.

    Args:
        task: with what that run has returned as undo.

    Returns:
        What became of each part, and what is to be done about the secret.

    Raises:
        AirsInputError: undo is not what a run has returned.
    """
    undo = task.options["undo"]
    try:
        parts, secret = list(undo["parts"]), dict(undo["secret"])
        known = all(part["kind"] in _RECONCILERS and "before" in part for part in parts)
    except (KeyError, TypeError):
        known = False
    if not known:
        raise AirsInputError("undo must be a value that this module returned. Nothing was changed.")
    return _Undoing(task, parts, secret).run()


def roll_back(task: Task, undo: Row, error: AirsError) -> dict[str, Any]:
    """Put back in the same task what it has touched.

    Args:
        task: the task that has failed.
        undo: what it has touched.
        error: what it has failed with.

    Returns:
        The sentence with what became of it, and what is not undone.
    """
    task.runtime.sessions.clear()  # what was read before is not what there is now
    try:
        done = restore(task.about({**task.options, "undo": undo}))
    except AirsError as trouble:
        done = {"parts": [], "not_undone": [trouble.message]}
    why = error.message
    key_is_gone = any(part["kind"] == API_KEY.kind and part["action"] == "delete" for part in done["parts"])
    if isinstance(error, AirsSecretStoreError) and key_is_gone:
        # Its secret is of no use, wherever it was saved.
        with suppress(OSError):
            if error.recovered:
                remove(error.recovered)
            why = error.why
    if done["not_undone"]:
        outcome = f" Not undone: {' '.join(done['not_undone'])}"
    else:
        outcome = " Deleted what this run created, and restored what it changed." if done["parts"] else ""
    return {"msg": f"{why}{outcome}", "not_undone": done["not_undone"]}


class _Undoing:
    """One run with state restored."""

    def __init__(self, task: Task, parts: list[Row], secret: Row) -> None:
        self._task = task
        self._session: Session = task.session()
        self._parts = parts
        self._secret = secret
        self._told: list[Row] = []
        self._diffs: list[Row] = []
        # A profile that was there keeps the revision of the run, which pins new topics: only force frees them.
        self._pinned = any(part["kind"] == SECURITY_PROFILE.kind and part["before"] is not None for part in parts)

    def run(self) -> dict[str, Any]:
        """Try every step, and return what came of it."""
        for part in reversed(self._parts):
            if part["kind"] == API_KEY.kind:
                self._undo_key(part)
                continue
            title = _RECONCILERS[part["kind"]].resource.title(part["name"])
            title = title[:1].upper() + title[1:]
            if part.get("adopted"):
                why = f"{title} is kept because another run may have created it at the same time."
                self._tell(part["kind"], part["name"], "stays", "adopted", why)
            elif PART in str(part["before"]):
                # Written as it is, it would be another text.
                why = f"{title} is not restored because its previous text contained a secret."
                self._tell(part["kind"], part["name"], "stays", "masked", why)
            else:
                self._undo(part["kind"], part["name"], self._options(part))
        action = self._secret_action()
        if action != "none" and self._secret["path"]:
            self._end(action)
            action = "none"
        result: dict[str, Any] = {
            "changed": any(row["action"] not in ("none", "stays") for row in self._told),
            "parts": self._told,
            "not_undone": [row["message"] for row in self._told if row["action"] == "stays"],
            "secret_action": action,
        }
        return {**result, **({"diff": self._diffs} if self._task.diff_mode else {})}

    def _options(self, part: Row) -> Options:
        before = part["before"]
        if before is None:
            return {**_ABSENT, "force": self._pinned and part["kind"] == CUSTOM_TOPIC.kind}
        if part["kind"] == CUSTOM_TOPIC.kind:
            return {**_ABSENT, "state": "present", "examples": [], **before}
        return {**_ABSENT, "state": "present", "former_policy": before["policy"]}

    def _undo(self, kind: str, name: str, options: Options) -> bool:
        """Take one step; tell whether it went well."""
        reconciler = _RECONCILERS[kind](self._session, self._task.about({**options, "name": name}))
        try:
            plan = reconciler.plan()
            if not self._task.check_mode:
                reconciler.apply(plan)
        except Exception as error:  # noqa: BLE001 - every step is tried
            self._tell(kind, name, "stays", "failed", foreseen(error).message)
            return False
        self._tell(kind, name, plan.action)
        self._show(reconciler, plan)
        return True

    def _show(self, reconciler: Reconciler, plan: Plan) -> None:
        if plan.changes:
            self._diffs.append(reconciler.diff(plan))

    def _undo_key(self, part: Row) -> None:
        name, secret = part["name"], self._secret
        title = API_KEY.title(name)
        if part["before"] is not None:
            sure = "was" if part.get("certain") else "may have been"
            self._tell(
                API_KEY.kind,
                name,
                "stays",
                "regenerated",
                f"{title} {sure} regenerated: {self._place} "
                f"{'contains' if part.get('certain') else 'should contain'} the new secret, and the old one "
                "no longer works.",
            )
        elif secret["application_was_there"] and self._is_there(name):
            self._tell(
                API_KEY.kind,
                name,
                "stays",
                "application_was_there",
                f"{title} is kept because deleting it would also delete application "
                f"'{secret['customer_app']}', which existed before. {self._place} contains its secret.",
            )
        elif not secret["application_was_there"] and self._undo(API_KEY.kind, name, _ABSENT):
            self._remove_file(None if secret["journal"] else secret["path"])

    def _remove_file(self, path: str | None) -> None:
        """Remove the file of the key that is gone; what else it may hold stays, and so does a link to it."""
        if not path or not self._secret["last8"]:
            return
        file = os.path.realpath(path)
        try:
            if SecretFile(file, "").last8() != self._secret["last8"]:
                return
            if not self._task.check_mode:
                SecretFile(file, "").remove()
        except OSError as error:
            self._tell("secret", path, "stays", "failed", f"Cannot remove {path}: {error.strerror}.")
            return
        except AirsError as error:
            self._tell("secret", path, "stays", "failed", error.message)
            return
        self._tell("secret", path, "delete")

    def _end(self, action: str) -> None:
        """Take the last step with a file that has a journal, where nothing of another run is lost by it."""
        path, dry = str(self._secret["path"]), self._task.check_mode
        place, gone = FilePlace(str(self._secret["key"]), path, path), False
        try:
            if action == "remove" and self._secret["stored"]:
                gone = place.remove(dry)
            elif place.journal_secret()[-8:] in ("", self._secret["last8"]):
                place.finish(dry)
        except AirsError as error:
            self._tell("secret", path, "stays", "failed", error.message)
            return
        if gone:
            self._tell("secret", path, "delete")

    @property
    def _place(self) -> str:
        journal = self._secret["journal"]
        return str(journal if journal and os.path.exists(journal) else self._secret["place"])

    def _is_there(self, name: str) -> bool:
        """Tell whether there is a key; one that cannot be looked for may be."""
        with suppress(AirsError):
            return self._session.current(API_KEY).find(name) is not None
        return True

    def _secret_action(self) -> str:
        """Return what the caller has to do about a place that only it can reach."""
        secret = self._secret
        if secret["journal"] is None:
            return "none"
        if not secret["key_was_there"]:
            if self._is_there(secret["key"]):
                return "none"
            # A key that is gone has no secret; where none was made, what is there now is another run's.
            return "finish" if secret["last8"] is None else "remove"
        replaced = any(part["kind"] == API_KEY.kind for part in self._parts)
        return "finish" if secret["due"] and not secret["pending"] and not replaced else "none"

    def _tell(self, kind: str, name: str, action: str, reason: str = "", message: str = "") -> None:
        self._told.append(
            {"kind": kind, "name": name, "action": action, "reason": reason, "message": one_line(message)}
        )
