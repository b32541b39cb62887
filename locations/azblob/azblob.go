// Package azblob lists locations in Azure Blob Storage and Data Lake Storage, for
// tracker.Run.ListLocation.
//
//	client, err := azblob.NewClient("https://account.blob.core.windows.net/", credential, nil) // of the Azure SDK
//	listing, err := run.ListLocation(ctx, listazblob.New(client), "abfss://container@account.dfs.core.windows.net/landing/teams")
package azblob

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"github.com/processtracker/processtracker-go/core/listing"
)

// A Lister lists locations of the forms that [Lister.List] names. It implements
// [listing.Lister].
type Lister struct{ client *azblob.Client }

// New returns a lister that uses the caller's client. A location in another storage
// account than the client's is an error.
func New(client *azblob.Client) *Lister { return &Lister{client} }

// List implements [listing.Lister], for locations of the forms
//
//	abfss://container@account.dfs.core.windows.net/prefix   (also abfs, wasbs, wasb)
//	https://account.blob.core.windows.net/container/prefix  (percent-encoded)
//	az://container/prefix                                   (in the client's account)
//
// Checksums are "md5:…", in hexadecimal, or "etag:…" for blobs without an MD5 hash. List
// omits the directories of a hierarchical namespace, which are no objects. A blob whose
// name is the location's own name and a slash is listed with an empty name.
func (l *Lister) List(ctx context.Context, location string) iter.Seq2[listing.Object, error] {
	return func(yield func(listing.Object, error) bool) {
		if err := l.list(ctx, location, yield); err != nil {
			yield(listing.Object{}, fmt.Errorf("list in Azure: %w", withoutQuery(err)))
		}
	}
}

func (l *Lister) list(ctx context.Context, location string, yield func(listing.Object, error) bool) error {
	p, err := parse(location)
	if err != nil {
		return err
	}
	if own := account(l.client.URL()); p.account != "" && !strings.EqualFold(p.account, own) {
		return fmt.Errorf("the location is in the account %q, the client is for %q", p.account, own)
	}
	pager := l.client.NewListBlobsFlatPager(p.container, &azblob.ListBlobsFlatOptions{
		Prefix: &p.prefix, Include: container.ListBlobsInclude{Metadata: true},
	})
	for pager.More() {
		var response *http.Response
		page, err := pager.NextPage(policy.WithCaptureResponse(ctx, &response))
		if err != nil {
			return err
		}
		keys, err := keys(response, page)
		if err != nil {
			return err
		}
		for i, item := range page.Segment.BlobItems {
			if isDirectory(item) {
				continue
			}
			object, err := object(item, keys[i], p.prefix)
			if err != nil || !yield(object, nil) {
				return err
			}
		}
	}
	return nil
}

// keys returns the names of a page's blobs. Azure percent-encodes names that XML cannot
// represent, which the SDK does not handle.
func keys(response *http.Response, page azblob.ListBlobsFlatResponse) ([]string, error) {
	items := page.Segment.BlobItems
	names := make([]string, len(items))
	for i, item := range items {
		if item.Name != nil {
			names[i] = *item.Name
		}
	}
	body, err := runtime.Payload(response)
	if err != nil || !bytes.Contains(body, []byte("Encoded=")) {
		return names, err
	}
	var spelled struct {
		Names []struct {
			Encoded bool   `xml:"Encoded,attr"`
			Text    string `xml:",chardata"`
		} `xml:"Blobs>Blob>Name"`
	}
	if err := xml.Unmarshal(body, &spelled); err != nil {
		return nil, fmt.Errorf("names of blobs: %w", err)
	}
	if len(spelled.Names) != len(names) {
		return nil, fmt.Errorf("%d blobs have %d names", len(names), len(spelled.Names))
	}
	for i, name := range spelled.Names {
		if name.Encoded {
			if names[i], err = url.PathUnescape(name.Text); err != nil {
				return nil, fmt.Errorf("name of a blob: %w", err)
			}
		}
	}
	return names, nil
}

// isDirectory reports whether a blob stands for a directory of a hierarchical
// namespace.
func isDirectory(item *container.BlobItem) bool {
	for name, value := range item.Metadata {
		if strings.EqualFold(name, "hdi_isfolder") {
			return value != nil && strings.EqualFold(*value, "true")
		}
	}
	return false
}

func object(item *container.BlobItem, key, prefix string) (o listing.Object, err error) {
	if o.Name, err = listing.Name(key, prefix); err != nil || item.Properties == nil {
		return o, err
	}
	p := item.Properties
	o.Size = p.ContentLength
	if p.LastModified != nil {
		o.Modified = *p.LastModified
	}
	switch {
	case len(p.ContentMD5) > 0:
		o.Checksum = fmt.Sprintf("md5:%x", p.ContentMD5)
	case p.ETag != nil:
		o.Checksum = "etag:" + strings.Trim(string(*p.ETag), `"`)
	}
	return o, nil
}

// withoutQuery removes the query from the URL in an error, because it may be a shared
// access signature.
func withoutQuery(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		failed.URL, _, _ = strings.Cut(failed.URL, "?")
	}
	return err
}
