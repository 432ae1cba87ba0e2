# Two commands matter: `make demo` and `make test`. `make help` lists the rest. Written for GNU make 3.81 and later.

PORT ?= 8000
READY := .venv/ready
PACKAGES = $$(grep -c '^[a-z0-9].*==' requirements-dev.txt)
COMPILE = uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11

# A virtual environment knows its own path: in a checkout that was moved it is made anew.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif

define FIND_PYTHON
for candidate in python3 python3.13 python3.12 python3.11; do \
  if "$$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
  then python=$$candidate; break; fi; \
done; \
if [ -z "$$python" ]; then \
  echo 'commsbridge needs Python 3.11 or later with its venv module (on Debian: python3 and python3-venv).' >&2; exit 1; \
fi
endef

# Reads pip's own output and says how far it is; all of it is kept in .venv/install.log.
define WATCH
{ n=0; status=1; while IFS= read -r line; do \
  printf '%s\n' "$$line" >> .venv/install.log; \
  case "$$line" in \
    Collecting*|Processing*|Ignoring*|"Requirement already"*"(from -r"*) n=$$((n + 1)); [ ! -t 1 ] || printf '\r  %d of %d packages' $$n $(PACKAGES);; \
    "Installing collected"*) [ ! -t 1 ] || printf '\r  %d packages are here: unpacking' $$n;; \
    "pip is done") status=0;; \
  esac; done; printf '\r  %d packages are there            \n' $$n; \
  if [ $$status != 0 ]; then echo 'Installing failed. The end of .venv/install.log:' >&2; tail -n 12 .venv/install.log >&2; fi; \
  exit $$status; }
endef

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

.PHONY: install
install: $(READY) ## Make the environment in .venv from the hashed requirements; nothing is started
	@:

$(READY): requirements-dev.txt pyproject.toml
	@if ! .venv/bin/python -c 'import pip' 2>/dev/null || { [ -e $(READY) ] && [ "$$(cat $(READY))" != '$(CURDIR)' ]; }; then \
	  $(FIND_PYTHON); \
	  echo "Making .venv with $$("$$python" --version)"; \
	  "$$python" -m venv --clear .venv; \
	fi
	@echo 'Installing the requirements'; : > .venv/install.log
	@{ .venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off \
	    --require-hashes -r requirements-dev.txt 2>&1 && echo 'pip is done'; } | $(WATCH)
	@.venv/bin/python -m pip install --disable-pip-version-check --no-input --quiet --no-deps --no-build-isolation -e .
	@printf '%s' '$(CURDIR)' > $(READY)

.PHONY: demo
demo: install ## Serve a seeded school on PORT (8000); Ctrl-C stops it, the next start finds its data
	@exec .venv/bin/commsbridge demo --port $(PORT)

.PHONY: demo-reset
demo-reset: install ## Throw the demo's data away
	@.venv/bin/commsbridge demo --reset

.PHONY: test
test: install ## Run the tests; with STRICT=1 nothing may be left out
	@.venv/bin/pytest -n auto --maxprocesses 8 --randomly-seed=$(or $(SEED),20261117) $(if $(STRICT),--nothing-left-out) 2>&1

.PHONY: explore
explore: install ## Run the tests in a new order with a thousand new examples each; what fails prints how to repeat it
	@.venv/bin/pytest -n auto --maxprocesses 8 --hypothesis-profile=explore

.PHONY: check
check: install ## Judge the source: style, types, floors, migrations, templates
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	@mkdir -p build
	.venv/bin/python -c 'from commsbridge.foundation.migrating import migration_sql; migration_sql()' > build/migrations.sql
	.venv/bin/squawk build/migrations.sql
	.venv/bin/djlint --lint --quiet commsbridge

.PHONY: catalogues
catalogues: install ## Bring the sentence catalogues up to date with the source, and name what is missing
	.venv/bin/commsbridge catalogues extract
	.venv/bin/commsbridge catalogues check

.PHONY: bench
bench: install ## Measure, print a table and write build/bench.json; ONLY=deliver for one group, SIZE= for a small try
	@.venv/bin/python -m bench $(if $(ONLY),--only $(ONLY)) $(if $(SIZE),--size $(SIZE))

.PHONY: weights
weights: install ## Learn anew how words lean from the labelled sets (WHAT=--apart tries each set left out, --check compares)
	@.venv/bin/python -m bench.weighing $(WHAT)

.PHONY: lighthouse
lighthouse: install ## Measure five pages with Lighthouse, whānau's on 2G (needs Chromium, Node 20 and npm); RUNS=3 for the middle of three, ONLY=book for one
	@.venv/bin/python -m bench.lighthouse --runs $(or $(RUNS),1) $(if $(ONLY),--only $(ONLY))

.PHONY: faults
faults: install ## The long fault tests: workers killed, the database gone, carriers misbehaving
	@.venv/bin/pytest -m fault --long

.PHONY: pictures
pictures: install ## Take every page's picture into build/pictures (needs Chromium)
	@.venv/bin/pytest -m picture --long --nothing-left-out

.PHONY: readme-pictures
readme-pictures: install ## Take the README's two pictures anew (needs Chromium)
	@.venv/bin/python -m bench.shop_window

.PHONY: requirements
requirements: ## Compile the hashed requirements from pyproject.toml (needs uv)
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --extra dev pyproject.toml -c requirements.txt -o requirements-dev.txt
	$(COMPILE) bench/peers/celery.in -o bench/peers/celery.txt
