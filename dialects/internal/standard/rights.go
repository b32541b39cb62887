package standard

import (
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Rights lists the privileges on rows, as GRANT spells them.
func Rights(r dialect.Right) string {
	var all []string
	for _, right := range []struct {
		name string
		has  bool
	}{{"SELECT", r.Read}, {"INSERT", r.Insert}, {"UPDATE", r.Update}, {"DELETE", r.Delete}} {
		if right.has {
			all = append(all, right.name)
		}
	}
	return strings.Join(all, ", ")
}
