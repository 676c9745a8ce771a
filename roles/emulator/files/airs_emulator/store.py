# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of the tenants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .database import Database
from .http import JsonObject
from .policy import topic_ids

Row = JsonObject


class Table:
    """Rows of one kind of one tenant, by id, in the order of the last change, with an index by name.

    Several rows may have the same name (revisions of a profile). Rows are replaced as a whole, never edited in place.
    """

    def __init__(self, database: Database, tsg_id: str, kind: str, name_member: str) -> None:
        self._database = database
        self._tsg_id = tsg_id
        self._kind = kind
        self._name_member = name_member
        self._rows: dict[str, Row] = {}
        self._ids_by_name: dict[str, dict[str, None]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, identifier: str) -> Row | None:
        """The row with this id."""
        return self._rows.get(identifier)

    def named(self, name: str) -> list[Row]:
        """The rows of this name, in the order of the last change."""
        return [self._rows[identifier] for identifier in self._ids_by_name.get(name, ())]

    def newest_first(self) -> Iterator[Row]:
        """All rows, the last changed first (order reported from live tenants)."""
        return reversed(self._rows.values())

    def put(self, identifier: str, row: Row) -> None:
        """Add or replace a row; it becomes the last changed one."""
        self.load(identifier, row)
        self._database.put(self._tsg_id, self._kind, identifier, row)

    def load(self, identifier: str, row: Row) -> None:
        """Like C(put), for a row that comes from the database."""
        self._forget(identifier)
        self._rows[identifier] = row
        self._ids_by_name.setdefault(row[self._name_member], {})[identifier] = None

    def edit(self, identifier: str, row: Row) -> None:
        """Replace a row that keeps its name and its place in the order."""
        self._rows[identifier] = row
        self._database.update(self._tsg_id, self._kind, identifier, row)

    def remove(self, identifier: str) -> None:
        """Delete a row, if it is there."""
        if self._forget(identifier) is not None:
            self._database.remove(self._tsg_id, self._kind, identifier)

    def clear(self) -> None:
        """Delete all rows."""
        for identifier in list(self._rows):
            self.remove(identifier)

    def _forget(self, identifier: str) -> Row | None:
        row = self._rows.pop(identifier, None)
        if row is not None:
            name = row[self._name_member]
            del self._ids_by_name[name][identifier]
            if not self._ids_by_name[name]:
                del self._ids_by_name[name]
        return row


class ProfileTable(Table):
    """Revisions of profiles, which also knows which of them refer to a topic."""

    def __init__(self, database: Database, tsg_id: str) -> None:
        super().__init__(database, tsg_id, "ai_profiles", "profile_name")
        self._ids_by_topic: dict[str, dict[str, None]] = {}

    def referring_to(self, topic_id: str) -> list[Row]:
        """The revisions that hold this topic, the last changed first."""
        return [self._rows[identifier] for identifier in reversed(self._ids_by_topic.get(topic_id, {}))]

    def current(self, name: str) -> Row | None:
        """The highest revision of a profile."""
        return max(self.named(name), key=lambda row: int(row["revision"]), default=None)

    def load(self, identifier: str, row: Row) -> None:
        """Like C(put), for a row that comes from the database."""
        super().load(identifier, row)
        self._refer(identifier, row)

    def edit(self, identifier: str, row: Row) -> None:
        """Replace a row that keeps its name and its place in the order."""
        self._unrefer(identifier, self._rows[identifier])
        super().edit(identifier, row)
        self._refer(identifier, row)

    def _forget(self, identifier: str) -> Row | None:
        row = super()._forget(identifier)
        if row is not None:
            self._unrefer(identifier, row)
        return row

    def _refer(self, identifier: str, row: Row) -> None:
        for topic_id in topic_ids(row["policy"]):
            self._ids_by_topic.setdefault(topic_id, {})[identifier] = None

    def _unrefer(self, identifier: str, row: Row) -> None:
        for topic_id in topic_ids(row["policy"]):
            self._ids_by_topic[topic_id].pop(identifier, None)


class KeyTable(Table):
    """API keys, which are also found by the digest of their secret."""

    def __init__(self, database: Database, tsg_id: str) -> None:
        super().__init__(database, tsg_id, "api_keys", "api_key_name")
        self._ids_by_digest: dict[str, str] = {}

    def with_digest(self, digest: str) -> Row | None:
        """The key whose secret has this digest."""
        identifier = self._ids_by_digest.get(digest)
        return None if identifier is None else self._rows[identifier]

    def load(self, identifier: str, row: Row) -> None:
        """Like C(put), for a row that comes from the database."""
        super().load(identifier, row)
        self._ids_by_digest[row["secret_digest"]] = identifier

    def _forget(self, identifier: str) -> Row | None:
        row = super()._forget(identifier)
        if row is not None:
            self._ids_by_digest.pop(row["secret_digest"], None)
        return row


class Tenant:
    """Everything of one tenant service group."""

    def __init__(self, database: Database, tsg_id: str) -> None:
        self.tsg_id = tsg_id
        self.service_accounts = Table(database, tsg_id, "service_accounts", "client_id")
        self.deployment_profiles = Table(database, tsg_id, "deployment_profiles", "dp_name")
        self.dlp_profiles = Table(database, tsg_id, "dlp_profiles", "name")
        # A row of this table is the current revision; its member `superseded` holds the older ones, oldest first.
        self.custom_topics = Table(database, tsg_id, "custom_topics", "topic_name")
        self.ai_profiles = ProfileTable(database, tsg_id)
        # Rows hold `secret_digest`, which no answer shows, instead of the secret.
        self.api_keys = KeyTable(database, tsg_id)
        # Rows hold `auth_code`, which only some answers show.
        self.customer_apps = Table(database, tsg_id, "customer_apps", "app_name")

    @property
    def csp_id(self) -> str:
        """Id of the customer support account, here derived from the tenant's."""
        return f"9{self.tsg_id[1:]}"

    @property
    def dlp_tenant_id(self) -> str:
        """Id of the tenant at the DLP service, here derived from the tenant's."""
        return f"8{self.tsg_id[1:]}"

    def tables(self) -> dict[str, Table]:
        """The tables by their kind."""
        tables = (
            self.service_accounts,
            self.deployment_profiles,
            self.dlp_profiles,
            self.custom_topics,
            self.ai_profiles,
            self.api_keys,
            self.customer_apps,
        )
        return {table._kind: table for table in tables}


class Store:
    """All tenants; kept in memory and, with a path, in a SQLite file."""

    def __init__(self, path: Path | None) -> None:
        self._database = Database(path)
        self._tenants: dict[str, Tenant] = {}
        for tsg_id, kind, identifier, row in self._database.rows():
            self.tenant(tsg_id).tables()[kind].load(identifier, row)

    @property
    def empty(self) -> bool:
        """Whether there is no tenant at all."""
        return not self._tenants

    def tenant(self, tsg_id: str) -> Tenant:
        """The tenant, made at the first mention."""
        if tsg_id not in self._tenants:
            self._tenants[tsg_id] = Tenant(self._database, tsg_id)
        return self._tenants[tsg_id]

    def tenants(self) -> list[Tenant]:
        """All tenants."""
        return list(self._tenants.values())

    def clear(self) -> None:
        """Forget all tenants and their objects."""
        self._tenants.clear()
        self._database.clear()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
