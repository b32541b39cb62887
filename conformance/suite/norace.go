//go:build !race

package suite

// raced says that the race detector watches.
const raced = false
