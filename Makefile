# Copyright (c) 2026, the panw.airs contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Needs make, git and Python 3.10 or later; everything else is set up in .venv, .nox and build at the first use.

SHELL := /bin/sh
NOX = .venv/bin/nox $(1) $(if $(ARGS),-- $(ARGS))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The sessions of noxfile.py that carry the name of their target.
SESSIONS := audit bench build chaos collections conformance demo docs doors eda engine format fuzz lint matrix molecule package playbook sanity schema types unit
.PHONY: help test emulator-tests docs-lint galaxy-importer release clean $(SESSIONS)
.DEFAULT_GOAL := help

help: ## Say what there is to make
	@echo 'make TARGET [PYTHON=/path/to/python3] [ARGS="-k topic"]'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1:\2/p' Makefile | while IFS=: read -r target text; do \
	  printf '  %-15s %s\n' "$$target" "$$text"; done

demo: ## Onboard an application against the emulator, twice
test: .venv/.ready ## Run every check
	@.venv/bin/python .ci/check.py $(ARGS)
lint: ## Check style of Python, YAML, roles and playbooks, workflows, licences and changelog
types: ## Check type hints
unit: ## Test modules and pure functions
emulator-tests: .venv/.ready ## Test the emulator
	$(call NOX,-s emulator)
engine: ## Run tasks in the process of the tests against the emulator
playbook: ## Run playbooks against the emulator
doors: ## Run the modules with the oldest, a middle and the newest ansible-core
matrix: ## Test every supported ansible-core, ARGS="2.16 lowest" one of them (optional, not part of test)
conformance: ## Drive the emulator with the official SDKs (optional, not part of test)
eda: ## Run the example rulebook with ansible-rulebook and Java 17 (optional, not part of test)
collections: ## Test what needs collections of others: sinks for secrets, the kit for AWX (optional, not part of test)
bench: ## Time all ways to bring a tenant to its configuration (optional, not part of test)
chaos: ## Kill a hundred runs at random moments, and run them again (optional, not part of test)
fuzz: ## Give modules 20,000 odd answers of each API, or ARGS=1000 (optional, not part of test)
sanity: ## Run ansible-test sanity
schema: ## Write the JSON Schema of a tenant's configuration from the options of the modules
docs: ## Build the documentation site into build/docs/html
docs-lint: .venv/.ready ## Check the documentation of plugins and roles
	$(call NOX,-s docs_lint)
molecule: ## Run the molecule scenarios of the roles
build: ## Build the tarball into build/dist
package: ## Check what is in the tarball, and that a release can be made
galaxy-importer: .venv/.ready ## Check the tarball as Ansible Galaxy does (optional, not part of test)
	$(call NOX,-s galaxy_importer)
audit: ## Ask for known vulnerabilities in the dependencies (optional, needs the internet)
release: .venv/.ready ## Make the release VERSION=1.2.3: changelog, version everywhere, tag text, tarball
	.venv/bin/nox -s release -- '$(VERSION)'
format: ## Rewrite the Python files in the project's format
clean: ## Remove all that make has made
	rm -rf .venv .nox build .mypy_cache .pytest_cache .ruff_cache

$(SESSIONS): .venv/.ready
	$(call NOX,-s $@)

# Another interpreter than the one that .venv was made with means making it anew, and .nox too.
ifdef PYTHON
ifneq ($(PYTHON),$(shell cat .venv/.ready 2>/dev/null))
$(shell rm -f .venv/.ready)
endif
endif

# A name on PATH may be a shim that does not run, so each candidate must answer with its real path.
.venv/.ready: tests/requirements/make.txt
	@for candidate in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python3.10); do \
	  python=$$("$$candidate" -c 'import sys; sys.version_info < (3, 10) or print(sys.executable)' 2>/dev/null) || continue; \
	  [ -n "$$python" ] && break; \
	done; \
	if [ -z "$$python" ]; then \
	  echo 'panw.airs needs Python 3.10 or later, $(if $(PYTHON),and $(PYTHON) is none,but PATH has none): try make PYTHON=/path/to/python3' >&2; \
	  exit 1; \
	fi; \
	echo "Setting up .venv with $$python"; \
	rm -rf .nox && "$$python" -m venv --clear .venv && .venv/bin/python -m pip install --quiet -r tests/requirements/make.txt
	@echo '$(PYTHON)' > $@
