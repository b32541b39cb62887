package conformance

import (
	"testing"

	"github.com/processtracker/processtracker-go/conformance/suite"
)

func TestPlaces(t *testing.T) { suite.RunPlaces(t, underTest(start(t))) }
