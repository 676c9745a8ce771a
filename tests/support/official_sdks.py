# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official SDKs as clients of the emulator.

They are used the way their users do, by their public names; nothing of them is part of this project. Their models are
turned into plain documents, so that tests compare what went over the wire.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from .emulator import ACCOUNT, Account, Emulator, JsonObject

WHY_SKIPPED = "the official SDKs are not installed; `make conformance` installs them"


class Loop:
    """Where both kinds of SDK run: calls a function, and waits for its result when that is awaitable.

    The function is called inside the loop too, because asynchronous clients make their connections when constructed.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """The result of a function or of a coroutine function."""

        async def inside() -> Any:
            result = function(*arguments, **named)
            return await result if inspect.isawaitable(result) else result

        return self._loop.run_until_complete(inside())

    def close(self) -> None:
        """End the loop."""
        self._loop.close()


def document(model: Any) -> Any:
    """What a model of an SDK stands for, as JSON has it; other values, such as the texts of deletions, as they are."""
    if isinstance(model, list):
        return [document(item) for item in model]
    return model.model_dump(mode="json", by_alias=True, exclude_none=True) if hasattr(model, "model_dump") else model


def is_part_of(part: Any, whole: Any) -> bool:
    """Whether a document has no member that another has not, and each with the same value, down to the leaves."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and is_part_of(value, whole[name]) for name, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(is_part_of, part, whole))
    return bool(part == whole)


def without_null(content: Any) -> Any:
    """A document without its members that are null, as C(document) makes it."""
    if isinstance(content, dict):
        return {name: without_null(value) for name, value in content.items() if value is not None}
    return [without_null(item) for item in content] if isinstance(content, list) else content


class ManagementSdk:
    """A client of the management SDK. C(sdk("api_keys", "delete_api_key", ...)) calls a method of a resource."""

    def __init__(self, client: Any, loop: Loop) -> None:
        self._client = client
        self._loop = loop

    def __call__(self, resource: str, method: str, **arguments: Any) -> Any:
        """The document that a method returns."""
        return document(self._loop.run(self.method(resource, method), **arguments))

    def method(self, resource: str, method: str) -> Callable[..., Any]:
        """A method, with its resource made inside the loop."""
        found: Callable[..., Any] = getattr(self._loop.run(getattr, self._client, resource), method)
        return found

    def rows(self, resource: str, method: str, **arguments: Any) -> list[JsonObject]:
        """The rows of a list."""
        (rows,) = (value for value in self(resource, method, **arguments).values() if isinstance(value, list))
        return list(rows)

    def refusal(self, resource: str, method: str, **arguments: Any) -> Any:
        """The error that a call raises because the service answers 4xx."""
        from airs_api_mgmt.exceptions import MgmtSdkClientError

        with pytest.raises(MgmtSdkClientError) as caught:
            self(resource, method, **arguments)
        return caught.value


@contextmanager
def management_sdk(
    kind: str, emulator: Emulator, account: Account = ACCOUNT, token_url: str | None = None
) -> Iterator[ManagementSdk]:
    """A client of the management SDK; C(kind) is C(sync) or C(async). Skips the test when the SDK is missing."""
    sdk = pytest.importorskip("airs_api_mgmt", reason=WHY_SKIPPED)
    loop = Loop()
    client = loop.run(
        sdk.MgmtClient if kind == "sync" else sdk.MgmtClientAsync,
        client_id=account.client_id,
        client_secret=account.client_secret,
        base_url=emulator.base_url,
        token_base_url=token_url or emulator.token_url,
        num_retries=1,
    )
    try:
        yield ManagementSdk(client, loop)
    finally:
        loop.run(client.close)
        loop.close()


class ScanSdk:
    """A scanner of the scan SDK, by the names of its methods."""

    def __init__(self, scanner: Any, loop: Loop) -> None:
        self._scanner = scanner
        self._loop = loop

    def sync_scan(
        self, profile_name: str | None, /, *, metadata: JsonObject | None = None, **content: Any
    ) -> JsonObject:
        """Scan one content; C(tr_id), C(session_id) and C(transaction_id) are the scan's, the rest is the content's."""
        from aisecurity.generated_openapi_client import AiProfile, Metadata
        from aisecurity.scan.models.content import Content

        ids = {name: content.pop(name) for name in ("tr_id", "session_id", "transaction_id") if name in content}
        answer: JsonObject = document(
            self._loop.run(
                self._scanner.sync_scan,
                ai_profile=AiProfile(profile_name=profile_name),
                content=Content(**content),
                metadata=Metadata(**metadata) if metadata else None,
                **ids,
            )
        )
        return answer

    def async_scan(self, profile_name: str, *prompts: str) -> JsonObject:
        """Hand in prompts, numbered from 1."""
        from aisecurity.generated_openapi_client import (
            AiProfile,
            AsyncScanObject,
            ScanRequest,
            ScanRequestContentsInner,
        )

        batch = [
            AsyncScanObject(
                req_id=number,
                scan_req=ScanRequest(
                    ai_profile=AiProfile(profile_name=profile_name),
                    contents=[ScanRequestContentsInner(prompt=prompt)],
                ),
            )
            for number, prompt in enumerate(prompts, 1)
        ]
        answer: JsonObject = document(self._loop.run(self._scanner.async_scan, batch))
        return answer

    def query_by_scan_ids(self, *scan_ids: str) -> list[JsonObject]:
        """The results of scans."""
        results: list[JsonObject] = document(self._loop.run(self._scanner.query_by_scan_ids, list(scan_ids)))
        return results

    def query_by_report_ids(self, *report_ids: str) -> list[JsonObject]:
        """The reports of scans."""
        reports: list[JsonObject] = document(self._loop.run(self._scanner.query_by_report_ids, list(report_ids)))
        return reports


@contextmanager
def scan_sdk(kind: str, emulator: Emulator, **credentials: str) -> Iterator[ScanSdk]:
    """A scanner with C(api_key) or C(api_token). Skips the test when the SDK is missing."""
    sdk = pytest.importorskip("aisecurity", reason=WHY_SKIPPED)
    from aisecurity.scan.asyncio.scanner import Scanner as AsyncScanner
    from aisecurity.scan.inline.scanner import Scanner

    # The SDK has one configuration and one connection for the whole process, and keeps what it is not told anew.
    sdk.global_configuration.reset()
    for name, module in list(sys.modules.items()):
        for member in vars(module).values() if name.startswith("aisecurity.scan.") else ():
            if hasattr(member, "__wrapped__") and hasattr(member, "_instance"):
                member._instance = None
    sdk.init(api_endpoint=emulator.url, num_retries=1, **credentials)
    loop = Loop()
    scanner = loop.run(Scanner if kind == "sync" else AsyncScanner)
    try:
        yield ScanSdk(scanner, loop)
    finally:
        if kind == "async":
            loop.run(scanner.close)
        loop.close()
        sdk.global_configuration.reset()
