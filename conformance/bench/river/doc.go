// Package river measures the tracker beside River, a queue of jobs on PostgreSQL, on the same server and in the same run.
// It is a module of its own, so that nothing else gets River.
//
// River is not a tracker: it keeps one row for a job, and no history. It is here as what a well-made program for the same
// database needs for the same three moments: a job is inserted, fetched and completed, where a run is started and
// completed.
package river
