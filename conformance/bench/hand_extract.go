package bench

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// The IDs of the extracts' statuses, which are the same in every database.
const (
	readyID   = 2
	loadingID = 3
	loadedID  = 4
)

// key returns the key by which the tracker finds a name.
func key(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

// registerByHand registers the subject's file as ready.
func (p *place) registerByHand(s *subject) []Statement {
	const (
		extract = `INSERT INTO {extract} (location_id, name, name_key, status_id, file_type_id, registered_by, process_id, registered_at, status_changed_at)
			SELECT ?, ?, ?, 2, 1, id, process_id, {now}, {now} FROM {run} WHERE token_digest = ?`
		link    = `INSERT INTO {run_extract} (run_id, extract_id, status_id, linked_at, status_changed_at) `
		history = `INSERT INTO {status_history} (process_id, run_id, extract_id, to_status, actor_id, changed_at) `
	)
	if p.single() {
		return []Statement{p.statement(`WITH e AS (`+extract+` RETURNING id, registered_by, registered_at),
			l AS (`+link+`SELECT registered_by, id, 2, {now}, {now} FROM e)
			`+history+`SELECT ?, registered_by, id, 'ready', ?, registered_at FROM e`,
			s.location, s.file, key(s.file), s.digest, s.processID, p.actor)}
	}
	const from = ` FROM {extract} WHERE location_id = ? AND name_key = ?`
	return []Statement{
		p.statement(extract, s.location, s.file, key(s.file), s.digest),
		p.statement(link+`SELECT registered_by, id, 2, {now}, {now}`+from, s.location, key(s.file)),
		p.statement(history+`SELECT ?, registered_by, id, 'ready', ?, registered_at`+from, s.processID, p.actor, s.location, key(s.file)),
	}
}

// moveByHand changes the status of the subject's extract, for the run that registered
// it. While the extract is loading, it belongs to the run, and becomes ready again if
// the run fails.
func (p *place) moveByHand(s *subject, from, to string, id int64) []Statement {
	const (
		extract = `UPDATE {extract} SET status_id = ?, status_changed_at = {now}, claimed_by = ?, claim_return_id = ? WHERE id = ?`
		link    = `UPDATE {run_extract} SET status_id = ?, status_changed_at = {now} WHERE run_id = (SELECT id FROM {run} WHERE token_digest = ?) AND extract_id = ?`
		history = `INSERT INTO {status_history} (process_id, run_id, extract_id, from_status, to_status, actor_id, changed_at)
			SELECT process_id, id, ?, ?, ?, actor_id, {now} FROM {run} WHERE token_digest = ?`
	)
	var run, back any
	if id == loadingID {
		run, back = s.runID, readyID
	}
	if p.single() {
		return []Statement{p.statement(`WITH e AS (`+extract+`), l AS (`+link+`) `+strings.Replace(history, "?", "CAST(? AS bigint)", 1),
			id, run, back, s.extract, id, s.digest, s.extract, s.extract, from, to, s.digest)}
	}
	return []Statement{
		p.statement(extract, id, run, back, s.extract),
		p.statement(link, id, s.digest, s.extract),
		p.statement(history, s.extract, from, to, s.digest),
	}
}

// claimByHand moves the subject's known extracts from ready to loading.
func (p *place) claimByHand(s *subject) []Statement {
	const (
		extract = `UPDATE {extract} SET status_id = 3, status_changed_at = {now}, claimed_by = ?, claim_return_id = 2 WHERE id `
		link    = `INSERT INTO {run_extract} (run_id, extract_id, status_id, linked_at, status_changed_at) `
		history = `INSERT INTO {status_history} (process_id, run_id, extract_id, from_status, to_status, actor_id, changed_at) `
	)
	if p.single() {
		return []Statement{
			p.statement(extract+`= ANY (?)`, s.runID, s.ids),
			p.statement(link+`SELECT ?, id, 3, {now}, {now} FROM unnest(?::bigint[]) AS id`, s.runID, s.ids),
			p.statement(history+`SELECT ?, ?, id, 'ready', 'loading', ?, {now} FROM unnest(?::bigint[]) AS id`, s.processID, s.runID, p.actor, s.ids),
		}
	}
	known := "IN (" + placeholders(len(s.ids)) + ")"
	with := func(first ...any) []any { return append(first, arguments(s.ids)...) }
	const from = ` FROM {extract} WHERE id `
	return []Statement{
		p.statement(extract+known, with(s.runID)...),
		p.statement(link+`SELECT ?, id, 3, {now}, {now}`+from+known, with(s.runID)...),
		p.statement(history+`SELECT ?, ?, id, 'ready', 'loading', ?, {now}`+from+known, with(s.processID, s.runID, p.actor)...),
	}
}

// returnByHand reverts claimByHand, except for the history.
func (p *place) returnByHand(s *subject) []Statement {
	return []Statement{
		p.statement(`UPDATE {extract} SET status_id = 2, claimed_by = NULL, claim_return_id = NULL WHERE claimed_by = ?`, s.runID),
		p.statement(`DELETE FROM {run_extract} WHERE run_id = ?`, s.runID),
	}
}
