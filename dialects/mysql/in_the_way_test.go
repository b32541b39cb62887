package mysql

import (
	"slices"
	"strings"
	"testing"
)

// A setup that was interrupted finds the views that it has made, and takes them for the
// tracker's.
func TestOwnViewsAreRecognized(t *testing.T) {
	t.Parallel()
	d, err := New("pt_")
	if err != nil {
		t.Fatal(err)
	}
	views := 0
	for _, m := range d.Migrations() {
		for _, statement := range m.Statements {
			name, query, isView := strings.Cut(statement, " AS SELECT")
			if !isView || !strings.Contains(name, "VIEW") {
				continue
			}
			views++
			if !slices.ContainsFunc(viewed(), func(table string) bool { return strings.Contains(query, d.Table(table)) }) {
				t.Errorf("%s reads none of %q", name, viewed())
			}
		}
	}
	if views < 10 {
		t.Errorf("there are %d views", views)
	}
}
