# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""uv, which installs for the sessions of nox, finds and trusts the same package index as pip."""

from __future__ import annotations

import http.server
import importlib.util
import os
import ssl
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from support.certificates import TlsFiles, make_tls_files

CHECKOUT = Path(__file__).resolve().parents[2]
UvEnvironment = Callable[[str, Mapping[str, str]], dict[str, str]]
WHEEL = "airs_probe-1.0-py3-none-any.whl"


@pytest.fixture(scope="module")
def uv_environment() -> UvEnvironment:
    """Return the function of noxfile.py."""
    spec = importlib.util.spec_from_file_location("sessions", CHECKOUT / "noxfile.py")
    assert spec
    assert spec.loader
    sessions = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sessions)
    function: UvEnvironment = sessions.uv_environment
    return function


@pytest.mark.parametrize(
    ("pip_config", "env", "expected"),
    [
        ("", {}, {}),
        ("global.cert='/ca.pem'\n", {}, {"SSL_CERT_FILE": "/ca.pem"}),
        ("global.cert='/'\n", {}, {"SSL_CERT_DIR": "/"}),
        (":env:.cert='/e.pem'\nglobal.cert='/g.pem'\ninstall.cert='/i.pem'\n", {}, {"SSL_CERT_FILE": "/e.pem"}),
        ("global.cert='/g.pem'\ninstall.cert='/i.pem'\n", {}, {"SSL_CERT_FILE": "/i.pem"}),
        ("", {"REQUESTS_CA_BUNDLE": "/r.pem", "CURL_CA_BUNDLE": "/c.pem"}, {"SSL_CERT_FILE": "/r.pem"}),
        ("", {"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": "/c.pem"}, {"SSL_CERT_FILE": "/c.pem"}),
        ("global.index-url='https://a/simple'\n", {}, {"UV_DEFAULT_INDEX": "https://a/simple"}),
        (
            "global.extra-index-url='\\nhttps://b\\nhttps://c'\nglobal.index-url='https://a'\n",
            {},
            {
                "UV_DEFAULT_INDEX": "https://a",
                "UV_INDEX": "https://b https://c",
                "UV_INDEX_STRATEGY": "unsafe-best-match",
            },
        ),
        ("global.trusted-host='\\na\\nb'\n", {}, {"UV_INSECURE_HOST": "a b"}),
        ("global.proxy='http://p:3128'\n", {}, {"ALL_PROXY": "http://p:3128"}),
        ("global.extra-index-url='https://b'\nnonsense\n", {}, {}),
    ],
)
def test_settings_of_pip_are_settings_of_uv(
    uv_environment: UvEnvironment,
    pip_config: str,
    env: dict[str, str],
    expected: dict[str, str],
) -> None:
    assert uv_environment(pip_config, env) == {"UV_SYSTEM_CERTS": "true", **expected}


def test_settings_of_uv_have_priority(
    uv_environment: UvEnvironment,
) -> None:
    env = {"SSL_CERT_FILE": "/mine.pem", "UV_DEFAULT_INDEX": "https://mine", "UV_SYSTEM_CERTS": "false"}
    found = uv_environment("global.cert='/ca.pem'\nglobal.index-url='https://a'\n", env)
    assert found == env


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    """Return certificates of an authority that nobody knows."""
    return make_tls_files(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, tls: TlsFiles) -> Iterator[str]:
    """Serve one wheel by HTTPS, and return the address of the index."""
    folder = tmp_path_factory.mktemp("index")
    package = folder / "simple" / "airs-probe"
    package.mkdir(parents=True)
    (package / "index.html").write_text(f'<a href="{WHEEL}">{WHEEL}</a>')
    about = "airs_probe-1.0.dist-info"
    with zipfile.ZipFile(package / WHEEL, "w") as wheel:
        wheel.writestr("airs_probe.py", "")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: airs-probe\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", f"airs_probe.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            # What the server passes to its handlers, whatever that is.
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_arguments: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.certificate, tls.key)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_address[1]}/simple"
    server.shutdown()
    server.server_close()


def test_uv_trusts_the_authority_that_pip_trusts(
    uv_environment: UvEnvironment,
    index: str,
    tls: TlsFiles,
    tmp_path: Path,
) -> None:
    tools = Path(sys.executable).parent
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "NO_PROXY": "127.0.0.1", "UV_NO_CACHE": "1"}
    plain["UV_HTTP_RETRIES"] = "0"

    def install(env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        command = [str(tools / "uv"), "pip", "install", "--target", str(tmp_path / "installed"), "airs-probe"]
        return subprocess.run(command, env={**plain, **env}, capture_output=True, text=True, check=False)

    refused = install({"UV_DEFAULT_INDEX": index})
    assert refused.returncode != 0
    assert "certificate" in refused.stderr.lower()

    settings = {**plain, "PIP_CERT": str(tls.authority), "PIP_INDEX_URL": index, "PIP_CONFIG_FILE": os.devnull}
    ask = [sys.executable, "-m", "pip", "config", "list"]
    pip_config = subprocess.run(ask, env=settings, capture_output=True, text=True, check=True).stdout
    done = install(uv_environment(pip_config, settings))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "installed" / "airs_probe.py").exists()


def test_every_session_installs_that_way() -> None:
    assert (CHECKOUT / "noxfile.py").read_text(encoding="utf-8").count("session.install(") == 1
