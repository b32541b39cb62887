module github.com/processtracker/processtracker-go/web

go 1.25.0

require (
	github.com/processtracker/processtracker-go/core v0.0.0
	golang.org/x/crypto v0.55.0
)

require (
	github.com/Masterminds/squirrel v1.5.4 // indirect
	github.com/lann/builder v0.0.0-20180802200727-47ae307949d0 // indirect
	github.com/lann/ps v0.0.0-20150810152359-62de8c46ede0 // indirect
)

replace github.com/processtracker/processtracker-go/core => ../core
