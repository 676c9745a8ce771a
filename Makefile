# Copyright (c) 2026, the panw.airs contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Needs make, git and Python 3.10 or later; everything else is set up in .venv, .nox and build at the first use.

SHELL := /bin/sh
NOX = .venv/bin/nox $(1) $(if $(ARGS),-- $(ARGS))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The sessions of noxfile.py that carry the name of their target.
SESSIONS := audit bench build certification chaos collections conformance demo docs doors eda engine format fuzz lint matrix molecule package pictures playbook sanity schema types unit
.PHONY: help test emulator-tests docs-lint galaxy-importer release clean $(SESSIONS)
.DEFAULT_GOAL := help

help: ## List the targets
	@echo 'make TARGET [PYTHON=/path/to/python3] [ARGS="-k topic"]'
	@awk -F ':.*## ' '/^##@ / {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' Makefile

##@ To try and to install the collection
demo: ## Onboard an application with the emulator, twice
build: ## Build the tarball into build/dist
docs: ## Build the documentation site into build/docs/html

##@ To change it: what make test runs, and its parts
test: .venv/.ready ## Run every check
	@.venv/bin/python .ci/check.py $(ARGS)
lint: ## Check the style of Python, YAML, roles and playbooks, workflows, licenses, and changelog
types: ## Check the type hints
unit: ## Test modules and pure functions
engine: ## Run tasks in the process of the tests, with the emulator
emulator-tests: .venv/.ready ## Test the emulator
	$(call NOX,-s emulator)
playbook: ## Run playbooks with the emulator
doors: ## Run the modules with the oldest, a middle, and the newest ansible-core
sanity: ## Run ansible-test sanity
docs-lint: .venv/.ready ## Check the documentation of plugins and roles
	$(call NOX,-s docs_lint)
molecule: ## Run the Molecule scenarios of the roles
package: ## Check the contents of the tarball, and that a release can be prepared
format: ## Format the Python files
pictures: ## Draw the output of the demo and the drift report for the README
schema: ## Write the JSON Schema of a tenant's configuration from the options of the modules
clean: ## Remove everything that make created
	rm -rf .venv .nox build .mypy_cache .pytest_cache .ruff_cache

##@ To change it: optional checks, not part of make test
matrix: ## Test every supported ansible-core, or with ARGS="2.16 lowest" one of them
conformance: ## Drive the emulator with the official SDKs
collections: ## Test with other collections: secret stores, the kit for AWX
eda: ## Run the example rulebook with ansible-rulebook and Java 17
bench: ## Time all ways to bring a tenant to its configuration
chaos: ## Kill a hundred runs at random moments, and run them again
fuzz: ## Give the modules 20,000 malformed answers of each API, or with ARGS=1000 fewer
audit: ## Look for known vulnerabilities in the dependencies; needs the internet

##@ To release it
galaxy-importer: .venv/.ready ## Check the tarball as Ansible Galaxy and Automation Hub do; not part of make test
	$(call NOX,-s galaxy_importer)
certification: ## Check the collection as the partner certification of Red Hat does; not part of make test
release: .venv/.ready ## Prepare the release VERSION=1.2.3: changelog, version, tag text, tarball, SBOM
	.venv/bin/nox -s release -- '$(VERSION)'

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
