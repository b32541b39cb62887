package main

import "testing"

// TestBreaksApply notices a change of the product before a night does in which nothing could be broken.
func TestBreaksApply(t *testing.T) {
	t.Parallel()
	for name, b := range breaks() {
		if _, err := apply("../../../..", b.cuts); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
