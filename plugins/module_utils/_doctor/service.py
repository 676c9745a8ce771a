# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the account may see of the tenant, and what there is to know of it before the first change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone

from .._common.errors import AirsForbiddenError, AirsNotFoundError
from .._common.wording import some
from .._kinds.key_rule import days_left, expiry
from .._kinds.registry import API_KEY, DEPLOYMENT_PROFILE
from .._scan.log import look
from .._service.resource import Resource, Row
from .finding import Examination, Finding

#: Days before its end from which a deployment profile is named.
_SOON = 30


def access_token(examination: Examination) -> Iterator[Finding]:
    """Get an access token.

    Raises:
        AirsError: there is none to be had.
    """
    if examination.wrong & {"libraries", "credentials", "certificates", "proxies", "token_endpoint"}:
        return
    session = examination.task.session()
    examination.tenants = session.client.sign_in()
    examination.session = session
    if examination.task.options["access_token"]:
        yield Finding("ok", "access_token is used as it is")
    else:
        yield Finding("ok", "obtained with client_id and client_secret")


def listed(resource: Resource, examination: Examination) -> Iterator[Finding]:
    """Read a list, and count it.

    Args:
        resource: the kind.
        examination: gets the rows.

    Raises:
        AirsExchangeError: it cannot be read; the error names the permission.
    """
    if examination.session is None or "management_api" in examination.wrong:
        return
    client = examination.session.client
    lists = [client.list_all(resource, filters) for filters in (resource.list_filters, *resource.further_lists)]
    rows = lists[0] if len(lists) == 1 else [*{row[resource.id_field]: row for each in lists for row in each}.values()]
    examination.rows[resource.kind] = rows
    yield Finding("ok", f"{len(rows)} {resource.label}{'' if len(rows) == 1 else 's'}")


def scan_logs(examination: Examination) -> Iterator[Finding]:
    """Read the log of scans, which many tenants do not have any more.

    Raises:
        AirsExchangeError: it cannot be read for another reason.
    """
    if examination.session is None or "management_api" in examination.wrong:
        return
    try:
        look(examination.session.client)
    except (AirsForbiddenError, AirsNotFoundError) as error:
        yield Finding("ok", f"not available (HTTP {error.status}); only airs_scan_log_info needs it")
    else:
        yield Finding("ok", "readable")


def tenant(examination: Examination) -> Iterator[Finding]:
    """Hold the tenant of the token, or of what was listed, against tsg_id."""
    listed_in = (str(row["tsg_id"]) for rows in examination.rows.values() for row in rows if row.get("tsg_id"))
    found = examination.tenants or tuple(dict.fromkeys(listed_in))
    wanted = examination.task.options["tsg_id"]
    if not found:
        return
    if wanted and wanted not in found:
        advice = f"Use credentials of tenant {wanted}, or correct tsg_id."
        yield Finding("error", f"tsg_id is {wanted}, but the credentials are for tenant {some(found)}", advice)
    elif wanted:
        yield Finding("ok", f"{wanted}, the same as tsg_id")
    else:
        yield Finding(
            "ok",
            some(found),
            "Set tsg_id to this ID, so that runs with credentials of another tenant fail before they change anything.",
        )


def licenses(examination: Examination) -> Iterator[Finding]:
    """Tell which deployment profiles have API keys, and how long they are valid."""
    profiles = examination.rows.get(DEPLOYMENT_PROFILE.kind)
    if profiles is None:
        return
    if not profiles:
        advice = "Create one: API keys require it."
        yield Finding("warning", "no deployment profiles", advice)
        return
    keys = examination.rows.get(API_KEY.kind)
    uses = None if keys is None else Counter(str(key.get("auth_code")) for key in keys)
    findings = {
        "broken": Finding("error", "expired", "Renew the license: its API keys do not work."),
        "expired": Finding("warning", "expired", "Renew the license, or use another deployment profile."),
        "soon": Finding("warning", f"expires within {_SOON} days", "Renew the license."),
        "unreadable": Finding("warning", "expiration date cannot be read", "Check it in Strata Cloud Manager."),
        "valid": Finding("ok", "valid"),
    }
    for state, finding in findings.items():
        told = [_told(row, uses) for row in profiles if _validity(row, uses) == state]
        if told:
            yield replace(finding, found=f"{finding.found}: {some(told, separator='; ')}")


def _validity(row: Row, uses: Counter[str] | None) -> str:
    as_of_key = {"expiration": row.get("expiration_date")}
    if not expiry(as_of_key).readable:
        return "unreadable"
    left = days_left(as_of_key)
    if left is None or left >= _SOON:
        return "valid"
    if left >= 0:
        return "soon"
    return "broken" if uses and uses[str(row.get("auth_code"))] else "expired"


def _told(row: Row, uses: Counter[str] | None) -> str:
    """Return a deployment profile in words; its auth code is a secret."""
    moment = expiry({"expiration": row.get("expiration_date")}).moment
    until = f", until {_day(moment)}" if moment else ""
    count = None if uses is None else uses[str(row.get("auth_code"))]
    keys = "" if count is None else f", {count} API key{'' if count == 1 else 's'}" if count else ", free"
    return f"'{row.get('dp_name')}' ({row.get('status') or 'no status'}{keys}{until})"


def _day(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).date().isoformat()
