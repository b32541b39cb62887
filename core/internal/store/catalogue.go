package store

import (
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Catalogue lists every statement that the store sends, in the order of its
// files, each in all its forms. The arguments are samples.
func Catalogue(d dialect.Dialect) []dialect.Stmt {
	q := sql{d}
	return concat(q.startCatalogue(), q.endCatalogue(), q.registryCatalogue(), q.extractCatalogue(), q.findCatalogue(),
		[]dialect.Stmt{q.schemaExists(), q.schemaVersion()})
}

func concat(groups ...[]dialect.Stmt) []dialect.Stmt {
	var all []dialect.Stmt
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

const (
	sampleProcess = "Teams Load"
	sampleActor   = "scheduler"
)

func sampleRun() RunRef { return RunRef{ID: 7, ProcessID: 3, Token: "token"} }

func (q sql) startCatalogue() []dialect.Stmt {
	a := Start{Process: sampleProcess, Definition: "fingerprint", Actor: sampleActor, Token: "token"}
	return []dialect.Stmt{
		q.startLockClusters(a), q.startTurn(a), q.startClaim(a), q.startRun(a), q.startSoft(a), q.startHistory(a),
		q.startOutcome(a), q.startDone(a), q.startParents(a), q.startClusters(a),
	}
}

func (q sql) endCatalogue() []dialect.Stmt {
	var all []dialect.Stmt
	for _, to := range []RunStatus{Completed, Failed, OnHold, 101} {
		c := StatusChange{Run: sampleRun(), To: to}
		all = append(all, q.endProcess(c))
		if last, ok := q.endLast(c); ok {
			all = append(all, last)
		}
	}
	c := StatusChange{Run: sampleRun(), To: 102, Active: true}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	all = append(all, q.endProcess(c), q.endHistory(c), q.endRun(c), q.runState(sampleRun()),
		q.errorProcess(sampleRun(), time.Time{}), q.errorProcess(sampleRun(), at),
		q.errorInsert(sampleRun(), NewError{Type: 1, Description: "text"}))
	return append(all,
		q.endProcess(StatusChange{Run: sampleRun(), To: Completed, At: at}),
		q.hold(sampleProcess, sampleActor, "reason"), q.holdFailing(sampleProcess, sampleActor, "reason", 3), q.release(sampleProcess),
		q.holdHistory(sampleProcess, sampleActor, "released", "held", "reason"))
}

func (q sql) registryCatalogue() []dialect.Stmt {
	var all []dialect.Stmt
	for _, table := range []string{
		tActor, tCluster, tProcessType, tTool, tFrequency, tDatasetType, tProcess, tLocationType, tExtractStatus, tErrorType,
	} {
		all = append(all, q.names(table, sampleActor, "name"))
	}
	data := []Data{{Role: "source", System: "system", Object: "object", Attribute: "attribute"}}
	return append(all,
		q.systems(data, sampleActor), q.objects(data, sampleActor), q.attributes(data, sampleActor),
		q.linkSystems(sampleProcess, data), q.linkObjects(sampleProcess, data), q.linkAttributes(sampleProcess, data),
		q.linkDatasetTypes(sampleProcess, []string{"type"}), q.stored(sampleProcess),
		q.define(Definition{Process: sampleProcess}, sampleActor), q.processKnown(sampleProcess),
		q.lockDependencies(), q.parentsOf(rows([]idRow{{1}})),
		q.addDependency("child", "parent", "normal", sampleActor), q.setDependency("child", "parent", "hard", sampleActor),
		q.setFresh("child", "parent", true, sampleActor), q.removeDependency("child", "parent"),
		q.setCluster(Cluster{Name: "name"}, sampleActor), q.clusterKnown("name"),
		q.joinCluster(sampleProcess, "name"), q.leaveCluster(sampleProcess, "name"),
		q.setMaxFailures(sampleProcess, sampleActor, nil), q.totals(sampleProcess),
		q.widen(sampleRun(), time.Unix(1, 0), time.Time{}), q.widen(sampleRun(), time.Time{}, time.Unix(1, 0)),
		q.widen(sampleRun(), time.Unix(1, 0), time.Unix(1, 0)),
		q.lockProcess(sampleRun()), q.countProcess(sampleRun(), [4]int64{}, true), q.countProcess(sampleRun(), [4]int64{}, false),
		q.countRun(sampleRun(), [4]int64{}, true), q.countRun(sampleRun(), [4]int64{}, false),
		q.runStatus("status"), q.addRunStatus("status", sampleActor, true), q.addRunStatus("status", sampleActor, false),
		q.lookup(tExtractStatus, "status"), q.lookup(tErrorType, "type"))
}

func (q sql) extractCatalogue() []dialect.Stmt {
	json := rows([]NewExtract{{Name: "name", Key: "key"}})
	return concat(
		[]dialect.Stmt{
			q.location(LocationFilter{Key: "key"}), q.location(LocationFilter{Name: "name"}),
			q.addLocation(Location{}, "name", sampleActor), q.countFiles(1, 2),
			q.lockRun(sampleRun()), q.insertExtracts(sampleRun(), json), q.linkExtracts(sampleRun(), json),
			q.newHistory(json),
		},
		q.sourceLinks(sampleRun(), json), q.unclaim(sampleRun()),
		[]dialect.Stmt{
			q.claimable(ExtractFilter{Status: "s", Limit: 1}),
			q.claimable(ExtractFilter{
				Status: "s", NamePart: "part", NameGlob: "*.csv", LocationKey: "k", LocationName: "l", Process: "p", Limit: 1,
			}), q.claim(sampleRun(), json, Ready, Ready),
			q.claimHistory(sampleRun(), json, Ready), q.claimed(sampleRun(), json),
			q.addExtractParents(1, json), q.extractParentsKnown(1, json), q.parentsNotLoaded(json),
			q.registeredExtracts(json), q.lockExtracts(json), q.moveHistory(sampleRun(), json, Ready),
			q.moveExtracts(json, Ready), q.linkMoved(sampleRun(), json), q.moveLinks(sampleRun(), json, Ready),
		})
}

// findCatalogue has the forms with no filter and with all of them. Any others
// have some of the conditions.
func (q sql) findCatalogue() []dialect.Stmt {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return []dialect.Stmt{
		q.listRuns(RunFilter{Limit: 1}),
		q.listRuns(RunFilter{ID: 1, Process: "p", Status: "s", Before: 2, Limit: 1}),
		q.listErrors(ErrorFilter{Limit: 1}),
		q.listErrors(ErrorFilter{RunID: 1, Process: "p", Before: 2, Limit: 1}),
		q.listSoft(1),
		q.findExtracts(ExtractFilter{Limit: 1}),
		q.findExtracts(ExtractFilter{
			ID: 1, NameKey: "k", NamePart: "part", NameGlob: "*.csv", LocationKey: "k", LocationName: "l", Process: "p",
			RunID: 2, Status: "s", Since: at, Until: at, AfterTime: at, AfterID: 3, Limit: 1,
		}),
	}
}
