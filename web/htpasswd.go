package web

import (
	"bufio"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// Htpasswd returns an [Access] that asks for a name and a password. It compares them with
// a file in the format of "htpasswd -B": each line is "name:$2y$…", with a bcrypt hash.
// Any other hash is an error. Htpasswd reads the file again when it has changed; if it
// cannot read it, it lets no user in. may returns the actions of a user; nil means none.
//
// Passwords travel with every request: serve it over TLS, or only on this machine.
func Htpasswd(path string, may func(user string) []Action) (Access, error) {
	h := &htpasswd{path: path, may: may, verified: map[[sha256.Size]byte]time.Time{}, checks: make(chan struct{}, checksAtOnce)}
	if _, err := rand.Read(h.key[:]); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.load(); err != nil {
		return nil, err
	}
	return h.access, nil
}

const (
	verifiedFor  = 5 * time.Minute // until a password is hashed again, which is slow on purpose
	mostVerified = 1000
	checksAtOnce = 2 // hashes computed at a time
	mostPassword = 72
)

type htpasswd struct {
	path   string
	may    func(string) []Action
	checks chan struct{}
	key    [sha256.Size]byte

	mu       sync.Mutex
	users    map[string][]byte
	stat     fileStat
	verified map[[sha256.Size]byte]time.Time // a digest of name, hash and password, and the time of the check
}

// fileStat identifies a version of the file.
type fileStat struct {
	size     int64
	modified time.Time
}

// load reads the file if it has changed.
func (h *htpasswd) load() error {
	info, err := os.Stat(h.path)
	if err != nil {
		return fmt.Errorf("read users: %w", err)
	}
	stat := fileStat{info.Size(), info.ModTime()}
	if h.users != nil && stat == h.stat {
		return nil
	}
	file, err := os.Open(h.path)
	if err != nil {
		return fmt.Errorf("read users: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	users := map[string][]byte{}
	lines := bufio.NewScanner(file)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, hash, ok := strings.Cut(line, ":")
		if !ok || name == "" {
			return fmt.Errorf("%s, line %d: not a name and a hash; write the line with: htpasswd -B FILE NAME", h.path, number)
		}
		if _, err := bcrypt.Cost([]byte(hash)); err != nil {
			return fmt.Errorf("%s, line %d: the hash of user %q is not bcrypt's; write the line with: htpasswd -B FILE NAME", h.path, number, name)
		}
		users[name] = []byte(hash)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read users: %w", err)
	}
	if len(users) == 0 {
		return fmt.Errorf("%s has no users; add one with: htpasswd -B FILE NAME", h.path)
	}
	h.users, h.stat = users, stat
	return nil
}

// hash returns the hash of a user, and whether the user exists.
func (h *htpasswd) hash(name string) ([]byte, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.load(); err != nil {
		return nil, false, err
	}
	hash, ok := h.users[name]
	if !ok { // an unknown name takes as long as a wrong password
		for _, other := range h.users {
			return other, false, nil
		}
	}
	return hash, ok, nil
}

func (h *htpasswd) access(r *http.Request) (Viewer, error) {
	unknown := &ChallengeError{`Basic realm="ProcessTracker", charset="UTF-8"`}
	name, password, ok := r.BasicAuth()
	if !ok || len(password) > mostPassword {
		return Viewer{}, unknown
	}
	hash, known, err := h.hash(name)
	if err != nil {
		return Viewer{}, err
	}
	right, err := h.right(r, name, password, hash)
	if err != nil {
		return Viewer{}, err
	}
	if !known || !right {
		return Viewer{}, unknown
	}
	return viewer(name, h.may), nil
}

// errBusy is returned if a request ends while it waits to have its password checked.
var errBusy = errors.New("too many passwords to check")

// right reports whether the password matches the hash. It remembers a match for a
// while, as a digest with a key of this process.
func (h *htpasswd) right(r *http.Request, name, password string, hash []byte) (bool, error) {
	mac := hmac.New(sha256.New, h.key[:])
	mac.Write([]byte(name + "\x00" + string(hash) + "\x00" + password))
	digest := [sha256.Size]byte(mac.Sum(nil))
	h.mu.Lock()
	at, ok := h.verified[digest]
	h.mu.Unlock()
	if ok && time.Since(at) < verifiedFor {
		return true, nil
	}
	select {
	case h.checks <- struct{}{}:
		defer func() { <-h.checks }()
	case <-r.Context().Done():
		return false, errBusy
	}
	if bcrypt.CompareHashAndPassword(hash, []byte(password)) != nil {
		return false, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.verified) >= mostVerified {
		clear(h.verified)
	}
	h.verified[digest] = time.Now()
	return true, nil
}
