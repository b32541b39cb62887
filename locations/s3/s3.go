// Package s3 lists locations in S3, and in other stores that implement its protocol, for
// tracker.Run.ListLocation.
//
//	client := s3.NewFromConfig(config) // of the AWS SDK
//	listing, err := run.ListLocation(ctx, listings3.New(client), "s3://bucket/landing/teams")
package s3

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/processtracker/processtracker-go/core/listing"
)

// A Lister lists locations of the forms s3://bucket/prefix, s3a:// and s3n://. It
// implements [listing.Lister].
type Lister struct{ client s3.ListObjectsV2APIClient }

// New returns a lister that uses the caller's client. The client only needs the
// permission to list objects (s3:ListBucket).
func New(client s3.ListObjectsV2APIClient) *Lister { return &Lister{client} }

// List implements [listing.Lister]. Checksums are the objects' entity tags, "etag:…".
// An entity tag is the object's MD5 hash, unless the object was written in parts or
// encrypted with a key of the customer's own. An object whose name is the location's
// own name and a slash is listed with an empty name.
func (l *Lister) List(ctx context.Context, location string) iter.Seq2[listing.Object, error] {
	return func(yield func(listing.Object, error) bool) {
		if err := l.list(ctx, location, yield); err != nil {
			yield(listing.Object{}, fmt.Errorf("list in S3: %w", err))
		}
	}
}

func (l *Lister) list(ctx context.Context, location string, yield func(listing.Object, error) bool) error {
	bucket, prefix, err := listing.Bucket(location, "s3", "s3a", "s3n")
	if err != nil {
		return err
	}
	input := &s3.ListObjectsV2Input{
		Bucket: &bucket, Prefix: &prefix,
		EncodingType: types.EncodingTypeUrl, // a key may contain characters that XML cannot represent
	}
	for {
		page, err := l.client.ListObjectsV2(ctx, input)
		if err != nil {
			return err
		}
		for _, item := range page.Contents {
			object, err := object(item, page.EncodingType, prefix)
			if err != nil {
				return err
			}
			if !yield(object, nil) {
				return nil
			}
		}
		if !aws.ToBool(page.IsTruncated) {
			return nil
		}
		if aws.ToString(page.NextContinuationToken) == "" {
			return errors.New("the store has more, and does not say how to go on")
		}
		input.ContinuationToken = page.NextContinuationToken
	}
}

func object(item types.Object, encoding types.EncodingType, prefix string) (o listing.Object, err error) {
	key := aws.ToString(item.Key)
	if encoding == types.EncodingTypeUrl {
		if key, err = url.QueryUnescape(key); err != nil {
			return o, fmt.Errorf("key: %w", err)
		}
	}
	if o.Name, err = listing.Name(key, prefix); err != nil {
		return o, err
	}
	o.Size, o.Modified = item.Size, aws.ToTime(item.LastModified)
	if tag := strings.Trim(aws.ToString(item.ETag), `"`); tag != "" {
		o.Checksum = "etag:" + tag
	}
	return o, nil
}
