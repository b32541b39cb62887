package main

import "testing"

// TestBreaksApply reports a change of the product that a cut no longer applies to
// before the nightly run does.
func TestBreaksApply(t *testing.T) {
	t.Parallel()
	for name, b := range breaks() {
		if _, err := apply("../../../..", b.cuts); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
