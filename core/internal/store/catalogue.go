package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Catalogue lists every statement that the store sends, in the order of its
// files, each in all its forms. The arguments are samples.
func Catalogue(d dialect.Dialect) []dialect.Stmt {
	all := newSQL(d).catalogue()
	for i, s := range all {
		parts, err := divided(s, mostRows)
		if err != nil {
			panic(fmt.Sprintf("the sample of %s is too large: %v", s.Name, err))
		}
		all[i] = parts[0]
	}
	return all
}

func (q sql) catalogue() []dialect.Stmt {
	return concat(q.startCatalogue(), q.refusalCatalogue(), q.leaseCatalogue(), q.endCatalogue(), q.registryCatalogue(), q.lookupCatalogue(), q.extractCatalogue(), q.oneCatalogue(), q.fileCatalogue(), q.findCatalogue(),
		q.purgeCatalogue(), q.certifyCatalogue(), q.overviewCatalogue(),
		[]dialect.Stmt{q.schemaExists(), q.schemaVersion(), q.refuseNewer(), q.clockNow()})
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

func sampleRun() RunRef { return RunRef{ID: 7, ProcessID: 3, TokenDigest: "digest"} }

func (q sql) startCatalogue() []dialect.Stmt {
	a := Start{Process: sampleProcess, Definition: "fingerprint", Actor: sampleActor, TokenDigest: "digest"}
	v := q.startValues(a)
	a.Name = "name"
	named := q.startValues(a)
	all := []dialect.Stmt{
		q.startTurn(v), q.startTurn(named), q.startLockClusters(v), q.startClaim(v), q.startClaim(named), q.startRun(v), q.startSoft(v), q.startHistory(v),
		q.startOutcome(v), q.startDone(v), q.startParents(v), q.startClusters(v),
	}
	if !q.pessimistic() {
		all = append(all, q.startClaimAlone(v))
	}
	if r, ok := q.d.(dialect.Returner); ok {
		for _, leased := range []bool{true, false} {
			all = append(all, q.startWhole(r, v, true, leased), q.startWhole(r, v, false, leased), q.startWhole(r, named, false, leased))
		}
	}
	return all
}

func (q sql) refusalCatalogue() []dialect.Stmt {
	r := Refusal{ProcessID: 3, Key: "key", Reason: "on hold", Actor: sampleActor, Detail: "detail"}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return []dialect.Stmt{
		q.refusedAgain(r), q.refusalsOf(3), q.refusedFirst(r, 1), q.refusedInstead(r, slotted{Refusal: r}),
		q.listRefusals(RefusalFilter{Limit: 1}),
		q.listRefusals(RefusalFilter{Process: "p", Actor: "a", Since: at, Until: at, AfterTime: at, AfterID: 1, Limit: 1}),
		q.listRefusals(RefusalFilter{Process: "p", Oldest: true, AfterTime: at, AfterID: 1, Limit: 1}),
	}
}

func (q sql) leaseCatalogue() []dialect.Stmt {
	json := rows([]idRow{{7}})
	all := []dialect.Stmt{
		q.insertLease(q.startValues(Start{TokenDigest: "digest", Lease: time.Minute})), q.renewLeases(json), q.extendLease(sampleRun(), time.Minute), q.takenLeases(json), q.endedRuns(json),
		q.lostLease(sampleRun()), q.endLease(sampleRun(), false), q.endLease(sampleRun(), true),
	}
	for _, f := range []ExpiredFilter{
		{}, {Process: sampleProcess}, {RunID: 7}, {Process: sampleProcess, RunID: 7}, {Sharing: sampleProcess},
		{Process: sampleProcess, Any: true}, {RunID: 7, Any: true}, {Process: sampleProcess, RunID: 7, Any: true},
	} {
		all = append(all, q.listExpired(f))
	}
	return all
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
	all = append(all, q.endProcess(c), q.endHistory(c), q.endHistory(StatusChange{Run: sampleRun(), To: Failed}), q.endRun(c), q.runState(sampleRun()),
		q.lockProcess(sampleRun()), q.endHold(StatusChange{Run: sampleRun(), To: OnHold, Reason: "reason"}),
		q.errorInsert(sampleRun(), NewError{Type: 1, Description: "text"}),
		q.errorInsert(sampleRun(), NewError{Type: 1, Description: "text", At: at}), q.errorProcess(sampleRun()))
	if r, ok := q.d.(dialect.Returner); ok {
		all = append(all, q.completeWhole(r, StatusChange{Run: sampleRun(), To: Completed}))
	}
	return append(all,
		q.endProcess(StatusChange{Run: sampleRun(), To: Completed, At: at}),
		q.hold(3, 1, "reason"), q.release(3),
		q.holdHistory(3, 1, released, held, "reason"))
}

func (q sql) registryCatalogue() []dialect.Stmt {
	var all []dialect.Stmt
	for _, table := range []string{
		tActor, tCluster, tProcessType, tTool, tFrequency, tDatasetType, tProcess, tLocationType, tExtractStatus, tErrorType,
		tSourceType, tFileType, tCompression, tSystem,
	} {
		all = append(all, q.names(table, sampleActor, "name"))
	}
	data := []Data{{Role: "source", System: "system", Object: "object", Attribute: "attribute"}}
	for _, g := range grains() {
		all = append(all, q.linkData(g, sampleProcess, data), q.linkedData(g, sampleProcess, data))
	}
	return append(all,
		q.systems(data, sampleActor), q.objects(data, sampleActor), q.attributes(data, sampleActor),
		q.linkDatasetTypes(sampleProcess, []string{"type"}), q.stored(sampleProcess),
		q.define(Definition{Process: sampleProcess}), q.changedProcess(sampleProcess, sampleActor), q.linkedDatasetTypes(sampleProcess, []string{"type"}),
		q.lockDependencies(), q.parentsOf(rows([]idRow{{1}})), q.lackingParents(sampleProcess, rows([]nameRow{{"name"}})),
		q.storedDependency("child", "parent"), q.addDependency("child", "parent", "normal", sampleActor), q.setDependency("child", "parent", "hard", sampleActor),
		q.setFresh("child", "parent", true, sampleActor), q.removeDependency("child", "parent"),
		q.setCluster(Cluster{Name: "name"}, sampleActor), q.clusterLimits("name"), q.clusterJoined(sampleProcess, "name"),
		q.joinCluster(sampleProcess, "name"), q.leaveCluster(sampleProcess, "name"),
		q.setMaxFailures(3, 1, nil), q.totals(sampleProcess),
		q.lockNamed(sampleProcess), q.setWatermark(3, time.Unix(1, 0)),
		q.watermarkHistory(3, 1, time.Unix(1, 0), time.Unix(2, 0), "reason"),
		q.widen(sampleRun(), time.Unix(1, 0), time.Time{}), q.widen(sampleRun(), time.Time{}, time.Unix(1, 0)),
		q.widen(sampleRun(), time.Unix(1, 0), time.Unix(1, 0)),
		q.readCounts(sampleRun()), q.countProcess(sampleRun(), [4]int64{}), q.countRun(sampleRun(), [4]int64{}),
		q.runStatus("status"), q.addRunStatus("status", sampleActor, true), q.addRunStatus("status", sampleActor, false),
		q.describedSystem("system"), q.describeSystem(System{ID: 1}, nil, sampleActor),
		q.describedObject("system", "object"), q.describeObject(Object{ID: 1}, sampleActor),
		q.describedAttributes("system", "object"), q.addAttributes("system", "object", []Attribute{{Name: "name"}}, sampleActor),
		q.describeAttribute(Attribute{ID: 1}, sampleActor),
		q.linkFilters(sampleProcess, []Filter{{Operator: "eq"}}, sampleActor), q.linkedFilters(sampleProcess, []Filter{{Operator: "eq"}}),
		q.addContact(Contact{Name: "name"}, sampleActor), q.contacts(3),
		q.linkContact(tProcess, "name", Contact{}), q.linkContact(tSystem, "name", Contact{}),
		q.contactLinked(tProcess, "name", Contact{}), q.contactLinked(tSystem, "name", Contact{}),
		q.unlinkContact(tProcess, "name", Contact{}), q.unlinkContact(tSystem, "name", Contact{}),
		q.listContacts(ListFilter{Limit: 1}), q.listContacts(ListFilter{Name: "name", Limit: 1}),
		q.ownersOf(tProcess, []int64{1}), q.ownersOf(tSystem, []int64{1}),
		q.contactRow(Contact{Name: "name"}), q.changeContact(1, Contact{Name: "name"}, sampleActor), q.deleteContact(1),
		q.uses(contactUses()[0], 1), q.uses(contactUses()[1], 1),
		q.listActors(ListFilter{Limit: 1}), q.listActors(ListFilter{Name: "name", Limit: 1}),
		q.listClusters(ListFilter{Limit: 1}), q.listClusters(ListFilter{Name: "name", Limit: 1}), q.sharersOf([]int64{1}),
		q.registeredLocations(ListFilter{Limit: 1}), q.registeredLocations(ListFilter{Name: "name", Limit: 1}),
		q.processAttribute(sampleProcess, Data{Role: "source"}), q.describeProcessAttribute(ProcessAttribute{}, 1, 1),
		q.unlink(sampleProcess, Data{Role: "source"}), q.unlink(sampleProcess, Data{Role: "source", Object: "object"}),
		q.unlink(sampleProcess, Data{Role: "source", Object: "object", Attribute: "attribute"}),
		q.unlinkDatasetType(sampleProcess, "type"), q.unlinkFilter(sampleProcess, Filter{}), q.undefined(3, 1),
		q.listProcessAttributes(3), q.setFileFormat("csv", FileFormat{}, sampleActor))
}

func (q sql) lookupCatalogue() []dialect.Stmt {
	var all []dialect.Stmt
	all = append(all, q.forgetDefinitions())
	for _, l := range append(lookups(), registered()...) {
		all = append(all, q.lookup(string(l), "name"), q.lookupName(l, "name"))
		if l == ActorTable {
			all = append(all, q.renameActor(1, "name", 1))
		} else {
			all = append(all, q.renameLookup(l, 1, "name", sampleActor))
		}
		if !l.renamedInUse() {
			all = append(all, q.listLookup(l, 0, 1))
		}
		if l != ProcessTable {
			all = append(all, q.deleteLookup(l, 1))
		}
		for _, ref := range l.references() {
			all = append(all, q.uses(ref, 1))
		}
	}
	return all
}

func (q sql) extractCatalogue() []dialect.Stmt {
	json := rows([]NewExtract{{Name: "name", Key: "key"}})
	return concat(
		[]dialect.Stmt{
			q.location(LocationFilter{Key: "key"}), q.location(LocationFilter{Name: "name"}),
			q.addLocation(Location{}, "name", sampleActor), q.countFiles(1, 2),
			q.lockRun(sampleRun()), q.insertExtracts(sampleRun(), json, time.Unix(0, 0)), q.linkExtracts(sampleRun(), json),
			q.newHistory(json), q.runSources(sampleRun()),
		},
		q.sourceLinks(sampleRun(), json), q.unclaim(sampleRun()),
		[]dialect.Stmt{
			q.claimable(ExtractFilter{Status: Ready, Limit: 1}),
			q.claimable(ExtractFilter{
				Status: Ready, NamePart: "part", NameGlob: "*.csv", LocationKey: "k", LocationName: "l", Process: "p", Limit: 1,
			}), q.claimTime(), q.claim(sampleRun(), json, Ready, Ready, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
			q.touchRun(sampleRun()), q.claimHistory(sampleRun(), json, Ready), q.claimed(sampleRun(), json),
			q.addExtractParents(1, json), q.extractParentsKnown(1, json), q.parentsOutside(json),
			q.registeredExtracts(json), q.lockExtracts(json), q.moveHistory(sampleRun(), json, Ready),
			q.moveExtracts(sampleRun(), json, Ready), q.moveToLoading(sampleRun(), json), q.takeOver(sampleRun(), json),
			q.lockUnheld(json), q.releaseHistory(Release{}, 1, json), q.releaseLinks(Release{}, 7, json), q.releaseExtracts(Release{}, json), q.extractsByID(json),
			q.linkMoved(sampleRun(), json), q.moveLinks(sampleRun(), json, Ready),
		})
}

// oneCatalogue has the statements about one extract.
func (q sql) oneCatalogue() []dialect.Stmt {
	values, json := NewExtract{Name: "name", Key: "key"}.values(sampleRun()), chosen(7)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	all := []dialect.Stmt{q.insertOneExtract(values), q.linkOneExtract(values), q.newHistoryOfOne(values), q.registeredOne(values),
		q.lockExtracts(json), q.moveHistory(sampleRun(), json, Ready), q.moveExtracts(sampleRun(), json, Ready), q.moveToLoading(sampleRun(), json),
		q.takeOver(sampleRun(), json), q.linkMoved(sampleRun(), json), q.moveLinks(sampleRun(), json, Ready), q.parentsOutside(json),
		q.claim(sampleRun(), json, Ready, Ready, at), q.claimHistory(sampleRun(), json, Ready), q.claimed(sampleRun(), json),
	}
	all = append(all, q.sourceLinksOfOne(values)...)
	if r, ok := q.d.(dialect.Returner); ok {
		all = append(all, q.registerWhole(r, values), q.moveWhole(r, sampleRun(), 1, Ready), q.moveWhole(r, sampleRun(), 1, Loading))
	} else {
		all = append(all, q.reserve(sampleRun(), 1), q.reservedHistory(sampleRun(), 1), q.linkReserved(sampleRun(), 1),
			q.moveReservedLink(sampleRun(), 1), q.loadReserved(sampleRun(), 1))
	}
	return all
}

func (q sql) fileCatalogue() []dialect.Stmt {
	json, names := rows([]idRow{{7}}), []nameRow{{"name"}}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return []dialect.Stmt{
		q.nameIDs(tFileType, names), q.nameIDs(tCompression, names),
		q.fillFiles(json), q.filesOf(json), q.setFiles(json), q.measureExtracts(json),
		q.clock(), q.markListed(json, at), q.gone(1, at, "key", ListingChunk), q.lockGone(json, at), q.movedGone(json), q.listed(1, 2, at),
	}
}

func (q sql) certifyCatalogue() []dialect.Stmt {
	return concat(q.certifyDependencies(), q.certifyClusters(q.startValues(Start{Process: sampleProcess, TokenDigest: "digest"})), q.certifyRun(sampleRun()))
}

func (q sql) purgeCatalogue() []dialect.Stmt {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var all []dialect.Stmt
	for _, p := range []Purge{{Before: at, Limit: 1}, {Before: at, AfterTime: at, AfterID: 1, Limit: 1}} {
		all = append(all, q.oldRuns(p), q.oldExtracts(p, Loaded), q.oldRefusals(p))
		p.Named = true
		all = append(all, q.oldRuns(p))
	}
	json := rows([]idRow{{7}})
	for _, c := range slices.Concat(runChildren, []child{{tRun, "id"}}, extractChildren, []child{{tExtract, "id"}, {tRefusal, "id"}}) {
		all = append(all, q.purgeRows(c, json), q.purgeCount(c, json))
	}
	return all
}

// findCatalogue has the forms with no filter and with all of them. Any others
// have some of the conditions.
func (q sql) findCatalogue() []dialect.Stmt {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	held := true
	return []dialect.Stmt{
		q.listRuns(RunFilter{Limit: 1}),
		q.listRuns(RunFilter{ID: 1, Status: Completed, Active: true, After: 2, Limit: 1}),
		q.listRuns(RunFilter{Since: at, Until: at, Oldest: true, After: 2, Limit: 1}),
		q.listRuns(RunFilter{Process: "p", Limit: 1}),
		q.listRuns(RunFilter{ID: 1, Process: "p", Status: Completed, Active: true, After: 2, AfterNo: 1, Limit: 1}),
		q.listRuns(RunFilter{Process: "p", Since: at, Oldest: true, After: 2, AfterNo: 1, Limit: 1}),
		q.listErrors(ErrorFilter{Limit: 1}),
		q.listErrors(ErrorFilter{RunID: 1, Process: "p", After: 2, Limit: 1}),
		q.listErrors(ErrorFilter{Process: "p", Since: at, Until: at, Oldest: true, After: 2, Limit: 1}),
		q.listSoft(1), q.resume(1),
		q.definition(sampleProcess), q.listDependencies(3),
		q.listProcesses(ProcessFilter{Limit: 1}),
		q.listProcesses(ProcessFilter{
			Name: "n", Type: "t", Tool: "o", Frequency: "f", Source: "s", Target: "t", Contact: "c", DatasetType: "d", Status: "s",
			OnHold: &held, After: 1, Limit: 1,
		}),
		q.listProcesses(ProcessFilter{Newest: true, Limit: 1}), q.listProcesses(ProcessFilter{Newest: true, After: 1, Limit: 1}),
		q.listSystems(SystemFilter{Limit: 1}), q.listSystems(SystemFilter{Name: "n", Type: "t", DatasetType: "d", Limit: 1}),
		q.datasetTypesOfSystems([]int64{1}),
		q.listObjects(ObjectFilter{Limit: 1}), q.listObjects(ObjectFilter{System: "s", Name: "n", DatasetType: "d", Limit: 1}),
		q.datasetTypesOfObjects([]int64{1}), q.listAttributes("system", "object", 0, 1),
		q.listHistory(HistoryFilter{Limit: 1}),
		q.listHistory(HistoryFilter{Process: "p", RunID: 1, ExtractID: 2, Since: at, Until: at, AfterTime: at, AfterID: 3, Limit: 1}),
		q.listHistory(HistoryFilter{Process: "p", Newest: true, AfterTime: at, AfterID: 3, Limit: 1}),
		q.findExtracts(ExtractFilter{Limit: 1}),
		q.findExtracts(ExtractFilter{
			ID: 1, Name: "n", NameKey: "k", NamePart: "part", NameGlob: "*.csv", LocationKey: "k", LocationName: "l", Process: "p",
			DatasetType: "d", RunID: 2, Status: Ready, Unheld: true, Since: at, Until: at, AfterTime: at, AfterID: 3, Limit: 1,
		}),
		q.findExtracts(ExtractFilter{Process: "p", Newest: true, AfterTime: at, AfterID: 3, Limit: 1}),
	}
}
