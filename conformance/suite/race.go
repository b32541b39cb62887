//go:build race

package suite

// raced says that the race detector watches. It makes SQLite, which is Go here,
// ten times slower, and needs to see a race only once.
const raced = true
