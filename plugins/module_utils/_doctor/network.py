# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to the service: proxies, certificates, and each step of a connection, so that it is known which one fails.

It needs no library beyond Python's own, so it also tells what is wrong where none is installed.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from .._common.deps import missing, requests
from .._common.errors import AirsError, AirsInputError
from .._common.files import no_file
from .._engine.options import Options
from .._kinds.registry import CUSTOM_TOPIC
from .._scan.client import RESULTS
from .._scan.scan import endpoint_of
from .._service.transport import USER_AGENT, is_loopback, require_safe_url, shortened, words_of
from .finding import Examination, Finding

#: How the services answer a request without a token, or one too many.
_REFUSALS = (401, 403, 429)
#: Seconds that a clock may be off, and those from which it counts as wrong.
_SMALL_SKEW, _LARGE_SKEW = 60, 3600
_INSPECTION = (
    "If this network inspects TLS, set ca_path or REQUESTS_CA_BUNDLE to a file with the CA of the inspection; "
    "otherwise the connection may be intercepted."
)


class _Broken(AirsError):
    """A step of a connection fails.

    Args:
        message: which, and why, without a full stop.
        advice: what to do.
    """

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(f"{message}. {advice}")
        self.hint = advice


@dataclass(frozen=True)
class _Way:
    """The way to a host.

    Args:
        option: where the URL comes from.
        url: the URL.
        proxy: the proxy, or None.
        timeout: seconds to wait for each step.
    """

    option: str
    url: SplitResult
    proxy: SplitResult | None
    timeout: float

    @property
    def host(self) -> str:
        """The host."""
        return str(self.url.hostname)

    @property
    def port(self) -> int:
        """The port."""
        return self.url.port or (443 if self.url.scheme == "https" else 80)


#: The hosts that there are, as checks.
PLACES = ("management_api", "token_endpoint", "scan_api")


def _place_of(name: str, options: Options) -> tuple[str, SplitResult, str] | None:
    """Return an option, its URL, and a path below it that only reads; None where the options lead to no such host.

    Raises:
        AirsInputError: the URL is not valid.
    """
    if name == "management_api":
        option, url, path = "base_url", options["base_url"], CUSTOM_TOPIC.list_path
    elif name == "token_endpoint" and not options["access_token"]:
        option, url, path = "token_base_url", options["token_base_url"], ""
    elif name == "scan_api" and any(options[each] for each in ("api_key", "api_token", "api_endpoint", "region")):
        option, url, path = "api_endpoint", endpoint_of(options), RESULTS
    else:
        return None
    return option, urlsplit(require_safe_url(option, url)), path


# --- proxies and certificates ----------------------------------------------------------------------------------------


def proxies(examination: Examination) -> Iterator[Finding]:
    """Name the proxy for each host. A URL that is not valid is left to the check of its host.

    Raises:
        AirsInputError: the proxy is not valid.
    """
    both = [name for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy") if os.environ.get(name)]
    for name in both:
        if os.environ.get(name.upper()) not in (None, "", os.environ[name]):
            advice = f"{name} is used: remove one of them."
            yield Finding("warning", f"{name} and {name.upper()} differ", advice)
    hosts: dict[str | None, SplitResult] = {}
    for name in PLACES:
        with contextlib.suppress(AirsInputError):
            place = _place_of(name, examination.task.options)
            hosts |= {place[1].hostname: place[1]} if place else {}
    for host, url in hosts.items():
        proxy = _proxy_of(url)
        if proxy and proxy.scheme != "http":
            advice = "If connections fail, use a proxy with an http:// URL."
            yield Finding("warning", f"{host}: proxy of type {proxy.scheme}, which this check does not support", advice)
        else:
            yield Finding("ok", f"{host}: {f'proxy {_host_and_port(proxy)}' if proxy else 'no proxy'}")


def certificates(examination: Examination) -> Iterator[Finding]:
    """Name what certificates are verified against.

    Raises:
        AirsInputError: that cannot be read.
    """
    options = examination.task.options
    path, origin = _bundle(options)
    _trusting(options)
    if not options["validate_certs"]:
        advice = "Set validate_certs to true, and ca_path to the CA that signed the certificate."
        yield Finding("warning", "certificates are not verified, so the client secret can be intercepted", advice)
    else:
        yield Finding("ok", f"verified against {path or 'the store of this system'} ({origin})")
    ignored = [name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)]
    if ignored and origin == _CERTIFI:
        advice = f"Set REQUESTS_CA_BUNDLE to the value of {ignored[0]} if your CA is there."
        yield Finding("warning", f"the modules ignore {' and '.join(ignored)}", advice)


_CERTIFI = "the package certifi"


def _bundle(options: Options) -> tuple[str | None, str]:
    """Return the file or folder of trusted certificates, None for that of the system, and who says so."""
    if options["ca_path"]:
        return str(options["ca_path"]), "ca_path"
    variables = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    said = next((name for name in variables if os.environ.get(name)), None)
    if said:
        return os.environ[said], said
    return (None, "because libraries are missing") if missing() else (requests.utils.DEFAULT_CA_BUNDLE_PATH, _CERTIFI)


def _trusting(options: Options) -> ssl.SSLContext:
    """Return what checks certificates as the modules do."""
    path, origin = _bundle(options)
    context = _as_modules_do()
    other = no_file(path) if path else ""
    if other not in ("", "a folder"):  # it may wait for ever
        raise AirsInputError(f"{origin} is {path}, which is {other}: set it to a PEM file.")
    try:
        if path:
            context.load_verify_locations(**{"capath" if os.path.isdir(path) else "cafile": path})
    except OSError as error:
        raise AirsInputError(
            f"{origin} is {path}, which cannot be read as certificates ({words_of(error)}): set it to a PEM file."
        ) from None
    if not options["validate_certs"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _as_modules_do() -> ssl.SSLContext:
    if missing():
        return ssl.create_default_context()
    from urllib3.util import create_urllib3_context

    context = create_urllib3_context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.check_hostname = True
    return context


def _proxy_of(url: SplitResult) -> SplitResult | None:
    """Return the proxy for a URL.

    Raises:
        AirsInputError: it is not valid.
    """
    said = None if is_loopback(str(url.hostname)) else _proxy_for(url.geturl())
    if not said:
        return None
    try:
        proxy = urlsplit(said if "://" in said else f"http://{said}")
        if proxy.hostname and proxy.port != 0:
            return proxy
    except ValueError:
        pass
    # Its text may have a password.
    raise AirsInputError("HTTPS_PROXY is not a valid proxy URL, such as http://proxy.example.com:3128.")


def _proxy_for(url: str) -> str | None:
    """Return the proxy that the modules use for a URL, as the environment says."""
    if not missing():
        found: str | None = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))
        return found
    parts, known = urlsplit(url), getproxies()
    return None if proxy_bypass(str(parts.hostname)) else known.get(parts.scheme, known.get("all"))


def _host_and_port(url: SplitResult) -> str:
    """Return host and port of a URL, without the credentials that a proxy may have."""
    return f"{url.hostname}:{url.port or (443 if url.scheme == 'https' else 80)}"


# --- connections -----------------------------------------------------------------------------------------------------


def reach(name: str, examination: Examination) -> Iterator[Finding]:
    """Go to one of the places, step by step, and ask something there without credentials.

    Args:
        name: which, one of PLACES.
        examination: gets the time that the host has.

    Raises:
        AirsError: a step fails; the error says which, and what to do.
    """
    options = examination.task.options
    place = None if examination.wrong & {"proxies", "certificates"} else _place_of(name, options)
    if place is None:
        return
    option, url, path = place
    way = _Way(option, url, _proxy_of(url), options["timeout"])
    if way.proxy and way.proxy.scheme != "http":
        return
    with contextlib.closing(_dialed(way)) as line:
        secured, by = _secured(way, line, options) if way.url.scheme == "https" else (line, "without TLS")
        with contextlib.closing(secured):
            answer = _asked(way, secured, path)
    _note_time(examination, way.host, answer.headers.get("Date"))
    through = f" through the proxy {_host_and_port(way.proxy)}" if way.proxy else ""
    kind = (answer.headers.get("Content-Type") or "no content type").partition(";")[0]
    refused, page = answer.status in _REFUSALS, "html" in kind.lower()
    # Nobody knows how a token endpoint answers a GET: the next check asks it for a token.
    if path and (page or not refused):
        other = answer.status >= 500 or 300 <= answer.status < 400 or (page and not refused)
        yield Finding(
            "error" if other else "warning",
            f"{way.host}{through} answers HTTP {answer.status} with {shortened(kind)} to a request without a token"
            f"{'' if refused else ', which the service refuses'}{_elsewhere(answer)}",
            f"Check {option}, and whether a proxy or a login page of the network answers instead of the service.",
        )
        return
    yield Finding("ok", f"{way.host} answers{through}, {by}")


def _dialed(way: _Way) -> socket.socket:
    """Return a connection to the host, or through the proxy."""
    near = way.proxy or way.url
    place, option = _host_and_port(near), "HTTPS_PROXY" if way.proxy else way.option
    who = f"the proxy {place}" if way.proxy else place
    port = near.port or (443 if near.scheme == "https" else 80)
    try:
        socket.getaddrinfo(near.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        advice = f"Check {option} and the DNS of this machine{'' if way.proxy else ', or set HTTPS_PROXY'}."
        raise _Broken(f"cannot resolve {near.hostname} ({words_of(error)})", advice) from None
    connection = http.client.HTTPConnection(str(near.hostname), port, timeout=way.timeout)
    if way.proxy:
        connection.set_tunnel(way.host, way.port, _proxy_credentials(way.proxy))
    blocked = "" if way.proxy else " If this network requires a proxy, set HTTPS_PROXY."
    try:
        connection.connect()
    except TimeoutError:
        raise _Broken(f"no connection to {who} within {way.timeout:g} seconds", f"Check {option}.{blocked}") from None
    except ConnectionRefusedError:
        raise _Broken(f"{who} refuses the connection", f"Check {option}: nothing listens there.{blocked}") from None
    except (OSError, http.client.HTTPException) as error:
        if way.proxy and getattr(error, "errno", None) is None:
            advice = (
                f"Ask for access to {way.host}, check the user and password in {option}, or add the host to NO_PROXY."
            )
            raise _Broken(f"{who} refuses to connect to {way.host} ({_said(error)})", advice) from None
        raise _Broken(f"no connection to {who} ({_said(error)})", f"Check {option}.{blocked}") from None
    line: socket.socket = connection.sock
    return line


def _proxy_credentials(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _secured(way: _Way, line: socket.socket, options: Options) -> tuple[socket.socket, str]:
    """Return a connection with TLS, and in words who issued the certificate."""
    try:
        secured = _trusting(options).wrap_socket(line, server_hostname=way.host)
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message.rstrip(".")
        advice = "Check the clock of this machine." if "expired" in reason or "not yet" in reason else _INSPECTION
        issuer = _issuer_shown(way)
        raise _Broken(f"the certificate of {way.host}, issued by {issuer}, is not trusted ({reason})", advice) from None
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        advice = "A firewall may be blocking it: ask for access to this host."
        raise _Broken(f"{way.host} broke the connection in the TLS handshake", advice) from None
    except ssl.SSLError as error:
        advice = f"Check {way.option}, and whether a proxy answers instead of the service."
        raise _Broken(
            f"{_host_and_port(way.url)} does not speak TLS ({(error.reason or '').replace('_', ' ').lower()})", advice
        ) from None
    except TimeoutError:
        advice = "A firewall may be blocking it: ask for access to this host."
        raise _Broken(f"{way.host} does not finish the TLS handshake within {way.timeout:g} seconds", advice) from None
    except OSError as error:
        advice = "A firewall may be blocking it: ask for access to this host."
        raise _Broken(f"{way.host} broke the connection in the TLS handshake ({_said(error)})", advice) from None
    shown = secured.getpeercert() if options["validate_certs"] else None
    return secured, f"certificate issued by {_issuer(shown) if shown else _issuer_shown(way)}"


def _issuer_shown(way: _Way) -> str:
    """Return who issued a certificate that is not trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with context.wrap_socket(_dialed(way), server_hostname=way.host) as line:
            shown = line.getpeercert(binary_form=True) or b""
        # Python tells what is in a certificate only where it is trusted, so this very one is.
        context.load_verify_locations(cadata=shown)
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        with context.wrap_socket(_dialed(way), server_hostname=way.host) as line:
            return _issuer(line.getpeercert() or {})
    except (OSError, AirsError):
        return "an unknown issuer"


def _issuer(certificate: Mapping[str, Any]) -> str:
    parts = dict(part for group in certificate.get("issuer", ()) for part in group)
    names = [parts[name] for name in ("organizationName", "commonName") if parts.get(name)]
    return f"'{shortened(', '.join(dict.fromkeys(names)))}'" if names else "an issuer without a name"


def _asked(way: _Way, line: socket.socket, path: str) -> http.client.HTTPResponse:
    """Return what the host answers to a request that only reads, without credentials."""
    connection = http.client.HTTPConnection(way.host, way.port, timeout=way.timeout)
    connection.sock = line
    # Python would add its own Accept-Encoding; the body is not read.
    headers = {"User-Agent": USER_AGENT, "Accept": "application/json", "Connection": "close"}
    try:
        connection.request("GET", f"{way.url.path}{path}" or "/", headers=headers)
        return connection.getresponse()
    except TimeoutError:
        advice = "Try again later, or increase timeout if the connection is slow."
        raise _Broken(f"{way.host} does not answer within {way.timeout:g} seconds", advice) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        advice = f"Check {way.option}, and whether a proxy answers instead of the service."
        raise _Broken(f"{way.host} does not answer in HTTP ({_said(error)})", advice) from None


def _said(error: Exception) -> str:
    return shortened(words_of(error)).strip() or type(error).__name__


def _elsewhere(answer: http.client.HTTPResponse) -> str:
    """Return where a redirect leads, as a part of a sentence."""
    try:
        host = urlsplit(answer.headers.get("Location") or "").hostname
    except ValueError:
        return ""
    return f"; it redirects to {shortened(host)}" if host else ""


# --- time ------------------------------------------------------------------------------------------------------------


def _note_time(examination: Examination, host: str, date: str | None) -> None:
    try:
        moment = parsedate_to_datetime(date or "").timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        return
    examination.skews[host] = moment - time.time()


def clock(examination: Examination) -> Iterator[Finding]:
    """Hold the clock of this machine against those of the hosts."""
    if not examination.skews:
        return
    # One host, or a proxy with an old answer, may be wrong; the clock is, where all say so.
    host, skew = min(examination.skews.items(), key=lambda pair: abs(pair[1]))
    if abs(skew) <= _SMALL_SKEW:
        yield Finding("ok", f"within {_SMALL_SKEW} seconds of {host}")
        return
    direction = "behind" if skew > 0 else "ahead of"
    yield Finding(
        "error" if abs(skew) > _LARGE_SKEW else "warning",
        f"this machine is {abs(skew):.0f} seconds {direction} {host}",
        "Synchronize the clock, for example with NTP: expiration of keys and certificates depends on it.",
    )
