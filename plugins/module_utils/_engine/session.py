# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State that the tasks of one process share: the client, and the objects of the tenant that were listed.

All items of a loop run in one process. The first item lists a kind once; later items read that snapshot, which is kept
up to date by our own writes. A snapshot never outlives its task.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

from .._common.errors import AirsInputError
from .._common.threads import begun, in_order
from .._common.wording import did_you_mean, near, some
from .._service import models
from .._service.client import ManagementClient, Rows
from .._service.model import TokenResponse, get_ready
from .._service.resource import Resource, Row


class Snapshot:
    """The rows of one kind, by name. Threads may read and write different names at the same time.

    Args:
        resource: the kind.
        rows: all rows as listed.
        certain: whether the service gave a list at all; null or nothing counts as empty.
    """

    def __init__(self, resource: Resource, rows: Iterable[Row], *, certain: bool = True) -> None:
        self._resource = resource
        #: Whether the service gave a list at all, so that what is not in it is not there.
        self.certain = certain
        self._by_name: dict[str, list[Row]] = {}
        self._by_field: dict[str, dict[Any, list[Row]]] = {}
        for row in rows:
            self._by_name.setdefault(row.get(resource.name_field) or "", []).append(row)

    def rows(self) -> list[Row]:
        """Return all rows, in the order of the service."""
        return [row for rows in list(self._by_name.values()) for row in rows]

    def rows_with(self, field: str, value: Any) -> list[Row]:
        """Return the rows that have a value in a field, found at once however many there are."""
        if field not in self._by_field:
            index: dict[Any, list[Row]] = {}
            for row in self.rows():
                index.setdefault(row.get(field), []).append(row)
            self._by_field[field] = index
        return self._by_field[field].get(value, [])

    def names(self) -> list[str]:
        """Return all names."""
        return list(self._by_name)

    def revisions(self, name: str) -> list[Row]:
        """Return all rows of a name, newest first."""
        rows = list(self._by_name.get(name, ()))
        field = self._resource.revision_field
        if field and len(rows) > 1:
            rows.sort(key=lambda row: row.get(field) or 0, reverse=True)
        return rows

    def newest(self, name: str) -> Row | None:
        """Return the row of a name that counts: the newest revision, and none that another has taken the place of."""
        rows = self.revisions(name)
        return self._newest(rows) if rows else None

    def _newest(self, rows: list[Row]) -> Row:
        field = self._resource.superseded_field
        return next((row for row in rows if not row.get(field)), rows[0])

    def find(self, name: str) -> Row | None:
        """Return the current object of a name, or None.

        Raises:
            AirsInputError: several objects that are not revisions of one thing have this name.
        """
        rows = self.revisions(name)
        if len(rows) < 2:
            return rows[0] if rows else None
        found = self._newest(rows)
        revision, superseded = self._resource.revision_field, self._resource.superseded_field
        rivals = [
            row
            for row in rows
            if (not revision or row.get(revision) == found.get(revision)) and not row.get(superseded)
        ]
        by_id = {str(row.get(self._resource.id_field)): row for row in rivals}
        if len(by_id) > 1:
            other = self._resource.told_by
            told = [f"{other} {row.get(other) or 'unknown'}" for row in by_id.values()] if other else by_id
            raise AirsInputError(
                f"Multiple objects match {self._resource.title(name)}: {', '.join(sorted(told))}. Delete or "
                "rename all but one of them. Nothing was changed."
            )
        return found

    def near(self, name: str, also: Iterable[str] = ()) -> list[str]:
        """Return up to three names that resemble one.

        Args:
            name: the name.
            also: further names to look at.
        """
        return near(name, (*self.names(), *also))

    def put(self, row: Row, replaces: Mapping[str, Any] | None = None) -> None:
        """Take in what a write answered.

        Args:
            row: the object as it is now.
            replaces: the row that it took the place of, or None.
        """
        name = row.get(self._resource.name_field) or ""
        self.remove(row)
        if replaces is not None:
            self.remove(replaces)
        self._by_name[name] = [row, *self._by_name.get(name, [])]
        self._by_field.clear()

    def remove(self, row: Mapping[str, Any]) -> None:
        """Take out what was deleted."""
        name, id_field = row.get(self._resource.name_field) or "", self._resource.id_field
        rest = [known for known in self._by_name.get(name, []) if known.get(id_field) != row.get(id_field)]
        self._by_field.clear()
        if rest:
            self._by_name[name] = rest
        else:
            self._by_name.pop(name, None)

    def copy(self) -> Snapshot:
        """Return a snapshot of the same rows that changes by itself."""
        twin = Snapshot(self._resource, (), certain=self.certain)
        twin._by_name = dict(self._by_name)
        return twin


#: What tells a list from others: kind and filters.
_Key = tuple[str, tuple[tuple[str, Any], ...]]


@dataclass(frozen=True)
class Listing:
    """A list to be read.

    Args:
        resource: the kind.
        filters: query parameters of this kind's list.
        expected: about how many rows there are, to ask for several pages at the same time; None for one by one.
    """

    resource: Resource
    filters: Mapping[str, Any]
    expected: int | None = None

    @classmethod
    def of_current(cls, resource: Resource, expected: int | None = None) -> Listing:
        """Return the list of a kind's current objects."""
        return cls(resource, resource.list_filters, expected)

    @property
    def key(self) -> _Key:
        """Kind and filters, to find its snapshot by."""
        return _key(self.resource, self.filters)


def _key(resource: Resource, filters: Mapping[str, Any]) -> _Key:
    return resource.kind, tuple(sorted(filters.items()))


class Session:
    """A client with the snapshots it has made. Threads may share it.

    Args:
        client: the management API.
        notes: sentences for the user, shared with the client; emptied by whoever shows them.
        tsg_id: id of the tenant; "" when the user does not say it.
    """

    #: Whether it holds what will be there, instead of what is.
    is_plan = False

    def __init__(self, client: ManagementClient, notes: list[str], tsg_id: str = "") -> None:
        self.client = client
        self.notes = notes
        self.tsg_id = tsg_id
        #: Files for secrets, and the names of the objects whose secrets belong there.
        self.places: dict[str, str] = {}
        self._snapshots: dict[_Key, Snapshot] = {}
        self._asked_ahead: dict[_Key, Future[Rows]] = {}
        self._tenant = ""
        self._lock = threading.RLock()

    def current(self, resource: Resource) -> Snapshot:
        """Return the current objects of a kind, from memory where they were listed before."""
        return self.snapshot(resource, **resource.list_filters)

    def snapshot(self, resource: Resource, **filters: Any) -> Snapshot:
        """Return what the service lists of a kind, from memory where it was listed before.

        Args:
            resource: the kind.
            filters: query parameters of this kind's list.
        """
        key = _key(resource, filters)
        with self._lock:
            if key not in self._snapshots:
                self._snapshots[key] = self._read(Listing(resource, filters))
            return self._snapshots[key]

    def find(self, resource: Resource, name: str) -> Row | None:
        """Return the current object of a name, or None, wherever the service lists it.

        Raises:
            AirsInputError: several objects that are not revisions of one thing have this name.
            AirsExchangeError: a list could not be read.
        """
        found = self.current(resource).find(name)
        for filters in resource.further_lists:
            found = self.snapshot(resource, **filters).find(name) if found is None else found
        return found

    def require(self, resource: Resource, name: str) -> Row:
        """Return the current object of a name, wherever the service lists it.

        Raises:
            AirsInputError: there is none of that name; says what it may have meant.
            AirsExchangeError: a list could not be read.
        """
        found = self.find(resource, name)
        if found is None:
            raise AirsInputError(self.missing(resource, name))
        return found

    def missing(self, resource: Resource, name: str) -> str:
        """Return the sentence, without a capital, that says a name is unknown and what it may have meant."""
        snapshot = self.current(resource)
        meant, names = did_you_mean(snapshot.near(name)), sorted(snapshot.names())
        if meant:
            advice = f"{meant[:1].upper()}{meant[1:]}"
        elif names:
            advice = f"The tenant has {some(names, 10)}."
        else:
            advice = f"The tenant has no {resource.label}s."
        return f"{resource.title(name)} does not exist. {advice}"

    def note_names(self, what: str, resource: Resource, names: Sequence[str]) -> None:
        """Note what is to be known of some objects; nothing when there are none.

        Args:
            what: what is to be known, without a full stop.
            resource: their kind.
            names: their names; of many only the first are told.
        """
        if names:
            told = some([f"'{name}'" for name in names])
            self.notes.append(f"{what}: {resource.label}{'s' * (len(names) > 1)} {told}.")

    def tenant(self) -> str:
        """Return the id of the tenant, as far as what was listed or the user says it; "" otherwise."""
        if not self._tenant:
            with self._lock:
                rows = (row for snapshot in self._snapshots.values() for row in snapshot.rows())
                self._tenant = next((str(row["tsg_id"]) for row in rows if row.get("tsg_id")), "")
        return self._tenant or self.tsg_id

    def read_together(self, listings: Iterable[Listing]) -> None:
        """Read several lists at the same time, for snapshot() to find; those that were read before are left out.

        Raises:
            AirsExchangeError: one of them could not be read.
        """
        missing = {listing.key: listing for listing in listings if listing.key not in self._snapshots}
        read = in_order(self._read, missing.values(), len(missing))
        self._snapshots.update(zip(missing, read, strict=True))

    def sign_in_ahead(self) -> None:
        """Begin to ask for an access token, for requests that follow. They tell what is wrong with it."""
        begun(self.client.sign_in)
        get_ready(TokenResponse)

    def ask_ahead(self, listings: Iterable[Listing]) -> None:
        """Begin to read lists that will be needed. An error is raised to whoever needs the list, and to nobody else."""
        listings = list(listings)
        self._asked_ahead |= {listing.key: begun(partial(self._ask, listing)) for listing in listings}
        get_ready(*(getattr(models, listing.resource.model) for listing in listings))

    def _read(self, listing: Listing) -> Snapshot:
        asked = self._asked_ahead.pop(listing.key, None)
        rows = self._ask(listing) if asked is None else asked.result()
        return Snapshot(listing.resource, rows, certain=rows.certain)

    def _ask(self, listing: Listing) -> Rows:
        return self.client.list_all(listing.resource, listing.filters, listing.expected)

    def require_certain(self, resource: Resource, **filters: Any) -> None:
        """Refuse to delete something for what a list does not have, where the service gave no list.

        Args:
            resource: the kind.
            filters: query parameters of its list; those of its current objects if omitted.

        Raises:
            AirsInputError: it gave none.
        """
        if not self.snapshot(resource, **(filters or resource.list_filters)).certain:
            raise AirsInputError(
                f"The service did not return a list of {resource.label}s, so it is unknown which objects are "
                "still in use. Nothing was changed. Run again, and check Strata Cloud Manager if the error persists."
            )

    def known(self, resource: Resource) -> list[Snapshot]:
        """Return the snapshots of a kind that were made, whatever their filters."""
        with self._lock:
            return [snapshot for key, snapshot in self._snapshots.items() if key[0] == resource.kind]

    def forget(self, *resources: Resource) -> None:
        """Drop the cached objects of some kinds, or of all if none is specified. They are listed again when needed."""
        kinds = {resource.kind for resource in resources}
        with self._lock:
            for known in (self._snapshots, self._asked_ahead):
                for key in [key for key in known if not kinds or key[0] in kinds]:
                    del known[key]

    def planning(self) -> Session:
        """Return a session for plans that build on each other: it holds what they will have made.

        What is put into its snapshots stays there; lists that are still missing are read once for both.
        """
        return _PlanningSession(self)


class _PlanningSession(Session):
    """What the tenant will hold, beside the session that knows what it holds."""

    is_plan = True

    def __init__(self, real: Session) -> None:
        super().__init__(real.client, real.notes, real.tsg_id)
        self._real = real

    def snapshot(self, resource: Resource, **filters: Any) -> Snapshot:
        """Return what the service will list of a kind."""
        key = _key(resource, filters)
        if key not in self._snapshots:
            self._snapshots[key] = self._real.snapshot(resource, **filters).copy()
        return self._snapshots[key]

    def tenant(self) -> str:
        """Return the id of the tenant, as far as it is known here or in the real session."""
        return super().tenant() or self._real.tenant()

    def known(self, resource: Resource) -> list[Snapshot]:
        """Return the snapshots of a kind that were made here or in the real session."""
        return [
            self.snapshot(resource, **dict(key[1])) for key in list(self._real._snapshots) if key[0] == resource.kind
        ]
