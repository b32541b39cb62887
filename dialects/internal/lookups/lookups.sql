-- The lookups that every installation has from the start, as version 1 of the schema brings them.

INSERT INTO {process_type} (id, name, preloaded) VALUES
    (1, 'Extract', TRUE),
    (2, 'Load', TRUE);

INSERT INTO {schedule_frequency} (id, name, preloaded) VALUES
    (1, 'unscheduled', TRUE),
    (2, 'hourly', TRUE),
    (3, 'daily', TRUE),
    (4, 'weekly', TRUE),
    (5, 'monthly', TRUE),
    (6, 'quarterly', TRUE),
    (7, 'annually', TRUE);

INSERT INTO {location_type} (id, name, preloaded) VALUES
    (1, 'local', TRUE),
    (2, 's3', TRUE),
    (3, 'gs', TRUE),
    (4, 'azblob', TRUE),
    (5, 'http', TRUE),
    (6, 'ftp', TRUE),
    (7, 'sftp', TRUE),
    (8, 'hdfs', TRUE);

INSERT INTO {source_type} (id, name, preloaded) VALUES
    (1, 'database', TRUE),
    (2, 'files', TRUE),
    (3, 'service', TRUE),
    (4, 'stream', TRUE),
    (5, 'application', TRUE);

INSERT INTO {file_type} (id, name, preloaded) VALUES
    (1, 'csv', TRUE),
    (2, 'tsv', TRUE),
    (3, 'psv', TRUE),
    (4, 'txt', TRUE),
    (5, 'json', TRUE),
    (6, 'jsonl', TRUE),
    (7, 'xml', TRUE),
    (8, 'html', TRUE),
    (9, 'yaml', TRUE),
    (10, 'parquet', TRUE),
    (11, 'avro', TRUE),
    (12, 'orc', TRUE),
    (13, 'arrow', TRUE),
    (14, 'xls', TRUE),
    (15, 'xlsx', TRUE),
    (16, 'ods', TRUE),
    (17, 'sqlite', TRUE),
    (18, 'sql', TRUE),
    (19, 'pdf', TRUE),
    (20, 'tar', TRUE),
    (21, 'zip', TRUE);

INSERT INTO {compression_type} (id, name, preloaded) VALUES
    (1, 'gzip', TRUE),
    (2, 'bzip2', TRUE),
    (3, 'xz', TRUE),
    (4, 'zstd', TRUE),
    (5, 'lz4', TRUE),
    (6, 'snappy', TRUE),
    (7, 'brotli', TRUE),
    (8, 'deflate', TRUE),
    (9, 'lzo', TRUE),
    (10, 'zip', TRUE);

INSERT INTO {error_type} (id, name, preloaded) VALUES
    (1, 'File Error', TRUE),
    (2, 'Data Error', TRUE),
    (3, 'Process Error', TRUE);

INSERT INTO {run_status} (id, name, active, preloaded) VALUES
    (1, 'running', TRUE, TRUE),
    (2, 'completed', FALSE, TRUE),
    (3, 'failed', FALSE, TRUE),
    (4, 'on hold', FALSE, TRUE);

INSERT INTO {extract_status} (id, name, preloaded) VALUES
    (1, 'initializing', TRUE),
    (2, 'ready', TRUE),
    (3, 'loading', TRUE),
    (4, 'loaded', TRUE),
    (5, 'archived', TRUE),
    (6, 'deleted', TRUE),
    (7, 'error', TRUE);
