module github.com/processtracker/processtracker-go/dialects/sqlserver/grammar

go 1.25.0

require (
	github.com/processtracker/processtracker-go/core v0.0.0
	github.com/processtracker/processtracker-go/dialects v0.0.0
	github.com/sqlc-dev/teesql v1.1.0
)

require (
	github.com/Masterminds/squirrel v1.5.4 // indirect
	github.com/lann/builder v0.0.0-20180802200727-47ae307949d0 // indirect
	github.com/lann/ps v0.0.0-20150810152359-62de8c46ede0 // indirect
)

replace (
	github.com/processtracker/processtracker-go/core => ../../../core
	github.com/processtracker/processtracker-go/dialects => ../../
)
