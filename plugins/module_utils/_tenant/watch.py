# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watching a tenant: what has changed since the last look, as events for ansible-rulebook.

An event says that something entered a state, once, not that it is still in it. What was never anything but fine is no
event. A look that fails is one event too, and so is the first that succeeds again; what it watches keeps its state.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._common.errors import AirsError, AirsInputError
from .._engine.masking import remove_values
from .._engine.options import MANAGEMENT_OPTIONS
from .._engine.run import Place, connect, run
from .._engine.session import Session
from .._kinds.info import days_left
from .._kinds.registry import API_KEY, CUSTOM_TOPIC, CUSTOMER_APP, DEPLOYMENT_PROFILE, DLP_PROFILE, SECURITY_PROFILE
from .._policy import document
from .tenant import TENANT_MODULE

Event = dict[str, Any]

#: The connection is that of modules, but nothing is changed that could be signed.
CONNECTION_OPTIONS = {name: spec for name, spec in MANAGEMENT_OPTIONS.items() if name != "updated_by"}
WATCH_OPTIONS: dict[str, dict[str, Any]] = {
    **CONNECTION_OPTIONS,
    "interval": {"type": "float", "default": 3600},
    "jitter": {"type": "float", "default": 0.1},
    "expires_within": {"type": "int", "default": 30},
    "drift": {"type": "bool", "default": True},
    "config_path": {"type": "path"},
}
_KINDS = (API_KEY, CUSTOM_TOPIC, CUSTOMER_APP, DEPLOYMENT_PROFILE, DLP_PROFILE, SECURITY_PROFILE)
#: As airs_tenant has it, so that its check and the other looks share one session, and one token.
_CONCURRENCY = TENANT_MODULE.options["concurrency"]["default"]

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sight:
    """What was seen of one object.

    Args:
        subject: what tells the object from others that are watched.
        state: what a change of is an event.
        calm: whether it is as it should be.
        event: the event, should it be one.
    """

    subject: Hashable
    state: Hashable
    calm: bool
    event: Event


Look = Callable[[Session], Iterator[Sight]]


class Watch:
    """Looks at a tenant again and again.

    Args:
        arguments: WATCH_OPTIONS as the user gives them; the connection is also taken from the environment.

    Raises:
        AirsError: an argument is missing or wrong; nothing was asked of the service.
    """

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        checked = ArgumentSpecValidator(WATCH_OPTIONS).validate(dict(arguments))
        self._secrets = checked._no_log_values
        if checked.error_messages:
            raise AirsInputError(remove_values(f"airs_expiry: {'; '.join(checked.error_messages)}", self._secrets))
        self._options = {**checked.validated_parameters, "concurrency": _CONCURRENCY}
        self._refuse_numbers_out_of_range()
        self._place = Place()
        self._session()
        self._states: dict[str, dict[Hashable, Hashable]] = {}
        self._errors: dict[str, str] = {}

    def _refuse_numbers_out_of_range(self) -> None:
        options = self._options
        if options["interval"] <= 0:
            raise AirsInputError(f"airs_expiry: interval is {options['interval']:g}: give seconds, more than 0.")
        if not 0 <= options["jitter"] < 1:
            raise AirsInputError(f"airs_expiry: jitter is {options['jitter']:g}: give 0 or more, and less than 1.")
        if options["expires_within"] < 0:
            raise AirsInputError(f"airs_expiry: expires_within is {options['expires_within']}: give 0 or more days.")

    def pause(self) -> float:
        """Return the seconds until the next look: the interval, and a part of it more or less by chance."""
        spread: float = self._options["jitter"]
        seconds: float = self._options["interval"] * random.uniform(1 - spread, 1 + spread)
        return seconds

    def poll(self) -> list[Event]:
        """Return what has changed since the last call; at the first call, all that is not as it should be.

        A look that fails is an event. It never raises, for whoever polls has to go on.
        """
        for session in self._place.sessions.values():
            for resource in _KINDS:
                session.forget(resource)
        looks: dict[str, Look] = {"api_keys": self._api_keys}
        if self._options["drift"]:
            looks["stale_topics"] = _stale_topics
        if self._options["config_path"]:
            looks["config"] = self._config
        events = [event for what, look in looks.items() for event in self._changes(what, look)]
        cleaned: list[Event] = remove_values(events, self._secrets)
        return cleaned

    def _session(self) -> Session:
        """Return the session, the same one every time; its token is renewed when need be."""
        return connect(self._options, self._place)

    def _changes(self, what: str, look: Look) -> list[Event]:
        try:
            sights = list(look(self._session()))
        except AirsError as error:
            return self._failed(what, error.message, error.failure())
        except Exception as error:  # one odd answer must not end a watch that runs for months
            _logger.exception("airs_expiry: unexpected error while looking at %s", what)
            return self._failed(what, f"Unexpected {type(error).__name__}; the log has more.", None)
        before = self._states.get(what, {})
        self._states[what] = {sight.subject: sight.state for sight in sights}
        events = [
            sight.event
            for sight in sights
            if before.get(sight.subject) != sight.state and not (sight.calm and sight.subject not in before)
        ]
        if self._errors.pop(what, None) is not None:
            events.insert(0, {"type": "error", "state": "recovered", "what": what})
        return events

    def _failed(self, what: str, message: str, failure: dict[str, Any] | None) -> list[Event]:
        _logger.warning("airs_expiry: %s", remove_values(message, self._secrets))
        if self._errors.get(what) == message:
            return []
        self._errors[what] = message
        return [{"type": "error", "state": "failing", "what": what, "message": message, "failure": failure}]

    # --- what is looked at -------------------------------------------------------------------------------------------

    def _api_keys(self, session: Session) -> Iterator[Sight]:
        """Yield all keys, by name: a renewed key has another id."""
        listed = session.snapshot(API_KEY)
        for name in listed.names():
            rows = listed.revisions(name)
            # A regenerated key may leave its revoked predecessor in the list (unverified on live tenants).
            row = next((row for row in rows if not row.get("revoked")), rows[0])
            left = days_left(row)
            state = self._state_of_key(row, left)
            calm = state == "valid"
            event = {
                "type": "api_key",
                "state": state,
                "name": name,
                "customer_app": row.get("cust_app"),
                "deployment_profile": row.get("dp_name"),
                "last8": row.get("api_key_last8"),
                "expiration": row.get("expiration"),
                "days_left": left,
                "tsg_id": row.get("tsg_id"),
            }
            yield Sight(name, state if calm else (state, row.get(API_KEY.id_field)), calm, event)

    def _state_of_key(self, row: Mapping[str, Any], left: int | None) -> str:
        if row.get("revoked"):
            return "revoked"
        if left is None or left > self._options["expires_within"]:
            return "valid"
        return "expired" if left < 0 else "expiring"

    def _config(self, _session: Session) -> Iterator[Sight]:
        """Yield all objects of the configuration, compared by airs_tenant in check mode.

        Raises:
            AirsError: the configuration has errors, or could not be compared.
        """
        given = {name: self._options[name] for name in CONNECTION_OPTIONS if self._options[name] is not None}
        options = {**given, "config_path": self._options["config_path"]}
        checked = ArgumentSpecValidator(dict(TENANT_MODULE.options)).validate(options)
        result = run(TENANT_MODULE, checked.validated_parameters, check_mode=True, diff_mode=False, place=self._place)
        if "objects" not in result:
            raise AirsError(result["msg"])
        for row in result["objects"]:
            calm = row["action"] == "none" and "error" not in row
            event = {
                "type": "drift",
                "state": "clean" if calm else "drifted",
                "reason": "config",
                **{name: row.get(name) for name in ("kind", "name", "action", "fields", "error")},
                "tsg_id": self._options["tsg_id"],
            }
            state = (row["action"], tuple(row.get("fields") or ()), row.get("error"))
            yield Sight((row["kind"], row["name"]), state, calm, event)


def _stale_topics(session: Session) -> Iterator[Sight]:
    """Yield all security profiles, with the topics of which their newest revision enforces an older one."""
    newest = {row[CUSTOM_TOPIC.id_field]: row.get("revision") for row in session.snapshot(CUSTOM_TOPIC).rows()}
    profiles = session.snapshot(SECURITY_PROFILE, latest=True)
    for name in profiles.names():
        row = profiles.revisions(name)[0]
        stale = {
            (str(pin.get("topic_name")), pin.get("revision"), newest.get(str(pin.get("topic_id"))))
            for _action, pins in document.pinned_topics(row.get("policy") or {})
            for pin in pins
            if pin.get("revision") != newest.get(str(pin.get("topic_id")))
        }
        found = tuple(sorted(stale, key=str))
        event = {
            "type": "drift",
            "state": "drifted" if found else "clean",
            "reason": "stale_topics",
            "kind": "security_profile",
            "name": name,
            "topics": [dict(zip(("name", "pinned", "newest"), topic, strict=True)) for topic in found],
            "tsg_id": row.get("tsg_id"),
        }
        yield Sight(name, found, not found, event)
