module github.com/processtracker/processtracker-go/backends/sqlite/conformance

go 1.25.0

require (
	github.com/processtracker/processtracker-go/backends/sqlite v0.0.0
	github.com/processtracker/processtracker-go/conformance v0.0.0
	github.com/processtracker/processtracker-go/core v0.0.0
	go.uber.org/goleak v1.3.0
	modernc.org/sqlite v1.59.0
)

require (
	github.com/Masterminds/squirrel v1.5.4 // indirect
	github.com/anishathalye/porcupine v1.3.1 // indirect
	github.com/dustin/go-humanize v1.0.1 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/lann/builder v0.0.0-20180802200727-47ae307949d0 // indirect
	github.com/lann/ps v0.0.0-20150810152359-62de8c46ede0 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/ncruces/go-strftime v1.0.0 // indirect
	github.com/processtracker/processtracker-go/dialects v0.0.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	golang.org/x/sys v0.47.0 // indirect
	modernc.org/libc v1.75.7 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
	pgregory.net/rapid v1.3.0 // indirect
)

replace (
	github.com/processtracker/processtracker-go/backends/sqlite => ../
	github.com/processtracker/processtracker-go/conformance => ../../../conformance
	github.com/processtracker/processtracker-go/core => ../../../core
	github.com/processtracker/processtracker-go/dialects => ../../../dialects
)
