package conformance

import (
	"testing"

	"github.com/processtracker/processtracker-go/conformance/linearize"
	"github.com/processtracker/processtracker-go/conformance/servers"
)

func TestLinearize(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) { linearize.Run(t, underTest(server)) })
}
