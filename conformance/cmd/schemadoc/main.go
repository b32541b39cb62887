// Command schemadoc writes docs/schema.md: what the tracker's tables are, as they stand in databases that were set up.
//
//	schemadoc FILE
//
// The words are in meanings.md, all else is read from the databases. It ends with status 1 if they do not go together,
// or if the databases differ in more than types and defaults; 69 if no server of one of them is to be had.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/processtracker/processtracker-go/conformance/servers"
)

const (
	exitUsage       = 2
	exitUnavailable = 69 // EX_UNAVAILABLE of sysexits.h
)

func main() { os.Exit(run(context.Background(), os.Args[1:])) }

func run(ctx context.Context, args []string) int {
	if len(args) != 1 {
		fmt.Fprintln(os.Stderr, "usage: schemadoc FILE")
		return exitUsage
	}
	page, err := generate(ctx)
	if err == nil {
		err = os.WriteFile(args[0], []byte(page), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemadoc:", err)
		if _, ok := errors.AsType[*servers.Unavailable](err); ok {
			return exitUnavailable
		}
		return 1
	}
	return 0
}

// generate sets databases up and returns the page.
func generate(ctx context.Context) (string, error) {
	var all []Schema
	for _, d := range databases() {
		s, err := d.schema(ctx)
		if err != nil {
			return "", err
		}
		all = append(all, s)
	}
	return page(all)
}

// page joins what was read, in the order of [databases], with the words.
func page(all []Schema) (string, error) {
	meanings, err := parseMeanings(meaningsPage)
	if err != nil {
		return "", err
	}
	merged := all[0]
	for _, s := range all[1:] {
		if merged, err = merge(merged, s); err != nil {
			return "", err
		}
	}
	return render(meanings, merged)
}
