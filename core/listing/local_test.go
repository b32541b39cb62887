package listing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
)

// tree makes files whose sizes are the lengths of their names.
func tree(t *testing.T, names ...string) (root string) {
	t.Helper()
	root = t.TempDir()
	for _, name := range names {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(name), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func found(t *testing.T, location string) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	for o, err := range (Local{}).List(t.Context(), location) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := all[o.Name]; twice || o.Modified.IsZero() {
			t.Errorf("%+v", o)
		}
		all[o.Name] = *o.Size
	}
	return all
}

func TestLocal(t *testing.T) {
	t.Parallel()
	names := []string{"a.csv", ".hidden", "a b/c.csv", "a b/d/e/f", "ü", "%2F", "100%"}
	for i := range 2*batch + 7 {
		names = append(names, fmt.Sprintf("many/%d", i))
	}
	root := tree(t, names...)
	want := map[string]int64{}
	for _, name := range names {
		want[name] = int64(len(name))
	}
	locations := []string{root, root + "/", root + "//", "file://" + root, "FILE://localhost" + root}
	if runtime.GOOS == "windows" {
		locations = []string{root, "file:///" + filepath.ToSlash(root)}
	}
	for _, location := range locations {
		if got := found(t, location); !maps.Equal(got, want) {
			t.Errorf("%s: %d files, want %d", location, len(got), len(want))
		}
	}
	for _, err := range (Local{}).List(t.Context(), root) { // a caller that has seen enough may stop
		if err != nil {
			t.Error(err)
		}
		break
	}
	if got := found(t, t.TempDir()); len(got) > 0 {
		t.Errorf("an empty directory: %v", got)
	}
}

func TestLocalLinks(t *testing.T) {
	t.Parallel()
	root := tree(t, "data/file", "outside/12345")
	for link, target := range map[string]string{
		"data/to file": "../outside/12345", "data/to dir": "../outside", "data/back": ".", "data/to nothing": "nothing", "data/loop": "loop", "data/no dir": "file/x",
		"to data": "data",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	want := map[string]int64{"file": 9, "to file": 13}
	for _, location := range []string{"data", "to data"} {
		if got := found(t, filepath.Join(root, location)); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", location, got, want)
		}
	}
}

func TestLocalErrors(t *testing.T) {
	t.Parallel()
	root := tree(t, "a", "b/c")
	for location, want := range map[string]error{
		filepath.Join(root, "nowhere"): fs.ErrNotExist, filepath.Join(root, "a"): syscall.ENOTDIR,
		"s3://bucket/a": nil, "file://host/a": nil, "file:///a?b": nil, "file:///%zz": nil,
		"file:///" + filepath.ToSlash(root) + "?": nil, "file:///" + filepath.ToSlash(root) + "#": nil,
	} {
		var all []error
		for _, err := range (Local{}).List(t.Context(), location) {
			all = append(all, err)
		}
		if len(all) != 1 || all[0] == nil || want != nil && runtime.GOOS != "windows" && !errors.Is(all[0], want) {
			t.Errorf("%s: %v", location, all)
		}
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, last = range (Local{}).List(ctx, root) {
		cancel()
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("cancelled: %v", last)
	}
}

// TestLocalDenied has a directory that may not be read: its files must not count as missing.
func TestLocalDenied(t *testing.T) {
	t.Parallel()
	root := tree(t, "a", "closed/b")
	closed := filepath.Join(root, "closed")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o700) })
	if _, err := os.ReadDir(closed); err == nil {
		t.Skip("this user may read everything")
	}
	var all []error
	for _, err := range (Local{}).List(t.Context(), root) {
		all = append(all, err)
	}
	if !slices.ContainsFunc(all, func(err error) bool { return errors.Is(err, fs.ErrPermission) }) {
		t.Errorf("a directory that may not be read: %v", all)
	}
}
