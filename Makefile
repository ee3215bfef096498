# The everyday commands; each sets the machine up first (scripts/bootstrap), and none builds a thing twice.

PROMPT ?= a smiling face with sunglasses
export LIMN_PROMPT := $(value PROMPT)

swift_files = git ls-files -z --cached --others --exclude-standard -- '*.swift' ':!*.generated.swift'

# All at once, hundreds of tests make each other wait for minutes on a slow machine, where some measure time. Not every
# Swift has the option.
few_at_once = $(shell swift test --help-hidden | sed -n 's/.*\(--experimental-maximum-parallelization-width\) .*/\1 16/p' | head -1)

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

run: ## start the server: the studio and the API; OPTIONS="--port 9000" goes to limn serve
	@./limn serve $(OPTIONS)

draw: ## draw four pictures; PROMPT="…" says of what
	@./limn draw "$$LIMN_PROMPT"

build: ## build the release binary, .build/release/limn
	@scripts/build

test: ## check the formatting, the scripts and the code; FILTER=NAME runs only those tests
	@scripts/bootstrap
ifndef FILTER
	@$(MAKE) --no-print-directory lint
	@Tests/Scripts/run
endif
	@scripts/swift test --disable-xctest $(few_at_once) $(if $(FILTER),--filter '$(FILTER)')

test-clients: ## run the official Python clients, and Schemathesis, against a server, and kill one under load
	@scripts/swift build --product limn
	@Tests/clients/run
	@Tests/clients/schemathesis
	@python3 Tests/clients/crashes.py

test-hub: ## pull with Limn and with Python's huggingface_hub into one cache (installs it)
	@Tests/hub/run

fuzz: ## feed damaged forms, pictures and checkpoints to the parsers; FORMS=1000000 PICTURES=100000 CHECKPOINTS=100000 for a long run
	@scripts/swift build --product limn-fuzz
	@.build/debug/limn-fuzz forms --inputs $(or $(FORMS),20000)
	@.build/debug/limn-fuzz pictures --inputs $(or $(PICTURES),2000)
	@.build/debug/limn-fuzz checkpoints --inputs $(or $(CHECKPOINTS),5000)

test-studio: ## drive the studio with a real browser (installs Chromium and Python packages)
	@Tests/studio/run

bench: ## time the start, and four pictures of 256 × 256 and of 1024 × 1024
	@scripts/bench

format: ## lay out the Swift sources
	@$(swift_files) | xargs -0 swift format --in-place --parallel

lint: ## check the layout of the Swift sources
	@$(swift_files) | xargs -0 swift format lint --strict --parallel

clean: ## delete what was built (libtorch stays: delete .deps to fetch it anew)
	rm -rf .build

.PHONY: help run draw build test test-clients test-hub test-studio fuzz bench format lint clean
