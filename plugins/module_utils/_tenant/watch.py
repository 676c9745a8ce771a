# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Poll a tenant for changes since the last poll, and return them as events for ansible-rulebook.

An event is sent once, when something enters a state. An object that never had a problem does not cause events. A failed
poll is also one event, and so is the first successful poll after it; the states of the objects are preserved.
"""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

from .._common.errors import AirsError, AirsInputError, AirsUnexpectedError
from .._common.wording import one_line
from .._engine.masking import remove_values
from .._engine.module import validate
from .._engine.options import CONNECTION_OPTIONS, OptionSpecs, out_of_range
from .._engine.reconcile import Observation, Reconciler
from .._engine.run import connect, run
from .._engine.session import Session
from .._engine.task import Runtime
from .kinds import KINDS
from .tenant import TENANT_MODULE

Event = dict[str, Any]

WATCH_OPTIONS: OptionSpecs = {
    **CONNECTION_OPTIONS,
    "interval": {"type": "float", "default": 3600},
    "jitter": {"type": "float", "default": 0.1},
    "expires_within": {"type": "int"},
    "drift": {"type": "bool", "default": True},
    "config_path": {"type": "path"},
}
#: As airs_tenant has it, so that its check and the other looks share one session, and one token.
_CONCURRENCY = TENANT_MODULE.options["concurrency"]["default"]

#: Longest interval, in seconds: a year.
_LONGEST_INTERVAL = 31_536_000

#: What begins a template.
_TEMPLATE = re.compile(r"\{[{%#]")

_logger = logging.getLogger(__name__)

Look = Callable[[Session], Iterable[Observation]]


def _is_unsafe(value: Any) -> bool:
    """Tell whether a text in an event has what a template, or a terminal, takes for something else."""
    if isinstance(value, Mapping):
        return any(map(_is_unsafe, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_is_unsafe, value))
    return isinstance(value, str) and bool(_TEMPLATE.search(value) or one_line(value) != value)


class Watch:
    """Looks at a tenant again and again.

    Args:
        arguments: WATCH_OPTIONS as the user gives them; the connection is also taken from the environment.

    Raises:
        AirsError: an argument is missing or wrong; nothing was asked of the service.
    """

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        options, self._secrets, faults = validate(WATCH_OPTIONS, arguments)
        if faults:
            raise AirsInputError(f"airs_expiry: {'; '.join(faults)}")
        self._options = {**options, "concurrency": _CONCURRENCY}
        self._refuse_numbers_out_of_range()
        self._runtime = Runtime()
        self._session()
        self._states: dict[str, dict[Hashable, Hashable]] = {}
        self._errors: dict[str, str] = {}

    def _refuse_numbers_out_of_range(self) -> None:
        options = self._options
        if not 0 < options["interval"] <= _LONGEST_INTERVAL:
            raise AirsInputError(
                f"airs_expiry: interval must be greater than 0 and at most {_LONGEST_INTERVAL}, but is "
                f"{options['interval']:g}."
            )
        if not 0 <= options["jitter"] < 1:
            raise AirsInputError(
                f"airs_expiry: jitter must be at least 0 and less than 1, but is {options['jitter']:g}."
            )
        faults = out_of_range(options)
        if faults:
            raise AirsInputError(f"airs_expiry: {'; '.join(faults)}.")

    def pause(self) -> float:
        """Return the seconds until the next look: the interval, and a part of it more or less by chance."""
        spread: float = self._options["jitter"]
        seconds: float = self._options["interval"] * random.uniform(1 - spread, 1 + spread)
        return seconds

    def poll(self) -> list[Event]:
        """Return what has changed since the last call; at the first call, everything that needs attention.

        A look that fails is an event. It never raises, for whoever polls has to go on.
        """
        for session in self._runtime.sessions.values():
            session.forget()
        kinds = (kind.reconciler for kind in KINDS.values())
        looks: dict[str, Look] = {kind.watched_as: self._look_at(kind) for kind in kinds if kind.watched_as}
        if self._options["config_path"]:
            looks["config"] = self._config
        events = [event for what, look in looks.items() for event in self._changes(what, look)]
        cleaned: list[Event] = self._without_secrets(events)
        return [{**event, "unsafe_name": _is_unsafe(event)} for event in cleaned]

    def _without_secrets(self, value: Any) -> Any:
        """Return a value without the secrets that the user gave, or that answers held."""
        return remove_values(value, self._secrets | self._runtime.learnt)

    def _session(self) -> Session:
        """Return the session, the same one every time; its token is renewed when need be."""
        return connect(self._options, self._runtime)

    def _changes(self, what: str, look: Look) -> list[Event]:
        try:
            seen = list(look(self._session()))
        except AirsError as error:
            return self._failed(what, error.message, error.failure())
        except Exception as error:  # noqa: BLE001 - one odd answer must not end a watch that runs for months
            unexpected = AirsUnexpectedError(error)
            _logger.error("airs_expiry: while polling %s: %s", what, unexpected.trace)
            return self._failed(what, unexpected.message, None)
        before = self._states.get(what, {})
        self._states[what] = {each.subject: each.state for each in seen}
        events = [
            each.event
            for each in seen
            if before.get(each.subject) != each.state and not (each.normal and each.subject not in before)
        ]
        if self._errors.pop(what, None) is not None:
            events.insert(0, {"type": "error", "state": "recovered", "what": what})
        return events

    def _failed(self, what: str, message: str, failure: dict[str, Any] | None) -> list[Event]:
        _logger.warning("airs_expiry: %s", self._without_secrets(message))
        if self._errors.get(what) == message:
            return []
        self._errors[what] = message
        return [{"type": "error", "state": "failing", "what": what, "message": message, "failure": failure}]

    # --- what is looked at -------------------------------------------------------------------------------------------

    def _look_at(self, kind: type[Reconciler]) -> Look:
        return lambda session: kind.observe(session, self._options)

    def _config(self, _session: Session) -> Iterator[Observation]:
        """Yield all objects of the configuration, compared by airs_tenant in check mode.

        Raises:
            AirsError: the configuration has errors, or could not be compared.
        """
        given = {name: self._options[name] for name in CONNECTION_OPTIONS if self._options[name] is not None}
        options = {**given, "config_path": self._options["config_path"]}
        checked, _secrets = TENANT_MODULE.validated(options)
        result = run(TENANT_MODULE, checked, check_mode=True, diff_mode=False, runtime=self._runtime)
        if "objects" not in result:
            raise AirsError(result["msg"])
        for row in result["objects"]:
            normal = row["action"] == "none" and "error" not in row
            event = {
                "type": "drift",
                "state": "clean" if normal else "drifted",
                "reason": "config",
                **{name: row.get(name) for name in ("kind", "name", "action", "fields", "error")},
                "tsg_id": self._options["tsg_id"],
            }
            state = (row["action"], tuple(row.get("fields") or ()), row.get("error"))
            yield Observation((row["kind"], row["name"]), state, normal, event)
