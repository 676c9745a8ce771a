# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a tenant in the format of airs_tenant: names instead of IDs, no secrets, ordered by name.

Managed settings are included even if they are empty or off: omitted options would not be managed, and the configuration
must have the same result whatever it is applied to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from .._common.errors import AirsError, AirsUnexpectedError, failed
from .._common.wording import some
from .._engine.masking import remove_values
from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS
from .._engine.session import Listing, Session
from .._engine.task import Task
from .._service.resource import Resource, Row
from .kinds import KINDS, KINDS_OPTION, Kind

Config = dict[str, list[dict[str, Any]]]


def tenant_config(
    session: Session, kinds: Iterable[str], expected: Mapping[str, int] = MappingProxyType({})
) -> tuple[Config, dict[str, list[AirsError]]]:
    """Return what the tenant holds as the config of airs_tenant, and by kind the errors of objects that are not in it.

    What it cannot say is noted in the session. One object that nobody can make sense of does not cost the others.

    Args:
        session: the tenant.
        kinds: plurals of the kinds that are asked for.
        expected: about how many objects of a kind there are, where that is known; reading them is faster then.

    Raises:
        AirsInputError: several objects have one name.
        AirsExchangeError: the service could not be read.
    """
    wanted = [kind for plural, kind in KINDS.items() if plural in set(kinds)]
    needed = {kind.plural: kind.resource for kind in wanted}
    # What their rows refer to by ids.
    needed |= {other.plural: other for kind in wanted for other in kind.reconciler.pinned}
    session.read_together(Listing.of_current(resource, expected.get(plural)) for plural, resource in needed.items())
    errors: dict[str, list[AirsError]] = {}
    config = {
        kind.plural: _exported(session, kind, _rows(session, kind.resource), errors.setdefault(kind.plural, []))
        for kind in wanted
    }
    return config, {plural: found for plural, found in errors.items() if found}


def _exported(session: Session, kind: Kind, rows: list[Row], errors: list[AirsError]) -> list[dict[str, Any]]:
    """Return objects as options; of those of which that fails, take in the errors."""
    try:
        return kind.reconciler.exported(session, rows)
    except AirsError:
        raise
    except Exception as error:
        if not rows:
            raise
        if len(rows) == 1:
            errors.append(AirsUnexpectedError(error, kind.resource.title(rows[0][kind.resource.name_field])))
            return []
        middle = len(rows) // 2
        return [part for half in (rows[:middle], rows[middle:]) for part in _exported(session, kind, half, errors)]


def incomplete(errors: Mapping[str, list[AirsError]]) -> dict[str, Any]:
    """Return what a result gets for objects that could not be made sense of; nothing, where there are none."""
    found = [error for kind in errors.values() for error in kind]
    return {**failed(found[0]), "msg": some([error.message for error in found], separator=" ")} if found else {}


def _rows(session: Session, resource: Resource) -> list[Row]:
    """Return the current objects of a kind by name. What has no name cannot be managed."""
    snapshot = session.current(resource)
    found = [snapshot.find(name) for name in sorted(snapshot.names()) if name]
    return [row for row in found if row is not None]


def with_secrets(config: Mapping[str, list[dict[str, Any]]], secrets: set[str]) -> list[str]:
    """Return the titles of objects with a secret in a name or a text, without the secret.

    Args:
        config: what the tenant holds.
        secrets: what the service has told that is secret.
    """
    return [
        KINDS[plural].resource.title(remove_values(entry["name"], secrets))
        for plural, entries in config.items()
        for entry in entries
        if remove_values(entry, secrets) != entry
    ]


def handle(task: Task) -> dict[str, Any]:
    """Return the config of the tenant."""
    config, errors = tenant_config(task.session(), task.options["kinds"])
    masked = with_secrets(config, task.runtime.learnt)
    if masked:
        task.notes.append(
            f"The text of {some(masked)} contains an auth code, a token, or an API key, which is masked. "
            "Applying this configuration would change the text."
        )
    return {"changed": False, "config": config, **incomplete(errors)}


TENANT_INFO_MODULE = ModuleSpec(name="airs_tenant_info", options={**MANAGEMENT_OPTIONS, **KINDS_OPTION}, handler=handle)
