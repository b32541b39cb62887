package listing

import (
	"fmt"
	"slices"
	"strings"
)

// Bucket splits a location of an object store, such as s3://bucket/prefix, into
// the bucket and the prefix of the keys that lie in it. Nothing of it is decoded:
// a key may have any character. The case of the scheme does not count.
func Bucket(location string, schemes ...string) (bucket, prefix string, err error) {
	scheme, rest, ok := strings.Cut(location, "://")
	if !ok || !slices.Contains(schemes, strings.ToLower(scheme)) {
		return "", "", fmt.Errorf("the location does not begin with %s://", schemes[0])
	}
	bucket, path, _ := strings.Cut(rest, "/")
	// The location is not shown: what is wrong with the bucket may be a password.
	if bucket == "" || strings.ContainsAny(bucket, `@:?#\ `) {
		return "", "", fmt.Errorf("the location names no bucket; write %s://bucket/prefix, and give credentials to the client", schemes[0])
	}
	return bucket, Prefix(path), nil
}

// Prefix is what the keys of all objects below a path begin with. A location is a
// directory: what lies in "teams_old" does not lie in "teams".
func Prefix(path string) string {
	if path == "" || strings.HasSuffix(path, "/") {
		return path
	}
	return path + "/"
}

// Name is the name of an object of that key in a location of that prefix. A key
// that does not begin with it is an error: the store did not do what it was asked.
func Name(key, prefix string) (string, error) {
	name, ok := strings.CutPrefix(key, prefix)
	if !ok {
		return "", fmt.Errorf("the store listed %.100q below %.100q", key, prefix)
	}
	return name, nil
}
