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

// What the server's own client calls the files of TLS. The driver has no parameters for
// them.
const (
	sslCA   = "ssl-ca"
	sslCert = "ssl-cert"
	sslKey  = "ssl-key"
)

// secure has connections encrypted as the files say, if there are any.
func secure(config *mysql.Config, query url.Values) error {
	ca, cert, key := query.Get(sslCA), query.Get(sslCert), query.Get(sslKey)
	switch {
	case ca == "" && cert == "" && key == "":
		return nil
	case ca == "":
		return fmt.Errorf("%s and %s are there without %s; name the authority of the server's certificate, too", sslCert, sslKey, sslCA)
	case (cert == "") != (key == ""):
		return fmt.Errorf("%s and %s belong together; give both, or neither", sslCert, sslKey)
	case config.TLSConfig != "" && !strings.EqualFold(config.TLSConfig, "true"):
		return fmt.Errorf("tls is %q, and %s says that the certificate is checked; leave tls out", config.TLSConfig, sslCA)
	}
	authority, err := os.ReadFile(ca)
	if err != nil {
		return fmt.Errorf("%s: %w", sslCA, err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return errors.New(sslCA + " " + ca + " has no certificate in it; name a file in PEM form")
	}
	config.TLSConfig, config.TLS = "", &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
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
