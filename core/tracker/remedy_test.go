package tracker

import (
	"strings"
	"testing"
)

// A refusal says what to do instead.
func TestErrorsNameTheRemedy(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"; name another parent":    dependsOnItself("Teams Load"),
		"RemoveDependency":         dependsAlready("Teams Load", "Teams Extract"),
		"with AddLookup":           &PreloadedError{What: "run status", Name: "failed"},
		"; choose another name":    &ExistsError{What: "run status", Name: "skipped"},
		"; give these another":     &InUseError{What: "run status", Name: "skipped", Uses: []Use{{What: "run", Count: 1, Names: []string{"Teams Load"}}}},
		"with a foreign key to it": &InUseError{What: "run status", Name: "skipped"},
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
}
