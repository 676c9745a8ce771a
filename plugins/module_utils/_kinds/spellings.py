# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Known spellings of environments and cloud providers. The service accepts any text, and it cannot be changed later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._common.wording import did_you_mean, looks
from .._engine.session import Session
from .._service.resource import Row
from .registry import API_KEY, CUSTOMER_APP

#: Spellings that live tenants hold, or that the vendor's app for XSOAR offers, and other forms of the same: from the
#: examples of the official description and SDK, and the names of the providers.
_FORMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "environment": {
        "prod": ("production", "prd"),
        "staging": ("stage", "stg"),
        "dev": ("development", "develop"),
    },
    "cloud_provider": {
        "aws": ("amazon", "amazon web services"),
        "azure": ("microsoft azure",),
        "gcp": ("google", "google cloud", "google cloud platform"),
        "other": ("others",),
    },
}


def note_spellings(session: Session, name: str, body: Mapping[str, Any]) -> None:
    """Note values of a key that is to be made which are known in another spelling: they cannot be changed later.

    Args:
        session: the tenant; its keys, and its applications where they are known, tell which spellings it uses.
        name: name of the key.
        body: the request that makes the key.
    """
    keys = session.current(API_KEY).rows()
    apps = [row for snapshot in session.known(CUSTOMER_APP) for row in snapshot.rows()]
    for option, of_key, of_app in (
        ("environment", "cust_env", "environment"),
        ("cloud_provider", "cust_cloud_provider", "cloud_provider"),
    ):
        value = str(body.get(of_key) or "")
        meant = known_as(option, value, [*_values(keys, of_key), *_values(apps, of_app)])
        if meant:
            session.notes.append(
                f"{API_KEY.title(name)}: {option} is '{value}', {did_you_mean([meant])} It cannot be changed "
                "after the key is created."
            )


def _values(rows: Iterable[Row], field: str) -> list[str]:
    return [str(row[field]) for row in rows if row.get(field)]


def known_as(option: str, value: str, used: Iterable[str]) -> str | None:
    """Return the spelling under which a value is known, where it differs in case or form; else None.

    Args:
        option: C(environment) or C(cloud_provider).
        value: the value as it is given.
        used: spellings that the tenant uses, which are known too and come first.
    """
    forms = _FORMS[option]
    known = list(dict.fromkeys([*used, *forms]))
    if value in known:
        return None
    names = {_bare(form): _bare(spelling) for spelling, others in forms.items() for form in (spelling, *others)}
    bare = _bare(value)
    same = [spelling for spelling in known if names.get(_bare(spelling), _bare(spelling)) == names.get(bare, bare)]
    return same[0] if bare and same else None


def _bare(value: str) -> str:
    """Return what is left of a spelling without case, blanks and punctuation."""
    return re.sub(r"[\W_]", "", looks(value))
