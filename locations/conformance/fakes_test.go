package conformance_test

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/storage"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	sdkazblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob"
	"github.com/aws/aws-sdk-go-v2/aws"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"google.golang.org/api/option"

	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/locations/azblob"
	"github.com/processtracker/processtracker-go/locations/gcs"
	"github.com/processtracker/processtracker-go/locations/s3"
)

func serve(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

func clientS3(address string) *sdks3.Client {
	return sdks3.New(sdks3.Options{
		BaseEndpoint: &address, UsePathStyle: true, Region: "eu-central-1", Retryer: aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "key"}, nil
		}),
	})
}

func openS3(t *testing.T, keys []string, wrap func(http.Handler) http.Handler) listing.Lister {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("landing"); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if _, err := backend.PutObject("landing", key, nil, strings.NewReader(key), int64(len(key)), nil); err != nil {
			t.Fatalf("put %q: %v", key, err)
		}
	}
	return s3.New(clientS3(serve(t, wrap(gofakes3.New(backend).Server())).URL))
}

// page returns the next keys that begin with prefix, and the position at which to continue.
func page(keys []string, prefix, after string) (items []string, next string) {
	const size = 1000
	keys = slices.Sorted(slices.Values(keys))
	keys = slices.DeleteFunc(keys, func(key string) bool { return !strings.HasPrefix(key, prefix) })
	first := 0
	if after != "" {
		first, _ = strconv.Atoi(after)
	}
	items = keys[first:min(first+size, len(keys))]
	if end := first + len(items); end < len(keys) {
		next = strconv.Itoa(end)
	}
	return items, next
}

// openGCS implements the JSON of Objects: list.
func openGCS(t *testing.T, keys []string, wrap func(http.Handler) http.Handler) listing.Lister {
	t.Helper()
	server := serve(t, wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/storage/v1/b/landing/o" {
			http.Error(w, r.URL.Path, http.StatusNotFound)
			return
		}
		items, next := page(keys, r.URL.Query().Get("prefix"), r.URL.Query().Get("pageToken"))
		type object struct {
			Name    string `json:"name"`
			Size    string `json:"size"`
			Updated string `json:"updated"`
			MD5     []byte `json:"md5Hash"`
			CRC32C  string `json:"crc32c"`
		}
		answer := struct {
			Items []object `json:"items"`
			Next  string   `json:"nextPageToken,omitempty"`
		}{Next: next}
		for i, key := range items {
			o := object{Name: key, Size: strconv.Itoa(len(key)), Updated: "2026-11-22T12:00:00.000Z", CRC32C: "AAAAAQ=="}
			if i%2 == 0 { // composed objects have none
				sum := md5.Sum([]byte(key))
				o.MD5 = sum[:]
			}
			answer.Items = append(answer.Items, o)
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	})))
	client, err := storage.NewClient(t.Context(), option.WithEndpoint(server.URL+"/storage/v1/"), option.WithoutAuthentication())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return gcs.New(client)
}

// blob is an entry in the answer of Azure's List Blobs.
type blob struct {
	Name struct {
		Encoded bool   `xml:"Encoded,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
	Properties struct {
		Modified string `xml:"Last-Modified"`
		ETag     string `xml:"Etag"`
		Length   int    `xml:"Content-Length"`
		MD5      []byte `xml:"Content-MD5,omitempty"`
	}
	Directory string `xml:"Metadata>hdi_isfolder,omitempty"`
}

func clientAzure(t *testing.T, address string) listing.Lister {
	t.Helper()
	client, err := sdkazblob.NewClientWithNoCredential(address, &sdkazblob.ClientOptions{
		ClientOptions: policy.ClientOptions{Retry: policy.RetryOptions{MaxRetries: -1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return azblob.New(client)
}

// openAzure implements the XML of List Blobs, with markers. A key that ends with
// "(dir)" is a directory of a hierarchical namespace. A key with a character that XML
// cannot represent is sent percent-encoded.
func openAzure(t *testing.T, keys []string, wrap func(http.Handler) http.Handler) listing.Lister {
	t.Helper()
	server := serve(t, wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if r.URL.Path != "/acct/landing" || q.Get("restype") != "container" || q.Get("comp") != "list" {
			http.Error(w, r.URL.Path, http.StatusNotFound)
			return
		}
		var answer struct {
			XMLName xml.Name `xml:"EnumerationResults"`
			Blobs   struct{ Blob []blob }
			Next    string `xml:"NextMarker"`
		}
		var items []string
		items, answer.Next = page(keys, q.Get("prefix"), q.Get("marker"))
		for _, key := range items {
			var b blob
			b.Name.Text, b.Name.Encoded = key, strings.ContainsAny(key, "\x01\uFFFE")
			if b.Name.Encoded {
				b.Name.Text = url.PathEscape(key)
			}
			if strings.HasSuffix(key, "(dir)") && strings.Contains(q.Get("include"), "metadata") {
				b.Directory = "true"
			}
			b.Properties.Modified, b.Properties.ETag, b.Properties.Length = time.Unix(1e9, 0).UTC().Format(http.TimeFormat), "0x8D", len(key)
			answer.Blobs.Blob = append(answer.Blobs.Blob, b)
		}
		w.Header().Set("Content-Type", "application/xml")
		_ = xml.NewEncoder(w).Encode(answer)
	})))
	return clientAzure(t, server.URL+"/acct/")
}

func TestAzureDirectoriesAndEncodedNames(t *testing.T) {
	t.Parallel()
	lister := openAzure(t, []string{"teams/(dir)", "teams/a%2Fb", "teams/a\x01 b/c", "teams/é\uFFFE"}, plain)
	got, _, err := list(lister.List(t.Context(), "az://landing/teams"))
	if err != nil || !slices.Equal(got, []string{"a\x01 b/c", "a%2Fb", "é\uFFFE"}) {
		t.Errorf("%q, %v", got, err)
	}
}

// TestAzureSignaturesAreNotShown sends requests to no server: the error of Go's client
// then contains the whole address, including the signature.
func TestAzureSignaturesAreNotShown(t *testing.T) {
	t.Parallel()
	nobody, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := nobody.Addr().String()
	if err := nobody.Close(); err != nil {
		t.Fatal(err)
	}
	lister := clientAzure(t, "http://"+address+"/acct/?sv=2026-01-01&sig=geheim")
	_, _, err = list(lister.List(t.Context(), "az://landing/teams"))
	var failed *url.Error
	if err == nil || strings.Contains(err.Error(), "geheim") || !errors.As(err, &failed) {
		t.Errorf("the error: %v", err)
	}
}

func TestAzureOfAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()
	lister := openAzure(t, []string{"a"}, plain)
	if got, _, err := list(lister.List(t.Context(), "abfss://landing@other.dfs.core.windows.net")); err == nil {
		t.Errorf("listed %q", got)
	}
}

// S3 encodes keys on request; gofakes3 does not, so this answer is made up: a control
// character, a space, a plus and a percent sign.
func TestS3EncodedKeys(t *testing.T) {
	t.Parallel()
	answers := []string{
		`<IsTruncated>true</IsTruncated><NextContinuationToken>n</NextContinuationToken><Contents><Key>teams/a%01b+c%2Bd%252F/%F0%9F%9A%9A</Key></Contents>`,
		`<IsTruncated>true</IsTruncated><Contents><Key>teams/z</Key></Contents>`,
	}
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := answers[0]
		if r.URL.Query().Get("continuation-token") != "" {
			answer = answers[1]
		}
		if r.URL.Query().Get("encoding-type") == "url" {
			answer = "<EncodingType>url</EncodingType>" + answer
		}
		_, _ = fmt.Fprint(w, `<?xml version="1.0"?><ListBucketResult>`+answer+`</ListBucketResult>`)
	}))
	got, objects, err := list(s3.New(clientS3(server.URL)).List(t.Context(), "s3://landing/teams"))
	if !slices.Equal(got, []string{"a\x01b c+d%2F/🚚", "z"}) || objects[0].Size != nil || objects[0].Checksum != "" {
		t.Errorf("%q, %+v", got, objects)
	}
	if err == nil {
		t.Error("a page that says that there is more, and not where, was taken for the last")
	}
}
