# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example rulebook, run by ansible-rulebook itself: a key that is about to expire is rotated."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

import jinja2.sandbox
import pytest
import yaml
from support.awx import KIT, configuration
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import secrets_in
from support.tenant import Tenant
from support.whole_tenant import seed, seeded_key, seeded_profile

RULEBOOK = Path(sys.executable).with_name("ansible-rulebook")
#: Java and the first poll take some seconds, the playbook some more.
SECONDS = 120
#: The secret of the key.
OLD = "made-up-secret-of-the-old-key-0123456789"


needs_rulebook = pytest.mark.skipif(
    not RULEBOOK.exists(), reason="ansible-rulebook is not installed; `make eda` installs it"
)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator with a key that expires in three days."""
    soon = datetime.now(timezone.utc) + timedelta(days=3)
    with Emulator.start() as emulator:
        seed(
            emulator,
            ai_profiles=[seeded_profile("bot")],
            api_keys=[seeded_key("bot", "bot", api_key=OLD, expiration=f"{soon:%Y-%m-%dT%H:%M:%SZ}")],
        )
        yield emulator


def run_until(text: str, folder: Path, *arguments: str, variables: JsonObject, env: Mapping[str, str]) -> None:
    """Run ansible-rulebook until its output has a text, and assert that it shows no secrets."""
    inventory, given, log = folder / "inventory.yml", folder / "variables.yml", folder / "log"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}}))
    given.write_text(yaml.safe_dump(variables))
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(RULEBOOK), *arguments, "--inventory", str(inventory), "--vars", str(given), "--verbose"],
            env={
                **os.environ,
                "PATH": f"{RULEBOOK.parent}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(folder),
                "ANSIBLE_HOME": str(folder / ".ansible"),
                **env,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + SECONDS
        while text not in log.read_text(encoding="utf-8", errors="replace"):
            said = log.read_text(encoding="utf-8", errors="replace")
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
    finally:
        process.terminate()
        process.wait(30)
    assert secrets_in(log.read_text(encoding="utf-8", errors="replace")) == []


@needs_rulebook
def test_the_example_rulebook_rotates_a_key_that_is_about_to_expire(emulator: Emulator, tmp_path: Path) -> None:
    secret = tmp_path / "bot.key"
    secret.write_text(OLD, encoding="utf-8")
    run_until(
        "PLAY RECAP",
        tmp_path,
        *("--rulebook", "panw.airs.rotate_expiring_keys"),
        variables={"airs_secret_sink": {"type": "file", "path": str(tmp_path / "{name}.key")}},
        env={
            "PANW_CLIENT_ID": ACCOUNT.client_id,
            "PANW_CLIENT_SECRET": ACCOUNT.client_secret,
            "PANW_BASE_URL": emulator.base_url,
            "PANW_TOKEN_BASE_URL": emulator.token_url,
            "PANW_AI_SEC_API_ENDPOINT": emulator.url,
        },
    )
    assert [entry["method"] for entry in emulator.writes()] == ["POST"]
    new = secret.read_text(encoding="utf-8").strip()
    assert new != OLD
    assert Tenant(emulator).accepts(new)


@needs_rulebook
def test_the_rulebook_of_the_kit_finds_the_key_with_the_variables_of_the_credential(
    emulator: Emulator, tmp_path: Path
) -> None:
    """There is no Automation Platform here: what would launch a job prints the event."""
    (ruleset,) = yaml.safe_load((KIT / "project/rulebooks/rotate.yml").read_text(encoding="utf-8"))
    ruleset["rules"][0]["action"] = {"print_event": {"pretty": True}}
    rulebook = tmp_path / "rulebook.yml"
    rulebook.write_text(yaml.safe_dump([ruleset]))
    inputs = {"client_id": ACCOUNT.client_id, "client_secret": ACCOUNT.client_secret, "tsg_id": ACCOUNT.tsg_id}
    inputs |= {"base_url": emulator.base_url, "token_base_url": emulator.token_url}
    (kind,) = configuration("eda")["eda_credential_types"]
    sandbox = jinja2.sandbox.ImmutableSandboxedEnvironment()
    variables = {
        str(name): sandbox.from_string(str(text)).render(inputs)
        for name, text in kind["injectors"]["extra_vars"].items()
    }
    run_until("'state': 'expiring'", tmp_path, "--rulebook", str(rulebook), variables=variables, env={})
