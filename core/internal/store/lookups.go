package store

// The tables' names, as [dialect.Dialect.Table] takes them.
const (
	tActor          = "actor"
	tTool           = "tool"
	tDatasetType    = "dataset_type"
	tProcessType    = "process_type"
	tFrequency      = "schedule_frequency"
	tLocationType   = "location_type"
	tSourceType     = "source_type"
	tFileType       = "file_type"
	tCompression    = "compression_type"
	tErrorType      = "error_type"
	tRunStatus      = "run_status"
	tExtractStatus  = "extract_status"
	tSystem         = "data_system"
	tObject         = "data_object"
	tAttribute      = "data_attribute"
	tProcess        = "process"
	tProcessData    = "process_dataset_type"
	tFilter         = "process_filter"
	tContact        = "contact"
	tProcessContact = "process_contact"
	tSystemContact  = "system_contact"
	tDependency     = "process_dependency"
	tDependencyLock = "dependency_lock"
	tRun            = "run"
	tCluster        = "cluster"
	tSystemLink     = "process_system"
	tObjectLink     = "process_object"
	tAttributeLink  = "process_attribute"
	tExtractSystem  = "extract_system"
	tLocationSystem = "location_system"
	tProcessCluster = "process_cluster"
	tRunSoft        = "run_soft_dependency"
	tRunLease       = "run_lease"
	tRunError       = "run_error"
	tLocation       = "location"
	tExtract        = "extract"
	tRunExtract     = "run_extract"
	tExtractParents = "extract_dependency"
	tHistory        = "status_history"
	tRefusal        = "refusal"
	tVersion        = "schema_version"
)

// RunStatus is the id of a status of runs. The preloaded ones have the same id
// everywhere; the user's own begin above 100.
type RunStatus int64

// The preloaded statuses of runs.
const (
	Running   RunStatus = 1
	Completed RunStatus = 2
	Failed    RunStatus = 3
	OnHold    RunStatus = 4
)

// ExtractStatus is the id of a status of extracts, as [RunStatus].
type ExtractStatus int64

// The preloaded statuses of extracts.
const (
	Initializing ExtractStatus = 1
	Ready        ExtractStatus = 2
	Loading      ExtractStatus = 3
	Loaded       ExtractStatus = 4
	Archived     ExtractStatus = 5
	Deleted      ExtractStatus = 6
	ExtractError ExtractStatus = 7
)

// Unscheduled is the frequency of a process whose caller names none.
const Unscheduled = "unscheduled"
