# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The four operations of the scan API: synchronous scan, asynchronous scan, results, and reports."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, cast
from urllib.parse import quote, urlsplit

from .._common.errors import AirsBrokenAnswerError, AirsForbiddenError, AirsStatusError, AirsUnauthorizedError
from .._common.wording import some
from .._service.model import AirsModel, answer_faults
from .._service.resource import Row
from .._service.transport import Request, Transport, header
from . import models
from .verdicts import COMPLETE, FAILED

#: Path of the results of scans, below the endpoint.
RESULTS = "/v1/scan/results"
#: Ids of one query for results or reports (official description).
MAX_IDS = 5
#: Longest single wait, in seconds: the documented example of a rate limit asks for five minutes.
MAX_WAIT = 600.0


_NO_PROFILE = (
    "Set profile_name or profile_id, or link a security profile to the API key's application in Strata Cloud Manager."
)


def with_key(api_key: str) -> Callable[[Any], Any]:
    """Return an authorizer for an API key, which also signs what is sent, as the official SDK does.

    Raises:
        AirsInputError: the key cannot be in a header.
    """
    authorize = header("x-pan-token", api_key)

    def sign(prepared: Any) -> Any:
        if prepared.body:
            digest = hmac.new(api_key.strip().encode(), prepared.body, hashlib.sha256).hexdigest()
            prepared.headers["x-payload-hash"] = digest
        return authorize(prepared)

    return sign


class ScanClient:
    """Calls the scan API. Its methods may be called from several threads.

    Args:
        transport: sends requests.
        endpoint: URL of the scan API.
        authorize: sets the API key or token on a request.
        note: takes sentences for the user about answers that do not fit the models.
    """

    def __init__(
        self,
        transport: Transport,
        endpoint: str,
        authorize: Callable[[Any], Any],
        note: Callable[[str], None],
    ) -> None:
        self._transport = transport
        self._endpoint = endpoint
        self._authorize = authorize
        self._note = note

    def scan(self, what: str, body: Mapping[str, Any]) -> Row:
        """Scan at once.

        Args:
            what: what is tried, to follow "Could not ".
            body: a scan request.

        Returns:
            The verdict as answered.

        Raises:
            AirsExchangeError: the service refused or cannot be reached.
        """
        answer = self._call("POST", what, "/v1/scan/sync/request", body=body)
        return self._object(what, "POST", "/v1/scan/sync/request", models.ScanResponse, answer)

    def submit(self, what: str, batch: Sequence[Mapping[str, Any]]) -> Row:
        """Have a batch scanned later.

        Args:
            what: what is tried, to follow "Could not ".
            batch: elements of an asynchronous request.

        Returns:
            What the service answered, the scan_id of the batch at least.

        Raises:
            AirsExchangeError: the service refused or cannot be reached.
        """
        path = "/v1/scan/async/request"
        answer = self._call("POST", what, path, body=list(batch))
        return self._object(what, "POST", path, models.AsyncScanResponse, answer)

    def results(self, scan_ids: Sequence[str]) -> list[Row]:
        """Return the results of scans as far as they are there, in no particular order, one for each scan of a batch.

        Raises:
            AirsExchangeError: the service refused or cannot be reached.
        """
        what, path = "get scan results", RESULTS
        rows = self._by_ids(what, path, "scan_ids", scan_ids, models.ScanIdResult)
        return [self._with_verdict(what, path, row) for row in rows]

    def _with_verdict(self, what: str, path: str, row: Row) -> Row:
        """Return a result; where it is complete, but cannot be read, as one that failed."""
        if row["status"] != COMPLETE:
            return row
        try:
            # Without one, nothing would have been detected.
            self._object(what, "GET", path, models.ScanResponse, row.get("result"))
        except AirsBrokenAnswerError as error:
            return {**row, "result": None, "status": FAILED, "error_message": error.message}
        return row

    def reports(self, report_ids: Sequence[str]) -> list[Row]:
        """Return the reports of scans, in no particular order, one for each scan of a batch.

        Raises:
            AirsExchangeError: the service refused or cannot be reached.
        """
        return self._by_ids("get scan reports", "/v1/scan/reports", "report_ids", report_ids, models.ThreatScanReport)

    def _by_ids(self, what: str, path: str, parameter: str, ids: Sequence[str], model: type[AirsModel]) -> list[Row]:
        rows: list[Row] = []
        for first in range(0, len(ids), MAX_IDS):
            # In the URL, because the service's separator is a plain comma and parameters would have it encoded.
            query = ",".join(quote(identifier, safe="") for identifier in ids[first : first + MAX_IDS])
            answer = self._call("GET", what, f"{path}?{parameter}={query}")
            if not isinstance(answer, list):
                raise AirsBrokenAnswerError(what, "the response is not a list", method="GET", path=self._path(path))
            rows += [self._object(what, "GET", path, model, row) for row in answer]
        return rows

    def _object(self, what: str, method: str, path: str, model: type[AirsModel], answer: Any) -> Row:
        grave, odd = answer_faults(model, answer)
        if grave:
            reason = f"the response cannot be parsed ({some(grave, 3, '; ')})"
            raise AirsBrokenAnswerError(what, reason, method=method, path=self._path(path))
        for fault in odd:
            self._note(f"Unexpected response of the scan API ({fault}), which is used unchanged.")
        return cast(Row, answer)

    def _call(self, method: Literal["GET", "POST"], what: str, path: str, body: Any = None) -> Any:
        request = Request(
            what=what,
            method=method,
            url=f"{self._endpoint}{path}",
            url_option="api_endpoint",
            repeatable=True,  # a scan changes nothing
            authorize=self._authorize,
            json=body,
        )
        try:
            return self._transport.send(request)
        except AirsUnauthorizedError as error:
            raise error.with_hint("Set api_key or api_token.") from None
        except AirsForbiddenError as error:
            raise error.with_hint("The API key might be revoked, expired, or for another region.") from None
        except AirsStatusError as error:
            one = body[0]["scan_req"] if isinstance(body, list) else body
            if error.status == 400 and one and "ai_profile" not in one and "profile" in error.reason.lower():
                raise error.with_hint(_NO_PROFILE) from None
            raise

    def _path(self, path: str) -> str:
        """Return the whole path of an operation, as failures name it."""
        return urlsplit(f"{self._endpoint}{path}").path
