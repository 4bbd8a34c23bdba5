# `make demo` deploys the documents' set-ups on simulated clouds, `make test` passes the tests, `make rehearse` boots real
# brokers behind it. Each does all the set-up.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

VERSION        ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
PULUMI_VERSION := v3.230.0
LINT_VERSION   := v2.5.0

GO_FILES := $(shell find . -name '*.go' -not -path './.cache/*' -not -path './tools/*')

.PHONY: build demo rehearse bench bench-cold backends exhaustive test unit lint golden fuzz clean tools
.DELETE_ON_ERROR:

build: bin/kafkalink ## the kafkalink command

bin/kafkalink: $(GO_FILES) go.mod go.sum $(shell find components simcloud -type f -not -name '*_test.go' -not -path '*/testdata/*' 2>/dev/null)
	@echo "building bin/kafkalink (the first build compiles the clouds' SDKs: about 5 minutes)"
	go build -ldflags "-X main.version=$(VERSION)" -o $@ .

# An installed pulumi of at least this version and the same major is used instead.
bin/pulumi: tools/go.mod tools/go.sum
	@if ! tools/installed-pulumi $(PULUMI_VERSION); then \
		echo "building bin/pulumi $(PULUMI_VERSION) (about 3 minutes, once)"; \
		go -C tools build -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$(PULUMI_VERSION)" \
			-o ../bin/pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi; \
	else \
		mkdir -p bin && ln -sf "$$(command -v pulumi)" bin/pulumi; \
	fi

demo: bin/kafkalink bin/pulumi ## the main job on simulated clouds: no account needed
	@tests/demo azure
	@tests/demo aws

# DRILLS=all, or some of those that `kafkalink rehearse --help` lists. STACK=aws, or azure, for one alone.
rehearse: bin/kafkalink bin/pulumi packages ## the documents' set-ups with real brokers, on Linux, as root
	@for stack in $(or $(STACK),azure aws); do \
		bin/kafkalink rehearse --stack $$stack $(if $(DRILLS),--drill $(DRILLS)); \
	done

# BENCH=SetUp/rolling, or another part, measures that alone.
bench: bin/pulumi packages ## kafkalink against bare brokers: ratios within one run, on Linux, as root
	@echo "compiling the benchmarks (the first time the clouds' SDKs, too: about 5 minutes)"
	@go test ./tests -v -run '^$$' -bench '$(or $(BENCH),.)' -benchtime 1x -count 1 -timeout 0

# Stand-ins for the storage of three clouds, which are fetched for this alone.
backends: bin/pulumi ## stacks whose state is kept in S3, Google Storage and Azure Blob: against stand-ins, needs npm
	go -C tools/backends build -o ../../bin/ github.com/johannesboyne/gofakes3/cmd/gofakes3 github.com/fsouza/fake-gcs-server
	npm install --silent --no-audit --no-fund --no-save --prefix .cache/azurite azurite@3.37.0
	go test -tags backends ./automation -run TestBackends -count 1 -v

bench-cold: ## programs that embed our components against the bare SDKs, each built with an empty cache: about 20 minutes
	go test -tags cold ./tests -v -run '^$$' -bench ColdBuild -benchtime 1x -count 1 -timeout 0

exhaustive: bin/kafkalink bin/pulumi packages ## what takes four hours: every drill, mutations, every failure, kills, ten rehearsals in a row
	go test -tags exhaustive ./tests -run 'TestEveryDrill|TestMutations|TestOtherSetUps' -timeout 90m -v
	go test -tags exhaustive ./tests -run 'TestAnyOperationMayFailOnce|TestKilledUpsRecover' -timeout 120m -parallel 2 -v
	tests/ten-rehearsals azure
	tests/ten-rehearsals aws

# What tests need and a new machine may lack: the system's packages, and what is kept under .cache and never installed.
.PHONY: packages
packages:
	@tools/install-packages

DEBS  := .cache/debs/.complete
KAFKA := .cache/kafka_2.13-3.7.1/.complete

$(DEBS): tools/fetch-debs | packages
	tools/fetch-debs

$(KAFKA): tools/assemble-kafka lab/internal/image/kafka/pom.xml | packages
	tools/assemble-kafka

bin/gotestsum: tools/go.mod tools/go.sum
	go -C tools build -o ../bin/gotestsum gotest.tools/gotestsum

bin/golangci-lint: tools/lint/go.mod tools/lint/go.sum
	@echo "building bin/golangci-lint $(LINT_VERSION) (about 4 minutes, once)"
	go -C tools/lint build -ldflags "-X main.version=$(LINT_VERSION)" -o ../../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint

# Packages that link a cloud's SDK, nearly 200 MB each: never two at once, and without the race detector.
WITH_SDK := ./components/aws/... ./components/azure/... ./stacks/... ./internal/... ./tests/... .

test: bin/kafkalink bin/pulumi bin/gotestsum $(if $(filter Linux,$(shell uname -s)),packages $(DEBS) $(KAFKA)) ## every test
	bin/gotestsum --format pkgname-and-test-fails --format-hide-empty-pkg --raw-command -- tests/run-all $(WITH_SDK)

lint: bin/golangci-lint ## the linters CI runs
	GOMEMLIMIT=6GiB bin/golangci-lint run

golden: bin/pulumi ## rewrite the golden files after a change that is meant
	go test ./components/kafka -update
	go test ./components/host -run Packed -update
	go test ./components/host ./automation/cli ./automation/rehearsal ./tests -run Golden -update
	go test ./stacks/aws ./stacks/azure -run Schema -update
	go test ./templates -update

fuzz: ## look for a configuration that makes the model panic
	go test ./components/kafka -run '^$$' -fuzz FuzzResolve -fuzztime $(or $(FUZZTIME),2m)
	go test ./stacks/azure -run '^$$' -fuzz FuzzDecode -fuzztime $(or $(FUZZTIME),2m)
	go test ./stacks/aws ./stacks/azure -run TestDisturbed -v -count 1 -args -disturbed 200000

clean: ## remove what was built; caches of downloads stay
	rm -rf bin .kafkalink
