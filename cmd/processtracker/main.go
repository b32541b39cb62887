// The command processtracker sets up the tracker's tables, tracks the runs of any
// command, and shows their history. See "processtracker --help".
package main

import (
	"context"
	"os"
	"time"
	_ "time/tzdata" // minimal images and Windows have no time zone database

	"golang.org/x/term"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/cli"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/stores"
)

func main() {
	os.Exit(cli.Main(context.Background(), cli.Env{
		Args: os.Args[1:], Environ: os.Environ(),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Zone:   time.Local, //nolint:gosmopolitan // times are shown to a user of this machine
		Lister: stores.Lister, Terminal: term.IsTerminal(int(os.Stderr.Fd())), Width: width(os.Stdout), Interactive: term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd())),
	}))
}

// width returns the width of the terminal; 0 if the file is not one.
func width(f *os.File) int {
	if w, _, err := term.GetSize(int(f.Fd())); err == nil {
		return w
	}
	return 0
}
