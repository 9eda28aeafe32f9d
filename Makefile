# `make` runs everything, `make test` tests everything; each sets up what it needs.
.POSIX:

PYTHON = python3
BIN = .venv/bin

all: env
	$(BIN)/snakemake

# Every figure, small, in its own folder: a first look in a minute or two.
quick: env
	mkdir -p quick
	$(BIN)/snakemake --configfile workflow/quick.yaml --directory quick

env: .venv/ready

.venv/ready: workflow/envs/lock.txt workflow/envs/uv.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed; name one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r workflow/envs/uv.txt
	UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes workflow/envs/lock.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	touch $@

# Both at once: tests often wait for what they started.
test: env
	@for program in chromium chromium-browser google-chrome none; do \
	  command -v $$program >/dev/null 2>&1 && break; done; \
	[ $$program != none ] || { echo "make test needs a browser: install chromium (the tests open the report in it)" >&2; exit 1; }
	$(MAKE) -j 2 lint pytest

lint: env
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/mypy

# What tests start again and again is compiled once, whatever the environment says of bytecode.
pytest: env
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n auto --no-loadscope-reorder

# Packages for `snakemake --executor slurm`. Apart: with them every start takes half a second more,
# and nine where no controller answers.
slurm: env
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --require-hashes -r workflow/envs/slurm.txt

# The quick configuration on a SLURM of this machine's own; skipped where SLURM is not installed.
test-slurm: slurm
	$(BIN)/python tests/cluster/slurm.py

# Kill runs at random moments, 90 times, and look at what the same command then makes.
torture: env
	$(BIN)/python tests/torture/kill.py

bench: env
	$(BIN)/python bench/run.py

# Pin all dependencies anew; the lock holds hashes and no index address.
lock: env
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --extra test --extra docs --extra build \
	  --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml -o workflow/envs/lock.txt
	grep '^uv==' workflow/envs/lock.txt | sed 's/ .*//' | \
	  $(BIN)/uv pip compile -q --generate-hashes --no-annotate --no-header --no-emit-index-url - -o workflow/envs/uv.txt
	printf 'snakemake-executor-plugin-slurm\nsnakemake-executor-plugin-slurm-jobstep\n' | \
	  $(BIN)/uv pip compile -q --no-deps --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header --no-emit-index-url - -o workflow/envs/slurm.txt

# docs/ as pages to read in a browser, the reference made from the code.
docs: env
	$(BIN)/sphinx-build -q -W --keep-going docs site

# One file that others can check: config, lock, ledger, code, datasets, report, digests.
archive: env
	$(BIN)/entanglement archive

# What editors complete config.yaml with, from the experiments' parameter models.
schema: env
	mkdir -p workflow/schemas
	$(BIN)/entanglement schema > workflow/schemas/config.schema.json

clean:
	rm -rf .venv .snakemake reports quick site data/*.nc data/*/*/*.nc
	find data -name '.*.tmp' -o -name '*.damaged' | xargs rm -f

.PHONY: all quick env test lint pytest slurm test-slurm torture bench lock docs archive schema clean
