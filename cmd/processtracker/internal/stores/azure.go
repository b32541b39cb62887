package stores

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	sdkazblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob"

	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/locations/azblob"
)

// The same environment variables as for Azure's own command-line tool.
const (
	connectionString = "AZURE_STORAGE_CONNECTION_STRING"
	accountName      = "AZURE_STORAGE_ACCOUNT"
	accountKey       = "AZURE_STORAGE_KEY"
	sasToken         = "AZURE_STORAGE_SAS_TOKEN"
)

// newAzure uses a connection string, an account key or a shared access signature from
// the environment, or else the credentials of the user who is logged in.
func newAzure(location string, getenv func(string) string) (listing.Lister, error) {
	client, err := azureClient(location, getenv)
	if err != nil {
		return nil, fmt.Errorf("client for Azure Blob Storage: %w", err)
	}
	return azblob.New(client), nil
}

func azureClient(location string, getenv func(string) string) (*sdkazblob.Client, error) {
	if text := getenv(connectionString); text != "" {
		return sdkazblob.NewClientFromConnectionString(text, nil)
	}
	service, account := azureService(location, getenv)
	if service == "" {
		return nil, errors.New("the location names no storage account; write abfss://container@account.dfs.core.windows.net/prefix, or set " + accountName)
	}
	switch {
	case getenv(accountKey) != "":
		credential, err := sdkazblob.NewSharedKeyCredential(account, getenv(accountKey))
		if err != nil {
			return nil, errors.New(accountKey + " is not a key: it is not in Base64")
		}
		return sdkazblob.NewClientWithSharedKeyCredential(service, credential, nil)
	case getenv(sasToken) != "":
		return sdkazblob.NewClientWithNoCredential(service+"?"+strings.TrimPrefix(getenv(sasToken), "?"), nil)
	}
	credential, err := azidentity.NewDefaultAzureCredential(nil)
	if err != nil {
		return nil, err
	}
	return sdkazblob.NewClient(service, credential, nil)
}

// azureService returns the address of the location's service, and the storage account.
// Both are empty if neither the location nor the environment names an account.
func azureService(location string, getenv func(string) string) (service, account string) {
	scheme, rest, _ := strings.Cut(location, "://")
	authority, _, _ := strings.Cut(rest, "/")
	suffix := "blob.core.windows.net"
	switch _, host, full := strings.Cut(authority, "@"); {
	case strings.EqualFold(scheme, "http"), strings.EqualFold(scheme, "https"):
		if u, err := url.Parse(location); err == nil {
			account, _, _ = strings.Cut(u.Hostname(), ".")
			return u.Scheme + "://" + u.Host + "/", account
		}
		return "", ""
	case full:
		var domain string
		account, domain, _ = strings.Cut(host, ".")
		if _, cloud, ok := strings.Cut(domain, "."); ok { // the part after dfs or blob
			suffix = "blob." + cloud
		}
	default:
		account = getenv(accountName)
	}
	if account == "" {
		return "", ""
	}
	return "https://" + account + "." + suffix + "/", account
}
