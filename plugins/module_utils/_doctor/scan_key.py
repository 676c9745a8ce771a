# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a key of the scan API works, and where. Nothing is scanned."""

from __future__ import annotations

from collections.abc import Iterator

from .._common.errors import AirsError, AirsForbiddenError, AirsStatusError, AirsUnauthorizedError
from .._common.threads import in_order
from .._engine.options import SCAN_ENDPOINTS
from .._scan.client import ScanClient
from .._scan.scan import authorizer_of, endpoint_of
from .finding import Examination, Finding

#: The id of no scan. To ask for its result costs nothing, and needs a key that works.
_NO_SCAN = "00000000-0000-0000-0000-000000000000"


def scan_key(examination: Examination) -> Iterator[Finding]:
    """Ask for the result of no scan.

    Raises:
        AirsError: it cannot be asked for.
    """
    options = examination.task.options
    broken = examination.wrong & {"libraries", "certificates", "proxies", "scan_api"}
    if broken or not (options["api_key"] or options["api_token"]):
        return
    endpoint = endpoint_of(options)
    region = next((name for name, url in SCAN_ENDPOINTS.items() if url == endpoint), None)
    refusal = _refusal(examination, endpoint)
    if refusal is None:
        yield Finding("ok", f"valid at {endpoint}{f' (region {region})' if region else ''}")
        return
    others = [name for name in SCAN_ENDPOINTS if name != region] if region else []
    tried = in_order(lambda name: _works(examination, SCAN_ENDPOINTS[name]), others, len(others))
    works = [name for name, fine in zip(others, tried, strict=True) if fine]
    if works:
        yield Finding("error", f"not valid in region {region}, but in region {works[0]}", f"Set region to {works[0]}.")
        return
    where = f"in any region ({', '.join(SCAN_ENDPOINTS)})" if region else f"at {endpoint}"
    advice = "It may be revoked or expired: check it with airs_api_key_info."
    if not region:
        advice = "It may be revoked, expired, or of another region: check it with airs_api_key_info, or set region."
    yield Finding("error", f"not valid {where} (HTTP {refusal.status})", advice)


def _refusal(examination: Examination, endpoint: str) -> AirsStatusError | None:
    """Return how an endpoint refuses the key, or None where it takes it."""
    task = examination.task
    client = ScanClient(task.transport(), endpoint, authorizer_of(task.options), lambda note: None)
    try:
        client.results([_NO_SCAN])
    except (AirsUnauthorizedError, AirsForbiddenError) as error:
        return error
    except AirsStatusError as error:
        # How the service answers for a scan that it does not know is not documented; a key is looked at first.
        if error.status not in (400, 404, 429):
            raise
    return None


def _works(examination: Examination, endpoint: str) -> bool:
    try:
        return _refusal(examination, endpoint) is None
    except AirsError:
        return False
