# `make` or `make help` lists what there is to do.

MODULES := core dialects dialects/sqlserver/grammar backends/sqlite backends/postgres backends/mysql backends/sqlserver \
	conformance cmd/processtracker \
	backends/sqlite/conformance backends/postgres/conformance backends/mysql/conformance backends/sqlserver/conformance \
	conformance/cmd/schemadoc conformance/cmd/chaos \
	locations/s3 locations/gcs locations/azblob locations/conformance
PACKAGES := $(addsuffix /...,$(addprefix ./,$(MODULES)))

# The modules that put a backend through the suite.
SUITES := $(addprefix ./,$(addsuffix /...,$(filter backends/%/conformance,$(MODULES))))

# Each test run writes down what it tested where; the report and the table of rules read it.
REPORT := $(CURDIR)/.report
RECORDED = mkdir -p $(REPORT) && rm -f $(REPORT)/*.jsonl && \
	PROCESSTRACKER_REPORT_DIR=$(REPORT) go test -count=1 -parallel 3 -timeout 60m
GOTEST = $(RECORDED) $(1) $(PACKAGES); status=$$?; go run ./conformance/cmd/report $(REPORT) && exit $$status

# How long faults strike in make chaos, and where.
TIME ?= 10m
DB ?= sqlite postgres mysql mariadb

# How long to fuzz each property, as go test -fuzztime has it.
FUZZTIME ?= 10s

.DEFAULT_GOAL := help
.PHONY: help demo demo-postgres demo-mysql demo-mariadb build test test-db test-galera race rules rules-report fuzz chaos chaos-broken golden catalogues schema-doc embed-check lint lint-fast tidy clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:[^:]*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## Extract and load real tables, and look at what was tracked (no server needed)
	bin/processtracker demo

# The demo and its test on a server; of the end of the test's name, and the variable that names the server.
DEMO = go run ./conformance/cmd/serve $(@:demo-%=%) sh -c 'bin/processtracker demo --dsn "$$$(2)" && \
	go test -count=1 -run "^TestDemoOn$(1)$$" ./cmd/processtracker/internal/cli'

demo-postgres: build ## The same in PostgreSQL, on a server that is found or started for it, and its test
	$(call DEMO,Postgres,PROCESSTRACKER_TEST_POSTGRES_DSN)

demo-mysql: build ## The same in MySQL
	$(call DEMO,MySQL,PROCESSTRACKER_TEST_MYSQL_DSN)

demo-mariadb: build ## The same in MariaDB
	$(call DEMO,MariaDB,PROCESSTRACKER_TEST_MARIADB_DSN)

build: ## Build the command-line tool into bin/
	go build -o bin/processtracker ./cmd/processtracker

test: ## Run all tests; those of servers where Docker or their programs are there
	@$(call GOTEST,)

test-db: ## Put every server backend through the suite, SQL Server where its image and licence are set
	@$(RECORDED) ./backends/postgres/conformance/... ./backends/mysql/conformance/... ./backends/sqlserver/conformance/...; \
		status=$$?; go run ./conformance/cmd/report $(REPORT) && exit $$status

test-galera: ## Put two nodes of a Galera cluster, in one container, through what transactions can meet in
	@$(RECORDED) -short -run '^TestGalera$$' ./backends/mysql/conformance; status=$$?; go run ./conformance/cmd/report $(REPORT) && exit $$status

race: ## The same with the race detector (needs a C compiler), in smaller sizes
	@$(call GOTEST,-race -short)

rules: ## Put the backends through the suite, and print which rule holds on which database
	@$(RECORDED) $(SUITES); status=$$?; go run ./conformance/cmd/rules $(REPORT) && exit $$status

rules-report: ## Print the same of the last test run; make rules-report FORM=-markdown for a page
	@go run ./conformance/cmd/rules $(FORM) $(REPORT)

fuzz: ## Look for inputs that break a property, FUZZTIME (10s) for each
	@set -e; for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' $(MODULES) | xargs -n 1 dirname | sort -u); do \
		names=$$(go test -list '^Fuzz' ./$$dir); \
		for name in $$(echo "$$names" | grep '^Fuzz'); do \
			echo "$$dir $$name"; go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s ./$$dir; \
		done; \
	done

chaos: ## Load files while faults strike, TIME (10m) long on each of DB (sqlite postgres mysql mariadb), and look for harm
	@go build -o bin/chaos ./conformance/cmd/chaos && bin/chaos -time $(TIME) $(DB)

chaos-broken: ## Demand that the same finds out what is broken on purpose: the fence, and claims
	@go run ./conformance/cmd/chaos/broken -time $(TIME) fence $(DB)
	@go run ./conformance/cmd/chaos/broken -time $(TIME) claim $(filter-out sqlite,$(DB))

golden: ## Rewrite the golden files with the SQL of every statement
	go test ./dialects/mysql ./dialects/postgres ./dialects/sqlite ./dialects/sqlserver -update

catalogues: ## Rewrite what a schema is compared with, from databases that are set up for it (needs PostgreSQL and MySQL)
	go run ./conformance/cmd/schemadoc/catalogues dialects

schema-doc: ## Rewrite docs/schema.md from databases that are set up for it (needs servers, as the tests do)
	go run ./conformance/cmd/schemadoc docs/schema.md

embed-check: ## Build a program with each backend, and check what it gets (UPDATE=-update rewrites the lists)
	go run ./conformance/cmd/embedcheck $(UPDATE) .

lint-fast: ## Check formatting and vet
	@unformatted=$$(gofmt -l $(MODULES)); if [ -n "$$unformatted" ]; then echo "not formatted:"; echo "$$unformatted"; exit 1; fi
	go vet $(PACKAGES)

lint: lint-fast ## All linters (installs the pinned golangci-lint into bin/)
	@test -x bin/golangci-lint || GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	@for m in $(MODULES); do echo "lint $$m"; (cd $$m && $(CURDIR)/bin/golangci-lint run ./...) || exit 1; done

tidy: ## Tidy every module on its own, as its users see it
	@for m in $(MODULES); do (cd $$m && GOWORK=off go mod tidy) || exit 1; done

clean: ## Remove what make made
	rm -rf bin $(REPORT)
