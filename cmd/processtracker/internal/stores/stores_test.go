package stores

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/listing"
)

func noVariable(string) string { return "" }

// names lists a location.
func names(t *testing.T, l listing.Lister, location string) string {
	t.Helper()
	var all []string
	for object, err := range l.List(t.Context(), location) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, object.Name)
	}
	return strings.Join(all, " ")
}

func TestAListerIsChosenByTheScheme(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, location := range []string{dir, "file://" + dir} {
		l, err := Lister(t.Context(), location, noVariable)
		if err != nil {
			t.Fatal(err)
		}
		if got := names(t, l, location); got != "a.csv" {
			t.Errorf("%s: %s", location, got)
		}
	}
	for _, location := range []string{"hdfs://node/landing", "https://example.org/landing", "ftp://h/x"} {
		if _, err := Lister(t.Context(), location, noVariable); err == nil || !strings.Contains(err.Error(), "register the files by name") {
			t.Errorf("%s: %v", location, err)
		}
	}
}

// TestS3IsListedAtTheEndpointOfTheEnvironment sets environment variables of the
// process, because the SDK reads them itself.
func TestS3IsListedAtTheEndpointOfTheEnvironment(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/landing" && r.URL.Path != "/landing/" || r.URL.Query().Get("prefix") != "teams/" {
			http.Error(w, "unexpected "+r.URL.String(), http.StatusBadRequest)
			return
		}
		_, _ = fmt.Fprint(w, `<ListBucketResult><Contents><Key>teams/a.csv</Key><Size>3</Size></Contents></ListBucketResult>`)
	}))
	defer server.Close()
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "key")
	t.Setenv("AWS_REGION", "eu-central-1")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	l, err := Lister(t.Context(), "s3://landing/teams", noVariable)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, l, "s3://landing/teams"); got != "a.csv" {
		t.Errorf("listed %q", got)
	}
}

func TestGCSIsListedAtTheEmulatorOfTheEnvironment(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, `{"items": [{"name": "teams/a.csv", "size": "3"}]}`)
	}))
	defer server.Close()
	t.Setenv("STORAGE_EMULATOR_HOST", strings.TrimPrefix(server.URL, "http://"))
	l, err := Lister(t.Context(), "gs://landing/teams", noVariable)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, l, "gs://landing/teams"); got != "a.csv" {
		t.Errorf("listed %q", got)
	}
}

func TestAzureServices(t *testing.T) {
	t.Parallel()
	ours := func(name string) string { return map[string]string{accountName: "ours"}[name] }
	for location, want := range map[string]string{
		"abfss://c@acme.dfs.core.windows.net/x":         "https://acme.blob.core.windows.net/",
		"wasbs://c@acme.blob.core.chinacloudapi.cn/x":   "https://acme.blob.core.chinacloudapi.cn/",
		"https://acme.blob.core.windows.net/container/": "https://acme.blob.core.windows.net/",
		"az://container/x":                              "https://ours.blob.core.windows.net/",
	} {
		if got, _ := azureService(location, ours); got != want {
			t.Errorf("%s: %q, want %q", location, got, want)
		}
	}
	if _, err := Lister(t.Context(), "az://container/x", noVariable); err == nil || !strings.Contains(err.Error(), accountName) {
		t.Errorf("without an account: %v", err)
	}
	key := map[string]string{accountName: "ours", accountKey: "no key!"}
	_, err := Lister(t.Context(), "az://container/x", func(name string) string { return key[name] })
	if err == nil || strings.Contains(err.Error(), "no key!") {
		t.Errorf("with a key that is none: %v", err)
	}
	delete(key, accountKey)
	key[sasToken] = "?sv=2026&sig=x"
	if _, err := Lister(t.Context(), "az://container/x", func(name string) string { return key[name] }); err != nil {
		t.Errorf("with a signature: %v", err)
	}
}
