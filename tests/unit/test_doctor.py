# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of airs_doctor: each error of a connection is told apart, none ends the others, none waits for ever."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from support.certificates import TlsFiles, make_tls_files
from support.scripted_server import Answer, scripted_server

from ansible_collections.panw.airs.plugins.module_utils._common import deps
from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsDependencyError, AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._doctor import doctor, machine, network, scan_key, service
from ansible_collections.panw.airs.plugins.module_utils._doctor.doctor import DOCTOR_MODULE
from ansible_collections.panw.airs.plugins.module_utils._doctor.finding import Check, Examination, Finding
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime, Task
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import API_KEY, CUSTOM_TOPIC, DEPLOYMENT_PROFILE

ACCOUNT = {"client_id": "me", "client_secret": "a-secret-of-mine"}
#: A name that no test asks DNS for.
SERVICE = "https://airs.test/aisec"
REFUSED = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 2\r\n%s\r\n{}"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies, certificates, or credentials of the machine that runs the tests."""
    for name in (
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "requests_ca_bundle",
        "curl_ca_bundle",
        "ssl_cert_file",
        "ssl_cert_dir",
    ):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for option in DOCTOR_MODULE.options.values():
        for variable in option.get("fallback", ((), ()))[1]:
            monkeypatch.delenv(variable, raising=False)


@pytest.fixture(scope="module")
def tls_files(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    """A certificate for this machine, and the authority that signed it."""
    return make_tls_files(tmp_path_factory.mktemp("tls"))


def examination(**options: Any) -> Examination:
    """An examination with options as a task gives them."""
    validated, _secrets = DOCTOR_MODULE.validated({"timeout": 1, "num_retries": 0, **options})
    return Examination(Task(validated, check_mode=False, diff_mode=False, runtime=Runtime()))


def found(check: Check, examined: Examination) -> list[Finding]:
    """What a check finds, also where it raises."""
    return doctor._findings(check, examined)


def reached(name: str = "management_api", **options: Any) -> Finding:
    """The one finding of a way."""
    (finding,) = found(lambda examined: network.reach(name, examined), examination(**ACCOUNT, **options))
    return finding


@contextlib.contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve every connection with a function, and yield the port."""
    server = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _address = server.accept()
                threading.Thread(target=handle, args=(line,), daemon=True).start()

    def handle(line: socket.socket) -> None:
        with contextlib.suppress(OSError), line:
            serve(line)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)  # which wakes the thread that accepts
        server.close()


def read_head(line: socket.socket) -> bytes:
    """Read a request up to its empty line."""
    head = b""
    while b"\r\n\r\n" not in head and (part := line.recv(4096)):
        head += part
    return head


def answering(wire: bytes) -> Callable[[socket.socket], None]:
    """Serve one answer, whatever is asked."""

    def serve(line: socket.socket) -> None:
        read_head(line)
        line.sendall(wire)

    return serve


def with_tls(files: TlsFiles, serve: Callable[[socket.socket], None]) -> Callable[[socket.socket], None]:
    """Serve over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    return lambda line: serve(context.wrap_socket(line, server_side=True))


def proxying(answer: bytes, port: int = 0) -> Callable[[socket.socket], None]:
    """Answer to CONNECT, and with a port go on with what is there."""

    def serve(line: socket.socket) -> None:
        heads.append(read_head(line))
        line.sendall(answer)
        if port:
            with socket.create_connection(("127.0.0.1", port)) as other:
                back = threading.Thread(target=pump, args=(other, line), daemon=True)
                back.start()
                pump(line, other)
                back.join(5)

    return serve


heads: list[bytes] = []


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Hand on bytes until there are no more."""
    with contextlib.suppress(OSError):
        while part := source.recv(4096):
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)


# --- a connection, step by step --------------------------------------------------------------------------------------


def test_a_service_that_refuses_a_request_without_a_token_is_there() -> None:
    with scripted_server(Answer(401, {})) as server:
        finding = reached(base_url=f"{server.url}/aisec")
    assert finding == Finding("ok", "127.0.0.1 answers, without TLS")
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("GET", f"/aisec{CUSTOM_TOPIC.list_path}")
    assert not any("secret" in value for value in asked.headers.values())


def test_a_name_that_dns_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: Any, **_options: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    finding = reached(base_url=SERVICE)
    assert finding.found == "cannot resolve airs.test (Name or service not known)"
    assert finding.advice == "Check base_url and the DNS of this machine, or set HTTPS_PROXY."
    monkeypatch.setenv("HTTPS_PROXY", "http://user:pass-word@proxy.test:3128")
    finding = reached(base_url=SERVICE)
    assert finding.found == "cannot resolve proxy.test (Name or service not known)"
    assert finding.advice == "Check HTTPS_PROXY and the DNS of this machine."


def test_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    finding = reached(base_url=f"https://127.0.0.1:{port}/aisec")
    assert finding.found == f"127.0.0.1:{port} refuses the connection"
    assert finding.advice.startswith("Check base_url: nothing listens there.")


def test_a_firewall_that_drops_packets(monkeypatch: pytest.MonkeyPatch) -> None:
    def dropped(*_arguments: Any, **_options: Any) -> None:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", dropped)
    assert reached(base_url="https://127.0.0.1/aisec").found == "no connection to 127.0.0.1:443 within 1 seconds"


@pytest.mark.parametrize(
    ("serve", "words"),
    [
        (lambda line: time.sleep(3), "does not finish the TLS handshake within 1 seconds"),
        (
            lambda line: line.sendall(line.recv(1) and b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            "does not speak TLS (wrong version number)",
        ),
        (lambda line: line.close(), "broke the connection in the TLS handshake"),
    ],
)
def test_what_is_not_tls(serve: Callable[[socket.socket], None], words: str) -> None:
    with listening(serve) as port:
        finding = reached(base_url=f"https://127.0.0.1:{port}/aisec")
    assert (finding.status, words in finding.found) == ("error", True), finding


def test_a_certificate_that_is_not_trusted_is_told_with_its_issuer(tls_files: TlsFiles) -> None:
    with listening(with_tls(tls_files, answering(REFUSED % b""))) as port:
        url = f"https://127.0.0.1:{port}/aisec"
        finding = reached(base_url=url)
        assert finding.found.startswith("the certificate of 127.0.0.1, issued by 'panw.airs test authority', is not")
        assert "set ca_path or REQUESTS_CA_BUNDLE" in finding.advice
        trusted = reached(base_url=url, ca_path=str(tls_files.authority))
        assert trusted == Finding("ok", "127.0.0.1 answers, certificate issued by 'panw.airs test authority'")
        assert reached(base_url=url, validate_certs=False) == trusted


@pytest.mark.parametrize(
    ("wire", "words"),
    [
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; x\r\nContent-Length: 6\r\n\r\n<html>",
            "HTTP 200 with text/html",
        ),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "HTTP 503 with no content type"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://login.test/x?a=b\r\n\r\n", "refuses; it redirects to login.test"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://[\r\n\r\n", "HTTP 302"),
        (b"SSH-2.0-OpenSSH_9\r\n", "does not answer in HTTP (SSH-2.0-OpenSSH_9)"),
        (b"", "does not answer in HTTP (Remote end closed connection without response)"),
        (b"HTTP/1.1 200 " + b"x" * 70000 + b"\r\n\r\n", "does not answer in HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", "does not answer in HTTP"),
        (b"HTTP/1.1 200 \x1b]0;p\x07\r\nContent-Type: \x1b[31m{{ 7*7 }}html\r\n\r\n", "answers HTTP 200"),
    ],
)
def test_what_answers_and_is_not_the_service(wire: bytes, words: str) -> None:
    with listening(answering(wire)) as port:
        finding = reached(base_url=f"http://127.0.0.1:{port}/aisec")
    told = finding.told("management_api")
    assert (finding.status, words in told["found"]) == ("error", True), finding
    assert told["advice"] == (
        "Check base_url, and whether a proxy or a login page of the network answers instead of the service."
        if "answers HTTP" in told["found"]
        else "Check base_url, and whether a proxy answers instead of the service."
    )
    assert "\x1b" not in str(told.values())
    assert len(told["found"]) < 500


@pytest.mark.parametrize(
    ("wire", "words"),
    [
        (b"403 Forbidden\r\nContent-Type: text/html", "HTTP 403 with text/html to a request without a token"),
        (
            b"404 Not Found\r\nContent-Type: application/json",
            "HTTP 404 with application/json to a request without a to",
        ),
    ],
)
def test_an_answer_that_may_be_that_of_the_service_is_a_warning(wire: bytes, words: str) -> None:
    with listening(answering(b"HTTP/1.1 " + wire + b"\r\nContent-Length: 0\r\n\r\n")) as port:
        finding = reached(base_url=f"http://127.0.0.1:{port}/aisec")
    assert (finding.status, words in finding.found) == ("warning", True), finding


@pytest.mark.parametrize("host", ["a" * 70, "a..b", ".test", "xn--0", "\u00e4" * 40, "[::1]", "1.2.3"])
@pytest.mark.parametrize("proxied", [True, False])
def test_a_host_that_is_none(monkeypatch: pytest.MonkeyPatch, host: str, *, proxied: bool) -> None:
    def refused(*_arguments: Any, **_options: Any) -> socket.socket:
        if proxied:
            return socket.socketpair()[0]
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refused)
    if proxied:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: [])
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    finding = reached(base_url=f"https://{host}/aisec")
    assert (finding.status, "Unexpected" in finding.found) == ("error", False), finding


def test_a_url_that_is_not_valid_concerns_its_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "GROUPS", doctor.GROUPS[:2])
    with scripted_server(Answer(401, {})) as server:
        urls = {"base_url": "https://airs.test:port", "token_base_url": server.url, "api_endpoint": "http://airs.test"}
        result = doctor.handle(examination(**ACCOUNT, **urls).task)
    told = {row["check"]: row["found"] for row in result["checks"]}
    assert told["proxies"] == "127.0.0.1: no proxy"
    assert told["management_api"].startswith("base_url must be an absolute https:// URL")
    assert told["token_endpoint"] == "127.0.0.1 answers, without TLS"
    assert told["scan_api"].startswith("api_endpoint is 'http://airs.test'")
    # And a proxy that is not valid is told once.
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:port")
    result = doctor.handle(examination(**ACCOUNT).task)
    assert result["msg"] == "Found 1 error (proxies). Not checked: management_api, token_endpoint, scan_api."


def test_a_service_that_hangs() -> None:
    with listening(lambda line: time.sleep(3)) as port:
        assert reached(base_url=f"http://127.0.0.1:{port}/x").found == "127.0.0.1 does not answer within 1 seconds"


# --- proxies ---------------------------------------------------------------------------------------------------------


def test_the_way_through_a_proxy(monkeypatch: pytest.MonkeyPatch, tls_files: TlsFiles) -> None:
    heads.clear()
    monkeypatch.setattr(network, "is_loopback", lambda host: False)
    tunnel = b"HTTP/1.1 200 OK\r\n\r\n"
    with (
        listening(with_tls(tls_files, answering(REFUSED % b""))) as port,
        listening(proxying(tunnel, port)) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:pass%20word@127.0.0.1:{proxy}")
        finding = reached(base_url=f"https://localhost:{port}/aisec", ca_path=str(tls_files.authority))
        assert finding.found == (
            f"localhost answers through the proxy 127.0.0.1:{proxy}, certificate issued by 'panw.airs test authority'"
        )
        assert heads[0].startswith(f"CONNECT localhost:{port} ".encode())
        assert b"Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=" in heads[0]
        monkeypatch.setenv("NO_PROXY", "localhost")
        assert (
            "proxy" not in reached(base_url=f"https://localhost:{port}/aisec", ca_path=str(tls_files.authority)).found
        )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "Tunnel connection failed: 407 Proxy Authentic"),
        (
            b"HTTP/1.1 403 Blocked \x1b[31m by policy\r\n\r\n<html>",
            "Tunnel connection failed: 403 Blocked \\x1b[31m by",
        ),
        (b"<html>\r\n\r\n", "refuses to connect to airs.test"),
        (b"", "refuses to connect to airs.test"),
    ],
)
def test_a_proxy_that_does_not_connect(monkeypatch: pytest.MonkeyPatch, answer: bytes, words: str) -> None:
    with listening(proxying(answer)) as port:
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{port}")
        told = reached(base_url=SERVICE).told("x")
    assert told["found"].startswith(f"the proxy 127.0.0.1:{port} refuses to connect to airs.test (")
    assert words in told["found"], told
    assert told["advice"].startswith("Ask for access to airs.test, check the user and password in HTTPS_PROXY")


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    finding = reached(base_url=SERVICE)
    assert finding.found == f"the proxy 127.0.0.1:{port} refuses the connection"
    assert finding.advice == "Check HTTPS_PROXY: nothing listens there."


@pytest.mark.parametrize("installed", [True, False])
def test_which_host_goes_through_which_proxy(monkeypatch: pytest.MonkeyPatch, *, installed: bool) -> None:
    monkeypatch.setattr(deps, "_missing", [] if installed else ["requests"])
    examined = examination(**ACCOUNT, base_url=SERVICE, token_base_url="https://auth.test/token", region="eu")
    told = [finding.found for finding in network.proxies(examined)]
    assert told[:2] == ["airs.test: no proxy", "auth.test: no proxy"]
    monkeypatch.setenv("HTTPS_PROXY", "http://me:hidden@proxy.test:3128")
    monkeypatch.setenv("no_proxy", "auth.test")
    monkeypatch.setenv("NO_PROXY", "airs.test")
    differ, first, second, third = network.proxies(examined)
    assert (differ.status, differ.found) == ("warning", "no_proxy and NO_PROXY differ")
    assert first.found == "airs.test: proxy proxy.test:3128"
    assert second.found == "auth.test: no proxy"
    assert third.found.startswith("service-de.api.aisecurity")
    assert "hidden" not in str([differ, first, second, third])
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy.test:1080")
    assert [finding.status for finding in network.proxies(examined)] == ["warning", "warning", "ok", "warning"]


@pytest.mark.parametrize("proxy", ["http://proxy.test:port", "http://proxy.test:99999", "http://[", "http://"])
def test_a_proxy_that_can_be_none(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    (finding,) = found(network.proxies, examination(**ACCOUNT, base_url=SERVICE))
    assert finding.found.startswith("HTTPS_PROXY is not a valid proxy URL"), finding


# --- certificates ----------------------------------------------------------------------------------------------------


def test_what_certificates_are_checked_against(monkeypatch: pytest.MonkeyPatch, tls_files: TlsFiles) -> None:
    (usual,) = network.certificates(examination())
    assert (usual.status, "certifi" in usual.found) == ("ok", True)
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/ssl/ca.pem")
    _ok, ignored = network.certificates(examination())
    assert ignored.found == "the modules ignore SSL_CERT_FILE"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls_files.authority))
    (named,) = network.certificates(examination())
    assert named.found == f"verified against {tls_files.authority} (REQUESTS_CA_BUNDLE)"
    (off,) = network.certificates(examination(validate_certs=False))
    assert off.status == "warning"
    monkeypatch.setattr(deps, "_missing", ["requests"])
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert "the store of this system" in next(network.certificates(examination())).found


def test_certificates_that_never_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (finding,) = found(network.certificates, examination(ca_path=str(tmp_path / "pipe")))
    assert finding.found == f"ca_path is {tmp_path}/pipe, which is a named pipe: set it to a PEM file"


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_certificates_that_cannot_be_read(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    (finding,) = found(network.certificates, examination(ca_path=str(path)))
    assert (finding.status, f"ca_path is {path}, which cannot be read as certificates" in finding.found) == (
        "error",
        True,
    )


# --- the machine and its clock ---------------------------------------------------------------------------------------


def test_missing_libraries_come_with_the_command_that_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking() -> None:
        raise AirsDependencyError(["requests"])

    monkeypatch.setattr(deps, "require", lacking)
    (finding,) = found(machine.libraries, examination())
    assert finding.found.endswith("does not have requests")
    assert finding.advice.endswith("-m pip install 'requests'")


def test_credentials_are_named_without_the_secret() -> None:
    assert "client_secret is required" in found(machine.credentials, examination(client_id="me"))[0].found
    (finding,) = machine.credentials(examination(**ACCOUNT, tsg_id="123"))
    assert finding.found == "client ID 'me' with a secret, for tenant 123"
    assert next(machine.credentials(examination(access_token="x"))).status == "ok"


@pytest.mark.parametrize(
    ("ahead", "status", "words"),
    [
        (0, "ok", "within 60 seconds of 127.0.0.1"),
        (300, "warning", "seconds behind 127.0.0.1"),
        (-300, "warning", "seconds ahead of 127.0.0.1"),
        (-90000, "error", "seconds ahead of 127.0.0.1"),
    ],
)
def test_the_clock(ahead: int, status: str, words: str) -> None:
    date = f"Date: {formatdate(time.time() + ahead, usegmt=True)}\r\n".encode()
    examined = examination(**ACCOUNT)
    with listening(answering(REFUSED % date)) as port:
        examined.task = examined.task.about({**examined.task.options, "base_url": f"http://127.0.0.1:{port}"})
        assert next(iter(network.reach("management_api", examined))).status == "ok"
    (finding,) = network.clock(examined)
    assert (finding.status, words in finding.found) == (status, True), finding


@pytest.mark.parametrize(
    "date", ["", "Date: yesterday\r\n", "Date: Thu, 99 Nov 99999 99:99:99 GMT\r\n", "Date: \xff\r\n"]
)
def test_a_date_that_is_none(date: str) -> None:
    examined = examination(**ACCOUNT)
    with listening(answering(REFUSED % date.encode("latin-1"))) as port:
        examined.task = examined.task.about({**examined.task.options, "base_url": f"http://127.0.0.1:{port}"})
        assert next(iter(network.reach("management_api", examined))).status == "ok"
    assert list(network.clock(examined)) == []


def test_one_host_that_is_right_is_enough() -> None:
    examined = examination()
    examined.skews.update(here=5, cached=-9000)
    assert next(network.clock(examined)).status == "ok"


# --- the tenant ------------------------------------------------------------------------------------------------------


def tenants(granted: tuple[str, ...] = (), listed: str | None = None, **options: Any) -> list[Finding]:
    """What there is to say of the tenant."""
    examined = examination(**options)
    examined.tenants = granted
    examined.rows["custom_topic"] = [{"tsg_id": listed}, {}]
    return list(service.tenant(examined))


def test_the_tenant_is_that_of_the_token_or_of_what_was_listed() -> None:
    assert tenants() == []
    assert tenants(("1",))[0].advice.startswith("Set tsg_id to this ID")
    assert tenants(("1",), "2", tsg_id="1") == [Finding("ok", "1, the same as tsg_id")]
    (finding,) = tenants((), "2", tsg_id="1")
    assert (finding.status, finding.found) == ("error", "tsg_id is 1, but the credentials are for tenant 2")


def profile(name: str, until: str, **more: Any) -> dict[str, Any]:
    """A row of a deployment profile."""
    return {"dp_name": name, "auth_code": f"secret-of-{name}", "status": "activated", "expiration_date": until, **more}


def test_deployment_profiles_with_their_keys_and_expiration() -> None:
    soon = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 10 * 86400))
    examined = examination()
    examined.rows[API_KEY.kind] = [{"auth_code": f"secret-of-{name}"} for name in ("used", "used", "old")] + [{}]
    examined.rows[DEPLOYMENT_PROFILE.kind] = [
        profile("used", "2099-12-31 23:59:59 +0000 UTC"),
        profile("free", "2099-12-31T23:59:59.123456789-0000", status="init"),
        profile("old", "2020-12-31 23:59:59 +0000 UTC"),
        profile("older", "2019-12-31 23:59:59 +0000 UTC"),
        profile("ending", f"{soon} 00:00:00 +0000 UTC"),
        profile("odd", "soon", status=None),
    ]
    told = [(finding.status, finding.found) for finding in service.licenses(examined)]
    assert told == [
        ("error", "expired: 'old' (activated, 1 API key, until 2020-12-31)"),
        ("warning", "expired: 'older' (activated, free, until 2019-12-31)"),
        ("warning", f"expires within 30 days: 'ending' (activated, free, until {soon})"),
        ("warning", "expiration date cannot be read: 'odd' (no status, free)"),
        ("ok", "valid: 'used' (activated, 2 API keys, until 2099-12-31); 'free' (init, free, until 2099-12-31)"),
    ]
    examined.rows.pop(API_KEY.kind)
    assert "free" not in next(service.licenses(examined)).found
    examined.rows[DEPLOYMENT_PROFILE.kind] = []
    assert next(service.licenses(examined)).found == "no deployment profiles"


# --- the key of the scan API -----------------------------------------------------------------------------------------


def regions(monkeypatch: pytest.MonkeyPatch, **urls: str) -> None:
    """Let regions be elsewhere."""
    for module in (scan_key, network):
        if hasattr(module, "SCAN_ENDPOINTS"):
            monkeypatch.setattr(module, "SCAN_ENDPOINTS", urls)
    monkeypatch.setattr("ansible_collections.panw.airs.plugins.module_utils._scan.scan.SCAN_ENDPOINTS", urls)


def test_a_key_of_another_region_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        scripted_server(Answer(403, {"error": {"message": "Invalid API Key"}})) as us,
        scripted_server(Answer(200, [])) as eu,
    ):
        regions(monkeypatch, us=us.url, eu=eu.url)
        (finding,) = scan_key.scan_key(examination(api_key="k-1", region="us"))
        assert finding == Finding("error", "not valid in region us, but in region eu", "Set region to eu.")
        (finding,) = scan_key.scan_key(examination(api_key="k-1", region="eu"))
        assert finding == Finding("ok", f"valid at {eu.url} (region eu)")
        (finding,) = scan_key.scan_key(examination(api_key="k-1", api_endpoint=f"{us.url}/"))
        assert finding.found == "not valid in region us, but in region eu"
        # A key goes to no host but the one that is given, unless that is one of the vendor.
        regions(monkeypatch, eu=eu.url)
        (finding,) = scan_key.scan_key(examination(api_key="k-1", api_endpoint=us.url))
        assert finding.found == f"not valid at {us.url} (HTTP 403)"
    assert len(eu.asked) == 3
    assert {asked.method for asked in (*us.asked, *eu.asked)} == {"GET"}


@pytest.mark.parametrize("status", [400, 404, 429])
def test_a_scan_that_does_not_exist_may_be_an_error(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    with scripted_server(Answer(status, {})) as server:
        regions(monkeypatch, us=server.url)
        (finding,) = scan_key.scan_key(examination(api_key="k-1"))
        assert finding.status == "ok"
    assert list(scan_key.scan_key(examination())) == []


# --- all of them -----------------------------------------------------------------------------------------------------


def handled(monkeypatch: pytest.MonkeyPatch, *groups: Mapping[str, Check], **options: Any) -> dict[str, Any]:
    """The result of a doctor with other checks."""
    monkeypatch.setattr(doctor, "GROUPS", groups)
    return doctor.handle(examination(**ACCOUNT, **options).task)


def test_a_check_that_fails_or_hangs_does_not_end_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hangs(_examined: Examination) -> Iterator[Finding]:
        over.wait(30)
        yield Finding("ok", "never")

    def breaks(_examined: Examination) -> Iterator[Finding]:
        yield Finding("warning", "so far")
        raise ZeroDivisionError("a-secret-of-mine")

    monkeypatch.setattr(doctor, "_PATIENCE", 0)
    monkeypatch.setattr(doctor, "_MARGIN", 0.3)
    started = time.monotonic()
    last = {"fine": lambda examined: [Finding("ok", str(sorted(examined.wrong)))], "nothing": lambda examined: []}
    result = handled(monkeypatch, {"hangs": hangs, "breaks": breaks}, last)
    over.set()
    assert time.monotonic() - started < 5
    assert [(row["check"], row["status"], row["found"]) for row in result["checks"]] == [
        ("hangs", "error", "did not finish within 0.3 seconds"),
        ("breaks", "warning", "so far"),
        ("breaks", "error", result["checks"][2]["found"]),
        ("fine", "ok", "['breaks', 'hangs']"),
    ]
    assert result["checks"][2]["found"].startswith("Unexpected ZeroDivisionError")
    assert "a-secret" not in str(result)
    assert result["msg"] == "Found 2 errors and 1 warning (hangs, breaks). Not checked: nothing."
    assert (result["failed"], result["not_checked"]) == (True, ["nothing"])


def test_a_server_that_sends_a_byte_now_and_then_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def drip(line: socket.socket) -> None:
        while not over.wait(0.05):
            line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    monkeypatch.setattr(doctor, "_MARGIN", -1.5)
    started = time.monotonic()
    with listening(drip) as port:
        url = f"http://127.0.0.1:{port}"
        groups = doctor.GROUPS
        result = handled(monkeypatch, *groups, base_url=f"{url}/aisec", token_base_url=f"{url}/token", api_key="k")
        over.set()
    assert time.monotonic() - started < 5
    named = {row["check"]: row["found"] for row in result["checks"]}
    assert named["management_api"] == named["token_endpoint"] == "did not finish within 0.5 seconds"


def test_secrets_are_in_no_line_and_no_report(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines: list[str] = []
    path = tmp_path / "report.json"
    monkeypatch.setattr(doctor, "GROUPS", ({"tells": lambda examined: [Finding("ok", "a-secret-of-mine\x1b[31m")]},))
    task = examination(**ACCOUNT, report_path=str(path)).task
    task.runtime = Runtime(say=lines.append)
    result = doctor.handle(task)
    assert "failed" not in result
    assert lines == [f"ok: tells: {result['checks'][0]['found']}."]
    assert "a-secret-of-mine" not in path.read_text() + str(lines)
    assert "\x1b" not in lines[0]


def test_what_is_odd_about_answers_is_a_warning_of_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    def notes(examined: Examination) -> list[Finding]:
        examined.session = examined.task.session()
        examined.session.notes.append("an odd row")
        return []

    monkeypatch.setattr(doctor, "GROUPS", ({"notes": notes},))
    task = examination(**ACCOUNT).task
    doctor.handle(task)
    assert task.notes == ["an odd row"]


def test_a_report_that_cannot_be_written_is_told_at_the_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = handled(monkeypatch, {"fine": lambda examined: [Finding("ok", "x")]}, report_path=str(tmp_path))
    assert result["failed"]
    assert result["msg"] == f"Found no errors. report_path {tmp_path} must be a file, but is a directory."


def test_findings_of_errors_have_the_advice_apart() -> None:
    assert Finding.of(AirsInputError("x is wrong.")) == Finding("error", "x is wrong")
