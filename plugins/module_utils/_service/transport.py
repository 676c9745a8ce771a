# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP: one requests session, retries by method, typed errors.

Retries depend on what is known about the request:
the service did not accept it (no connection, 429)           -> retried, whatever the method;
it might have accepted it (5xx, timeout, invalid response)   -> retried only if repeating it does no harm.
For a request that must not be repeated, the caller gets the error with outcome_unknown set, and checks the outcome.
"""

from __future__ import annotations

import ipaddress
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Literal
from urllib.parse import urlsplit

from .._common.deps import requests
from .._common.errors import (
    AirsBrokenAnswerError,
    AirsConnectError,
    AirsExchangeError,
    AirsInputError,
    AirsRateLimitError,
    AirsTlsError,
    status_error_type,
)
from .._common.version import VERSION
from .answers import BeyondLimit, NoJsonError, UnreadableError, body_of, limited_adapter, parsed
from .learnt import secrets_in

#: What the service is told of who asks.
USER_AGENT = f"panw.airs/{VERSION} (Ansible)"

#: Longest single wait, in seconds, whatever the service asks for, where nothing else is said.
MAX_WAIT = 60.0

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
#: Longest time that a service can mean, in whatever unit.
_LONGEST_INTERVAL = 1_000_000
#: Most characters that a message has of what the service says, and of a word in a header.
_MOST_WORDS, _LONGEST_WORD = 300, 100


@dataclass(frozen=True)
class Request:
    """One request.

    Args:
        what: what it does, to follow "Could not ".
        method: HTTP method.
        url: absolute URL.
        url_option: the option that the URL comes from, for advice.
        repeatable: whether sending it twice does no harm.
        authorize: sets the credentials on the prepared request.
        params: query parameters.
        json: body to be sent as JSON.
        form: body to be sent as a form.
    """

    what: str
    method: Literal["GET", "POST", "PUT", "DELETE"]
    url: str
    url_option: str
    repeatable: bool
    authorize: Callable[[Any], Any]
    params: Mapping[str, Any] | None = None
    json: Any = None
    form: Mapping[str, str] | None = None

    @property
    def path(self) -> str:
        """Path of the URL, without the query."""
        return urlsplit(self.url).path

    @property
    def host(self) -> str:
        """Host and port of the URL."""
        return urlsplit(self.url).netloc


def bearer(token: str) -> Callable[[Any], Any]:
    """Return an authorizer for a bearer token. (An authorizer also keeps requests from reading ~/.netrc instead.)"""
    return header("Authorization", f"Bearer {token}")


def header(name: str, value: str) -> Callable[[Any], Any]:
    """Return an authorizer that sets one header.

    Raises:
        AirsInputError: the value cannot be in a header. (The libraries' own error would show it.)
    """
    credential = value.strip()
    if not credential.isascii() or not credential.isprintable() or " " in credential.removeprefix("Bearer "):
        raise AirsInputError("The token or API key contains invalid characters. Check its source.")

    def authorize(prepared: Any) -> Any:
        prepared.headers[name] = credential
        return prepared

    return authorize


def require_safe_url(option: str, url: str) -> str:
    """Refuse URLs over which a secret would travel in the clear.

    Args:
        option: name of the option, for the message.
        url: absolute URL.

    Returns:
        The URL without a trailing slash.

    Raises:
        AirsInputError: not an absolute http(s) URL, or http to a host that is not loopback.
    """
    if "@" in url:
        raise AirsInputError(f"{option} must not contain credentials: use client_id and client_secret.")
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # such as a port that is no number
        parts, valid = urlsplit(""), None
    if parts.query or parts.fragment or "?" in url or "#" in url or any(sign.isspace() for sign in url):
        raise AirsInputError(f"{option} must be a URL without spaces, query, and fragment, but is '{url}'.")
    if not valid:
        raise AirsInputError(f"{option} must be an absolute https:// URL, but is '{url}'.")
    if parts.scheme == "http" and not is_loopback(str(parts.hostname)):
        raise AirsInputError(
            f"{option} is '{url}', but http is only allowed for the local host, because credentials would be "
            "sent unencrypted. Use https://."
        )
    return url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Transport:
    """Sends requests and returns parsed JSON.

    Args:
        timeout: seconds to wait for a connection, and again for each part of an answer; for all of it five times that.
        num_retries: maximum number of retries of a failed request.
        validate_certs: whether TLS certificates are checked.
        ca_path: file or folder of CA certificates, or None for the system's (REQUESTS_CA_BUNDLE is honoured).
        max_wait: longest single wait, in seconds, whatever the service asks for.
        connections: most connections to a host; threads beyond that wait for one.
        learnt: gets the secrets that answers hold; if omitted, a set of its own.
        sleep: waits the given seconds; replaced in tests.
    """

    def __init__(
        self,
        *,
        timeout: float,
        num_retries: int,
        validate_certs: bool,
        ca_path: str | None,
        max_wait: float = MAX_WAIT,
        connections: int = 10,
        learnt: set[str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.num_retries = num_retries
        #: The secrets that answers have held.
        self.learnt = set() if learnt is None else learnt
        self._timeout = timeout
        self._max_wait = max_wait
        self._sleep = sleep
        self._verify: bool | str = (ca_path or True) if validate_certs else False
        if not validate_certs:
            _silence_unverified_warnings()
        self._session = requests.Session()
        # See _route(): the library would go through the whole environment for every request, a fifth of its work.
        self._session.trust_env = False
        self._routes: dict[str, Mapping[str, Any]] = {}
        # Nothing that an answer says is kept, or followed: see allow_redirects. To find the way, the library would read
        # the body, whatever its size.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.get_redirect_target = lambda _response: None  # type: ignore[assignment, method-assign]
        adapter = limited_adapter(connections)
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, adapter)
        self._session.headers.update(
            {
                "User-Agent": USER_AGENT,
                "Accept": "application/json",
                "Accept-Encoding": "gzip",  # what body_of() unpacks
            }
        )

    def send(self, request: Request) -> Any:
        """Send a request, again where that is safe and may help.

        Returns:
            The parsed JSON body; None for an empty one.

        Raises:
            AirsExchangeError: of the kind that fits; the last one when sending again did not help.
        """
        attempt = 0
        while True:
            try:
                answer = self._send_once(request)
                self.learnt.update(secrets_in(answer))
                return answer
            except AirsExchangeError as error:
                self.learnt.update(secrets_in(error.payload))
                if attempt >= self.num_retries or not self._worth_repeating(request, error):
                    raise
                self.wait(attempt, error)
                attempt += 1

    def wait(self, attempt: int, error: AirsExchangeError) -> None:
        """Wait before trying again: as long as the service asked for, else exponentially with full jitter.

        Args:
            attempt: number of tries so far, less one.
            error: what the last try met.
        """
        asked = error.retry_after
        self._sleep(min(self._max_wait, asked if asked is not None else random.uniform(0, 2.0**attempt)))

    @staticmethod
    def _worth_repeating(request: Request, error: AirsExchangeError) -> bool:
        if isinstance(error, (AirsConnectError, AirsRateLimitError)):
            return True
        return error.outcome_unknown and request.repeatable

    def _send_once(self, request: Request) -> Any:
        from urllib3.exceptions import HTTPError

        try:
            with self._session.request(
                request.method,
                request.url,
                params=request.params,
                json=request.json,
                data=request.form,
                auth=request.authorize,
                timeout=self._timeout,
                **self._route(request),
                # A redirect would turn POST into GET and could carry the token elsewhere.
                allow_redirects=False,
                stream=True,
            ) as response:
                return self._parse(request, response)
        # OSError: a ca_path that does not exist. HTTPError: the body; also the library lets some through.
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            kind, reason, hint = self._what_broke(request, error)
            raise kind(request.what, reason, method=request.method, path=request.path, hint=hint) from None

    def _route(self, request: Request) -> Mapping[str, Any]:
        """Return the proxies and CA certificates for the host of a request, as options and environment say."""
        if request.host not in self._routes:
            # Given with each request, not set on the session: there REQUESTS_CA_BUNDLE would win over validate_certs.
            found = requests.Session().merge_environment_settings(request.url, {}, None, self._verify, None)
            # What stays on this machine takes no way around: a proxy would see the secret in the clear.
            local = is_loopback(urlsplit(request.url).hostname or "")
            self._routes[request.host] = {"proxies": {} if local else found["proxies"], "verify": found["verify"]}
        return self._routes[request.host]

    def _what_broke(self, request: Request, error: Exception) -> tuple[type[AirsExchangeError], str, str | None]:
        """Return the kind of error, the reason in words and a hint for an exchange that brought no answer."""
        host, inner = request.host, _innermost(error)
        cause = words_of(inner)
        failures = requests.exceptions
        from urllib3.exceptions import HTTPError, ReadTimeoutError

        if isinstance(inner, BeyondLimit):
            return AirsBrokenAnswerError, f"the response of {host} {inner}", inner.hint
        if isinstance(error, failures.SSLError):
            reason = f"no trusted TLS connection to {host} ({cause})"
            return AirsTlsError, reason, "Set ca_path to the CA that signed its certificate."
        if isinstance(error, failures.ConnectTimeout):
            return AirsConnectError, f"no connection to {host} within {self._timeout:g} seconds", _check(request)
        if isinstance(error, (failures.Timeout, ReadTimeoutError)):
            return AirsBrokenAnswerError, f"no response from {host} within {self._timeout:g} seconds", None
        if isinstance(error, failures.ProxyError):
            reason = f"the proxy for {host} cannot be used ({cause})"
            return AirsConnectError, reason, "Check HTTPS_PROXY and NO_PROXY in the environment."
        if isinstance(error, failures.ConnectionError) and _was_never_sent(error):
            return AirsConnectError, f"cannot connect to {host} ({cause})", _check(request)
        if isinstance(error, failures.ConnectionError):
            return AirsBrokenAnswerError, f"{host} closed the connection ({cause})", None
        if isinstance(error, HTTPError):
            return AirsBrokenAnswerError, f"the response of {host} was truncated or cannot be read", None
        if isinstance(error, failures.RequestException):
            return AirsExchangeError, f"the request cannot be sent ({cause})", _check(request)
        return AirsExchangeError, f"the request cannot be sent ({cause})", "Check ca_path or REQUESTS_CA_BUNDLE."

    @staticmethod
    def _parse(request: Request, response: Any) -> Any:
        status = response.status_code
        request_id = (response.headers.get("x-request-id") or "")[:_LONGEST_WORD] or None
        known: dict[str, Any] = {"method": request.method, "path": request.path, "request_id": request_id}
        data: Any = None
        try:
            data = parsed(body_of(response.raw))
        except UnreadableError as error:
            if status < 300:
                kind = (
                    response.headers.get("Content-Type", "no content type")
                    .split(";")[0]
                    .strip()
                    .lower()[:_LONGEST_WORD]
                )
                foreign = isinstance(error, NoJsonError) and kind != "application/json"
                raise AirsBrokenAnswerError(
                    request.what,
                    f"{request.host} responded with {f'{kind} instead of JSON' if foreign else error}",
                    hint=f"{_check(request)[:-1]}, and whether a proxy responds instead of the service.",
                    status=status,
                    **known,
                ) from None
        if status < 300:
            return data
        raise status_error_type(status)(
            request.what,
            _service_message(data) or f"the service responded {shortened(response.reason or 'with an error')}",
            code=_service_code(data),
            payload=data,
            retry_after=_retry_after(response, data),
            status=status,
            **known,
        )


def _check(request: Request) -> str:
    return f"Check {request.url_option}."


def _silence_unverified_warnings() -> None:
    """Keep urllib3 from printing a warning at every request: the user asked for it."""
    from urllib3 import disable_warnings
    from urllib3.exceptions import InsecureRequestWarning

    disable_warnings(InsecureRequestWarning)


def _service_message(data: Any) -> str | None:
    """Return the service's own words.

    The management API says {"error_message"} (official description), the scan API {"error": {"message"}} and the token
    endpoint {"error", "error_description"}; {"message"} comes with conflicts.
    """
    if isinstance(data, str):
        return f"the service reported '{shortened(data.strip())}'" if data.strip() else None
    if not isinstance(data, Mapping):
        return None
    nested = data.get("error")
    candidates: Sequence[Any] = (
        data.get("error_message"),
        nested.get("message") if isinstance(nested, Mapping) else None,
        data.get("error_description"),
        data.get("message"),
        nested,
    )
    for candidate in candidates:
        if isinstance(candidate, str) and candidate.strip():
            return f"the service reported '{shortened(candidate.strip().rstrip('.'))}'"
    return None


def shortened(text: str, most: int = _MOST_WORDS) -> str:
    """Return as much of what a service says as a message can have."""
    # Cut between words: of half a secret, nobody would know that it is one.
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0]} ..."


def _service_code(data: Any) -> str | None:
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) else None


def _retry_after(response: Any, data: Any) -> float | None:
    """Return the seconds to wait: header Retry-After (seconds or date), or the scan API's body {interval, unit}."""
    value = response.headers.get("Retry-After")
    if value:
        from urllib3.exceptions import InvalidHeader
        from urllib3.util import Retry

        try:
            return Retry().parse_retry_after(value)
        except (InvalidHeader, ValueError, OverflowError):  # thousands of digits, the year 99999
            return None
    error = data.get("error") if isinstance(data, Mapping) else None
    asked = error.get("retry_after") if isinstance(error, Mapping) else None
    interval = asked.get("interval") if isinstance(asked, Mapping) else None
    if isinstance(asked, Mapping) and isinstance(interval, (int, float)) and 0 <= interval <= _LONGEST_INTERVAL:
        return float(interval) * _SECONDS.get(str(asked.get("unit")).rstrip("s"), 1)
    return None


def _was_never_sent(error: Any) -> bool:
    """Tell a connection that was never made from one that broke after the request may have gone out."""
    from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

    inner = error.args[0] if error.args else None
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError))


def _innermost(error: BaseException) -> BaseException:
    """Return the innermost cause, without the errors that the libraries wrap around it."""
    inner = error
    while not isinstance(inner, BeyondLimit):
        reason = getattr(inner, "reason", None)
        nested = next((arg for arg in (reason, *inner.args) if isinstance(arg, BaseException)), None)
        nested = nested or inner.__cause__ or inner.__context__
        if nested is None:
            break
        inner = nested
    return inner


def words_of(error: BaseException) -> str:
    """Return a cause in words, without addresses and URLs."""
    # verify_message: what is wrong with a certificate; strerror: what the operating system says.
    words = getattr(error, "verify_message", None) or getattr(error, "strerror", None) or str(error)
    return shortened(words or type(error).__name__)
