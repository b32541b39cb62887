-- start.lock_clusters
UPDATE [processtracker].[cluster]
  SET name = name
  FROM (SELECT pc.cluster_id AS id
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  JOIN [processtracker].[process_cluster] AS pc WITH (FORCESEEK) ON pc.process_id = p.id
  WHERE (p.active = @p1 AND p.held_at IS NULL AND p.name = @p2 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id
  WHERE p.name = @p3 AND run.name = @p4 AND run.status_id = @p5) AS w))) AS w INNER LOOP
  JOIN [processtracker].[cluster] WITH (FORCESEEK) ON [processtracker].[cluster].id = w.id;

-- start.turn
UPDATE [processtracker].[process]
  SET turn = @p1
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE (active = @p2 AND held_at IS NULL AND name = @p3 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id
  WHERE p.name = @p4 AND run.name = @p5 AND run.status_id = @p6) AS w));

-- start.claim
UPDATE [processtracker].[process]
  SET active = @p1, latest_run_no = latest_run_no + 1, latest_status_id = @p2, latest_token = @p3, latest_started_at = SYSUTCDATETIME(), latest_ended_at = @p4, latest_memory = @p5, latest_processing = @p6
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p7 AND name = @p8 AND turn = @p9 AND held_at IS NULL AND (coalesce(max_failures, @p10) <= 0 OR failures < coalesce(max_failures, @p11)) AND (@p12 = '' OR definition = @p13) AND EXISTS (SELECT 1
  FROM [processtracker].[actor]
  WHERE name = @p14) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id
  WHERE p.name = @p15 AND run.name = @p16 AND run.status_id = @p17) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[process_dependency] AS dep WITH (FORCESEEK)
  JOIN [processtracker].[process] AS child WITH (FORCESEEK) ON child.id = dep.child_id
  JOIN [processtracker].[process] AS parent WITH (FORCESEEK) ON parent.id = dep.parent_id
  WHERE child.name = @p18 AND (parent.active = @p19 OR parent.latest_status_id IN (@p20,@p21) OR (dep.kind <> @p22 AND parent.latest_run_no = @p23) OR (dep.fresh = @p24 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> @p25) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  JOIN [processtracker].[process_cluster] AS pc WITH (FORCESEEK) ON pc.process_id = p.id
  JOIN [processtracker].[cluster] AS c WITH (FORCESEEK) ON c.id = pc.cluster_id
  WHERE p.name = @p26 AND (c.max_memory < @p27 + (SELECT coalesce(sum(u.latest_memory), 0)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p28) OR c.max_processing < @p29 + (SELECT coalesce(sum(u.latest_processing), 0)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p30))) AS w);

-- start.run
INSERT INTO [processtracker].[run] (process_id,run_no,status_id,token,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token, a.id, p.latest_started_at, nullif(@p1, ''), p.latest_memory, p.latest_processing, CASE WHEN @p2 = 1 THEN p.watermark END
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  JOIN [processtracker].[actor] AS a ON a.name = @p3
  WHERE p.latest_token = @p4 AND p.name = @p5 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run] AS x WITH (FORCESEEK)
  WHERE x.token = p.latest_token);

-- start.soft
INSERT INTO [processtracker].[run_soft_dependency] (run_id,parent_id,parent_run_no,parent_status_id)
  SELECT run.id, parent.id, parent.latest_run_no, parent.latest_status_id
  FROM [processtracker].[process_dependency] AS dep WITH (FORCESEEK)
  JOIN [processtracker].[process] AS child WITH (FORCESEEK) ON child.id = dep.child_id
  JOIN [processtracker].[process] AS parent WITH (FORCESEEK) ON parent.id = dep.parent_id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = child.id AND run.token = @p1
  WHERE child.name = @p2 AND (parent.active = @p3 OR parent.latest_status_id IN (@p4,@p5) OR (dep.kind <> @p6 AND parent.latest_run_no = @p7) OR (dep.fresh = @p8 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind = @p9 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run_soft_dependency] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id AND x.parent_id = parent.id);

-- start.history
INSERT INTO [processtracker].[status_history] (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  WHERE run.token = @p1 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[status_history] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id);

-- start.outcome
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, p.definition, starter.id, p.held_at, holder.name, p.hold_reason, run.token, p.failures, coalesce(p.max_failures, @p1)
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  LEFT JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = p.id AND run.run_no = p.latest_run_no
  LEFT JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  LEFT JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[actor] AS starter ON starter.name = @p2
  LEFT JOIN [processtracker].[actor] AS holder ON holder.id = p.held_by
  WHERE p.name = @p3;

-- start.done
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  WHERE p.name = @p1 AND run.name = @p2 AND run.status_id = @p3;

-- start.parents
SELECT parent.name, dep.kind, dep.fresh, parent.latest_run_no, s.name, run.started_at, actor.name
  FROM [processtracker].[process_dependency] AS dep WITH (FORCESEEK)
  JOIN [processtracker].[process] AS child WITH (FORCESEEK) ON child.id = dep.child_id
  JOIN [processtracker].[process] AS parent WITH (FORCESEEK) ON parent.id = dep.parent_id
  LEFT JOIN [processtracker].[run_status] AS s ON s.id = parent.latest_status_id
  LEFT JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = parent.id AND run.run_no = parent.latest_run_no
  LEFT JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  WHERE child.name = @p1 AND (parent.active = @p2 OR parent.latest_status_id IN (@p3,@p4) OR (dep.kind <> @p5 AND parent.latest_run_no = @p6) OR (dep.fresh = @p7 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at)))
  ORDER BY parent.name;

-- start.clusters
SELECT c.name, c.max_memory, c.max_processing, (SELECT coalesce(sum(u.latest_memory), 0)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p1), (SELECT coalesce(sum(u.latest_processing), 0)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p2)
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  JOIN [processtracker].[process_cluster] AS pc WITH (FORCESEEK) ON pc.process_id = p.id
  JOIN [processtracker].[cluster] AS c WITH (FORCESEEK) ON c.id = pc.cluster_id
  WHERE p.name = @p3 AND (c.max_memory < @p4 + (SELECT coalesce(sum(u.latest_memory), 0)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p5) OR c.max_processing < @p6 + (SELECT coalesce(sum(u.latest_processing), 0)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p7))
  ORDER BY c.name;

-- end.completed
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2, latest_ended_at = SYSUTCDATETIME(), failures = @p3, watermark = coalesce((SELECT high_at
  FROM [processtracker].[run]
  WHERE id = @p4), watermark)
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p5 AND id = @p6 AND latest_token = @p7;

-- end.last_completed_at
UPDATE [processtracker].[process]
  SET last_completed_at = latest_ended_at
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p1 AND id = @p2 AND latest_status_id = @p3 AND latest_token = @p4;

-- end.failed
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2, latest_ended_at = SYSUTCDATETIME(), failures = failures + 1
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p3 AND id = @p4 AND latest_token = @p5;

-- end.last_failed_at
UPDATE [processtracker].[process]
  SET last_failed_at = latest_ended_at
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p1 AND id = @p2 AND latest_status_id = @p3 AND latest_token = @p4;

-- end.on_hold
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2, latest_ended_at = SYSUTCDATETIME(), failures = @p3, held_at = SYSUTCDATETIME(), hold_reason = @p4, held_by = (SELECT actor_id
  FROM [processtracker].[run]
  WHERE id = @p5)
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p6 AND id = @p7 AND latest_token = @p8;

-- end.process
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2, latest_ended_at = SYSUTCDATETIME(), failures = @p3
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p4 AND id = @p5 AND latest_token = @p6;

-- end.continue
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p3 AND id = @p4 AND latest_token = @p5;

-- end.history
INSERT INTO [processtracker].[status_history] (process_id,run_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, old.name, new.name, run.actor_id, coalesce(p.latest_ended_at, SYSUTCDATETIME())
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token = run.token
  JOIN [processtracker].[run_status] AS old ON old.id = run.status_id
  JOIN [processtracker].[run_status] AS new ON new.id = p.latest_status_id
  WHERE new.id = @p1 AND run.ended_at IS NULL AND run.id = @p2 AND run.token = @p3 AND old.id <> new.id;

-- end.run
UPDATE [processtracker].[run]
  SET status_id = @p1, ended_at = (SELECT p.latest_ended_at
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  WHERE p.id = @p2)
  FROM [processtracker].[run] WITH (FORCESEEK)
  WHERE ended_at IS NULL AND id = @p3 AND token = @p4;

-- run.state
SELECT run.token, s.id, s.name, run.ended_at
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  WHERE run.id = @p1;

-- error.process
UPDATE [processtracker].[process]
  SET last_errored_at = SYSUTCDATETIME()
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p1 AND id = @p2 AND latest_token = @p3;

-- error.process
UPDATE [processtracker].[process]
  SET last_errored_at = @p1
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p2 AND id = @p3 AND latest_token = @p4;

-- error.insert
INSERT INTO [processtracker].[run_error] (run_id,error_type_id,description,recorded_at)
  SELECT run.id, t.id, @p1, p.last_errored_at
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token = run.token
  JOIN [processtracker].[error_type] AS t ON t.id = @p2
  WHERE run.ended_at IS NULL AND run.id = @p3 AND run.token = @p4;

-- end.completed
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2, latest_ended_at = @p3, failures = @p4, watermark = coalesce((SELECT high_at
  FROM [processtracker].[run]
  WHERE id = @p5), watermark)
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p6 AND id = @p7 AND latest_token = @p8;

-- hold.set
UPDATE [processtracker].[process]
  SET held_at = SYSUTCDATETIME(), held_by = (SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p1), hold_reason = @p2
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE held_at IS NULL AND name = @p3;

-- hold.failing
UPDATE [processtracker].[process]
  SET held_at = SYSUTCDATETIME(), held_by = (SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p1), hold_reason = @p2
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p3 AND failures = @p4 AND held_at IS NULL AND name = @p5;

-- hold.release
UPDATE [processtracker].[process]
  SET held_at = @p1, held_by = @p2, hold_reason = @p3, failures = @p4
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE name = @p5 AND held_at IS NOT NULL;

-- hold.history
INSERT INTO [processtracker].[status_history] (process_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT p.id, @p1, @p2, (SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p3), @p4, SYSUTCDATETIME()
  FROM [processtracker].[process] AS p
  WHERE p.name = @p5;

-- register.actor
INSERT INTO [processtracker].[actor] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[actor] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.cluster
INSERT INTO [processtracker].[cluster] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[cluster] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.process_type
INSERT INTO [processtracker].[process_type] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[process_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.tool
INSERT INTO [processtracker].[tool] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[tool] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.schedule_frequency
INSERT INTO [processtracker].[schedule_frequency] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[schedule_frequency] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.dataset_type
INSERT INTO [processtracker].[dataset_type] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[dataset_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.process
INSERT INTO [processtracker].[process] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[process] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.location_type
INSERT INTO [processtracker].[location_type] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[location_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.extract_status
INSERT INTO [processtracker].[extract_status] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_status] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.error_type
INSERT INTO [processtracker].[error_type] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[error_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.systems
INSERT INTO [processtracker].[data_system] (name,created_by,changed_by)
  SELECT DISTINCT r.system, a.id, a.id
  FROM (SELECT [system] COLLATE Latin1_General_100_BIN2 AS [system]
  FROM OPENJSON(@p1) WITH ([system] NVARCHAR(4000) '$.system')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[data_system] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.system)
  ORDER BY r.system OPTION (LOOP JOIN, FORCE ORDER);

-- register.objects
INSERT INTO [processtracker].[data_object] (system_id,name,created_by,changed_by)
  SELECT DISTINCT sy.id, r.object, a.id, a.id
  FROM (SELECT [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object]
  FROM OPENJSON(@p1) WITH ([system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object')) AS r
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE r.object <> @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[data_object] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.system_id = sy.id AND x.name = r.object)
  ORDER BY sy.id, r.object OPTION (LOOP JOIN, FORCE ORDER);

-- register.attributes
INSERT INTO [processtracker].[data_attribute] (object_id,name,created_by,changed_by)
  SELECT DISTINCT ob.id, r.attribute, a.id, a.id
  FROM (SELECT [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute]
  FROM OPENJSON(@p1) WITH ([system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute')) AS r
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = sy.id AND ob.name = r.object
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE r.attribute <> @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[data_attribute] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.object_id = ob.id AND x.name = r.attribute)
  ORDER BY ob.id, r.attribute OPTION (LOOP JOIN, FORCE ORDER);

-- register.link_systems
INSERT INTO [processtracker].[process_system] (process_id,role,system_id)
  SELECT DISTINCT p.id, r.role, sy.id
  FROM (SELECT [role] COLLATE Latin1_General_100_BIN2 AS [role], [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute]
  FROM OPENJSON(@p1) WITH ([role] NVARCHAR(4000) '$.role', [system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  WHERE r.object = @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[process_system] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.process_id = p.id AND x.role = r.role AND x.system_id = sy.id) OPTION (LOOP JOIN, FORCE ORDER);

-- register.link_objects
INSERT INTO [processtracker].[process_object] (process_id,role,object_id)
  SELECT DISTINCT p.id, r.role, ob.id
  FROM (SELECT [role] COLLATE Latin1_General_100_BIN2 AS [role], [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute]
  FROM OPENJSON(@p1) WITH ([role] NVARCHAR(4000) '$.role', [system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = sy.id AND ob.name = r.object
  WHERE r.attribute = @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[process_object] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.process_id = p.id AND x.role = r.role AND x.object_id = ob.id) OPTION (LOOP JOIN, FORCE ORDER);

-- register.link_attributes
INSERT INTO [processtracker].[process_attribute] (process_id,role,attribute_id)
  SELECT DISTINCT p.id, r.role, at.id
  FROM (SELECT [role] COLLATE Latin1_General_100_BIN2 AS [role], [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute]
  FROM OPENJSON(@p1) WITH ([role] NVARCHAR(4000) '$.role', [system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = sy.id AND ob.name = r.object
  JOIN [processtracker].[data_attribute] AS at ON at.object_id = ob.id AND at.name = r.attribute
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[process_attribute] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.process_id = p.id AND x.role = r.role AND x.attribute_id = at.id) OPTION (LOOP JOIN, FORCE ORDER);

-- register.link_dataset_types
INSERT INTO [processtracker].[process_dataset_type] (process_id,dataset_type_id)
  SELECT DISTINCT p.id, t.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[dataset_type] AS t ON t.name = r.name
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[process_dataset_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.process_id = p.id AND x.dataset_type_id = t.id) OPTION (LOOP JOIN, FORCE ORDER);

-- register.stored
SELECT p.definition, (SELECT n.name
  FROM [processtracker].[process_type] AS n
  WHERE n.id = p.type_id), (SELECT n.name
  FROM [processtracker].[tool] AS n
  WHERE n.id = p.tool_id), (SELECT n.name
  FROM [processtracker].[schedule_frequency] AS n
  WHERE n.id = p.frequency_id)
  FROM [processtracker].[process] AS p WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE p.name = @p1 ;

-- register.define
UPDATE [processtracker].[process]
  SET type_id = coalesce((SELECT id
  FROM [processtracker].[process_type]
  WHERE name = @p1), type_id), tool_id = coalesce((SELECT id
  FROM [processtracker].[tool]
  WHERE name = @p2), tool_id), frequency_id = coalesce((SELECT id
  FROM [processtracker].[schedule_frequency]
  WHERE name = @p3), frequency_id), definition = @p4, changed_at = SYSUTCDATETIME(), changed_by = (SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p5)
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE name = @p6;

-- process.known
SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1;

-- dependency.lock
UPDATE [processtracker].[schema_version]
  SET name = name
  FROM [processtracker].[schema_version] WITH (FORCESEEK)
  WHERE version = @p1;

-- dependency.parents
SELECT DISTINCT d.parent_id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[process_dependency] AS d ON d.child_id = r.id
  ORDER BY d.parent_id OPTION (LOOP JOIN, FORCE ORDER);

-- dependency.add
INSERT INTO [processtracker].[process_dependency] (child_id,parent_id,kind,created_by,changed_by)
  SELECT child.id, parent.id, @p1, a.id, a.id
  FROM [processtracker].[process] AS child
  JOIN [processtracker].[process] AS parent ON parent.name = @p2
  JOIN [processtracker].[actor] AS a ON a.name = @p3
  WHERE child.name = @p4 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[process_dependency] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.child_id = child.id AND x.parent_id = parent.id) OPTION (LOOP JOIN, FORCE ORDER);

-- dependency.set
UPDATE [processtracker].[process_dependency]
  SET kind = @p1, changed_at = SYSUTCDATETIME(), changed_by = (SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2)
  FROM [processtracker].[process_dependency] WITH (FORCESEEK)
  WHERE child_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p3) AND parent_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p4) AND kind <> @p5;

-- dependency.set_fresh
UPDATE [processtracker].[process_dependency]
  SET fresh = @p1, changed_at = SYSUTCDATETIME(), changed_by = (SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2)
  FROM [processtracker].[process_dependency] WITH (FORCESEEK)
  WHERE child_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p3) AND parent_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p4) AND fresh <> @p5;

-- dependency.remove
DELETE
  FROM [processtracker].[process_dependency]
  FROM [processtracker].[process_dependency] WITH (FORCESEEK)
  WHERE child_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND parent_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p2);

-- cluster.set
UPDATE [processtracker].[cluster]
  SET max_memory = @p1, max_processing = @p2, changed_at = SYSUTCDATETIME(), changed_by = (SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p3)
  FROM [processtracker].[cluster] WITH (FORCESEEK)
  WHERE name = @p4;

-- cluster.known
SELECT id
  FROM [processtracker].[cluster]
  WHERE name = @p1;

-- cluster.join
INSERT INTO [processtracker].[process_cluster] (process_id,cluster_id)
  SELECT p.id, c.id
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[cluster] AS c ON c.name = @p1
  WHERE p.name = @p2 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[process_cluster] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.process_id = p.id AND x.cluster_id = c.id) OPTION (LOOP JOIN, FORCE ORDER);

-- cluster.leave
DELETE
  FROM [processtracker].[process_cluster]
  FROM [processtracker].[process_cluster] WITH (FORCESEEK)
  WHERE process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND cluster_id = (SELECT id
  FROM [processtracker].[cluster]
  WHERE name = @p2);

-- process.set_max_failures
UPDATE [processtracker].[process]
  SET max_failures = @p1, changed_at = SYSUTCDATETIME(), changed_by = (SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2)
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE name = @p3;

-- process.totals
SELECT watermark, records, inserts, updates, deletes
  FROM [processtracker].[process]
  WHERE name = @p1;

-- run.widen_low
UPDATE [processtracker].[run]
  SET low_at = CASE WHEN low_at <= @p1 THEN low_at ELSE @p2 END
  FROM [processtracker].[run] WITH (FORCESEEK)
  WHERE ended_at IS NULL AND id = @p3 AND token = @p4;

-- run.widen_high
UPDATE [processtracker].[run]
  SET high_at = CASE WHEN high_at >= @p1 THEN high_at ELSE @p2 END
  FROM [processtracker].[run] WITH (FORCESEEK)
  WHERE ended_at IS NULL AND id = @p3 AND token = @p4;

-- run.widen_low_high
UPDATE [processtracker].[run]
  SET low_at = CASE WHEN low_at <= @p1 THEN low_at ELSE @p2 END, high_at = CASE WHEN high_at >= @p3 THEN high_at ELSE @p4 END
  FROM [processtracker].[run] WITH (FORCESEEK)
  WHERE ended_at IS NULL AND id = @p5 AND token = @p6;

-- count.lock
SELECT p.id
  FROM [processtracker].[process] AS p WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE p.active = @p1 AND p.id = @p2 AND p.latest_token = @p3 ;

-- count.add_to_process
UPDATE [processtracker].[process]
  SET records = records + @p1, inserts = inserts + @p2, updates = updates + @p3, deletes = deletes + @p4
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p5 AND id = @p6 AND latest_token = @p7;

-- count.set_process
UPDATE [processtracker].[process]
  SET records = records + @p1 - (SELECT run.records
  FROM [processtracker].[run] AS run
  WHERE run.id = @p2), inserts = inserts + @p3 - (SELECT run.inserts
  FROM [processtracker].[run] AS run
  WHERE run.id = @p4), updates = updates + @p5 - (SELECT run.updates
  FROM [processtracker].[run] AS run
  WHERE run.id = @p6), deletes = deletes + @p7 - (SELECT run.deletes
  FROM [processtracker].[run] AS run
  WHERE run.id = @p8)
  FROM [processtracker].[process] WITH (FORCESEEK)
  WHERE active = @p9 AND id = @p10 AND latest_token = @p11;

-- count.add_to_run
UPDATE [processtracker].[run]
  SET records = records + @p1, inserts = inserts + @p2, updates = updates + @p3, deletes = deletes + @p4
  FROM [processtracker].[run] WITH (FORCESEEK)
  WHERE ended_at IS NULL AND id = @p5 AND token = @p6;

-- count.set_run
UPDATE [processtracker].[run]
  SET records = @p1, inserts = @p2, updates = @p3, deletes = @p4
  FROM [processtracker].[run] WITH (FORCESEEK)
  WHERE ended_at IS NULL AND id = @p5 AND token = @p6;

-- status.run
SELECT id, active
  FROM [processtracker].[run_status]
  WHERE name = @p1;

-- status.add_active
INSERT INTO [processtracker].[run_status] (name,created_by,changed_by,active)
  SELECT r.name, a.id, a.id, @p1
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p2) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p3
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[run_status] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) OPTION (LOOP JOIN, FORCE ORDER);

-- status.add_ended
INSERT INTO [processtracker].[run_status] (name,created_by,changed_by,active)
  SELECT r.name, a.id, a.id, @p1
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p2) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p3
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[run_status] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) OPTION (LOOP JOIN, FORCE ORDER);

-- status.extract_status
SELECT id
  FROM [processtracker].[extract_status]
  WHERE name = @p1;

-- status.error_type
SELECT id
  FROM [processtracker].[error_type]
  WHERE name = @p1;

-- location.by_path
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM [processtracker].[location] AS l
  JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
  WHERE l.path_key = @p1;

-- location.by_name
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM [processtracker].[location] AS l
  JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
  WHERE l.name = @p1;

-- location.add
INSERT INTO [processtracker].[location] (path,path_key,name,type_id,created_by,changed_by)
  SELECT r.path, r.path_key, r.name, t.id, a.id, a.id
  FROM (SELECT [path] COLLATE Latin1_General_100_BIN2 AS [path], [path_key] COLLATE Latin1_General_100_BIN2 AS [path_key], [name] COLLATE Latin1_General_100_BIN2 AS [name], [type] COLLATE Latin1_General_100_BIN2 AS [type]
  FROM OPENJSON(@p1) WITH ([path] NVARCHAR(MAX) '$.path', [path_key] NVARCHAR(4000) '$.path_key', [name] NVARCHAR(4000) '$.name', [type] NVARCHAR(4000) '$.type')) AS r
  JOIN [processtracker].[location_type] AS t ON t.name = r.type
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[location] AS x WITH (UPDLOCK, HOLDLOCK)
  WHERE x.path_key = r.path_key OR x.name = r.name) OPTION (LOOP JOIN, FORCE ORDER);

-- location.count
UPDATE [processtracker].[location]
  SET file_count = @p1, listed_at = SYSUTCDATETIME()
  FROM [processtracker].[location] WITH (FORCESEEK)
  WHERE id = @p2;

-- run.lock
SELECT run.token, run.status_id, (SELECT n.name
  FROM [processtracker].[run_status] AS n
  WHERE n.id = run.status_id), run.ended_at
  FROM [processtracker].[run] AS run WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE run.id = @p1 ;

-- extract.insert
INSERT INTO [processtracker].[extract] (location_id,name,name_key,status_id,registered_by,registered_at,status_changed_at)
  SELECT r.id, r.name, r.name_key, s.id, run.id, SYSUTCDATETIME(), SYSUTCDATETIME()
  FROM (SELECT [n], [id], [name] COLLATE Latin1_General_100_BIN2 AS [name], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key], [status]
  FROM OPENJSON(@p1) WITH ([n] BIGINT '$.n', [id] BIGINT '$.id', [name] NVARCHAR(4000) '$.name', [name_key] NVARCHAR(4000) '$.name_key', [status] BIGINT '$.status')) AS r
  JOIN [processtracker].[extract_status] AS s ON s.id = r.status
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[extract] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.location_id = r.id AND x.name_key = r.name_key)
  ORDER BY r.n OPTION (LOOP JOIN, FORCE ORDER);

-- extract.link
INSERT INTO [processtracker].[run_extract] (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, SYSUTCDATETIME(), SYSUTCDATETIME()
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[run_extract] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id AND x.extract_id = e.id) OPTION (LOOP JOIN, FORCE ORDER);

-- extract.first_history
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, s.name, run.actor_id, e.registered_at
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = e.registered_by
  JOIN [processtracker].[extract_status] AS s ON s.id = e.status_id
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[status_history] AS x WITH (FORCESEEK)
  WHERE x.extract_id = e.id) OPTION (LOOP JOIN, FORCE ORDER);

-- extract.link_systems
INSERT INTO [processtracker].[extract_system] (extract_id,system_id)
  SELECT DISTINCT e.id, ps.system_id
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  JOIN [processtracker].[process_system] AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_system] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.extract_id = e.id AND x.system_id = ps.system_id)
  ORDER BY e.id, ps.system_id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.link_objects
INSERT INTO [processtracker].[extract_object] (extract_id,object_id)
  SELECT DISTINCT e.id, po.object_id
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  JOIN [processtracker].[process_object] AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_object] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.extract_id = e.id AND x.object_id = po.object_id)
  ORDER BY e.id, po.object_id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.link_objects_of_attributes
INSERT INTO [processtracker].[extract_object] (extract_id,object_id)
  SELECT DISTINCT e.id, at.object_id
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  JOIN [processtracker].[process_attribute] AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN [processtracker].[data_attribute] AS at ON at.id = pa.attribute_id
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_object] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.extract_id = e.id AND x.object_id = at.object_id)
  ORDER BY e.id, at.object_id OPTION (LOOP JOIN, FORCE ORDER);

-- location.link_systems
INSERT INTO [processtracker].[location_system] (location_id,system_id)
  SELECT DISTINCT e.location_id, ps.system_id
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  JOIN [processtracker].[process_system] AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[location_system] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.location_id = e.location_id AND x.system_id = ps.system_id)
  ORDER BY e.location_id, ps.system_id OPTION (LOOP JOIN, FORCE ORDER);

-- location.link_objects
INSERT INTO [processtracker].[location_object] (location_id,object_id)
  SELECT DISTINCT e.location_id, po.object_id
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  JOIN [processtracker].[process_object] AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[location_object] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.location_id = e.location_id AND x.object_id = po.object_id)
  ORDER BY e.location_id, po.object_id OPTION (LOOP JOIN, FORCE ORDER);

-- location.link_objects_of_attributes
INSERT INTO [processtracker].[location_object] (location_id,object_id)
  SELECT DISTINCT e.location_id, at.object_id
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  JOIN [processtracker].[process_attribute] AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN [processtracker].[data_attribute] AS at ON at.id = pa.attribute_id
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[location_object] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.location_id = e.location_id AND x.object_id = at.object_id)
  ORDER BY e.location_id, at.object_id OPTION (LOOP JOIN, FORCE ORDER);

-- unclaim.links
UPDATE [processtracker].[run_extract]
  SET status_id = (SELECT e.claim_return_id
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  WHERE e.id = extract_id), status_changed_at = SYSUTCDATETIME()
  FROM (SELECT e.id AS id
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  WHERE e.claimed_by = @p1 AND e.status_id = @p2 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token = run.token
  WHERE p.active = @p3 AND run.ended_at IS NULL AND run.id = @p4 AND run.token = @p5)) AS w INNER LOOP
  JOIN [processtracker].[run_extract] WITH (FORCESEEK) ON [processtracker].[run_extract].extract_id = w.id
  WHERE run_id = @p6;

-- unclaim.history
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, p.latest_ended_at
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = e.claimed_by
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id
  JOIN [processtracker].[extract_status] AS old ON old.id = e.status_id
  JOIN [processtracker].[extract_status] AS new ON new.id = e.claim_return_id
  WHERE e.claimed_by = @p1 AND e.status_id = @p2 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token = run.token
  WHERE p.active = @p3 AND run.ended_at IS NULL AND run.id = @p4 AND run.token = @p5)
  ORDER BY e.id;

-- unclaim.give_back
UPDATE [processtracker].[extract]
  SET status_id = claim_return_id, status_changed_at = SYSUTCDATETIME(), claimed_by = @p1
  FROM [processtracker].[extract] WITH (FORCESEEK)
  WHERE claimed_by = @p2 AND status_id = @p3 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token = run.token
  WHERE p.active = @p4 AND run.ended_at IS NULL AND run.id = @p5 AND run.token = @p6);

-- claim.select
SELECT e.id, e.name_key
  FROM [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, READPAST)
  WHERE e.status_id = (SELECT id
  FROM [processtracker].[extract_status]
  WHERE name = @p1) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_dependency] AS ed WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS parent WITH (FORCESEEK) ON parent.id = ed.parent_id
  WHERE ed.child_id = e.id AND parent.status_id NOT IN (@p2,@p3))
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY;

-- claim.select
SELECT e.id, e.name_key
  FROM [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, READPAST)
  WHERE e.location_id = (SELECT id
  FROM [processtracker].[location]
  WHERE path_key = @p1) AND e.location_id = (SELECT id
  FROM [processtracker].[location]
  WHERE name = @p2) AND e.status_id = (SELECT id
  FROM [processtracker].[extract_status]
  WHERE name = @p3) AND e.registered_by IN (SELECT w.id
  FROM [processtracker].[run] AS w
  JOIN [processtracker].[process] AS wp ON wp.id = w.process_id
  WHERE wp.name = @p4) AND CHARINDEX(@p5, e.name) > 0 AND EXISTS (SELECT 1
  FROM (SELECT (e.name + N'.') COLLATE Latin1_General_100_BIN2_UTF8 AS name, (@p6 + N'.') COLLATE Latin1_General_100_BIN2_UTF8 AS pattern) AS g
  WHERE CAST(g.name AS VARCHAR(8000)) LIKE CAST(g.pattern AS VARCHAR(8000)) ESCAPE '\') AND NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_dependency] AS ed WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS parent WITH (FORCESEEK) ON parent.id = ed.parent_id
  WHERE ed.child_id = e.id AND parent.status_id NOT IN (@p7,@p8))
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p9 ROWS ONLY;

-- claim.take
UPDATE [processtracker].[extract]
  SET status_id = @p1, status_changed_at = SYSUTCDATETIME(), claimed_by = @p2, claim_return_id = @p3
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p4) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract] WITH (FORCESEEK) ON [processtracker].[extract].id = w.id
  WHERE status_id = @p5 OPTION (LOOP JOIN, FORCE ORDER);

-- claim.history
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, e.status_changed_at
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.id = r.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  JOIN [processtracker].[extract_status] AS old ON old.id = @p3
  JOIN [processtracker].[extract_status] AS new ON new.id = e.status_id
  WHERE e.claimed_by = @p4 AND e.status_id = @p5
  ORDER BY e.id OPTION (LOOP JOIN, FORCE ORDER);

-- claim.read
SELECT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.id = r.id
  JOIN [processtracker].[extract_status] AS s ON s.id = e.status_id
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  WHERE e.claimed_by = @p2 AND e.status_id = @p3
  ORDER BY e.registered_at, e.id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.add_parents
INSERT INTO [processtracker].[extract_dependency] (child_id,parent_id)
  SELECT child.id, parent.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS parent WITH (FORCESEEK) ON parent.id = r.id
  JOIN [processtracker].[extract] AS child WITH (FORCESEEK) ON child.id = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_dependency] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.child_id = child.id AND x.parent_id = parent.id) OPTION (LOOP JOIN, FORCE ORDER);

-- extract.count_parents
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract_dependency] AS ed WITH (FORCESEEK) ON ed.parent_id = r.id AND ed.child_id = @p2 OPTION (LOOP JOIN, FORCE ORDER);

-- extract.parents_not_loaded
SELECT DISTINCT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract_dependency] AS ed WITH (FORCESEEK) ON ed.child_id = r.id
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.id = ed.parent_id
  JOIN [processtracker].[extract_status] AS s ON s.id = e.status_id
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  WHERE e.status_id NOT IN (@p2,@p3)
  ORDER BY e.registered_at, e.id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.registered
SELECT r.n, e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM (SELECT [n], [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([n] BIGINT '$.n', [id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[extract_status] AS s ON s.id = e.status_id
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  ORDER BY r.n OPTION (LOOP JOIN, FORCE ORDER);

-- extract.lock
SELECT e.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, FORCESEEK) ON e.id = r.id
  ORDER BY e.id  OPTION (LOOP JOIN, FORCE ORDER);

-- extract.move_history
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, SYSUTCDATETIME()
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.id = r.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  JOIN [processtracker].[extract_status] AS old ON old.id = e.status_id
  JOIN [processtracker].[extract_status] AS new ON new.id = @p3
  WHERE old.id <> new.id
  ORDER BY e.id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.move
UPDATE [processtracker].[extract]
  SET status_id = @p1, status_changed_at = SYSUTCDATETIME(), claimed_by = @p2
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p3) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract] WITH (FORCESEEK) ON [processtracker].[extract].id = w.id
  WHERE status_id <> @p4 OPTION (LOOP JOIN, FORCE ORDER);

-- extract.link_moved
INSERT INTO [processtracker].[run_extract] (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, SYSUTCDATETIME(), SYSUTCDATETIME()
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.id = r.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[run_extract] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id AND x.extract_id = e.id)
  ORDER BY e.id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.move_links
UPDATE [processtracker].[run_extract]
  SET status_id = @p1, status_changed_at = SYSUTCDATETIME()
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p2) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[run_extract] WITH (FORCESEEK) ON [processtracker].[run_extract].extract_id = w.id
  WHERE run_id = @p3 AND status_id <> @p4 OPTION (LOOP JOIN, FORCE ORDER);

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  ORDER BY run.id DESC OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  WHERE run.id = @p1 AND p.name = @p2 AND s.name = @p3 AND run.id < @p4
  ORDER BY run.id DESC OFFSET 0 ROWS FETCH NEXT @p5 ROWS ONLY;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM [processtracker].[run_error] AS e
  JOIN [processtracker].[run] AS run ON run.id = e.run_id
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[error_type] AS t ON t.id = e.error_type_id
  ORDER BY e.id DESC OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM [processtracker].[run_error] AS e
  JOIN [processtracker].[run] AS run ON run.id = e.run_id
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[error_type] AS t ON t.id = e.error_type_id
  WHERE e.run_id = @p1 AND p.name = @p2 AND e.id < @p3
  ORDER BY e.id DESC OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY;

-- runs.soft_dependencies
SELECT p.name, 'soft', dep.fresh, d.parent_run_no, s.name, r.started_at, a.name
  FROM [processtracker].[run_soft_dependency] AS d
  JOIN [processtracker].[process] AS p ON p.id = d.parent_id
  JOIN [processtracker].[run] AS own ON own.id = d.run_id
  LEFT JOIN [processtracker].[process_dependency] AS dep ON dep.child_id = own.process_id AND dep.parent_id = d.parent_id
  LEFT JOIN [processtracker].[run_status] AS s ON s.id = d.parent_status_id
  LEFT JOIN [processtracker].[run] AS r ON r.process_id = d.parent_id AND r.run_no = d.parent_run_no
  LEFT JOIN [processtracker].[actor] AS a ON a.id = r.actor_id
  WHERE d.run_id = @p1
  ORDER BY p.name;

-- extract.find
SELECT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM [processtracker].[extract] AS e
  JOIN [processtracker].[extract_status] AS s ON s.id = e.status_id
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- extract.find
SELECT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM [processtracker].[extract] AS e
  JOIN [processtracker].[extract_status] AS s ON s.id = e.status_id
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  WHERE e.id = @p1 AND e.name_key = @p2 AND e.location_id = (SELECT id
  FROM [processtracker].[location]
  WHERE path_key = @p3) AND e.location_id = (SELECT id
  FROM [processtracker].[location]
  WHERE name = @p4) AND e.status_id = (SELECT id
  FROM [processtracker].[extract_status]
  WHERE name = @p5) AND e.registered_by IN (SELECT w.id
  FROM [processtracker].[run] AS w
  JOIN [processtracker].[process] AS wp ON wp.id = w.process_id
  WHERE wp.name = @p6) AND CHARINDEX(@p7, e.name) > 0 AND EXISTS (SELECT 1
  FROM (SELECT (e.name + N'.') COLLATE Latin1_General_100_BIN2_UTF8 AS name, (@p8 + N'.') COLLATE Latin1_General_100_BIN2_UTF8 AS pattern) AS g
  WHERE CAST(g.name AS VARCHAR(8000)) LIKE CAST(g.pattern AS VARCHAR(8000)) ESCAPE '\') AND e.id IN (SELECT re.extract_id
  FROM [processtracker].[run_extract] AS re
  WHERE re.run_id = @p9) AND e.registered_at >= @p10 AND e.registered_at < @p11 AND (e.registered_at > @p12 OR (e.registered_at = @p13 AND e.id > @p14))
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p15 ROWS ONLY;

-- schema.exists
SELECT CASE WHEN OBJECT_ID(@p1, N'U') IS NULL THEN 0 ELSE 1 END;

-- schema.version
SELECT coalesce(max(version), 0)
  FROM [processtracker].[schema_version];

