package tracker

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Location is a directory, bucket prefix or URL in which extracts lie.
type Location struct {
	ID   int64
	Path string // unique; exactly as given, except for a leading ~
	Name string // unique
	Type string // from the path's scheme: "local", "s3", "gs", "azblob", "http", …
	// FileCount is how many files the last listing found, at ListedAt; nil if
	// the location was never listed.
	FileCount *int64
	ListedAt  time.Time
}

func location(l store.Location) Location {
	return Location{ID: l.ID, Path: l.Path, Name: l.Name, Type: l.Type, FileCount: l.FileCount, ListedAt: l.ListedAt.Time}
}

// RegisterLocation registers a location by its path, and returns it as stored. A
// leading ~ of a local path becomes the user's home directory. If name is empty, a name
// is derived from the path. If the path is registered under another name, or the name
// belongs to another path, the error is [ErrMismatch].
func (g *Registry) RegisterLocation(ctx context.Context, path, name string) (Location, error) {
	t := g.of()
	l, err := t.registerLocation(ctx, path, name, false)
	return location(l), err
}

func (t *Tracker) registerLocation(ctx context.Context, path, given string, ofRun bool) (store.Location, error) {
	l, err := newLocation(path)
	if err != nil {
		return store.Location{}, err
	}
	if given, err = optionalName("location name", given); err != nil {
		return store.Location{}, err
	}
	stored, err := t.made().store.FindLocation(ctx, store.LocationFilter{Key: l.Key})
	switch {
	case errors.Is(err, store.ErrUnknown):
		return t.addLocation(ctx, l, given, ofRun)
	case err != nil:
		return stored, t.failed(fmt.Sprintf("register location %q", l.Path), err)
	}
	return stored, otherName(stored, given)
}

// addLocation registers a location that was not found. given is its name, or empty.
func (t *Tracker) addLocation(ctx context.Context, l store.Location, given string, ofRun bool) (store.Location, error) {
	names := []string{given}
	if given == "" {
		names = derivedNames(l)
	}
	stored, err := t.made().store.AddLocation(ctx, l, names, t.made().actor, ofRun)
	switch {
	case err != nil:
		return stored, t.failed(fmt.Sprintf("register location %q", l.Path), err)
	case stored.Key != l.Key:
		return stored, &MismatchError{
			What: fmt.Sprintf("location name %q", stored.Name), Field: "path", Stored: stored.Path, Given: l.Path,
			Remedy: "choose another name or give none",
		}
	}
	return stored, otherName(stored, given)
}

// otherName returns an error if a location has another name than the given one.
func otherName(stored store.Location, given string) error {
	if given == "" || stored.Name == given {
		return nil
	}
	return &MismatchError{
		What: fmt.Sprintf("location %q", stored.Path), Field: "name", Stored: stored.Name, Given: given,
		Remedy: "give the stored name or none",
	}
}

// SetFileCount stores how many files a listing of the location found, with the current
// time. If the location is not registered, the error is [ErrNotFound].
func (g *Registry) SetFileCount(ctx context.Context, path string, files int64) error {
	t := g.of()
	l, err := newLocation(path)
	if err != nil {
		return err
	}
	if files < 0 {
		return invalid("file count", strconv.FormatInt(files, 10), "negative", "give 0 or more")
	}
	stored, err := t.findLocation(ctx, store.LocationFilter{Key: l.Key}, l.Path)
	if err != nil {
		return err
	}
	counted, err := t.made().store.CountFiles(ctx, stored.ID, files)
	switch {
	case err != nil:
		return t.failed(fmt.Sprintf("count files of location %q", l.Path), err)
	case !counted: // it has just been deleted
		return &NotFoundError{What: "location", Name: l.Path}
	}
	return nil
}

// Location returns the location with that path, or [ErrNotFound].
func (g *Registry) Location(ctx context.Context, path string) (Location, error) {
	t := g.of()
	l, err := newLocation(path)
	if err != nil {
		return Location{}, err
	}
	l, err = t.findLocation(ctx, store.LocationFilter{Key: l.Key}, l.Path)
	return location(l), err
}

func (t *Tracker) findLocation(ctx context.Context, f store.LocationFilter, what string) (store.Location, error) {
	l, err := t.made().store.FindLocation(ctx, f)
	if errors.Is(err, store.ErrUnknown) {
		return l, &NotFoundError{What: "location", Name: what}
	} else if err != nil {
		return l, t.failed(fmt.Sprintf("look up location %q", what), err)
	}
	return l, nil
}

// scheme matches a URL's scheme, as RFC 3986 defines it. A single letter is a Windows
// drive.
var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+)://`)

// schemes maps schemes that are spelled differently but mean the same type.
var schemes = map[string]string{
	"file": "local", "s3a": "s3", "s3n": "s3", "gcs": "gs", "https": "http", "ftps": "ftp",
	"az": "azblob", "abfs": "azblob", "abfss": "azblob", "wasb": "azblob", "wasbs": "azblob",
}

// secret finds a password in a URL, even if its special characters are not
// percent-encoded, and wherever in the text the URL begins. Digits may be a port, and
// an @ the end of an empty password, if a host follows.
var secret = regexp.MustCompile(`(?s)://[^:/?#@\[]*:([^0-9@].*|[0-9]+|[0-9]+[^0-9/?#@].*|@[^/?#]*|@+[/?#].*)@`)

func newLocation(given string) (store.Location, error) {
	// This check comes first, because the other errors show the path. The database must
	// not contain a password either.
	if secret.MatchString(given) {
		return store.Location{}, invalid("location path", "(not shown)", "contains a password", "leave it out, and give it to the program that reads the file")
	}
	kind := "local"
	if m := scheme.FindStringSubmatch(given); m != nil {
		kind = strings.ToLower(m[1])
		if t, ok := schemes[kind]; ok {
			kind = t
		}
	} else {
		var err error
		if given, err = expandHome(given); err != nil {
			return store.Location{}, err
		}
	}
	if err := exact("location path", given, MaxPath); err != nil {
		return store.Location{}, err
	}
	if n := len(kind); n > MaxName {
		return store.Location{}, invalid("location path", given, fmt.Sprintf("its scheme has %d characters", n), fmt.Sprintf("use at most %d", MaxName))
	}
	return store.Location{Path: given, Key: key(given), Type: kind}, nil
}

func expandHome(given string) (string, error) {
	if given != "~" && !strings.HasPrefix(given, "~/") {
		return given, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", invalid("location path", given, "this user has no home directory", "write the path out")
	}
	return home + given[1:], nil
}

// derivedNames are names for a location without one, best first: the last element of
// its path, then the same with a part of the path's hash, which makes it unique.
func derivedNames(l store.Location) []string {
	base := path.Base(filepath.ToSlash(strings.TrimRight(scheme.ReplaceAllString(l.Path, "/"), `/\`)))
	if u, err := url.PathUnescape(base); err == nil && scheme.MatchString(l.Path) {
		base = u
	}
	base, err := name("location name", cut(base, 180))
	if err != nil || base == "." {
		base = l.Type
	}
	return []string{base, base + " (" + l.Key[:8] + ")", base + " (" + l.Key + ")"}
}

// cut returns the first n characters of s.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
