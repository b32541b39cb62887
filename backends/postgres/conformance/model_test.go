package conformance

import (
	"testing"

	"github.com/processtracker/processtracker-go/conformance/modeltest"
)

func TestModel(t *testing.T) { modeltest.Run(t, underTest(start(t))) }
