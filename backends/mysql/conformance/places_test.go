package conformance

import (
	"testing"

	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

func TestPlaces(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) { suite.RunPlaces(t, underTest(server)) })
}
