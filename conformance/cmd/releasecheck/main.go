// Command releasecheck rehearses a release. It does to a copy of the
// repository what CONTRIBUTING says about releasing, serves the modules from a
// directory, and uses them as a new user does, from empty directories: it
// installs the tool, builds a program with every backend, and does what README
// and quickstart tell their readers to do.
//
//	releasecheck [-version v0.1.0] [-cache DIRECTORY] REPOSITORY
//
// The modules of others come from this machine's module cache, else from the
// configured proxy. They are unpacked in the cache directory, which makes the
// next rehearsal quick.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// ours is the prefix of the path of every module in the repository.
const ours = "github.com/processtracker/processtracker-go"

func main() {
	version := flag.String("version", "v0.1.0", "the version to stamp")
	cache := flag.String("cache", ".release/mod", "where modules of others are unpacked")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: releasecheck [-version v0.1.0] [-cache DIRECTORY] REPOSITORY")
		os.Exit(2)
	}
	if err := check(context.Background(), flag.Arg(0), *cache, *version); err != nil {
		fmt.Fprintln(os.Stderr, "releasecheck:", err)
		os.Exit(1)
	}
}

// check rehearses the release of a repository in a new directory.
func check(ctx context.Context, repository, cache, version string) (err error) {
	dir, err := os.MkdirTemp("", "releasecheck")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r, err := newRehearsal(ctx, repository, dir, cache, version)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"publish", r.publish}, {"install", r.install}, {"embed", r.embed}, {"read", r.read},
	} {
		started := time.Now()
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		fmt.Printf("%-8s %4.1f s\n", step.name, time.Since(started).Seconds())
	}
	return nil
}

// rehearsal is a release in its own directory.
type rehearsal struct {
	version string
	stage   string // the copy of the repository, as it is tagged
	proxy   string // the modules, as a proxy serves them
	home    string // the user's directory
	env     []string
}

func newRehearsal(ctx context.Context, repository, dir, cache, version string) (*rehearsal, error) {
	cache, err := filepath.Abs(cache)
	if err != nil {
		return nil, err
	}
	r := &rehearsal{
		version: version, stage: filepath.Join(dir, "stage"), proxy: filepath.Join(dir, "proxy"), home: filepath.Join(dir, "home"),
	}
	// An earlier rehearsal's modules have the same version and different content.
	for _, d := range []string{filepath.Join(cache, ours), filepath.Join(cache, "cache", "download", ours)} {
		if err := os.RemoveAll(filepath.FromSlash(d)); err != nil {
			return nil, err
		}
	}
	text, err := output(ctx, repository, os.Environ(), "go", "env", "-json", "GOMODCACHE", "GOPROXY", "GONOSUMDB")
	if err != nil {
		return nil, err
	}
	var set struct{ GOMODCACHE, GOPROXY, GONOSUMDB string }
	if err := json.Unmarshal([]byte(text), &set); err != nil {
		return nil, err
	}
	r.env = append(os.Environ(), "GOWORK=off", "TZ=UTC", "GOBIN="+filepath.Join(r.home, "bin"),
		"CGO_ENABLED=0",                 // as in the tool's image, which shares the build cache
		"GODEBUG=goindex=0",             // the go command assumes that a module's version never changes
		"GOFLAGS=-trimpath -modcacherw", // builds are the same as in a release, and the cache can be removed
		"GOMODCACHE="+cache, "GONOSUMDB="+strings.Trim(set.GONOSUMDB+","+ours, ","),
		"GOPROXY="+strings.Join([]string{fileURL(r.proxy), fileURL(filepath.Join(set.GOMODCACHE, "cache", "download")), set.GOPROXY}, ","))
	return r, errors.Join(os.MkdirAll(r.home, 0o755), copyRepository(ctx, repository, r.stage))
}

func fileURL(path string) string {
	return "file://" + strings.TrimSuffix("/"+strings.TrimPrefix(filepath.ToSlash(path), "/"), "/")
}

// copyRepository copies the files that a commit of everything would contain.
func copyRepository(ctx context.Context, from, to string) error {
	list, err := output(ctx, from, os.Environ(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(strings.TrimRight(list, "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, os.ErrNotExist) { // removed, but not committed
			continue
		}
		path := filepath.Join(to, name)
		if err := errors.Join(err, os.MkdirAll(filepath.Dir(path), 0o755)); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// output runs a command and returns its output, without the last line feed.
func output(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, env
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(name), strings.Join(args, " "), err, out, said.String())
	}
	return strings.TrimRight(string(out), "\n"), nil
}
