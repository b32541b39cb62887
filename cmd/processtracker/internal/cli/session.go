package cli

import (
	"context"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/session"
	"github.com/processtracker/processtracker-go/core/dialect"
)

const sessionHelp = `Serve one program, in any language, over standard input and output: the program writes
calls as lines of JSON-RPC 2.0, and reads the answers the same way. The session holds
the connection to the database and renews the leases of the program's runs.

If the input ends without a call of session.goodbye, the program's active runs fail at
once. Ctrl-C is left to the program. docs/protocol.md has the methods.
`

func (a *app) sessionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "session", Short: "Serve a program over standard input and output", Long: sessionHelp, Args: cobra.NoArgs,
		Example: `  echo '{"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"protocols":[1]}}' | processtracker session`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			stop := make(chan string, 1)
			defer a.endSession(stop)()
			return session.Serve(context.WithoutCancel(ctx), session.Config{
				In: a.env.Stdin, Out: a.env.Stdout, Stop: stop, Patience: a.env.Patience,
				Log:  slog.New(slog.NewTextHandler(a.env.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
				Open: a.openForProtocol, Lister: a.lister,
			})
		}),
	}
}

// openForProtocol opens the database, and returns its properties.
func (a *app) openForProtocol(ctx context.Context) (dialect.Backend, rpc.About, error) {
	db, err := a.database()
	if err != nil {
		return nil, rpc.About{}, err
	}
	b, err := db.Open(ctx, false)
	if err != nil {
		return nil, rpc.About{}, err
	}
	info, _ := debug.ReadBuildInfo()
	return b, rpc.About{Version: newVersionJSON(info).Version, Database: db.Name(), SchemaVersion: int64(len(b.Dialect().Migrations()))}, nil
}

// endSession ends the session on a signal, or when its parent dies, by sending the
// reason to stop. It does so until the returned function is called.
func (a *app) endSession(stop chan<- string) (done func()) {
	over := make(chan struct{})
	// Ctrl-C reaches the whole process group. The program decides how its runs end,
	// unless a person types the calls.
	interrupts, noInterrupts := catch([]os.Signal{os.Interrupt})
	ends, noEnds := catch(unlessIgnored(endSignals()))
	pipes, noPipes := catch([]os.Signal{brokenPipe()})
	// A child of the program may hold the other end of the input open.
	parent, orphans := os.Getppid(), time.NewTicker(time.Second)
	go func() {
		for {
			select {
			case <-over:
				return
			case <-pipes: // then a write fails
				continue
			case <-interrupts:
				if !a.env.Interactive {
					continue
				}
			case <-ends:
			case <-orphans.C:
				if os.Getppid() == parent {
					continue
				}
			}
			select {
			case stop <- session.Gone:
			default:
			}
		}
	}()
	return func() {
		close(over)
		noInterrupts()
		noEnds()
		noPipes()
		orphans.Stop()
	}
}
