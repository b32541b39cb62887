package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	number := func(n uint16) error {
		return &mysql.MySQLError{Number: n, Message: "Deadlock found, access denied"}
	}
	b := new(Backend)
	for want, codes := range map[dialect.Class][]uint16{
		dialect.Conflict: {
			1205, 1213, 1467, 1020, 1047, 3101, 1180, 1412, 1615, 3572, 1969, 3024, 1040, 1203, 1226, 1037, 1041, 1135, 1206, 1461, 1637,
		},
		dialect.Disconnected:     {1053, 1077, 1158, 1159, 1160, 1161, 1184, 1927, 3032, 4031},
		dialect.Unreachable:      {1129},
		dialect.Credentials:      {1045, 1130, 1698, 1820, 1862, 3118, 3955, 4150, 4151},
		dialect.Denied:           {1044, 1142, 1143, 1227, 1370},
		dialect.ReadOnly:         {1290, 1792, 1836},
		dialect.Duplicate:        {1062, 1586},
		dialect.Reference:        {1451, 1452},
		dialect.TooLarge:         {1153, 1301, 1118},
		dialect.TransactionEnded: {1305},
		dialect.Other:            {0, 1064, 1146, 1049, 3159},
	} {
		for _, code := range codes {
			for _, err := range []error{number(code), fmt.Errorf("start: %w", number(code)), errors.Join(errors.New("first"), number(code))} {
				if got := b.Classify(err); got != want {
					t.Errorf("%v is %v, want %v", err, got, want)
				}
			}
		}
	}
	for _, c := range []struct {
		err  error
		want dialect.Class
	}{
		{io.EOF, dialect.Disconnected}, {driver.ErrBadConn, dialect.Disconnected}, {mysql.ErrInvalidConn, dialect.Disconnected},
		{&net.OpError{Op: "read", Err: io.EOF}, dialect.Disconnected}, {&net.OpError{Op: "dial", Err: io.EOF}, dialect.Unreachable},
		{sql.ErrTxDone, dialect.TransactionEnded}, {mysql.ErrPktTooLarge, dialect.TooLarge}, {errPacket, dialect.TooLarge},
		{prepared(string(make([]byte, ownBytes)), nil, number(1064)), dialect.TooLarge}, {fmt.Errorf("%w: %w", context.Canceled, io.EOF), dialect.Other},
		{context.Canceled, dialect.Other}, {errors.New("deadlock"), dialect.Other}, {nil, dialect.Other},
	} {
		if got := b.Classify(c.err); got != c.want {
			t.Errorf("%v is %v, want %v", c.err, got, c.want)
		}
	}
	galera := &Backend{traits: traits{galera: true}}
	if got := galera.Classify(number(1062)); got != dialect.Conflict {
		t.Errorf("on Galera a name that is there already is %v", got)
	}
}

func TestErrorsOfOpeningSayWhatToDo(t *testing.T) {
	t.Parallel()
	for number, want := range map[uint16]string{1129: "FLUSH HOSTS", 3159: "tls=true", 1045: "--password-command", 1049: "no such database", 1064: "1064"} {
		if err := explain(&mysql.MySQLError{Number: number}); !strings.Contains(err.Error(), want) {
			t.Errorf("%d: %v, want %s in it", number, err, want)
		}
	}
	if !errors.Is(explain(&mysql.MySQLError{Number: 3118}), dialect.ErrCredentials) {
		t.Error("a locked account is not ErrCredentials")
	}
}
