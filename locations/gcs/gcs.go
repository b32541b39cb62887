// Package gcs lists locations in Google Cloud Storage, for
// tracker.Run.ListLocation.
//
//	client, err := storage.NewClient(ctx) // of Google's SDK
//	listing, err := run.ListLocation(ctx, gcs.New(client), "gs://bucket/landing/teams")
package gcs

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"cloud.google.com/go/storage"
	"google.golang.org/api/iterator"

	"github.com/processtracker/processtracker-go/core/listing"
)

// A Lister lists locations of the forms gs://bucket/prefix and gcs://. It
// implements [listing.Lister].
type Lister struct{ client *storage.Client }

// New returns a lister that uses the caller's client. The client only needs the
// permission to list objects (storage.objects.list).
func New(client *storage.Client) *Lister { return &Lister{client} }

// List implements [listing.Lister]. Checksums are "md5:…", in hexadecimal, or
// "crc32c:…" for objects that were composed of others. An object whose name is the
// location's own name and a slash is listed with an empty name.
func (l *Lister) List(ctx context.Context, location string) iter.Seq2[listing.Object, error] {
	return func(yield func(listing.Object, error) bool) {
		if err := l.list(ctx, location, yield); err != nil {
			yield(listing.Object{}, fmt.Errorf("list in Google Cloud Storage: %w", err))
		}
	}
}

func (l *Lister) list(ctx context.Context, location string, yield func(listing.Object, error) bool) error {
	bucket, prefix, err := listing.Bucket(location, "gs", "gcs")
	if err != nil {
		return err
	}
	query := &storage.Query{Prefix: prefix}
	if err := query.SetAttrSelection([]string{"Name", "Size", "Updated", "MD5", "CRC32C"}); err != nil {
		return err
	}
	objects := l.client.Bucket(bucket).Objects(ctx, query)
	for {
		attrs, err := objects.Next()
		if errors.Is(err, iterator.Done) {
			return nil
		} else if err != nil {
			return err
		}
		name, err := listing.Name(attrs.Name, prefix)
		if err != nil {
			return err
		}
		object := listing.Object{Name: name, Size: new(attrs.Size), Modified: attrs.Updated, Checksum: fmt.Sprintf("crc32c:%08x", attrs.CRC32C)}
		if len(attrs.MD5) > 0 {
			object.Checksum = fmt.Sprintf("md5:%x", attrs.MD5)
		}
		if !yield(object, nil) {
			return nil
		}
	}
}
