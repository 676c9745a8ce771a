# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the collection: typed, one sentence each, with machine-readable details, and never with a secret."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from .wording import one_line


class AirsError(Exception):
    """Base of all errors a user may see.

    Args:
        message: one plain sentence, saying also what to do next where that is known.
    """

    #: True when the service may or may not have done what it was asked for (a lost answer, a 5xx).
    outcome_unknown = False
    #: What the message says to do next, at its end; None for nothing.
    hint: str | None = None

    def __init__(self, message: str) -> None:
        self.message = one_line(message)
        super().__init__(self.message)

    def failure(self) -> dict[str, Any] | None:
        """Return the machine-readable description of a failed exchange, or None when no exchange took place."""
        return None


class AirsInputError(AirsError):
    """What the user asked for cannot be done; nothing has been changed."""


class AirsRefusal(AirsInputError):
    """What the user asked for about one object cannot be done.

    Args:
        what: what was attempted, such as "create API key 'x'".
        why: one or more sentences; the first without a capital.
    """

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"Cannot {what}: {why} Nothing was changed.")
        self.why = one_line(why)


class AirsDependencyError(AirsError):
    """A Python library is missing.

    Args:
        missing: requirement strings of the missing libraries.
    """

    def __init__(self, missing: Sequence[str]) -> None:
        names = " and ".join(missing)
        packages = " ".join(f"'{name}'" for name in missing)
        super().__init__(
            f"The Python that runs this task does not have {names}. Install with: {sys.executable} -m pip "
            f"install {packages}"
        )
        self.hint = self.message[self.message.index("Install with") :]


class AirsSecretStoreError(AirsError):
    """A secret could not be stored where the user wanted it.

    Args:
        why: one plain sentence.
        kept: where the secret is instead, and what to do with it; neither is true once its key is deleted.
        recovered: path of the file that it was saved in, or None.
    """

    def __init__(self, why: str, kept: str = "", recovered: str | None = None) -> None:
        super().__init__(f"{why} {kept}".strip())
        self.why = one_line(why)
        self.recovered = recovered


class AirsUnexpectedError(AirsError):
    """Something that nobody foresaw: a mistake of the collection, or an answer that it cannot make sense of.

    What the exception itself says is left out of everything: it may quote a secret, or what a terminal obeys.

    Args:
        error: what was raised.
        title: the object that it concerns, as sentences use it; "" where there is none, or others say it.
    """

    outcome_unknown = True

    def __init__(self, error: BaseException, title: str = "") -> None:
        #: The exception and the places that it came through.
        self.trace = _trace(error)
        package = __name__.partition("_common")[0]
        places = [(frame.f_globals.get("__name__", ""), line) for frame, line in traceback.walk_tb(error.__traceback__)]
        ours = [(name, line) for name, line in places if name.startswith(package)]
        place = "".join(f" in {name.removeprefix(package)}, line {line}" for name, line in ours[-1:])
        concerned = f"{title}: " if title else ""
        super().__init__(f"{concerned}Unexpected {type(error).__name__}{place}. Report this with the traceback.")


def _trace(error: BaseException) -> str:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [_trace(before), "\n"] if before else []
    lines += ["Traceback (most recent call last):\n", *traceback.format_tb(error.__traceback__), type(error).__name__]
    return "".join(lines)


def foreseen(error: Exception) -> AirsError:
    """Return an exception as an error that a user may see."""
    return error if isinstance(error, AirsError) else AirsUnexpectedError(error)


def failed(error: Exception) -> dict[str, Any]:
    """Return the result of a task for what was raised: failed and msg, and what else there is to know."""
    seen = foreseen(error)
    failure = {"failure": seen.failure()} if seen.failure() else {}
    trace = {"exception": seen.trace} if isinstance(seen, AirsUnexpectedError) else {}
    return {"failed": True, "msg": seen.message, **failure, **trace}


class AirsExchangeError(AirsError):
    """An HTTP exchange failed.

    Args:
        what: what was tried, to follow "Could not ", such as "create custom topic 'x'".
        reason: what happened, without a final full stop.
        method: HTTP method.
        path: path of the URL, without query.
        hint: what to do next, a whole sentence, or None.
        status: HTTP status, or None when there was no answer.
        code: the service's own error code where it gives one.
        request_id: the service's id of the request where it gives one.
        payload: parsed JSON body of the answer; used for decisions, never shown.
        retry_after: seconds the service asked to wait, or None.
    """

    def __init__(
        self,
        what: str,
        reason: str,
        *,
        method: str,
        path: str,
        hint: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        payload: Any = None,
        retry_after: float | None = None,
    ) -> None:
        suffix = f" (HTTP {status})" if status else ""
        super().__init__(f"Could not {what}: {reason}{suffix}." + (f" {hint}" if hint else ""))
        self.what = what
        self.reason = one_line(reason)
        self.method = method
        self.path = path
        self.hint = hint
        self.status = status
        self.code = code
        self.request_id = request_id
        self.payload = payload
        self.retry_after = retry_after

    def failure(self) -> dict[str, Any]:
        """Return {status, code, message, method, path, request_id}: no header, body or secret."""
        return {
            "status": self.status,
            "code": self.code,
            "message": self.reason,
            "method": self.method,
            "path": self.path,
            "request_id": self.request_id,
        }

    def with_hint(self, hint: str) -> AirsExchangeError:
        """Return the same error with another hint."""
        return type(self)(
            self.what,
            self.reason,
            method=self.method,
            path=self.path,
            hint=hint,
            status=self.status,
            code=self.code,
            request_id=self.request_id,
            payload=self.payload,
            retry_after=self.retry_after,
        )


class AirsConnectError(AirsExchangeError):
    """The host could not be reached: the service did not take the request."""


class AirsTlsError(AirsExchangeError):
    """No trusted TLS connection could be made; trying again does not help."""


class AirsBrokenAnswerError(AirsExchangeError):
    """The request was sent, but no usable answer came: timeout, broken connection, truncated or foreign body."""

    outcome_unknown = True


class AirsStatusError(AirsExchangeError):
    """The service answered with an error status."""


class AirsUnauthorizedError(AirsStatusError):
    """HTTP 401."""


class AirsForbiddenError(AirsStatusError):
    """HTTP 403."""


class AirsNotFoundError(AirsStatusError):
    """HTTP 404."""


class AirsConflictError(AirsStatusError):
    """HTTP 409."""


class AirsRateLimitError(AirsStatusError):
    """HTTP 429: the service did not take the request."""


class AirsServerError(AirsStatusError):
    """HTTP 5xx: the service may have done the work before it failed."""

    outcome_unknown = True


_BY_STATUS: Mapping[int, type[AirsStatusError]] = {
    401: AirsUnauthorizedError,
    403: AirsForbiddenError,
    404: AirsNotFoundError,
    409: AirsConflictError,
    429: AirsRateLimitError,
}


def status_error_type(status: int) -> type[AirsStatusError]:
    """Return the error type for an HTTP error status."""
    return AirsServerError if status >= 500 else _BY_STATUS.get(status, AirsStatusError)
