# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of the management API, for any kind of the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from .._common.errors import (
    AirsBrokenAnswerError,
    AirsForbiddenError,
    AirsInputError,
    AirsStatusError,
    AirsUnauthorizedError,
)
from .._common.threads import in_order
from .._common.wording import some
from . import models
from .auth import TokenSource
from .model import answer_faults, check_request
from .pages import Pages
from .resource import Resource, Row
from .transport import Request, Transport, bearer

#: Most rows and pages of a list. More are no tenant but a service that does not come to an end.
MOST_ROWS, MOST_PAGES = 1_000_000, 2_000
#: Rows asked for at once. All known clients ask for 100; whether the service shortens larger pages is unknown.
PAGE_SIZE = 100
#: Most pages asked for at the same time, whatever the service says there are.
_MOST_AT_A_TIME = 32
#: Most characters of a name in a message about a row that does not fit.
_LONGEST_NAME = 100


class Rows(list[Row]):
    """The rows of a list. C(certain) is whether the service gave a list at all: null or nothing counts as empty."""

    certain = True


class ManagementClient:
    """Calls the management API.

    Args:
        transport: sends requests.
        tokens: gives access tokens.
        base_url: base URL of the management API.
        updated_by: who signs changes.
        note: takes sentences for the user about answers that do not fit the models.
    """

    def __init__(
        self,
        transport: Transport,
        tokens: TokenSource,
        base_url: str,
        updated_by: str,
        note: Callable[[str], None],
    ) -> None:
        self.transport = transport
        self.updated_by = updated_by
        self._tokens = tokens
        self._base_url = base_url
        self.note = note
        self._renewed_after_403 = False

    def sign_in(self) -> tuple[str, ...]:
        """Get an access token, for requests that follow.

        Returns:
            The tenants that it is for, as far as the service has told this process.

        Raises:
            AirsExchangeError: the token endpoint refused or cannot be reached.
            AirsInputError: the token is for another tenant than tsg_id.
        """
        self._tokens.get()
        return self._tokens.granted

    def list_all(
        self, resource: Resource, filters: Mapping[str, Any] | None = None, expected: int | None = None
    ) -> Rows:
        """Return all rows of a kind, all pages.

        Args:
            resource: the kind.
            filters: query parameters of this kind's list.
            expected: about how many rows there are, to ask for several pages at the same time; None for one by one.

        Raises:
            AirsExchangeError: a page could not be read, or the list does not come to an end.
        """
        query = {
            key: str(value).lower() if isinstance(value, bool) else value for key, value in (filters or {}).items()
        }
        if not resource.paged:
            return self._page(resource, query)[0]
        pages = Pages(PAGE_SIZE, expected)
        found: dict[int, Rows] = {}
        seen: set[tuple[str, str]] = set()
        while wanted := pages.wanted():
            if len(found) + len(wanted) > MOST_PAGES or sum(map(len, found.values())) > MOST_ROWS:
                reason = f"the list does not end within {MOST_PAGES} pages and {MOST_ROWS} rows"
                raise self._broken_list(resource, reason)
            # offset is always sent: older routes of the list refuse to go without (reported from live tenants).
            queries = [{**query, "offset": offset, "limit": PAGE_SIZE} for offset in wanted]
            answers = in_order(lambda page: self._page(resource, page), queries, _MOST_AT_A_TIME)
            for offset, (rows, following) in zip(wanted, answers, strict=True):
                goes_on = following > offset or len(rows) == PAGE_SIZE
                if pages.take(offset, len(rows), following):
                    self._require_progress(resource, seen, offset, rows, following, goes_on=goes_on)
                    found[offset] = rows
        everything = Rows(row for offset in sorted(found) for row in found[offset])
        everything.certain = found[0].certain
        return everything

    def _require_progress(
        self, resource: Resource, seen: set[tuple[str, str]], offset: int, rows: Rows, following: int, *, goes_on: bool
    ) -> None:
        """Refuse a page that says that others follow, and brings nothing new: such a service is read for ever.

        While somebody else writes, rows move from page to page: some of a page may be known, and all of the last one.
        """
        fresh = {_identity(resource, row) for row in rows} - seen
        seen |= fresh
        if rows and not fresh and goes_on:
            raise self._broken_list(resource, f"the page starting at row {offset} contains only rows of previous pages")
        if rows and 0 < following <= offset:
            raise self._broken_list(resource, f"the page starting at row {offset} is followed by row {following}")

    def _broken_list(self, resource: Resource, reason: str, hint: str | None = None) -> AirsBrokenAnswerError:
        return AirsBrokenAnswerError(
            f"list {resource.label}s", reason, method="GET", path=self.path_of(resource.list_path), hint=hint
        )

    def _page(self, resource: Resource, query: Mapping[str, Any]) -> tuple[Rows, int]:
        """Return the rows of one page, and where the next begins, 0 when the service does not say."""
        answer = self.call("GET", resource.list_path, f"list {resource.label}s", resource, params=query)
        # An empty tenant may answer an empty object (assumed, nobody has seen one yet).
        if not isinstance(answer, Mapping) or (answer and resource.list_key not in answer):
            raise self._broken_list(resource, f"the response has no '{resource.list_key}'", "Check base_url.")
        listed, following = answer.get(resource.list_key), answer.get("next_offset")
        if listed is not None and not (isinstance(listed, list) and all(isinstance(row, dict) for row in listed)):
            raise self._broken_list(resource, f"'{resource.list_key}' in the response is not a list of objects")
        following = 0 if following is None else following
        if not isinstance(following, int) or isinstance(following, bool) or not 0 <= following <= MOST_ROWS:
            raise self._broken_list(resource, "'next_offset' in the response is not a number of rows")
        rows = Rows(listed or ())
        rows.certain = listed is not None
        self._check_rows(resource, rows, f"list {resource.label}s", "GET", resource.list_path)
        return rows, following

    def create(self, resource: Resource, name: str, body: Mapping[str, Any]) -> Row:
        """Create an object; returns it as answered.

        Raises:
            AirsInputError: the body does not fit the model; nothing was sent.
            AirsExchangeError: the service refused, or its answer was lost (outcome_unknown).
        """
        return self._write("POST", resource, resource.create_path, f"create {resource.title(name)}", body)

    def update(self, resource: Resource, row: Mapping[str, Any], body: Mapping[str, Any]) -> Row:
        """Replace an object; returns it as answered. Kinds with revisions get a new one at every call.

        Raises:
            AirsInputError: the body does not fit the model; nothing was sent.
            AirsExchangeError: the service refused, or its answer was lost (outcome_unknown).
        """
        what = f"update {resource.title(row[resource.name_field])}"
        return self._write("PUT", resource, self._path(resource.update_path, resource, row), what, body)

    def delete(self, resource: Resource, row: Mapping[str, Any], force: bool = False) -> None:
        """Delete an object (of kinds with revisions: this one row). An object that is gone already is no error.

        Args:
            resource: the kind.
            row: the object.
            force: delete it although others refer to it.

        Raises:
            AirsConflictError: others refer to it.
            AirsExchangeError: the service refused otherwise.
        """
        path = resource.force_delete_path if force else resource.delete_path
        signed = {"updated_by": self.updated_by} if force or resource.delete_signed else None
        what = f"delete {resource.title(row[resource.name_field])}"
        try:
            # The answer may be a string, an object or empty (reported from live tenants): the status says it all.
            self.call("DELETE", self._path(path, resource, row), what, resource, params=signed)
        except AirsStatusError as error:
            if error.status != 404:
                raise

    def _write(
        self, method: Literal["POST", "PUT"], resource: Resource, path: str, what: str, body: Mapping[str, Any]
    ) -> Row:
        check_request(getattr(models, resource.request_model), body, what)
        return self.checked_row(resource, what, method, path, self.call(method, path, what, resource, body=body))

    def checked_row(self, resource: Resource, what: str, method: str, path: str, answer: Any) -> Row:
        """Return the answer to a write, which must be an object of the kind.

        Args:
            resource: the kind.
            what: what was tried, to follow "Could not ".
            method: HTTP method.
            path: path of the operation, below the management base URL.
            answer: the parsed answer.

        Raises:
            AirsBrokenAnswerError: it is none.
        """
        if not isinstance(answer, dict) or not answer.get(resource.id_field):
            reason = f"the response has no '{resource.id_field}'"
            raise AirsBrokenAnswerError(what, reason, method=method, path=self.path_of(path))
        self._check_rows(resource, [answer], what, method, path)
        return answer

    def call(
        self,
        method: Literal["GET", "POST", "PUT", "DELETE"],
        path: str,
        what: str,
        resource: Resource,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        repeatable: bool | None = None,
    ) -> Any:
        """Send one request with a token; a refused token is renewed and the request repeated, once.

        Args:
            method: HTTP method.
            path: path of the operation, below the management base URL.
            what: what is tried, to follow "Could not ".
            resource: the kind that it is about, for advice.
            params: query parameters.
            body: body to be sent as JSON.
            repeatable: whether sending it twice does no harm; None for what holds for the method.

        Returns:
            The parsed answer; None for an empty one.

        Raises:
            AirsExchangeError: the service refused, or its answer was lost (outcome_unknown).
        """

        def send(token: str) -> Any:
            return self.transport.send(
                Request(
                    what=what,
                    method=method,
                    url=f"{self._base_url}{path}",
                    url_option="base_url",
                    # A PUT that is sent twice makes two revisions, so it is not repeated blindly either.
                    repeatable=method in ("GET", "DELETE") if repeatable is None else repeatable,
                    authorize=bearer(token),
                    params=params,
                    json=body,
                )
            )

        token = self._tokens.get()
        try:
            return send(token)
        except AirsUnauthorizedError as error:
            if not self._tokens.renewable:
                raise error.with_hint(
                    "The access_token might have expired. Set a new one, or use client credentials."
                ) from None
        except AirsForbiddenError as error:
            # A stale token may answer 403; once a fresh one did not help, it is the permission.
            if not self._tokens.renewable or self._renewed_after_403:
                raise error.with_hint(_role_hint(resource)) from None
            self._renewed_after_403 = True
        try:
            answer = send(self._tokens.renew(token))
        except AirsForbiddenError as error:
            raise error.with_hint(_role_hint(resource)) from None
        self._renewed_after_403 = False
        return answer

    def path_of(self, path: str) -> str:
        """Return the whole path of a URL below the base URL, as failures name it.

        Args:
            path: path of the operation, below the management base URL.
        """
        return urlsplit(f"{self._base_url}{path}").path

    @staticmethod
    def _path(template: str, resource: Resource, row: Mapping[str, Any]) -> str:
        """Return the path of an operation on an object."""
        parts = {"id": str(row[resource.id_field]), "name": str(row[resource.name_field])}
        for key, part in parts.items():
            if f"{{{key}}}" in template and part in ("", ".", ".."):
                # Libraries take such a segment out of the path: that would be another operation.
                raise AirsInputError(
                    f"{resource.title(row[resource.name_field])} cannot be addressed because '{part}' is not "
                    "possible in a path. Use Strata Cloud Manager. Nothing was changed."
                )
        return template.format(**{key: quote(part, safe="") for key, part in parts.items()})

    def _check_rows(self, resource: Resource, rows: list[Row], what: str, method: str, path: str) -> None:
        """Refuse rows of which something cannot be read, and note what else does not fit."""
        model = getattr(models, resource.model)
        for row in rows:
            grave, odd = answer_faults(model, row)
            if not grave and not odd:
                continue
            name = row.get(resource.name_field)
            which = resource.title(name[:_LONGEST_NAME]) if isinstance(name, str) else f"one of the {resource.label}s"
            if grave:
                reason = f"the response for {which} cannot be parsed ({some(grave, 3, '; ')})"
                raise AirsBrokenAnswerError(what, reason, method=method, path=self.path_of(path))
            told = some(odd, separator="; ")
            self.note(f"Unexpected response of the service for {which} ({told}), which is used unchanged.")


def _identity(resource: Resource, row: Row) -> tuple[str, str]:
    """Return what tells a row from others: of kinds with revisions, the revision as well."""
    return str(row.get(resource.id_field)), str(row.get(resource.revision_field or ""))


def _role_hint(resource: Resource) -> str:
    return (
        f"The role of the service account might not include {resource.permission}, or this is not the "
        "intended tenant. Check its roles in Strata Cloud Manager (Superuser includes all permissions)."
    )
