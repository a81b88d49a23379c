# Thin: each line is a command one could type. `make help` lists them.
SHELL := /bin/bash

.PHONY: help run test check bench shots dist fuzz

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: ## build and open the window; DEMO=1 opens a throw-away vault with invented keys
	@DEMO="$(DEMO)" scripts/run.sh

test: ## every test, as a fresh machine needs them (installs packages)
	@scripts/test.sh

check: ## formatting, shell, spelling, lints, dependency tree, front-end types
	@scripts/check.sh

bench: ## measure against libargon2, ssh-agent, KeePassXC and a bare SQLCipher insert
	@scripts/bench.sh

shots: ## photograph every screen, in dark and light and in two sizes, into shots/
	@scripts/photograph.sh

fuzz: ## five minutes of fuzzing in all
	@scripts/fuzz.sh

dist: ## the release archive and its checksum
	@cargo xtask dist
