# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is killed: each scenario begins with a tenant and files that it knows, and knows how both are to be later."""

from __future__ import annotations

import os
import stat
from abc import ABC, abstractmethod
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

import yaml
from support.emulator import Emulator, JsonObject
from support.tasks import BOT, ROTATE, TOPIC
from support.tenant import Tenant
from support.whole_tenant import airs_tenant, keys, profiles, seed, seeded_key, seeded_profile, seeded_topic, topics

from .killing import Victim

#: Path, key of the list and field of the name, of each kind.
_LISTS = {
    "topics": ("custom_topics", "topic_name"),
    "profiles": ("ai_profiles", "profile_name"),
    "apikeys": ("api_keys", "api_key_name"),
    "customerapps": ("customer_apps", "app_name"),
}
_ADVICE: JsonObject = {"name": "advice", **TOPIC}

Names = dict[str, Counter[str]]


class Scenario(ABC):
    """One kind of run.

    Args:
        emulator: the service, for this scenario alone.
        folder: where it may write, which is empty.
    """

    #: How many of a hundred kills are its.
    share: int

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        emulator.reset()
        self.tenant = Tenant(emulator)
        self.controller = Victim(folder)
        self.controller.use(emulator)
        self.secrets = folder / "secrets"
        self.secrets.mkdir()
        self.prepare()
        self.before = self.names()
        emulator.clear_journal()
        # So that a kill finds requests on their way, too.
        emulator.add_fault({"kind": "latency", "seconds": 0.1}, path="*/mgmt/apikey*", method="POST", times=None)
        emulator.add_fault({"kind": "latency", "seconds": 0.02}, path="*/mgmt/*", times=None)

    def prepare(self) -> None:  # noqa: B027 - some begin with nothing
        """Give the tenant what is there before."""

    @abstractmethod
    def plays(self) -> tuple[Any, list[str]]:
        """The plays, and arguments of the command line."""

    @abstractmethod
    def wanted(self) -> dict[str, list[str]]:
        """The names that come, by list; those that go have a minus before them."""

    def secret(self, name: str) -> Path | None:
        """Where no destination for the secret of a key is to be, or None for one that the run nothing to do with."""
        return self.secrets / f"{name}.key"

    # --- what is looked for ------------------------------------------------------------------------------------------

    def names(self) -> Names:
        """How often each name is on the tenant, by list. Revisions of one thing count once."""
        found: Names = {}
        for path, (key, field) in _LISTS.items():
            rows = self.tenant.call("GET", path, params={"limit": 1000})[key]
            ids = {(row[field], row["revision"] if path == "topics" else "") for row in rows}
            found[path] = Counter(name for name, _revision in ids)
            if path == "apikeys":
                found[path] = Counter(row[field] for row in rows)
        return found

    def stray(self) -> list[str]:
        """What is on the tenant that was not there before and that nobody asked for."""
        wanted = self.wanted()
        return [
            f"{path}: {name}"
            for path, names in self.names().items()
            for name in names
            if name not in self.before[path] and name not in wanted.get(path, [])
        ]

    def unfinished(self) -> list[str]:
        """What is not on the tenant as it is to be after a whole run."""
        wanted, now = self.wanted(), self.names()
        faults = [
            f"{path}: {name} is there {now[path][name]} times"
            for path, names in wanted.items()
            for name in names
            if now[path][name.removeprefix("-")] != (not name.startswith("-"))
        ]
        return faults + [
            f"{path}: {name} is gone"
            for path, names in self.before.items()
            for name in names
            if f"-{name}" not in wanted.get(path, []) and not now[path][name]
        ]

    def lost(self) -> list[str]:
        """The keys without a working secret where it belongs."""
        found = []
        for row in self.tenant.call("GET", "apikeys", params={"limit": 1000})["api_keys"]:
            name, place = row["api_key_name"], self.secret(row["api_key_name"])
            if place is not None and not row.get("revoked"):
                secret = place.read_text(encoding="utf-8") if place.is_file() else ""
                if secret[-8:] != row["api_key_last8"] or not self.tenant.accepts(secret):
                    found.append(name)
        return found

    def halves(self) -> list[str]:
        """Files that are not whole, or that others can read."""
        return [f"{path.name}: {why}" for path in sorted(self.secrets.iterdir()) for why in self._secret_faults(path)]

    def _secret_faults(self, path: Path) -> list[str]:
        if path.name.startswith("."):
            return []
        text, mode = path.read_text(encoding="utf-8"), stat.S_IMODE(path.stat().st_mode)
        faults = [f"mode {mode:o}"] if mode != 0o600 else []
        journal = path.suffix == ".airs-journal" or path.suffix == ".airs-probe"
        return faults + (["not whole"] if len(text) != 64 and not journal else [])

    def leftovers(self) -> list[str]:
        """Files of a run that has not come to its end: journals, and such that are being written."""
        homes = [self.secrets, *self.folders, self.controller.home]
        found = [path for home in homes for path in home.rglob("*") if ".airs-" in path.name.removesuffix(".airs-note")]
        return [str(path.relative_to(self.controller.folder)) for path in dict.fromkeys(found)]

    @property
    def folders(self) -> list[Path]:
        """Where else the run writes."""
        return []


class ATenant(Scenario):
    """A whole tenant, with a folder for secrets."""

    share = 25
    _config: ClassVar[JsonObject] = {
        "custom_topics": topics(2),
        "security_profiles": profiles(2),
        "api_keys": [{**key, "regenerate": "expiring"} for key in keys(4)],
    }

    def plays(self) -> tuple[Any, list[str]]:
        step = airs_tenant("tenant", config=self._config, secret_dir=str(self.secrets))
        return [{"hosts": "localhost", "gather_facts": False, "tasks": [step]}], []

    def wanted(self) -> dict[str, list[str]]:
        names = {plural: [entry["name"] for entry in entries] for plural, entries in self._config.items()}
        return {
            "topics": names["custom_topics"],
            "profiles": names["security_profiles"],
            "apikeys": names["api_keys"],
            "customerapps": [entry["customer_app"] for entry in self._config["api_keys"]],
        }


class AnExport(Scenario):
    """A tenant in files, of which some were there, some are new and some are to go."""

    share = 20

    @property
    def path(self) -> Path:
        """Where it is exported to."""
        return self.controller.folder / "exported"

    @property
    def folders(self) -> list[Path]:
        return [self.path]

    def prepare(self) -> None:
        seed(self.emulator, custom_topics=[seeded_topic(f"t{number}") for number in range(40)])
        run = self.controller.run(*self._play())
        assert run.exit_code == 0, run.output
        self._stale = self.path / "custom_topics" / "stale.yml"
        (self.path / "custom_topics" / "t1.yml").rename(self._stale)
        for number in range(2, 30):
            file = self.path / "custom_topics" / f"t{number}.yml"
            file.write_text(file.read_text(encoding="utf-8").replace("description", "examples: []\n    description"))

    def _play(self) -> tuple[Any, ...]:
        return [{"import_playbook": "panw.airs.export"}], "-e", f"tenant_export_path={self.path}"

    def plays(self) -> tuple[Any, list[str]]:
        plays, *arguments = self._play()
        return plays, arguments

    def wanted(self) -> dict[str, list[str]]:
        return {}

    def secret(self, name: str) -> Path | None:
        return None

    def unfinished(self) -> list[str]:
        names = {path.stem for path in (self.path / "custom_topics").glob("t*.yml")}
        gone = [f"t{number} is not exported" for number in range(40) if f"t{number}" not in names]
        return super().unfinished() + gone + (["stale.yml is still there"] if self._stale.exists() else [])

    def halves(self) -> list[str]:
        faults = []
        for path in (path for path in self.path.rglob("*.yml") if not path.name.startswith(".")):
            text = path.read_text(encoding="utf-8")
            whole = text.startswith("# Written by airs_tenant_export") and text.endswith("\n") and yaml.safe_load(text)
            faults += [] if whole else [f"{path.name}: not whole"]
        return faults


class _ARole(Scenario):
    """A playbook of the collection, with variables in a file."""

    playbook: str

    @abstractmethod
    def variables(self) -> JsonObject:
        """The variables."""

    def plays(self) -> tuple[Any, list[str]]:
        file = self.controller.folder / "variables.yml"
        file.write_text(yaml.safe_dump(self.variables()), encoding="utf-8")
        return [{"import_playbook": f"panw.airs.{self.playbook}"}], ["-e", f"@{file}"]

    @property
    def sink(self) -> JsonObject:
        """A sink with a file for each key."""
        return {"type": "file", "path": f"{self.secrets}/{{name}}.key"}


class AnOnboarding(_ARole):
    """An application that is onboarded, with a file for its secret."""

    share = 15
    playbook = "onboard"

    def variables(self) -> JsonObject:
        topic = {"onboard_app_topics": [_ADVICE]}
        profile = {"onboard_app_security_profile": {"prompt_injection": "block", "topics": {"block": ["advice"]}}}
        return {**BOT, **topic, **profile, **self.place()}

    def place(self) -> JsonObject:
        """Where the secret goes."""
        return {"onboard_app_secret_path": str(self.secrets / "bot.key")}

    def wanted(self) -> dict[str, list[str]]:
        return {"topics": ["advice"], "profiles": ["bot"], "apikeys": ["bot"], "customerapps": ["bot"]}


class AnOnboardingIntoASink(AnOnboarding):
    """The same, with a sink, and a journal on the way there."""

    share = 10

    def place(self) -> JsonObject:
        return {"airs_secret_sink": self.sink}


class ARotation(_ARole):
    """Three keys that live 90 days, and of which two are about to expire."""

    share = 15
    playbook = "rotate"

    def prepare(self) -> None:
        for name, days in (("first", 10), ("second", 10), ("third", 90)):
            body = {
                "api_key_name": name,
                "auth_code": "D0000001",
                "cust_app": name,
                "cust_env": "prod",
                "cust_cloud_provider": "aws",
                "created_by": "somebody",
                "revoked": False,
                "rotation_time_interval": 90,
                "rotation_time_unit": "days",
            }
            path = self.secrets / f"{name}.key"
            with self.emulator.days_ago(90 - days):
                path.write_text(self.tenant.call("POST", "apikey", json=body)["api_key"], encoding="utf-8")
            path.chmod(0o600)
        seed(self.emulator, ai_profiles=[seeded_profile(name) for name in ("first", "second", "third")])

    def variables(self) -> JsonObject:
        return {**ROTATE, "rotate_api_keys_verify_retries": 1, "airs_secret_sink": self.sink}

    def wanted(self) -> dict[str, list[str]]:
        return {"apikeys": ["first", "second", "third"]}


class AnOffboarding(_ARole):
    """An application that goes with its topic, its profile and its secret, beside one that stays."""

    share = 15
    playbook = "offboard"

    def prepare(self) -> None:
        seed(
            self.emulator,
            custom_topics=[seeded_topic("advice", topic_id="t-1"), seeded_topic("prices", topic_id="t-2")],
            ai_profiles=[seeded_profile("bot", ("t-1", "advice")), seeded_profile("shop", ("t-2", "prices"))],
            api_keys=[seeded_key(name, name, api_key=f"{name}-{'Ab1' * 20}"[:64]) for name in ("bot", "shop")],
        )
        for name in ("bot", "shop"):
            path = self.secrets / f"{name}.key"
            path.write_text(f"{name}-{'Ab1' * 20}"[:64].ljust(64, "x"), encoding="utf-8")
            path.chmod(0o600)

    def variables(self) -> JsonObject:
        options = {"name": "bot", "confirm": "bot", "topics": "unused", "remove_secret": True}
        return {**{f"offboard_app_{name}": value for name, value in options.items()}, "airs_secret_sink": self.sink}

    def wanted(self) -> dict[str, list[str]]:
        return {"topics": ["-advice"], "profiles": ["-bot"], "apikeys": ["-bot"], "customerapps": ["-bot"]}

    def secret(self, name: str) -> Path | None:
        return super().secret(name) if name == "shop" else None

    def unfinished(self) -> list[str]:
        left = ["the secret is still there"] if os.path.lexists(self.secrets / "bot.key") else []
        notes = ["a note is still there"] if list(self.controller.home.glob("airs_offboard_*")) else []
        return super().unfinished() + left + notes


SCENARIOS: tuple[type[Scenario], ...] = (
    ATenant,
    AnExport,
    AnOnboarding,
    AnOnboardingIntoASink,
    ARotation,
    AnOffboarding,
)
