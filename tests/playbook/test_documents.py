# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""READMEs and guides work from top to bottom: their files are saved, their commands typed, their tasks run, in order.

Each document has a home, a folder, a shell, and a tenant of its own. What can be neither typed nor run here is listed
with the reason; a block that is new and none of it fails the test.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.documented import ACCOUNT, FOLDERS, KEY, PROFILE, SEED, VARIABLES, shown_secrets
from support.documents import DOCUMENTS, ROOT, Command, blocks, commands
from support.emulator import Emulator, JsonObject
from support.shell import Shell
from support.snippets import Snippet
from support.tasks import security_profile

DOWNLOADS = "downloads packages or images"
CHECKOUT = "belongs to a checkout; make test covers it"
AWX = "needs a controller; tests/collections covers it"
#: Commands that are not typed, by how they begin, and why.
NOT_TYPED = {
    "(cd decision-environment && ansible-builder ": DOWNLOADS,
    "(cd execution-environment && ansible-builder ": DOWNLOADS,
    "ansible-galaxy collection install ": DOWNLOADS,
    "pip install ": DOWNLOADS,
    "python3 -m pip install ": DOWNLOADS,
    "python3 -m venv ": DOWNLOADS,
    "~/airs-emulator/bin/python -m airs_emulator ": "runs until it is stopped; tests/emulator covers it",
    "make ": CHECKOUT,
    "ansible-vault create ": "opens an editor",
    "ansible-vault encrypt_string ": "asks for a password",
    "ansible-rulebook ": "needs Java; tests/eda covers it",
    "ansible-playbook configure.yml ": AWX,
    "ansible-playbook configure_awx.yml ": AWX,
    "export CONTROLLER_HOST=": AWX,
    "grep -A 9 steps: .github/workflows/drift.yml": "a workflow of GitHub",
    "ansible-playbook demo.yml": "tests/playbook/test_pictures.py covers it",
}

#: The languages of blocks that show what is printed.
OUTPUT = ("diff", "text")
_GUIDES = "docs/docsite/rst/guide_"
#: Blocks that are neither files nor commands nor tasks, or cannot run: by document, how they begin, and why.
NOT_RUN = {
    "README.md": {"module_defaults:": "part of a play"},
    f"{_GUIDES}authentication.rst": {
        "env:": "a credential type of AWX",
        "fields:": "a credential type of AWX",
        "- name: Scan in the region": "region: eu is the real scan API",
    },
    f"{_GUIDES}awx.rst": {"additional_build_steps:": "part of an execution environment"},
    f"{_GUIDES}getting_started.rst": {"$ ansible-playbook panw.airs.emulator": "README.md does the same"},
    f"{_GUIDES}operations.rst": {"- name: Watch a tenant": "a rulebook"},
    f"{_GUIDES}sdk.rst": {"client = MgmtClient()": "Python"},
    f"{_GUIDES}secrets.rst": {
        "$ ansible-playbook panw.airs.onboard -e @sink.yml": "needs HashiCorp Vault; tests/collections covers it"
    },
    f"{_GUIDES}tenant.rst": {
        "# yaml-language-server: $schema=": "a file of a tenant",
        "$ ansible-playbook panw.airs.lint ": "fails; tests/engine/test_tenant_lint.py covers it",
    },
    f"{_GUIDES}terraform.rst": {"resource ": "Terraform"},
}

#: What is typed in the place of what is shown. The real service is the emulator of this test.
PLACEHOLDERS = {
    "export PANW_CLIENT_ID='name@": (
        "export PANW_BASE_URL=$REAL_BASE_URL PANW_TOKEN_BASE_URL=$REAL_TOKEN_BASE_URL"
        " PANW_AI_SEC_API_ENDPOINT=$REAL_AI_SEC_API_ENDPOINT PANW_CLIENT_ID='name@"
    ),
    "PANW_CLIENT_SECRET='...'": f"PANW_CLIENT_SECRET={ACCOUNT.client_secret}",
    "ansible-playbook panw.airs.emulator": f"ansible-playbook panw.airs.emulator -e emulator_python={sys.executable}",
    "read -rs PANW_CLIENT_SECRET": f"read -rs PANW_CLIENT_SECRET <<<{ACCOUNT.client_secret}",
}

COLLECTION = "~/.ansible/collections/ansible_collections/panw/airs"
SUPPORT_BOT = f"cp {COLLECTION}/examples/onboarding/support-bot.yml ."
ONBOARD = "ansible-playbook panw.airs.onboard -e @support-bot.yml -e onboard_app_verify=false"
BASELINE = "echo 'baseline: {security_profile: {prompt_injection: block}}' > baseline.yml"
TENANT = f"cp -r {COLLECTION}/examples/tenant tenant"
STRICT_PROFILE = security_profile(
    "Presupposed profile",
    {"name": "support-bot", "prompt_injection": "block", "data_leak": {"profiles": ["PII"], "action": "alert"}},
)
#: Makes the third revision of one profile and the second of another.
REVISIONS = [
    security_profile("Change", {"name": name, "prompt_injection": action, "topics": {"block": ["financial-advice"]}})
    for name, action in (
        ("support-bot", "allow"),
        ("support-bot", "block"),
        ("hr-assistant", "allow"),
        ("hr-assistant", "block"),
    )
]
#: What a document takes for granted: commands and tasks before its first block.
PRESUPPOSED: dict[str, list[str | list[JsonObject]]] = {
    "docs/docsite/rst/guide_check_diff.rst": ["echo '- {hosts: localhost, gather_facts: false}' > support-bot.yml"],
    "docs/docsite/rst/guide_operations.rst": [
        SUPPORT_BOT,
        ONBOARD,
        REVISIONS,
    ],
    "docs/docsite/rst/guide_tenant.rst": [[STRICT_PROFILE], "mkdir secrets"],
    "docs/docsite/rst/guide_terraform.rst": [[PROFILE]],
    "examples/ci/README.md": [TENANT],
    "examples/onboarding/README.md": [SUPPORT_BOT],
    "examples/tenant/README.md": [TENANT],
    "roles/onboard_app/README.md": [SUPPORT_BOT],
    "roles/rotate_api_keys/README.md": [
        [PROFILE, KEY],
        SUPPORT_BOT,
        "echo 'plugin: panw.airs.airs' > airs.yml",
        *(f"{ONBOARD} -e onboard_app_name={name} -e onboard_app_secret_path={name}.key" for name in ("shop", "desk")),
    ],
    "roles/tenant/README.md": [[PROFILE], "mkdir secrets", BASELINE],
}


@dataclass(frozen=True)
class Step:
    """One thing that the reader does.

    Args:
        command: what is typed.
        shown: how the document shows it, with what it prints; None for files and tasks.
    """

    command: str
    shown: Command | None = None


class Reader:
    """Reads a document, and writes what is to be saved or run to a folder."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.source = str(path.relative_to(ROOT))
        self._path = path
        self._folder = folder
        self._files = 0

    def steps(self) -> Iterator[Step]:
        """Yield all that the document has its reader do."""
        for given in PRESUPPOSED.get(self.source, []):
            yield Step(given) if isinstance(given, str) else self._run(_as_plays(given))
        together: list[JsonObject] = []
        for block in blocks(self._path):
            output = block.language in OUTPUT and not block.file
            if output or block.title.startswith(tuple(NOT_RUN.get(self.source, ()))):
                continue
            plays = Snippet(self.source, block.title, block.data()).plays() if not block.file else []
            # Tasks that follow each other share what they register.
            if together and not plays:
                yield self._run(together)
                together = []
            together += plays
            if block.file:
                yield self._save(block.file, block.text)
            elif block.language == "console":
                yield from self._type(commands(block))
            else:
                assert plays, f"{self.source}: {block.title!r} is neither a file nor a command nor a task, nor listed"
        if together:
            yield self._run(together)

    def _type(self, shown: Iterator[Command]) -> Iterator[Step]:
        for command in shown:
            if command.text.startswith("cat ") and command.output:
                yield self._save(command.text.removeprefix("cat "), "\n".join(command.output))
            elif not command.text.startswith(tuple(NOT_TYPED)):
                yield Step(_replaced(command.text, PLACEHOLDERS), command)

    def _save(self, name: str, text: str) -> Step:
        return Step(f"mkdir -p $(dirname {name}) && cp {self._file(text)} {name}")

    def _run(self, plays: Sequence[JsonObject]) -> Step:
        # Relative paths start in the folder of the playbook.
        playbook = f".playbook{self._files}.yml"
        variables = self._folder / "variables.json"
        variables.write_text(json.dumps(VARIABLES), encoding="utf-8")
        file = self._file(json.dumps(plays))
        return Step(f"cp {file} {playbook} && ansible-playbook {playbook} --extra-vars @{variables} && rm {playbook}")

    def _file(self, text: str) -> Path:
        self._files += 1
        for number, name in enumerate(FOLDERS):
            folder = self._folder / f"folder{number}"
            folder.mkdir(exist_ok=True)
            text = text.replace(name, str(folder))
        file = self._folder / str(self._files)
        file.write_text(text, encoding="utf-8")
        return file


def _as_plays(tasks: list[JsonObject]) -> list[JsonObject]:
    return [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]


def _replaced(text: str, replacements: dict[str, str]) -> str:
    for old, new in replacements.items():
        text = text.replace(old, new)
    return text


@pytest.fixture
def shell(emulator: Emulator, tmp_path: Path) -> Iterator[Shell]:
    """A shell that uses the tenant of the documentation. It leaves no emulator behind."""
    emulator.seed(SEED)
    shell = Shell(tmp_path)
    shell.use(emulator, ACCOUNT)
    shell.variables |= {name.replace("PANW", "REAL"): value for name, value in shell.variables.items()}
    yield shell
    for ready in shell.home.parent.glob(".cache/airs-emulator/ready.json"):
        os.kill(json.loads(ready.read_text())["pid"], signal.SIGTERM)


#: Run at night only: each takes ten seconds or more, and other tests have the same roles.
AT_NIGHT = (
    f"{_GUIDES}tenant.rst",
    "examples/tenant/README.md",
    "roles/emulator/README.md",
    "roles/tenant/README.md",
)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=source, marks=[pytest.mark.slow] if source in AT_NIGHT else [])
        for source, path in {str(path.relative_to(ROOT)): path for path in DOCUMENTS}.items()
    ],
)
def test_the_document_works_from_top_to_bottom(path: Path, shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    steps = list(Reader(path, folder).steps())
    ended = shell.type([step.command for step in steps])
    for step, (code, output) in zip(steps, ended, strict=False):
        assert code == 0, f"{step.command}\n{output}"
        assert shown_secrets(output) == [], f"{step.command} shows secrets:\n{output}"
        if step.shown:
            assert missing(step.shown, output) == [], f"{step.command} does not print this:\n{output}"
    assert len(ended) == len(steps), f"{steps[len(ended)].command} did not end:\n{shell.work}"


def missing(shown: Command, output: str) -> list[str]:
    """Return what a document promises of a command that it did not print: lines, and the number of changes."""
    printed = " ".join(output.split())
    promised = [" ".join(line.split()) for line in shown.output] + re.findall(r"#.*\b(changed=\d+)", shown.text)
    return [line for line in promised if line not in printed]


def test_the_first_playbook_is_the_same_everywhere() -> None:
    shown = [block.text for path in DOCUMENTS for block in blocks(path) if block.file == "help-desk.yml"]
    assert len(shown) == 2
    assert len(set(shown)) == 1


def test_whatever_is_not_run_exists() -> None:
    titles = {str(path.relative_to(ROOT)): [block.title for block in blocks(path)] for path in DOCUMENTS}
    gone = [
        (source, start)
        for source, starts in NOT_RUN.items()
        for start in starts
        if not any(title.startswith(start) for title in titles[source])
    ]
    assert gone == []
    every = [command.text for path in DOCUMENTS for block in blocks(path) for command in commands(block)]
    unused = [start for start in NOT_TYPED if not any(command.startswith(start) for command in every)]
    assert unused == []
