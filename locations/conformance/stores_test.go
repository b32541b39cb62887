// Package conformance_test runs the same tests on the listers of all object stores,
// each against a server in this process: S3 against gofakes3, the others against
// handlers that implement as much of their protocols as a listing needs, page by page
// (see fakes_test.go). It is a module of its own, so that users of a lister do not
// download test libraries.
package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/processtracker/processtracker-go/core/listing"
)

// A store is an object store with the keys given in a bucket called landing.
type store struct {
	name string
	root string // the location of the whole bucket
	open func(t *testing.T, keys []string, wrap func(http.Handler) http.Handler) listing.Lister
}

func stores() []store {
	return []store{
		{"s3", "s3://landing", openS3},
		{"s3a", "s3a://landing/", openS3},
		{"gcs", "gs://landing", openGCS},
		{"azblob", "abfss://landing@acct.dfs.core.windows.net", openAzure},
		{"azblob of the client's account", "az://landing", openAzure},
	}
}

func onEach(t *testing.T, test func(t *testing.T, s store)) {
	t.Helper()
	for _, s := range stores() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

func plain(h http.Handler) http.Handler { return h }

// list collects the results of a lister, up to its end or its first error.
func list(seq iter.Seq2[listing.Object, error]) (names []string, objects []listing.Object, err error) {
	for o, err := range seq {
		if err != nil {
			return names, objects, err
		}
		names, objects = append(names, o.Name), append(objects, o)
	}
	return names, objects, nil
}

// numbered returns n names, which is more than one page if n is over 1,000.
func numbered(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%spart-%05d.csv.gz", prefix, i)
	}
	return all
}

func odd() []string {
	return []string{
		"a//b", "/a", "dir/", "dir/sub/", "a b", " a", "a ", "a+b", "a%2Fb", "%2F", "100%", "?x=1&y#z", `back\slash`, `"q"'`, "<&>", "[1]", "*",
		"é", "e\u0301", "日本/🚚.csv", "A", "a", ".hidden", "day=1/x.csv", strings.Repeat("k", 1000),
	}
}

func TestListsBelowThePrefixOnly(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s store) {
		below := slices.Concat(odd(), numbered("", 2500))
		keys := []string{"team", "teams", "teams_old/x.csv", "teams0", "Teams/x.csv", "other/teams/x.csv"}
		outside := len(keys)
		for _, name := range below {
			keys = append(keys, "teams/"+name)
		}
		lister := s.open(t, keys, plain)
		for _, place := range []string{"/teams", "/teams/"} {
			got, objects, err := list(lister.List(t.Context(), strings.TrimSuffix(s.root, "/")+place))
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(got)
			want := slices.Sorted(slices.Values(below))
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d objects, want %d: %.200q", place, len(got), len(want), difference(got, want))
			}
			for _, o := range objects {
				if o.Size == nil || *o.Size != int64(len("teams/"+o.Name)) || o.Modified.IsZero() || !strings.Contains(o.Checksum, ":") || strings.Contains(o.Checksum, `"`) {
					t.Fatalf("%+v", o)
				}
			}
		}
		if all, _, err := list(lister.List(t.Context(), s.root)); err != nil || len(all) != len(below)+outside {
			t.Errorf("the whole bucket: %d objects, want %d, %v", len(all), len(below)+outside, err)
		}
		if none, _, err := list(lister.List(t.Context(), strings.TrimSuffix(s.root, "/")+"/nothing")); err != nil || len(none) > 0 {
			t.Errorf("nothing: %q, %v", none, err)
		}
		first := 0
		for _, err := range lister.List(t.Context(), s.root) { // a caller may stop early
			if err != nil {
				t.Error(err)
			}
			first++
			break
		}
		if first != 1 {
			t.Errorf("%d objects, want one", first)
		}
	})
}

func difference(got, want []string) []string {
	var all []string
	for _, name := range want {
		if !slices.Contains(got, name) {
			all = append(all, "missing: "+name)
		}
	}
	for _, name := range got {
		if !slices.Contains(want, name) {
			all = append(all, "too much: "+name)
		}
	}
	return all
}

func TestTheLocationItselfHasAnEmptyName(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s store) {
		lister := s.open(t, []string{"teams/", "teams/a"}, plain)
		if got, _, err := list(lister.List(t.Context(), strings.TrimSuffix(s.root, "/")+"/teams")); err != nil || !slices.Equal(got, []string{"", "a"}) {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// failing answers the first listings and rejects the later ones.
func failing(after int64) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		var seen atomic.Int64
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && seen.Add(1) > after {
				http.Error(w, "refused by the test", http.StatusForbidden)
				return
			}
			h.ServeHTTP(w, r)
		})
	}
}

func TestAnErrorInTheMiddleEndsTheListing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s store) {
		for pages := range int64(3) {
			lister := s.open(t, numbered("", 2500), failing(pages))
			if got, _, err := list(lister.List(t.Context(), s.root)); err == nil || len(got) != int(pages)*1000 {
				t.Errorf("after %d pages: %d objects, %v", pages, len(got), err)
			}
		}
	})
}

func TestTheContextEndsTheListing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s store) {
		lister := s.open(t, numbered("", 2500), plain)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		seen := 0
		var err error
		for _, err = range lister.List(ctx, s.root) {
			seen++
			cancel()
		}
		if !errors.Is(err, context.Canceled) || seen > 1001 {
			t.Errorf("cancelled at the first of %d: %v", seen, err)
		}
	})
}

func TestOtherStoresAreRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s store) {
		lister := s.open(t, []string{"a"}, plain)
		for _, location := range []string{"/landing", "ftp://landing/a", "", "s3://key:geheim@landing/a", "https://other.blob.core.windows.net/landing", "az://u:geheim@x/a"} {
			if got, _, err := list(lister.List(t.Context(), location)); err == nil || strings.Contains(err.Error(), "geheim") {
				t.Errorf("%q: %q, %v", location, got, err)
			}
		}
	})
}
