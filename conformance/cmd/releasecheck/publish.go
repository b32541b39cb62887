package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// testsOnly reports whether a directory's module is only for tests, and is not published.
func testsOnly(dir string) bool {
	return slices.Contains(strings.Split(dir, "/"), "conformance") || dir == "dialects/sqlserver/grammar"
}

// publish stamps the modules, from the core outwards, and gives each to the proxy
// before the modules that require it are tidied.
func (r *rehearsal) publish(ctx context.Context) error {
	dirs, err := r.released()
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if err := r.publishOne(ctx, dir); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		fmt.Printf("         tag %s\n", path.Join(dir, r.version))
	}
	return nil
}

func (r *rehearsal) publishOne(ctx context.Context, dir string) error {
	if err := r.stamp(dir); err != nil {
		return err
	}
	if err := r.judge(dir); err != nil {
		return err
	}
	if _, err := output(ctx, filepath.Join(r.stage, dir), r.env, "go", "mod", "tidy"); err != nil {
		return err
	}
	return r.pack(dir)
}

// released lists the directories of the modules to publish, each after the modules that
// it requires.
func (r *rehearsal) released() (order []string, err error) {
	text, err := os.ReadFile(filepath.Join(r.stage, "go.work"))
	if err != nil {
		return nil, err
	}
	work, err := modfile.ParseWork("go.work", text, nil)
	if err != nil {
		return nil, err
	}
	needs := make(map[string][]string)
	for _, use := range work.Use {
		dir := path.Clean(use.Path)
		if testsOnly(dir) {
			continue
		}
		mod, err := r.goMod(dir)
		if err != nil {
			return nil, err
		}
		needs[dir] = nil
		for _, q := range mod.Require {
			if d, is := strings.CutPrefix(q.Mod.Path, ours+"/"); is {
				needs[dir] = append(needs[dir], d)
			}
		}
	}
	var visit func(dir string)
	visit = func(dir string) {
		if _, published := needs[dir]; !published || slices.Contains(order, dir) {
			return
		}
		for _, d := range needs[dir] {
			visit(d)
		}
		order = append(order, dir)
	}
	for _, use := range work.Use {
		if dir := path.Clean(use.Path); !testsOnly(dir) {
			visit(dir)
		}
	}
	return order, nil
}

func (r *rehearsal) goMod(dir string) (*modfile.File, error) {
	name := filepath.Join(r.stage, dir, "go.mod")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(name, text, nil)
}

// stamp drops the replace lines of the repository's other modules, and requires their
// new versions instead.
func (r *rehearsal) stamp(dir string) error {
	mod, err := r.goMod(dir)
	if err != nil {
		return err
	}
	for _, q := range slices.Clone(mod.Require) {
		if strings.HasPrefix(q.Mod.Path, ours+"/") {
			err = errors.Join(err, mod.AddRequire(q.Mod.Path, r.version), mod.DropReplace(q.Mod.Path, ""))
		}
	}
	mod.Cleanup()
	text, formatErr := mod.Format()
	return errors.Join(err, formatErr, os.WriteFile(filepath.Join(r.stage, dir, "go.mod"), text, 0o644))
}

// judge rejects a go.mod that cannot be published. The go command does not report a
// replace line outside of the main module: it has no effect there, and the user gets
// other code than was tested.
func (r *rehearsal) judge(dir string) (err error) {
	mod, err := r.goMod(dir)
	if err != nil {
		return err
	}
	if want := path.Join(ours, dir); mod.Module.Mod.Path != want {
		err = errors.Join(err, fmt.Errorf("go.mod names the module %s; name it %s", mod.Module.Mod.Path, want))
	}
	for _, l := range mod.Replace {
		err = errors.Join(err, fmt.Errorf("go.mod replaces %s by %s, which has no effect for those who use the module; remove the line", l.Old.Path, l.New.Path))
	}
	for _, q := range mod.Require {
		if d, is := strings.CutPrefix(q.Mod.Path, ours+"/"); is && testsOnly(d) {
			err = errors.Join(err, fmt.Errorf("go.mod requires %s, which is for tests and not published; move what needs it to a module for tests", q.Mod.Path))
		}
	}
	return err
}

// pack writes the files that a proxy serves for a module. As the go command does, it
// adds the repository's licence to a module that has none.
func (r *rehearsal) pack(dir string) error {
	from := filepath.Join(r.stage, dir)
	licence, err := os.ReadFile(filepath.Join(r.stage, "LICENSE"))
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(from, "LICENSE")); errors.Is(err, os.ErrNotExist) {
		if err := os.WriteFile(filepath.Join(from, "LICENSE"), licence, 0o644); err != nil {
			return err
		}
	}
	mod, err := os.ReadFile(filepath.Join(from, "go.mod"))
	if err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{r.version, time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	v := module.Version{Path: path.Join(ours, dir), Version: r.version}
	to := filepath.Join(r.proxy, filepath.FromSlash(v.Path), "@v")
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for name, write := range map[string]func(w io.Writer) error{
		"list":              text([]byte(r.version + "\n")),
		r.version + ".info": text(info),
		r.version + ".mod":  text(mod),
		r.version + ".zip":  func(w io.Writer) error { return zip.CreateFromDir(w, v, from) },
	} {
		f, err := os.Create(filepath.Join(to, name))
		if err != nil {
			return err
		}
		if err := errors.Join(write(f), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

func text(b []byte) func(w io.Writer) error {
	return func(w io.Writer) error { _, err := w.Write(b); return err }
}
