package sqlserver

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"io"
	"net"
	"testing"
	"unicode/utf16"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// wide is a text as it travels.
func wide(text string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}

// message reads a message of the protocol: packets of eight bytes and their content; the last one is marked.
func message(r io.Reader) (kind byte, all []byte, err error) {
	for {
		header := make([]byte, 8)
		if _, err := io.ReadFull(r, header); err != nil {
			return 0, nil, err
		}
		content := make([]byte, binary.BigEndian.Uint16(header[2:])-8)
		if _, err := io.ReadFull(r, content); err != nil {
			return 0, nil, err
		}
		all = append(all, content...)
		if header[1]&1 == 1 {
			return header[0], all, nil
		}
	}
}

func answerWith(w io.Writer, content ...byte) error {
	header := []byte{4, 1, 0, 0, 0, 0, 1, 0}
	binary.BigEndian.PutUint16(header[2:], uint16(8+len(content)))
	_, err := w.Write(append(header, content...))
	return err
}

// listen is a server that lets one client in, and gives what it is asked first.
func listen(t *testing.T) (address string, asked <-chan []byte) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	calls := make(chan []byte, 1)
	go func() {
		defer close(calls)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		done := make([]byte, 13)
		done[0] = 0xfd
		for {
			kind, said, err := message(conn)
			if err != nil {
				return
			}
			switch kind {
			case 0x12: // before the login: the version, and no encryption
				err = answerWith(conn, 0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2)
			case 0x10: // the login
				err = answerWith(conn, append([]byte{0xad, 10, 0, 1, 0x74, 0, 0, 4, 0, 16, 0, 0, 0}, done...)...)
			default:
				calls <- append([]byte{kind}, said...)
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return l.Addr().String(), calls
}

// The driver takes a text of one word for the name of a procedure, and sends its arguments
// without names: the first two are those of sp_executesql, the others the parameters.
func TestAStatementIsACallOfSPExecuteSQL(t *testing.T) {
	t.Parallel()
	address, asked := listen(t)
	config, _, err := ParseDSN("sqlserver://me:secret@" + address + "?database=d&encrypt=disable")
	if err != nil {
		t.Fatal(err)
	}
	pool := sql.OpenDB(mssql.NewConnectorConfig(config))
	t.Cleanup(func() { _ = pool.Close() })
	update := dialect.Stmt{Name: "update", SQL: "UPDATE t SET a = @p1 WHERE b = @p2", Args: []any{"", int64(1)}, Kind: dialect.Update}
	_, exec := newConn(pool).Exec(t.Context(), update) // it hangs up
	call := <-asked
	if len(call) < 5 {
		t.Fatalf("it was asked nothing: %v", exec)
	}
	said := call[1+binary.LittleEndian.Uint32(call[1:]):] // after its headers
	name := wide("sp_executesql")
	want := append(append([]byte{byte(len(name) / 2), 0}, name...), 0, 0, 0) // no options, and an argument without a name
	if call[0] != 3 || !bytes.HasPrefix(said, want) {
		t.Errorf("a message of kind %d begins %q, want a call, %q", call[0], said[:min(len(said), len(want))], want)
	}
	for _, text := range []string{"SET NOCOUNT ON;\nUPDATE t SET a = @p1 WHERE b = @p2;\nSELECT @@ROWCOUNT", "@p1 nvarchar(4000),@p2 bigint"} {
		if !bytes.Contains(said, wide(text)) {
			t.Errorf("it does not say %q", text)
		}
	}
	if bytes.Contains(said, wide("nvarchar(max)")) {
		t.Error("an empty text is declared without a limit")
	}
}
