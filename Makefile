# make reproduce [PRESET=smoke|paper] [CORES=2]   set up and run everything that config.yaml (or the preset) asks for
# make test [WORKERS=2]                           set up and run the tests, so many files at a time
# make develop                                    what tests and style checks need, without running them
# make extras                                     readers of NWB, EDF and FIF recordings; ONNX export
# make cluster                                    Snakemake's executor for Slurm
PYTHON ?= $(firstword $(shell command -v python3.11 python3))
CORES ?= all
PRESET ?=
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
OVERLAY := $(if $(PRESET),--configfile workflow/presets/$(PRESET).yaml)

.PHONY: cluster develop extras reproduce test check format unlock clean-environment
.DEFAULT_GOAL := reproduce

PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock

$(VENV)/.installed: requirements.lock requirements/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "Headroom needs Python 3.11: set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages into $(VENV): about 2 GB, a few minutes"
	@$(PIP) --requirement requirements/run.txt
	@printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$(CURDIR)/$(BIN)/python" "$(CURDIR)/workflow/scripts/command.py" > $(BIN)/headroom
	@chmod +x $(BIN)/headroom
	@touch $@

$(VENV)/.extras: $(VENV)/.installed requirements/recordings.txt requirements/export.txt
	@$(PIP) --requirement requirements/recordings.txt --requirement requirements/export.txt
	@touch $@

# The tests' Slurm plugin lies beside the packages, not among them: each start of Snakemake would load it.
$(VENV)/.developing: $(VENV)/.extras requirements/develop.txt requirements/cluster.txt
	@$(PIP) --requirement requirements/develop.txt
	@$(PIP) --requirement requirements/cluster.txt --no-deps --upgrade --target $(VENV)/cluster
	@touch $@

extras: $(VENV)/.extras

develop: $(VENV)/.developing

cluster: $(VENV)/.installed
	@$(PIP) --requirement requirements/cluster.txt

reproduce: $(VENV)/.installed
	@test -z "$(PRESET)" -o -f "workflow/presets/$(PRESET).yaml" || \
	  { echo "PRESET=$(PRESET): no such preset; there are: $(basename $(notdir $(wildcard workflow/presets/*.yaml)))"; exit 1; }
	$(BIN)/snakemake --cores $(CORES) $(OVERLAY)
	@PYTHONPATH=workflow $(BIN)/python workflow/scripts/where.py $(if $(PRESET),workflow/presets/$(PRESET).yaml)

test: $(VENV)/.developing
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile

check: $(VENV)/.developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/mypy
	PYTHONPATH=workflow $(BIN)/lint-imports
	$(BIN)/snakemake --lint

format: $(VENV)/.developing
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow/rules

# A killed run leaves its lock behind: first make sure that no job of it is still running.
unlock: $(VENV)/.installed
	$(BIN)/snakemake --unlock $(OVERLAY)

clean-environment:
	rm -rf $(VENV)
