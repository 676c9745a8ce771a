# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a release of the collection: ``make release VERSION=1.2.3``.

Everything happens in a clone of the last commit. What it changed comes back to the checkout when all of it has
worked, so that a release that fails leaves the checkout as it was. Committing, tagging and publishing are left to a
person, who is told how.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from urllib.parse import urlsplit

import yaml

CHECKOUT = Path(__file__).resolve().parent.parent
DIST = CHECKOUT / "build" / "dist"
VERSION_FILE = Path("plugins", "module_utils", "_common", "version.py")
# Where things say since when they are there; everything else that names a version names another one.
DATED = ("plugins", "roles", "extensions", "playbooks")
VERSION_ADDED = re.compile(
    r"^(?P<key>\s*(?:- )?version_added: *)(?P<quote>[\"']?)(?P<version>\d+\.\d+\.\d+)(?P=quote) *$", re.M
)
# The addresses in galaxy.yml.
LINKS = ("repository", "documentation", "homepage", "issues")
SECTIONS = {
    "major_changes": "Major changes",
    "minor_changes": "Minor changes",
    "breaking_changes": "Breaking changes",
    "deprecated_features": "Deprecated",
    "removed_features": "Removed",
    "security_fixes": "Security fixes",
    "bugfixes": "Bug fixes",
    "known_issues": "Known issues",
}


class ReleaseError(Exception):
    """Why there is no release, in one sentence that says what to do."""


def run(*command: str | Path, cwd: Path) -> str:
    """Run a tool and return what it says.

    Raises:
        ReleaseError: the tool failed; its last words are in the sentence.
    """
    # The tools beside this Python come first, also for the tools that they call themselves.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["nothing"]
        raise ReleaseError(
            f"`{command[0]} {command[1]}` failed and nothing was changed; it said: {words[-1].rstrip('.')}"
        )
    return done.stdout


def number(version: str) -> tuple[int, ...]:
    """Return a version in the form in which versions compare.

    Raises:
        ReleaseError: it is no version.
    """
    if not re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", version):
        said = f"{version!r} is no version" if version else "a release needs a version"
        raise ReleaseError(f"{said}: write three numbers, as in make release VERSION=1.2.3")
    return tuple(int(part) for part in version.split("."))


def released(checkout: Path) -> list[str]:
    """Return the versions that the changelog knows, oldest first."""
    changelog = yaml.safe_load((checkout / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))
    return sorted(changelog["releases"], key=number)


def is_address(link: object) -> bool:
    """Tell whether a link of galaxy.yml is an address that users can open, not a placeholder."""
    host = urlsplit(link).hostname if isinstance(link, str) and link.startswith("https://") else None
    return bool(host) and not re.search(r"(^|\.)example\.(com|net|org)$", str(host))


def check(version: str) -> None:
    """Refuse what should not become a release, before anything is changed.

    Raises:
        ReleaseError: there is something to do first.
    """
    wanted = number(version)
    changed = run("git", "status", "--porcelain", cwd=CHECKOUT).splitlines()
    if changed:
        raise ReleaseError(
            f"the checkout has changes that are not committed ({changed[0][3:]}"
            f"{f' and {len(changed) - 1} more' if changed[1:] else ''}): "
            "a release is made of the last commit, so commit or remove them first"
        )
    about = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))
    current = about["version"]
    if wanted < number(current):
        raise ReleaseError(f"{version} is older than {current}, which galaxy.yml says: choose a later version")
    for earlier in released(CHECKOUT)[-1:]:
        if wanted <= number(earlier):
            raise ReleaseError(f"{version} is not later than {earlier}, the last release: choose a later version")
    if run("git", "tag", "--list", f"v{version}", cwd=CHECKOUT).strip():
        raise ReleaseError(f"there is a tag v{version} already: choose a later version")
    placeholders = [link for link in LINKS if not is_address(about.get(link))]
    if placeholders:
        raise ReleaseError(
            f"galaxy.yml has no address of the project for {', '.join(placeholders)}: "
            "replace the placeholders of example.com and commit, because a published release cannot be changed"
        )
    fragments = CHECKOUT / "changelogs" / "fragments"
    if not any(file.suffix in (".yml", ".yaml") for file in fragments.glob("*")):
        raise ReleaseError(
            "changelogs/fragments has no fragment, so that the changelog would say nothing of this release: "
            "add one that says what a user gains"
        )


def set_version(copy: Path, version: str) -> None:
    """Write the version everywhere: the collection's own, and that of everything that no release had yet.

    Raises:
        ReleaseError: something says that it comes with a later version than this one.
    """
    before = released(copy)
    for name, pattern in (("galaxy.yml", r"^version: .*$"), (str(VERSION_FILE), r"^VERSION = .*$")):
        line = f"version: {version}" if name == "galaxy.yml" else f'VERSION = "{version}"'
        text, count = re.subn(pattern, line, (copy / name).read_text(encoding="utf-8"), flags=re.M)
        if count != 1:
            raise ReleaseError(f"{name} says its version {count} times: it must be one line of its own")
        (copy / name).write_text(text, encoding="utf-8")
    for file in sorted(file for folder in DATED for file in (copy / folder).rglob("*")):
        if file.suffix not in (".py", ".yml", ".yaml"):
            continue
        text = file.read_text(encoding="utf-8")
        for said in VERSION_ADDED.finditer(text):
            if number(said["version"]) > number(version):
                raise ReleaseError(
                    f"{file.relative_to(copy)} says version_added: {said['version']}, which is later than {version}: "
                    "correct it or choose a later version"
                )
        dated = VERSION_ADDED.sub(
            lambda said: (
                said[0] if said["version"] in before else f"{said['key']}{said['quote']}{version}{said['quote']}"
            ),
            text,
        )
        if dated != text:
            file.write_text(dated, encoding="utf-8")


def tag_text(copy: Path, version: str) -> str:
    """Return what the tag of the release says: its part of the changelog, as plain text."""
    changelog = yaml.safe_load((copy / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))
    release = changelog["releases"][version]
    changes = release.get("changes", {})
    parts = [f"panw.airs {version}"]
    if "release_summary" in changes:
        parts.append(textwrap.fill(changes["release_summary"], 100))
    for section, title in SECTIONS.items():
        if section in changes:
            parts.append("\n".join([f"{title}:", *(f"- {' '.join(change.split())}" for change in changes[section])]))
    new = [*release.get("modules", []), *(one for kind in release.get("plugins", {}).values() for one in kind)]
    if new:
        parts.append("\n".join(["New:", *(f"- {one['name']}: {one['description']}" for one in new)]))
    return "\n\n".join(parts) + "\n"


def requirements(file: Path) -> list[str]:
    """Return the requirements in a file of requirements."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def write_bill_of_materials(copy: Path, version: str, into: Path) -> None:
    """Write the software bill of materials (CycloneDX): the libraries that a user of today installs, with licenses.

    The tarball has none of them; what is listed is what pip finds for the requirements of modules and emulator.

    Raises:
        ReleaseError: a tool failed, for example because the package index is out of reach.
    """
    about = yaml.safe_load((copy / "galaxy.yml").read_text(encoding="utf-8"))
    emulator = copy / "roles" / "emulator" / "files"
    lines = [
        "[project]",
        f"name = {json.dumps('.'.join([about['namespace'], about['name']]))}",
        f"version = {json.dumps(version)}",
        f"description = {json.dumps(about['description'])}",
        f"license = {json.dumps(' AND '.join(about['license']))}",
        f"dependencies = {json.dumps(requirements(copy / 'requirements.txt'))}",
        "[project.optional-dependencies]",
        f"emulator = {json.dumps(requirements(emulator / 'requirements.txt'))}",
        "[project.urls]",
        *(f"{link} = {json.dumps(about[link])}" for link in LINKS),
    ]
    with tempfile.TemporaryDirectory(prefix="panw-airs-sbom-") as folder:
        project = Path(folder, "pyproject.toml")
        project.write_text("\n".join(lines), encoding="utf-8")
        run(sys.executable, "-m", "venv", "--without-pip", "libraries", cwd=project.parent)
        python = project.parent / "libraries" / "bin" / "python"
        files = ("-r", copy / "requirements.txt", "-r", emulator / "requirements.txt")
        run("uv", "pip", "install", "--quiet", "--python", python, *files, cwd=project.parent)
        options = ("--pyproject", project, "--mc-type", "library", "--output-file", into)
        run("cyclonedx-py", "environment", *options, python, cwd=project.parent)


def release(version: str) -> None:
    """Make the release and say what is left to do.

    Raises:
        ReleaseError: there is none, and the checkout is as it was.
    """
    check(version)
    with tempfile.TemporaryDirectory(prefix="panw-airs-release-") as folder:
        copy = Path(folder, "ansible_collections", "panw", "airs")
        copy.parent.mkdir(parents=True)
        run("git", "clone", "--quiet", str(CHECKOUT), str(copy), cwd=CHECKOUT)
        set_version(copy, version)
        run("antsibull-changelog", "lint", cwd=copy)
        run("antsibull-changelog", "release", "--version", version, cwd=copy)
        # A folder without files would be gone from the next clone, and the next fragment needs it.
        (copy / "changelogs" / "fragments" / ".gitkeep").touch()
        text = tag_text(copy, version)
        run("git", "add", "--all", cwd=copy)
        run("ansible-galaxy", "collection", "build", "--output-path", folder, cwd=copy)
        bill = Path(folder, f"panw-airs-{version}.cdx.json")
        write_bill_of_materials(copy, version, bill)
        patch = Path(folder, "release.patch")
        patch.write_text(run("git", "diff", "--cached", "--binary", cwd=copy), encoding="utf-8")
        run("git", "apply", "--check", str(patch), cwd=CHECKOUT)
        shutil.rmtree(DIST, ignore_errors=True)
        DIST.mkdir(parents=True)
        tarball = Path(shutil.copy(Path(folder, f"panw-airs-{version}.tar.gz"), DIST))
        bill = Path(shutil.copy(bill, DIST))
        sums = DIST / "SHA256SUMS"
        digests = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (tarball, bill)}
        sums.write_text("".join(f"{digest}  {name}\n" for name, digest in digests.items()), encoding="utf-8")
        tag = DIST / f"tag-{version}.txt"
        tag.write_text(text, encoding="utf-8")
        run("git", "apply", str(patch), cwd=CHECKOUT)
    print(f"Release {version} is ready: {tarball.relative_to(CHECKOUT)}. Read `git diff`, then:")
    print(f"  git add --all && git commit --message 'Release {version}'")
    print(f"  git tag --annotate v{version} --cleanup=verbatim --file {tag.relative_to(CHECKOUT)}")
    print(f"  attach {bill.relative_to(CHECKOUT)} and {sums.relative_to(CHECKOUT)} to the release of the tag")
    print(f"  git push --follow-tags && ansible-galaxy collection publish {tarball.relative_to(CHECKOUT)}")


if __name__ == "__main__":
    try:
        release(sys.argv[1] if sys.argv[1:] else "")
    except ReleaseError as error:
        sys.exit(f"No release: {error}.")
