package web

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

func encode(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestEveryAnswerHasAStrictPolicy(t *testing.T) {
	t.Parallel()
	s := newSite(t, Options{})
	for _, target := range []string{"/", "/night", "/nothing", "/style.css", "/refresh.js", "/metrics", "/healthz", "/now.json", "/hold"} {
		h := s.do(http.MethodGet, target, "").Header()
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", target, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %v", target, h)
		}
	}
	for name, target := range pagesOfTests() {
		page := s.get(target, http.StatusOK)
		for _, part := range []string{"<style", " style=", "<script>", " onload=", "http://", "https://"} {
			if strings.Contains(page, part) {
				t.Errorf("%s has %s, which the policy forbids", name, part)
			}
		}
	}
}

func TestActionsNeedTheRightAndAReason(t *testing.T) {
	t.Parallel()
	hold := encode("process", "Report", "reason", "looking into it")
	for name, c := range map[string]struct {
		may    []Action
		method string
		target string
		body   string
		change func(*http.Request)
		status int
		acted  string
	}{
		"one who may":             {AllActions(), "POST", "/hold", hold, nil, 303, "ada|hold|Report|looking into it"},
		"under a prefix":          {AllActions(), "POST", "/jobs/hold", hold, nil, 303, "ada|hold|Report|looking into it"},
		"release":                 {[]Action{ActRelease}, "POST", "/release", hold, nil, 303, "ada|release|Report|looking into it"},
		"one who may look":        {nil, "POST", "/hold", hold, nil, 403, ""},
		"one who may another":     {[]Action{ActRelease}, "POST", "/hold", hold, nil, 403, ""},
		"without a reason":        {AllActions(), "POST", "/hold", encode("process", "Report", "reason", " "), nil, 422, ""},
		"with a long reason":      {AllActions(), "POST", "/hold", encode("process", "Report", "reason", strings.Repeat("x", 4001)), nil, 422, ""},
		"with a large form":       {AllActions(), "POST", "/hold", encode("process", "Report", "reason", strings.Repeat("x", 1<<20)), nil, 400, ""},
		"by GET":                  {AllActions(), "GET", "/hold?" + hold, "", nil, 405, ""},
		"a query in a POST":       {AllActions(), "POST", "/hold?" + hold, "", nil, 422, ""},
		"of an unknown name":      {AllActions(), "POST", "/purge", hold, nil, 405, ""},
		"from another site":       {AllActions(), "POST", "/hold", hold, header("Sec-Fetch-Site", "cross-site"), 403, ""},
		"from another origin":     {AllActions(), "POST", "/hold", hold, header("Origin", "https://evil.example"), 403, ""},
		"from the same site":      {AllActions(), "POST", "/hold", hold, header("Sec-Fetch-Site", "same-origin"), 303, "ada|hold|Report|looking into it"},
		"from a trusted origin":   {AllActions(), "POST", "/hold", hold, header("Origin", "https://jobs.example.org"), 303, "ada|hold|Report|looking into it"},
		"a run that is dead":      {AllActions(), "POST", "/reap", encode("run", "5", "reason", "dead"), nil, 303, "ada|reap||dead"},
		"a run at work":           {AllActions(), "POST", "/reap", encode("run", "6", "reason", "stuck"), nil, 400, ""},
		"a run at work, knowing":  {AllActions(), "POST", "/reap", encode("run", "6", "reason", "stuck", "confirm", "yes"), nil, 303, "ada|reap||stuck"},
		"a run that has ended":    {AllActions(), "POST", "/reap", encode("run", "2", "reason", "dead"), nil, 409, ""},
		"a run that there is not": {AllActions(), "POST", "/reap", encode("run", "77", "reason", "dead"), nil, 404, ""},
		"no run":                  {AllActions(), "POST", "/reap", encode("run", "x", "reason", "dead"), nil, 400, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, Options{
				Access:         func(*http.Request) (Viewer, error) { return Viewer{Name: "ada", May: c.may}, nil },
				TrustedOrigins: []string{"https://jobs.example.org"},
			})
			var changes []func(*http.Request)
			if c.change != nil {
				changes = append(changes, c.change)
			}
			w := s.do(c.method, c.target, c.body, changes...)
			if w.Code != c.status {
				t.Errorf("status %d, want %d\n%s", w.Code, c.status, w.Body)
			}
			want := []string{c.acted}
			if c.acted == "" {
				want = nil
			}
			if !slices.Equal(s.source.acted, want) {
				t.Errorf("acted: %q, want %q", s.source.acted, want)
			}
			if to := w.Header().Get("Location"); w.Code == http.StatusSeeOther && to != "process?name=Report&done="+strings.Split(c.acted, "|")[1] && !strings.HasPrefix(to, "run?id=") {
				t.Errorf("it leads to %s", to) // a relative address works under a prefix
			} else if to != "" && !strings.Contains(s.get("/"+to, http.StatusOK), "banner done") {
				t.Error("the page that it leads to does not say what was done")
			}
		})
	}
}

func TestReadersAreShownNoActions(t *testing.T) {
	t.Parallel()
	for _, may := range [][]Action{nil, AllActions()} {
		s := newSite(t, Options{Access: Anyone(may...)})
		page := s.get("/process?name=Clicks", http.StatusOK)
		if got := strings.Contains(page, `method="post"`); got != (may != nil) {
			t.Errorf("with %v, the page has a form: %v", may, got)
		}
	}
}

func TestAccessIsAskedForEachRequest(t *testing.T) {
	t.Parallel()
	var err error
	s := newSite(t, Options{Access: func(*http.Request) (Viewer, error) { return Viewer{}, err }})
	s.get("/now", http.StatusOK)
	err = &ChallengeError{"Basic"}
	if w := s.do(http.MethodGet, "/now", ""); w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") != "Basic" {
		t.Errorf("a viewer whose session has ended: %d", w.Code)
	}
	for _, target := range []string{"/now.json", "/metrics", "/process?name=Report", "/hold", "/zone?zone=UTC"} {
		s.get(target, http.StatusUnauthorized)
	}
	err = errors.New("password=secret")
	if body := s.get("/now", http.StatusForbidden); strings.Contains(body, "secret") {
		t.Errorf("the answer says %q", body)
	}
	s.get("/healthz", http.StatusOK)
	s.get("/style.css", http.StatusOK)
}

func TestHtpasswd(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "users")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	hash := func(password string) string {
		hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
		if err != nil {
			t.Fatal(err)
		}
		return string(hash)
	}
	for text, part := range map[string]string{
		"":                          "no users",
		"ada:$apr1$x$y":             "line 1: the hash of user \"ada\" is not bcrypt's",
		"# all\n\nada\n":            "line 3: not a name and a hash",
		"ada:{SHA}W6ph5Mm5Pz8=":     "htpasswd -B",
		"ada:" + hash("x")[:30]:     "not bcrypt's",
		":" + hash("nobody") + "\n": "not a name and a hash",
	} {
		write(text)
		if _, err := Htpasswd(file, nil); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q: %v, want %q", text, err, part)
		}
	}
	write("ada:" + hash("right") + "\nben:" + hash("other") + "\n")
	access, err := Htpasswd(file, func(user string) []Action {
		if user == "ada" {
			return AllActions()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, Options{Access: access})
	basic := func(name, password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(name, password) }
	}
	status := func(changes ...func(*http.Request)) int {
		return s.do(http.MethodPost, "/hold", encode("process", "Report", "reason", "why"), changes...).Code
	}
	for range 2 { // the second time it is remembered
		if got := status(basic("ada", "right")); got != http.StatusSeeOther {
			t.Errorf("a user who may act: %d", got)
		}
		if got := status(basic("ben", "other")); got != http.StatusForbidden {
			t.Errorf("a user who may look: %d", got)
		}
	}
	for name, change := range map[string]func(*http.Request){
		"wrong password": basic("ada", "wrong"), "another's": basic("ada", "other"), "unknown": basic("eve", "right"), "none": func(*http.Request) {},
		"long": basic("ada", strings.Repeat("x", 73)), "empty": basic("", ""), "bearer": header("Authorization", "Bearer x"),
	} {
		if got := status(change); got != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, got)
		}
	}
	// A changed file takes effect at once. If the file cannot be read, no user gets in.
	write("ada:" + hash("a new password") + "\n")
	if got := status(basic("ada", "right")); got != http.StatusUnauthorized {
		t.Errorf("the old password: %d", got)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if got := status(basic("ada", "a new password")); got != http.StatusForbidden {
		t.Errorf("without the file: %d", got)
	}
}

func TestTrustedProxy(t *testing.T) {
	t.Parallel()
	networks := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	access, err := TrustedProxy("X-Forwarded-User", networks, func(string) []Action { return AllActions() })
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, Options{Access: access})
	from := func(address string) func(*http.Request) {
		return func(r *http.Request) { r.RemoteAddr = address }
	}
	for name, c := range map[string]struct {
		changes []func(*http.Request)
		status  int
	}{
		"the proxy":                   {[]func(*http.Request){from("10.1.2.3:99"), header("X-Forwarded-User", "ada")}, 200},
		"the proxy by IPv6":           {[]func(*http.Request){from("[fd00::1]:99"), header("X-Forwarded-User", "ada")}, 200},
		"the proxy as mapped IPv6":    {[]func(*http.Request){from("[::ffff:10.1.2.3]:99"), header("X-Forwarded-User", "ada")}, 200},
		"the proxy without a user":    {[]func(*http.Request){from("10.1.2.3:99")}, 401},
		"the proxy with an empty one": {[]func(*http.Request){from("10.1.2.3:99"), header("X-Forwarded-User", " ")}, 401},
		"somebody else":               {[]func(*http.Request){from("192.0.2.1:99"), header("X-Forwarded-User", "ada")}, 401},
		"a header without a proxy":    {[]func(*http.Request){from("192.0.2.1:99"), header("X-Forwarded-User", "ada"), header("X-Forwarded-For", "10.1.2.3")}, 401},
		"two users":                   {[]func(*http.Request){from("10.1.2.3:99"), func(r *http.Request) { r.Header["X-Forwarded-User"] = []string{"ada", "eve"} }}, 401},
	} {
		if got := s.do(http.MethodGet, "/now", "", c.changes...).Code; got != c.status {
			t.Errorf("%s: %d, want %d", name, got, c.status)
		}
	}
	for _, name := range []string{"", "a b", "X:Y"} {
		if _, err := TrustedProxy(name, networks, nil); err == nil {
			t.Errorf("header %q is taken", name)
		}
	}
	if _, err := TrustedProxy("X-Forwarded-User", nil, nil); err == nil {
		t.Error("a header without a network is taken")
	}
}

func TestOnlyNamedHostsAreServed(t *testing.T) {
	t.Parallel()
	s := newSite(t, Options{Hosts: []string{"localhost", "127.0.0.1", "[::1]"}})
	for host, status := range map[string]int{"localhost:8080": 200, "LOCALHOST": 200, "127.0.0.1:1": 200, "[::1]:8080": 200, "evil.example:8080": 421, "127.0.0.1.evil.example": 421, "": 421} {
		if got := s.do(http.MethodGet, "/now", "", func(r *http.Request) { r.Host = host }).Code; got != status {
			t.Errorf("host %q: %d, want %d", host, got, status)
		}
	}
}

func TestRequestsAreLimited(t *testing.T) {
	t.Parallel()
	s := newSite(t, Options{PerMinute: 3, Access: func(r *http.Request) (Viewer, error) { return Viewer{Name: r.Header.Get("User")}, nil }})
	status := func(user, address string) int {
		return s.do(http.MethodGet, "/now", "", header("User", user), func(r *http.Request) { r.RemoteAddr = address }).Code
	}
	for range 3 {
		if got := status("ada", "192.0.2.1:1"); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
	}
	if got := status("ada", "192.0.2.2:1"); got != http.StatusTooManyRequests {
		t.Errorf("the fourth request of a user: %d", got)
	}
	if got := status("ben", "192.0.2.1:1"); got != http.StatusOK {
		t.Errorf("another user: %d", got)
	}
	s.clock = s.clock.Add(20e9)
	if got := status("ada", "192.0.2.1:1"); got != http.StatusOK {
		t.Errorf("after a third of a minute: %d", got)
	}
	for i := range 20 {
		status("user"+string(rune('a'+i)), "192.0.2.9:1")
	}
	if got := status("zoe", "192.0.2.9:1"); got != http.StatusTooManyRequests {
		t.Errorf("an address that asks for many users: %d", got)
	}
	if got := s.do(http.MethodGet, "/now?q="+strings.Repeat("x", 9000), "").Code; got != http.StatusRequestURITooLong {
		t.Errorf("a long address: %d", got)
	}
}
