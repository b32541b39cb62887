// Package listing is how the tracker looks at what lies in a location: the seam
// for object stores, and the local file system.
//
// Each object store has a module of its own under locations, so that nobody gets
// an SDK that he does not use.
package listing

import (
	"context"
	"iter"
	"time"
)

// An Object is a file, or an object of an object store.
type Object struct {
	// Name is the object's name relative to the location, exactly as the store has
	// it: without the location's prefix and the slash that ends it. Directories
	// within are parts of the name, divided by slashes.
	Name string
	// Size is in bytes; nil if it is not known. 0 is an empty object.
	Size *int64
	// Modified is when the object was last changed; zero if it is not known.
	Modified time.Time
	// Checksum says what computed it and what it is, as in "md5:" and 32
	// hexadecimal digits, or "etag:" and the store's entity tag. It is empty if
	// listing does not tell.
	Checksum string
}

// A Lister lists what lies in a location.
type Lister interface {
	// List yields the objects below the location's path, each once, in any order,
	// and no others: what lies in "teams_old" is not in "teams". It holds no more
	// of them than the store sends at once. It ends after the first error, and
	// with one if ctx ends first or if it cannot see everything: who takes a part
	// for the whole believes that the rest is gone. A location that does not exist
	// is an error where the store can tell.
	List(ctx context.Context, location string) iter.Seq2[Object, error]
}
