# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of tests that run playbooks: an emulator, as new for each test, a controller that uses it, and such."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .certificates import TlsFiles, make_tls_files
from .emulator import ACCOUNT, Emulator, JsonObject
from .faults import KEY
from .playbook import Controller
from .scans import SCAN_KEY
from .tenant import Tenant


@pytest.fixture(scope="session")
def running_emulator() -> Iterator[Emulator]:
    """The emulator of this worker."""
    with Emulator.start() as emulator:
        yield emulator


@pytest.fixture
def emulator(running_emulator: Emulator) -> Emulator:
    """The emulator, back at its default seed."""
    running_emulator.reset()
    return running_emulator


@pytest.fixture
def controller(emulator: Emulator, tmp_path: Path) -> Controller:
    """A controller whose environment has the credentials and URLs of the emulator."""
    controller = Controller(tmp_path)
    controller.use(emulator)
    return controller


@pytest.fixture
def tenant(emulator: Emulator) -> Tenant:
    """What the emulator holds."""
    return Tenant(emulator)


@pytest.fixture
def secret_dir(controller: Controller) -> Path:
    """A folder for secrets."""
    folder = controller.folder / "secrets"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def secret_path(controller: Controller) -> Path:
    """Where a secret goes; the folder is not there yet."""
    return controller.folder / "secrets" / "bot"


@pytest.fixture
def stored_key(secret_path: Path) -> JsonObject:
    """Options of a key whose secret is stored, in a folder that exists."""
    secret_path.parent.mkdir(parents=True)
    return {**KEY, "secret_path": str(secret_path)}


@pytest.fixture(scope="session")
def tls_files(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    """A certificate, its key and the authority that signed it."""
    return make_tls_files(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def running_tls_emulator(tls_files: TlsFiles) -> Iterator[Emulator]:
    """An emulator of this worker that speaks TLS."""
    with Emulator.start(tls=tls_files) as emulator:
        yield emulator


@pytest.fixture
def tls_emulator(running_tls_emulator: Emulator) -> Emulator:
    """The emulator that speaks TLS, back at its default seed."""
    running_tls_emulator.reset()
    return running_tls_emulator


@pytest.fixture
def scanning(controller: Controller, emulator: Emulator) -> Controller:
    """A controller with a key, and a profile that blocks injections and malicious URLs wherever they are."""
    model = {"model-protection": [{"name": "prompt-injection", "action": "block"}]}
    profile = {
        "profile_name": "bot",
        "policy": {"ai-security-profiles": [{"model-type": "default", "model-configuration": model}]},
    }
    key = {"api_key_name": "bot", "auth_code": "D0000001", "cust_app": "bot", "api_key": SCAN_KEY}
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"ai_profiles": [profile], "api_keys": [key]}}})
    controller.variables["PANW_AI_SEC_API_KEY"] = SCAN_KEY
    return controller
