// Package stores chooses the lister for a location: the local file system, S3, Google
// Cloud Storage or Azure. Credentials come from the same places as for each store's own
// tools.
package stores

import (
	"context"
	"fmt"
	"strings"

	"cloud.google.com/go/storage"
	"github.com/aws/aws-sdk-go-v2/config"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"google.golang.org/api/option"

	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/locations/gcs"
	"github.com/processtracker/processtracker-go/locations/s3"
)

// Lister returns the lister for the location. getenv reads the environment variables
// that the stores' SDKs do not read themselves.
func Lister(ctx context.Context, location string, getenv func(string) string) (listing.Lister, error) {
	scheme, rest, isURL := strings.Cut(location, "://")
	if !isURL || len(scheme) < 2 { // a single letter is a drive
		return listing.Local{}, nil
	}
	switch strings.ToLower(scheme) {
	case "file":
		return listing.Local{}, nil
	case "s3", "s3a", "s3n":
		return newS3(ctx)
	case "gs", "gcs":
		return newGCS(ctx)
	case "az", "abfs", "abfss", "wasb", "wasbs":
		return newAzure(location, getenv)
	case "https", "http":
		host, _, _ := strings.Cut(rest, "/")
		if host, _, _ = strings.Cut(host, ":"); strings.Contains(host, ".blob.") || getenv(connectionString) != "" {
			return newAzure(location, getenv)
		}
	}
	return nil, fmt.Errorf("locations of the scheme %s:// cannot be listed; give a directory, or one of s3://bucket/prefix, gs://bucket/prefix, "+
		"abfss://container@account.dfs.core.windows.net/prefix, az://container/prefix; or register the files by name", strings.ToLower(scheme))
}

// newS3 also works with other stores that implement the protocol. The SDK's own
// variable AWS_ENDPOINT_URL names their endpoint, and their URLs have the bucket in the
// path.
func newS3(ctx context.Context) (listing.Lister, error) {
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("credentials for S3: %w", err)
	}
	return s3.New(sdks3.NewFromConfig(c, func(o *sdks3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })), nil
}

func newGCS(ctx context.Context) (listing.Lister, error) {
	client, err := storage.NewClient(ctx, option.WithScopes(storage.ScopeReadOnly))
	if err != nil {
		return nil, fmt.Errorf("credentials for Google Cloud Storage (gcloud auth application-default login, or GOOGLE_APPLICATION_CREDENTIALS): %w", err)
	}
	return gcs.New(client), nil
}
