# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of the project, each in its own virtual environment: ``nox --list`` names them, ``make test`` runs all.

Sessions that run the collection use the built tarball, installed the way a user installs it.
"""

from __future__ import annotations

import ast
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import nox

CHECKOUT = Path(__file__).resolve().parent
BUILD = CHECKOUT / "build"
COLLECTION = Path("ansible_collections", "panw", "airs")
REQUIREMENTS = CHECKOUT / "tests" / "requirements"
PYTHON_SOURCES = ["plugins", "extensions", "roles", "tests", "docs", "noxfile.py", ".ci"]

# The oldest ansible-core that the collection supports, one in the middle and the newest, each on one Python.
DOORS = {"3.10": "~=2.16.0", "3.11": "~=2.19.0", "3.13": ">=2.20"}
# `make matrix`: every ansible-core that is supported, each on one Python that it runs on; the last one is the newest
# that there is, also before its release.
MATRIX = {
    "2.16": ("3.10", "==2.16.*"),
    "2.18": ("3.11", "==2.18.*"),
    "2.19": ("3.12", "==2.19.*"),
    "2.20": ("3.12", "==2.20.*"),
    "2.21": ("3.13", "==2.21.*"),
    "next": ("3.13", ">=2.22.0.dev0"),
}
LIBRARIES = ["lowest", "newest"]
# The ansible-core versions whose sanity tests the partner certification runs; its other versions are in
# tests/requirements/certification.txt. All are those of github.com/ansible-collections/partner-certification-checker.
CERTIFICATION_CORES = ["2.16", "2.18", "2.20"]
MATRIX_TESTS = ["tests/unit", "tests/engine", "tests/playbook"]
THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
THIS_CORE = "ansible-core" + DOORS.get(THIS_PYTHON, ">=2.20")

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.stop_on_first_error = False
# `make test` runs these lanes beside each other (.ci/check.py). The playbook tests run the doors of this Python, and
# the doors sessions those of the others.
LANES = [
    [
        *("lint", "types", "docs_lint", "docs", "sanity", "molecule", "demo", "package"),
        *(f"doors-{python}" for python in DOORS if python != THIS_PYTHON),
    ],
    [f"tests -- {folder}" for folder in ("unit", "engine", "emulator", "playbook")],
]
# A Python that is not on this machine is skipped and named, in CI too, and never downloaded.
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"
os.environ["UV_PYTHON_DOWNLOADS"] = "never"
# Bytecode is kept in the environments of the sessions, whatever the shell says: hundreds of starts of Ansible would
# compile it anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# The shims of pyenv for versions that are not selected are there but do not run: let the real interpreters go first.
SHIMS = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep) if Path(folder).name == "shims"]
PYENVS = {shims.parent for shims in SHIMS} | {Path.home() / ".pyenv"}
PYTHONS = [str(folder) for pyenv in PYENVS for folder in pyenv.glob("versions/3.1[0-9]*/bin")]
os.environ["PATH"] = os.pathsep.join([*PYTHONS, os.environ["PATH"]])


# --- packages --------------------------------------------------------------------------------------------------------

# Settings of pip that uv needs too, and what uv reads them from.
PIP_AND_UV = {"index-url": "UV_DEFAULT_INDEX", "trusted-host": "UV_INSECURE_HOST", "proxy": "ALL_PROXY"}


def uv_environment(pip_config: str, env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables with which uv finds and trusts the same package index as pip.

    uv reads no settings of pip, and trusts the certificates that it brings along, so that it does not work behind a
    proxy that inspects TLS, where pip does. What the environment already says to uv has priority.

    Args:
        pip_config: What ``pip config list`` prints.
        env: The environment.
    """
    pip: dict[str, str] = {}
    for scope in ("global", "install", ":env:"):  # the last one wins, as for pip
        for name, value in re.findall(rf"^{scope}\.(\S+?)=(.*)$", pip_config, re.M):
            pip[name] = " ".join(str(ast.literal_eval(value)).split())
    found = {"UV_SYSTEM_CERTS": "true"}
    found |= {variable: pip[setting] for setting, variable in PIP_AND_UV.items() if setting in pip}
    if "index-url" in pip and "extra-index-url" in pip:  # all of them together are complete, and pip prefers none
        found |= {"UV_INDEX": pip["extra-index-url"], "UV_INDEX_STRATEGY": "unsafe-best-match"}
    certificates = pip.get("cert") or env.get("REQUESTS_CA_BUNDLE") or env.get("CURL_CA_BUNDLE")
    if certificates:
        found["SSL_CERT_DIR" if Path(certificates).is_dir() else "SSL_CERT_FILE"] = certificates
    return {name: env.get(name) or value for name, value in found.items()}


@functools.cache
def package_index() -> dict[str, str]:
    """Return the environment for uv on this machine."""
    ask = [sys.executable, "-m", "pip", "config", "list"]
    return uv_environment(subprocess.run(ask, check=False, capture_output=True, text=True).stdout, os.environ)


def install(session: nox.Session, *arguments: str) -> None:
    """Install packages into the session's environment."""
    session.install("--quiet", *arguments, env=package_index())


def install_requirements(session: nox.Session, name: str, core: str = THIS_CORE) -> None:
    """Install ansible-core and one of the files of ``tests/requirements`` into the session's environment."""
    install(session, core, "-r", str(REQUIREMENTS / f"{name}.txt"))


# --- the copies of the collection that the sessions work on ----------------------------------------------------------


def project_files() -> list[Path]:
    """Return the files of the project, relative to the checkout: what git tracks or would add, nothing it ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(Path(name) for name in set(listed.split("\0")) if name and (CHECKOUT / name).is_file())


def copy_of_checkout(name: str) -> Path:
    """Copy the project into ``build/<name>/ansible_collections/panw/airs``, where Ansible's tools want a collection.

    The copy is a git repository of its own, because Ansible's tools ask git which files count, and git ignores
    ``build``. ``tests/output`` of an earlier copy is kept: ansible-test has its virtual environments there.
    """
    copy = BUILD / name / COLLECTION
    copy.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "--quiet", str(copy)], check=True)
    kept = (copy / ".git", copy / "tests" / "output")
    for old in sorted(copy.rglob("*"), reverse=True):  # what is in a folder comes before the folder
        if any(old.is_relative_to(folder) for folder in kept):
            continue
        if old.is_file():
            old.unlink()
        elif not any(old.iterdir()):
            old.rmdir()
    for file in project_files():
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / file, copy / file)
    return copy


def build_tarball(session: nox.Session, into: Path) -> Path:
    """Build the collection's tarball into a folder, with the ansible-core of the session."""
    shutil.rmtree(into, ignore_errors=True)
    source = copy_of_checkout(f"{session.name}/source")
    session.run("ansible-galaxy", "collection", "build", str(source), "--output-path", str(into), silent=True)
    (tarball,) = into.glob("panw-airs-*.tar.gz")
    return tarball


@functools.cache
def install_collection(session: nox.Session) -> dict[str, str]:
    """Build the collection, install it into a collections path, and return the environment that points to it.

    All of that is in a folder of the session, because sessions may run at the same time; each does it once.
    """
    tarball = build_tarball(session, BUILD / session.name / "dist")
    into = BUILD / session.name / "collections"
    shutil.rmtree(into, ignore_errors=True)
    install = ["ansible-galaxy", "collection", "install", "--offline", "--force", "--collections-path", str(into)]
    session.run(*install, str(tarball), silent=True)
    return {"ANSIBLE_COLLECTIONS_PATH": str(into), "AIRS_COLLECTIONS_PATH": str(into)}


# --- static checks ---------------------------------------------------------------------------------------------------


@nox.session(name="format", default=False)
def format_(session: nox.Session) -> None:
    """Rewrite the Python files in the project's format, and repair what ruff can repair by itself."""
    install_requirements(session, "lint")
    session.run("ruff", "check", "--fix-only", *PYTHON_SOURCES)
    session.run("ruff", "format", *PYTHON_SOURCES)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and habits of Python, YAML, roles, playbooks, workflows, licences and changelog."""
    install_requirements(session, "lint")
    session.run("ruff", "format", "--check", *PYTHON_SOURCES)
    session.run("ruff", "check", *PYTHON_SOURCES)
    session.run("yamllint", "--strict", ".")
    # Named one by one: `reuse lint` asks git what is ignored only once, and tests that run beside write bytecode.
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], check=True, capture_output=True, text=True, cwd=CHECKOUT
    )
    session.run("reuse", "lint-file", "--lines", *filter(os.path.isfile, listed.stdout.split("\0")), log=False)
    session.run("zizmor", "--offline", "--quiet", "--persona=pedantic", ".github", "examples/ci/github-workflow.yml")
    forms = CHECKOUT / ".github" / "ISSUE_TEMPLATE"
    schema = ["check-jsonschema", "--quiet", "--builtin-schema"]
    session.run(*schema, "vendor.github-issue-forms", *map(str, forms.glob("*_*.yml")))
    session.run(*schema, "vendor.github-issue-config", str(forms / "config.yml"))
    session.run("antsibull-changelog", "lint")
    env = install_collection(session)
    session.run("ansible-lint", "--offline", "--nocolor", env=env)
    # What an export writes has to pass in the repositories of users, with the linters' own settings.
    sample = BUILD / session.name / "export"
    shutil.rmtree(sample, ignore_errors=True)
    path = {"PYTHONPATH": env["ANSIBLE_COLLECTIONS_PATH"]}
    session.run("python", "tests/support/export_sample.py", str(sample), env=path)
    with session.chdir(sample):
        session.run("yamllint", "--strict", "--config-data", "extends: default", ".")
        session.run("ansible-lint", "--offline", "--nocolor", "--config-file", os.devnull, "--project-dir", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the type hints of the plugins, the emulator and the tests."""
    install_requirements(session, "types")
    tree = BUILD / "types"
    link = tree / COLLECTION
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(CHECKOUT, target_is_directory=True)
    emulator_files = CHECKOUT / "roles" / "emulator" / "files"
    search_path = {"MYPYPATH": os.pathsep.join([str(tree), str(emulator_files), "tests"])}
    collection = [str(link / "plugins"), str(link / "extensions" / "eda")]
    sources = [*collection, str(emulator_files / "airs_emulator"), "tests", ".ci"]
    session.run("mypy", *sources, env=search_path)


@nox.session
def docs_lint(session: nox.Session) -> None:
    """Check the documentation of plugins and roles, and every reference in it."""
    install_requirements(session, "docs")
    with session.chdir(copy_of_checkout("docs_lint")):
        session.run("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=all", ".")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation site into ``build/docs/html``; nothing is fetched but the tools."""
    install_requirements(session, "docs")
    shutil.rmtree(BUILD / "docs", ignore_errors=True)
    env = install_collection(session)
    site, html = BUILD / "docs" / "site", BUILD / "docs" / "html"
    shutil.copytree(CHECKOUT / "docs" / "site", site)
    pages = site / "rst" / "collection"
    pages.mkdir(mode=0o755)  # antsibull-docs refuses a folder that others can write to
    write = ["antsibull-docs", "--config-file", str(site / "antsibull-docs.cfg"), "collection", "--use-current"]
    session.run(*write, "--squash-hierarchy", "--dest-dir", str(pages), "panw.airs", env=env)
    # antsibull-docs takes over the text of guides only.
    shutil.copytree(CHECKOUT / "docs/docsite/rst/images", pages / "docsite/images")
    session.run("sphinx-build", "-b", "html", "-q", "-W", "--keep-going", "-c", str(site), str(site / "rst"), str(html))
    session.log(f"built {(html / 'index.html').relative_to(CHECKOUT)}")


@nox.session
def sanity(session: nox.Session) -> None:
    """Run ansible-test sanity on a copy of the checkout; the positional arguments go to it."""
    install(session, THIS_CORE)
    make_get_pip_available(session)
    with session.chdir(copy_of_checkout("sanity")):
        session.run("ansible-test", "sanity", "--venv", "--python", THIS_PYTHON, "--color", "no", *session.posargs)


def make_get_pip_available(session: nox.Session) -> None:
    """Leave a stand-in where ansible-test keeps get-pip.py, if the host that it would fetch it from is out of reach.

    The stand-in runs the very pip that ansible-test has pinned, from its wheel, which comes from the package index.
    """
    locate = "import ansible_test; print(ansible_test.__path__[0])"
    ansible_test = Path(str(session.run("python", "-c", locate, silent=True)).strip())
    pins = (ansible_test / "_internal" / "python_requirements.py").read_text(encoding="utf-8")
    setup = (ansible_test / "_util" / "target" / "setup" / "requirements.py").read_text(encoding="utf-8")
    # The oldest one supported names others for Pythons that are older still.
    pin = max(re.findall(r"pip='([0-9.]+)'", pins), key=lambda version: [int(part) for part in version.split(".")])
    address = re.findall(r"url = '(https://[^']+)' % pip_version", setup)[-1] % pin
    cache = Path.home() / ".ansible" / "test" / "cache"
    stand_in = cache / f"get_pip_{pin.replace('.', '_')}.py"
    if stand_in.exists():
        return
    try:
        urllib.request.urlopen(address, timeout=10).close()  # noqa: S310 - the address is ansible-test's own
    except OSError as error:
        session.log(f"get-pip.py of ansible-test cannot be fetched ({error}): pip {pin} comes from the package index")
    else:
        return
    cache.mkdir(parents=True, exist_ok=True)
    install(session, "pip")
    session.run("python", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(cache), f"pip=={pin}")
    stand_in.write_text(GET_PIP.format(pin=pin), encoding="utf-8")


GET_PIP = """\
# Stands in for get-pip.py where that cannot be fetched: runs pip from the wheel beside this file.
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "pip-{pin}-py3-none-any.whl"))

from pip._internal.cli.main import main

options = [option for option in sys.argv[1:] if option not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--upgrade", "--force-reinstall", *options]))
"""


# --- tests -----------------------------------------------------------------------------------------------------------


def run_tests(session: nox.Session, folder: str, *arguments: str) -> None:
    """Run the tests of a folder of ``tests``; those of engine and playbook use the installed collection."""
    install_requirements(session, "test")
    env = install_collection(session) if folder in ("engine", "playbook") else {}
    session.run("pytest", "-n", "2" if env else "auto", f"tests/{folder}", *arguments, env=env)


@nox.session
def unit(session: nox.Session) -> None:
    """Test the modules and the pure functions of the checkout."""
    run_tests(session, "unit", *session.posargs)


@nox.session
def engine(session: nox.Session) -> None:
    """Run tasks in the process of the tests, with the installed collection against the emulator."""
    run_tests(session, "engine", *session.posargs)


@nox.session
def emulator(session: nox.Session) -> None:
    """Test the emulator of the service."""
    run_tests(session, "emulator", *session.posargs)


@nox.session
def playbook(session: nox.Session) -> None:
    """Run playbooks with the installed collection against the emulator."""
    run_tests(session, "playbook", *session.posargs)


@nox.session(default=False)
def tests(session: nox.Session) -> None:
    """Run the tests of the folder that the first argument names, in one environment, whose bytecode is made once."""
    run_tests(session, *session.posargs)


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Give modules odd answers of each API, as many as the first argument says, others than in any run before."""
    install_requirements(session, "test")
    answers, *rest = session.posargs or ["20000"]
    session.run("pytest", "--capture=no", "tests/unit/test_odd_answers.py", *rest, env={"AIRS_FUZZ_ANSWERS": answers})


@nox.session(default=False)
def pictures(session: nox.Session) -> None:
    """Draw what the demo prints and what the drift report shows, for the README."""
    install_requirements(session, "test")
    session.run("pytest", "tests/playbook/test_pictures.py", *session.posargs, env={"AIRS_WRITE_PICTURES": "1"})


@nox.session(default=False)
def schema(session: nox.Session) -> None:
    """Write the JSON Schema of a tenant's configuration, and check it."""
    install_requirements(session, "test")
    session.run("pytest", "tests/unit/test_tenant_schema.py", *session.posargs, env={"AIRS_WRITE_SCHEMA": "1"})


@nox.session(default=False)
def conformance(session: nox.Session) -> None:
    """Drive the emulator with the official SDKs, which no other check needs."""
    try:
        install_requirements(session, "conformance")
    except nox.command.CommandFailed:
        session.error(
            "The official SDKs, or what tests/requirements/conformance.txt names beside them, cannot be installed "
            "from the package index: the lines above say why. Nothing else needs them."
        )
    session.run("pytest", "tests/conformance", *session.posargs, env=install_collection(session))


@nox.session(default=False)
def eda(session: nox.Session) -> None:
    """Run the example rulebook with ansible-rulebook, which needs Java 17 (`java` on PATH, or JAVA_HOME)."""
    if "JAVA_HOME" not in os.environ:
        java = shutil.which("java") or session.error("There is no java on PATH: ansible-rulebook needs Java 17.")
        session.env["JAVA_HOME"] = str(Path(java).resolve().parents[1])
    install_requirements(session, "eda")
    session.run("pytest", "tests/eda", *session.posargs, env=install_collection(session))


@nox.session(default=False)
def collections(session: nox.Session) -> None:
    """Test what needs collections of others: sinks, in moto's server and small ones of the tests, and the AWX kit."""
    install_requirements(session, "collections")
    # Nothing but the collections in it is wanted; it would bring another ansible-core.
    install(session, "--no-deps", "ansible")
    session.run("pytest", "tests/collections", *session.posargs, env=install_collection(session))


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Time all ways to bring a tenant to its configuration, the official SDK's among them (tests/bench/README.md)."""
    install_requirements(session, "bench")
    session.run("python", "-m", "bench", *session.posargs, env={**install_collection(session), "PYTHONPATH": "tests"})


@nox.session(default=False)
def chaos(session: nox.Session) -> None:
    """Kill a hundred runs at random moments, and hold what the runs after them find and leave to what is promised."""
    install_requirements(session, "test")
    session.run("python", "-m", "chaos", *session.posargs, env={**install_collection(session), "PYTHONPATH": "tests"})


@nox.session(python=list(DOORS))
def doors(session: nox.Session) -> None:
    """Run every module through both doors with the oldest, a middle and the newest ansible-core."""
    install_requirements(session, "test", core=f"ansible-core{DOORS[str(session.python)]}")
    session.run("pytest", "-n", "2", "tests/playbook/test_doors.py", *session.posargs, env=install_collection(session))


@nox.session(default=False)
def matrix(session: nox.Session) -> None:
    """Run tests of the collection with every supported ansible-core, each with the lowest and the newest libraries.

    The positional arguments select cells: ``2.16``, ``lowest``, both or several. The rest goes to pytest, which can
    also be given other tests.
    """
    cores = [word for word in session.posargs if word in MATRIX] or list(MATRIX)
    libraries = [word for word in session.posargs if word in LIBRARIES] or LIBRARIES
    rest = [word for word in session.posargs if word not in MATRIX and word not in LIBRARIES]
    for core in cores:
        for which in libraries:
            session.notify(f"matrix-{core}-{which}", rest)


def add_cell(core: str, which: str) -> None:
    """Add the session that tests one cell of the matrix."""
    python, versions = MATRIX[core]

    @nox.session(name=f"matrix-{core}-{which}", python=python, default=False)
    def cell(session: nox.Session) -> None:
        if which == "lowest":
            # The lowest of what is promised; what only tests need is of no interest, so it comes after and is new.
            promised = ["-r", "requirements.txt", "-r", "roles/emulator/files/requirements.txt"]
            if core != "next":
                promised.append(f"ansible-core{versions}")
            install(session, "--resolution", "lowest-direct", *promised)
            install_requirements(session, "test", core=f"ansible-core{versions}")
        else:
            install(session, "--upgrade", f"ansible-core{versions}", "-r", str(REQUIREMENTS / "test.txt"))
        session.run("python", "-c", SAY_VERSIONS)
        env = install_collection(session)
        chosen = any(word.startswith("tests") for word in session.posargs)
        # Each by itself: what tests import of Ansible must not be there already.
        for tests in [[]] if chosen else [[part] for part in MATRIX_TESTS]:
            session.run("pytest", "-n", "2", *tests, *session.posargs, env=env)


SAY_VERSIONS = """\
import importlib.metadata, platform
names = ["ansible-core", "requests", "pydantic"]
print("Python", platform.python_version(), *(f"{name} {importlib.metadata.version(name)}" for name in names), sep=", ")
"""
for _core in MATRIX:
    for _which in LIBRARIES:
        add_cell(_core, _which)


@nox.session
def molecule(session: nox.Session) -> None:
    """Run the molecule scenarios of the roles."""
    install_requirements(session, "molecule")
    session.run("molecule", "test", "--all", *session.posargs, env=install_collection(session))


@nox.session
def demo(session: nox.Session) -> None:
    """Onboard an application against the emulator, twice, and show what changed."""
    install_requirements(session, "demo")
    env = install_collection(session)
    env |= {"ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false"}
    # Show what changes and what is said, and no more.
    env |= {"ANSIBLE_DISPLAY_OK_HOSTS": "false", "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"}
    env |= {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
    folder = f"demo_directory={BUILD / 'demo'}"
    # As it is in the tarball: what a user has must be enough.
    playbook = Path(env["ANSIBLE_COLLECTIONS_PATH"]) / COLLECTION / "examples" / "onboarding" / "demo.yml"
    session.run("ansible-playbook", str(playbook), "-e", folder, *session.posargs, env=env)


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Build the tarball into ``build/dist``; the session ``package`` checks what is in it."""
    install(session, THIS_CORE)
    session.log(f"built {build_tarball(session, BUILD / 'dist').relative_to(CHECKOUT)}")


@nox.session
def package(session: nox.Session) -> None:
    """Check that the tarball holds what a user needs and nothing else, and that a release can be made."""
    install_requirements(session, "build")
    tarball = build_tarball(session, BUILD / session.name / "dist")
    session.run("pytest", "tests/package", *session.posargs, env={"AIRS_TARBALL": str(tarball), **package_index()})


# --- what leaves the house -------------------------------------------------------------------------------------------


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Prepare the release that the positional argument names: changelog, version, tag text, tarball, SBOM, and sums."""
    install_requirements(session, "build")
    session.run("python", ".ci/release.py", *session.posargs, env=package_index())


def import_as_galaxy(session: nox.Session, source: Path, *, with_lint: bool) -> None:
    """Build a copy of the checkout, and let galaxy-importer check the tarball; a warning is a failure too."""
    folder = Path(session.create_tmp()).resolve()
    build = ["ansible-galaxy", "collection", "build", "--force", str(source), "--output-path", str(folder)]
    session.run(*build, silent=True)
    (tarball,) = folder.glob("panw-airs-*.tar.gz")
    with session.chdir(folder):
        said = str(
            session.run(
                *("python", "-m", "galaxy_importer.main", str(tarball)),
                silent=True,
                stderr=subprocess.STDOUT,
                env={
                    "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true",  # as Automation Hub
                    "GALAXY_IMPORTER_RUN_ANSIBLE_LINT": str(with_lint),
                },
            )
        )
    wrong = [line for line in said.splitlines() if re.match(r"(WARNING|ERROR|CRITICAL)\b", line)]
    if wrong or "Importer processing completed successfully" not in said:
        session.error("\n".join(["galaxy-importer complains:", *(wrong or said.splitlines()[-5:])]))
    session.log("galaxy-importer has nothing to complain about")


@nox.session(default=False)
def galaxy_importer(session: nox.Session) -> None:
    """Check the tarball the way Ansible Galaxy and Automation Hub do on upload."""
    # Its own requirements: what it pins does not go together with the other tools.
    install(session, "-r", str(REQUIREMENTS / "galaxy_importer.txt"))
    import_as_galaxy(session, copy_of_checkout(session.name), with_lint=True)


@nox.session(python="3.12", default=False)
def certification(session: nox.Session) -> None:
    """Check the collection as the partner certification of Red Hat does, with its versions; arguments select cores."""
    install(session, "-r", str(REQUIREMENTS / "certification.txt"))
    source = copy_of_checkout("certification")
    import_as_galaxy(session, source, with_lint=False)  # ansible-lint runs with our settings instead
    with session.chdir(source):
        path = {"ANSIBLE_COLLECTIONS_PATH": str(BUILD / "certification")}
        session.run("ansible-lint", "--offline", "--profile=production", "--nocolor", env=path)
        for core in session.posargs or CERTIFICATION_CORES:
            install(session, "--upgrade", f"ansible-core=={core}.*")
            make_get_pip_available(session)
            session.run("ansible-test", "sanity", "--venv", "--python", str(session.python), "--color", "no")


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """Ask whether what a user installs with the collection has known vulnerabilities; this needs the internet."""
    install(session, "-r", str(REQUIREMENTS / "audit.txt"))
    pinned = Path(session.create_tmp()) / "pinned.txt"
    compile_pins = ["uv", "pip", "compile", "--quiet", "--no-header", "--output-file", str(pinned)]
    pinned_for = ["requirements.txt", "roles/emulator/files/requirements.txt"]
    session.run(*compile_pins, *pinned_for, silent=True, env=package_index())
    report = pinned.with_name("report.json")
    report.unlink(missing_ok=True)
    ask = ["pip-audit", "--no-deps", "--disable-pip", "--format", "json", "--output", str(report), "-r", str(pinned)]
    session.run(*ask, *session.posargs, silent=True, success_codes=[0, 1])
    if not report.exists():
        session.error("Nothing was audited, because the service that knows the vulnerabilities cannot be reached.")
    answers = json.loads(report.read_text(encoding="utf-8"))["dependencies"]
    known = [f"{one['name']} {one['version']}: {hole['id']}" for one in answers for hole in one.get("vulns", [])]
    unknown = [one["name"] for one in answers if "skip_reason" in one]
    if known:
        session.error("\n".join(["Known vulnerabilities:", *known]))
    if len(unknown) == len(answers):
        session.error("Nothing was audited, because the service that knows the vulnerabilities has no answers.")
    if unknown:
        session.error(f"The service that knows the vulnerabilities said nothing about {', '.join(unknown)}.")
    session.log(f"no known vulnerability in {len(answers)} packages")
