# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make release``, in a repository of its own that holds the files of this checkout."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]


class Repository:
    """A repository that a release can be tried in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false"]
        return subprocess.run(
            ["git", *identity, *arguments], cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Work")

    def release(self, *version: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, ".ci/release.py", *version]
        return subprocess.run(command, cwd=self.folder, check=False, capture_output=True, text=True)

    def refusal(self, *version: str) -> str:
        """Try a release that must be refused, without a trace, and return why in the one sentence that is said."""
        before = self.git("status", "--porcelain")
        done = self.release(*version)
        assert (done.returncode, done.stdout) == (1, "")
        assert self.git("status", "--porcelain") == before
        assert not (self.folder / "build").exists()
        (sentence,) = done.stderr.splitlines()
        assert re.fullmatch(r"No release: .*\.", sentence)
        return sentence


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Copy the files of the checkout, without what git ignores, and commit them with a fragment."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    origin = Repository(tmp_path_factory.mktemp("release") / "origin")
    for name in filter(None, listed.split("\0")):
        if (CHECKOUT / name).is_file():
            (origin.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, origin.folder / name)
    (origin.folder / "changelogs" / "changelog.yaml").write_text("---\nancestor: null\nreleases: {}\n")
    fragments = origin.folder / "changelogs" / "fragments"
    shutil.rmtree(fragments, ignore_errors=True)
    fragments.mkdir()
    (fragments / "news.yml").write_text(
        "---\nrelease_summary: All is new.\nbugfixes:\n  - airs_scan - tells one scan from another.\n"
    )
    about = origin.folder / "galaxy.yml"
    about.write_text(about.read_text().replace("https://example.com/", "https://code.panw-airs.test/"))
    origin.git("init", "--quiet")
    origin.commit()
    return origin


@pytest.fixture
def repository(origin: Repository, tmp_path: Path) -> Repository:
    """Clone it, as somebody who makes a release has done."""
    origin.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    return Repository(tmp_path / "clone")


def test_a_release_has_changelog_version_tag_text_and_tarball(repository: Repository) -> None:
    done = repository.release("99.2.3")
    assert done.returncode == 0, done.stderr
    assert "build/dist/panw-airs-99.2.3.tar.gz" in done.stdout

    folder = repository.folder
    assert yaml.safe_load((folder / "galaxy.yml").read_text())["version"] == "99.2.3"
    assert 'VERSION = "99.2.3"' in (folder / "plugins/module_utils/_common/version.py").read_text()
    dated = [*folder.glob("plugins/modules/*.py"), *folder.glob("roles/*/meta/argument_specs.yml")]
    for file in dated:
        assert set(re.findall(r"version_added: *(\S+)", file.read_text())) <= {"99.2.3"}, file
    release = yaml.safe_load((folder / "changelogs/changelog.yaml").read_text())["releases"]["99.2.3"]
    assert release["changes"]["release_summary"] == "All is new."
    assert "99" in (folder / "CHANGELOG.md").read_text()
    assert [file.name for file in (folder / "changelogs/fragments").iterdir()] == [".gitkeep"]
    tag = (folder / "build/dist/tag-99.2.3.txt").read_text()
    assert tag.startswith("panw.airs 99.2.3\n\nAll is new.\n\nBug fixes:\n- airs_scan - tells one scan from another.\n")

    with tarfile.open(folder / "build/dist/panw-airs-99.2.3.tar.gz") as tarball:
        manifest = tarball.extractfile("MANIFEST.json")
        news = tarball.extractfile("CHANGELOG.md")
        assert manifest is not None
        assert news is not None
        assert json.load(manifest)["collection_info"]["version"] == "99.2.3"
        assert b"All is new" in news.read()

    bill = json.loads((folder / "build/dist/panw-airs-99.2.3.cdx.json").read_text())
    component = bill["metadata"]["component"]
    assert (component["name"], component["version"]) == ("panw.airs", "99.2.3")
    assert component["licenses"][0]["license"]["id"] == "GPL-3.0-or-later"
    assert {"vcs", "issue-tracker"} <= {link["type"] for link in component["externalReferences"]}
    assert {"requests", "pydantic", "urllib3", "fastapi"} <= {library["name"] for library in bill["components"]}
    for name in ("panw-airs-99.2.3.tar.gz", "panw-airs-99.2.3.cdx.json"):
        digest = hashlib.sha256((folder / "build/dist" / name).read_bytes()).hexdigest()
        assert f"{digest}  {name}\n" in (folder / "build/dist/SHA256SUMS").read_text()

    # What it advises works, and the next release is refused until there is something to say.
    repository.commit()
    repository.git("tag", "--annotate", "v99.2.3", "--cleanup=verbatim", "--file", "build/dist/tag-99.2.3.txt")
    shutil.rmtree(folder / "build")
    assert "no fragment" in repository.refusal("99.2.4")
    assert "99.2.3 is not later than 99.2.3, the last release" in repository.refusal("99.2.3")


@pytest.mark.parametrize("version", ["", "1", "1.2", "v1.2.3", "1.2.3-rc1", "01.2.3", "1.2.x", "1.2.3\n"])
def test_what_is_no_version_is_refused(origin: Repository, version: str) -> None:
    assert "make release VERSION=1.2.3" in origin.refusal(version)


def test_changes_that_are_not_committed_are_refused(repository: Repository) -> None:
    (repository.folder / "README.md").write_text("changed")
    (repository.folder / "new.txt").write_text("new")
    assert "not committed (README.md and 1 more)" in repository.refusal("99.2.3")


def test_an_older_version_is_refused(repository: Repository) -> None:
    assert "0.0.9 is older than" in repository.refusal("0.0.9")


def test_a_tag_that_is_there_is_refused(repository: Repository) -> None:
    repository.git("tag", "v99.2.3")
    assert "a tag v99.2.3 already" in repository.refusal("99.2.3")


def test_a_release_without_fragments_is_refused(repository: Repository) -> None:
    (repository.folder / "changelogs/fragments/news.yml").unlink()
    (repository.folder / "changelogs/fragments/.gitkeep").touch()
    repository.commit()
    assert "no fragment" in repository.refusal("99.2.3")


@pytest.mark.parametrize(
    "address",
    ["https://example.com/panw.airs", "https://docs.Example.org", "http://code.panw-airs.test", "https://", '""'],
)
def test_a_release_without_the_address_of_the_project_is_refused(repository: Repository, address: str) -> None:
    about = repository.folder / "galaxy.yml"
    text = re.sub(r"^issues: .*$", f"issues: {address}", about.read_text(), flags=re.M)
    about.write_text(re.sub(r"^homepage: .*\n", "", text, flags=re.M))
    repository.commit()
    assert "no address of the project for homepage, issues:" in repository.refusal("99.2.3")


def test_what_says_that_it_comes_later_is_refused(repository: Repository) -> None:
    module = repository.folder / "plugins/modules/airs_scan.py"
    module.write_text(re.sub(r"(version_added: *)\S+", r"\g<1>99.3.0", module.read_text(), count=1))
    repository.commit()
    assert "plugins/modules/airs_scan.py says version_added: 99.3.0" in repository.refusal("99.2.3")


def test_a_fragment_that_the_changelog_cannot_read_is_refused(repository: Repository) -> None:
    (repository.folder / "changelogs/fragments/news.yml").write_text("---\nnonsense:\n  - Something.\n")
    repository.commit()
    refusal = repository.refusal("99.2.3")
    assert "antsibull-changelog lint" in refusal
    assert "nonsense" in refusal
