# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation shows runs: EXAMPLES of every module, READMEs and guides, against the emulator.

Each README and each guide is one run of C(ansible-playbook), from its first snippet to its last, in a tenant that has
what the documentation takes for granted. The EXAMPLES of all modules are one run.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.catalogue import MODULES
from support.emulator import Account, Emulator, JsonObject
from support.playbook import Controller
from support.snippets import GUIDES, READMES, ROOT, Snippet, everything, of_file, of_module
from support.tasks import api_key, custom_topic, security_profile

#: The service account that the documentation uses; the emulator has it here, so that nothing need be replaced.
ACCOUNT = Account("1234567890", "name@1234567890.iam.panserviceaccount.com", "made-up-secret")
AUTH_CODES = {"my-deployment-profile": "D0000042", "dp-production": "D0000043", "dp-unused": "D0000044"}
DLP_PROFILES = ("PII", "Secrets and Credentials")

#: All that is replaced in what the documentation shows: folders that tests must not write to.
FOLDERS = ("/etc/support-bot", "/etc/hr-bot", "/run/secrets")

#: What the tasks of a source take for granted, to be made before them.
TOPIC = custom_topic(
    "Presupposed topic",
    {
        "name": "financial-advice",
        "description": "Recommendations to buy, sell or hold securities or other investments",
        "examples": ["Which stocks should I buy this week?"],
    },
)
PROFILE = security_profile("Presupposed profile", {"name": "support-bot", "prompt_injection": "block"})
KEY = api_key(
    "Presupposed key",
    {
        "name": "support-bot",
        "deployment_profile": "dp-production",
        "customer_app": "support-bot",
        "environment": "prod",
        "cloud_provider": "aws",
        "rotation_time_interval": 90,
        "rotation_time_unit": "days",
        "regenerate": "expiring",
        "secret_path": "/etc/support-bot/airs-api-key",
    },
)
CORPUS: JsonObject = {
    "name": "Presupposed corpus",
    "ansible.builtin.copy": {
        "content": "prompt,action\nHow do I reset my password?,allow\n",
        "dest": "{{ playbook_dir }}/corpus.csv",
    },
}
TENANT: list[JsonObject] = [
    {
        "name": "Presupposed folders",
        "ansible.builtin.file": {"path": "{{ playbook_dir }}/{{ item }}", "state": "directory", "mode": "0700"},
        "loop": ["tenant", "secrets"],
    },
    {
        "name": "Presupposed files",
        "ansible.builtin.copy": {
            "content": "custom_topics: [{name: travel, description: Flights}]\nsecurity_profiles: [{name: desk}]\n",
            "dest": "{{ playbook_dir }}/tenant/all.yml",
        },
    },
]
#: What an export has written names the same objects.
NO_EXPORT: JsonObject = {
    "name": "Presupposed: no export",
    "ansible.builtin.file": {"path": "{{ playbook_dir }}/tenant", "state": "absent"},
}
PRESUPPOSED: dict[str, list[JsonObject]] = {
    "airs_custom_topic_info": [TOPIC],
    "airs_customer_app": [KEY],
    "airs_customer_app_info": [KEY],
    "airs_oauth_token": [PROFILE, KEY],
    "airs_scan": [PROFILE, KEY, CORPUS],
    "airs_security_profile": [TOPIC],
    "airs_security_profile_info": [PROFILE],
    "airs_tenant": TENANT,
    "airs_tenant_lint": [NO_EXPORT, *TENANT],
    "docs/docsite/rst/guide_terraform.rst": [PROFILE],
    "roles/rotate_api_keys/README.md": [PROFILE, KEY],
}

#: Where a source leaves its credentials to the environment, which cannot have what the tasks before have made.
KEYWORDS: dict[str, JsonObject] = {
    "airs_scan": {"environment": {"PANW_AI_SEC_API_KEY": "{{ lookup('file', '/etc/support-bot/airs-api-key') }}"}},
}

#: What cannot run here, by source and first line, and why.
NOT_RUN = {
    ("README.md", "module_defaults:"): "part of a play",
    ("README.md", "plugin: panw.airs.airs"): "an inventory",
    ("docs/docsite/rst/guide_operations.rst", "- name: Watch a tenant"): "a rulebook",
    ("docs/docsite/rst/guide_authentication.rst", "- name: Scan in the region of the deployment profile"): (
        "region: eu is the real scan API"
    ),
    ("docs/docsite/rst/guide_tenant.rst", "# yaml-language-server: $schema=../../airs-tenant.schema.json"): (
        "a file of a tenant"
    ),
    ("docs/docsite/rst/guide_authentication.rst", "fields:"): "a credential type of AWX",
    ("docs/docsite/rst/guide_authentication.rst", "env:"): "a credential type of AWX",
}


@pytest.fixture
def documented(emulator: Emulator, controller: Controller) -> Controller:
    """A controller that uses the tenant of the documentation."""
    emulator.seed(
        {
            "tenants": {
                ACCOUNT.tsg_id: {
                    "service_accounts": [
                        {
                            "client_id": ACCOUNT.client_id,
                            "client_secret": ACCOUNT.client_secret,
                            "tsg_ids": ["1234567891"],
                        }
                    ],
                    "deployment_profiles": [
                        {"dp_name": name, "auth_code": code, "status": "init" if name == "dp-unused" else "activated"}
                        for name, code in AUTH_CODES.items()
                    ],
                    "dlp_profiles": [{"name": name} for name in DLP_PROFILES],
                },
                "1234567891": {},
            }
        }
    )
    controller.use(emulator, ACCOUNT)
    return controller


@pytest.fixture(autouse=True)
def no_emulator_left(controller: Controller) -> Iterator[None]:
    """End the emulator that a documented playbook has started and, because it failed, not stopped."""
    yield
    for ready in controller.home.parent.glob(".cache/airs-emulator/ready.json"):
        os.kill(json.loads(ready.read_text())["pid"], signal.SIGTERM)


def run(controller: Controller, plays: list[dict[str, Any]], folder: Path) -> None:
    """Run plays in one go, with the variables that the documentation keeps in a vault."""
    text = json.dumps(plays)
    for number, name in enumerate(FOLDERS):
        replacement = folder / f"folder{number}"
        replacement.mkdir()
        text = text.replace(name, str(replacement))
    variables = {
        "emulator_python": sys.executable,
        "vaulted_client_id": ACCOUNT.client_id,
        "vaulted_client_secret": ACCOUNT.client_secret,
        "vault_password": "made-up-password",
    }
    given = folder / "variables.json"
    given.write_text(json.dumps(variables))
    done = controller.run(text, "--extra-vars", f"@{given}")
    assert done.exit_code == 0, done.output
    shown = [secret for secret in (ACCOUNT.client_secret, *AUTH_CODES.values()) if secret in done.text]
    assert shown == [], f"the run shows secrets:\n{done.output}"


def runnable(snippets: list[Snippet]) -> list[dict[str, Any]]:
    """Return the plays of snippets, after what they take for granted."""
    if not snippets:
        return []
    source = snippets[0].source
    plays = [
        {**play, **KEYWORDS.get(source, {})}
        for part in snippets
        if (part.source, part.title) not in NOT_RUN
        for play in part.plays()
    ]
    before = PRESUPPOSED.get(source)
    return [{"hosts": "localhost", "gather_facts": False, "tasks": before}, *plays] if before and plays else plays


def test_every_snippet_that_does_not_run_is_known_and_exists() -> None:
    dormant = {(snippet.source, snippet.title) for snippet in everything() if not snippet.plays()}
    assert dormant <= set(NOT_RUN), "neither plays nor tasks"
    assert set(NOT_RUN) <= {(snippet.source, snippet.title) for snippet in everything()}


def test_the_examples_of_all_modules_run(documented: Controller, tmp_path: Path) -> None:
    run(documented, [play for name in sorted(MODULES) for play in runnable([of_module(name)])], tmp_path)


@pytest.mark.parametrize("path", [*READMES, *GUIDES], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_snippets_of_the_document_run(path: Path, documented: Controller, tmp_path: Path) -> None:
    plays = runnable(of_file(path))
    if plays:
        run(documented, plays, tmp_path)
