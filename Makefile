# Gatehouse: `make demo` runs a whole estate, `make test` checks everything.
# Needs Python >= 3.11 and make; all else goes into .venv. Logs of the setup lie in .stamps.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test bundle bench bench-full soak lock clean
.NOTPARALLEL:

export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP := .venv/bin/python -m pip
STEP := @scripts/step
CONSOLE := hub/api/static/index.html
CONSOLE_SOURCES := $(shell find console -name node_modules -prune -o -type f -print)

# an environment that went away, or whose Python did, takes its stamps along
$(shell [ -x .venv/bin/python ] || rm -rf .stamps)

help:
	@echo 'make demo [ARGS="--for 60 --no-browser"]   run the estate: broker, hub, agents, devices, console'
	@echo 'make test [ARGS="-k gate"] [SYSTEM=no]     run every check; ARGS go to pytest'
	@echo 'make bench                                 measure throughput and latency, and compare'
	@echo 'make bench-full                            the same at length; writes docs/performance.md'
	@echo 'make soak [ARGS="--kills 60"]              kill, cut off and fill up for hours (docs/reliability.md)'
	@echo 'make bundle                                pack all for a machine without network into dist/'
	@echo 'make lock [UPGRADE=1]                      write the locked versions anew'
	@echo 'make clean                                 remove what was installed and built'

demo: .stamps/runtime $(CONSOLE) .stamps/gatehouse
	@.venv/bin/gatehouse demo $(ARGS)

test: .stamps/dev $(CONSOLE) .stamps/gatehouse
	@scripts/system-packages
	@scripts/checks $(ARGS)

bench: .stamps/dev $(CONSOLE) .stamps/gatehouse
	@scripts/system-packages
	@.venv/bin/python -m bench.ingest --seconds 5
	@.venv/bin/python -m bench.latency --seconds 5
	@.venv/bin/python -m bench.storm
	@.venv/bin/python -m bench $(ARGS)

bench-full: .stamps/dev $(CONSOLE) .stamps/gatehouse
	@scripts/system-packages
	@.venv/bin/python -m bench --full --record $(ARGS)

soak: .stamps/dev $(CONSOLE) .stamps/gatehouse
	@scripts/system-packages
	@env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX=$(CURDIR)/.stamps/bytecode \
		.venv/bin/python -m tests.faults.soak $(ARGS); \
		found=$$?; .venv/bin/python -m tests.faults.report && exit $$found

bundle: .stamps/runtime $(CONSOLE)
	@scripts/bundle

lock: .stamps/dev
	$(STEP) lock-tool "Lock tool" $(PIP) install --require-hashes -r requirements/lock.txt
	@scripts/lock

clean:
	rm -rf .venv .stamps hub/api/static console/node_modules

.stamps/venv:
	@scripts/find-python >/dev/null
	$(STEP) venv "1/4 Python environment" scripts/environment
	@touch $@

.stamps/runtime: .stamps/venv requirements/runtime.txt requirements/build.txt
	$(STEP) runtime "2/4 Libraries" $(PIP) install --require-hashes \
		-r requirements/runtime.txt -r requirements/build.txt
	@touch $@

.stamps/dev: .stamps/venv requirements/dev.txt
	$(STEP) dev "2/4 Libraries and test tools" $(PIP) install --require-hashes \
		-r requirements/dev.txt
	@touch $@

# which of the two installed the libraries does not matter to what comes after
$(CONSOLE): $(CONSOLE_SOURCES) hatch_build.py requirements/build.txt
	$(STEP) console "3/4 Console" .venv/bin/python hatch_build.py
	@touch $@

.stamps/gatehouse: .stamps/venv pyproject.toml hatch_build.py
	$(STEP) gatehouse "4/4 Gatehouse" $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
