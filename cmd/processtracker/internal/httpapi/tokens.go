package httpapi

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
)

// A Client is a program that may call the server.
type Client struct {
	Name string // the actor of its changes
	Role rpc.Role
}

// Tokens maps the digests of bearer tokens to clients. Looking up a digest takes the
// same time however much of a guessed token was right.
type Tokens map[[sha256.Size]byte]Client

const (
	shortestToken = 16
	digestPrefix  = "sha256:"
)

// ReadTokens reads a file of tokens. Each line has a name, a role and a token, or the
// token's digest as sha256: and 64 hexadecimal digits. The errors contain no token.
func ReadTokens(r io.Reader) (Tokens, error) {
	tokens := Tokens{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := tokens.add(line); err != nil {
			return nil, fmt.Errorf("line %d of the tokens: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("the tokens: %w", err)
	}
	if len(tokens) == 0 {
		return nil, fmt.Errorf("the tokens: there are none, so no program could call the server; write lines such as: airflow %s TOKEN", rpc.Runner)
	}
	return tokens, nil
}

func (t Tokens) add(line string) error {
	fields := strings.Fields(line)
	if len(fields) != 3 {
		return fmt.Errorf("%d words; write a name, a role and a token, such as: airflow %s TOKEN", len(fields), rpc.Runner)
	}
	name, role, token := fields[0], rpc.Role(fields[1]), fields[2]
	if !slices.Contains(rpc.Roles(), role) {
		return fmt.Errorf("role %q is unknown; use reader, runner or operator", role)
	}
	digest := sha256.Sum256([]byte(token))
	if given, ok := strings.CutPrefix(token, digestPrefix); ok {
		read, err := hex.DecodeString(given)
		if err != nil || len(read) != sha256.Size {
			return fmt.Errorf("the digest of %q is malformed; write sha256: and the 64 digits that sha256sum prints for the token", name)
		}
		digest = [sha256.Size]byte(read)
	} else if len(token) < shortestToken {
		return fmt.Errorf("the token of %q is shorter than %d characters, and could be guessed; write a longer one, such as openssl rand -hex 32 prints", name, shortestToken)
	}
	if other, twice := t[digest]; twice {
		return fmt.Errorf("%q has the token of %q; give each a token of its own", name, other.Name)
	}
	t[digest] = Client{Name: name, Role: role}
	return nil
}

// client returns the client that a request's token belongs to.
func (t Tokens) client(r *http.Request) (Client, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return Client{}, false
	}
	c, ok := t[sha256.Sum256([]byte(strings.TrimSpace(token)))]
	return c, ok
}
