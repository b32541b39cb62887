package servers

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

//go:embed galera.sh
var galeraScript string

// galeraName is the backend name of a cluster.
const galeraName = "galera"

// The ports of the nodes within their container, and the first of the ports between the nodes.
const (
	galeraPort1, galeraPort2   = "3306", "3307"
	galeraGroup1, galeraGroup2 = "4567", "4577"
)

func galeraKind() kind {
	f := mariadbFlavour()
	return kind{
		backend: galeraName, dsnVar: GaleraDSNVar, imageVar: MariaDBImageVar, image: f.image,
		install: "start Docker, with an image of MariaDB that has Galera, as the official one, or set " + GaleraDSNVar +
			" to the nodes of a cluster that tests may use",
		timeout: mysqlTimeout, version: f.version, container: galeraContainer,
	}
}

func galeraContainer(ctx context.Context, image string) (*Server, error) {
	f, password := mariadbFlavour(), rand.Text()
	var ctr testcontainers.Container
	stop, err := startContainer(ctx, containerSpec{
		image:   image,
		secret:  password,
		timeout: mysqlTimeout,
		run: func(ctx context.Context, options ...testcontainers.ContainerCustomizer) (testcontainers.Container, error) {
			c, err := testcontainers.Run(ctx, image, append(options, f.galeraOptions(password)...)...)
			if c == nil {
				return nil, err // not c, which would be an interface that is not nil
			}
			ctr = c
			return c, err
		},
	})
	if err != nil {
		return nil, err
	}
	first, err := f.describe(ctx, ctr, galeraPort1+"/tcp", password)
	second, err2 := f.describe(ctx, ctr, galeraPort2+"/tcp", password)
	if err := errors.Join(err, err2); err != nil {
		return nil, redact(errors.Join(err, stop()), password)
	}
	first.Peers = []string{second.DSN}
	first.Provider = containerProvider + " " + image + ", two nodes"
	first.stop = stop
	return first, nil
}

// galeraOptions run the script instead of the image's server, and wait until both nodes
// accept writes.
func (f flavour) galeraOptions(password string) []testcontainers.ContainerCustomizer {
	command := append([]string{
		"bash", "-c", galeraScript, galeraName, "/var/lib/mysql", password, galeraPort1, galeraPort2, galeraGroup1, galeraGroup2,
	}, f.settings()...)
	var nodes []wait.Strategy
	for _, port := range []string{galeraPort1, galeraPort2} {
		// A node that has not joined yet answers, but refuses to read a table.
		nodes = append(nodes, &answering{f, port + "/tcp", password, "SELECT count(*) FROM mysql.global_priv"})
	}
	return []testcontainers.ContainerCustomizer{
		testcontainers.WithExposedPorts(galeraPort1+"/tcp", galeraPort2+"/tcp"),
		testcontainers.WithCmd(command...),
		testcontainers.WithWaitStrategyAndDeadline(mysqlTimeout, nodes...),
	}
}

// Settle returns when every node of a cluster has applied the changes that were made on
// the first one. All nodes apply them in the same order, each at its own pace.
func (s *Server) Settle(ctx context.Context) error {
	for _, peer := range s.Peers {
		node := &Server{DSN: peer}
		if err := node.Administer(ctx, "SET SESSION wsrep_sync_wait = 1", "SELECT count(*) FROM mysql.global_priv"); err != nil {
			return fmt.Errorf("waiting for a node: %w", err)
		}
	}
	return nil
}
