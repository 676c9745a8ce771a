# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Delete an application: objects that only it uses are deleted, shared objects are kept and reported with their users.

The application is deleted first, so that it can no longer be used to scan, followed by its protections. The service
rejects the deletion of objects that are in use (409): this is not an error, and the object is kept. Deletions are never
forced.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

from .._common.errors import AirsConflictError, AirsError, AirsInputError, failed
from .._common.file_names import file_name
from .._common.files import read_text, replace
from .._common.secret_file import SecretFile
from .._common.secret_place import FilePlace
from .._common.wording import called, did_you_mean, one_line
from .._engine.options import Options, names_in
from .._engine.reconcile import Reconciler
from .._engine.secret_file import files_of
from .._engine.session import Listing, Session
from .._engine.task import Task
from .._kinds.api_key import ApiKeyReconciler, owner_of
from .._kinds.custom_topic import CustomTopicReconciler, pins_by_topic
from .._kinds.customer_app import CustomerAppReconciler, key_names
from .._kinds.registry import API_KEY, CUSTOM_TOPIC, CUSTOMER_APP, DEPLOYMENT_PROFILE, SECURITY_PROFILE
from .._kinds.security_profile import SecurityProfileReconciler
from .._service.resource import Row

Action = Literal["delete", "stays", "none"]

_ABSENT = {"state": "absent", "secret_path": None, "customer_app_id": None, "prune_revisions": None, "force": False}
_LABELS = {
    CUSTOMER_APP.kind: "application",
    API_KEY.kind: API_KEY.label,
    SECURITY_PROFILE.kind: SECURITY_PROFILE.label,
    CUSTOM_TOPIC.kind: CUSTOM_TOPIC.label,
    "secret": "secret in",
}
_HISTORY = Listing(SECURITY_PROFILE, {"latest": False})


def remove(task: Task) -> dict[str, Any]:
    """Remove an application with what nobody else uses.

    Raises:
        AirsInputError: what is asked for cannot be meant; nothing was changed.
        AirsExchangeError: the service could not be read.
    """
    removal = _Removal(task, task.session())
    removal.look()
    if not task.check_mode:
        try:
            removal.perform()
        except Exception as error:  # noqa: BLE001 - what was removed before must be told
            told = failed(error)
            return {**removal.result(), **told, "msg": f"{told['msg']} {removal.left()}"}
    return removal.result()


class _Removal:
    """One run with state absent: look(), perform(), and at any time parts().

    Args:
        task: the task.
        session: the tenant.
    """

    def __init__(self, task: Task, session: Session) -> None:
        self._task = task
        self._session = session
        options = task.options
        self.name = str(options["name"])
        self.app = str(options["customer_app"] or self.name)
        self.keys = [self.name] if options["keys"] is None else names_in(options["keys"])
        profile = options["security_profile"] or {}
        self.profile = self.name if profile.get("name") is None else str(profile["name"]).strip()
        topics = options["remove_topics"]
        mode = topics.strip() if isinstance(topics, str) else ""
        self.topics_mode = mode if mode in ("unused", "none") else "named"
        self._named_topics = names_in(topics) if self.topics_mode == "named" else []
        self._path = os.path.abspath(options["secret_path"]) if options["secret_path"] else ""
        self._file = SecretFile(self._path, "")
        self._done: set[tuple[str, str]] = set()
        #: What the service refused to delete, and its words.
        self._refused: dict[tuple[str, str], str] = {}
        self._diffs: list[Row] = []

    # --- looking -----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Read what there is, and keep what later lists do not show.

        Raises:
            AirsInputError: an API key is another application's, secret_path is no file, or the service sent no list of
                applications or keys.
            AirsExchangeError: the service could not be read.
        """
        wanted = [Listing.of_current(CUSTOMER_APP), Listing.of_current(API_KEY)]
        wanted += [Listing.of_current(CUSTOM_TOPIC)] if self.topics_mode != "none" else []
        wanted += [_HISTORY] if self.profile or self.topics_mode != "none" else []
        self._session.read_together(each for each in wanted if not self._session.known(each.resource))
        apps, keys = (self._session.current(kind).rows() for kind in (CUSTOMER_APP, API_KEY))
        self._refuse_strangers(keys)
        own = [row for row in apps if row.get("app_name") == self.app]
        self.app_is_there = bool(own)
        # By both lists: each may leave out what the other has.
        by_key = [str(row.get("api_key_name")) for row in keys if row.get("cust_app") == self.app]
        self.found_keys = sorted({*by_key, *(name for row in own for name in key_names(row))})
        self.keys_of_others = [name for name in self.found_keys if name not in self.keys]
        others = {row["app_name"]: row for row in apps if row.get("app_name") and row["app_name"] != self.app}
        users = [name for name, row in others.items() if self.profile in (name, row.get("ai_sec_profile_name"))]
        # An application whose key is there is in use, whether it is listed itself or not.
        users += [self.profile for row in keys if row.get("cust_app") == self.profile != self.app]
        self.profile_users = list(dict.fromkeys([*([self.app] if self.keys_of_others else []), *users]))
        self.owners = {
            row["api_key_last8"]: str(row.get("api_key_name"))
            for row in keys
            if row.get("api_key_last8") and row.get("api_key_name") not in self.found_keys
        }
        reads_profiles = self.profile or self.topics_mode != "none"
        history = self._session.snapshot(SECURITY_PROFILE, latest=False) if reads_profiles else None
        self.revisions = len(history.revisions(self.profile)) if history and self.profile else 0
        self._file_last8 = (self._file.last8() or "") if self._path else ""
        self._file_is_there = bool(self._path) and os.path.lexists(self._path)
        if self._file_is_there and not self._session.tenant():
            with suppress(AirsError):
                self._session.current(DEPLOYMENT_PROFILE)  # the last that may tell whose tenant this is
        owners = [owner_of(self._session, name) for name in dict.fromkeys([*self.keys, *self.found_keys])]
        self._file_owner = next((owner for owner in owners if self._path and self._file.holds(owner)), None)
        self._places = self._looked_into()
        self._note = self._note_path()
        self.topics = self._candidates()
        self._tell_missing()
        if self.app_is_there or self.found_keys or self.revisions or self.topics:
            # Who else uses any of it, only these two lists can tell.
            for kind in (CUSTOMER_APP, API_KEY):
                self._session.require_certain(kind)
        if self.topics:
            self._session.require_certain(SECURITY_PROFILE, latest=False)

    def _looked_into(self) -> list[tuple[FilePlace, str]]:
        """Return the files of the option path, one for each key, with the secrets that they hold.

        Raises:
            AirsInputError: one cannot be read.
        """
        if not self._task.options["path"]:
            return []
        owners = {name: owner_of(self._session, name) for name in self.keys}
        files = files_of(self._task, dict.fromkeys(self.keys, self.app), owners, self._session.tenant())
        return [(place, place.secret()) for place in files]

    def _tell_missing(self) -> None:
        """Keep what was named and is not there, and note it: a mistyped name would look like a deed that is done."""
        keys = self.keys if self._task.options["keys"] is not None else []
        named = {API_KEY: keys, CUSTOM_TOPIC: self._named_topics}
        there = {API_KEY: self.found_keys, CUSTOM_TOPIC: self.topics}
        self.missing = [(kind.kind, name) for kind in named for name in named[kind] if name not in there[kind]]
        if self.app_is_there or self.found_keys or self.revisions or self.topics:
            for kind in named:
                gone = [name for found, name in self.missing if found == kind.kind]
                self._session.note_names("Not deleted because they do not exist", kind, gone)
            return
        meant = did_you_mean(self._session.current(CUSTOMER_APP).near(self.app))
        told = f"There is nothing to delete for {CUSTOMER_APP.title(self.app)}."
        self._session.notes.append(f"{told}{' ' * bool(meant)}{meant[:1].upper()}{meant[1:]}")

    def _refuse_strangers(self, keys: list[Row]) -> None:
        for row in keys:
            name, app = row.get("api_key_name"), row.get("cust_app")
            if name in self.keys and app is not None and app != self.app:
                raise AirsInputError(
                    f"{API_KEY.title(str(name))} belongs to application '{app}', not to '{self.app}'. "
                    f"Specify the application with {called('customer_app')}, or its API keys with "
                    f"{called('keys')}. Nothing was changed."
                )

    def _candidates(self) -> list[str]:
        """Return the names of the topics that may go."""
        rows, noted = self._topic_rows(), self._noted_ids()
        if self.topics_mode == "named":
            found = {row["topic_name"] for row in rows if row["topic_name"] in self._named_topics}
        else:
            pinned = self._pins()
            found = {
                row["topic_name"]
                for row in rows
                if row.get("topic_id") in noted
                or any(pin["profile_name"] == self.profile for pin in pinned.get(str(row.get("topic_id")), []))
            }
        return sorted(found)

    def _topic_rows(self) -> list[Row]:
        return [] if self.topics_mode == "none" else self._session.current(CUSTOM_TOPIC).rows()

    def _pins(self) -> dict[str, list[Row]]:
        return {} if self.topics_mode == "none" else pins_by_topic(self._session)

    # --- what goes and what stays ------------------------------------------------------------------------------------

    @property
    def _app_stays(self) -> bool:
        return bool(self.keys_of_others)

    @property
    def _profile_goes(self) -> bool:
        refused = (SECURITY_PROFILE.kind, self.profile) in self._refused
        return bool(self.revisions) and not self.profile_users and not refused

    def parts(self) -> list[Row]:
        """Return for each part whether it goes, or why it stays."""
        found = [self._app_part(), *map(self._key_part, self.found_keys)]
        found += [self._profile_part()] if self.profile else []
        pins = self._pins_of_others()
        found += [self._topic_part(name, pins.get(name, [])) for name in self.topics]
        found += [self._part(kind, name, "none") for kind, name in self.missing]
        if self._path:
            found.append(self._file_part())
        return found

    def secrets(self) -> list[Row]:
        """Return the same for the secrets in files of the option path, or those that only the caller can reach."""
        if self._places:
            return [self._held_part(place, secret) for place, secret in self._places]
        stored: list[Options] = self._task.options["stored_secrets"] or []
        found = [self._secret_part(each["place"], each["last8"] or "", bool(each["last8"])) for each in stored]
        if not self._task.check_mode:
            for part in found:
                part["message"] = part["message"].replace("to be removed", "removed")
        return found

    def _app_part(self) -> Row:
        if self._app_stays:
            others = self.keys_of_others
            why = f"kept because it has other API keys: {', '.join(others)}"
            return self._part(CUSTOMER_APP.kind, self.app, "stays", "other_keys", why, others)
        return self._part(CUSTOMER_APP.kind, self.app, "delete" if self.app_is_there else "none")

    def _key_part(self, name: str) -> Row:
        if self._app_stays:
            why = "kept together with the application"
            return self._part(API_KEY.kind, name, "stays", "with_application", why, [self.app])
        return self._part(API_KEY.kind, name, "delete")

    def _profile_part(self) -> Row:
        kind, name = SECURITY_PROFILE.kind, self.profile
        refused, users = self._refused.get((kind, name)), self.profile_users
        if refused:
            return self._part(kind, name, "stays", "refused", f"kept. {refused}")
        if not self.revisions:
            return self._part(kind, name, "none")
        if users:
            why = f"kept because it is used by application {', '.join(users)}"
            return self._part(kind, name, "stays", "used_by_applications", why, users)
        count = f", with {self.revisions} revision{'s' * (self.revisions > 1)}"
        return self._part(kind, name, "delete", more=count)

    def _pins_of_others(self) -> dict[str, list[Row]]:
        """Return the profile revisions that keep topics, by the names of these."""
        pins = self._pins()
        kept: dict[str, list[Row]] = {}
        for row in self._topic_rows():
            for pin in pins.get(str(row.get("topic_id")), []):
                if not (self._profile_goes and pin["profile_name"] == self.profile):
                    kept.setdefault(row["topic_name"], []).append(pin)
        return kept

    def _topic_part(self, name: str, pins: list[Row]) -> Row:
        kind = CUSTOM_TOPIC.kind
        refused = self._refused.get((kind, name))
        if refused:
            return self._part(kind, name, "stays", "refused", f"kept. {refused}")
        if (kind, name) in self._done:
            return self._part(kind, name, "delete")
        if pins:
            users: dict[str, set[int]] = {}
            for pin in pins:
                users.setdefault(pin["profile_name"], set()).add(pin["profile_revision"] or 0)
            told = ", ".join(
                f"security profile {user} (revision{'s' * (len(revisions) > 1)} "
                f"{', '.join(map(str, sorted(revisions)))})"
                for user, revisions in sorted(users.items())
            )
            return self._part(kind, name, "stays", "pinned", f"kept because it is pinned by {told}", sorted(users))
        if self.topics_mode == "unused" and self._has_no_examples(name):
            why = "kept because it has no examples and might be predefined; specify its name to delete it"
            return self._part(kind, name, "stays", "maybe_built_in", why)
        return self._part(kind, name, "delete")

    def _has_no_examples(self, name: str) -> bool:
        return any(not row.get("examples") for row in self._topic_rows() if row["topic_name"] == name)

    def _file_part(self) -> Row:
        """Return the part of the file, of which only a secret of the application's keys is removed."""
        part = self._secret_part(self._path, self._file_last8, self._file_is_there)
        if part["action"] != "delete" or self._file_owner:
            return part
        why = "kept because it contains something other than a secret of the application's API keys"
        return self._part("secret", self._path, "stays", "something_else", why)

    def _held_part(self, place: FilePlace, secret: str) -> Row:
        part = self._secret_part(place.title, secret[-8:], bool(secret))
        if part["action"] != "delete" or ("secret", place.title) in self._done:
            return part
        if place.owner.may_replace(place.where, secret):
            return part
        why = f"kept because it contains something other than a secret of {place.owner.what}"
        return self._part("secret", place.title, "stays", "something_else", why)

    def _secret_part(self, place: str, last8: str, there: bool) -> Row:
        owner = self.owners.get(last8) if last8 else None
        if not there:
            done = ("secret", place) in self._done
            return self._part("secret", place, "delete" if done else "none")
        if self._app_stays:
            return self._part(
                "secret", place, "stays", "with_application", "kept together with the application", [self.app]
            )
        if owner:
            return self._part(
                "secret", place, "stays", "other_key", f"kept because it belongs to API key {owner}", [owner]
            )
        return self._part("secret", place, "delete")

    def _part(
        self,
        kind: str,
        name: str,
        action: Action,
        reason: str = "",
        message: str = "",
        users: list[str] | None = None,
        more: str = "",
    ) -> Row:
        done = (kind, name) in self._done
        usual = {"delete": "removed" if done else "to be removed", "none": "does not exist"}.get(action, "")
        return {
            "kind": kind,
            "name": name,
            "action": action,
            "reason": reason,
            "users": users or [],
            "title": one_line(f"{_LABELS[kind]} {name}"),
            "message": one_line(f"{message or usual}{more}"),
        }

    # --- doing -------------------------------------------------------------------------------------------------------

    def perform(self) -> None:
        """Remove what goes.

        Raises:
            AirsError: a step failed; the next run does what is left.
        """
        if self._file_owner and self._file_is_there:
            # Once the keys are gone, nothing else tells whose it was.
            self._file.claim(self._file_owner)
        going = [held for held in self._places if self._held_part(*held)["action"] == "delete"]
        for place, secret in going:
            place.owner.note(place.where, secret)
        if self.app_is_there and not self._app_stays:
            self._delete(CustomerAppReconciler, self.app)
            self._done.update((API_KEY.kind, name) for name in self.found_keys)
        elif not self._app_stays:
            for name in self.found_keys:
                self._delete(ApiKeyReconciler, name)
        self._remove_file()
        for place, _secret in going:
            place.remove(False)
            self._done.add(("secret", place.title))
        if self.topics_mode == "unused" and self._profile_goes and self.topics:
            self._write_note()
        if self._profile_goes:
            self._delete(SecurityProfileReconciler, self.profile)
        self._look_again()
        for part in [part for part in self.parts() if part["kind"] == CUSTOM_TOPIC.kind and part["action"] == "delete"]:
            self._delete(CustomTopicReconciler, part["name"])
        with suppress(OSError):
            os.unlink(self._note)

    def _delete(self, kind: type[Reconciler], name: str) -> None:
        """Delete an object; what the service refuses because others use it stays."""
        reconciler = kind(self._session, self._task.about({**_ABSENT, "name": name}))
        key = (reconciler.resource.kind, name)
        try:
            plan = reconciler.plan()
            reconciler.apply(plan)
        except AirsConflictError as error:
            if kind not in (SecurityProfileReconciler, CustomTopicReconciler):
                raise
            self._refused[key] = error.with_hint(reconciler.blockers(error) or "").message
            return
        self._done.add(key)
        self._diffs.append(reconciler.diff(plan))

    def _remove_file(self) -> None:
        part = self._file_part() if self._path else {}
        if part.get("action") == "delete":
            try:
                self._file.remove()
            except OSError as error:
                raise AirsError(f"Cannot remove {self._path}: {error.strerror}.") from None
            self._done.add(("secret", self._path))

    def _look_again(self) -> None:
        """Read again who pins the topics: it may have been removed meanwhile, at the same time as this application."""
        gone = (SECURITY_PROFILE.kind, self.profile) in self._done
        if gone and set(self.topics) & set(self._pins_of_others()):
            self._session.forget(SECURITY_PROFILE, CUSTOM_TOPIC)
            self.topics = [name for name in self.topics if self._session.current(CUSTOM_TOPIC).find(name) is not None]

    # --- the note for a run that has to finish this one --------------------------------------------------------------
    # Once the profile is gone, nothing tells whose its topics were.

    def _note_path(self) -> str:
        """Return where topics are noted: for each tenant and application, in Ansible's home."""
        tenant = next((str(row.get("tsg_id") or "") for row in self._topic_rows()), "")
        digest = hashlib.sha256(f"{self.name}/{self.profile}".encode()).hexdigest()[:16]
        return os.path.join(self._task.runtime.recovery_folder, f"airs_offboard_{file_name(tenant)}_{digest}.json")

    def _noted_ids(self) -> list[str]:
        try:
            return list(json.loads(read_text(self._note))["topic_ids"])
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def _write_note(self) -> None:
        ids = [row.get("topic_id") for row in self._topic_rows() if row["topic_name"] in self.topics]
        text = json.dumps({"application": self.name, "topic_ids": ids}, indent=4)
        try:
            os.makedirs(os.path.dirname(self._note), mode=0o700, exist_ok=True)
            replace(self._note, text, 0o600)
        except OSError as error:
            raise AirsError(f"Cannot write the topics to {self._note}: {error.strerror}.") from None

    # --- results -----------------------------------------------------------------------------------------------------

    def result(self) -> dict[str, Any]:
        """Return what becomes of each part."""
        parts, secrets = self.parts(), self.secrets()
        going = [part for part in [*parts, *secrets] if part["action"] == "delete"]
        left = [part for part in going if (part["kind"], part["name"]) not in self._done]
        mine = [part for part in going if self._places or part not in secrets]
        changed = mine if self._task.check_mode else [part for part in mine if part not in left]
        result: dict[str, Any] = {
            "changed": bool(changed),
            "parts": parts,
            "secrets": secrets,
            # A note that is left wants to be removed, too.
            "to_do": bool(left) or os.path.exists(self._note),
        }
        if self._task.diff_mode:
            result["diff"] = self._diffs or [self._foreseen(part) for part in changed if part["kind"] != "secret"]
        return result

    def _foreseen(self, part: Mapping[str, Any]) -> Row:
        return {"before": {"name": part["name"]}, "after": {}, "before_header": part["title"], "after_header": ""}

    def left(self) -> str:
        """Return the sentence that says what another run would remove."""
        parts = [part for part in [*self.parts(), *self.secrets()] if part["action"] == "delete"]
        left = [part["title"] for part in parts if (part["kind"], part["name"]) not in self._done]
        return (
            f"Run again to remove the remaining objects: {', '.join(left)}." if left else "Everything else was removed."
        )
