# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan a rotation: which API keys are considered, what is done for each of them, and why.

key_rule.py decides when a key is due. This module decides which keys to consider: a secret that is in use elsewhere is
not replaced just because a destination does not contain it, unless the key is specified by name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .._common.errors import AirsInputError
from .._common.wording import called
from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, OptionSpecs, names_in
from .._engine.session import Session
from .._engine.task import Task
from .._service.resource import Row
from .api_key import foreign, note_unreadable, owner_of
from .key_rule import Reason, days_left, reason_to_renew, too_wide
from .registry import API_KEY, CUSTOMER_APP, SECURITY_PROFILE

#: What is done about a key. A run that died has left its new secret in the journal ("resume"), or a journal that is of
#: no use ("finish"). Of one that failed, an error says why.
Action = Literal["none", "rotate", "resume", "finish", "failed"]


@dataclass(frozen=True)
class Stored:
    """What the place of a key's secret holds.

    Args:
        last8: the last 8 characters of the secret there; "" for none.
        journal_last8: those of the secret in the journal.
        interrupted: whether a run began there and did not end.
        title: how sentences call the place.
        is_file: whether it is a file.
        noted_tsg_ids: the tenant whose key of that name the secret is of, where a note says so.
    """

    last8: str = ""
    journal_last8: str = ""
    interrupted: bool = False
    title: str = ""
    is_file: bool = False
    noted_tsg_ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Stored:
        """Return a state as airs_secret_file returns it."""
        return cls(
            str(state.get("last8") or ""),
            str(state.get("journal_last8") or ""),
            bool(state.get("interrupted")),
            str(state.get("title") or ""),
            bool(state.get("is_file")),
            tuple(map(str, state.get("noted_tsg_ids") or ())),
        )

    def holds(self, row: Row) -> bool:
        """Tell whether the place has the secret of a key."""
        return bool(self.last8) and self.last8 == row.get("api_key_last8")

    def awaits(self, row: Row) -> bool:
        """Tell whether the secret of a key is on its way to the place."""
        return bool(self.journal_last8) and self.journal_last8 == row.get("api_key_last8")


@dataclass(frozen=True)
class Wish:
    """What the user asks of a rotation.

    Args:
        regenerate: "expiring" or "always".
        within: how many days before it expires a key is due, or None for what the rule says.
        named: whether the keys are named; not all of the tenant are meant.
    """

    regenerate: str
    within: int | None
    named: bool


def decide(row: Row, stored: Stored | None, wish: Wish) -> tuple[Action, Reason]:
    """Return what is done about a key, and why it is renewed.

    Args:
        row: the key.
        stored: what the place of its secret holds, or None when nobody could look.
        wish: what the user asks for.
    """
    if stored is None:
        return "none", ""
    if stored.awaits(row):
        return "resume", ""
    if not _is_ours(row, stored, wish):
        return "none", ""
    reason = reason_to_renew(row, regenerate=wish.regenerate, within=wish.within, stored=stored.holds(row))
    if reason:
        return "rotate", reason
    return ("finish" if stored.interrupted else "none"), ""


def _is_ours(row: Row, stored: Stored, wish: Wish) -> bool:
    """Tell whether a key is one that the user means: it is named, or its secret is, or was to be, in its place."""
    return wish.named or (not row.get("revoked") and (stored.holds(row) or stored.interrupted))


def handle(task: Task) -> dict[str, Any]:
    """Return the plan of a rotation.

    Raises:
        AirsInputError: a name is unknown.
        AirsExchangeError: the service could not be read.
    """
    session, rows, wish = chosen(task)
    if task.options["stored_secrets"] is None:
        return {"changed": False, "api_keys": [told(session, row) for row in rows]}
    return {
        "changed": False,
        "api_keys": plans(session, rows, wish, task.options["stored_secrets"], task.options["profiles"]),
    }


def chosen(task: Task) -> tuple[Session, list[Row], Wish]:
    """Return the tenant, the keys that the user means, by name, and what is asked for.

    Args:
        task: with the options of ROTATION_OPTIONS.

    Raises:
        AirsInputError: a name is unknown.
        AirsExchangeError: the service could not be read.
    """
    options = task.options
    names, applications = names_in(options["names"]), names_in(options["customer_apps"])
    wish = Wish(options["regenerate"], options["regenerate_before"], bool(names or applications))
    if wish.regenerate == "always" and not wish.named:
        raise AirsInputError(
            f"{called('regenerate')}: always would regenerate all API keys of the tenant. Specify the names "
            "of the keys or of their applications. Nothing was changed."
        )
    session = task.session()
    return session, _chosen(session, names, applications), wish


def plans(
    session: Session,
    rows: Sequence[Row],
    wish: Wish,
    states: Mapping[str, Mapping[str, Any]],
    profiles: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    """Return what is done about each key, and why.

    Args:
        session: the tenant.
        rows: the keys.
        wish: what is asked for.
        states: what their places hold, as airs_secret_file returns it, by the names of the keys.
        profiles: the security profiles to scan with that the user names; None when nobody scans.
    """
    stored = {str(name): Stored.of(state) for name, state in states.items()}
    note_unreadable(session, rows)
    planned = [_planned(session, row, stored.get(row[API_KEY.name_field]), wish) for row in rows]
    return planned if profiles is None else [_with_profile(session, plan, profiles) for plan in planned]


def _chosen(session: Session, names: Sequence[str], applications: Sequence[str]) -> list[Row]:
    """Return the keys that are meant, by name; one row each, where the service still lists keys that were replaced."""
    known = session.current(API_KEY)
    rows = {name: row for name in sorted(known.names()) for row in [known.newest(name)] if row is not None}
    if not names and not applications:
        return [row for row in rows.values() if not row.get("revoked")]
    faults = [session.missing(API_KEY, name) for name in names if name not in rows]
    faults += _unknown(session, applications, {str(row.get("cust_app")) for row in rows.values()})
    if faults:
        told = " ".join(f"{fault[:1].upper()}{fault[1:]}" for fault in faults)
        raise AirsInputError(f"{told} Nothing was changed.")
    return [row for name, row in rows.items() if name in names or row.get("cust_app") in applications]


def _unknown(session: Session, applications: Sequence[str], with_keys: Collection[str]) -> list[str]:
    """Return what is wrong with names of applications; one that has no key is an application all the same."""
    return [
        session.missing(CUSTOMER_APP, name)
        for name in applications
        if name not in with_keys and session.current(CUSTOMER_APP).newest(name) is None
    ]


def _planned(session: Session, row: Row, stored: Stored | None, wish: Wish) -> dict[str, Any]:
    """Return a key, what is done about it, and why."""
    last8 = row.get("api_key_last8") or ""
    action, reason = decide(row, stored, wish)
    error = ""
    wide = too_wide(row, wish.within) if stored and _is_ours(row, stored, wish) else None
    if wide and wish.regenerate == "expiring":
        error = f"regenerate_before {wide}."
    elif stored and action == "rotate":
        error = foreign(session, row[API_KEY.name_field], dataclasses.asdict(stored))
    if error:
        action, reason = "failed", ""
    return {
        **({"error": f"{error} This key was not changed."} if error else {}),
        **told(session, row),
        "action": action,
        "reason": reason,
        "new_last8": "" if action == "rotate" else last8,
        "sink": stored.title if stored else "",
        "in_sink": stored.holds(row) if stored else None,
    }


def _with_profile(session: Session, plan: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan with the security profile to scan with: what the user says, else the one of the same name."""
    if plan["action"] not in ("rotate", "resume"):
        return plan
    names = (plan["app"], plan["name"])
    said = next((given[name] for name in names if given.get(name)), None)
    same = (name for name in names if session.current(SECURITY_PROFILE).newest(name) is not None)
    return {**plan, "profile_name": str(said or next(same, ""))}


def told(session: Session, row: Row) -> dict[str, Any]:
    """Return what there is to know of a key before it is looked for in its place."""
    return {
        "name": row[API_KEY.name_field],
        "owner": owner_of(session, row[API_KEY.name_field]).told(),
        "app": row.get("cust_app") or row[API_KEY.name_field],
        "tsg_id": row.get("tsg_id") or "",
        "old_last8": row.get("api_key_last8") or "",
        "expiration": row.get("expiration") or "",
        "days_left": days_left(row),
    }


#: Which keys are meant, and what is asked for.
ROTATION_OPTIONS: OptionSpecs = {
    **MANAGEMENT_OPTIONS,
    "names": {"type": "raw"},
    "customer_apps": {"type": "raw"},
    "regenerate": {"type": "str", "choices": ["expiring", "always"], "default": "expiring"},
    "regenerate_before": {"type": "int"},
    "profiles": {"type": "dict"},
}

API_KEY_ROTATION_INFO_MODULE = ModuleSpec(
    name="airs_api_key_rotation_info",
    options={**ROTATION_OPTIONS, "stored_secrets": {"type": "dict", "no_log": False}},
    handler=handle,
)
