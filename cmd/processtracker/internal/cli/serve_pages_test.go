package cli

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

// page requests a page from a server, and returns its status and text.
func (s *served) page(path string, changes ...func(*http.Request)) (int, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, change := range changes {
		change(r)
	}
	response, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it was read
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func (s *served) wantPage(path string, status int, part string, changes ...func(*http.Request)) {
	s.t.Helper()
	if got, text := s.page(path, changes...); got != status || !strings.Contains(text, part) {
		s.t.Errorf("%s: status %d, want %d, and nowhere %q:\n%.600s", path, got, status, part, text)
	}
}

func TestServeShowsTheDashboardToThisMachine(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "Load", "--", "false").want(1)
	s := tl.listen("--listen", "127.0.0.1:0")
	s.wantPage("/", http.StatusOK, "Load")
	s.wantPage("/night", http.StatusOK, "svg")
	s.wantPage("/process?name=Load", http.StatusOK, "Read only")
	s.wantPage("/metrics", http.StatusOK, `processtracker_process_failures_in_a_row{process="Load"`)
	s.wantPage("/healthz", http.StatusOK, "ok")
	s.wantPage("/readyz", http.StatusOK, "ok")
	s.wantPage("/v1/openapi.json", http.StatusNotFound, "no such page") // there are no tokens
	s.wantPage("/", http.StatusMisdirectedRequest, "not called", func(r *http.Request) { r.Host = "rebound.example.com" })
	address := strings.TrimPrefix(s.url, "http://")
	tl.run("serve", "--healthcheck", "--listen", address).want(0)
	s.stop()
	if code := <-s.code; code != 0 {
		t.Errorf("exit code %d", code)
	}
	tl.run("serve", "--healthcheck", "--listen", address).want(CodeError, "no server answers")
}

func TestServeShowsTheDashboardBesideTheProtocol(t *testing.T) {
	t.Parallel()
	s := newSetUp(t).serve()
	s.must("tracker.start", startP, nil)
	s.wantPage("/processes", http.StatusOK, "P")
	s.wantPage("/v1/openapi.json", http.StatusOK, "openapi")
}

func TestServeIdentifiesUsers(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "Load", "--", "true").want(0)
	hash, err := bcrypt.GenerateFromPassword([]byte("a password"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(file, []byte("ada:"+string(hash)+"\nben:"+string(hash)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := tl.listen("--listen", "127.0.0.1:0", "--htpasswd", file, "--operators", "ada")
	as := func(user string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(user, "a password") }
	}
	s.wantPage("/process?name=Load", http.StatusUnauthorized, "Sign in")
	s.wantPage("/healthz", http.StatusOK, "ok")
	s.wantPage("/process?name=Load", http.StatusOK, `action="hold"`, as("ada"))
	s.wantPage("/process?name=Load", http.StatusOK, "<bdi>ben</bdi> (read only)", as("ben"))
	hold := func(user string) func(*http.Request) {
		return func(r *http.Request) {
			as(user)(r)
			r.Method, r.URL.Path = http.MethodPost, "/hold"
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Body = io.NopCloser(strings.NewReader("process=Load&reason=why+not"))
		}
	}
	s.wantPage("/", http.StatusForbidden, "not hold", hold("ben"))
	s.wantPage("/", http.StatusOK, "The process is on hold", hold("ada")) // and the page to which it redirects
	tl.run("history", "--process", "Load").want(0, "held", "ada", "why not")

	proxied := tl.listen("--listen", "127.0.0.1:0", "--user-header", "X-User", "--trusted-proxy", "127.0.0.0/8")
	proxied.wantPage("/now", http.StatusUnauthorized, "Sign in")
	proxied.wantPage("/now", http.StatusOK, "<bdi>cy</bdi>", func(r *http.Request) { r.Header.Set("X-User", "cy") })
}

func TestServeWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	s := tl.listen("--listen", "127.0.0.1:0")
	s.wantPage("/", http.StatusServiceUnavailable, "processtracker setup")
	s.wantPage("/healthz", http.StatusOK, "ok")
	s.wantPage("/readyz", http.StatusServiceUnavailable, "not ready")
}

func TestServeRefusesFlagsThatWouldLetEveryoneIn(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	for part, flags := range map[string][]string{
		"--insecure to let everyone look": {"--listen", "0.0.0.0:0", "--plain-http"},
		"TLS":                             {"--listen", "0.0.0.0:0", "--htpasswd", "users"},
		"give one of them":                {"--htpasswd", "users", "--user-header", "X"},
		"needs the network of the proxy":  {"--user-header", "X-User"},
		"is not a network":                {"--user-header", "X-User", "--trusted-proxy", "here"},
		"name the header":                 {"--trusted-proxy", "10.0.0.0/8"},
		"identifies users":                {"--operators", "ada"},
		"only users":                      {"--insecure", "--htpasswd", "users"},
		"read users":                      {"--htpasswd", "users"},
		"time zone":                       {"--zone", "Mars/Olympus"},
	} {
		tl.run(append([]string{"serve"}, flags...)...).want(CodeUsage, part)
	}
	// Programs with tokens may call from other machines; then there are no pages.
	s := tl.listen("--listen", "0.0.0.0:0", "--plain-http", "--tokens", tokensFile(t))
	s.url = "http://127.0.0.1:" + s.url[strings.LastIndex(s.url, ":")+1:]
	s.wantPage("/now", http.StatusForbidden, "")
	s.wantPage("/healthz", http.StatusOK, "ok")
}

func TestDemoEndsWithTheDashboardOnItsData(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	tl.env.Environ = append(tl.env.Environ, "TMPDIR="+t.TempDir())
	lines := strings.Split(strings.TrimSpace(tl.run("demo").want(0).stdout), "\n")
	words := strings.Fields(strings.NewReplacer(",", " ", "http://", "http:// ").Replace(lines[len(lines)-1]))
	dsn := words[6]
	s := tl.listen("--listen", "127.0.0.1:0", "--dsn", dsn)
	s.wantPage("/night?from=2000-01-01T00:00&to=2000-01-02T00:00", http.StatusOK, "No run was active")
	s.wantPage("/runs", http.StatusOK, "Time Zone Load")
	if want := "processtracker serve --dsn " + dsn; !strings.Contains(lines[len(lines)-1], want) {
		t.Errorf("the last line is %q, and has no %q", lines[len(lines)-1], want)
	}
}
