# audio-ident. `make help` lists the targets; every one works from a clean clone and may be repeated.
SERVICE := audio-ident-service
UI      := audio-ident-ui
BIN     := $(SERVICE)/build/release/src/audio-ident
JOBS    ?= $(shell nproc)
PREFIX  ?= /usr/local
AUDIO_DIR ?=
# eval/, bench/ and scripts/ are packages, run in their place.
PYTHON_PATH := $(CURDIR):$(CURDIR)/$(SERVICE)
PYTHON  := PYTHONPATH=$(PYTHON_PATH) /usr/bin/python3 -B

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests build run ingest test page test-build test-service test-eval test-page test-tsan lint \
  lint-all format tools bench bench-compare bench-scale bench-ui bench-live eval eval-guard eval-timeline eval-live \
  eval-vibe fuzz fuzz-keep coverage faults known-cves soak chaos test-upgrade package test-package test-clean \
  test-containers test-kernels install dev ui-types docker-up docker-down db-up db-reset acceptance clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what building and running needs (apt; sudo only when not root)
	@bash scripts/setup.sh

setup-tests:
	@bash scripts/setup.sh --tests

build: setup ## Build the optimised program, with its web page
	@bash scripts/build_ui.sh
	@cd $(SERVICE) && cmake --preset release >build-release.log 2>&1 || { cat build-release.log; exit 1; }
	@cd $(SERVICE) && rm -f build-release.log && cmake --build --preset release -j $(JOBS) --target audio-ident

run: build ## Ingest music, identify a noisy clip of it, then serve (AUDIO_DIR=~/Music: your own music)
	@bash scripts/try_it.sh $(BIN) "$(AUDIO_DIR)"

ingest: build ## Ingest AUDIO_DIR=...
	@[ -n "$(AUDIO_DIR)" ] || { echo 'usage: make ingest AUDIO_DIR=~/Music' >&2; exit 2; }
	@$(BIN) ingest "$(AUDIO_DIR)"

test: setup-tests ## Build with sanitizers and run all tests, those of the web page too
	$(MAKE) test-build
	$(MAKE) test-service
	$(MAKE) test-eval
	$(MAKE) test-page

# The parts of `make test`; .ci/run takes them one by one.
page:
	bash scripts/build_ui.sh
test-build: page
	cd $(SERVICE) && cmake --preset dev
	cd $(SERVICE) && cmake --build --preset dev -j $(JOBS)
CTEST_OPTIONS ?=
test-service:
	cd $(SERVICE) && ctest --preset dev -j $$(($(JOBS) + 1)) --output-junit tests.xml $(CTEST_OPTIONS) || \
	  { cd .. && $(PYTHON) -m scripts.failed_tests $(SERVICE)/build/dev/tests.xml; exit 1; }
test-eval:
	$(PYTHON) -m unittest discover -s $(SERVICE)/eval/tests -t $(SERVICE)
	$(PYTHON) -m unittest discover -s $(SERVICE)/bench/tests -t $(SERVICE)
	$(PYTHON) -m unittest discover -s scripts/tests -t .
	$(PYTHON) -m unittest discover -s $(SERVICE)/tests/soak -p '*_test.py'
test-page:
	bash scripts/test_ui.sh $(SERVICE)/build/dev/src/audio-ident

test-tsan: setup-tests page ## Run the tests of the service under the thread sanitizer (CTEST_OPTIONS='-R unit-')
	cd $(SERVICE) && cmake --preset tsan && cmake --build --preset tsan -j $(JOBS)
	cd $(SERVICE) && ctest --preset tsan -j $(JOBS) $(CTEST_OPTIONS)

lint: setup ## Check layout, prose, scripts and the rules of the tree; clang-tidy checks what changed
	@cd $(SERVICE) && cmake --preset dev >/dev/null
	@bash scripts/lint.sh

lint-all: setup ## The same, with clang-tidy on every source file
	@cd $(SERVICE) && cmake --preset dev >/dev/null
	@bash scripts/lint.sh --all

format: setup ## Lay out C++ (clang-format), Python (ruff) and the page (prettier)
	@git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp' | \
	  xargs -0 clang-format -i
	@$(PYTHON) -m scripts.wrap_comments
	@bash scripts/ruff.sh format -q .
	@bash scripts/build_ui.sh --packages-only && npm --prefix $(UI) run -s format

BENCH_MUSIC ?= sample
BENCH_ROUNDS ?= 5
BENCH_OUT ?= $(SERVICE)/build/bench/runs
bench: tools ## Time stages, ingest, searches and HTTP; keeps a JSON file (BENCH_MUSIC=folder BENCH_ROUNDS=5)
	$(PYTHON) -m bench.run --build $(SERVICE)/build/release --music "$(BENCH_MUSIC)" --rounds $(BENCH_ROUNDS) \
	  --out "$(BENCH_OUT)"

BASE ?=
bench-compare: setup ## Name what became slower by more than 5 % since BASE (default: the commit in bench/base.json)
	$(PYTHON) -m bench.compare --base "$(BASE)" --music "$(BENCH_MUSIC)" --rounds $(BENCH_ROUNDS) \
	  --out "$(BENCH_OUT)" --jobs $(JOBS)

bench-live: build ## Time the live answer with up to 256 clients at once (BENCH_MUSIC=folder)
	$(PYTHON) -m bench.live_clients $(BIN) "$(BENCH_MUSIC)" --clients 1,20,60,200,256

tools: setup ## Build the benchmarks and the tools of the evaluation
	cd $(SERVICE) && cmake --preset release && cmake --build --preset release -j $(JOBS)

bench-ui: build ## Time the page in Chromium: first paint, from releasing the button to the answer
	@cd $(UI) && AUDIO_IDENT_PROGRAM="$(abspath $(BIN))" npx --no-install playwright test -c bench

EVAL_AUDIO ?= ../shared/audio
EVAL_SET   ?= $(SERVICE)/build/eval/set
eval: build ## Measure accuracy on degraded clips of EVAL_AUDIO (default ../shared/audio); writes a report
	@[ -d "$(EVAL_AUDIO)" ] || { echo 'usage: make eval EVAL_AUDIO=folder-of-music' >&2; exit 2; }
	$(PYTHON) -m eval.build_queries --audio "$(EVAL_AUDIO)" --out "$(EVAL_SET)"
	$(PYTHON) -m eval.run "$(EVAL_SET)" --binary $(BIN)

LIVE_SET     ?= $(SERVICE)/build/eval/live
LIVE_OPTIONS ?=
eval-live: tools ## Measure how soon the live answer knows clips of EVAL_AUDIO (LIVE_OPTIONS='--half test')
	@[ -d "$(EVAL_AUDIO)" ] || { echo 'usage: make eval-live EVAL_AUDIO=folder-of-music' >&2; exit 2; }
	$(PYTHON) -m eval.build_queries --live --audio "$(EVAL_AUDIO)" --out "$(LIVE_SET)" $(LIVE_OPTIONS)
	$(PYTHON) -m eval.run_live "$(LIVE_SET)"

VIBE_MODEL   ?= musicnn
VIBE_OPTIONS ?=
eval-vibe: tools ## Measure what the vibe lane finds in EVAL_AUDIO (VIBE_MODEL=musicnn, VIBE_OPTIONS: peers beside it)
	@[ -d "$(EVAL_AUDIO)" ] || { echo 'usage: make eval-vibe EVAL_AUDIO=folder-of-music' >&2; exit 2; }
	$(PYTHON) -m eval.run_vibe --audio "$(EVAL_AUDIO)" --model $(VIBE_MODEL) $(VIBE_OPTIONS)

TIMELINE_SET     ?= $(SERVICE)/build/eval/timeline
TIMELINE_OPTIONS ?=
eval-timeline: build ## Measure timelines of recordings made from EVAL_AUDIO (TIMELINE_OPTIONS='--half test')
	@[ -d "$(EVAL_AUDIO)" ] || { echo 'usage: make eval-timeline EVAL_AUDIO=folder-of-music' >&2; exit 2; }
	$(PYTHON) -m eval.run_timeline --audio "$(EVAL_AUDIO)" --out "$(TIMELINE_SET)" --binary $(BIN) $(TIMELINE_OPTIONS)

SCALE_SIZES ?= 0,1000,10000
SCALE_DATA  ?= $(SERVICE)/build/scale
bench-scale: tools ## Search clips of EVAL_AUDIO among synthetic tracks (SCALE_SIZES=0,1000,10000, SCALE_DATA=folder)
	@[ -d "$(EVAL_AUDIO)" ] || { echo 'usage: make bench-scale EVAL_AUDIO=folder-of-music' >&2; exit 2; }
	$(PYTHON) -m eval.build_queries --half test --audio "$(EVAL_AUDIO)" --out "$(EVAL_SET)-test"
	$(PYTHON) -m bench.scale "$(EVAL_SET)-test" --data "$(SCALE_DATA)" --sizes $(SCALE_SIZES) --every 4

eval-guard: build ## Measure accuracy on clips of the sample music; fails when it is worse than eval/guard.json records
	$(PYTHON) -m eval.guard --binary $(BIN)

FUZZ_SECONDS ?= 60
fuzz: setup ## Fuzz the parsers of foreign bytes, FUZZ_SECONDS (60) each
	cd $(SERVICE) && cmake --preset fuzz && cmake --build --preset fuzz -j $(JOBS) --target fuzzers
	@ls $(SERVICE)/fuzz/seeds | xargs -P $(JOBS) -I {} bash scripts/fuzz.sh $(SERVICE) {} $(FUZZ_SECONDS)

fuzz-keep: fuzz ## Fuzz, then keep in the tree what was found: fuzz/corpus, from which the next run goes on
	@ls $(SERVICE)/fuzz/seeds | xargs -P $(JOBS) -I {} bash scripts/fuzz.sh $(SERVICE) {} keep

coverage: setup ## Say how many lines of each parser the inputs of the fuzzers and its unit tests run (90 % at least)
	cd $(SERVICE) && cmake --preset coverage && cmake --build --preset coverage -j $(JOBS) --target fuzzers
	$(PYTHON) -m scripts.coverage $(SERVICE)

FAULTS_SECONDS ?= 600
FAULTS_SEED ?= 1
FAULTS_PART ?= 1/1
faults: build ## Let files fail, kill the program, cut the power, then check all (FAULTS_SECONDS=600 FAULTS_PART=1/40)
	cd $(SERVICE) && cmake --preset dev && cmake --build --preset dev --target file-faults
	cd $(SERVICE)/tests/faults && AUDIO_IDENT_PROGRAM="$(abspath $(BIN))" \
	  FILE_FAULTS_LIBRARY="$(abspath $(SERVICE)/build/dev/tests/faults/libfile-faults.so)" \
	  /usr/bin/python3 -B run.py --seconds $(FAULTS_SECONDS) --seed $(FAULTS_SEED) \
	  --part $(FAULTS_PART)

TRACKER ?=
known-cves: ## List the packages that the program needs, and their known CVEs (TRACKER=file: Debian's tracker data)
	@$(PYTHON) -m scripts.known_cves --list $(if $(TRACKER),--data "$(TRACKER)") \
	  $(foreach program,$(wildcard $(BIN) $(SERVICE)/build/release/lib/*.so),--program $(program))

SOAK_MINUTES ?= 60
SOAK_SEED ?= 1
SOAK_MUSIC ?= $(firstword $(wildcard ../shared/audio/music) sample)
SOAK_OUT ?= $(SERVICE)/build/soak
SOAK_OPTIONS ?=
soak: build ## Run the service with 16 monitors and clients, end and kill it; nothing is lost or grows (SOAK_MINUTES=60)
	AUDIO_IDENT_PROGRAM="$(abspath $(BIN))" PYTHONPATH=$(PYTHON_PATH):$(CURDIR)/$(SERVICE)/tests/api/http \
	  /usr/bin/python3 -B $(SERVICE)/tests/soak/run.py --minutes $(SOAK_MINUTES) --seed $(SOAK_SEED) \
	  --music "$(SOAK_MUSIC)" --out "$(SOAK_OUT)" $(SOAK_OPTIONS)

CHAOS_MINUTES ?= 15
CHAOS_SEED ?= 1
CHAOS_MUSIC ?= $(firstword $(wildcard ../shared/audio/music) sample)
CHAOS_OUT ?= $(SERVICE)/build/chaos
CHAOS_OPTIONS ?=
chaos: build setup-tests ## Kill and pause replicas and stores under clients; nothing is lost (CHAOS_MINUTES=15)
	AUDIO_IDENT_PROGRAM="$(abspath $(BIN))" PYTHONPATH=$(CURDIR)/$(SERVICE)/tests/api/http \
	  /usr/bin/python3 -B $(SERVICE)/tests/chaos/run.py --minutes $(CHAOS_MINUTES) --seed $(CHAOS_SEED) \
	  --music "$(CHAOS_MUSIC)" --out "$(CHAOS_OUT)" $(CHAOS_OPTIONS)

UPGRADE_TREE ?= $(SERVICE)/build/upgrade-from
UPGRADE_OPTIONS ?=
test-upgrade: build setup-tests ## Replace the program of BASE (a commit) by this one in a cluster, under clients
	@[ -n "$(BASE)" ] || { echo 'usage: make test-upgrade BASE=commit' >&2; exit 2; }
	bash scripts/build_commit.sh "$(BASE)" "$(UPGRADE_TREE)" $(JOBS)
	AUDIO_IDENT_PROGRAM="$(abspath $(UPGRADE_TREE))/$(SERVICE)/build/release/src/audio-ident" \
	  PYTHONPATH=$(CURDIR)/$(SERVICE)/tests/api/http:$(CURDIR)/$(SERVICE)/tests/chaos \
	  /usr/bin/python3 -B $(SERVICE)/tests/upgrade/rolling.py --new "$(abspath $(BIN))" $(UPGRADE_OPTIONS)

PACKAGES ?= $(SERVICE)/build/packages
package: build ## Make a .deb for this distribution, and an archive that runs from any folder (PACKAGES=folder)
	@bash scripts/package.sh $(SERVICE)/build/release "$(PACKAGES)"

RELEASE ?= bookworm
KERNELS ?= bookworm trixie
test-kernels: setup ## Attack the sandbox of decoders on the kernels of Debian's releases, in QEMU
	bash scripts/test_kernels.sh $(KERNELS)

test-package: ## Make the packages in a clean RELEASE (bookworm, trixie); install, run, upgrade and purge them; as root
	@bash scripts/test_debian.sh $(RELEASE)

test-clean: ## Run `make test` from a clone in a clean RELEASE (bookworm, trixie); as root
	@bash scripts/test_debian.sh $(RELEASE) --tests

test-containers: ## Build the image, run the compose file on Docker's engine, and break parts of it (needs docker)
	docker build -f $(SERVICE)/Dockerfile -t audio-ident .
	cd $(SERVICE)/tests/containers && AUDIO_IDENT_PROGRAM=none /usr/bin/python3 -B -m unittest -v containers_test

install: build ## Install the program below PREFIX (default /usr/local)
	cmake --build $(SERVICE)/build/release --target audio-ident-texts
	cmake --install $(SERVICE)/build/release --prefix "$(PREFIX)"

ui-types: build ## Generate the page's API types from the program, after a change of the contract
	@bash scripts/ui_types.sh $(BIN)

dev: build ## Start the stores (POSTGRES_MODE, QDRANT_MODE: docker, external, embedded), the service and the page
	@bash scripts/dev.sh $(BIN)

docker-up: ## Start the stores whose mode is docker, and wait until they answer
	@bash scripts/stack.sh up

docker-down: ## Stop all containers; their data stays
	@bash scripts/stack.sh down

db-up: ## Start only PostgreSQL, if its mode is docker
	@bash scripts/stack.sh up postgres

db-reset: build ## Empty the library (catalog and index); asks first; audio files stay
	@$(BIN) db reset

ACCEPTANCE_PROGRAM ?= $(SERVICE)/build/dev/src/audio-ident
acceptance: setup-tests ## Check the plan's acceptance criteria that need no Docker (docs/acceptance.md)
	@bash scripts/acceptance.sh $(ACCEPTANCE_PROGRAM)

clean: ## Remove everything built
	rm -rf $(SERVICE)/build $(UI)/build $(UI)/.svelte-kit $(UI)/node_modules
