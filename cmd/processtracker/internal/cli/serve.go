package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/httpapi"
	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
)

const serveHelp = `Serve the dashboard to people, and the protocol to programs.

The dashboard is at /. It shows present failures, the last night, processes, runs and
files. Without --htpasswd or --user-header, every user of this machine may look, and
nobody may act. With one of them you may serve it beyond this machine, and the users in
--operators may hold, release and reap. /metrics is for Prometheus; /healthz and /readyz
answer without a user.

With --tokens, programs may call each method of docs/protocol.md as POST /v1/METHOD, for
machines on which processtracker cannot be installed. GET /v1/openapi.json describes
them.

Callers have bearer tokens, which a file lists: on each line a name, a role (reader,
runner or operator) and a token, or sha256: and the token's digest. The name is the
actor that is recorded for the caller. Changes to the file take effect after a restart.

The server renews no leases: callers do, by run.heartbeat. SIGTERM and Ctrl-C end it
once the calls in progress have been answered.
`

// defaultListen is the default listen address of serve.
const defaultListen = "127.0.0.1:8628"

// serveOptions are the flags of serve.
type serveOptions struct {
	listen      string
	tokens      string
	noTokens    bool
	cert, key   string
	plain       bool
	lease       time.Duration
	maxFailures int
	grace       time.Duration
	pages       pagesOptions
	healthcheck bool
}

// calls reports whether programs may call methods.
func (o serveOptions) calls() bool { return o.tokens != "" || o.noTokens }

// here reports whether only this machine can reach the server.
func (o serveOptions) here() bool {
	host, _, _ := net.SplitHostPort(o.listen)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (a *app) serveCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the dashboard, and programs over HTTP", Long: serveHelp, Args: cobra.NoArgs,
		Example: `  processtracker serve
  processtracker serve --htpasswd users --operators ada
  processtracker serve --listen :8628 --htpasswd users --tls-cert tls.pem --tls-key tls.key`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			if o.healthcheck {
				return checkHealth(ctx, o)
			}
			return a.serve(ctx, o)
		}),
	}
	flags := cmd.Flags()
	o.pages.flags(flags)
	flags.BoolVar(&o.healthcheck, "healthcheck", false, "check the server that listens on this address, and exit with 0 if it is healthy")
	flags.StringVar(&o.listen, "listen", defaultListen, "the address to listen on; port 0 picks a free port")
	flags.StringVar(&o.tokens, "tokens", "", "the file of callers' tokens")
	flags.BoolVar(&o.noTokens, "no-tokens", false, "let every program on this machine do everything")
	flags.StringVar(&o.cert, "tls-cert", "", "the file of the certificate chain, as PEM")
	flags.StringVar(&o.key, "tls-key", "", "the file of its key, as PEM")
	flags.BoolVar(&o.plain, "plain-http", false, "listen beyond this machine without TLS, behind a proxy that adds TLS")
	flags.DurationVar(&o.lease, "lease", 0, "how long a run's lease lasts without a heartbeat, unless its start sets it (default 1m)")
	flags.IntVar(&o.maxFailures, "max-failures", 0, "how many failed runs in a row put a process on hold (default 3)")
	flags.DurationVar(&o.grace, "grace", 30*time.Second, "how long calls in progress may take to end when the server stops")
	return cmd
}

// check rejects flags that would give access to unintended callers.
func (o *serveOptions) check() error {
	if _, _, err := net.SplitHostPort(o.listen); err != nil {
		return exit(CodeUsage, fmt.Errorf("--listen %q: %w; give an address and a port, such as 127.0.0.1:8628", o.listen, err))
	}
	here := o.here()
	switch {
	case o.tokens != "" && o.noTokens:
		return exit(CodeUsage, errors.New("--tokens and --no-tokens are given; give --tokens FILE, or --no-tokens to let every program on this machine do everything"))
	case (o.cert == "") != (o.key == ""):
		return exit(CodeUsage, errors.New("--tls-cert and --tls-key go together; give both, or neither"))
	case !here && o.noTokens:
		return exit(CodeUsage, fmt.Errorf("--no-tokens with --listen %s: other machines could do everything; give --tokens FILE, or listen on 127.0.0.1", o.listen))
	case !here && o.cert == "" && !o.plain && (o.calls() || o.pages.htpasswd != ""):
		return exit(CodeUsage, fmt.Errorf("--listen %s: tokens and passwords would be sent in the clear; give --tls-cert and --tls-key, or --plain-http behind a proxy that has TLS", o.listen))
	default:
		return o.pages.check(here, o.calls(), o.listen)
	}
}

func (a *app) serve(ctx context.Context, o serveOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	var tokens httpapi.Tokens
	if o.tokens != "" {
		var err error
		if tokens, err = a.readTokens(o.tokens); err != nil {
			return exit(CodeUsage, err)
		}
	}
	log := slog.New(slog.NewTextHandler(a.env.Stderr, nil))
	if !o.calls() {
		return a.servePages(ctx, o, log)
	}
	b, about, err := a.openForProtocol(ctx)
	if err != nil {
		return a.advise(err, false)
	}
	defer func() { _ = b.Close() }() // all writes have been committed
	config := tracker.Config{Lease: o.lease, MaxFailures: o.maxFailures, Logger: log}
	api, err := httpapi.New(ctx, httpapi.Config{
		Backend: b, About: about, Tokens: tokens, Log: log,
		Tracker: config,
	})
	if err != nil {
		return a.advise(err, false)
	}
	defer func() { _ = api.Close() }() // never fails
	t, err := tracker.New(ctx, b, &config)
	if err != nil {
		return a.advise(err, false)
	}
	defer func() { _ = t.Close() }() // never fails
	pages, err := web.New(t, o.pages.of(o, log))
	if err != nil {
		return exit(CodeUsage, err)
	}
	return a.listen(ctx, o, serveHandler(api, pages), log)
}

func (a *app) readTokens(path string) (httpapi.Tokens, error) {
	f, err := os.Open(path) //nolint:gosec // the user names it
	if err != nil {
		return nil, fmt.Errorf("--tokens: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	if info, err := f.Stat(); err == nil && runtime.GOOS != "windows" && info.Mode()&0o007 != 0 {
		a.sayf("every user of this machine can read the tokens; run: chmod o= %s", path)
	}
	tokens, err := httpapi.ReadTokens(f)
	if err != nil {
		return nil, fmt.Errorf("--tokens %s: %w", path, err)
	}
	return tokens, nil
}

// serveHandler returns the handler for everything that the server offers: the methods
// below /v1/, and the pages elsewhere.
func serveHandler(api, pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/v1/", api)
	mux.Handle("/", pages)
	return mux
}

// listen serves until ctx ends, and then waits for the calls in progress.
func (a *app) listen(ctx context.Context, o serveOptions, handler http.Handler, log *slog.Logger) error {
	var listening net.ListenConfig
	l, err := listening.Listen(ctx, "tcp", o.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w; give another address, or end what listens there", err)
	}
	server := &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12},
	}
	scheme := "http"
	serve := func() error { return server.Serve(l) }
	if o.cert != "" {
		scheme = "https"
		serve = func() error { return server.ServeTLS(l, o.cert, o.key) }
	}
	if err := a.printf("listening on %s://%s\n", scheme, l.Addr()); err != nil {
		return errors.Join(err, l.Close())
	}
	failed := make(chan error, 1)
	go func() { failed <- serve() }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.grace)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		return fmt.Errorf("calls were still in progress after --grace %v, and were interrupted: %w", o.grace, errors.Join(err, server.Close()))
	}
	return nil
}
