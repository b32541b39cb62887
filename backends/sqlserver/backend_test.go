package sqlserver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestParseDSN(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string][6]string{
		"sqlserver://u:p@h:1434?database=d&schema=etl_meta":          {"h", "", "u", "p", "d", "etl_meta"},
		"sqlserver://u@h/instance?database=d":                        {"h", "instance", "u", "", "d", ""},
		"sqlserver://u:%40%3A%2F%25%20%23%3F@h?database=d%20e":       {"h", "", "u", "@:/% #?", "d e", ""},
		"sqlserver://u@[::1]:1433?database=d&schema=a%20b":           {"::1", "", "u", "", "d", "a b"},
		"sqlserver://h?database=d&user+id=u&password=p&encrypt=true": {"h", "", "u", "p", "d", ""},
	} {
		config, schema, err := ParseDSN(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		if got := [6]string{config.Host, config.Instance, config.User, config.Password, config.Database, schema}; got != want {
			t.Errorf("%s: %q, want %q", dsn, got, want)
		}
	}
}

// TestParseDSNSetsWhatIsNeeded gives the parameters that would get in the way.
func TestParseDSNSetsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	config, _, err := ParseDSN("sqlserver://h?database=d&timezone=Asia%2FKolkata&dial+timeout=3")
	if err != nil {
		t.Fatal(err)
	}
	if config.Encoding.Timezone != time.UTC || config.DialTimeout != 3*time.Second || config.AppName != "ProcessTracker" {
		t.Errorf("time zone %v, time-out %v, application %q", config.Encoding.Timezone, config.DialTimeout, config.AppName)
	}
	config, _, err = ParseDSN("sqlserver://h?database=d&app+name=nightly")
	if err != nil || config.DialTimeout != connectTimeout || config.AppName != "nightly" {
		t.Errorf("time-out %v, application %q, %v", config.DialTimeout, config.AppName, err)
	}
}

// TestNoPasswordIsShown writes passwords in ways in which they end up elsewhere in
// the URL.
func TestNoPasswordIsShown(t *testing.T) {
	t.Parallel()
	port := closedPort(t)
	for _, password := range []string{
		"geheim", "geheim@geheim", "geheim:geheim", "geheim/geheim", "geheim%geheim", "geheim geheim", "geheim#geheim?geheim",
		"123/geheim", "123?geheim", "123#geheim", "/geheim", "@geheim", `geheim\geheim`, "geheim\ngeheim", "geheim[geheim]", "ge%zzheim",
	} {
		for _, dsn := range []string{
			"sqlserver://u:" + password + "@" + port + "?database=d", "sqlserver://u:" + url.QueryEscape(password) + "@" + port + "?database=d",
			"sqlserver://u:" + password + "@" + port, "sqlserver://" + port + "?database=d&user+id=u&password=" + password,
			"server=h;user id=u;password=" + password, "sqlserver:u:" + password + "@" + port,
		} {
			b, err := Open(t.Context(), dsn, nil)
			if err == nil {
				_ = b.Close()
				t.Errorf("%q: no error", dsn)
			} else if strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "zzheim") {
				t.Errorf("%q: the error shows it: %v", dsn, err)
			}
		}
	}
}

func TestDSNsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"", "sqlserver", "sqlserver:h", "mssql://h?database=d", "sqlserver://h", "sqlserver://?database=d", "sqlserver://h:port?database=d",
		"sqlserver://h?database=d&%zz", "sqlserver://h?database=d&encrypt=nonsense", "sqlserver://h?database=d&database=e", "sqlserver://h?database=d#e", "sqlserver://h?database=d#",
	} {
		if _, _, err := ParseDSN(dsn); !errors.Is(err, dialect.ErrDSN) {
			t.Errorf("%q: %v", dsn, err)
		}
	}
}

// closedPort is an address without a server.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return address
}

// TestALoginThatIsNotAnsweredEnds has a server that takes calls and says nothing.
func TestALoginThatIsNotAnsweredEnds(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	config, _, err := ParseDSN("sqlserver://" + l.Addr().String() + "?database=d&dial+timeout=1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = connector{config: config}.Connect(t.Context())
	if class := new(Backend).Classify(err); class != dialect.Unreachable {
		t.Errorf("after its time-out: %v, %v", class, err)
	}
	config.DialTimeout = time.Hour
	soon, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err = (connector{config: config}).Connect(soon); err == nil || soon.Err() == nil {
		t.Errorf("when its context has ended: %v", err)
	}
}

// TestAFailoverPartnerHasATimeOutOfItsOwn has a server that says nothing, and a partner
// that must be called all the same.
func TestAFailoverPartnerHasATimeOutOfItsOwn(t *testing.T) {
	t.Parallel()
	called := make(chan struct{}, 1)
	listen := func(take func(net.Conn)) string {
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				take(conn)
			}
		}()
		return l.Addr().String()
	}
	silent := listen(func(conn net.Conn) { t.Cleanup(func() { _ = conn.Close() }) })
	_, port, err := net.SplitHostPort(listen(func(conn net.Conn) {
		_ = conn.Close()
		called <- struct{}{}
	}))
	if err != nil {
		t.Fatal(err)
	}
	config, _, err := ParseDSN("sqlserver://" + silent + "?database=d&failoverpartner=localhost&failoverport=" + port)
	if err != nil {
		t.Fatal(err)
	}
	config.DialTimeout = 2 * time.Second
	asked := 0
	login := connector{config: config, ask: func(context.Context) (string, error) {
		asked++
		return "geheim", nil
	}}
	if login.longest() != 2*config.DialTimeout {
		t.Errorf("making a connection may take %v", login.longest())
	}
	if _, err := login.Connect(t.Context()); new(Backend).Classify(err) != dialect.Unreachable { // the first one's error
		t.Errorf("neither answers: %v", err)
	}
	<-called
	if asked != 2 {
		t.Errorf("asked for the password %d times, want once for each server", asked)
	}
}

func TestNoPasswordIsUnreachable(t *testing.T) {
	t.Parallel()
	broken := errors.New("the vault is sealed")
	config, _, err := ParseDSN("sqlserver://" + closedPort(t) + "?database=d")
	if err != nil {
		t.Fatal(err)
	}
	_, err = connector{config: config, ask: func(context.Context) (string, error) { return "", broken }}.Connect(t.Context())
	if new(Backend).Classify(err) != dialect.Unreachable || !errors.Is(err, broken) || !errors.Is(err, dialect.ErrPassword) {
		t.Errorf("no password can be had: %v", err)
	}
}

func TestConnectionsAreEncryptedUnlessTheDSNSaysOtherwise(t *testing.T) {
	t.Parallel()
	for parameters, want := range map[string]msdsn.Encryption{
		"": msdsn.EncryptionRequired, "&encrypt=true": msdsn.EncryptionRequired, "&Encrypt=strict": msdsn.EncryptionStrict,
		"&encrypt=disable": msdsn.EncryptionDisabled, "&encrypt=false": msdsn.EncryptionOff, "&TrustServerCertificate=true": msdsn.EncryptionRequired,
	} {
		config, _, err := ParseDSN("sqlserver://h?database=d" + parameters)
		if err != nil || config.Encryption != want {
			t.Errorf("%q: %v, %v, want %v", parameters, config.Encryption, err, want)
			continue
		}
		trusts := strings.Contains(parameters, "Trust")
		if want == msdsn.EncryptionRequired && (config.TrustServerCertificate != trusts || config.TLSConfig.InsecureSkipVerify != trusts) {
			t.Errorf("%q: any certificate is taken: %t", parameters, config.TLSConfig.InsecureSkipVerify)
		}
	}
}

// TestEntraIDByAccessToken refuses the ways that need Azure's library, with which the
// driver would otherwise log in by user and password.
func TestEntraIDByAccessToken(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"ActiveDirectoryDefault", "ActiveDirectoryMSI", "activedirectorypassword"} {
		_, _, err := ParseDSN("sqlserver://h?database=d&fedauth=" + way)
		if !errors.Is(err, dialect.ErrDSN) || !strings.Contains(err.Error(), way) || !strings.Contains(err.Error(), byToken) {
			t.Errorf("%s: %v", way, err)
		}
	}
	config, _, err := ParseDSN("sqlserver://h?database=d&FedAuth=" + byToken)
	if err != nil {
		t.Fatal(err)
	}
	for _, ask := range []dialect.Ask{nil, func(context.Context) (string, error) { return "token", nil }} {
		if login, err := (connector{config: config, ask: ask}).authenticated(t.Context(), config); err != nil || login == nil {
			t.Errorf("by a token: %v", err)
		}
	}
}

func TestClassify(t *testing.T) {
	t.Parallel()
	number := func(all ...int32) error {
		e := mssql.Error{Number: all[len(all)-1]}
		for _, n := range all {
			e.All = append(e.All, mssql.Error{Number: n})
		}
		return e
	}
	b := new(Backend)
	for _, c := range []struct {
		err  error
		want dialect.Class
	}{
		{number(1205), dialect.Conflict},
		{number(1222), dialect.Conflict},
		{number(3960), dialect.Conflict},
		{number(3961), dialect.Conflict},
		{number(2801), dialect.Conflict},
		{number(2801, 3621), dialect.Conflict},
		{number(2627), dialect.Duplicate},
		{number(2601, 3621), dialect.Duplicate},
		{raced(dialect.Stmt{Kind: dialect.Insert}, number(2627)), dialect.Conflict},
		{raced(dialect.Stmt{Kind: dialect.Update}, number(2627)), dialect.Duplicate},
		{raced(dialect.Stmt{Kind: dialect.Insert}, number(547)), dialect.Reference},
		{number(229), dialect.Denied},
		{number(4060, 18456), dialect.Unreachable},
		{number(10054), dialect.Disconnected},
		{number(596), dialect.Disconnected},
		{number(547, 3621), dialect.Reference},
		{number(208), dialect.Other},
		{io.ErrUnexpectedEOF, dialect.Disconnected},
		{driver.ErrBadConn, dialect.Disconnected},
		{mssql.StreamError{InnerError: io.EOF}, dialect.Disconnected},
		{&net.OpError{Op: "read", Err: io.EOF}, dialect.Disconnected},
		{&net.OpError{Op: "dial", Err: io.EOF}, dialect.Unreachable},
		{context.Canceled, dialect.Other},
		{fmt.Errorf("%w: %w", context.Canceled, dialect.ErrUnsettled), dialect.Disconnected},
		{errors.New("deadlock"), dialect.Other},
		{number(40613), dialect.Disconnected}, {fmt.Errorf("%w: %w", errLogin, number(40613)), dialect.Unreachable},
		{number(40197), dialect.Disconnected}, {fmt.Errorf("%w: %w", errLogin, number(40197)), dialect.Unreachable},
	} {
		if got := b.Classify(fmt.Errorf("wrapped: %w", c.err)); got != c.want {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
	for want, codes := range map[dialect.Class][]int32{
		dialect.Conflict:         {1204, 701, 8651, 8645, 8628, 10928, 10929, 10936, 40501, 49918, 49919, 49920, 41301, 41839},
		dialect.Unreachable:      {976, 983, 4060, 4221},
		dialect.ReadOnly:         {3906, 978},
		dialect.TransactionEnded: {628, 3998, 6401, 3902, 3930},
		dialect.Credentials:      {18452, 18456, 18470, 18486, 18487, 18488, 40532, 40615},
	} {
		for _, code := range codes {
			if got := b.Classify(number(code)); got != want {
				t.Errorf("%d is %v, want %v", code, got, want)
			}
		}
	}
	for code, wakes := range map[int32]bool{40613: true, 40197: true, 4221: true, 10928: true, 18456: false, 4060: false} {
		if waking(fmt.Errorf("%w: %w", errLogin, number(code))) != wakes {
			t.Errorf("%d: waited for: %t", code, !wakes)
		}
	}
	if err := explain(number(18456)); !errors.Is(err, dialect.ErrCredentials) {
		t.Errorf("a login that failed: %v", err)
	}
	if !errors.Is(explain(number(4060, 18456)), dialect.ErrNoDatabase) || errors.Is(explain(number(18456)), dialect.ErrNoDatabase) {
		t.Error("a database that is not there is not told from a login that failed")
	}
}

// TestTextCountsPlaceholdersOn joins statements that each count from one.
func TestTextCountsPlaceholdersOn(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.FixedZone("", 3600))
	read := func(dialect.Row) error { return nil }
	statement, args := text{begin: true, mark: []byte("mark"), steps: []*dialect.Step{
		{Stmt: dialect.Stmt{Between: []string{"UPDATE [t @ x] SET a = ", ", b = ", ""}, Args: []any{"a", at}}},
		{Stmt: dialect.Stmt{Between: []string{"SELECT ", ", ", ""}, Args: []any{int64(1), (*string)(nil)}}, Row: read},
	}}.join()
	want := "SET NOCOUNT ON;\nSET XACT_ABORT ON;\nSET TRANSACTION ISOLATION LEVEL READ COMMITTED;\nBEGIN TRANSACTION;\n" +
		"UPDATE [t @ x] SET a = @p1, b = @p2;\nSELECT @@ROWCOUNT;\nSELECT @p3, @p4;\nSET CONTEXT_INFO @p5;\nCOMMIT TRANSACTION;\nSET NOCOUNT OFF"
	if statement != want {
		t.Errorf("%s\nwant\n%s", statement, want)
	}
	utc := civil.DateTimeOf(time.Date(2026, 1, 2, 2, 4, 5, 6000, time.UTC))
	if len(args) != 5 || args[0] != "a" || args[1] != utc || args[2] != int64(1) || args[3] != (sql.NullString{}) {
		t.Errorf("arguments: %v", args)
	}
}

// TestTextSendsALongValueOnce has rows travel with two statements.
func TestTextSendsALongValueOnce(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long", 1000)
	statement, args := text{steps: []*dialect.Step{
		{Stmt: dialect.Stmt{Between: []string{"UPDATE t SET a = ", ", b = ", ""}, Args: []any{"a", long}}},
		{Stmt: dialect.Stmt{Between: []string{"UPDATE u SET a = ", ", b = ", ", c = ", ""}, Args: []any{long, "a", ""}}},
	}}.join()
	want := "SET NOCOUNT ON;\nUPDATE t SET a = @p1, b = @p2;\nSELECT @@ROWCOUNT;\nUPDATE u SET a = @p2, b = @p3, c = @p4;\nSELECT @@ROWCOUNT;\nSET NOCOUNT OFF"
	if statement != want || !slices.Equal(args, []any{"a", long, "a", ""}) {
		t.Errorf("%s, %d arguments", statement, len(args))
	}
}

func TestChunks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ given, want []int }{
		{[]int{1}, []int{1}},
		{[]int{1000, 1000}, []int{2}},
		{[]int{1000, 1001}, []int{1, 1}},
		{[]int{1500, 400, 200, 1900, 5}, []int{2, 1, 2}},
		{[]int{3000, 1}, []int{1, 1}},
	} {
		var steps []*dialect.Step
		for _, n := range c.given {
			steps = append(steps, &dialect.Step{Stmt: dialect.Stmt{Args: make([]any, n)}})
		}
		var got []int
		for _, chunk := range chunks(steps) {
			got = append(got, len(chunk))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.given, got, c.want)
		}
	}
}
