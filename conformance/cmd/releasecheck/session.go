package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/conformance/pages"
)

// read follows the pages' instructions for a new user.
func (r *rehearsal) read(ctx context.Context) error {
	blocks, err := pages.All(r.stage)
	if err != nil {
		return err
	}
	var order []string
	sessions := make(map[string]*session)
	for _, b := range blocks {
		if b.Mark != pages.RunBy {
			continue
		}
		s := sessions[b.Page]
		if s == nil {
			s = &session{dir: filepath.Join(r.home, strings.ReplaceAll(b.Page, "/", "-"))}
			order, sessions[b.Page] = append(order, b.Page), s
		}
		if err := s.add(b); err != nil {
			return fmt.Errorf("%s: %w", b, err)
		}
	}
	if sessions["README.md"] == nil {
		return errors.New("README.md has no block for a new user; mark the first ones <!-- run by: make release-check -->")
	}
	for _, page := range order {
		if err := sessions[page].run(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", page, err)
		}
	}
	return nil
}

// session contains all commands of one page, for one shell and one directory.
type session struct {
	dir    string
	script strings.Builder
	shown  []shown

	postgres bool // it uses a PostgreSQL server
}

// shown is a command's output as a page shows it.
type shown struct{ at, command, text string }

var purpose = regexp.MustCompile(`^make release-check(?:, (as|with) (\S+))?$`)

// add appends a block: a file to save, or commands.
func (s *session) add(b pages.Block) error {
	to := purpose.FindStringSubmatch(b.Why)
	switch {
	case to == nil:
		return fmt.Errorf("%q is none of: make release-check; make release-check, as FILE; make release-check, with postgres", b.Why)
	case to[1] == "as":
		s.save(to[2], b.Text)
	case to[1] == "with":
		s.withPostgres(b)
	case b.Language == "console":
		s.console(b)
	default:
		s.script.WriteString(b.Text)
	}
	return nil
}

func (s *session) save(name, text string) {
	fmt.Fprintf(&s.script, "mkdir -p \"$(dirname %[1]s)\"\ncat >%[1]s <<'END OF FILE'\n%[2]sEND OF FILE\n", name, text)
}

// console appends the commands after the prompts and stores the expected output.
func (s *session) console(b pages.Block) {
	for line := range strings.Lines(b.Text) {
		if command, is := strings.CutPrefix(line, "$ "); is {
			fmt.Fprintf(&s.script, "{\n%s} >\"$SAID/%d\" 2>&1 || { cat \"$SAID/%[2]d\"; exit 1; }\n", command, len(s.shown))
			s.shown = append(s.shown, shown{at: b.String(), command: strings.TrimSpace(command)})
		} else if n := len(s.shown); n > 0 {
			s.shown[n-1].text += line
		}
	}
}

// withPostgres appends commands on a PostgreSQL server, if there is one. It replaces
// the DSN on the page by that of a database for the rehearsal.
func (s *session) withPostgres(b pages.Block) {
	if os.Getenv(postgresVariable) == "" {
		fmt.Printf("         skipped %s: %s is not set\n", b, postgresVariable)
		return
	}
	s.postgres = true
	s.script.WriteString(regexp.MustCompile(`'postgres://[^']*'`).ReplaceAllLiteralString(b.Text, `"$POSTGRES"`))
}

// run runs the session, and checks its results: the output that the page shows, and
// completed runs.
func (s *session) run(ctx context.Context, r *rehearsal) (err error) {
	dsn := ""
	if s.postgres {
		var drop func() error
		if dsn, drop, err = createDatabase(ctx, os.Getenv(postgresVariable)); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, drop()) }()
	}
	said := s.dir + ".said"
	s.script.WriteString("processtracker runs --json >\"$SAID/runs\"\n")
	if err := errors.Join(os.Mkdir(s.dir, 0o700), os.Mkdir(said, 0o700),
		os.WriteFile(filepath.Join(said, "script"), []byte(s.script.String()), 0o600)); err != nil {
		return err
	}
	env := append(slices.Clone(r.env), "SAID="+said, "XDG_DATA_HOME="+s.dir,
		"POSTGRES="+dsn, "PATH="+filepath.Join(r.home, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	if _, err := output(ctx, s.dir, env, "bash", "-eu", filepath.Join(said, "script")); err != nil {
		return err
	}
	for i, c := range s.shown {
		text, err := os.ReadFile(filepath.Join(said, fmt.Sprint(i)))
		if err != nil {
			return err
		}
		if c.text != "" && !matches(c.text, string(text)) {
			return fmt.Errorf("%s: %s prints\n%s\nthe page shows\n%s", c.at, c.command, text, c.text)
		}
	}
	return completed(filepath.Join(said, "runs"))
}

// matches compares the shown output with the actual one. An ellipsis stands for any
// text within a line. Any number of spaces equals any other, because the columns of a
// table are as wide as the times in it.
func matches(shown, said string) bool {
	var pattern strings.Builder
	for line := range strings.Lines(shown) {
		words := strings.Fields(regexp.QuoteMeta(line))
		pattern.WriteString(" *" + strings.ReplaceAll(strings.Join(words, " +"), "…", ".*") + " *\n")
	}
	return regexp.MustCompile(`^` + pattern.String() + `$`).MatchString(said)
}

func completed(list string) error {
	text, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var runs []struct{ Status string }
	if err := json.Unmarshal(text, &runs); err != nil {
		return err
	}
	for _, r := range runs {
		if r.Status != "completed" {
			return fmt.Errorf("the page left the runs %s; want completed ones", text)
		}
	}
	if len(runs) == 0 {
		return errors.New("the page left no run")
	}
	return nil
}
