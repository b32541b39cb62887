IF SCHEMA_ID(N'processtracker') IS NULL EXEC (N'CREATE SCHEMA [processtracker]');

-- One row for each migration that was applied; the highest is the schema's version.
CREATE TABLE [processtracker].[schema_version] (
    version    BIGINT NOT NULL PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    applied_at DATETIME2(6) NOT NULL
);

-- Who or what starts runs and changes rows: a person, a service account, a scheduler.
CREATE TABLE [processtracker].[actor] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- What processes are written in: Spark, dbt, Go, bash.
CREATE TABLE [processtracker].[tool] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Kinds of data that processes work on.
CREATE TABLE [processtracker].[dataset_type] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Kinds of processes: extract, load, and your own.
CREATE TABLE [processtracker].[process_type] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- How often a process is meant to run. The tracker starts nothing by itself.
CREATE TABLE [processtracker].[schedule_frequency] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Kinds of locations: local, s3, gs, azblob, http and so on, by the scheme of their paths.
CREATE TABLE [processtracker].[location_type] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Kinds of systems: databases, files, services.
CREATE TABLE [processtracker].[source_type] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Formats of files: csv, json, parquet and so on, by the endings of their names.
CREATE TABLE [processtracker].[file_type] (
    id             BIGINT IDENTITY PRIMARY KEY,
    name           NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded      BIT NOT NULL DEFAULT 0,
    delimiter_char NVARCHAR(20) COLLATE Latin1_General_100_BIN2,
    quote_char     NVARCHAR(20) COLLATE Latin1_General_100_BIN2,
    escape_char    NVARCHAR(20) COLLATE Latin1_General_100_BIN2,
    created_at     DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by     BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at     DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by     BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Compressions of files: gzip, zstd and so on, by the endings of their names.
CREATE TABLE [processtracker].[compression_type] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Kinds of errors that runs record: file, data and process errors, and your own.
CREATE TABLE [processtracker].[error_type] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Statuses of runs: running, completed, failed, on hold, and your own.
CREATE TABLE [processtracker].[run_status] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    active     BIT NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Statuses of extracts: initializing, ready, loading, loaded, archived, deleted, error, and your own.
CREATE TABLE [processtracker].[extract_status] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Systems that data comes from or goes to.
CREATE TABLE [processtracker].[data_system] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    type_id    BIGINT REFERENCES [processtracker].[source_type] (id),
    charset    NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Tables or datasets within a system.
CREATE TABLE [processtracker].[data_object] (
    id         BIGINT IDENTITY PRIMARY KEY,
    system_id  BIGINT NOT NULL REFERENCES [processtracker].[data_system] (id),
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    charset    NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (system_id, name)
);

-- Columns or fields within an object.
CREATE TABLE [processtracker].[data_attribute] (
    id            BIGINT IDENTITY PRIMARY KEY,
    object_id     BIGINT NOT NULL REFERENCES [processtracker].[data_object] (id),
    name          NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    data_type     NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    length        BIGINT,
    decimals      BIGINT,
    path          NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
    is_key        BIT NOT NULL DEFAULT 0,
    is_filter     BIT NOT NULL DEFAULT 0,
    is_partition  BIT NOT NULL DEFAULT 0,
    is_pii        BIT NOT NULL DEFAULT 0,
    default_value NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
    created_at    DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by    BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at    DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by    BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (object_id, name)
);

-- Recurring units of data integration work, each with the state of its latest run: this one row decides whether it may start.
CREATE TABLE [processtracker].[process] (
    id                  BIGINT IDENTITY PRIMARY KEY,
    name                NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    type_id             BIGINT REFERENCES [processtracker].[process_type] (id),
    tool_id             BIGINT REFERENCES [processtracker].[tool] (id),
    frequency_id        BIGINT REFERENCES [processtracker].[schedule_frequency] (id),
    definition          NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
    active              BIT NOT NULL DEFAULT 0,
    turn                NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
    latest_run_no       BIGINT NOT NULL DEFAULT 0,
    latest_status_id    BIGINT REFERENCES [processtracker].[run_status] (id),
    latest_token_digest NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
    latest_started_at   DATETIME2(6),
    latest_ended_at     DATETIME2(6),
    latest_memory       BIGINT NOT NULL DEFAULT 0,
    latest_processing   BIGINT NOT NULL DEFAULT 0,
    failures            BIGINT NOT NULL DEFAULT 0,
    max_failures        BIGINT,
    watermark           DATETIME2(6),
    records             BIGINT NOT NULL DEFAULT 0,
    inserts             BIGINT NOT NULL DEFAULT 0,
    updates             BIGINT NOT NULL DEFAULT 0,
    deletes             BIGINT NOT NULL DEFAULT 0,
    last_completed_at   DATETIME2(6),
    last_failed_at      DATETIME2(6),
    last_errored_at     DATETIME2(6),
    held_at             DATETIME2(6),
    held_by             BIGINT REFERENCES [processtracker].[actor] (id),
    hold_reason         NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
    created_at          DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by          BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at          DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by          BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Sources and targets of processes that were given as systems.
CREATE TABLE [processtracker].[process_system] (
    process_id BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    role       NVARCHAR(6) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (role IN (N'source', N'target')),
    system_id  BIGINT NOT NULL REFERENCES [processtracker].[data_system] (id),
    PRIMARY KEY (process_id, role, system_id)
);

CREATE INDEX process_system_by_system ON [processtracker].[process_system] (system_id);

-- Sources and targets of processes that were given as objects.
CREATE TABLE [processtracker].[process_object] (
    process_id BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    role       NVARCHAR(6) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (role IN (N'source', N'target')),
    object_id  BIGINT NOT NULL REFERENCES [processtracker].[data_object] (id),
    PRIMARY KEY (process_id, role, object_id)
);

CREATE INDEX process_object_by_object ON [processtracker].[process_object] (object_id);

-- Sources and targets of processes that were given as attributes.
CREATE TABLE [processtracker].[process_attribute] (
    process_id   BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    role         NVARCHAR(6) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (role IN (N'source', N'target')),
    attribute_id BIGINT NOT NULL REFERENCES [processtracker].[data_attribute] (id),
    alias        NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    expression   NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
    PRIMARY KEY (process_id, role, attribute_id)
);

CREATE INDEX process_attribute_by_attribute ON [processtracker].[process_attribute] (attribute_id);

-- Dataset types of processes.
CREATE TABLE [processtracker].[process_dataset_type] (
    process_id      BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    dataset_type_id BIGINT NOT NULL REFERENCES [processtracker].[dataset_type] (id),
    PRIMARY KEY (process_id, dataset_type_id)
);

-- Which rows of an attribute a process takes.
CREATE TABLE [processtracker].[process_filter] (
    process_id   BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    attribute_id BIGINT NOT NULL REFERENCES [processtracker].[data_attribute] (id),
    operator     NVARCHAR(10) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (operator IN (N'eq', N'lt', N'gt', N'lte', N'gte', N'not', N'like', N'in')),
    value        NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
    value_key    NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at   DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by   BIGINT REFERENCES [processtracker].[actor] (id),
    PRIMARY KEY (process_id, attribute_id, operator, value_key)
);

CREATE INDEX process_filter_by_attribute ON [processtracker].[process_filter] (attribute_id);

-- People and teams to turn to.
CREATE TABLE [processtracker].[contact] (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    email      NVARCHAR(350) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT N'',
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name, email)
);

-- Contacts of processes.
CREATE TABLE [processtracker].[process_contact] (
    process_id BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    contact_id BIGINT NOT NULL REFERENCES [processtracker].[contact] (id),
    PRIMARY KEY (process_id, contact_id)
);

CREATE INDEX process_contact_by_contact ON [processtracker].[process_contact] (contact_id);

-- Contacts of systems.
CREATE TABLE [processtracker].[system_contact] (
    system_id  BIGINT NOT NULL REFERENCES [processtracker].[data_system] (id),
    contact_id BIGINT NOT NULL REFERENCES [processtracker].[contact] (id),
    PRIMARY KEY (system_id, contact_id)
);

CREATE INDEX system_contact_by_contact ON [processtracker].[system_contact] (contact_id);

-- Which process (the child) waits for which (the parent), and how strictly.
CREATE TABLE [processtracker].[process_dependency] (
    child_id   BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    parent_id  BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    kind       NVARCHAR(6) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN (N'normal', N'hard', N'soft')),
    fresh      BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id)
);

CREATE INDEX process_dependency_by_parent ON [processtracker].[process_dependency] (parent_id);

-- One row, which adding a dependency writes to: two that would close a cycle take turns. It is there from the start.
CREATE TABLE [processtracker].[dependency_lock] (
    lock_no   BIGINT NOT NULL PRIMARY KEY,
    locked_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME()
);

INSERT INTO [processtracker].[dependency_lock] (lock_no) VALUES (1);

-- Pools of capacity that processes share. The units are yours.
CREATE TABLE [processtracker].[cluster] (
    id              BIGINT IDENTITY PRIMARY KEY,
    name            NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    max_memory      BIGINT,
    max_processing  BIGINT,
    memory_unit     NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    processing_unit NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    created_at      DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by      BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at      DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by      BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (name)
);

-- Which processes share which pools.
CREATE TABLE [processtracker].[process_cluster] (
    process_id BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    cluster_id BIGINT NOT NULL REFERENCES [processtracker].[cluster] (id),
    PRIMARY KEY (process_id, cluster_id)
);

CREATE INDEX process_cluster_by_cluster ON [processtracker].[process_cluster] (cluster_id);

-- Executions of processes.
CREATE TABLE [processtracker].[run] (
    id           BIGINT IDENTITY PRIMARY KEY,
    process_id   BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    run_no       BIGINT NOT NULL,
    name         NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    status_id    BIGINT NOT NULL REFERENCES [processtracker].[run_status] (id),
    token_digest NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    actor_id     BIGINT NOT NULL REFERENCES [processtracker].[actor] (id),
    memory       BIGINT NOT NULL DEFAULT 0,
    processing   BIGINT NOT NULL DEFAULT 0,
    started_at   DATETIME2(6) NOT NULL,
    ended_at     DATETIME2(6),
    low_at       DATETIME2(6),
    high_at      DATETIME2(6),
    records      BIGINT NOT NULL DEFAULT 0,
    inserts      BIGINT NOT NULL DEFAULT 0,
    updates      BIGINT NOT NULL DEFAULT 0,
    deletes      BIGINT NOT NULL DEFAULT 0,
    UNIQUE (process_id, run_no),
    UNIQUE (token_digest)
);

CREATE INDEX run_by_name ON [processtracker].[run] (process_id, name);

CREATE INDEX run_by_status ON [processtracker].[run] (status_id, id);

CREATE INDEX run_by_status_process ON [processtracker].[run] (status_id, process_id, run_no);

CREATE INDEX run_by_end ON [processtracker].[run] (ended_at, id);

-- Until when the tracker of an active run vouches for it. Apart from the run, so that renewing waits for no transaction that the run has open.
CREATE TABLE [processtracker].[run_lease] (
    run_id     BIGINT NOT NULL REFERENCES [processtracker].[run] (id),
    expires_at DATETIME2(6) NOT NULL,
    renewed_at DATETIME2(6) NOT NULL,
    length_ms  BIGINT NOT NULL,
    PRIMARY KEY (run_id)
);

CREATE INDEX run_lease_by_expiry ON [processtracker].[run_lease] (expires_at);

-- Soft dependencies that were not fulfilled when a run started.
CREATE TABLE [processtracker].[run_soft_dependency] (
    run_id           BIGINT NOT NULL REFERENCES [processtracker].[run] (id),
    parent_id        BIGINT NOT NULL REFERENCES [processtracker].[process] (id),
    parent_run_no    BIGINT NOT NULL,
    parent_status_id BIGINT REFERENCES [processtracker].[run_status] (id),
    PRIMARY KEY (run_id, parent_id)
);

-- Errors that runs recorded.
CREATE TABLE [processtracker].[run_error] (
    id            BIGINT IDENTITY PRIMARY KEY,
    run_id        BIGINT NOT NULL REFERENCES [processtracker].[run] (id),
    process_id    BIGINT NOT NULL,
    error_type_id BIGINT NOT NULL REFERENCES [processtracker].[error_type] (id),
    description   NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
    recorded_at   DATETIME2(6) NOT NULL
);

CREATE INDEX run_error_by_run ON [processtracker].[run_error] (run_id, id);

CREATE INDEX run_error_by_process ON [processtracker].[run_error] (process_id, id);

-- Directories, bucket prefixes and URLs in which extracts lie.
CREATE TABLE [processtracker].[location] (
    id         BIGINT IDENTITY PRIMARY KEY,
    path       NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
    path_key   NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    type_id    BIGINT NOT NULL REFERENCES [processtracker].[location_type] (id),
    file_count BIGINT,
    listed_at  DATETIME2(6),
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES [processtracker].[actor] (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES [processtracker].[actor] (id),
    UNIQUE (path_key),
    UNIQUE (name)
);

-- Which systems the extracts in a location hold data of.
CREATE TABLE [processtracker].[location_system] (
    location_id BIGINT NOT NULL REFERENCES [processtracker].[location] (id),
    system_id   BIGINT NOT NULL REFERENCES [processtracker].[data_system] (id),
    PRIMARY KEY (location_id, system_id)
);

CREATE INDEX location_system_by_system ON [processtracker].[location_system] (system_id);

-- Which objects the extracts in a location hold data of.
CREATE TABLE [processtracker].[location_object] (
    location_id BIGINT NOT NULL REFERENCES [processtracker].[location] (id),
    object_id   BIGINT NOT NULL REFERENCES [processtracker].[data_object] (id),
    PRIMARY KEY (location_id, object_id)
);

CREATE INDEX location_object_by_object ON [processtracker].[location_object] (object_id);

-- Tables whose rows change by the thousand have no lock escalation, which would lock all of their rows for all others.
-- Data files, or other addressable chunks of data: what is in a location under a name.
CREATE TABLE [processtracker].[extract] (
    id                  BIGINT IDENTITY PRIMARY KEY,
    location_id         BIGINT NOT NULL REFERENCES [processtracker].[location] (id),
    name                NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
    name_key            NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    status_id           BIGINT NOT NULL REFERENCES [processtracker].[extract_status] (id),
    registered_by       BIGINT NOT NULL REFERENCES [processtracker].[run] (id),
    process_id          BIGINT NOT NULL,
    registered_at       DATETIME2(6) NOT NULL,
    status_changed_at   DATETIME2(6) NOT NULL,
    claimed_by          BIGINT REFERENCES [processtracker].[run] (id),
    claim_return_id     BIGINT REFERENCES [processtracker].[extract_status] (id),
    file_type_id        BIGINT REFERENCES [processtracker].[file_type] (id),
    compression_type_id BIGINT REFERENCES [processtracker].[compression_type] (id),
    size_bytes          BIGINT,
    checksum            NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    write_count         BIGINT,
    write_low_at        DATETIME2(6),
    write_high_at       DATETIME2(6),
    load_count          BIGINT,
    load_low_at         DATETIME2(6),
    load_high_at        DATETIME2(6),
    listed_at           DATETIME2(6),
    UNIQUE (location_id, name_key)
);

ALTER TABLE [processtracker].[extract] SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX extract_by_claim ON [processtracker].[extract] (claimed_by, id);

CREATE INDEX extract_by_age ON [processtracker].[extract] (registered_at, id);

CREATE INDEX extract_by_name ON [processtracker].[extract] (name_key);

CREATE INDEX extract_by_status ON [processtracker].[extract] (status_id, registered_at, id);

CREATE INDEX extract_by_location ON [processtracker].[extract] (location_id, registered_at, id);

CREATE INDEX extract_by_status_location ON [processtracker].[extract] (status_id, location_id, registered_at, id);

CREATE INDEX extract_by_process ON [processtracker].[extract] (process_id, registered_at, id);

CREATE INDEX extract_by_status_process ON [processtracker].[extract] (status_id, process_id, registered_at, id);

CREATE INDEX extract_by_registering_run ON [processtracker].[extract] (registered_by, id);

-- Which extract (the child) may be loaded only after which other (the parent).
CREATE TABLE [processtracker].[extract_dependency] (
    child_id  BIGINT NOT NULL REFERENCES [processtracker].[extract] (id),
    parent_id BIGINT NOT NULL REFERENCES [processtracker].[extract] (id),
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id)
);

ALTER TABLE [processtracker].[extract_dependency] SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX extract_dependency_by_parent ON [processtracker].[extract_dependency] (parent_id, child_id);

-- Which systems an extract holds data of.
CREATE TABLE [processtracker].[extract_system] (
    extract_id BIGINT NOT NULL REFERENCES [processtracker].[extract] (id),
    system_id  BIGINT NOT NULL REFERENCES [processtracker].[data_system] (id),
    PRIMARY KEY (extract_id, system_id)
);

ALTER TABLE [processtracker].[extract_system] SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX extract_system_by_system ON [processtracker].[extract_system] (system_id);

-- Which objects an extract holds data of.
CREATE TABLE [processtracker].[extract_object] (
    extract_id BIGINT NOT NULL REFERENCES [processtracker].[extract] (id),
    object_id  BIGINT NOT NULL REFERENCES [processtracker].[data_object] (id),
    PRIMARY KEY (extract_id, object_id)
);

ALTER TABLE [processtracker].[extract_object] SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX extract_object_by_object ON [processtracker].[extract_object] (object_id);

-- Which run worked on which extract, and the status that it gave it last.
CREATE TABLE [processtracker].[run_extract] (
    run_id            BIGINT NOT NULL REFERENCES [processtracker].[run] (id),
    extract_id        BIGINT NOT NULL REFERENCES [processtracker].[extract] (id),
    status_id         BIGINT NOT NULL REFERENCES [processtracker].[extract_status] (id),
    linked_at         DATETIME2(6) NOT NULL,
    status_changed_at DATETIME2(6) NOT NULL,
    PRIMARY KEY (run_id, extract_id)
);

ALTER TABLE [processtracker].[run_extract] SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX run_extract_by_extract ON [processtracker].[run_extract] (extract_id, run_id);

-- Every change of a run's, an extract's or a process's status, by name, so that it can be read alone, and of a watermark that somebody set. Rows are only ever added.
CREATE TABLE [processtracker].[status_history] (
    id          BIGINT IDENTITY PRIMARY KEY,
    changed_at  DATETIME2(6) NOT NULL,
    process_id  BIGINT REFERENCES [processtracker].[process] (id),
    run_id      BIGINT REFERENCES [processtracker].[run] (id),
    extract_id  BIGINT REFERENCES [processtracker].[extract] (id),
    from_status NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    to_status   NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    actor_id    BIGINT REFERENCES [processtracker].[actor] (id),
    reason      NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
    from_at     DATETIME2(6),
    to_at       DATETIME2(6)
);

ALTER TABLE [processtracker].[status_history] SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX status_history_by_process ON [processtracker].[status_history] (process_id, changed_at, id);

CREATE INDEX status_history_by_run ON [processtracker].[status_history] (run_id, changed_at, id);

CREATE INDEX status_history_by_extract ON [processtracker].[status_history] (extract_id, changed_at, id);

CREATE INDEX status_history_by_time ON [processtracker].[status_history] (changed_at, id);

-- Refused starts, at most 20 rows per process. Equal refusals share a row, and a new one replaces the oldest. There are no foreign keys, so that writing a row waits for no transaction that has written to the process.
CREATE TABLE [processtracker].[refusal] (
    id          BIGINT IDENTITY PRIMARY KEY,
    process_id  BIGINT NOT NULL,
    slot        BIGINT NOT NULL,
    refusal_key NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    reason      NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    actor       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    run_name    NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    detail      NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
    times       BIGINT NOT NULL,
    first_at    DATETIME2(6) NOT NULL,
    last_at     DATETIME2(6) NOT NULL,
    UNIQUE (process_id, slot),
    UNIQUE (process_id, refusal_key)
);

ALTER TABLE [processtracker].[refusal] SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX refusal_by_time ON [processtracker].[refusal] (first_at, id);

SET IDENTITY_INSERT [processtracker].[process_type] ON;

INSERT INTO [processtracker].[process_type] (id, name, preloaded) VALUES
    (1, N'Extract', 1),
    (2, N'Load', 1),
    (100, N'', 0);

SET IDENTITY_INSERT [processtracker].[process_type] OFF;

DELETE FROM [processtracker].[process_type] WHERE id = 100;

SET IDENTITY_INSERT [processtracker].[schedule_frequency] ON;

INSERT INTO [processtracker].[schedule_frequency] (id, name, preloaded) VALUES
    (1, N'unscheduled', 1),
    (2, N'hourly', 1),
    (3, N'daily', 1),
    (4, N'weekly', 1),
    (5, N'monthly', 1),
    (6, N'quarterly', 1),
    (7, N'annually', 1),
    (100, N'', 0);

SET IDENTITY_INSERT [processtracker].[schedule_frequency] OFF;

DELETE FROM [processtracker].[schedule_frequency] WHERE id = 100;

SET IDENTITY_INSERT [processtracker].[location_type] ON;

INSERT INTO [processtracker].[location_type] (id, name, preloaded) VALUES
    (1, N'local', 1),
    (2, N's3', 1),
    (3, N'gs', 1),
    (4, N'azblob', 1),
    (5, N'http', 1),
    (6, N'ftp', 1),
    (7, N'sftp', 1),
    (8, N'hdfs', 1),
    (100, N'', 0);

SET IDENTITY_INSERT [processtracker].[location_type] OFF;

DELETE FROM [processtracker].[location_type] WHERE id = 100;

SET IDENTITY_INSERT [processtracker].[source_type] ON;

INSERT INTO [processtracker].[source_type] (id, name, preloaded) VALUES
    (1, N'database', 1),
    (2, N'files', 1),
    (3, N'service', 1),
    (4, N'stream', 1),
    (5, N'application', 1),
    (100, N'', 0);

SET IDENTITY_INSERT [processtracker].[source_type] OFF;

DELETE FROM [processtracker].[source_type] WHERE id = 100;

SET IDENTITY_INSERT [processtracker].[file_type] ON;

INSERT INTO [processtracker].[file_type] (id, name, preloaded) VALUES
    (1, N'csv', 1),
    (2, N'tsv', 1),
    (3, N'psv', 1),
    (4, N'txt', 1),
    (5, N'json', 1),
    (6, N'jsonl', 1),
    (7, N'xml', 1),
    (8, N'html', 1),
    (9, N'yaml', 1),
    (10, N'parquet', 1),
    (11, N'avro', 1),
    (12, N'orc', 1),
    (13, N'arrow', 1),
    (14, N'xls', 1),
    (15, N'xlsx', 1),
    (16, N'ods', 1),
    (17, N'sqlite', 1),
    (18, N'sql', 1),
    (19, N'pdf', 1),
    (20, N'tar', 1),
    (21, N'zip', 1),
    (100, N'', 0);

SET IDENTITY_INSERT [processtracker].[file_type] OFF;

DELETE FROM [processtracker].[file_type] WHERE id = 100;

SET IDENTITY_INSERT [processtracker].[compression_type] ON;

INSERT INTO [processtracker].[compression_type] (id, name, preloaded) VALUES
    (1, N'gzip', 1),
    (2, N'bzip2', 1),
    (3, N'xz', 1),
    (4, N'zstd', 1),
    (5, N'lz4', 1),
    (6, N'snappy', 1),
    (7, N'brotli', 1),
    (8, N'deflate', 1),
    (9, N'lzo', 1),
    (10, N'zip', 1),
    (100, N'', 0);

SET IDENTITY_INSERT [processtracker].[compression_type] OFF;

DELETE FROM [processtracker].[compression_type] WHERE id = 100;

SET IDENTITY_INSERT [processtracker].[error_type] ON;

INSERT INTO [processtracker].[error_type] (id, name, preloaded) VALUES
    (1, N'File Error', 1),
    (2, N'Data Error', 1),
    (3, N'Process Error', 1),
    (100, N'', 0);

SET IDENTITY_INSERT [processtracker].[error_type] OFF;

DELETE FROM [processtracker].[error_type] WHERE id = 100;

SET IDENTITY_INSERT [processtracker].[run_status] ON;

INSERT INTO [processtracker].[run_status] (id, name, active, preloaded) VALUES
    (1, N'running', 1, 1),
    (2, N'completed', 0, 1),
    (3, N'failed', 0, 1),
    (4, N'on hold', 0, 1),
    (100, N'', 0, 0);

SET IDENTITY_INSERT [processtracker].[run_status] OFF;

DELETE FROM [processtracker].[run_status] WHERE id = 100;

SET IDENTITY_INSERT [processtracker].[extract_status] ON;

INSERT INTO [processtracker].[extract_status] (id, name, preloaded) VALUES
    (1, N'initializing', 1),
    (2, N'ready', 1),
    (3, N'loading', 1),
    (4, N'loaded', 1),
    (5, N'archived', 1),
    (6, N'deleted', 1),
    (7, N'error', 1),
    (100, N'', 0);

SET IDENTITY_INSERT [processtracker].[extract_status] OFF;

DELETE FROM [processtracker].[extract_status] WHERE id = 100;

-- Processes, with the state of their latest run.
CREATE VIEW [processtracker].[v1_processes] AS SELECT
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
FROM [processtracker].[process] AS p
LEFT JOIN [processtracker].[process_type] AS pt ON pt.id = p.type_id
LEFT JOIN [processtracker].[tool] AS t ON t.id = p.tool_id
LEFT JOIN [processtracker].[schedule_frequency] AS f ON f.id = p.frequency_id
LEFT JOIN [processtracker].[run_status] AS s ON s.id = p.latest_status_id
LEFT JOIN [processtracker].[run] AS r ON r.process_id = p.id AND r.run_no = p.latest_run_no
LEFT JOIN [processtracker].[run_lease] AS l ON l.run_id = r.id
LEFT JOIN [processtracker].[actor] AS h ON h.id = p.held_by
LEFT JOIN [processtracker].[actor] AS c ON c.id = p.created_by
LEFT JOIN [processtracker].[actor] AS e ON e.id = p.changed_by;

-- Runs.
CREATE VIEW [processtracker].[v1_runs] AS SELECT
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
FROM [processtracker].[run] AS r
JOIN [processtracker].[process] AS p ON p.id = r.process_id
JOIN [processtracker].[run_status] AS s ON s.id = r.status_id
JOIN [processtracker].[actor] AS a ON a.id = r.actor_id
LEFT JOIN [processtracker].[run_lease] AS l ON l.run_id = r.id;

-- Extracts.
CREATE VIEW [processtracker].[v1_extracts] AS SELECT
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
FROM [processtracker].[extract] AS x
JOIN [processtracker].[location] AS l ON l.id = x.location_id
JOIN [processtracker].[location_type] AS lt ON lt.id = l.type_id
JOIN [processtracker].[extract_status] AS s ON s.id = x.status_id
JOIN [processtracker].[run] AS r ON r.id = x.registered_by
JOIN [processtracker].[process] AS p ON p.id = r.process_id
LEFT JOIN [processtracker].[file_type] AS ft ON ft.id = x.file_type_id
LEFT JOIN [processtracker].[compression_type] AS ct ON ct.id = x.compression_type_id;

-- Errors that runs recorded.
CREATE VIEW [processtracker].[v1_errors] AS SELECT
    e.id AS error_id,
    e.run_id AS run_id,
    r.run_no AS run_number,
    r.process_id AS process_id,
    p.name AS process_name,
    t.name AS error_type,
    e.description AS description,
    e.recorded_at AS recorded_at
FROM [processtracker].[run_error] AS e
JOIN [processtracker].[run] AS r ON r.id = e.run_id
JOIN [processtracker].[process] AS p ON p.id = r.process_id
JOIN [processtracker].[error_type] AS t ON t.id = e.error_type_id;

-- Which run worked on which extract.
CREATE VIEW [processtracker].[v1_run_extracts] AS SELECT
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
FROM [processtracker].[run_extract] AS re
JOIN [processtracker].[run] AS r ON r.id = re.run_id
JOIN [processtracker].[process] AS p ON p.id = r.process_id
JOIN [processtracker].[extract] AS x ON x.id = re.extract_id
JOIN [processtracker].[location] AS l ON l.id = x.location_id
JOIN [processtracker].[extract_status] AS s ON s.id = re.status_id;

-- Changes of statuses, of processes, runs and extracts, and of watermarks by hand.
CREATE VIEW [processtracker].[v1_history] AS SELECT
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
FROM [processtracker].[status_history] AS h
LEFT JOIN [processtracker].[process] AS p ON p.id = h.process_id
LEFT JOIN [processtracker].[run] AS r ON r.id = h.run_id
LEFT JOIN [processtracker].[extract] AS x ON x.id = h.extract_id
LEFT JOIN [processtracker].[location] AS l ON l.id = x.location_id
LEFT JOIN [processtracker].[actor] AS a ON a.id = h.actor_id;

-- Refused starts.
CREATE VIEW [processtracker].[v1_refusals] AS SELECT
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
FROM [processtracker].[refusal] AS f
JOIN [processtracker].[process] AS p ON p.id = f.process_id;

-- Dependencies between processes.
CREATE VIEW [processtracker].[v1_dependencies] AS SELECT
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
FROM [processtracker].[process_dependency] AS d
JOIN [processtracker].[process] AS child ON child.id = d.child_id
JOIN [processtracker].[process] AS parent ON parent.id = d.parent_id
LEFT JOIN [processtracker].[actor] AS c ON c.id = d.created_by
LEFT JOIN [processtracker].[actor] AS e ON e.id = d.changed_by;

-- Leases of active runs.
CREATE VIEW [processtracker].[v1_leases] AS SELECT
    l.run_id AS run_id,
    r.run_no AS run_number,
    r.process_id AS process_id,
    p.name AS process_name,
    a.name AS actor,
    r.started_at AS started_at,
    l.renewed_at AS renewed_at,
    l.expires_at AS expires_at,
    l.length_ms AS length_milliseconds
FROM [processtracker].[run_lease] AS l
JOIN [processtracker].[run] AS r ON r.id = l.run_id
JOIN [processtracker].[process] AS p ON p.id = r.process_id
JOIN [processtracker].[actor] AS a ON a.id = r.actor_id
WHERE r.ended_at IS NULL;

-- Locations of extracts.
CREATE VIEW [processtracker].[v1_locations] AS SELECT
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
FROM [processtracker].[location] AS l
JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
LEFT JOIN [processtracker].[actor] AS c ON c.id = l.created_by
LEFT JOIN [processtracker].[actor] AS e ON e.id = l.changed_by;

-- Contacts of processes, and of systems.
CREATE VIEW [processtracker].[v1_contacts] AS SELECT
    c.id AS contact_id,
    c.name AS contact_name,
    c.email AS email,
    p.id AS process_id,
    p.name AS process_name,
    NULL AS system_id,
    NULL AS system_name
FROM [processtracker].[process_contact] AS pc
JOIN [processtracker].[contact] AS c ON c.id = pc.contact_id
JOIN [processtracker].[process] AS p ON p.id = pc.process_id
UNION ALL SELECT
    c.id,
    c.name,
    c.email,
    NULL,
    NULL,
    s.id,
    s.name
FROM [processtracker].[system_contact] AS sc
JOIN [processtracker].[contact] AS c ON c.id = sc.contact_id
JOIN [processtracker].[data_system] AS s ON s.id = sc.system_id;

