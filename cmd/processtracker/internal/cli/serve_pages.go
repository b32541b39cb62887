package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
)

// pagesOptions are the flags of serve that configure the dashboard.
type pagesOptions struct {
	htpasswd   string
	userHeader string
	proxies    []string
	operators  []string
	origins    []string
	insecure   bool
	zone       string

	access web.Access // set by check; nil for no authentication
}

func (p *pagesOptions) flags(flags *pflag.FlagSet) {
	flags.StringVar(&p.htpasswd, "htpasswd", "", "the file of the dashboard's users, as htpasswd -B writes it")
	flags.StringVar(&p.userHeader, "user-header", "", "the header in which a proxy names the user that it has authenticated, such as X-Forwarded-User")
	flags.StringSliceVar(&p.proxies, "trusted-proxy", nil, "the network of that proxy, such as 10.0.0.0/8; may be repeated")
	flags.StringSliceVar(&p.operators, "operators", nil, "the users who may hold, release and reap; may be repeated")
	flags.StringSliceVar(&p.origins, "trusted-origin", nil, "the dashboard's address in front of a proxy that changes the host, such as https://jobs.example.org")
	flags.BoolVar(&p.insecure, "insecure", false, "let everyone who can reach the address look at the dashboard")
	flags.StringVar(&p.zone, "zone", "UTC", "the time zone for browsers that do not send theirs")
}

// check rejects flags that would give access to unintended viewers. calls reports
// whether programs may call methods: if so, a server that other machines can reach may
// have no dashboard.
func (p *pagesOptions) check(here, calls bool, listen string) (err error) {
	operators := func(user string) []web.Action {
		if slices.Contains(p.operators, user) {
			return web.AllActions()
		}
		return nil
	}
	switch {
	case p.htpasswd != "" && p.userHeader != "":
		err = errors.New("--htpasswd and --user-header are given; give one of them")
	case p.insecure && (p.htpasswd != "" || p.userHeader != ""):
		err = errors.New("--insecure lets everyone look, and --htpasswd or --user-header only users; give one of them")
	case len(p.proxies) > 0 && p.userHeader == "":
		err = errors.New("--trusted-proxy is given without --user-header; name the header that the proxy sets")
	case p.htpasswd != "":
		p.access, err = web.Htpasswd(p.htpasswd, operators)
	case p.userHeader != "":
		var networks []netip.Prefix
		if networks, err = prefixes(p.proxies); err == nil {
			p.access, err = web.TrustedProxy(p.userHeader, networks, operators)
		}
	case len(p.operators) > 0:
		err = errors.New("--operators is given, but nothing identifies users; give --htpasswd, or --user-header with --trusted-proxy")
	case !here && !p.insecure && !calls:
		err = fmt.Errorf("--listen %s: other machines could look at the dashboard; give --htpasswd, or --user-header with --trusted-proxy, or --insecure to let everyone look", listen)
	}
	if err == nil {
		_, err = time.LoadLocation(p.zone)
	}
	if err != nil {
		return exit(CodeUsage, err)
	}
	return nil
}

func prefixes(given []string) ([]netip.Prefix, error) {
	all := make([]netip.Prefix, len(given))
	for i, text := range given {
		var err error
		if all[i], err = netip.ParsePrefix(text); err != nil {
			return nil, fmt.Errorf("--trusted-proxy %q is not a network; give one such as 10.0.0.0/8, or 10.1.2.3/32 for one machine", text)
		}
	}
	return all, nil
}

// errNoPages is the answer to a request for pages if the server has none.
var errNoPages = errors.New("the dashboard is off: give --htpasswd, --user-header or --insecure")

// of returns the settings of the dashboard.
func (p *pagesOptions) of(o serveOptions, log *slog.Logger) web.Options {
	options := web.Options{Access: p.access, TrustedOrigins: p.origins, Version: version(), Logger: log}
	options.Zone, _ = time.LoadLocation(p.zone) // check has loaded it before
	switch {
	case p.access != nil || p.insecure:
	case o.here(): // or a page of another site could reach it by a host name that resolves to this machine
		host, _, _ := net.SplitHostPort(o.listen) // as above
		options.Hosts = []string{"localhost", "127.0.0.1", "::1", host}
	default:
		log.Info("the dashboard is off: nothing identifies users", "remedy", "give --htpasswd, or --user-header with --trusted-proxy, or --insecure")
		options.Access = func(*http.Request) (web.Viewer, error) { return web.Viewer{}, errNoPages }
	}
	return options
}

// servePages serves only the dashboard. It starts even if the database cannot be reached.
func (a *app) servePages(ctx context.Context, o serveOptions, log *slog.Logger) error {
	if _, err := a.database(); err != nil { // an invalid DSN does not become valid later
		return err
	}
	var opened closers
	defer opened.close()
	options := o.pages.of(o, log)
	options.Open = func(ctx context.Context) (*tracker.Tracker, error) {
		b, _, err := a.openForProtocol(ctx)
		if err != nil {
			return nil, a.advise(err, false)
		}
		t, err := tracker.New(ctx, b, &tracker.Config{Logger: log})
		if err != nil {
			_ = b.Close() // nothing was written
			return nil, a.advise(err, false)
		}
		opened.add(b)
		return t, nil
	}
	pages, err := web.New(nil, options)
	if err != nil {
		return exit(CodeUsage, err)
	}
	return a.listen(ctx, o, pages, log)
}

// closers are closed at the end.
type closers struct {
	mu  sync.Mutex
	all []dialect.Backend
}

func (c *closers) add(b dialect.Backend) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, b)
}

func (c *closers) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.all {
		_ = b.Close() // no write is in progress
	}
}

// checkHealth sends a request to the server on this machine, so that a container needs
// no other program for its health check.
func checkHealth(ctx context.Context, o serveOptions) error {
	host, port, err := net.SplitHostPort(o.listen)
	if err != nil {
		return exit(CodeUsage, fmt.Errorf("--listen %q: %w", o.listen, err))
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ask := func(scheme string) (*http.Response, error) {
		return askHealth(ctx, scheme+"://"+net.JoinHostPort(host, port)+"/healthz")
	}
	scheme := "http"
	if o.cert != "" {
		scheme = "https"
	}
	answer, err := ask(scheme)
	if err == nil && answer.StatusCode == http.StatusBadRequest && scheme == "http" {
		answer, err = ask("https") // an image's check does not know that its server has TLS, which answers so
	}
	if err != nil {
		return fmt.Errorf("no server answers at %s: %w", o.listen, err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s answers %s", o.listen, answer.Status)
	}
	return nil
}

// askHealth sends the request, and reads the answer's body.
func askHealth(ctx context.Context, address string) (*http.Response, error) {
	// The server's certificate is for another name than the loopback address.
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // the request carries no secret, and its answer is not trusted
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }() // it was read
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<10))
	return answer, err
}
