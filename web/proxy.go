package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// TrustedProxy takes the viewer's name from a header, such as X-Forwarded-User, that a
// proxy sets after it has authenticated the viewer. It trusts only requests from the
// given networks. The proxy has to remove the header from its clients' requests. may
// returns the actions of a viewer; nil means none.
func TrustedProxy(header string, proxies []netip.Prefix, may func(user string) []Action) (Access, error) {
	header = strings.TrimSpace(header)
	if header == "" || strings.ContainsAny(header, " \t\r\n:") {
		return nil, fmt.Errorf("user header %q is not the name of a header; give one such as X-Forwarded-User", header)
	}
	if len(proxies) == 0 {
		return nil, fmt.Errorf("user header %q needs the network of the proxy; give it, such as 10.0.0.0/8", header)
	}
	return func(r *http.Request) (Viewer, error) {
		if from, ok := remote(r); !ok || !within(from, proxies) {
			return Viewer{}, ErrUnknownViewer
		}
		values := r.Header.Values(header)
		if len(values) != 1 || strings.TrimSpace(values[0]) == "" {
			return Viewer{}, ErrUnknownViewer
		}
		return viewer(strings.TrimSpace(values[0]), may), nil
	}, nil
}

// viewer returns the viewer for a user name.
func viewer(name string, may func(user string) []Action) Viewer {
	v := Viewer{Name: name}
	if may != nil {
		v.May = may(name)
	}
	return v
}

// remote returns the address at the other end of the connection, whatever the headers say.
func remote(r *http.Request) (netip.Addr, bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	return addr.Unmap().WithZone(""), err == nil
}

func within(addr netip.Addr, networks []netip.Prefix) bool {
	for _, network := range networks {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}
