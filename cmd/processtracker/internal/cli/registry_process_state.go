package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// stateFields are the fields for a process's state in relation to the others.
func stateFields() []resourceField {
	return []resourceField{
		{name: "state", listed: true}, {name: "blocked_by", kind: listField, listed: true}, {name: "refusals", kind: listField},
	}
}

// narrowProcesses adds the flags that select the processes to list: all, or those with
// one of the given properties.
func narrowProcesses(flags *pflag.FlagSet) func(record) bool {
	var which processSelection
	flags.BoolVar(&which.held, "held", false, "only processes that are on hold")
	flags.BoolVar(&which.blocked, "blocked", false, "only processes that cannot start because of a process that they depend on")
	flags.BoolVar(&which.failed, "failed", false, "only processes whose latest run failed")
	flags.BoolVar(&which.running, "running", false, "only processes with an active run")
	var kind, tool, frequency string
	flags.StringVar(&kind, "type", "", "only processes of this type")
	flags.StringVar(&tool, "tool", "", "only processes that are written in this")
	flags.StringVar(&frequency, "frequency", "", "only processes that run this often, such as daily")
	return func(rec record) bool {
		if kind != "" && rec["type"] != kind || tool != "" && rec["tool"] != tool || frequency != "" && rec["frequency"] != frequency {
			return false
		}
		blockers, _ := rec["blocked_by"].([]string)
		return which == processSelection{} || which.held && rec["on_hold"] == true || which.blocked && len(blockers) > 0 ||
			which.failed && rec["status"] == string(tracker.Failed) || which.running && rec["active"] == true
	}
}

// surveyedRecords yields all processes with their states, in the order of a list.
func surveyedRecords(ctx context.Context, t *tracker.Tracker, limit int) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		s, err := surveyOf(ctx, t)
		if err != nil {
			yield(nil, err)
			return
		}
		n := 0
		for one := range s.list(processSelection{}) {
			rec := processRecord(one.ProcessInfo)
			rec["state"], rec["blocked_by"], rec["active"] = one.state, append([]string{}, one.blockers...), one.Active
			if !yield(rec, nil) {
				return
			}
			if n++; n == limit {
				return
			}
		}
	}
}

// explain adds the state of one process, and its last refused starts.
func (rec record) explain(ctx context.Context, t *tracker.Tracker, p tracker.ProcessInfo) error {
	found, err := t.Explain(ctx, p.Name, nil)
	if err != nil {
		return err
	}
	blockers := []string{}
	var blocked *tracker.BlockedError
	if errors.As(found.Refusal, &blocked) {
		for _, parent := range blocked.Parents {
			blockers = append(blockers, parent.Process)
		}
	}
	state := (&survey{}).of(p).state
	if len(blockers) > 0 && (p.RunNumber == 0 || p.Status == tracker.Completed) {
		state = stateBlocked
	}
	rec["state"], rec["blocked_by"] = state, blockers
	refused := []string{}
	for r, err := range t.Refusals(ctx, tracker.RefusalFilter{Process: p.Name, Limit: lastRefusals}) {
		if err != nil {
			return err
		}
		refused = append(refused, fmt.Sprintf("%v, %s of %s, the last at %s", r.Reason, counted(r.Times, "start", "starts"), r.Actor, r.Last.UTC().Format(momentLayout)))
	}
	rec["refusals"] = refused
	return nil
}

// only yields the records that the filter accepts.
func only(list iter.Seq2[record, error], keep func(record) bool) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for rec, err := range list {
			if (err != nil || keep(rec)) && !yield(rec, err) {
				return
			}
		}
	}
}
