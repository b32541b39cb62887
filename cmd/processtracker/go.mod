module github.com/processtracker/processtracker-go/cmd/processtracker

go 1.25.0

require (
	github.com/Masterminds/squirrel v1.5.4
	github.com/creachadair/jrpc2 v1.3.5
	github.com/jedib0t/go-pretty/v6 v6.8.3
	github.com/processtracker/processtracker-go/backends/mysql v0.0.0
	github.com/processtracker/processtracker-go/backends/postgres v0.0.0
	github.com/processtracker/processtracker-go/backends/sqlite v0.0.0
	github.com/processtracker/processtracker-go/backends/sqlserver v0.0.0
	github.com/processtracker/processtracker-go/core v0.0.0
	github.com/processtracker/processtracker-go/dialects v0.0.0
	github.com/processtracker/processtracker-go/web v0.0.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.2
	github.com/spf13/cobra v1.10.2
	github.com/spf13/pflag v1.0.9
	golang.org/x/sys v0.47.0
	golang.org/x/term v0.45.0
)

require (
	filippo.io/edwards25519 v1.2.0 // indirect
	github.com/creachadair/mds v0.26.1 // indirect
	github.com/dustin/go-humanize v1.0.1 // indirect
	github.com/go-sql-driver/mysql v1.10.1 // indirect
	github.com/golang-sql/civil v0.0.0-20220223132316-b832511892a9 // indirect
	github.com/golang-sql/sqlexp v0.1.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/pgx/v5 v5.12.0 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/lann/builder v0.0.0-20180802200727-47ae307949d0 // indirect
	github.com/lann/ps v0.0.0-20150810152359-62de8c46ede0 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/mattn/go-runewidth v0.0.16 // indirect
	github.com/microsoft/go-mssqldb v1.11.2 // indirect
	github.com/ncruces/go-strftime v1.0.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/shopspring/decimal v1.4.0 // indirect
	golang.org/x/crypto v0.55.0 // indirect
	golang.org/x/sync v0.22.0 // indirect
	golang.org/x/text v0.41.0 // indirect
	modernc.org/libc v1.75.7 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
	modernc.org/sqlite v1.59.0 // indirect
)

replace (
	github.com/processtracker/processtracker-go/backends/mysql => ../../backends/mysql
	github.com/processtracker/processtracker-go/backends/postgres => ../../backends/postgres
	github.com/processtracker/processtracker-go/backends/sqlite => ../../backends/sqlite
	github.com/processtracker/processtracker-go/backends/sqlserver => ../../backends/sqlserver
	github.com/processtracker/processtracker-go/core => ../../core
	github.com/processtracker/processtracker-go/dialects => ../../dialects
	github.com/processtracker/processtracker-go/web => ../../web
)
