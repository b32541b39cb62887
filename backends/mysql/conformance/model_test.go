package conformance

import (
	"testing"

	"github.com/processtracker/processtracker-go/conformance/modeltest"
	"github.com/processtracker/processtracker-go/conformance/servers"
)

func TestModel(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) { modeltest.Run(t, underTest(server)) })
}
