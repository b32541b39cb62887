-- Version 1: the tables that every later version starts from.
-- {name} stands for a table's name in the schema of the user's choice, {'name'} for the same as a text, {''} for the schema's.
-- A name has up to 250 characters, each of which may take two places. Of an index's 1,700 bytes a contact's name and e-mail
-- address may fill all. The rows with id 100 are there for a moment, so that what users add begins at 101.

IF SCHEMA_ID({''}) IS NULL EXEC (N'CREATE SCHEMA {}');

-- One row for each migration that was applied; the highest is the schema's version.
CREATE TABLE {schema_version} (
    version    BIGINT NOT NULL PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    applied_at DATETIME2(6) NOT NULL
);

-- Who or what starts runs and changes rows: a person, a service account, a scheduler.
CREATE TABLE {actor} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- What processes are written in: Spark, dbt, Go, bash.
CREATE TABLE {tool} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Kinds of data that processes work on.
CREATE TABLE {dataset_type} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Kinds of processes: extract, load, and your own.
CREATE TABLE {process_type} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- How often a process is meant to run. The tracker starts nothing by itself.
CREATE TABLE {schedule_frequency} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Kinds of locations: local, s3, gs, azblob, http and so on, by the scheme of their paths.
CREATE TABLE {location_type} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Kinds of systems: databases, files, services.
CREATE TABLE {source_type} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Formats of files: csv, json, parquet and so on, by the endings of their names.
CREATE TABLE {file_type} (
    id             BIGINT IDENTITY PRIMARY KEY,
    name           NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded      BIT NOT NULL DEFAULT 0,
    delimiter_char NVARCHAR(20) COLLATE Latin1_General_100_BIN2,
    quote_char     NVARCHAR(20) COLLATE Latin1_General_100_BIN2,
    escape_char    NVARCHAR(20) COLLATE Latin1_General_100_BIN2,
    created_at     DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by     BIGINT REFERENCES {actor} (id),
    changed_at     DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by     BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Compressions of files: gzip, zstd and so on, by the endings of their names.
CREATE TABLE {compression_type} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Kinds of errors that runs record: file, data and process errors, and your own.
CREATE TABLE {error_type} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Statuses of runs: running, completed, failed, on hold, and your own.
CREATE TABLE {run_status} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    active     BIT NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Statuses of extracts: initializing, ready, loading, loaded, archived, deleted, error, and your own.
CREATE TABLE {extract_status} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    preloaded  BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Systems that data comes from or goes to.
CREATE TABLE {data_system} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    type_id    BIGINT REFERENCES {source_type} (id),
    charset    NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Tables or datasets within a system.
CREATE TABLE {data_object} (
    id         BIGINT IDENTITY PRIMARY KEY,
    system_id  BIGINT NOT NULL REFERENCES {data_system} (id),
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    charset    NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (system_id, name)
);

-- Columns or fields within an object.
CREATE TABLE {data_attribute} (
    id            BIGINT IDENTITY PRIMARY KEY,
    object_id     BIGINT NOT NULL REFERENCES {data_object} (id),
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
    created_by    BIGINT REFERENCES {actor} (id),
    changed_at    DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by    BIGINT REFERENCES {actor} (id),
    UNIQUE (object_id, name)
);

-- Recurring units of data integration work, each with the state of its latest run: this one row decides whether it may start.
CREATE TABLE {process} (
    id                  BIGINT IDENTITY PRIMARY KEY,
    name                NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    type_id             BIGINT REFERENCES {process_type} (id),
    tool_id             BIGINT REFERENCES {tool} (id),
    frequency_id        BIGINT REFERENCES {schedule_frequency} (id),
    definition          NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
    active              BIT NOT NULL DEFAULT 0,
    turn                NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
    latest_run_no       BIGINT NOT NULL DEFAULT 0,
    latest_status_id    BIGINT REFERENCES {run_status} (id),
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
    held_by             BIGINT REFERENCES {actor} (id),
    hold_reason         NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
    created_at          DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by          BIGINT REFERENCES {actor} (id),
    changed_at          DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by          BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Sources and targets of processes that were given as systems.
CREATE TABLE {process_system} (
    process_id BIGINT NOT NULL REFERENCES {process} (id),
    role       NVARCHAR(6) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (role IN (N'source', N'target')),
    system_id  BIGINT NOT NULL REFERENCES {data_system} (id),
    PRIMARY KEY (process_id, role, system_id)
);

CREATE INDEX process_system_by_system ON {process_system} (system_id);

-- Sources and targets of processes that were given as objects.
CREATE TABLE {process_object} (
    process_id BIGINT NOT NULL REFERENCES {process} (id),
    role       NVARCHAR(6) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (role IN (N'source', N'target')),
    object_id  BIGINT NOT NULL REFERENCES {data_object} (id),
    PRIMARY KEY (process_id, role, object_id)
);

CREATE INDEX process_object_by_object ON {process_object} (object_id);

-- Sources and targets of processes that were given as attributes.
CREATE TABLE {process_attribute} (
    process_id   BIGINT NOT NULL REFERENCES {process} (id),
    role         NVARCHAR(6) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (role IN (N'source', N'target')),
    attribute_id BIGINT NOT NULL REFERENCES {data_attribute} (id),
    alias        NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    expression   NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
    PRIMARY KEY (process_id, role, attribute_id)
);

CREATE INDEX process_attribute_by_attribute ON {process_attribute} (attribute_id);

-- Dataset types of processes.
CREATE TABLE {process_dataset_type} (
    process_id      BIGINT NOT NULL REFERENCES {process} (id),
    dataset_type_id BIGINT NOT NULL REFERENCES {dataset_type} (id),
    PRIMARY KEY (process_id, dataset_type_id)
);

-- Which rows of an attribute a process takes.
CREATE TABLE {process_filter} (
    process_id   BIGINT NOT NULL REFERENCES {process} (id),
    attribute_id BIGINT NOT NULL REFERENCES {data_attribute} (id),
    operator     NVARCHAR(10) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (operator IN (N'eq', N'lt', N'gt', N'lte', N'gte', N'not', N'like', N'in')),
    value        NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
    value_key    NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at   DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by   BIGINT REFERENCES {actor} (id),
    PRIMARY KEY (process_id, attribute_id, operator, value_key)
);

CREATE INDEX process_filter_by_attribute ON {process_filter} (attribute_id);

-- People and teams to turn to.
CREATE TABLE {contact} (
    id         BIGINT IDENTITY PRIMARY KEY,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    email      NVARCHAR(350) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT N'',
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (name, email)
);

-- Contacts of processes.
CREATE TABLE {process_contact} (
    process_id BIGINT NOT NULL REFERENCES {process} (id),
    contact_id BIGINT NOT NULL REFERENCES {contact} (id),
    PRIMARY KEY (process_id, contact_id)
);

CREATE INDEX process_contact_by_contact ON {process_contact} (contact_id);

-- Contacts of systems.
CREATE TABLE {system_contact} (
    system_id  BIGINT NOT NULL REFERENCES {data_system} (id),
    contact_id BIGINT NOT NULL REFERENCES {contact} (id),
    PRIMARY KEY (system_id, contact_id)
);

CREATE INDEX system_contact_by_contact ON {system_contact} (contact_id);

-- Which process (the child) waits for which (the parent), and how strictly.
CREATE TABLE {process_dependency} (
    child_id   BIGINT NOT NULL REFERENCES {process} (id),
    parent_id  BIGINT NOT NULL REFERENCES {process} (id),
    kind       NVARCHAR(6) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN (N'normal', N'hard', N'soft')),
    fresh      BIT NOT NULL DEFAULT 0,
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id)
);

CREATE INDEX process_dependency_by_parent ON {process_dependency} (parent_id);

-- One row, which adding a dependency writes to: two that would close a cycle take turns. It is there from the start.
CREATE TABLE {dependency_lock} (
    lock_no   BIGINT NOT NULL PRIMARY KEY,
    locked_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME()
);

INSERT INTO {dependency_lock} (lock_no) VALUES (1);

-- Pools of capacity that processes share. The units are yours.
CREATE TABLE {cluster} (
    id              BIGINT IDENTITY PRIMARY KEY,
    name            NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    max_memory      BIGINT,
    max_processing  BIGINT,
    memory_unit     NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    processing_unit NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    created_at      DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by      BIGINT REFERENCES {actor} (id),
    changed_at      DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by      BIGINT REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Which processes share which pools.
CREATE TABLE {process_cluster} (
    process_id BIGINT NOT NULL REFERENCES {process} (id),
    cluster_id BIGINT NOT NULL REFERENCES {cluster} (id),
    PRIMARY KEY (process_id, cluster_id)
);

CREATE INDEX process_cluster_by_cluster ON {process_cluster} (cluster_id);

-- Executions of processes.
CREATE TABLE {run} (
    id           BIGINT IDENTITY PRIMARY KEY,
    process_id   BIGINT NOT NULL REFERENCES {process} (id),
    run_no       BIGINT NOT NULL,
    name         NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    status_id    BIGINT NOT NULL REFERENCES {run_status} (id),
    token_digest NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    actor_id     BIGINT NOT NULL REFERENCES {actor} (id),
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

CREATE INDEX run_by_name ON {run} (process_id, name);

CREATE INDEX run_by_status ON {run} (status_id, id);

CREATE INDEX run_by_status_process ON {run} (status_id, process_id, run_no);

CREATE INDEX run_by_end ON {run} (ended_at, id);

-- Until when the tracker of an active run vouches for it. Apart from the run, so that renewing waits for no transaction that the run has open.
CREATE TABLE {run_lease} (
    run_id     BIGINT NOT NULL REFERENCES {run} (id),
    expires_at DATETIME2(6) NOT NULL,
    renewed_at DATETIME2(6) NOT NULL,
    length_ms  BIGINT NOT NULL,
    PRIMARY KEY (run_id)
);

CREATE INDEX run_lease_by_expiry ON {run_lease} (expires_at);

-- Soft dependencies that were not fulfilled when a run started.
CREATE TABLE {run_soft_dependency} (
    run_id           BIGINT NOT NULL REFERENCES {run} (id),
    parent_id        BIGINT NOT NULL REFERENCES {process} (id),
    parent_run_no    BIGINT NOT NULL,
    parent_status_id BIGINT REFERENCES {run_status} (id),
    PRIMARY KEY (run_id, parent_id)
);

-- Errors that runs recorded.
CREATE TABLE {run_error} (
    id            BIGINT IDENTITY PRIMARY KEY,
    run_id        BIGINT NOT NULL REFERENCES {run} (id),
    process_id    BIGINT NOT NULL,
    error_type_id BIGINT NOT NULL REFERENCES {error_type} (id),
    description   NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
    recorded_at   DATETIME2(6) NOT NULL
);

CREATE INDEX run_error_by_run ON {run_error} (run_id, id);

CREATE INDEX run_error_by_process ON {run_error} (process_id, id);

-- Directories, bucket prefixes and URLs in which extracts lie.
CREATE TABLE {location} (
    id         BIGINT IDENTITY PRIMARY KEY,
    path       NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
    path_key   NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    name       NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    type_id    BIGINT NOT NULL REFERENCES {location_type} (id),
    file_count BIGINT,
    listed_at  DATETIME2(6),
    created_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    created_by BIGINT REFERENCES {actor} (id),
    changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),
    changed_by BIGINT REFERENCES {actor} (id),
    UNIQUE (path_key),
    UNIQUE (name)
);

-- Which systems the extracts in a location hold data of.
CREATE TABLE {location_system} (
    location_id BIGINT NOT NULL REFERENCES {location} (id),
    system_id   BIGINT NOT NULL REFERENCES {data_system} (id),
    PRIMARY KEY (location_id, system_id)
);

CREATE INDEX location_system_by_system ON {location_system} (system_id);

-- Which objects the extracts in a location hold data of.
CREATE TABLE {location_object} (
    location_id BIGINT NOT NULL REFERENCES {location} (id),
    object_id   BIGINT NOT NULL REFERENCES {data_object} (id),
    PRIMARY KEY (location_id, object_id)
);

CREATE INDEX location_object_by_object ON {location_object} (object_id);

-- Tables whose rows change by the thousand have no lock escalation, which would lock all of their rows for all others.
-- Data files, or other addressable chunks of data: what is in a location under a name.
CREATE TABLE {extract} (
    id                  BIGINT IDENTITY PRIMARY KEY,
    location_id         BIGINT NOT NULL REFERENCES {location} (id),
    name                NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
    name_key            NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    status_id           BIGINT NOT NULL REFERENCES {extract_status} (id),
    registered_by       BIGINT NOT NULL REFERENCES {run} (id),
    process_id          BIGINT NOT NULL,
    registered_at       DATETIME2(6) NOT NULL,
    status_changed_at   DATETIME2(6) NOT NULL,
    claimed_by          BIGINT REFERENCES {run} (id),
    claim_return_id     BIGINT REFERENCES {extract_status} (id),
    file_type_id        BIGINT REFERENCES {file_type} (id),
    compression_type_id BIGINT REFERENCES {compression_type} (id),
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

ALTER TABLE {extract} SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX extract_by_claim ON {extract} (claimed_by, id);

CREATE INDEX extract_by_age ON {extract} (registered_at, id);

CREATE INDEX extract_by_name ON {extract} (name_key);

CREATE INDEX extract_by_status ON {extract} (status_id, registered_at, id);

CREATE INDEX extract_by_location ON {extract} (location_id, registered_at, id);

CREATE INDEX extract_by_status_location ON {extract} (status_id, location_id, registered_at, id);

CREATE INDEX extract_by_process ON {extract} (process_id, registered_at, id);

CREATE INDEX extract_by_status_process ON {extract} (status_id, process_id, registered_at, id);

CREATE INDEX extract_by_registering_run ON {extract} (registered_by, id);

-- Which extract (the child) may be loaded only after which other (the parent).
CREATE TABLE {extract_dependency} (
    child_id  BIGINT NOT NULL REFERENCES {extract} (id),
    parent_id BIGINT NOT NULL REFERENCES {extract} (id),
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id)
);

ALTER TABLE {extract_dependency} SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX extract_dependency_by_parent ON {extract_dependency} (parent_id, child_id);

-- Which systems an extract holds data of.
CREATE TABLE {extract_system} (
    extract_id BIGINT NOT NULL REFERENCES {extract} (id),
    system_id  BIGINT NOT NULL REFERENCES {data_system} (id),
    PRIMARY KEY (extract_id, system_id)
);

ALTER TABLE {extract_system} SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX extract_system_by_system ON {extract_system} (system_id);

-- Which objects an extract holds data of.
CREATE TABLE {extract_object} (
    extract_id BIGINT NOT NULL REFERENCES {extract} (id),
    object_id  BIGINT NOT NULL REFERENCES {data_object} (id),
    PRIMARY KEY (extract_id, object_id)
);

ALTER TABLE {extract_object} SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX extract_object_by_object ON {extract_object} (object_id);

-- Which run worked on which extract, and the status that it gave it last.
CREATE TABLE {run_extract} (
    run_id            BIGINT NOT NULL REFERENCES {run} (id),
    extract_id        BIGINT NOT NULL REFERENCES {extract} (id),
    status_id         BIGINT NOT NULL REFERENCES {extract_status} (id),
    linked_at         DATETIME2(6) NOT NULL,
    status_changed_at DATETIME2(6) NOT NULL,
    PRIMARY KEY (run_id, extract_id)
);

ALTER TABLE {run_extract} SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX run_extract_by_extract ON {run_extract} (extract_id, run_id);

-- Every change of a run's, an extract's or a process's status, by name, so that it can be read alone, and of a watermark that somebody set. Rows are only ever added.
CREATE TABLE {status_history} (
    id          BIGINT IDENTITY PRIMARY KEY,
    changed_at  DATETIME2(6) NOT NULL,
    process_id  BIGINT REFERENCES {process} (id),
    run_id      BIGINT REFERENCES {run} (id),
    extract_id  BIGINT REFERENCES {extract} (id),
    from_status NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
    to_status   NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
    actor_id    BIGINT REFERENCES {actor} (id),
    reason      NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
    from_at     DATETIME2(6),
    to_at       DATETIME2(6)
);

ALTER TABLE {status_history} SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX status_history_by_process ON {status_history} (process_id, changed_at, id);

CREATE INDEX status_history_by_run ON {status_history} (run_id, changed_at, id);

CREATE INDEX status_history_by_extract ON {status_history} (extract_id, changed_at, id);

CREATE INDEX status_history_by_time ON {status_history} (changed_at, id);

-- Refused starts, at most 20 rows per process. Equal refusals share a row, and a new one replaces the oldest. There are no foreign keys, so that writing a row waits for no transaction that has written to the process.
CREATE TABLE {refusal} (
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

ALTER TABLE {refusal} SET (LOCK_ESCALATION = DISABLE);

CREATE INDEX refusal_by_time ON {refusal} (first_at, id);

-- What is known of statuses, types and frequencies from the start: dialects/internal/lookups.
{lookups};
