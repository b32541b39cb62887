package store

// The tables' names, as [dialect.Dialect.Table] takes them.
const (
	tActor         = "actor"
	tTool          = "tool"
	tDatasetType   = "dataset_type"
	tProcessType   = "process_type"
	tFrequency     = "schedule_frequency"
	tLocationType  = "location_type"
	tErrorType     = "error_type"
	tRunStatus     = "run_status"
	tExtractStatus = "extract_status"
	tSystem        = "data_system"
	tObject        = "data_object"
	tAttribute     = "data_attribute"
	tProcess       = "process"
	tProcessData   = "process_dataset_type"
	tDependency    = "process_dependency"
	tRun           = "run"
	tRunSoft       = "run_soft_dependency"
	tRunError      = "run_error"
	tLocation      = "location"
	tExtract       = "extract"
	tRunExtract    = "run_extract"
	tHistory       = "status_history"
	tVersion       = "schema_version"
)

// Status is a status's id. The preloaded ones have the same id everywhere; the
// user's own begin above 100.
type Status int64

// The preloaded statuses of runs.
const (
	Running   Status = 1
	Completed Status = 2
	Failed    Status = 3
	OnHold    Status = 4
)

// The preloaded statuses of extracts.
const (
	Initializing Status = 1
	Ready        Status = 2
	Loading      Status = 3
	Loaded       Status = 4
	Archived     Status = 5
	Deleted      Status = 6
	ExtractError Status = 7
)

// Unscheduled is the frequency of a process whose caller names none.
const Unscheduled = "unscheduled"
