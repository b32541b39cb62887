package mysql

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// The parameters of the server's own client for TLS files and for verification. The
// driver has no parameters for them.
const (
	sslCA   = "ssl-ca"
	sslCert = "ssl-cert"
	sslKey  = "ssl-key"
	sslMode = "ssl-mode"

	verifyCA       = "VERIFY_CA"
	verifyIdentity = "VERIFY_IDENTITY"
)

// secure encrypts connections with the given files, if there are any.
func secure(config *mysql.Config, query url.Values) error {
	ca, cert, key, mode := query.Get(sslCA), query.Get(sslCert), query.Get(sslKey), strings.ToUpper(query.Get(sslMode))
	switch {
	case ca == "" && cert == "" && key == "" && mode == "":
		return nil
	case ca == "":
		return fmt.Errorf("%s, %s or %s is given without %s; name the authority of the server's certificate, or write tls=true to trust the authorities of this machine",
			sslCert, sslKey, sslMode, sslCA)
	case (cert == "") != (key == ""):
		return fmt.Errorf("%s and %s belong together; give both, or neither", sslCert, sslKey)
	case mode != "" && mode != verifyCA && mode != verifyIdentity:
		return fmt.Errorf("%s is %q; give %s, which also checks the host's name, or %s", sslMode, query.Get(sslMode), verifyIdentity, verifyCA)
	case config.TLSConfig != "" && !strings.EqualFold(config.TLSConfig, "true"):
		return fmt.Errorf("tls is %q, but with %s the certificate is checked; leave tls out", config.TLSConfig, sslCA)
	}
	authority, err := os.ReadFile(ca) //nolint:gosec // the caller's own DSN names it
	if err != nil {
		return fmt.Errorf("%s: %w", sslCA, err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return errors.New(sslCA + " " + ca + " has no certificate in it; name a file in PEM form")
	}
	config.TLSConfig, config.TLS = "", &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	if mode == verifyCA {
		config.TLS.InsecureSkipVerify = true // skips the standard checks, which all require the host name
		config.TLS.VerifyConnection = func(state tls.ConnectionState) error { return verified(state, roots) }
	}
	if cert == "" {
		return nil
	}
	own, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return fmt.Errorf("%s %s and %s %s: %w", sslCert, cert, sslKey, key, err)
	}
	config.TLS.Certificates = []tls.Certificate{own}
	return nil
}

// verified checks a server's certificate but not its host name.
func verified(state tls.ConnectionState, roots *x509.CertPool) error {
	between := x509.NewCertPool()
	for _, c := range state.PeerCertificates[1:] {
		between.AddCert(c)
	}
	_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between})
	return err
}
