package conformance

import (
	"testing"

	"github.com/processtracker/processtracker-go/conformance/linearize"
)

func TestLinearize(t *testing.T) { linearize.Run(t, underTest()) }
