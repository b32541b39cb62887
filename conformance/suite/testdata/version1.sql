-- A row in each table of schema version 1, for the upgrade from it. {run} stands for the table of that name. Identities
-- count from 1, those of lookups from 101. It never changes.
INSERT INTO {actor} (name) VALUES ('scheduler'), ('Zoë "日本" 🚚');
INSERT INTO {tool} (name, created_by) VALUES ('dbt', 1), ('Go ', 2);
INSERT INTO {dataset_type} (name, created_by, changed_by) VALUES ('sport', 1, 2);
INSERT INTO {process_type} (name, created_by) VALUES ('Quality Check', 1);
INSERT INTO {schedule_frequency} (name, created_by) VALUES ('at full moon', 1);
INSERT INTO {location_type} (name, created_by) VALUES ('tape', 1);
INSERT INTO {source_type} (name, created_by) VALUES ('mainframe', 1);
INSERT INTO {file_type} (name, created_by) VALUES ('ebcdic', 1);
INSERT INTO {compression_type} (name, created_by) VALUES ('arj', 1);
INSERT INTO {error_type} (name, created_by) VALUES ('Network Error', 1);
INSERT INTO {run_status} (name, active, created_by) VALUES ('waiting', '1', 1);
INSERT INTO {extract_status} (name, created_by) VALUES ('quarantined', 1);
INSERT INTO {data_system} (name, type_id, charset, created_by) VALUES ('Lahman', 101, 'utf-8', 1), ('Warehouse', 1, NULL, 1);
INSERT INTO {data_object} (system_id, name, charset, created_by) VALUES (1, 'Teams', 'latin1', 1), (2, 'teams', NULL, 1);
INSERT INTO {data_attribute} (object_id, name, data_type, length, decimals, path, is_key, is_pii, default_value, created_by) VALUES (1, 'id', 'varchar', 9007199254740993, 2, '$.id', '1', '0', '', 1);
INSERT INTO {process} (name, type_id, tool_id, frequency_id, definition, latest_run_no, latest_status_id, latest_token_digest, latest_started_at, latest_ended_at, failures, watermark, records, inserts, updates, deletes, last_completed_at, created_by) VALUES ('Teams Load', 2, 1, 3, 'fingerprint', 2, 3, '17b9639c99eebb8bf27dc599a4ae762accf05843cd8d926270098df9403f6c83', '2026-01-02 04:00:00.000001', '2026-01-02 04:30:00.999999', 1, '2026-01-01 23:59:59.999999', 100, 90, 9, 1, '2026-01-02 03:30:00.000000', 1);
INSERT INTO {process} (name, type_id, held_at, held_by, hold_reason, max_failures, created_by) VALUES ('Teams Extract', 1, '2026-03-29 02:30:00.500000', 2, 'it''s
broken', 3, 2);
INSERT INTO {process} (name, active, latest_run_no, latest_status_id, latest_token_digest, latest_started_at, latest_memory, created_by) VALUES ('Teams Check', '1', 1, 101, '52300c648d7bf3be9967637971f2df7210fc207355efc3cffdd86324cc972f20', '2026-01-02 05:00:00.000000', 4, 2);
INSERT INTO {process_system} (process_id, role, system_id) VALUES (1, 'target', 2);
INSERT INTO {process_object} (process_id, role, object_id) VALUES (1, 'source', 1);
INSERT INTO {process_attribute} (process_id, role, attribute_id) VALUES (2, 'source', 1);
INSERT INTO {process_dataset_type} (process_id, dataset_type_id) VALUES (1, 1);
INSERT INTO {process_filter} (process_id, attribute_id, operator, value, value_key, created_by) VALUES (2, 1, 'in', '["A","B"]', 'key', 1);
INSERT INTO {contact} (name, email, created_by) VALUES ('Zoë', 'zoe@example.com', 1);
INSERT INTO {process_contact} (process_id, contact_id) VALUES (1, 1);
INSERT INTO {system_contact} (system_id, contact_id) VALUES (2, 1);
INSERT INTO {process_dependency} (child_id, parent_id, kind, fresh, created_by) VALUES (1, 2, 'hard', '1', 1);
INSERT INTO {cluster} (name, max_memory, created_by) VALUES ('Spark', 64, 1);
INSERT INTO {process_cluster} (process_id, cluster_id) VALUES (3, 1);
INSERT INTO {run} (process_id, run_no, name, status_id, token_digest, actor_id, started_at, ended_at, low_at, high_at, records) VALUES (1, 1, '2026-01-01', 2, '00903b35b33dc80d9058e53bea6d93acca59e2dbd81e4dd47a346422c51729f2', 1, '2026-01-02 03:00:00.000000', '2026-01-02 03:30:00.000000', '2026-01-01 00:00:00.000000', '2026-01-01 23:59:59.999999', 100);
INSERT INTO {run} (process_id, run_no, status_id, token_digest, actor_id, started_at, ended_at) VALUES (1, 2, 3, '17b9639c99eebb8bf27dc599a4ae762accf05843cd8d926270098df9403f6c83', 2, '2026-01-02 04:00:00.000001', '2026-01-02 04:30:00.999999');
INSERT INTO {run} (process_id, run_no, status_id, token_digest, actor_id, memory, started_at) VALUES (3, 1, 101, '52300c648d7bf3be9967637971f2df7210fc207355efc3cffdd86324cc972f20', 2, 4, '2026-01-02 05:00:00.000000');
INSERT INTO {run_lease} (run_id, expires_at, renewed_at, length_ms) VALUES (3, '2026-01-02 05:01:00.000000', '2026-01-02 05:00:00.000000', 60000);
INSERT INTO {run_soft_dependency} (run_id, parent_id, parent_run_no, parent_status_id) VALUES (1, 2, 0, NULL);
INSERT INTO {run_error} (run_id, process_id, error_type_id, description, recorded_at) VALUES (2, 1, 101, 'line 1
line 2; ''quoted'' 🚚', '2026-01-02 04:29:00.000000');
INSERT INTO {location} (path, path_key, name, type_id, file_count, created_by) VALUES ('tape://7/Teams ', 'key', 'tape 7', 101, 1, 1);
INSERT INTO {location_system} (location_id, system_id) VALUES (1, 1);
INSERT INTO {location_object} (location_id, object_id) VALUES (1, 1);
INSERT INTO {extract} (location_id, name, name_key, status_id, registered_by, process_id, registered_at, status_changed_at, claimed_by, claim_return_id, file_type_id, compression_type_id, size_bytes, checksum, write_count) VALUES (1, 'teams.csv.gz', 'key 1', 3, 1, 1, '2026-01-02 03:01:00.000000', '2026-01-02 05:01:00.000000', 3, 2, 1, 1, 9007199254740993, 'sha256:00', 100);
INSERT INTO {extract} (location_id, name, name_key, status_id, registered_by, process_id, registered_at, status_changed_at) VALUES (1, 'teams.arj', 'key 2', 101, 1, 1, '2026-01-02 03:01:00.000000', '2026-01-02 03:01:00.000000');
INSERT INTO {extract_dependency} (child_id, parent_id) VALUES (2, 1);
INSERT INTO {extract_system} (extract_id, system_id) VALUES (1, 1);
INSERT INTO {extract_object} (extract_id, object_id) VALUES (1, 1);
INSERT INTO {run_extract} (run_id, extract_id, status_id, linked_at, status_changed_at) VALUES (3, 1, 3, '2026-01-02 05:01:00.000000', '2026-01-02 05:01:00.000000');
INSERT INTO {status_history} (changed_at, process_id, run_id, extract_id, from_status, to_status, actor_id, reason) VALUES ('2026-01-02 05:01:00.000000', 3, 3, 1, 'ready', 'loading', 2, NULL);
INSERT INTO {status_history} (changed_at, process_id, to_status, actor_id, reason, from_at, to_at) VALUES ('2026-01-02 06:00:00.000000', 1, 'watermark', 1, 'again', '2026-01-01 23:59:59.999999', NULL);
INSERT INTO {refusal} (process_id, slot, refusal_key, reason, actor, run_name, detail, times, first_at, last_at) VALUES (2, 1, 'key', 'on hold', 'Zoë "日本" 🚚', '2026-01-02', 'it''s
broken', 9007199254740993, '2026-03-29 02:30:00.500000', '2026-03-30 02:30:00.500000');
