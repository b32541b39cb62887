package mysql

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// pems makes a certificate and its key, and returns their files.
func pems(t *testing.T) (cert, key string) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "an authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for file, block := range map[string]*pem.Block{"ca.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "EC PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, file), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "ca.pem"), filepath.Join(dir, "key.pem")
}

func TestAuthoritiesAreNamedByTheDSN(t *testing.T) {
	t.Parallel()
	ca, key := pems(t)
	q := url.QueryEscape
	config, _, err := ParseDSN("mysql://u@h/d?ssl-ca=" + q(ca))
	if err != nil || config.TLS == nil || config.TLS.RootCAs == nil || config.TLS.InsecureSkipVerify || len(config.TLS.Certificates) != 0 {
		t.Fatalf("%+v, %v", config, err)
	}
	if _, given := config.Params[sslCA]; given {
		t.Error("the server would be sent the file's name as a variable")
	}
	config, _, err = ParseDSN("mysql://u@h/d?tls=true&ssl-ca=" + q(ca) + "&ssl-cert=" + q(ca) + "&ssl-key=" + q(key))
	if err != nil || len(config.TLS.Certificates) != 1 {
		t.Errorf("with a certificate of the user's: %+v, %v", config, err)
	}
	if config, _, err := ParseDSN("mysql://u@h/d?tls=true"); err != nil || config.TLSConfig != "true" {
		t.Errorf("without files: %+v, %v", config, err)
	}
	for parameters, want := range map[string]string{
		"ssl-ca=/there/is/none":                         "/there/is/none",
		"ssl-ca=" + q(key):                              "no certificate",
		"ssl-cert=" + q(ca) + "&ssl-key=" + q(key):      "without ssl-ca",
		"ssl-ca=" + q(ca) + "&ssl-cert=" + q(ca):        "belong together",
		"ssl-mode=VERIFY_CA":                            "without ssl-ca",
		"ssl-ca=" + q(ca) + "&ssl-mode=REQUIRED":        "VERIFY_IDENTITY",
		"ssl-ca=" + q(ca) + "&tls=skip-verify":          "leave tls out",
		"ssl-ca=" + q(ca) + "&ssl-cert=a&ssl-key=there": "ssl-cert a",
	} {
		if _, _, err := ParseDSN("mysql://u@h/d?" + parameters); !errors.Is(err, dialect.ErrDSN) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", parameters, err)
		}
	}
}
