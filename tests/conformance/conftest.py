# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator behind TLS, because the official SDKs refuse plain HTTP, and the SDKs as its clients."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.certificates import make_tls_files
from support.emulator import Emulator
from support.fixtures import emulator, tenant
from support.official_sdks import ManagementSdk, management_sdk
from support.playbook import Controller

__all__ = ["controller", "emulator", "kind", "running_emulator", "sdk", "tenant"]


@pytest.fixture(scope="session")
def running_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The emulator of this run; this process trusts its certificate, through OpenSSL and through requests."""
    tls = make_tls_files(tmp_path_factory.mktemp("tls"))
    with pytest.MonkeyPatch.context() as environment, Emulator.start(tls=tls) as started:
        environment.setenv("SSL_CERT_FILE", str(tls.authority))
        environment.setenv("REQUESTS_CA_BUNDLE", str(tls.authority))
        # What a developer has exported must not be what the SDKs use, and a proxy cannot reach the emulator.
        for name in ("PANW_AI_SEC_API_KEY", "PANW_AI_SEC_API_TOKEN", "HTTPS_PROXY", "https_proxy"):
            environment.delenv(name, raising=False)
        yield started


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which of the two clients, which each SDK has."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def sdk(kind: str, emulator: Emulator) -> Iterator[ManagementSdk]:
    """A client of the management SDK."""
    with management_sdk(kind, emulator) as client:
        yield client


@pytest.fixture
def controller(emulator: Emulator, tmp_path: Path) -> Controller:
    """A controller that uses the same emulator."""
    controller = Controller(tmp_path)
    controller.use(emulator)
    controller.variables["REQUESTS_CA_BUNDLE"] = os.environ["REQUESTS_CA_BUNDLE"]
    return controller
