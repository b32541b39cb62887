package suite

import (
	"errors"
	"testing"

	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func setupCases() []Case {
	return []Case{
		{"S8.5 a database that was never set up is told so, and is left as it is", neverSetUp},
		{"S9.1 setting up again changes nothing", setUpAgain},
	}
}

func neverSetUp(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	_, err := tracker.New(ctx, b)
	var schema *tracker.SchemaError
	if !errors.Is(err, tracker.ErrNotSetUp) || !errors.As(err, &schema) || schema.Have != 0 || schema.Want < 1 {
		t.Fatalf("New on an empty database: %v", err)
	}
	if have, _, err := setup.Version(ctx, b); err != nil || have != 0 {
		t.Errorf("after that the version is %d, %v", have, err)
	}
}

func setUpAgain(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	first, err := setup.Run(ctx, b)
	if err != nil || first.From != 0 || first.To < 1 {
		t.Fatalf("first: %+v, %v", first, err)
	}
	second, err := setup.Run(ctx, b)
	if err != nil || second.From != first.To || second.To != first.To {
		t.Fatalf("second: %+v, %v", second, err)
	}
}
