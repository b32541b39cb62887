module github.com/processtracker/processtracker-go/backends/mysql

go 1.25.0

require (
	github.com/go-sql-driver/mysql v1.10.1
	github.com/processtracker/processtracker-go/core v0.0.0
	github.com/processtracker/processtracker-go/dialects v0.0.0
)

require (
	filippo.io/edwards25519 v1.2.0 // indirect
	github.com/Masterminds/squirrel v1.5.4 // indirect
	github.com/lann/builder v0.0.0-20180802200727-47ae307949d0 // indirect
	github.com/lann/ps v0.0.0-20150810152359-62de8c46ede0 // indirect
)

replace (
	github.com/processtracker/processtracker-go/core => ../../core
	github.com/processtracker/processtracker-go/dialects => ../../dialects
)
