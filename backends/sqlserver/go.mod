module github.com/processtracker/processtracker-go/backends/sqlserver

go 1.25.0

require (
	github.com/golang-sql/civil v0.0.0-20220223132316-b832511892a9
	github.com/microsoft/go-mssqldb v1.11.2
	github.com/processtracker/processtracker-go/core v0.0.0
	github.com/processtracker/processtracker-go/dialects v0.0.0
)

require (
	github.com/Masterminds/squirrel v1.5.4 // indirect
	github.com/golang-sql/sqlexp v0.1.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/lann/builder v0.0.0-20180802200727-47ae307949d0 // indirect
	github.com/lann/ps v0.0.0-20150810152359-62de8c46ede0 // indirect
	github.com/shopspring/decimal v1.4.0 // indirect
	golang.org/x/crypto v0.55.0 // indirect
	golang.org/x/text v0.41.0 // indirect
)

replace (
	github.com/processtracker/processtracker-go/core => ../../core
	github.com/processtracker/processtracker-go/dialects => ../../dialects
)
