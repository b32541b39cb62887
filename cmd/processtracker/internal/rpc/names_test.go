package rpc

import "testing"

func TestSnake(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"RunID": "run_id", "ExtractIDs": "extract_ids", "ParentIDs": "parent_ids", "PII": "pii", "NameGlob": "name_glob", "At": "at",
		"PIIOnly": "pii_only", "HoldExpired": "hold_expired",
	} {
		if got := Snake(name); got != want {
			t.Errorf("Snake(%q) = %q, want %q", name, got, want)
		}
	}
}
