package bench

// This is the SQL of a programmer who knows the database and checks nothing: the rows
// that the tracker writes, in as few statements as the database accepts. [Floors] compares them with what the tracker writes, so that a change of
// the tracker's rows has to be made here, too.
//
// PostgreSQL takes all rows of an operation in one statement. The others take one
// for each table, sent as one text where the connection allows it.

// startByHand creates a run of the subject's process, with its digest.
func (p *place) startByHand(s *subject) []Statement {
	const process = `UPDATE {process} SET active = true, latest_run_no = latest_run_no + 1, latest_status_id = 1, latest_token_digest = ?,
		latest_started_at = {now}, latest_ended_at = NULL, latest_memory = 0, latest_processing = 0 WHERE id = ?`
	if p.single() {
		return []Statement{p.statement(`WITH p AS (`+process+` RETURNING id, latest_run_no, latest_started_at),
			r AS (INSERT INTO {run} (process_id, run_no, status_id, token_digest, actor_id, started_at)
				SELECT id, latest_run_no, 1, ?, ?, latest_started_at FROM p RETURNING id, process_id, started_at),
			l AS (INSERT INTO {run_lease} (run_id, length_ms, expires_at, renewed_at) SELECT id, ?, {later}, {now} FROM r)
			INSERT INTO {status_history} (process_id, run_id, to_status, actor_id, changed_at)
			SELECT process_id, id, 'running', ?, started_at FROM r`, s.digest, s.processID, s.digest, p.actor, leaseMilliseconds, leaseMilliseconds, p.actor)}
	}
	return []Statement{
		p.statement(process, s.digest, s.processID),
		p.statement(`INSERT INTO {run} (process_id, run_no, status_id, token_digest, actor_id, started_at)
			SELECT id, latest_run_no, 1, ?, ?, latest_started_at FROM {process} WHERE id = ?`, s.digest, p.actor, s.processID),
		p.statement(`INSERT INTO {run_lease} (run_id, length_ms, expires_at, renewed_at) SELECT id, ?, {later}, {now} FROM {run} WHERE token_digest = ?`,
			leaseMilliseconds, leaseMilliseconds, s.digest),
		p.statement(`INSERT INTO {status_history} (process_id, run_id, to_status, actor_id, changed_at)
			SELECT process_id, id, 'running', actor_id, started_at FROM {run} WHERE token_digest = ?`, s.digest),
	}
}

// leaseMilliseconds is the length of a lease. It is so long that no renewal happens
// during an operation.
const leaseMilliseconds = 3_600_000

// completeByHand ends the run that has the subject's digest.
func (p *place) completeByHand(s *subject) []Statement {
	const (
		process = `UPDATE {process} SET active = false, latest_status_id = 2, latest_ended_at = {now}, failures = 0,
			last_completed_at = {now} WHERE id = ?`
		history = `INSERT INTO {status_history} (process_id, run_id, from_status, to_status, actor_id, changed_at) `
	)
	if p.single() {
		return []Statement{p.statement(`WITH p AS (`+process+` RETURNING latest_ended_at),
			r AS (UPDATE {run} SET status_id = 2, ended_at = p.latest_ended_at FROM p WHERE token_digest = ? RETURNING id, process_id, actor_id, ended_at)
			`+history+`SELECT process_id, id, 'running', 'completed', actor_id, ended_at FROM r`, s.processID, s.digest)}
	}
	return []Statement{
		p.statement(process, s.processID),
		p.statement(`UPDATE {run} SET status_id = 2, ended_at = {now} WHERE token_digest = ?`, s.digest),
		p.statement(history+`SELECT process_id, id, 'running', 'completed', actor_id, ended_at FROM {run} WHERE token_digest = ?`, s.digest),
	}
}

// recordByHand records an error on the run that has the subject's digest.
func (p *place) recordByHand(s *subject) []Statement {
	const (
		insert = `INSERT INTO {run_error} (run_id, process_id, error_type_id, description, recorded_at) SELECT id, process_id, 3, ?, {now} FROM {run} WHERE token_digest = ?`
		update = `UPDATE {process} SET last_errored_at = `
	)
	if p.single() {
		return []Statement{p.statement(`WITH e AS (`+insert+` RETURNING recorded_at)
			`+update+`e.recorded_at FROM e WHERE id = ?`, s.file, s.digest, s.processID)}
	}
	return []Statement{p.statement(insert, s.file, s.digest), p.statement(update+`{now} WHERE id = ?`, s.processID)}
}
