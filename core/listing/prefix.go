package listing

import (
	"fmt"
	"slices"
	"strings"
)

// Bucket splits a location of an object store, such as s3://bucket/prefix, into the
// bucket and the key prefix. It decodes nothing, because a key may have any character.
// The case of the scheme does not count.
func Bucket(location string, schemes ...string) (bucket, prefix string, err error) {
	scheme, rest, ok := strings.Cut(location, "://")
	if !ok || !slices.Contains(schemes, strings.ToLower(scheme)) {
		return "", "", fmt.Errorf("the location does not begin with %s://", schemes[0])
	}
	bucket, path, _ := strings.Cut(rest, "/")
	// The error does not show the location, because the invalid part of the bucket may be a
	// password.
	if bucket == "" || strings.ContainsAny(bucket, `@:?#\ `) {
		return "", "", fmt.Errorf("the location names no bucket; write %s://bucket/prefix, and give credentials to the client", schemes[0])
	}
	return bucket, Prefix(path), nil
}

// Prefix returns the beginning of the keys of all objects below a path. A location is a
// directory: objects in "teams_old" are not in "teams".
func Prefix(path string) string {
	if path == "" || strings.HasSuffix(path, "/") {
		return path
	}
	return path + "/"
}

// Name returns the name of the object with the given key in the location with the given
// prefix. It returns an error if the key does not have the prefix, because the store
// then ignored the request's prefix.
func Name(key, prefix string) (string, error) {
	name, ok := strings.CutPrefix(key, prefix)
	if !ok {
		return "", fmt.Errorf("the store listed %.100q below %.100q", key, prefix)
	}
	return name, nil
}
