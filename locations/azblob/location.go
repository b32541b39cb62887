package azblob

import (
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/listing"
)

// place is a parsed location.
type place struct {
	account   string // if empty, the client's account
	container string
	prefix    string
}

// errLocation does not contain the location, which may include a signature.
var errLocation = errors.New("the location is none in Azure; write abfss://container@account.dfs.core.windows.net/prefix, " +
	"https://account.blob.core.windows.net/container/prefix (# and ? as %23 and %3F) or az://container/prefix, without credentials")

func parse(location string) (place, error) {
	scheme, rest, _ := strings.Cut(location, "://")
	switch scheme = strings.ToLower(scheme); {
	case scheme == "http", scheme == "https":
		return parseURL(location)
	case !slices.Contains([]string{"az", "abfs", "abfss", "wasb", "wasbs"}, scheme):
		return place{}, errLocation
	}
	authority, path, _ := strings.Cut(rest, "/")
	name, host, full := strings.Cut(authority, "@")
	p := place{container: name, prefix: listing.Prefix(path)}
	if full {
		p.account, _, _ = strings.Cut(host, ".")
	}
	if !isName(name) || full && !isName(p.account) || !full && scheme != "az" || strings.ContainsAny(host, "@:?# ") {
		return place{}, errLocation
	}
	return p, nil
}

// isName reports whether a text can be the name of an account or a container, such as $web.
func isName(s string) bool { return s != "" && !strings.ContainsAny(s, "@:?#/\\ ") }

// parseURL parses a blob's address in the service's own form.
func parseURL(location string) (place, error) {
	u, err := url.Parse(location)
	if err != nil || u.User != nil || strings.ContainsAny(location, "?#") {
		return place{}, errLocation
	}
	path := strings.TrimPrefix(u.Path, "/")
	p := place{account: account(location)}
	if isLocal(u) {
		_, path, _ = strings.Cut(path, "/") // the account
	}
	p.container, path, _ = strings.Cut(path, "/")
	p.prefix = listing.Prefix(path)
	if !isName(p.account) || !isName(p.container) {
		return place{}, errLocation
	}
	return p, nil
}

// account returns the storage account of an address: the first part of its host or, for
// an emulator, of its path.
func account(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if isLocal(u) {
		name, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
		return name
	}
	name, _, _ := strings.Cut(u.Hostname(), ".")
	return name
}

func isLocal(u *url.URL) bool {
	return u.Hostname() == "localhost" || net.ParseIP(u.Hostname()) != nil
}
