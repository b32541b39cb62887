// Command broken makes the experiment with a part of the product taken out, and demands that it finds out: an
// experiment that cannot fail proves nothing.
//
//	broken [-time 20s] fence|claim|holders DATABASE...
//
// It is run in the project's root, changes none of its files, and ends with status 0 if violations were found on each
// of the databases.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// cut is a replacement in a file; the text to replace occurs once.
type cut struct{ file, old, new string }

// broken is a part of the product that is removed, and the terms on which the
// experiment has to notice that.
type broken struct {
	cuts  []cut
	terms []string
}

func breaks() map[string]broken {
	// Fencing is against zombies: many workers freeze, and return before they have
	// written anything.
	zombies := []string{"-stop", "0.1", "-at", "claimed"}
	return map[string]broken{
		// The end of a run does not stop a worker that has lost its lease: it still
		// changes extracts and records errors.
		"fence": {[]cut{
			{"core/internal/store/extract.go", "if !state.Owned || !state.EndedAt.IsZero() {", "if !state.Owned {"},
			{"core/internal/store/extract_status.go", `"own.token_digest": runDigest, "own.ended_at": nil}`, `"own.token_digest": runDigest}`},
			{"core/tracker/run.go", "case !state.EndedAt.IsZero():\n\t\tr.tracker", "case false:\n\t\tr.tracker"},
		}, zombies},
		// A claim neither locks the rows that it selects, nor checks the status of the rows that it changes.
		"claim": {[]cut{
			{"core/internal/store/claim.go", "q.limitLocked(query, v[filterLimit], lock)", "q.limitLocked(query, v[filterLimit], lock[:0])"},
			{"core/internal/store/claim.go", `Where(byTheWay("status_id", afterRun+1)), nil, "id")`, `Where(squirrel.NotEq{"status_id": nil}), nil, "id")`},
		}, zombies},
		// A run that no worker holds is still renewed. The workers have to live for some
		// leases to show it.
		"holders": {[]cut{
			{"core/tracker/do.go", "\tdefer run.Detach()\n", ""},
			{"core/tracker/heart.go", "case holder.Value() == nil:", "case false:"},
		}, []string{"-stop", "0", "-kill", "0"}},
	}
}

func main() {
	length := flag.String("time", "20s", "how long faults strike")
	flag.Parse()
	b, ok := breaks()[flag.Arg(0)]
	if !ok || flag.NArg() < 2 {
		fmt.Fprintln(os.Stderr, "usage: broken [-time 20s] fence|claim|holders DATABASE...")
		os.Exit(2)
	}
	if err := run(context.Background(), b, *length, flag.Args()[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "broken: %s: %v\n", flag.Arg(0), err)
		os.Exit(1)
	}
}

func run(ctx context.Context, b broken, length string, databases []string) (err error) {
	dir, err := os.MkdirTemp("", "broken-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program, err := build(ctx, dir, b.cuts)
	if err != nil {
		return err
	}
	for _, database := range databases {
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, program, append(append([]string{"-time", length}, b.terms...), database)...)
		cmd.Stdout, cmd.Stderr = io.MultiWriter(os.Stdout, &out), os.Stderr
		if err := cmd.Run(); err == nil || !strings.Contains(out.String(), "VIOLATION") {
			return fmt.Errorf("not found out on %s (%w)", database, errors.Join(err, errors.New("no violation")))
		}
	}
	return nil
}

// apply returns the texts of the files below root after the cuts.
func apply(root string, cuts []cut) (map[string]string, error) {
	texts := map[string]string{}
	for _, c := range cuts {
		text, ok := texts[c.file]
		if !ok {
			content, err := os.ReadFile(filepath.Join(root, c.file))
			if err != nil {
				return nil, err
			}
			text = string(content)
		}
		if n := strings.Count(text, c.old); n != 1 {
			return nil, fmt.Errorf("%s has what is to be broken %d times, want once: %q", c.file, n, c.old)
		}
		texts[c.file] = strings.Replace(text, c.old, c.new, 1)
	}
	return texts, nil
}

// build builds the experiment with the cuts, which it makes in copies of the files.
func build(ctx context.Context, dir string, cuts []cut) (program string, err error) {
	texts, err := apply(".", cuts)
	if err != nil {
		return "", err
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for file, text := range texts {
		path, err := filepath.Abs(file)
		if err != nil {
			return "", err
		}
		copied := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
			return "", err
		}
		overlay.Replace[path] = copied
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), list, 0o600); err != nil {
		return "", err
	}
	program = filepath.Join(dir, "chaos")
	cmd := exec.CommandContext(ctx, "go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, "./conformance/cmd/chaos")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return program, cmd.Run()
}
