# audio-ident. `make help` lists the targets; every one works from a clean clone and may be repeated.
SERVICE := audio-ident-service
BIN     := $(SERVICE)/build/release/src/audio-ident
JOBS    ?= $(shell nproc)
PREFIX  ?= /usr/local
AUDIO_DIR ?=

.DEFAULT_GOAL := help
.PHONY: help setup build run ingest test lint format bench eval fuzz install db-reset clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what building and running needs (apt; sudo only when not root)
	@bash scripts/setup.sh

build: setup ## Build the optimised program
	@cd $(SERVICE) && cmake --preset release >build-release.log 2>&1 || { cat build-release.log; exit 1; }
	@cd $(SERVICE) && rm -f build-release.log && cmake --build --preset release -j $(JOBS)

run: build ## Ingest music, identify a noisy clip of it (AUDIO_DIR=~/Music: your own music)
	@bash scripts/try_it.sh $(BIN) "$(AUDIO_DIR)"

ingest: build ## Ingest AUDIO_DIR=...
	@[ -n "$(AUDIO_DIR)" ] || { echo 'usage: make ingest AUDIO_DIR=~/Music' >&2; exit 2; }
	@$(BIN) ingest "$(AUDIO_DIR)"

test: setup ## Build with sanitizers and run all tests
	cd $(SERVICE) && cmake --preset dev
	cd $(SERVICE) && cmake --build --preset dev -j $(JOBS)
	cd $(SERVICE) && ctest --preset dev -j $(JOBS)

lint: setup ## Check layout (clang-format), bugs (clang-tidy), scripts (shellcheck) and the rules of the tree
	@cd $(SERVICE) && cmake --preset dev >/dev/null
	@bash scripts/lint.sh

format: setup ## Lay out all C++ as .clang-format says
	@git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp' | \
	  xargs -0 clang-format -i

install: build ## Install the program below PREFIX (default /usr/local)
	cmake --install $(SERVICE)/build/release --prefix "$(PREFIX)"

db-reset: build ## Empty the library: catalog and index (asks first); audio files stay
	@$(BIN) db reset

clean: ## Remove everything built
	rm -rf $(SERVICE)/build
