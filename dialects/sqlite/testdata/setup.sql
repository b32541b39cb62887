-- One row for each migration that was applied; the highest is the schema's version.
CREATE TABLE "pt_schema_version" (
    version    INTEGER NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    applied_at TEXT NOT NULL
);

-- Who or what starts runs and changes rows: a person, a service account, a scheduler.
CREATE TABLE "pt_actor" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- What processes are written in: Spark, dbt, Go, bash.
CREATE TABLE "pt_tool" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Kinds of data that processes work on.
CREATE TABLE "pt_dataset_type" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Kinds of processes: extract, load, and your own.
CREATE TABLE "pt_process_type" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- How often a process is meant to run. The tracker starts nothing by itself.
CREATE TABLE "pt_schedule_frequency" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Kinds of locations: local, s3, gs, azblob, http and so on, by the scheme of their paths.
CREATE TABLE "pt_location_type" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Kinds of systems: databases, files, services.
CREATE TABLE "pt_source_type" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Formats of files: csv, json, parquet and so on, by the endings of their names.
CREATE TABLE "pt_file_type" (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    name           TEXT NOT NULL,
    preloaded      INTEGER NOT NULL DEFAULT 0,
    delimiter_char TEXT,
    quote_char     TEXT,
    escape_char    TEXT,
    created_at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by     INTEGER REFERENCES "pt_actor" (id),
    changed_at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by     INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Compressions of files: gzip, zstd and so on, by the endings of their names.
CREATE TABLE "pt_compression_type" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Kinds of errors that runs record: file, data and process errors, and your own.
CREATE TABLE "pt_error_type" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Statuses of runs: running, completed, failed, on hold, and your own.
CREATE TABLE "pt_run_status" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    active     INTEGER NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Statuses of extracts: initializing, ready, loading, loaded, archived, deleted, error, and your own.
CREATE TABLE "pt_extract_status" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Systems that data comes from or goes to.
CREATE TABLE "pt_data_system" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    type_id    INTEGER REFERENCES "pt_source_type" (id),
    charset    TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Tables or datasets within a system.
CREATE TABLE "pt_data_object" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    system_id  INTEGER NOT NULL REFERENCES "pt_data_system" (id),
    name       TEXT NOT NULL,
    charset    TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (system_id, name)
);

-- Columns or fields within an object.
CREATE TABLE "pt_data_attribute" (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    object_id     INTEGER NOT NULL REFERENCES "pt_data_object" (id),
    name          TEXT NOT NULL,
    data_type     TEXT,
    length        INTEGER,
    decimals      INTEGER,
    path          TEXT,
    is_key        INTEGER NOT NULL DEFAULT 0,
    is_filter     INTEGER NOT NULL DEFAULT 0,
    is_partition  INTEGER NOT NULL DEFAULT 0,
    is_pii        INTEGER NOT NULL DEFAULT 0,
    default_value TEXT,
    created_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by    INTEGER REFERENCES "pt_actor" (id),
    changed_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by    INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (object_id, name)
);

-- Recurring units of data integration work, each with the state of its latest run: this one row decides whether it may start.
CREATE TABLE "pt_process" (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    name                TEXT NOT NULL,
    type_id             INTEGER REFERENCES "pt_process_type" (id),
    tool_id             INTEGER REFERENCES "pt_tool" (id),
    frequency_id        INTEGER REFERENCES "pt_schedule_frequency" (id),
    definition          TEXT,
    active              INTEGER NOT NULL DEFAULT 0,
    turn                TEXT,
    latest_run_no       INTEGER NOT NULL DEFAULT 0,
    latest_status_id    INTEGER REFERENCES "pt_run_status" (id),
    latest_token_digest TEXT,
    latest_started_at   TEXT,
    latest_ended_at     TEXT,
    latest_memory       INTEGER NOT NULL DEFAULT 0,
    latest_processing   INTEGER NOT NULL DEFAULT 0,
    failures            INTEGER NOT NULL DEFAULT 0,
    max_failures        INTEGER,
    watermark           TEXT,
    records             INTEGER NOT NULL DEFAULT 0,
    inserts             INTEGER NOT NULL DEFAULT 0,
    updates             INTEGER NOT NULL DEFAULT 0,
    deletes             INTEGER NOT NULL DEFAULT 0,
    last_completed_at   TEXT,
    last_failed_at      TEXT,
    last_errored_at     TEXT,
    held_at             TEXT,
    held_by             INTEGER REFERENCES "pt_actor" (id),
    hold_reason         TEXT,
    created_at          TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by          INTEGER REFERENCES "pt_actor" (id),
    changed_at          TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by          INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Sources and targets of processes that were given as systems.
CREATE TABLE "pt_process_system" (
    process_id INTEGER NOT NULL REFERENCES "pt_process" (id),
    role       TEXT NOT NULL CHECK (role IN ('source', 'target')),
    system_id  INTEGER NOT NULL REFERENCES "pt_data_system" (id),
    PRIMARY KEY (process_id, role, system_id)
);

CREATE INDEX "pt_process_system_by_system" ON "pt_process_system" (system_id);

-- Sources and targets of processes that were given as objects.
CREATE TABLE "pt_process_object" (
    process_id INTEGER NOT NULL REFERENCES "pt_process" (id),
    role       TEXT NOT NULL CHECK (role IN ('source', 'target')),
    object_id  INTEGER NOT NULL REFERENCES "pt_data_object" (id),
    PRIMARY KEY (process_id, role, object_id)
);

CREATE INDEX "pt_process_object_by_object" ON "pt_process_object" (object_id);

-- Sources and targets of processes that were given as attributes.
CREATE TABLE "pt_process_attribute" (
    process_id   INTEGER NOT NULL REFERENCES "pt_process" (id),
    role         TEXT NOT NULL CHECK (role IN ('source', 'target')),
    attribute_id INTEGER NOT NULL REFERENCES "pt_data_attribute" (id),
    alias        TEXT,
    expression   TEXT,
    PRIMARY KEY (process_id, role, attribute_id)
);

CREATE INDEX "pt_process_attribute_by_attribute" ON "pt_process_attribute" (attribute_id);

-- Dataset types of processes.
CREATE TABLE "pt_process_dataset_type" (
    process_id      INTEGER NOT NULL REFERENCES "pt_process" (id),
    dataset_type_id INTEGER NOT NULL REFERENCES "pt_dataset_type" (id),
    PRIMARY KEY (process_id, dataset_type_id)
);

-- Which rows of an attribute a process takes.
CREATE TABLE "pt_process_filter" (
    process_id   INTEGER NOT NULL REFERENCES "pt_process" (id),
    attribute_id INTEGER NOT NULL REFERENCES "pt_data_attribute" (id),
    operator     TEXT NOT NULL CHECK (operator IN ('eq', 'lt', 'gt', 'lte', 'gte', 'not', 'like', 'in')),
    value        TEXT NOT NULL,
    value_key    TEXT NOT NULL,
    created_at   TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by   INTEGER REFERENCES "pt_actor" (id),
    PRIMARY KEY (process_id, attribute_id, operator, value_key)
);

CREATE INDEX "pt_process_filter_by_attribute" ON "pt_process_filter" (attribute_id);

-- People and teams to turn to.
CREATE TABLE "pt_contact" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name, email)
);

-- Contacts of processes.
CREATE TABLE "pt_process_contact" (
    process_id INTEGER NOT NULL REFERENCES "pt_process" (id),
    contact_id INTEGER NOT NULL REFERENCES "pt_contact" (id),
    PRIMARY KEY (process_id, contact_id)
);

CREATE INDEX "pt_process_contact_by_contact" ON "pt_process_contact" (contact_id);

-- Contacts of systems.
CREATE TABLE "pt_system_contact" (
    system_id  INTEGER NOT NULL REFERENCES "pt_data_system" (id),
    contact_id INTEGER NOT NULL REFERENCES "pt_contact" (id),
    PRIMARY KEY (system_id, contact_id)
);

CREATE INDEX "pt_system_contact_by_contact" ON "pt_system_contact" (contact_id);

-- Which process (the child) waits for which (the parent), and how strictly.
CREATE TABLE "pt_process_dependency" (
    child_id   INTEGER NOT NULL REFERENCES "pt_process" (id),
    parent_id  INTEGER NOT NULL REFERENCES "pt_process" (id),
    kind       TEXT NOT NULL CHECK (kind IN ('normal', 'hard', 'soft')),
    fresh      INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id)
);

CREATE INDEX "pt_process_dependency_by_parent" ON "pt_process_dependency" (parent_id);

-- One row, which adding a dependency writes to: two that would close a cycle take turns. It is there from the start.
CREATE TABLE "pt_dependency_lock" (
    lock_no   INTEGER NOT NULL PRIMARY KEY,
    locked_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now'))
);

INSERT INTO "pt_dependency_lock" (lock_no) VALUES (1);

-- Pools of capacity that processes share. The units are yours.
CREATE TABLE "pt_cluster" (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    name            TEXT NOT NULL,
    max_memory      INTEGER,
    max_processing  INTEGER,
    memory_unit     TEXT,
    processing_unit TEXT,
    created_at      TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by      INTEGER REFERENCES "pt_actor" (id),
    changed_at      TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by      INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (name)
);

-- Which processes share which pools.
CREATE TABLE "pt_process_cluster" (
    process_id INTEGER NOT NULL REFERENCES "pt_process" (id),
    cluster_id INTEGER NOT NULL REFERENCES "pt_cluster" (id),
    PRIMARY KEY (process_id, cluster_id)
);

CREATE INDEX "pt_process_cluster_by_cluster" ON "pt_process_cluster" (cluster_id);

-- Executions of processes.
CREATE TABLE "pt_run" (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    process_id   INTEGER NOT NULL REFERENCES "pt_process" (id),
    run_no       INTEGER NOT NULL,
    name         TEXT,
    status_id    INTEGER NOT NULL REFERENCES "pt_run_status" (id),
    token_digest TEXT NOT NULL,
    actor_id     INTEGER NOT NULL REFERENCES "pt_actor" (id),
    memory       INTEGER NOT NULL DEFAULT 0,
    processing   INTEGER NOT NULL DEFAULT 0,
    started_at   TEXT NOT NULL,
    ended_at     TEXT,
    low_at       TEXT,
    high_at      TEXT,
    records      INTEGER NOT NULL DEFAULT 0,
    inserts      INTEGER NOT NULL DEFAULT 0,
    updates      INTEGER NOT NULL DEFAULT 0,
    deletes      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (process_id, run_no),
    UNIQUE (token_digest)
);

CREATE INDEX "pt_run_by_name" ON "pt_run" (process_id, name);

CREATE INDEX "pt_run_by_status" ON "pt_run" (status_id, id);

CREATE INDEX "pt_run_by_status_process" ON "pt_run" (status_id, process_id, run_no);

CREATE INDEX "pt_run_by_end" ON "pt_run" (ended_at, id);

-- Until when the tracker of an active run vouches for it. Apart from the run, so that renewing waits for no transaction that the run has open.
CREATE TABLE "pt_run_lease" (
    run_id     INTEGER NOT NULL REFERENCES "pt_run" (id),
    expires_at TEXT NOT NULL,
    renewed_at TEXT NOT NULL,
    length_ms  INTEGER NOT NULL,
    PRIMARY KEY (run_id)
);

CREATE INDEX "pt_run_lease_by_expiry" ON "pt_run_lease" (expires_at);

-- Soft dependencies that were not fulfilled when a run started.
CREATE TABLE "pt_run_soft_dependency" (
    run_id           INTEGER NOT NULL REFERENCES "pt_run" (id),
    parent_id        INTEGER NOT NULL REFERENCES "pt_process" (id),
    parent_run_no    INTEGER NOT NULL,
    parent_status_id INTEGER REFERENCES "pt_run_status" (id),
    PRIMARY KEY (run_id, parent_id)
);

-- Errors that runs recorded.
CREATE TABLE "pt_run_error" (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id        INTEGER NOT NULL REFERENCES "pt_run" (id),
    process_id    INTEGER NOT NULL,
    error_type_id INTEGER NOT NULL REFERENCES "pt_error_type" (id),
    description   TEXT NOT NULL,
    recorded_at   TEXT NOT NULL
);

CREATE INDEX "pt_run_error_by_run" ON "pt_run_error" (run_id, id);

CREATE INDEX "pt_run_error_by_process" ON "pt_run_error" (process_id, id);

-- Directories, bucket prefixes and URLs in which extracts lie.
CREATE TABLE "pt_location" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    path       TEXT NOT NULL,
    path_key   TEXT NOT NULL,
    name       TEXT NOT NULL,
    type_id    INTEGER NOT NULL REFERENCES "pt_location_type" (id),
    file_count INTEGER,
    listed_at  TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES "pt_actor" (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES "pt_actor" (id),
    UNIQUE (path_key),
    UNIQUE (name)
);

-- Which systems the extracts in a location hold data of.
CREATE TABLE "pt_location_system" (
    location_id INTEGER NOT NULL REFERENCES "pt_location" (id),
    system_id   INTEGER NOT NULL REFERENCES "pt_data_system" (id),
    PRIMARY KEY (location_id, system_id)
);

CREATE INDEX "pt_location_system_by_system" ON "pt_location_system" (system_id);

-- Which objects the extracts in a location hold data of.
CREATE TABLE "pt_location_object" (
    location_id INTEGER NOT NULL REFERENCES "pt_location" (id),
    object_id   INTEGER NOT NULL REFERENCES "pt_data_object" (id),
    PRIMARY KEY (location_id, object_id)
);

CREATE INDEX "pt_location_object_by_object" ON "pt_location_object" (object_id);

-- Data files, or other addressable chunks of data: what is in a location under a name.
CREATE TABLE "pt_extract" (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    location_id         INTEGER NOT NULL REFERENCES "pt_location" (id),
    name                TEXT NOT NULL,
    name_key            TEXT NOT NULL,
    status_id           INTEGER NOT NULL REFERENCES "pt_extract_status" (id),
    registered_by       INTEGER NOT NULL REFERENCES "pt_run" (id),
    process_id          INTEGER NOT NULL,
    registered_at       TEXT NOT NULL,
    status_changed_at   TEXT NOT NULL,
    claimed_by          INTEGER REFERENCES "pt_run" (id),
    claim_return_id     INTEGER REFERENCES "pt_extract_status" (id),
    file_type_id        INTEGER REFERENCES "pt_file_type" (id),
    compression_type_id INTEGER REFERENCES "pt_compression_type" (id),
    size_bytes          INTEGER,
    checksum            TEXT,
    write_count         INTEGER,
    write_low_at        TEXT,
    write_high_at       TEXT,
    load_count          INTEGER,
    load_low_at         TEXT,
    load_high_at        TEXT,
    listed_at           TEXT,
    UNIQUE (location_id, name_key)
);

CREATE INDEX "pt_extract_by_claim" ON "pt_extract" (claimed_by, id);

CREATE INDEX "pt_extract_by_age" ON "pt_extract" (registered_at, id);

CREATE INDEX "pt_extract_by_name" ON "pt_extract" (name);

CREATE INDEX "pt_extract_by_status" ON "pt_extract" (status_id, registered_at, id);

CREATE INDEX "pt_extract_by_location" ON "pt_extract" (location_id, registered_at, id);

CREATE INDEX "pt_extract_by_status_location" ON "pt_extract" (status_id, location_id, registered_at, id);

CREATE INDEX "pt_extract_by_process" ON "pt_extract" (process_id, registered_at, id);

CREATE INDEX "pt_extract_by_status_process" ON "pt_extract" (status_id, process_id, registered_at, id);

CREATE INDEX "pt_extract_by_registering_run" ON "pt_extract" (registered_by, id);

-- Which extract (the child) may be loaded only after which other (the parent).
CREATE TABLE "pt_extract_dependency" (
    child_id  INTEGER NOT NULL REFERENCES "pt_extract" (id),
    parent_id INTEGER NOT NULL REFERENCES "pt_extract" (id),
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id)
);

CREATE INDEX "pt_extract_dependency_by_parent" ON "pt_extract_dependency" (parent_id, child_id);

-- Which systems an extract holds data of.
CREATE TABLE "pt_extract_system" (
    extract_id INTEGER NOT NULL REFERENCES "pt_extract" (id),
    system_id  INTEGER NOT NULL REFERENCES "pt_data_system" (id),
    PRIMARY KEY (extract_id, system_id)
);

CREATE INDEX "pt_extract_system_by_system" ON "pt_extract_system" (system_id);

-- Which objects an extract holds data of.
CREATE TABLE "pt_extract_object" (
    extract_id INTEGER NOT NULL REFERENCES "pt_extract" (id),
    object_id  INTEGER NOT NULL REFERENCES "pt_data_object" (id),
    PRIMARY KEY (extract_id, object_id)
);

CREATE INDEX "pt_extract_object_by_object" ON "pt_extract_object" (object_id);

-- Which run worked on which extract, and the status that it gave it last.
CREATE TABLE "pt_run_extract" (
    run_id            INTEGER NOT NULL REFERENCES "pt_run" (id),
    extract_id        INTEGER NOT NULL REFERENCES "pt_extract" (id),
    status_id         INTEGER NOT NULL REFERENCES "pt_extract_status" (id),
    linked_at         TEXT NOT NULL,
    status_changed_at TEXT NOT NULL,
    PRIMARY KEY (run_id, extract_id)
);

CREATE INDEX "pt_run_extract_by_extract" ON "pt_run_extract" (extract_id, run_id);

-- Every change of a run's, an extract's or a process's status, by name, so that it can be read alone, and of a watermark that somebody set. Rows are only ever added.
CREATE TABLE "pt_status_history" (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    changed_at  TEXT NOT NULL,
    process_id  INTEGER REFERENCES "pt_process" (id),
    run_id      INTEGER REFERENCES "pt_run" (id),
    extract_id  INTEGER REFERENCES "pt_extract" (id),
    from_status TEXT,
    to_status   TEXT NOT NULL,
    actor_id    INTEGER REFERENCES "pt_actor" (id),
    reason      TEXT,
    from_at     TEXT,
    to_at       TEXT
);

CREATE INDEX "pt_status_history_by_process" ON "pt_status_history" (process_id, changed_at, id);

CREATE INDEX "pt_status_history_by_run" ON "pt_status_history" (run_id, changed_at, id);

CREATE INDEX "pt_status_history_by_extract" ON "pt_status_history" (extract_id, changed_at, id);

CREATE INDEX "pt_status_history_by_time" ON "pt_status_history" (changed_at, id);

-- Refused starts, at most 20 rows per process. Equal refusals share a row, and a new one replaces the oldest. There are no foreign keys, so that writing a row waits for no transaction that has written to the process.
CREATE TABLE "pt_refusal" (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    process_id  INTEGER NOT NULL,
    slot        INTEGER NOT NULL,
    refusal_key TEXT NOT NULL,
    reason      TEXT NOT NULL,
    actor       TEXT NOT NULL,
    run_name    TEXT,
    detail      TEXT NOT NULL,
    times       INTEGER NOT NULL,
    first_at    TEXT NOT NULL,
    last_at     TEXT NOT NULL,
    UNIQUE (process_id, slot),
    UNIQUE (process_id, refusal_key)
);

CREATE INDEX "pt_refusal_by_time" ON "pt_refusal" (first_at, id);

INSERT INTO "pt_process_type" (id, name, preloaded) VALUES
    (1, 'Extract', 1),
    (2, 'Load', 1);

UPDATE sqlite_sequence SET seq = 100 WHERE name = 'pt_process_type';

INSERT INTO "pt_schedule_frequency" (id, name, preloaded) VALUES
    (1, 'unscheduled', 1),
    (2, 'hourly', 1),
    (3, 'daily', 1),
    (4, 'weekly', 1),
    (5, 'monthly', 1),
    (6, 'quarterly', 1),
    (7, 'annually', 1);

UPDATE sqlite_sequence SET seq = 100 WHERE name = 'pt_schedule_frequency';

INSERT INTO "pt_location_type" (id, name, preloaded) VALUES
    (1, 'local', 1),
    (2, 's3', 1),
    (3, 'gs', 1),
    (4, 'azblob', 1),
    (5, 'http', 1),
    (6, 'ftp', 1),
    (7, 'sftp', 1),
    (8, 'hdfs', 1);

UPDATE sqlite_sequence SET seq = 100 WHERE name = 'pt_location_type';

INSERT INTO "pt_source_type" (id, name, preloaded) VALUES
    (1, 'database', 1),
    (2, 'files', 1),
    (3, 'service', 1),
    (4, 'stream', 1),
    (5, 'application', 1);

UPDATE sqlite_sequence SET seq = 100 WHERE name = 'pt_source_type';

INSERT INTO "pt_file_type" (id, name, preloaded) VALUES
    (1, 'csv', 1),
    (2, 'tsv', 1),
    (3, 'psv', 1),
    (4, 'txt', 1),
    (5, 'json', 1),
    (6, 'jsonl', 1),
    (7, 'xml', 1),
    (8, 'html', 1),
    (9, 'yaml', 1),
    (10, 'parquet', 1),
    (11, 'avro', 1),
    (12, 'orc', 1),
    (13, 'arrow', 1),
    (14, 'xls', 1),
    (15, 'xlsx', 1),
    (16, 'ods', 1),
    (17, 'sqlite', 1),
    (18, 'sql', 1),
    (19, 'pdf', 1),
    (20, 'tar', 1),
    (21, 'zip', 1);

UPDATE sqlite_sequence SET seq = 100 WHERE name = 'pt_file_type';

INSERT INTO "pt_compression_type" (id, name, preloaded) VALUES
    (1, 'gzip', 1),
    (2, 'bzip2', 1),
    (3, 'xz', 1),
    (4, 'zstd', 1),
    (5, 'lz4', 1),
    (6, 'snappy', 1),
    (7, 'brotli', 1),
    (8, 'deflate', 1),
    (9, 'lzo', 1),
    (10, 'zip', 1);

UPDATE sqlite_sequence SET seq = 100 WHERE name = 'pt_compression_type';

INSERT INTO "pt_error_type" (id, name, preloaded) VALUES
    (1, 'File Error', 1),
    (2, 'Data Error', 1),
    (3, 'Process Error', 1);

UPDATE sqlite_sequence SET seq = 100 WHERE name = 'pt_error_type';

INSERT INTO "pt_run_status" (id, name, active, preloaded) VALUES
    (1, 'running', 1, 1),
    (2, 'completed', 0, 1),
    (3, 'failed', 0, 1),
    (4, 'on hold', 0, 1);

UPDATE sqlite_sequence SET seq = 100 WHERE name = 'pt_run_status';

INSERT INTO "pt_extract_status" (id, name, preloaded) VALUES
    (1, 'initializing', 1),
    (2, 'ready', 1),
    (3, 'loading', 1),
    (4, 'loaded', 1),
    (5, 'archived', 1),
    (6, 'deleted', 1),
    (7, 'error', 1);

UPDATE sqlite_sequence SET seq = 100 WHERE name = 'pt_extract_status';

-- Processes, with the state of their latest run.
CREATE VIEW "pt_v1_processes" AS SELECT
    p.id AS process_id,
    p.name AS process_name,
    pt.name AS process_type,
    t.name AS tool,
    f.name AS frequency,
    p.active AS is_active,
    p.latest_run_no AS latest_run_number,
    s.name AS latest_status,
    p.latest_started_at AS latest_started_at,
    p.latest_ended_at AS latest_ended_at,
    CASE WHEN p.latest_ended_at IS NULL THEN l.expires_at END AS latest_lease_expires_at,
    p.failures AS failures_in_a_row,
    p.max_failures AS max_failures,
    p.watermark AS watermark,
    p.records AS records,
    p.inserts AS inserts,
    p.updates AS updates,
    p.deletes AS deletes,
    p.last_completed_at AS last_completed_at,
    p.last_failed_at AS last_failed_at,
    p.last_errored_at AS last_errored_at,
    p.held_at AS held_at,
    h.name AS held_by,
    p.hold_reason AS hold_reason,
    p.created_at AS created_at,
    c.name AS created_by,
    p.changed_at AS changed_at,
    e.name AS changed_by
FROM "pt_process" AS p
LEFT JOIN "pt_process_type" AS pt ON pt.id = p.type_id
LEFT JOIN "pt_tool" AS t ON t.id = p.tool_id
LEFT JOIN "pt_schedule_frequency" AS f ON f.id = p.frequency_id
LEFT JOIN "pt_run_status" AS s ON s.id = p.latest_status_id
LEFT JOIN "pt_run" AS r ON r.process_id = p.id AND r.run_no = p.latest_run_no
LEFT JOIN "pt_run_lease" AS l ON l.run_id = r.id
LEFT JOIN "pt_actor" AS h ON h.id = p.held_by
LEFT JOIN "pt_actor" AS c ON c.id = p.created_by
LEFT JOIN "pt_actor" AS e ON e.id = p.changed_by;

-- Runs.
CREATE VIEW "pt_v1_runs" AS SELECT
    r.id AS run_id,
    r.process_id AS process_id,
    p.name AS process_name,
    r.run_no AS run_number,
    r.name AS run_name,
    s.name AS status,
    s.active AS is_active,
    a.name AS actor,
    r.started_at AS started_at,
    r.ended_at AS ended_at,
    r.low_at AS low_at,
    r.high_at AS high_at,
    r.records AS records,
    r.inserts AS inserts,
    r.updates AS updates,
    r.deletes AS deletes,
    r.memory AS memory,
    r.processing AS processing,
    CASE WHEN r.ended_at IS NULL THEN l.expires_at END AS lease_expires_at
FROM "pt_run" AS r
JOIN "pt_process" AS p ON p.id = r.process_id
JOIN "pt_run_status" AS s ON s.id = r.status_id
JOIN "pt_actor" AS a ON a.id = r.actor_id
LEFT JOIN "pt_run_lease" AS l ON l.run_id = r.id;

-- Extracts.
CREATE VIEW "pt_v1_extracts" AS SELECT
    x.id AS extract_id,
    x.name AS extract_name,
    x.location_id AS location_id,
    l.name AS location_name,
    l.path AS location_path,
    lt.name AS location_type,
    s.name AS status,
    x.status_changed_at AS status_changed_at,
    x.registered_at AS registered_at,
    x.registered_by AS registered_by_run_id,
    p.id AS process_id,
    p.name AS process_name,
    x.claimed_by AS claimed_by_run_id,
    ft.name AS file_type,
    ct.name AS compression,
    x.size_bytes AS size_bytes,
    x.checksum AS checksum,
    x.write_count AS write_count,
    x.write_low_at AS write_low_at,
    x.write_high_at AS write_high_at,
    x.load_count AS load_count,
    x.load_low_at AS load_low_at,
    x.load_high_at AS load_high_at,
    x.listed_at AS listed_at
FROM "pt_extract" AS x
JOIN "pt_location" AS l ON l.id = x.location_id
JOIN "pt_location_type" AS lt ON lt.id = l.type_id
JOIN "pt_extract_status" AS s ON s.id = x.status_id
JOIN "pt_run" AS r ON r.id = x.registered_by
JOIN "pt_process" AS p ON p.id = r.process_id
LEFT JOIN "pt_file_type" AS ft ON ft.id = x.file_type_id
LEFT JOIN "pt_compression_type" AS ct ON ct.id = x.compression_type_id;

-- Errors that runs recorded.
CREATE VIEW "pt_v1_errors" AS SELECT
    e.id AS error_id,
    e.run_id AS run_id,
    r.run_no AS run_number,
    r.process_id AS process_id,
    p.name AS process_name,
    t.name AS error_type,
    e.description AS description,
    e.recorded_at AS recorded_at
FROM "pt_run_error" AS e
JOIN "pt_run" AS r ON r.id = e.run_id
JOIN "pt_process" AS p ON p.id = r.process_id
JOIN "pt_error_type" AS t ON t.id = e.error_type_id;

-- Which run worked on which extract.
CREATE VIEW "pt_v1_run_extracts" AS SELECT
    re.run_id AS run_id,
    r.run_no AS run_number,
    r.process_id AS process_id,
    p.name AS process_name,
    re.extract_id AS extract_id,
    x.name AS extract_name,
    x.location_id AS location_id,
    l.path AS location_path,
    s.name AS status,
    re.linked_at AS linked_at,
    re.status_changed_at AS status_changed_at
FROM "pt_run_extract" AS re
JOIN "pt_run" AS r ON r.id = re.run_id
JOIN "pt_process" AS p ON p.id = r.process_id
JOIN "pt_extract" AS x ON x.id = re.extract_id
JOIN "pt_location" AS l ON l.id = x.location_id
JOIN "pt_extract_status" AS s ON s.id = re.status_id;

-- Changes of statuses, of processes, runs and extracts, and of watermarks by hand.
CREATE VIEW "pt_v1_history" AS SELECT
    h.id AS change_id,
    h.changed_at AS changed_at,
    h.process_id AS process_id,
    p.name AS process_name,
    h.run_id AS run_id,
    r.run_no AS run_number,
    h.extract_id AS extract_id,
    x.name AS extract_name,
    l.path AS location_path,
    h.from_status AS from_status,
    h.to_status AS to_status,
    a.name AS actor,
    h.reason AS reason,
    h.from_at AS from_at,
    h.to_at AS to_at
FROM "pt_status_history" AS h
LEFT JOIN "pt_process" AS p ON p.id = h.process_id
LEFT JOIN "pt_run" AS r ON r.id = h.run_id
LEFT JOIN "pt_extract" AS x ON x.id = h.extract_id
LEFT JOIN "pt_location" AS l ON l.id = x.location_id
LEFT JOIN "pt_actor" AS a ON a.id = h.actor_id;

-- Refused starts.
CREATE VIEW "pt_v1_refusals" AS SELECT
    f.id AS refusal_id,
    f.process_id AS process_id,
    p.name AS process_name,
    f.reason AS reason,
    f.actor AS actor,
    f.run_name AS run_name,
    f.detail AS detail,
    f.times AS times,
    f.first_at AS first_at,
    f.last_at AS last_at
FROM "pt_refusal" AS f
JOIN "pt_process" AS p ON p.id = f.process_id;

-- Dependencies between processes.
CREATE VIEW "pt_v1_dependencies" AS SELECT
    d.child_id AS child_id,
    child.name AS child_name,
    d.parent_id AS parent_id,
    parent.name AS parent_name,
    d.kind AS kind,
    d.fresh AS is_fresh,
    d.created_at AS created_at,
    c.name AS created_by,
    d.changed_at AS changed_at,
    e.name AS changed_by
FROM "pt_process_dependency" AS d
JOIN "pt_process" AS child ON child.id = d.child_id
JOIN "pt_process" AS parent ON parent.id = d.parent_id
LEFT JOIN "pt_actor" AS c ON c.id = d.created_by
LEFT JOIN "pt_actor" AS e ON e.id = d.changed_by;

-- Leases of active runs.
CREATE VIEW "pt_v1_leases" AS SELECT
    l.run_id AS run_id,
    r.run_no AS run_number,
    r.process_id AS process_id,
    p.name AS process_name,
    a.name AS actor,
    r.started_at AS started_at,
    l.renewed_at AS renewed_at,
    l.expires_at AS expires_at,
    l.length_ms AS length_milliseconds
FROM "pt_run_lease" AS l
JOIN "pt_run" AS r ON r.id = l.run_id
JOIN "pt_process" AS p ON p.id = r.process_id
JOIN "pt_actor" AS a ON a.id = r.actor_id
WHERE r.ended_at IS NULL;

-- Locations of extracts.
CREATE VIEW "pt_v1_locations" AS SELECT
    l.id AS location_id,
    l.name AS location_name,
    l.path AS location_path,
    t.name AS location_type,
    l.file_count AS file_count,
    l.listed_at AS listed_at,
    l.created_at AS created_at,
    c.name AS created_by,
    l.changed_at AS changed_at,
    e.name AS changed_by
FROM "pt_location" AS l
JOIN "pt_location_type" AS t ON t.id = l.type_id
LEFT JOIN "pt_actor" AS c ON c.id = l.created_by
LEFT JOIN "pt_actor" AS e ON e.id = l.changed_by;

-- Contacts of processes, and of systems.
CREATE VIEW "pt_v1_contacts" AS SELECT
    c.id AS contact_id,
    c.name AS contact_name,
    c.email AS email,
    p.id AS process_id,
    p.name AS process_name,
    NULL AS system_id,
    NULL AS system_name
FROM "pt_process_contact" AS pc
JOIN "pt_contact" AS c ON c.id = pc.contact_id
JOIN "pt_process" AS p ON p.id = pc.process_id
UNION ALL SELECT
    c.id,
    c.name,
    c.email,
    NULL,
    NULL,
    s.id,
    s.name
FROM "pt_system_contact" AS sc
JOIN "pt_contact" AS c ON c.id = sc.contact_id
JOIN "pt_data_system" AS s ON s.id = sc.system_id;

