# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example rulebook, run by ansible-rulebook itself: a key that is about to expire is rotated."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml
from support.emulator import ACCOUNT, Emulator
from support.playbook import secrets_in
from support.tenant import Tenant
from support.whole_tenant import seed, seeded_key, seeded_profile

RULEBOOK = Path(sys.executable).with_name("ansible-rulebook")
#: Java and the first poll take some seconds, the playbook some more.
SECONDS = 120


@pytest.mark.skipif(not RULEBOOK.exists(), reason="ansible-rulebook is not installed; `make eda` installs it")
def test_the_example_rulebook_rotates_a_key_that_is_about_to_expire(tmp_path: Path) -> None:
    sink, inventory, log = tmp_path / "sink.yml", tmp_path / "inventory.yml", tmp_path / "log"
    secret = tmp_path / "bot.key"
    sink.write_text(yaml.safe_dump({"airs_secret_sink": {"type": "file", "path": str(tmp_path / "{name}.key")}}))
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}}))
    soon = datetime.now(timezone.utc) + timedelta(days=3)
    with Emulator.start() as emulator:
        seed(
            emulator,
            ai_profiles=[seeded_profile("bot")],
            api_keys=[seeded_key("bot", "bot", expiration=f"{soon:%Y-%m-%dT%H:%M:%SZ}")],
        )
        command = [str(RULEBOOK), "--rulebook", "panw.airs.rotate_expiring_keys", "-i", str(inventory)]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--vars", str(sink), "--verbose"],
                env={
                    **os.environ,
                    "PATH": f"{RULEBOOK.parent}{os.pathsep}{os.environ['PATH']}",
                    "HOME": str(tmp_path),
                    "ANSIBLE_HOME": str(tmp_path / ".ansible"),
                    "PANW_CLIENT_ID": ACCOUNT.client_id,
                    "PANW_CLIENT_SECRET": ACCOUNT.client_secret,
                    "PANW_BASE_URL": emulator.base_url,
                    "PANW_TOKEN_BASE_URL": emulator.token_url,
                    "PANW_AI_SEC_API_ENDPOINT": emulator.url,
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            deadline = time.monotonic() + SECONDS
            while "PLAY RECAP" not in log.read_text(encoding="utf-8", errors="replace"):
                said = log.read_text(encoding="utf-8", errors="replace")
                assert process.poll() is None, said
                assert time.monotonic() < deadline, said
                time.sleep(0.2)
        finally:
            process.terminate()
            process.wait(30)
        assert [entry["method"] for entry in emulator.writes()] == ["POST"]
        assert Tenant(emulator).accepts(secret.read_text(encoding="utf-8").strip())
    assert secrets_in(log.read_text(encoding="utf-8", errors="replace")) == []
