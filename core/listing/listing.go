// Package listing lists the files of a location. It has the interface for object
// stores, and an implementation for the local file system.
//
// Each object store has its own module under locations, so that you only get the SDKs
// that you use.
package listing

import (
	"context"
	"iter"
	"time"
)

// An Object is a file, or an object in an object store.
type Object struct {
	// Name is the object's name relative to the location, exactly as the store has it,
	// without the location's prefix and its final slash. Subdirectories are part of the
	// name, separated by slashes.
	Name string
	// Size is in bytes; nil if unknown. 0 is an empty object.
	Size *int64
	// Modified is when the object was last changed; zero if unknown.
	Modified time.Time
	// Checksum is an algorithm and a value, such as "md5:" and 32 hexadecimal digits,
	// or "etag:" and the store's entity tag. It is empty if a listing does not include
	// it.
	Checksum string
}

// A Lister lists the objects in a location.
type Lister interface {
	// List yields the objects below the location's path, each once, in any order, and
	// no others: objects in "teams_old" are not in "teams". It holds no more of them in
	// memory than the store sends at once. It ends after the first error. It must
	// return an error if ctx ends first or if it cannot see everything, because a
	// caller takes objects that are not listed for deleted ones. If the location does
	// not exist, it returns an error, provided that the store can tell.
	List(ctx context.Context, location string) iter.Seq2[Object, error]
}
