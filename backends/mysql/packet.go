package mysql

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/core/dialect"
)

const (
	// driverPacket is the most bytes that the driver sends, unless its configuration
	// says otherwise.
	driverPacket = 64 << 20
	// leastPacket is how many bytes the tracker's statements need, with the largest
	// user data that is not divided.
	leastPacket = 64 << 10
	// ownBytes is room for statements without their arguments.
	ownBytes = 32 << 10
)

// MostBytes implements [dialect.Backend]: each byte may be escaped by another.
func (b *Backend) MostBytes() int {
	if b == nil || b.traits.packet == 0 {
		return ownBytes // nothing is sent: it was not opened
	}
	return (b.traits.packet - ownBytes) / 2
}

// packets divides steps so that the text of each part fits a packet. A larger step
// becomes a part of its own, for the server to refuse.
func packets(steps []*dialect.Step, packet int) [][]*dialect.Step {
	var all [][]*dialect.Step
	first, size := 0, 0
	sent := map[string]bool{}
	for i, s := range steps {
		n := textBytes(s, sent)
		if size += n; size > packet-ownBytes/2 && i > first {
			clear(sent)
			all, first, size = append(all, steps[first:i]), i, textBytes(s, sent)
		}
	}
	return append(all, steps[first:])
}

// textBytes is how many bytes a step may add to a text in which others were sent.
func textBytes(s *dialect.Step, sent map[string]bool) int {
	const short = 64 // of an argument that is not text, or what stands around one
	size := len(s.SQL) + short
	for _, arg := range s.Args {
		size += short
		if text, ok := arg.(string); ok && !sent[text] {
			size += 2 * len(text)
			sent[text] = len(text) > longText
		}
	}
	return size
}

// errPacket is the error for a text that the driver refuses to send.
var errPacket = errors.New("more than the driver sends at once; raise maxAllowedPacket in the pool's DSN")

// prepared recognizes the error for a text that is larger than the driver sends. The
// driver then tries to prepare it instead, and the server reports a text of several
// statements as a syntax error.
func prepared(query string, args []any, err error) error {
	const syntax = 1064 // ER_PARSE_ERROR
	var e *mysql.MySQLError
	ok := errors.As(err, &e)
	size := len(query)
	for _, arg := range args {
		if text, isText := arg.(string); isText {
			size += len(text)
		}
	}
	if !ok || e.Number != syntax || size < ownBytes {
		return err
	}
	return fmt.Errorf("%w: %w", errPacket, err)
}

func sendPackets(ctx context.Context, c dialect.Conn, steps []*dialect.Step) error {
	if b, ok := c.(dialect.Batcher); ok {
		return b.Batch(ctx, steps)
	}
	return errors.New("a transaction that accepts no batches")
}
