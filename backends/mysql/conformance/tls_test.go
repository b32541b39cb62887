package conformance

import (
	"crypto/tls"
	"encoding/pem"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
)

// TestAuthorityOfTheDSN has the server's own certificate for the authority: that is what
// is trusted, and nothing else.
func TestAuthorityOfTheDSN(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		dsn := databases(server, "")(t)
		config, _, err := mysql.ParseDSN(dsn)
		must(t, err)
		var certificate []byte
		config.TLS = &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(state tls.ConnectionState) error {
			certificate = state.PeerCertificates[0].Raw
			return nil
		}}
		connector, err := driver.NewConnector(config)
		must(t, err)
		conn, err := connector.Connect(t.Context())
		if err != nil {
			t.Skipf("the server encrypts nothing: %v", err)
		}
		must(t, conn.Close())
		ca := filepath.Join(t.TempDir(), "ca.pem")
		must(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), 0o600))
		other := filepath.Join(t.TempDir(), "other.pem")
		must(t, os.WriteFile(other, []byte(anotherAuthority), 0o600))
		for parameters, ok := range map[string]bool{
			"ssl-ca=" + url.QueryEscape(ca) + "&ssl-mode=VERIFY_CA":    true,
			"ssl-ca=" + url.QueryEscape(other) + "&ssl-mode=VERIFY_CA": false,
			"ssl-ca=" + url.QueryEscape(ca):                            false, // it is made for no host
		} {
			u, err := url.Parse(dsn)
			must(t, err)
			u.RawQuery += "&" + parameters
			b, err := mysql.Open(t.Context(), u.String(), nil)
			if err == nil {
				must(t, b.Close())
			}
			if (err == nil) != ok {
				t.Errorf("%s: %v", parameters, err)
			}
		}
	})
}

// anotherAuthority is the certificate of one that signs nothing.
const anotherAuthority = `-----BEGIN CERTIFICATE-----
MIIBjzCCATWgAwIBAgIUVNVTlhNjeh7cbTKT/KuHZNWL3xAwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRYW5vdGhlciBhdXRob3JpdHkwIBcNMjYxMTI5MDQ1MTQ5WhgP
MjEyNjExMDUwNDUxNDlaMBwxGjAYBgNVBAMMEWFub3RoZXIgYXV0aG9yaXR5MFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQqekyskpdRGgQ1zb782uowRL6byR+3Sf
a/s9kBBuZRTKCIGgMFt/QLeH2wiM87vOTNVuBccPf4nioPtXmgd1YqNTMFEwHQYD
VR0OBBYEFAuneJAg/IMMFAkvIrqR6wkw3VtvMB8GA1UdIwQYMBaAFAuneJAg/IMM
FAkvIrqR6wkw3VtvMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIh
AOFaSnD+5ZIZ7ZLv3qOP45e4T3GKov7MbeUJEHLsvIQPAiByT5hVqCG5c8k+FhgV
3KNTQ1Qx9ItFZUe5DeMEkPrgqw==
-----END CERTIFICATE-----
`
