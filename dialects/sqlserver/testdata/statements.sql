-- start.turn
UPDATE [processtracker].[process]
  SET turn = @p1
  FROM (SELECT idle.id AS id
  FROM [processtracker].[process] AS idle WITH (FORCESEEK)
  WHERE idle.active = @p2 AND idle.held_at IS NULL AND idle.name = @p3) AS w INNER LOOP
  JOIN [processtracker].[process] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[process].id = w.id
  WHERE active = @p4 AND held_at IS NULL AND name = @p5 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[schema_version] AS sv WITH (FORCESEEK)
  WHERE sv.version > @p6) OPTION (LOOP JOIN);

-- start.turn
UPDATE [processtracker].[process]
  SET turn = @p1
  FROM (SELECT idle.id AS id
  FROM [processtracker].[process] AS idle WITH (FORCESEEK)
  WHERE idle.active = @p2 AND idle.held_at IS NULL AND idle.name = @p3) AS w INNER LOOP
  JOIN [processtracker].[process] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[process].id = w.id
  WHERE active = @p4 AND held_at IS NULL AND name = @p5 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[schema_version] AS sv WITH (FORCESEEK)
  WHERE sv.version > @p6) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id
  WHERE p.name = @p7 AND run.name = @p8 AND run.status_id + 0 = @p9) AS w) OPTION (LOOP JOIN);

-- start.lock_clusters
UPDATE [processtracker].[cluster]
  SET name = name
  FROM (SELECT pc.cluster_id AS id
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  JOIN [processtracker].[process_cluster] AS pc WITH (FORCESEEK) ON pc.process_id = p.id
  WHERE p.name = @p1) AS w INNER LOOP
  JOIN [processtracker].[cluster] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[cluster].id = w.id OPTION (LOOP JOIN);

-- start.claim
UPDATE [processtracker].[process]
  SET active = @p1, latest_run_no = latest_run_no + 1, latest_status_id = @p2, latest_token_digest = @p3, latest_started_at = SYSUTCDATETIME(), latest_ended_at = @p4, latest_memory = @p5, latest_processing = @p6
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p7 AND name = @p8 AND held_at IS NULL AND (coalesce(max_failures, @p9) <= 0 OR failures < coalesce(max_failures, @p10)) AND (@p11 = 1 OR definition = @p12) AND EXISTS (SELECT 1
  FROM [processtracker].[actor]
  WHERE name = @p13) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run] AS mine WITH (FORCESEEK)
  WHERE mine.token_digest = @p14) AND turn = @p15 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[process_dependency] AS dep WITH (FORCESEEK)
  JOIN [processtracker].[process] AS child WITH (FORCESEEK) ON child.id = dep.child_id
  JOIN [processtracker].[process] AS parent WITH (FORCESEEK) ON parent.id = dep.parent_id
  WHERE child.name = @p16 AND (parent.active = @p17 OR parent.latest_status_id IN (@p18,@p19) OR (dep.kind <> @p20 AND parent.latest_run_no = @p21) OR (dep.fresh = @p22 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> @p23) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  JOIN [processtracker].[process_cluster] AS pc WITH (FORCESEEK) ON pc.process_id = p.id
  JOIN [processtracker].[cluster] AS c WITH (FORCESEEK) ON c.id = pc.cluster_id
  WHERE p.name = @p24 AND (c.max_memory - @p25 < (SELECT CAST(CASE WHEN sum(CAST(u.latest_memory AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_memory AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p26) OR c.max_processing - @p27 < (SELECT CAST(CASE WHEN sum(CAST(u.latest_processing AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_processing AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p28))) AS w) OPTION (LOOP JOIN);

-- start.claim
UPDATE [processtracker].[process]
  SET active = @p1, latest_run_no = latest_run_no + 1, latest_status_id = @p2, latest_token_digest = @p3, latest_started_at = SYSUTCDATETIME(), latest_ended_at = @p4, latest_memory = @p5, latest_processing = @p6
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p7 AND name = @p8 AND held_at IS NULL AND (coalesce(max_failures, @p9) <= 0 OR failures < coalesce(max_failures, @p10)) AND (@p11 = 1 OR definition = @p12) AND EXISTS (SELECT 1
  FROM [processtracker].[actor]
  WHERE name = @p13) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run] AS mine WITH (FORCESEEK)
  WHERE mine.token_digest = @p14) AND turn = @p15 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[process_dependency] AS dep WITH (FORCESEEK)
  JOIN [processtracker].[process] AS child WITH (FORCESEEK) ON child.id = dep.child_id
  JOIN [processtracker].[process] AS parent WITH (FORCESEEK) ON parent.id = dep.parent_id
  WHERE child.name = @p16 AND (parent.active = @p17 OR parent.latest_status_id IN (@p18,@p19) OR (dep.kind <> @p20 AND parent.latest_run_no = @p21) OR (dep.fresh = @p22 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> @p23) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  JOIN [processtracker].[process_cluster] AS pc WITH (FORCESEEK) ON pc.process_id = p.id
  JOIN [processtracker].[cluster] AS c WITH (FORCESEEK) ON c.id = pc.cluster_id
  WHERE p.name = @p24 AND (c.max_memory - @p25 < (SELECT CAST(CASE WHEN sum(CAST(u.latest_memory AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_memory AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p26) OR c.max_processing - @p27 < (SELECT CAST(CASE WHEN sum(CAST(u.latest_processing AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_processing AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p28))) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id
  WHERE p.name = @p29 AND run.name = @p30 AND run.status_id + 0 = @p31) AS w) OPTION (LOOP JOIN);

-- start.run
INSERT INTO [processtracker].[run] (process_id,run_no,status_id,token_digest,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token_digest, coalesce(a.id, 0), p.latest_started_at, @p1, p.latest_memory, p.latest_processing, CASE WHEN @p2 = 1 THEN p.watermark END
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p3
  WHERE p.latest_token_digest = @p4 AND p.name = @p5 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run] AS x WITH (FORCESEEK)
  WHERE x.token_digest = p.latest_token_digest) OPTION (LOOP JOIN);

-- start.soft
INSERT INTO [processtracker].[run_soft_dependency] (run_id,parent_id,parent_run_no,parent_status_id)
  SELECT run.id, parent.id, parent.latest_run_no, parent.latest_status_id
  FROM [processtracker].[process_dependency] AS dep WITH (FORCESEEK)
  JOIN [processtracker].[process] AS child WITH (FORCESEEK) ON child.id = dep.child_id
  JOIN [processtracker].[process] AS parent WITH (FORCESEEK) ON parent.id = dep.parent_id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = child.id AND run.token_digest = @p1
  WHERE child.name = @p2 AND (parent.active = @p3 OR parent.latest_status_id IN (@p4,@p5) OR (dep.kind <> @p6 AND parent.latest_run_no = @p7) OR (dep.fresh = @p8 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind = @p9 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run_soft_dependency] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id AND x.parent_id = parent.id) OPTION (LOOP JOIN);

-- start.history
INSERT INTO [processtracker].[status_history] (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  WHERE run.token_digest = @p1 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[status_history] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id) OPTION (LOOP JOIN);

-- start.outcome
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, p.definition, starter.id, p.held_at, holder.name, p.hold_reason, run.token_digest, p.failures, coalesce(p.max_failures, @p1), mine.id, (SELECT max(sv.version)
  FROM [processtracker].[schema_version] AS sv), CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[run_soft_dependency] AS soft
  WHERE soft.run_id = run.id) THEN 1 ELSE 0 END, CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[process_dependency] AS dep WITH (FORCESEEK)
  WHERE dep.child_id = p.id) OR EXISTS (SELECT 1
  FROM [processtracker].[process_cluster] AS pc WITH (FORCESEEK)
  WHERE pc.process_id = p.id) THEN 1 ELSE 0 END
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  LEFT JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = p.id AND run.run_no = p.latest_run_no
  LEFT JOIN [processtracker].[run] AS mine WITH (FORCESEEK) ON mine.token_digest = @p2
  LEFT JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = run.id
  LEFT JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  LEFT JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[actor] AS starter ON starter.name = @p3
  LEFT JOIN [processtracker].[actor] AS holder ON holder.id = p.held_by
  WHERE p.name = @p4;

-- start.done
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  WHERE p.name = @p1 AND run.name = @p2 AND run.status_id + 0 = @p3;

-- start.parents
SELECT parent.name, dep.kind, dep.fresh, parent.latest_run_no, s.name, run.started_at, actor.name, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END
  FROM [processtracker].[process_dependency] AS dep WITH (FORCESEEK)
  JOIN [processtracker].[process] AS child WITH (FORCESEEK) ON child.id = dep.child_id
  JOIN [processtracker].[process] AS parent WITH (FORCESEEK) ON parent.id = dep.parent_id
  LEFT JOIN [processtracker].[run_status] AS s ON s.id = parent.latest_status_id
  LEFT JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = parent.id AND run.run_no = parent.latest_run_no
  LEFT JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = run.id
  WHERE child.name = @p1 AND (parent.active = @p2 OR parent.latest_status_id IN (@p3,@p4) OR (dep.kind <> @p5 AND parent.latest_run_no = @p6) OR (dep.fresh = @p7 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at)))
  ORDER BY parent.name;

-- start.clusters
SELECT c.name, c.max_memory, c.max_processing, (SELECT CAST(CASE WHEN sum(CAST(u.latest_memory AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_memory AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p1), (SELECT CAST(CASE WHEN sum(CAST(u.latest_processing AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_processing AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p2)
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  JOIN [processtracker].[process_cluster] AS pc WITH (FORCESEEK) ON pc.process_id = p.id
  JOIN [processtracker].[cluster] AS c WITH (FORCESEEK) ON c.id = pc.cluster_id
  WHERE p.name = @p3 AND (c.max_memory - @p4 < (SELECT CAST(CASE WHEN sum(CAST(u.latest_memory AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_memory AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p5) OR c.max_processing - @p6 < (SELECT CAST(CASE WHEN sum(CAST(u.latest_processing AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_processing AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p7))
  ORDER BY c.name;

-- refusal.again
UPDATE [processtracker].[refusal]
  SET times = times + 1, last_at = SYSUTCDATETIME(), detail = @p1
  FROM (SELECT f.id AS id
  FROM [processtracker].[refusal] AS f WITH (UPDLOCK, ROWLOCK, FORCESEEK, READPAST)
  WHERE f.process_id = @p2 AND f.refusal_key = @p3
  ORDER BY f.id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY) AS w INNER LOOP
  JOIN [processtracker].[refusal] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[refusal].id = w.id OPTION (LOOP JOIN);

-- refusal.of_process
SELECT f.id, f.slot, f.refusal_key, f.reason, f.actor, f.last_at, SYSUTCDATETIME()
  FROM [processtracker].[refusal] AS f
  WHERE f.process_id = @p1
  ORDER BY f.slot;

-- refusal.first
INSERT INTO [processtracker].[refusal] (process_id,slot,refusal_key,reason,actor,run_name,detail,times,first_at,last_at)
  SELECT r.id, r.n, r.name_key, r.reason, r.actor, r.run_name, r.detail, 1, SYSUTCDATETIME(), SYSUTCDATETIME()
  FROM (SELECT [id], [n], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key], [reason] COLLATE Latin1_General_100_BIN2 AS [reason], [actor] COLLATE Latin1_General_100_BIN2 AS [actor], [run_name] COLLATE Latin1_General_100_BIN2 AS [run_name], [detail] COLLATE Latin1_General_100_BIN2 AS [detail]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [n] BIGINT '$.n', [name_key] NVARCHAR(4000) '$.name_key', [reason] NVARCHAR(MAX) '$.reason', [actor] NVARCHAR(MAX) '$.actor', [run_name] NVARCHAR(MAX) '$.run_name', [detail] NVARCHAR(MAX) '$.detail')) AS r
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[refusal] AS x WITH (FORCESEEK)
  WHERE x.process_id = r.id AND (x.slot = r.n OR x.refusal_key = r.name_key)) OPTION (LOOP JOIN, FORCE ORDER);

-- refusal.instead
UPDATE [processtracker].[refusal]
  SET refusal_key = @p1, reason = @p2, actor = @p3, run_name = @p4, detail = @p5, times = @p6, first_at = @p7, last_at = @p8
  FROM (SELECT f.id AS id
  FROM [processtracker].[refusal] AS f WITH (UPDLOCK, ROWLOCK, FORCESEEK, READPAST)
  WHERE f.id = @p9 AND f.refusal_key = @p10
  ORDER BY f.id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY) AS w INNER LOOP
  JOIN [processtracker].[refusal] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[refusal].id = w.id OPTION (LOOP JOIN);

-- refusal.list
SELECT f.id, p.id, p.name, f.reason, f.actor, f.run_name, f.detail, f.times, f.first_at, f.last_at
  FROM [processtracker].[refusal] AS f
  JOIN [processtracker].[process] AS p ON p.id = f.process_id
  ORDER BY f.first_at DESC, f.id DESC OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- refusal.list
SELECT f.id, p.id, p.name, f.reason, f.actor, f.run_name, f.detail, f.times, f.first_at, f.last_at
  FROM [processtracker].[refusal] AS f
  JOIN [processtracker].[process] AS p ON p.id = f.process_id
  WHERE p.name = @p1 AND f.actor = @p2 AND f.last_at >= @p3 AND f.first_at < @p4 AND f.first_at <= @p5 AND (f.first_at < @p6 OR f.id < @p7)
  ORDER BY f.first_at DESC, f.id DESC OFFSET 0 ROWS FETCH NEXT @p8 ROWS ONLY;

-- refusal.list
SELECT f.id, p.id, p.name, f.reason, f.actor, f.run_name, f.detail, f.times, f.first_at, f.last_at
  FROM [processtracker].[refusal] AS f
  JOIN [processtracker].[process] AS p ON p.id = f.process_id
  WHERE p.name = @p1 AND f.first_at >= @p2 AND (f.first_at > @p3 OR f.id > @p4)
  ORDER BY f.first_at, f.id OFFSET 0 ROWS FETCH NEXT @p5 ROWS ONLY;

-- lease.insert
INSERT INTO [processtracker].[run_lease] (run_id,expires_at,renewed_at,length_ms)
  SELECT run.id, DATEADD(millisecond, @p1, SYSUTCDATETIME()), SYSUTCDATETIME(), @p2
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  WHERE run.token_digest = @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run_lease] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id) OPTION (LOOP JOIN);

-- lease.renew
UPDATE [processtracker].[run_lease]
  SET expires_at = CASE WHEN expires_at > DATEADD(millisecond, length_ms, SYSUTCDATETIME()) THEN expires_at ELSE DATEADD(millisecond, length_ms, SYSUTCDATETIME()) END, renewed_at = SYSUTCDATETIME()
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[run_lease] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[run_lease].run_id = w.id
  WHERE renewed_at < expires_at OPTION (LOOP JOIN, FORCE ORDER);

-- lease.extend
UPDATE [processtracker].[run_lease]
  SET expires_at = CASE WHEN expires_at > DATEADD(millisecond, @p1, SYSUTCDATETIME()) THEN expires_at ELSE DATEADD(millisecond, @p2, SYSUTCDATETIME()) END, renewed_at = SYSUTCDATETIME()
  FROM [processtracker].[run_lease] WITH (ROWLOCK, FORCESEEK)
  WHERE renewed_at < expires_at AND run_id = @p3 OPTION (LOOP JOIN);

-- lease.taken
SELECT lease.run_id, h.reason, later.run_no, actor.name
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = r.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = lease.run_id
  LEFT JOIN [processtracker].[status_history] AS h ON h.run_id = run.id AND h.extract_id IS NULL AND h.to_status = 'failed'
  LEFT JOIN [processtracker].[run] AS later WITH (FORCESEEK) ON later.process_id = run.process_id AND later.run_no = run.run_no + 1
  LEFT JOIN [processtracker].[actor] AS actor ON actor.id = later.actor_id
  WHERE lease.renewed_at >= lease.expires_at OPTION (LOOP JOIN, FORCE ORDER);

-- lease.ended
SELECT run.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = r.id
  WHERE run.ended_at IS NOT NULL OPTION (LOOP JOIN, FORCE ORDER);

-- lease.lost
SELECT lease.run_id
  FROM [processtracker].[run_lease] AS lease WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE lease.run_id = @p1 AND lease.renewed_at >= lease.expires_at ;

-- lease.end_expired
UPDATE [processtracker].[run_lease]
  SET renewed_at = expires_at
  FROM [processtracker].[run_lease] WITH (ROWLOCK, FORCESEEK)
  WHERE run_id = @p1 AND renewed_at < expires_at AND expires_at <= SYSUTCDATETIME() OPTION (LOOP JOIN);

-- lease.end_forced
UPDATE [processtracker].[run_lease]
  SET renewed_at = expires_at
  FROM [processtracker].[run_lease] WITH (ROWLOCK, FORCESEEK)
  WHERE run_id = @p1 AND renewed_at < expires_at OPTION (LOOP JOIN);

-- lease.expired
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, run.token_digest
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = run.id
  WHERE p.active = @p1 AND lease.expires_at <= SYSUTCDATETIME()
  ORDER BY run.id;

-- lease.expired_process
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, run.token_digest
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = run.id
  WHERE p.active = @p1 AND lease.expires_at <= SYSUTCDATETIME() AND p.name = @p2
  ORDER BY run.id;

-- lease.expired_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, run.token_digest
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = run.id
  WHERE p.active = @p1 AND lease.expires_at <= SYSUTCDATETIME() AND run.id = @p2
  ORDER BY run.id;

-- lease.expired_process_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, run.token_digest
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = run.id
  WHERE p.active = @p1 AND lease.expires_at <= SYSUTCDATETIME() AND p.name = @p2 AND run.id = @p3
  ORDER BY run.id;

-- lease.expired_sharing
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, run.token_digest
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = run.id
  WHERE p.active = @p1 AND lease.expires_at <= SYSUTCDATETIME() AND p.id IN (SELECT other.process_id
  FROM [processtracker].[process_cluster] AS mine
  JOIN [processtracker].[process_cluster] AS other ON other.cluster_id = mine.cluster_id
  JOIN [processtracker].[process] AS sharer ON sharer.id = mine.process_id
  WHERE sharer.name = @p2)
  ORDER BY run.id;

-- lease.any_process
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, run.token_digest
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = run.id
  WHERE p.active = @p1 AND p.name = @p2
  ORDER BY run.id;

-- lease.any_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, run.token_digest
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = run.id
  WHERE p.active = @p1 AND run.id = @p2
  ORDER BY run.id;

-- lease.any_process_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, run.token_digest
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[run_lease] AS lease WITH (FORCESEEK) ON lease.run_id = run.id
  WHERE p.active = @p1 AND p.name = @p2 AND run.id = @p3
  ORDER BY run.id;

-- end.process
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2, latest_ended_at = SYSUTCDATETIME(), failures = @p3
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p4 AND id = @p5 AND latest_token_digest = @p6 OPTION (LOOP JOIN);

-- end.last_completed_at
UPDATE [processtracker].[process]
  SET last_completed_at = latest_ended_at, watermark = CASE WHEN watermark >= (SELECT high_at
  FROM [processtracker].[run]
  WHERE id = @p1) THEN watermark ELSE coalesce((SELECT high_at
  FROM [processtracker].[run]
  WHERE id = @p2), watermark) END
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p3 AND id = @p4 AND latest_status_id = @p5 AND latest_token_digest = @p6 OPTION (LOOP JOIN);

-- end.failed
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2, latest_ended_at = SYSUTCDATETIME(), failures = failures + 1
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p3 AND id = @p4 AND latest_token_digest = @p5 OPTION (LOOP JOIN);

-- end.last_failed_at
UPDATE [processtracker].[process]
  SET last_failed_at = latest_ended_at
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p1 AND id = @p2 AND latest_status_id = @p3 AND latest_token_digest = @p4 OPTION (LOOP JOIN);

-- end.on_hold
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2, latest_ended_at = SYSUTCDATETIME(), failures = @p3, hold_reason = CASE WHEN held_at IS NULL THEN @p4 ELSE hold_reason END, held_by = CASE WHEN held_at IS NULL THEN (SELECT actor_id
  FROM [processtracker].[run]
  WHERE id = @p5) ELSE held_by END, held_at = coalesce(held_at, SYSUTCDATETIME())
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p6 AND id = @p7 AND latest_token_digest = @p8 OPTION (LOOP JOIN);

-- end.continue
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p3 AND id = @p4 AND latest_token_digest = @p5 OPTION (LOOP JOIN);

-- end.history
INSERT INTO [processtracker].[status_history] (process_id,run_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT run.process_id, run.id, old.name, new.name, run.actor_id, @p1, coalesce(p.latest_ended_at, SYSUTCDATETIME())
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN [processtracker].[run_status] AS old ON old.id = run.status_id
  JOIN [processtracker].[run_status] AS new ON new.id = p.latest_status_id
  WHERE new.id = @p2 AND run.ended_at IS NULL AND run.id = @p3 AND run.token_digest = @p4 AND old.id <> new.id OPTION (LOOP JOIN);

-- end.history_failed
INSERT INTO [processtracker].[status_history] (process_id,run_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT run.process_id, run.id, old.name, new.name, run.actor_id, (SELECT nullif(substring(e.description, 1, 200), '')
  FROM [processtracker].[run_error] AS e
  WHERE e.id = (SELECT min(id)
  FROM [processtracker].[run_error]
  WHERE run_id = @p1)), coalesce(p.latest_ended_at, SYSUTCDATETIME())
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN [processtracker].[run_status] AS old ON old.id = run.status_id
  JOIN [processtracker].[run_status] AS new ON new.id = p.latest_status_id
  WHERE new.id = @p2 AND run.ended_at IS NULL AND run.id = @p3 AND run.token_digest = @p4 AND old.id <> new.id OPTION (LOOP JOIN);

-- end.run
UPDATE [processtracker].[run]
  SET status_id = @p1, ended_at = (SELECT p.latest_ended_at
  FROM [processtracker].[process] AS p WITH (FORCESEEK)
  WHERE p.id = @p2)
  FROM [processtracker].[run] WITH (ROWLOCK, FORCESEEK)
  WHERE ended_at IS NULL AND id = @p3 AND token_digest = @p4 OPTION (LOOP JOIN);

-- run.state
SELECT run.token_digest, s.id, s.name, run.ended_at
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  WHERE run.id = @p1;

-- process.lock
SELECT p.id
  FROM [processtracker].[process] AS p WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE p.active = @p1 AND p.id = @p2 AND p.latest_token_digest = @p3 ;

-- end.hold_history
INSERT INTO [processtracker].[status_history] (process_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT p.id, @p1, @p2, run.actor_id, @p3, SYSUTCDATETIME()
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[run] AS run ON run.id = @p4
  WHERE p.active = @p5 AND p.held_at IS NULL AND p.id = @p6 AND p.latest_token_digest = @p7 OPTION (LOOP JOIN);

-- error.insert
INSERT INTO [processtracker].[run_error] (run_id,process_id,error_type_id,description,recorded_at)
  SELECT run.id, run.process_id, t.id, @p1, SYSUTCDATETIME()
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN [processtracker].[error_type] AS t ON t.id = @p2
  WHERE p.active = @p3 AND run.ended_at IS NULL AND run.id = @p4 AND run.token_digest = @p5 OPTION (LOOP JOIN);

-- error.insert
INSERT INTO [processtracker].[run_error] (run_id,process_id,error_type_id,description,recorded_at)
  SELECT run.id, run.process_id, t.id, @p1, @p2
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN [processtracker].[error_type] AS t ON t.id = @p3
  WHERE p.active = @p4 AND run.ended_at IS NULL AND run.id = @p5 AND run.token_digest = @p6 OPTION (LOOP JOIN);

-- error.process
UPDATE [processtracker].[process]
  SET last_errored_at = (SELECT e.recorded_at
  FROM [processtracker].[run_error] AS e
  WHERE e.id = (SELECT max(id)
  FROM [processtracker].[run_error]
  WHERE run_id = @p1))
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p2 AND id = @p3 AND latest_token_digest = @p4 AND (last_errored_at IS NULL OR last_errored_at < (SELECT e.recorded_at
  FROM [processtracker].[run_error] AS e
  WHERE e.id = (SELECT max(id)
  FROM [processtracker].[run_error]
  WHERE run_id = @p5))) OPTION (LOOP JOIN);

-- end.process
UPDATE [processtracker].[process]
  SET active = @p1, latest_status_id = @p2, latest_ended_at = @p3, failures = @p4
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p5 AND id = @p6 AND latest_token_digest = @p7 OPTION (LOOP JOIN);

-- hold.set
UPDATE [processtracker].[process]
  SET held_at = SYSUTCDATETIME(), held_by = @p1, hold_reason = @p2
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE held_at IS NULL AND id = @p3 OPTION (LOOP JOIN);

-- hold.release
UPDATE [processtracker].[process]
  SET held_at = @p1, held_by = @p2, hold_reason = @p3, failures = @p4
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p5 OPTION (LOOP JOIN);

-- hold.history
INSERT INTO [processtracker].[status_history] (process_id,from_status,to_status,actor_id,reason,changed_at)
  VALUES (@p1,@p2,@p3,@p4,@p5,SYSUTCDATETIME()) OPTION (LOOP JOIN);

-- register.actor
INSERT INTO [processtracker].[actor] (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[actor] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[actor] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.cluster
INSERT INTO [processtracker].[cluster] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[cluster] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[cluster] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.process_type
INSERT INTO [processtracker].[process_type] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[process_type] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[process_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.tool
INSERT INTO [processtracker].[tool] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[tool] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[tool] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.schedule_frequency
INSERT INTO [processtracker].[schedule_frequency] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[schedule_frequency] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[schedule_frequency] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.dataset_type
INSERT INTO [processtracker].[dataset_type] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[dataset_type] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[dataset_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.process
INSERT INTO [processtracker].[process] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[process] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[process] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.location_type
INSERT INTO [processtracker].[location_type] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[location_type] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[location_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.extract_status
INSERT INTO [processtracker].[extract_status] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[extract_status] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[extract_status] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.error_type
INSERT INTO [processtracker].[error_type] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[error_type] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[error_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.source_type
INSERT INTO [processtracker].[source_type] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[source_type] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[source_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.file_type
INSERT INTO [processtracker].[file_type] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[file_type] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[file_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.compression_type
INSERT INTO [processtracker].[compression_type] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[compression_type] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[compression_type] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.data_system
INSERT INTO [processtracker].[data_system] (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[data_system] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[data_system] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- register.link_systems
INSERT INTO [processtracker].[process_system] (process_id,role,system_id)
  SELECT DISTINCT p.id, r.role, sy.id
  FROM (SELECT [role] COLLATE Latin1_General_100_BIN2 AS [role], [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute]
  FROM OPENJSON(@p1) WITH ([role] NVARCHAR(4000) '$.role', [system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[process_system] AS x WITH (FORCESEEK)
  WHERE x.process_id = p.id AND x.role = r.role AND x.system_id = sy.id) OPTION (LOOP JOIN, FORCE ORDER);

-- register.linked_systems
SELECT count(*)
  FROM (SELECT [role] COLLATE Latin1_General_100_BIN2 AS [role], [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute]
  FROM OPENJSON(@p1) WITH ([role] NVARCHAR(4000) '$.role', [system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  JOIN [processtracker].[process_system] AS l ON l.process_id = p.id AND l.role = r.role AND l.system_id = sy.id OPTION (LOOP JOIN, FORCE ORDER);

-- register.link_objects
INSERT INTO [processtracker].[process_object] (process_id,role,object_id)
  SELECT DISTINCT p.id, r.role, ob.id
  FROM (SELECT [role] COLLATE Latin1_General_100_BIN2 AS [role], [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute]
  FROM OPENJSON(@p1) WITH ([role] NVARCHAR(4000) '$.role', [system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = sy.id AND ob.name = r.object
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[process_object] AS x WITH (FORCESEEK)
  WHERE x.process_id = p.id AND x.role = r.role AND x.object_id = ob.id) OPTION (LOOP JOIN, FORCE ORDER);

-- register.linked_objects
SELECT count(*)
  FROM (SELECT [role] COLLATE Latin1_General_100_BIN2 AS [role], [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute]
  FROM OPENJSON(@p1) WITH ([role] NVARCHAR(4000) '$.role', [system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = sy.id AND ob.name = r.object
  JOIN [processtracker].[process_object] AS l ON l.process_id = p.id AND l.role = r.role AND l.object_id = ob.id OPTION (LOOP JOIN, FORCE ORDER);

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
  FROM [processtracker].[process_attribute] AS x WITH (FORCESEEK)
  WHERE x.process_id = p.id AND x.role = r.role AND x.attribute_id = at.id) OPTION (LOOP JOIN, FORCE ORDER);

-- register.linked_attributes
SELECT count(*)
  FROM (SELECT [role] COLLATE Latin1_General_100_BIN2 AS [role], [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute]
  FROM OPENJSON(@p1) WITH ([role] NVARCHAR(4000) '$.role', [system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = sy.id AND ob.name = r.object
  JOIN [processtracker].[data_attribute] AS at ON at.object_id = ob.id AND at.name = r.attribute
  JOIN [processtracker].[process_attribute] AS l ON l.process_id = p.id AND l.role = r.role AND l.attribute_id = at.id OPTION (LOOP JOIN, FORCE ORDER);

-- register.systems
INSERT INTO [processtracker].[data_system] (name,created_by,changed_by)
  SELECT DISTINCT r.system, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [system] COLLATE Latin1_General_100_BIN2 AS [system]
  FROM OPENJSON(@p1) WITH ([system] NVARCHAR(4000) '$.system')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[data_system] AS x WITH (FORCESEEK)
  WHERE x.name = r.system) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[data_system] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.system) THEN 1 ELSE 0 END = 0
  ORDER BY r.system OPTION (LOOP JOIN, FORCE ORDER);

-- register.objects
INSERT INTO [processtracker].[data_object] (system_id,name,created_by,changed_by)
  SELECT DISTINCT sy.id, r.object, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object]
  FROM OPENJSON(@p1) WITH ([system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object')) AS r
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE r.object <> @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[data_object] AS x WITH (FORCESEEK)
  WHERE x.system_id = sy.id AND x.name = r.object)
  ORDER BY sy.id, r.object OPTION (LOOP JOIN, FORCE ORDER);

-- register.attributes
INSERT INTO [processtracker].[data_attribute] (object_id,name,created_by,changed_by)
  SELECT DISTINCT ob.id, r.attribute, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute]
  FROM OPENJSON(@p1) WITH ([system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute')) AS r
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = sy.id AND ob.name = r.object
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE r.attribute <> @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[data_attribute] AS x WITH (FORCESEEK)
  WHERE x.object_id = ob.id AND x.name = r.attribute)
  ORDER BY ob.id, r.attribute OPTION (LOOP JOIN, FORCE ORDER);

-- register.link_dataset_types
INSERT INTO [processtracker].[process_dataset_type] (process_id,dataset_type_id)
  SELECT DISTINCT p.id, t.id
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[dataset_type] AS t ON t.name = r.name
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[process_dataset_type] AS x WITH (FORCESEEK)
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
  WHERE name = @p3), frequency_id), definition = @p4
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE name = @p5 OPTION (LOOP JOIN);

-- register.changed
UPDATE [processtracker].[process]
  SET changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p1), 0)
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE name = @p2 OPTION (LOOP JOIN);

-- register.linked_dataset_types
SELECT count(*)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[dataset_type] AS t ON t.name = r.name
  JOIN [processtracker].[process_dataset_type] AS l ON l.process_id = p.id AND l.dataset_type_id = t.id OPTION (LOOP JOIN, FORCE ORDER);

-- dependency.lock
UPDATE [processtracker].[dependency_lock]
  SET locked_at = locked_at
  FROM [processtracker].[dependency_lock] WITH (ROWLOCK, FORCESEEK)
  WHERE lock_no = @p1 OPTION (LOOP JOIN);

-- dependency.parents
SELECT DISTINCT d.parent_id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[process_dependency] AS d ON d.child_id = r.id
  ORDER BY d.parent_id OPTION (LOOP JOIN, FORCE ORDER);

-- dependency.lacking
SELECT r.name
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[process] AS child WITH (FORCESEEK)
  JOIN [processtracker].[process_dependency] AS dep WITH (FORCESEEK) ON dep.child_id = child.id
  JOIN [processtracker].[process] AS parent WITH (FORCESEEK) ON parent.id = dep.parent_id
  WHERE child.name = @p2 AND parent.name = r.name) OPTION (LOOP JOIN, FORCE ORDER);

-- dependency.read
SELECT kind, fresh
  FROM [processtracker].[process_dependency]
  WHERE child_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND parent_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p2);

-- dependency.add
INSERT INTO [processtracker].[process_dependency] (child_id,parent_id,kind,created_by,changed_by)
  SELECT child.id, parent.id, @p1, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM [processtracker].[process] AS child
  JOIN [processtracker].[process] AS parent ON parent.name = @p2
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p3
  WHERE child.name = @p4 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[process_dependency] AS x WITH (FORCESEEK)
  WHERE x.child_id = child.id AND x.parent_id = parent.id) OPTION (LOOP JOIN);

-- dependency.set
UPDATE [processtracker].[process_dependency]
  SET kind = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[process_dependency] WITH (ROWLOCK, FORCESEEK)
  WHERE child_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p3) AND parent_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p4) AND kind <> @p5 OPTION (LOOP JOIN);

-- dependency.set_fresh
UPDATE [processtracker].[process_dependency]
  SET fresh = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[process_dependency] WITH (ROWLOCK, FORCESEEK)
  WHERE child_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p3) AND parent_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p4) AND fresh <> @p5 OPTION (LOOP JOIN);

-- dependency.remove
DELETE
  FROM [processtracker].[process_dependency]
  FROM [processtracker].[process_dependency] WITH (ROWLOCK, FORCESEEK)
  WHERE child_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND parent_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p2) OPTION (LOOP JOIN);

-- cluster.set
UPDATE [processtracker].[cluster]
  SET max_memory = @p1, max_processing = @p2, memory_unit = @p3, processing_unit = @p4, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p5), 0)
  FROM [processtracker].[cluster] WITH (ROWLOCK, FORCESEEK)
  WHERE name = @p6 AND (coalesce(max_memory, -1) <> @p7 OR coalesce(max_processing, -1) <> @p8 OR coalesce(memory_unit, ' ') <> @p9 OR coalesce(processing_unit, ' ') <> @p10) OPTION (LOOP JOIN);

-- cluster.limits
SELECT max_memory, max_processing, memory_unit, processing_unit
  FROM [processtracker].[cluster]
  WHERE name = @p1;

-- cluster.joined
SELECT c.id
  FROM [processtracker].[process_cluster] AS pc
  JOIN [processtracker].[process] AS p ON p.id = pc.process_id
  JOIN [processtracker].[cluster] AS c ON c.id = pc.cluster_id
  WHERE c.name = @p1 AND p.name = @p2;

-- cluster.join
INSERT INTO [processtracker].[process_cluster] (process_id,cluster_id)
  SELECT p.id, c.id
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[cluster] AS c ON c.name = @p1
  WHERE p.name = @p2 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[process_cluster] AS x WITH (FORCESEEK)
  WHERE x.process_id = p.id AND x.cluster_id = c.id) OPTION (LOOP JOIN);

-- cluster.leave
DELETE
  FROM [processtracker].[process_cluster]
  FROM [processtracker].[process_cluster] WITH (ROWLOCK, FORCESEEK)
  WHERE process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND cluster_id = (SELECT id
  FROM [processtracker].[cluster]
  WHERE name = @p2) OPTION (LOOP JOIN);

-- process.set_max_failures
UPDATE [processtracker].[process]
  SET max_failures = @p1, changed_at = SYSUTCDATETIME(), changed_by = @p2
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- process.totals
SELECT watermark, records, inserts, updates, deletes
  FROM [processtracker].[process]
  WHERE name = @p1;

-- process.lock_named
SELECT p.id, p.held_at, p.active, p.failures, p.max_failures, p.watermark
  FROM [processtracker].[process] AS p WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE p.name = @p1 ;

-- watermark.set
UPDATE [processtracker].[process]
  SET watermark = @p1
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p2 OPTION (LOOP JOIN);

-- watermark.history
INSERT INTO [processtracker].[status_history] (process_id,to_status,actor_id,reason,from_at,to_at,changed_at)
  VALUES (@p1,@p2,@p3,@p4,@p5,@p6,SYSUTCDATETIME()) OPTION (LOOP JOIN);

-- run.widen_low
UPDATE [processtracker].[run]
  SET low_at = CASE WHEN low_at <= @p1 THEN low_at ELSE @p2 END
  FROM [processtracker].[run] WITH (ROWLOCK, FORCESEEK)
  WHERE ended_at IS NULL AND id = @p3 AND token_digest = @p4 OPTION (LOOP JOIN);

-- run.widen_high
UPDATE [processtracker].[run]
  SET high_at = CASE WHEN high_at >= @p1 THEN high_at ELSE @p2 END
  FROM [processtracker].[run] WITH (ROWLOCK, FORCESEEK)
  WHERE ended_at IS NULL AND id = @p3 AND token_digest = @p4 OPTION (LOOP JOIN);

-- run.widen_low_high
UPDATE [processtracker].[run]
  SET low_at = CASE WHEN low_at <= @p1 THEN low_at ELSE @p2 END, high_at = CASE WHEN high_at >= @p3 THEN high_at ELSE @p4 END
  FROM [processtracker].[run] WITH (ROWLOCK, FORCESEEK)
  WHERE ended_at IS NULL AND id = @p5 AND token_digest = @p6 OPTION (LOOP JOIN);

-- count.read
SELECT run.records, run.inserts, run.updates, run.deletes, p.records, p.inserts, p.updates, p.deletes
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = @p1 AND run.ended_at IS NULL AND run.id = @p2 AND run.token_digest = @p3;

-- count.process
UPDATE [processtracker].[process]
  SET records = @p1, inserts = @p2, updates = @p3, deletes = @p4
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE active = @p5 AND id = @p6 AND latest_token_digest = @p7 OPTION (LOOP JOIN);

-- count.run
UPDATE [processtracker].[run]
  SET records = @p1, inserts = @p2, updates = @p3, deletes = @p4
  FROM [processtracker].[run] WITH (ROWLOCK, FORCESEEK)
  WHERE ended_at IS NULL AND id = @p5 AND token_digest = @p6 OPTION (LOOP JOIN);

-- status.run
SELECT id, active
  FROM [processtracker].[run_status]
  WHERE name = @p1;

-- status.add_active
INSERT INTO [processtracker].[run_status] (name,created_by,changed_by,active)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0), @p1
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p2) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p3
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[run_status] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[run_status] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0 OPTION (LOOP JOIN, FORCE ORDER);

-- status.add_ended
INSERT INTO [processtracker].[run_status] (name,created_by,changed_by,active)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0), @p1
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p2) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p3
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[run_status] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[run_status] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0 OPTION (LOOP JOIN, FORCE ORDER);

-- describe.read_system
SELECT sy.id, sy.type_id, (SELECT n.name
  FROM [processtracker].[source_type] AS n
  WHERE n.id = sy.type_id), sy.charset
  FROM [processtracker].[data_system] AS sy WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE sy.name = @p1 ;

-- describe.system
UPDATE [processtracker].[data_system]
  SET type_id = @p1, charset = @p2, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p3), 0)
  FROM [processtracker].[data_system] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p4 OPTION (LOOP JOIN);

-- describe.read_object
SELECT ob.id, ob.charset
  FROM [processtracker].[data_object] AS ob WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE ob.system_id = (SELECT sy.id
  FROM [processtracker].[data_system] AS sy
  WHERE sy.name = @p1) AND ob.name = @p2 ;

-- describe.object
UPDATE [processtracker].[data_object]
  SET charset = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[data_object] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- describe.read_attributes
SELECT at.id, at.name, at.data_type, at.length, at.decimals, at.path, at.default_value, at.is_key, at.is_filter, at.is_partition, at.is_pii
  FROM [processtracker].[data_attribute] AS at WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE at.object_id = (SELECT ob.id
  FROM [processtracker].[data_object] AS ob
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  WHERE ob.name = @p1 AND sy.name = @p2)
  ORDER BY at.id ;

-- describe.add_attributes
INSERT INTO [processtracker].[data_attribute] (object_id,name,data_type,length,decimals,path,default_value,created_by,changed_by,is_key,is_filter,is_partition,is_pii)
  SELECT ob.id, r.name, r.data_type, r.length, r.decimals, r.path, r.default_value, coalesce(a.id, 0), coalesce(a.id, 0), @p1, @p2, @p3, @p4
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name], [data_type] COLLATE Latin1_General_100_BIN2 AS [data_type], [length], [decimals], [path] COLLATE Latin1_General_100_BIN2 AS [path], [default_value] COLLATE Latin1_General_100_BIN2 AS [default_value]
  FROM OPENJSON(@p5) WITH ([name] NVARCHAR(4000) '$.name', [data_type] NVARCHAR(MAX) '$.data_type', [length] BIGINT '$.length', [decimals] BIGINT '$.decimals', [path] NVARCHAR(MAX) '$.path', [default_value] NVARCHAR(MAX) '$.default_value')) AS r
  JOIN [processtracker].[data_system] AS sy ON sy.name = @p6
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = sy.id AND ob.name = @p7
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p8
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[data_attribute] AS x WITH (FORCESEEK)
  WHERE x.object_id = ob.id AND x.name = r.name)
  ORDER BY r.name OPTION (LOOP JOIN, FORCE ORDER);

-- describe.attribute
UPDATE [processtracker].[data_attribute]
  SET data_type = @p1, length = @p2, decimals = @p3, path = @p4, default_value = @p5, is_key = @p6, is_filter = @p7, is_partition = @p8, is_pii = @p9, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p10), 0)
  FROM [processtracker].[data_attribute] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p11 OPTION (LOOP JOIN);

-- register.link_filters
INSERT INTO [processtracker].[process_filter] (process_id,attribute_id,operator,value,value_key,created_by)
  SELECT p.id, at.id, r.operator, r.value, r.value_key, coalesce(a.id, 0)
  FROM (SELECT [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute], [operator] COLLATE Latin1_General_100_BIN2 AS [operator], [value] COLLATE Latin1_General_100_BIN2 AS [value], [value_key] COLLATE Latin1_General_100_BIN2 AS [value_key]
  FROM OPENJSON(@p1) WITH ([system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute', [operator] NVARCHAR(4000) '$.operator', [value] NVARCHAR(MAX) '$.value', [value_key] NVARCHAR(4000) '$.value_key')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = sy.id AND ob.name = r.object
  JOIN [processtracker].[data_attribute] AS at ON at.object_id = ob.id AND at.name = r.attribute
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p3
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[process_filter] AS x WITH (FORCESEEK)
  WHERE x.process_id = p.id AND x.attribute_id = at.id AND x.operator = r.operator AND x.value_key = r.value_key) OPTION (LOOP JOIN, FORCE ORDER);

-- register.linked_filters
SELECT count(*)
  FROM (SELECT [system] COLLATE Latin1_General_100_BIN2 AS [system], [object] COLLATE Latin1_General_100_BIN2 AS [object], [attribute] COLLATE Latin1_General_100_BIN2 AS [attribute], [operator] COLLATE Latin1_General_100_BIN2 AS [operator], [value_key] COLLATE Latin1_General_100_BIN2 AS [value_key]
  FROM OPENJSON(@p1) WITH ([system] NVARCHAR(4000) '$.system', [object] NVARCHAR(4000) '$.object', [attribute] NVARCHAR(4000) '$.attribute', [operator] NVARCHAR(4000) '$.operator', [value_key] NVARCHAR(4000) '$.value_key')) AS r
  JOIN [processtracker].[process] AS p ON p.name = @p2
  JOIN [processtracker].[data_system] AS sy ON sy.name = r.system
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = sy.id AND ob.name = r.object
  JOIN [processtracker].[data_attribute] AS at ON at.object_id = ob.id AND at.name = r.attribute
  JOIN [processtracker].[process_filter] AS l ON l.process_id = p.id AND l.attribute_id = at.id AND l.operator = r.operator AND l.value_key = r.value_key OPTION (LOOP JOIN, FORCE ORDER);

-- contact.add
INSERT INTO [processtracker].[contact] (name,email,created_by,changed_by)
  SELECT r.name, r.email, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name], [email] COLLATE Latin1_General_100_BIN2 AS [email]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name', [email] NVARCHAR(4000) '$.email')) AS r
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[contact] AS x WITH (FORCESEEK)
  WHERE x.name = r.name AND x.email = r.email) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[contact] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name AND x.email = r.email) THEN 1 ELSE 0 END = 0 OPTION (LOOP JOIN, FORCE ORDER);

-- contacts.list
SELECT c.name, c.email, '' AS of_system, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM [processtracker].[process_contact] AS pc
  JOIN [processtracker].[contact] AS c ON c.id = pc.contact_id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = c.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = c.changed_by
  WHERE pc.process_id = @p1
  UNION ALL
  SELECT c.name, c.email, sy.name, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM (SELECT l.process_id, l.system_id
  FROM [processtracker].[process_system] AS l
  WHERE l.role = @p2 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_object] AS l
  JOIN [processtracker].[data_object] AS ob ON ob.id = l.object_id
  WHERE l.role = @p3 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_attribute] AS l
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  WHERE l.role = @p4) AS d
  JOIN [processtracker].[data_system] AS sy ON sy.id = d.system_id
  JOIN [processtracker].[system_contact] AS sc ON sc.system_id = d.system_id
  JOIN [processtracker].[contact] AS c ON c.id = sc.contact_id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = c.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = c.changed_by
  WHERE d.process_id = @p5;

-- contact.link_process
INSERT INTO [processtracker].[process_contact] (process_id,contact_id)
  SELECT o.id, c.id
  FROM [processtracker].[process] AS o
  JOIN [processtracker].[contact] AS c ON c.name = @p1 AND c.email = @p2
  WHERE o.name = @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[process_contact] AS x WITH (FORCESEEK)
  WHERE x.process_id = o.id AND x.contact_id = c.id) OPTION (LOOP JOIN);

-- contact.link_data_system
INSERT INTO [processtracker].[system_contact] (system_id,contact_id)
  SELECT o.id, c.id
  FROM [processtracker].[data_system] AS o
  JOIN [processtracker].[contact] AS c ON c.name = @p1 AND c.email = @p2
  WHERE o.name = @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[system_contact] AS x WITH (FORCESEEK)
  WHERE x.system_id = o.id AND x.contact_id = c.id) OPTION (LOOP JOIN);

-- contact.linked_process
SELECT c.id
  FROM [processtracker].[process_contact] AS l
  JOIN [processtracker].[process] AS o ON o.id = l.process_id
  JOIN [processtracker].[contact] AS c ON c.id = l.contact_id
  WHERE c.email = @p1 AND c.name = @p2 AND o.name = @p3;

-- contact.linked_data_system
SELECT c.id
  FROM [processtracker].[system_contact] AS l
  JOIN [processtracker].[data_system] AS o ON o.id = l.system_id
  JOIN [processtracker].[contact] AS c ON c.id = l.contact_id
  WHERE c.email = @p1 AND c.name = @p2 AND o.name = @p3;

-- contact.unlink_process
DELETE
  FROM [processtracker].[process_contact]
  FROM [processtracker].[process_contact] WITH (ROWLOCK, FORCESEEK)
  WHERE process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND contact_id = (SELECT id
  FROM [processtracker].[contact]
  WHERE email = @p2 AND name = @p3) OPTION (LOOP JOIN);

-- contact.unlink_data_system
DELETE
  FROM [processtracker].[system_contact]
  FROM [processtracker].[system_contact] WITH (ROWLOCK, FORCESEEK)
  WHERE system_id = (SELECT id
  FROM [processtracker].[data_system]
  WHERE name = @p1) AND contact_id = (SELECT id
  FROM [processtracker].[contact]
  WHERE email = @p2 AND name = @p3) OPTION (LOOP JOIN);

-- contacts.all
SELECT c.id, c.name, c.email, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM [processtracker].[contact] AS c
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = c.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = c.changed_by
  WHERE c.id > @p1
  ORDER BY c.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- contacts.all
SELECT c.id, c.name, c.email, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM [processtracker].[contact] AS c
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = c.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = c.changed_by
  WHERE c.id > @p1 AND c.name = @p2
  ORDER BY c.id OFFSET 0 ROWS FETCH NEXT @p3 ROWS ONLY;

-- contacts.owners_process
SELECT r.id, o.name
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[process_contact] AS l ON l.contact_id = r.id
  JOIN [processtracker].[process] AS o ON o.id = l.process_id
  ORDER BY r.id, o.name OPTION (LOOP JOIN, FORCE ORDER);

-- contacts.owners_data_system
SELECT r.id, o.name
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[system_contact] AS l ON l.contact_id = r.id
  JOIN [processtracker].[data_system] AS o ON o.id = l.system_id
  ORDER BY r.id, o.name OPTION (LOOP JOIN, FORCE ORDER);

-- contact.read
SELECT c.id
  FROM [processtracker].[contact] AS c WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE c.email = @p1 AND c.name = @p2 ;

-- contact.change
UPDATE [processtracker].[contact]
  SET name = @p1, email = @p2, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p3), 0)
  FROM [processtracker].[contact] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p4 OPTION (LOOP JOIN);

-- contact.delete
DELETE
  FROM [processtracker].[contact]
  FROM [processtracker].[contact] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_process_contact_contact_id
SELECT count(*) OVER (), p.name, 0
  FROM [processtracker].[process_contact] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[process] AS p ON p.id = x.process_id
  WHERE x.contact_id = @p1
  ORDER BY p.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_system_contact_contact_id
SELECT count(*) OVER (), sy.name, 0
  FROM [processtracker].[system_contact] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[data_system] AS sy ON sy.id = x.system_id
  WHERE x.contact_id = @p1
  ORDER BY sy.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- actors.list
SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[actor] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- actors.list
SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[actor] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1 AND l.name = @p2
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p3 ROWS ONLY;

-- clusters.list
SELECT c.id, c.name, c.max_memory, c.max_processing, c.memory_unit, c.processing_unit, (SELECT CAST(CASE WHEN sum(CAST(u.latest_memory AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_memory AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p1), (SELECT CAST(CASE WHEN sum(CAST(u.latest_processing AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_processing AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p2), c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM [processtracker].[cluster] AS c
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = c.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = c.changed_by
  WHERE c.id > @p3
  ORDER BY c.id OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY;

-- clusters.list
SELECT c.id, c.name, c.max_memory, c.max_processing, c.memory_unit, c.processing_unit, (SELECT CAST(CASE WHEN sum(CAST(u.latest_memory AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_memory AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p1), (SELECT CAST(CASE WHEN sum(CAST(u.latest_processing AS DECIMAL(38, 0))) > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(sum(CAST(u.latest_processing AS DECIMAL(38, 0))), 0) END AS BIGINT)
  FROM [processtracker].[process_cluster] AS uc WITH (FORCESEEK)
  JOIN [processtracker].[process] AS u WITH (FORCESEEK) ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = @p2), c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM [processtracker].[cluster] AS c
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = c.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = c.changed_by
  WHERE c.id > @p3 AND c.name = @p4
  ORDER BY c.id OFFSET 0 ROWS FETCH NEXT @p5 ROWS ONLY;

-- clusters.processes
SELECT r.id, p.name
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[process_cluster] AS l ON l.cluster_id = r.id
  JOIN [processtracker].[process] AS p ON p.id = l.process_id
  ORDER BY r.id, p.name OPTION (LOOP JOIN, FORCE ORDER);

-- locations.list
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM [processtracker].[location] AS l
  JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- locations.list
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM [processtracker].[location] AS l
  JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
  WHERE l.id > @p1 AND l.name = @p2
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p3 ROWS ONLY;

-- process_attribute.read
SELECT l.process_id, l.attribute_id, l.alias, l.expression
  FROM [processtracker].[process_attribute] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND l.role = @p2 AND l.attribute_id = (SELECT at.id
  FROM [processtracker].[data_attribute] AS at
  WHERE at.name = @p3 AND at.object_id = (SELECT ob.id
  FROM [processtracker].[data_object] AS ob
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  WHERE ob.name = @p4 AND sy.name = @p5)) ;

-- process_attribute.describe
UPDATE [processtracker].[process_attribute]
  SET alias = @p1, expression = @p2
  FROM [processtracker].[process_attribute] WITH (ROWLOCK, FORCESEEK)
  WHERE attribute_id = @p3 AND process_id = @p4 AND role = @p5 OPTION (LOOP JOIN);

-- undefine.system
DELETE
  FROM [processtracker].[process_system]
  FROM [processtracker].[process_system] WITH (ROWLOCK, FORCESEEK)
  WHERE process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND role = @p2 AND system_id = (SELECT sy.id
  FROM [processtracker].[data_system] AS sy
  WHERE sy.name = @p3) OPTION (LOOP JOIN);

-- undefine.object
DELETE
  FROM [processtracker].[process_object]
  FROM [processtracker].[process_object] WITH (ROWLOCK, FORCESEEK)
  WHERE process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND role = @p2 AND object_id = (SELECT ob.id
  FROM [processtracker].[data_object] AS ob
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  WHERE ob.name = @p3 AND sy.name = @p4) OPTION (LOOP JOIN);

-- undefine.attribute
DELETE
  FROM [processtracker].[process_attribute]
  FROM [processtracker].[process_attribute] WITH (ROWLOCK, FORCESEEK)
  WHERE process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND role = @p2 AND attribute_id = (SELECT at.id
  FROM [processtracker].[data_attribute] AS at
  WHERE at.name = @p3 AND at.object_id = (SELECT ob.id
  FROM [processtracker].[data_object] AS ob
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  WHERE ob.name = @p4 AND sy.name = @p5)) OPTION (LOOP JOIN);

-- undefine.dataset_type
DELETE
  FROM [processtracker].[process_dataset_type]
  FROM [processtracker].[process_dataset_type] WITH (ROWLOCK, FORCESEEK)
  WHERE process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND dataset_type_id = (SELECT id
  FROM [processtracker].[dataset_type]
  WHERE name = @p2) OPTION (LOOP JOIN);

-- undefine.filter
DELETE
  FROM [processtracker].[process_filter]
  FROM [processtracker].[process_filter] WITH (ROWLOCK, FORCESEEK)
  WHERE process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND operator = @p2 AND value_key = @p3 AND attribute_id = (SELECT at.id
  FROM [processtracker].[data_attribute] AS at
  WHERE at.name = @p4 AND at.object_id = (SELECT ob.id
  FROM [processtracker].[data_object] AS ob
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  WHERE ob.name = @p5 AND sy.name = @p6)) OPTION (LOOP JOIN);

-- undefine.process
UPDATE [processtracker].[process]
  SET definition = @p1, changed_at = SYSUTCDATETIME(), changed_by = @p2
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- process_attribute.list
SELECT l.role, sy.name, ob.name, l.alias, l.expression, at.id, at.name, at.data_type, at.length, at.decimals, at.path, at.default_value, at.is_key, at.is_filter, at.is_partition, at.is_pii
  FROM [processtracker].[process_attribute] AS l
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  WHERE l.process_id = @p1
  ORDER BY l.role, sy.name, ob.name, at.name;

-- file_type.format
UPDATE [processtracker].[file_type]
  SET delimiter_char = @p1, quote_char = @p2, escape_char = @p3, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p4), 0)
  FROM [processtracker].[file_type] WITH (ROWLOCK, FORCESEEK)
  WHERE name = @p5 OPTION (LOOP JOIN);

-- process.forget_definitions
UPDATE [processtracker].[process]
  SET definition = @p1
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE definition IS NOT NULL AND id > 0 OPTION (LOOP JOIN);

-- status.run_status
SELECT id
  FROM [processtracker].[run_status]
  WHERE name = @p1;

-- lookup.read_run_status
SELECT l.id, l.name, l.preloaded, l.active, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[run_status] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_run_status
UPDATE [processtracker].[run_status]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[run_status] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_run_status
SELECT l.id, l.name, l.preloaded, l.active, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[run_status] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_run_status
DELETE
  FROM [processtracker].[run_status]
  FROM [processtracker].[run_status] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_process_latest_status_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[process] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.latest_status_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_run_status_id
SELECT count(*) OVER (), p.name, x.run_no
  FROM [processtracker].[run] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[process] AS p ON p.id = x.process_id
  WHERE x.status_id = @p1
  ORDER BY p.name, x.run_no OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_run_soft_dependency_parent_status_id
SELECT count(*) OVER (), p.name, run.run_no
  FROM [processtracker].[run_soft_dependency] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[run] AS run ON run.id = x.run_id
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  WHERE x.parent_status_id = @p1
  ORDER BY p.name, run.run_no OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.extract_status
SELECT id
  FROM [processtracker].[extract_status]
  WHERE name = @p1;

-- lookup.read_extract_status
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[extract_status] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_extract_status
UPDATE [processtracker].[extract_status]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[extract_status] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_extract_status
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[extract_status] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_extract_status
DELETE
  FROM [processtracker].[extract_status]
  FROM [processtracker].[extract_status] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_extract_status_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[extract] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.status_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_extract_claim_return_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[extract] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.claim_return_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_run_extract_status_id
SELECT count(*) OVER (), e.name, 0
  FROM [processtracker].[run_extract] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[extract] AS e ON e.id = x.extract_id
  WHERE x.status_id = @p1
  ORDER BY e.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.error_type
SELECT id
  FROM [processtracker].[error_type]
  WHERE name = @p1;

-- lookup.read_error_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[error_type] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_error_type
UPDATE [processtracker].[error_type]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[error_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_error_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[error_type] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_error_type
DELETE
  FROM [processtracker].[error_type]
  FROM [processtracker].[error_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_run_error_error_type_id
SELECT count(*) OVER (), p.name, run.run_no
  FROM [processtracker].[run_error] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[run] AS run ON run.id = x.run_id
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  WHERE x.error_type_id = @p1
  ORDER BY p.name, run.run_no OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.process_type
SELECT id
  FROM [processtracker].[process_type]
  WHERE name = @p1;

-- lookup.read_process_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[process_type] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_process_type
UPDATE [processtracker].[process_type]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[process_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_process_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[process_type] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_process_type
DELETE
  FROM [processtracker].[process_type]
  FROM [processtracker].[process_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_process_type_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[process] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.type_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.schedule_frequency
SELECT id
  FROM [processtracker].[schedule_frequency]
  WHERE name = @p1;

-- lookup.read_schedule_frequency
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[schedule_frequency] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_schedule_frequency
UPDATE [processtracker].[schedule_frequency]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[schedule_frequency] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_schedule_frequency
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[schedule_frequency] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_schedule_frequency
DELETE
  FROM [processtracker].[schedule_frequency]
  FROM [processtracker].[schedule_frequency] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_process_frequency_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[process] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.frequency_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.location_type
SELECT id
  FROM [processtracker].[location_type]
  WHERE name = @p1;

-- lookup.read_location_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[location_type] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_location_type
UPDATE [processtracker].[location_type]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[location_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_location_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[location_type] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_location_type
DELETE
  FROM [processtracker].[location_type]
  FROM [processtracker].[location_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_location_type_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[location] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.type_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.file_type
SELECT id
  FROM [processtracker].[file_type]
  WHERE name = @p1;

-- lookup.read_file_type
SELECT l.id, l.name, l.preloaded, l.delimiter_char, l.quote_char, l.escape_char, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[file_type] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_file_type
UPDATE [processtracker].[file_type]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[file_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_file_type
SELECT l.id, l.name, l.preloaded, l.delimiter_char, l.quote_char, l.escape_char, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[file_type] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_file_type
DELETE
  FROM [processtracker].[file_type]
  FROM [processtracker].[file_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_extract_file_type_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[extract] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.file_type_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.compression_type
SELECT id
  FROM [processtracker].[compression_type]
  WHERE name = @p1;

-- lookup.read_compression_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[compression_type] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_compression_type
UPDATE [processtracker].[compression_type]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[compression_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_compression_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[compression_type] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_compression_type
DELETE
  FROM [processtracker].[compression_type]
  FROM [processtracker].[compression_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_extract_compression_type_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[extract] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.compression_type_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.source_type
SELECT id
  FROM [processtracker].[source_type]
  WHERE name = @p1;

-- lookup.read_source_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[source_type] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_source_type
UPDATE [processtracker].[source_type]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[source_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_source_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[source_type] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_source_type
DELETE
  FROM [processtracker].[source_type]
  FROM [processtracker].[source_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_data_system_type_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[data_system] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.type_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.tool
SELECT id
  FROM [processtracker].[tool]
  WHERE name = @p1;

-- lookup.read_tool
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[tool] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_tool
UPDATE [processtracker].[tool]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[tool] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_tool
SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[tool] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_tool
DELETE
  FROM [processtracker].[tool]
  FROM [processtracker].[tool] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_process_tool_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[process] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.tool_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.dataset_type
SELECT id
  FROM [processtracker].[dataset_type]
  WHERE name = @p1;

-- lookup.read_dataset_type
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[dataset_type] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_dataset_type
UPDATE [processtracker].[dataset_type]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[dataset_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.list_dataset_type
SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM [processtracker].[dataset_type] AS l
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = l.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = l.changed_by
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- lookup.delete_dataset_type
DELETE
  FROM [processtracker].[dataset_type]
  FROM [processtracker].[dataset_type] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_process_dataset_type_dataset_type_id
SELECT count(*) OVER (), p.name, 0
  FROM [processtracker].[process_dataset_type] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[process] AS p ON p.id = x.process_id
  WHERE x.dataset_type_id = @p1
  ORDER BY p.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.actor
SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p1;

-- lookup.read_actor
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[actor] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_actor
UPDATE [processtracker].[actor]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = @p2
  FROM [processtracker].[actor] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.delete_actor
DELETE
  FROM [processtracker].[actor]
  FROM [processtracker].[actor] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_run_actor_id
SELECT count(*) OVER (), p.name, x.run_no
  FROM [processtracker].[run] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[process] AS p ON p.id = x.process_id
  WHERE x.actor_id = @p1
  ORDER BY p.name, x.run_no OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_process_created_by
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[process] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.created_by = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_process_changed_by
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[process] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.changed_by = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.cluster
SELECT id
  FROM [processtracker].[cluster]
  WHERE name = @p1;

-- lookup.read_cluster
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[cluster] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_cluster
UPDATE [processtracker].[cluster]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[cluster] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.delete_cluster
DELETE
  FROM [processtracker].[cluster]
  FROM [processtracker].[cluster] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_process_cluster_cluster_id
SELECT count(*) OVER (), p.name, 0
  FROM [processtracker].[process_cluster] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[process] AS p ON p.id = x.process_id
  WHERE x.cluster_id = @p1
  ORDER BY p.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.data_system
SELECT id
  FROM [processtracker].[data_system]
  WHERE name = @p1;

-- lookup.read_data_system
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[data_system] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_data_system
UPDATE [processtracker].[data_system]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[data_system] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.delete_data_system
DELETE
  FROM [processtracker].[data_system]
  FROM [processtracker].[data_system] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_data_object_system_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[data_object] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.system_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_process_system_system_id
SELECT count(*) OVER (), p.name, 0
  FROM [processtracker].[process_system] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[process] AS p ON p.id = x.process_id
  WHERE x.system_id = @p1
  ORDER BY p.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_system_contact_system_id
SELECT count(*) OVER (), c.name, 0
  FROM [processtracker].[system_contact] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[contact] AS c ON c.id = x.contact_id
  WHERE x.system_id = @p1
  ORDER BY c.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_extract_system_system_id
SELECT count(*) OVER (), e.name, 0
  FROM [processtracker].[extract_system] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[extract] AS e ON e.id = x.extract_id
  WHERE x.system_id = @p1
  ORDER BY e.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_location_system_system_id
SELECT count(*) OVER (), l.name, 0
  FROM [processtracker].[location_system] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[location] AS l ON l.id = x.location_id
  WHERE x.system_id = @p1
  ORDER BY l.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.location
SELECT id
  FROM [processtracker].[location]
  WHERE name = @p1;

-- lookup.read_location
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[location] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_location
UPDATE [processtracker].[location]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[location] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

-- lookup.delete_location
DELETE
  FROM [processtracker].[location]
  FROM [processtracker].[location] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 OPTION (LOOP JOIN);

-- lookup.uses_extract_location_id
SELECT count(*) OVER (), x.name, 0
  FROM [processtracker].[extract] AS x WITH (READCOMMITTEDLOCK)
  WHERE x.location_id = @p1
  ORDER BY x.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- lookup.uses_location_system_location_id
SELECT count(*) OVER (), sy.name, 0
  FROM [processtracker].[location_system] AS x WITH (READCOMMITTEDLOCK)
  JOIN [processtracker].[data_system] AS sy ON sy.id = x.system_id
  WHERE x.location_id = @p1
  ORDER BY sy.name OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY;

-- status.process
SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1;

-- lookup.read_process
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM [processtracker].[actor] AS n
  WHERE n.id = l.changed_by)
  FROM [processtracker].[process] AS l WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE l.name = @p1 ;

-- lookup.rename_process
UPDATE [processtracker].[process]
  SET name = @p1, changed_at = SYSUTCDATETIME(), changed_by = coalesce((SELECT id
  FROM [processtracker].[actor]
  WHERE name = @p2), 0)
  FROM [processtracker].[process] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 OPTION (LOOP JOIN);

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
  SELECT r.path, r.path_key, r.name, coalesce(t.id, 0), coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT [path] COLLATE Latin1_General_100_BIN2 AS [path], [path_key] COLLATE Latin1_General_100_BIN2 AS [path_key], [name] COLLATE Latin1_General_100_BIN2 AS [name], [type] COLLATE Latin1_General_100_BIN2 AS [type]
  FROM OPENJSON(@p1) WITH ([path] NVARCHAR(MAX) '$.path', [path_key] NVARCHAR(4000) '$.path_key', [name] NVARCHAR(4000) '$.name', [type] NVARCHAR(4000) '$.type')) AS r
  LEFT JOIN [processtracker].[location_type] AS t ON t.name = r.type
  LEFT JOIN [processtracker].[actor] AS a ON a.name = @p2
  WHERE CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[location] AS x WITH (FORCESEEK)
  WHERE x.path_key = r.path_key) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[location] AS x WITH (FORCESEEK)
  WHERE x.name = r.name) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[location] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.path_key = r.path_key) THEN 1 WHEN EXISTS (SELECT 1
  FROM [processtracker].[location] AS x WITH (UPDLOCK, HOLDLOCK, FORCESEEK)
  WHERE x.name = r.name) THEN 1 ELSE 0 END = 0 OPTION (LOOP JOIN, FORCE ORDER);

-- location.count
UPDATE [processtracker].[location]
  SET file_count = @p1, listed_at = SYSUTCDATETIME()
  FROM [processtracker].[location] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p2 OPTION (LOOP JOIN);

-- run.lock
SELECT run.token_digest, run.status_id, (SELECT n.name
  FROM [processtracker].[run_status] AS n
  WHERE n.id = run.status_id), run.ended_at
  FROM [processtracker].[run] AS run WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE run.id = @p1 ;

-- extract.insert
INSERT INTO [processtracker].[extract] (location_id,name,name_key,status_id,file_type_id,compression_type_id,size_bytes,checksum,registered_by,process_id,registered_at,status_changed_at,claimed_by,claim_return_id,listed_at)
  SELECT r.id, r.name, r.name_key, s.id, r.file_type_id, r.compression_type_id, r.size_bytes, r.checksum, run.id, run.process_id, SYSUTCDATETIME(), SYSUTCDATETIME(), CASE WHEN s.id = 3 THEN run.id END, CASE WHEN s.id = 3 THEN 2 END, @p1
  FROM (SELECT [n], [id], [name] COLLATE Latin1_General_100_BIN2 AS [name], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key], [status], [file_type_id], [compression_type_id], [size_bytes], [checksum] COLLATE Latin1_General_100_BIN2 AS [checksum]
  FROM OPENJSON(@p2) WITH ([n] BIGINT '$.n', [id] BIGINT '$.id', [name] NVARCHAR(4000) '$.name', [name_key] NVARCHAR(4000) '$.name_key', [status] BIGINT '$.status', [file_type_id] BIGINT '$.file_type_id', [compression_type_id] BIGINT '$.compression_type_id', [size_bytes] BIGINT '$.size_bytes', [checksum] NVARCHAR(MAX) '$.checksum')) AS r
  JOIN [processtracker].[extract_status] AS s ON s.id = r.status
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p3
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p4 AND own.token_digest = @p5) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[extract] AS x WITH (FORCESEEK)
  WHERE x.location_id = r.id AND x.name_key = r.name_key)
  ORDER BY r.n OPTION (LOOP JOIN, FORCE ORDER);

-- extract.link
INSERT INTO [processtracker].[run_extract] (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, SYSUTCDATETIME(), SYSUTCDATETIME()
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p3 AND own.token_digest = @p4) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run_extract] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id AND x.extract_id = e.id)
  ORDER BY e.id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.first_history
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, s.name, run.actor_id, e.registered_at
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key], [n]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key', [n] BIGINT '$.n')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = e.registered_by
  JOIN [processtracker].[extract_status] AS s ON s.id = e.status_id
  WHERE NOT EXISTS (SELECT 1
  FROM [processtracker].[status_history] AS x WITH (FORCESEEK)
  WHERE x.extract_id = e.id)
  ORDER BY r.n OPTION (LOOP JOIN, FORCE ORDER);

-- run.sources
SELECT CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[process_system] AS ps
  WHERE ps.process_id = @p1 AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM [processtracker].[process_object] AS ps
  WHERE ps.process_id = @p2 AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM [processtracker].[process_attribute] AS ps
  WHERE ps.process_id = @p3 AND ps.role = 'source') THEN 1 ELSE 0 END
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  WHERE run.id = @p4;

-- extract.link_systems
INSERT INTO [processtracker].[extract_system] (extract_id,system_id)
  SELECT DISTINCT e.id, ps.system_id
  FROM (SELECT [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p2
  JOIN [processtracker].[process_system] AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p3 AND own.token_digest = @p4) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_system] AS x WITH (FORCESEEK)
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
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p3 AND own.token_digest = @p4) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_object] AS x WITH (FORCESEEK)
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
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p3 AND own.token_digest = @p4) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_object] AS x WITH (FORCESEEK)
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
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p3 AND own.token_digest = @p4) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[location_system] AS x WITH (FORCESEEK)
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
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p3 AND own.token_digest = @p4) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[location_object] AS x WITH (FORCESEEK)
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
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p3 AND own.token_digest = @p4) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[location_object] AS x WITH (FORCESEEK)
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
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = @p3 AND run.ended_at IS NULL AND run.id = @p4 AND run.token_digest = @p5)) AS w INNER LOOP
  JOIN [processtracker].[run_extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[run_extract].extract_id = w.id
  WHERE run_id = @p6 OPTION (LOOP JOIN);

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
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = @p3 AND run.ended_at IS NULL AND run.id = @p4 AND run.token_digest = @p5)
  ORDER BY e.id OPTION (LOOP JOIN);

-- unclaim.give_back
UPDATE [processtracker].[extract]
  SET status_id = claim_return_id, status_changed_at = SYSUTCDATETIME(), claimed_by = @p1, claim_return_id = @p2
  FROM [processtracker].[extract] WITH (ROWLOCK, FORCESEEK)
  WHERE claimed_by = @p3 AND status_id = @p4 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[process] AS p WITH (FORCESEEK) ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = @p5 AND run.ended_at IS NULL AND run.id = @p6 AND run.token_digest = @p7) OPTION (LOOP JOIN);

-- claim.select
SELECT e.id
  FROM [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, READPAST, FORCESEEK([extract_by_status](status_id)))
  WHERE coalesce(e.claimed_by, 0) >= 0 AND e.status_id = 2 AND coalesce((SELECT 1
  FROM [processtracker].[extract_dependency] AS ed WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS parent WITH (FORCESEEK) ON parent.id = ed.parent_id
  WHERE ed.child_id = e.id AND parent.status_id NOT IN (@p1,@p2)
  ORDER BY ed.child_id, ed.parent_id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p3 ROWS ONLY;

-- claim.select
SELECT e.id
  FROM [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, READPAST, FORCESEEK([extract_by_status_location](status_id)))
  WHERE coalesce(e.claimed_by, 0) >= 0 AND e.status_id = 2 AND e.location_id = (SELECT id
  FROM [processtracker].[location]
  WHERE path_key = @p1) AND e.location_id = (SELECT id
  FROM [processtracker].[location]
  WHERE name = @p2) AND e.location_id > 0 AND e.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p3) AND CHARINDEX(@p4, e.name) > 0 AND EXISTS (SELECT 1
  FROM (SELECT (e.name + N'.') COLLATE Latin1_General_100_BIN2_UTF8 AS name, (@p5 + N'.') COLLATE Latin1_General_100_BIN2_UTF8 AS pattern) AS g
  WHERE CAST(g.name AS VARCHAR(8000)) LIKE CAST(g.pattern AS VARCHAR(8000)) ESCAPE '\') AND coalesce((SELECT 1
  FROM [processtracker].[extract_dependency] AS ed WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS parent WITH (FORCESEEK) ON parent.id = ed.parent_id
  WHERE ed.child_id = e.id AND parent.status_id NOT IN (@p6,@p7)
  ORDER BY ed.child_id, ed.parent_id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p8 ROWS ONLY;

-- claim.time
SELECT SYSUTCDATETIME();

-- claim.take
UPDATE [processtracker].[extract]
  SET status_id = @p1, status_changed_at = @p2, claimed_by = @p3, claim_return_id = @p4
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p5) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[extract].id = w.id
  WHERE status_id + 0 = @p6 OPTION (LOOP JOIN, FORCE ORDER);

-- claim.touch_run
UPDATE [processtracker].[run]
  SET memory = memory
  FROM [processtracker].[run] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p1 AND token_digest = @p2 OPTION (LOOP JOIN);

-- claim.history
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, e.status_changed_at
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e ON e.id = r.id
  JOIN [processtracker].[run] AS run ON run.id = @p2
  JOIN [processtracker].[extract_status] AS old ON old.id = @p3
  JOIN [processtracker].[extract_status] AS new ON new.id = e.status_id
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p4 AND own.token_digest = @p5) AND e.claimed_by = @p6 AND e.status_id = @p7
  ORDER BY e.id OPTION (LOOP JOIN, FORCE ORDER);

-- claim.read
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.id = r.id
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
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
  FROM [processtracker].[extract_dependency] AS x WITH (FORCESEEK)
  WHERE x.child_id = child.id AND x.parent_id = parent.id) OPTION (LOOP JOIN, FORCE ORDER);

-- extract.count_parents
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract_dependency] AS ed WITH (FORCESEEK) ON ed.parent_id = r.id AND ed.child_id = @p2 OPTION (LOOP JOIN, FORCE ORDER);

-- extract.parents_outside
SELECT DISTINCT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract_dependency] AS ed WITH (FORCESEEK) ON ed.child_id = r.id
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.id = ed.parent_id
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  WHERE e.status_id NOT IN (@p2,@p3) AND e.id NOT IN (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p4) WITH ([id] BIGINT '$.id')) AS r
  WHERE r.id IS NOT NULL)
  ORDER BY e.registered_at, e.id OPTION (FORCE ORDER);

-- extract.registered
SELECT r.n, e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM (SELECT [n], [id], [name_key] COLLATE Latin1_General_100_BIN2 AS [name_key]
  FROM OPENJSON(@p1) WITH ([n] BIGINT '$.n', [id] BIGINT '$.id', [name_key] NVARCHAR(4000) '$.name_key')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  ORDER BY r.n OPTION (LOOP JOIN, FORCE ORDER);

-- extract.lock
SELECT e.id, e.status_id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, FORCESEEK) ON e.id = r.id
  ORDER BY e.id  OPTION (LOOP JOIN, FORCE ORDER);

-- extract.move_history
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, SYSUTCDATETIME()
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e ON e.id = r.id
  JOIN [processtracker].[run] AS run ON run.id = @p2
  JOIN [processtracker].[extract_status] AS old ON old.id = e.status_id
  JOIN [processtracker].[extract_status] AS new ON new.id = @p3
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p4 AND own.token_digest = @p5) AND old.id <> new.id
  ORDER BY e.id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.move
UPDATE [processtracker].[extract]
  SET status_id = @p1, status_changed_at = SYSUTCDATETIME(), claimed_by = @p2, claim_return_id = @p3
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p4) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[extract].id = w.id
  WHERE status_id <> @p5 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p6 AND own.token_digest = @p7) OPTION (LOOP JOIN, FORCE ORDER);

-- extract.load
UPDATE [processtracker].[extract]
  SET claim_return_id = status_id, claimed_by = @p1, status_changed_at = SYSUTCDATETIME(), status_id = @p2
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p3) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[extract].id = w.id
  WHERE status_id <> @p4 OPTION (LOOP JOIN, FORCE ORDER);

-- extract.take_over
UPDATE [processtracker].[extract]
  SET claim_return_id = coalesce(claim_return_id, 2), claimed_by = @p1
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p2) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[extract].id = w.id
  WHERE status_id + 0 = @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run] AS holder WITH (FORCESEEK)
  WHERE holder.id = claimed_by AND holder.ended_at IS NULL) OPTION (LOOP JOIN, FORCE ORDER);

-- release.lock
SELECT e.id, coalesce(e.claimed_by, 0)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, FORCESEEK) ON e.id = r.id
  WHERE e.status_id = @p2 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run] AS holder WITH (FORCESEEK)
  WHERE holder.id = e.claimed_by AND holder.ended_at IS NULL)
  ORDER BY e.id  OPTION (LOOP JOIN, FORCE ORDER);

-- release.history
INSERT INTO [processtracker].[status_history] (run_id,extract_id,from_status,to_status,actor_id,process_id,reason,changed_at)
  SELECT e.claimed_by, e.id, old.name, new.name, a.id, coalesce((SELECT holder.process_id
  FROM [processtracker].[run] AS holder
  WHERE holder.id = e.claimed_by), e.process_id), @p1, SYSUTCDATETIME()
  FROM (SELECT [id]
  FROM OPENJSON(@p2) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e ON e.id = r.id
  JOIN [processtracker].[extract_status] AS old ON old.id = e.status_id
  JOIN [processtracker].[extract_status] AS new ON new.id = coalesce(nullif(@p3, 0), e.claim_return_id, 2)
  JOIN [processtracker].[actor] AS a ON a.id = @p4
  ORDER BY e.id OPTION (LOOP JOIN, FORCE ORDER);

-- release.links
UPDATE [processtracker].[run_extract]
  SET status_id = (SELECT coalesce(nullif(@p1, 0), e.claim_return_id, 2)
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  WHERE e.id = extract_id), status_changed_at = SYSUTCDATETIME()
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p2) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[run_extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[run_extract].extract_id = w.id
  WHERE run_id = @p3 OPTION (LOOP JOIN, FORCE ORDER);

-- release.extracts
UPDATE [processtracker].[extract]
  SET status_id = coalesce(nullif(@p1, 0), claim_return_id, 2), status_changed_at = SYSUTCDATETIME(), claimed_by = @p2, claim_return_id = @p3
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p4) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[extract].id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- release.read
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.id = r.id
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  ORDER BY e.registered_at, e.id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.link_moved
INSERT INTO [processtracker].[run_extract] (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, SYSUTCDATETIME(), SYSUTCDATETIME()
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e ON e.id = r.id
  JOIN [processtracker].[run] AS run ON run.id = @p2
  WHERE EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p3 AND own.token_digest = @p4) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run_extract] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id AND x.extract_id = e.id)
  ORDER BY e.id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.move_links
UPDATE [processtracker].[run_extract]
  SET status_id = @p1, status_changed_at = SYSUTCDATETIME()
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p2) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[run_extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[run_extract].extract_id = w.id
  WHERE status_id <> @p3 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p4 AND own.token_digest = @p5) AND run_id = @p6 OPTION (LOOP JOIN, FORCE ORDER);

-- extract.insert_one
INSERT INTO [processtracker].[extract] (location_id,name,name_key,status_id,file_type_id,compression_type_id,size_bytes,checksum,registered_by,process_id,registered_at,status_changed_at,claimed_by,claim_return_id)
  SELECT l.id, @p1, @p2, s.id, @p3, @p4, @p5, @p6, run.id, run.process_id, SYSUTCDATETIME(), SYSUTCDATETIME(), CASE WHEN s.id = 3 THEN run.id END, CASE WHEN s.id = 3 THEN 2 END
  FROM [processtracker].[run] AS run WITH (FORCESEEK)
  JOIN [processtracker].[location] AS l WITH (FORCESEEK) ON l.path_key = @p7
  JOIN [processtracker].[extract_status] AS s ON s.id = @p8
  WHERE run.id = @p9 AND run.ended_at IS NULL AND run.token_digest = @p10 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[extract] AS x WITH (FORCESEEK)
  WHERE x.location_id = l.id AND x.name_key = @p11) OPTION (LOOP JOIN);

-- extract.link_one
INSERT INTO [processtracker].[run_extract] (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, SYSUTCDATETIME(), SYSUTCDATETIME()
  FROM [processtracker].[location] AS l WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = l.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  WHERE e.name_key = @p2 AND l.path_key = @p3 AND run.ended_at IS NULL AND run.token_digest = @p4 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run_extract] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id AND x.extract_id = e.id) OPTION (LOOP JOIN);

-- extract.first_history_one
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, s.name, run.actor_id, e.registered_at
  FROM [processtracker].[location] AS l WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = l.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = e.registered_by
  JOIN [processtracker].[extract_status] AS s ON s.id = e.status_id
  WHERE e.name_key = @p1 AND l.path_key = @p2 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[status_history] AS x WITH (FORCESEEK)
  WHERE x.extract_id = e.id) OPTION (LOOP JOIN);

-- extract.registered_one
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at, CASE WHEN own.run_id IS NULL THEN 0 ELSE 1 END, CASE WHEN EXISTS (SELECT 1
  FROM [processtracker].[process_system] AS ps
  WHERE ps.process_id = @p1 AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM [processtracker].[process_object] AS ps
  WHERE ps.process_id = @p2 AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM [processtracker].[process_attribute] AS ps
  WHERE ps.process_id = @p3 AND ps.role = 'source') THEN 1 ELSE 0 END
  FROM [processtracker].[location] AS l WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = l.id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  LEFT JOIN [processtracker].[run_extract] AS own WITH (FORCESEEK) ON own.run_id = @p4 AND own.extract_id = e.id
  WHERE e.name_key = @p5 AND l.path_key = @p6;

-- extract.lock
SELECT e.id, e.status_id
  FROM [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, FORCESEEK)
  WHERE e.id = @p1 ;

-- extract.move_history
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, SYSUTCDATETIME()
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  JOIN [processtracker].[extract_status] AS old ON old.id = e.status_id
  JOIN [processtracker].[extract_status] AS new ON new.id = @p2
  WHERE e.id = @p3 AND run.ended_at IS NULL AND run.token_digest = @p4 AND old.id <> new.id OPTION (LOOP JOIN);

-- extract.move
UPDATE [processtracker].[extract]
  SET status_id = @p1, status_changed_at = SYSUTCDATETIME(), claimed_by = @p2, claim_return_id = @p3
  FROM [processtracker].[extract] WITH (ROWLOCK, FORCESEEK)
  WHERE status_id <> @p4 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p5 AND own.token_digest = @p6) AND id = @p7 OPTION (LOOP JOIN);

-- extract.load
UPDATE [processtracker].[extract]
  SET claim_return_id = status_id, claimed_by = @p1, status_changed_at = SYSUTCDATETIME(), status_id = @p2
  FROM [processtracker].[extract] WITH (ROWLOCK, FORCESEEK)
  WHERE status_id <> @p3 AND id = @p4 OPTION (LOOP JOIN);

-- extract.take_over
UPDATE [processtracker].[extract]
  SET claim_return_id = coalesce(claim_return_id, 2), claimed_by = @p1
  FROM [processtracker].[extract] WITH (ROWLOCK, FORCESEEK)
  WHERE status_id + 0 = @p2 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run] AS holder WITH (FORCESEEK)
  WHERE holder.id = claimed_by AND holder.ended_at IS NULL) AND id = @p3 OPTION (LOOP JOIN);

-- extract.link_moved
INSERT INTO [processtracker].[run_extract] (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, SYSUTCDATETIME(), SYSUTCDATETIME()
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  WHERE e.id = @p2 AND run.ended_at IS NULL AND run.token_digest = @p3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run_extract] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id AND x.extract_id = e.id) OPTION (LOOP JOIN);

-- extract.move_links
UPDATE [processtracker].[run_extract]
  SET status_id = @p1, status_changed_at = SYSUTCDATETIME()
  FROM [processtracker].[run_extract] WITH (ROWLOCK, FORCESEEK)
  WHERE status_id <> @p2 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p3 AND own.token_digest = @p4) AND run_id = @p5 AND extract_id = @p6 OPTION (LOOP JOIN);

-- extract.parents_outside
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM [processtracker].[extract_dependency] AS ed WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.id = ed.parent_id
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  WHERE ed.child_id = @p1 AND e.status_id NOT IN (@p2,@p3)
  ORDER BY e.registered_at, e.id;

-- claim.take
UPDATE [processtracker].[extract]
  SET status_id = @p1, status_changed_at = @p2, claimed_by = @p3, claim_return_id = @p4
  FROM [processtracker].[extract] WITH (ROWLOCK, FORCESEEK)
  WHERE status_id + 0 = @p5 AND id = @p6 OPTION (LOOP JOIN);

-- claim.history
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, e.status_changed_at
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  JOIN [processtracker].[extract_status] AS old ON old.id = @p2
  JOIN [processtracker].[extract_status] AS new ON new.id = e.status_id
  WHERE e.id = @p3 AND run.ended_at IS NULL AND run.token_digest = @p4 AND e.claimed_by = @p5 AND e.status_id = @p6 OPTION (LOOP JOIN);

-- claim.read
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  WHERE e.id = @p1 AND e.claimed_by = @p2 AND e.status_id = @p3;

-- extract.link_systems_one
INSERT INTO [processtracker].[extract_system] (extract_id,system_id)
  SELECT DISTINCT e.id, ps.system_id
  FROM [processtracker].[location] AS l WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = l.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  JOIN [processtracker].[process_system] AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE e.name_key = @p2 AND l.path_key = @p3 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p4 AND own.token_digest = @p5) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_system] AS x WITH (FORCESEEK)
  WHERE x.extract_id = e.id AND x.system_id = ps.system_id)
  ORDER BY e.id, ps.system_id OPTION (LOOP JOIN);

-- extract.link_objects_one
INSERT INTO [processtracker].[extract_object] (extract_id,object_id)
  SELECT DISTINCT e.id, po.object_id
  FROM [processtracker].[location] AS l WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = l.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  JOIN [processtracker].[process_object] AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE e.name_key = @p2 AND l.path_key = @p3 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p4 AND own.token_digest = @p5) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_object] AS x WITH (FORCESEEK)
  WHERE x.extract_id = e.id AND x.object_id = po.object_id)
  ORDER BY e.id, po.object_id OPTION (LOOP JOIN);

-- extract.link_objects_of_attributes_one
INSERT INTO [processtracker].[extract_object] (extract_id,object_id)
  SELECT DISTINCT e.id, at.object_id
  FROM [processtracker].[location] AS l WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = l.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  JOIN [processtracker].[process_attribute] AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN [processtracker].[data_attribute] AS at ON at.id = pa.attribute_id
  WHERE e.name_key = @p2 AND l.path_key = @p3 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p4 AND own.token_digest = @p5) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[extract_object] AS x WITH (FORCESEEK)
  WHERE x.extract_id = e.id AND x.object_id = at.object_id)
  ORDER BY e.id, at.object_id OPTION (LOOP JOIN);

-- location.link_systems_one
INSERT INTO [processtracker].[location_system] (location_id,system_id)
  SELECT DISTINCT e.location_id, ps.system_id
  FROM [processtracker].[location] AS l WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = l.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  JOIN [processtracker].[process_system] AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE e.name_key = @p2 AND l.path_key = @p3 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p4 AND own.token_digest = @p5) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[location_system] AS x WITH (FORCESEEK)
  WHERE x.location_id = e.location_id AND x.system_id = ps.system_id)
  ORDER BY e.location_id, ps.system_id OPTION (LOOP JOIN);

-- location.link_objects_one
INSERT INTO [processtracker].[location_object] (location_id,object_id)
  SELECT DISTINCT e.location_id, po.object_id
  FROM [processtracker].[location] AS l WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = l.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  JOIN [processtracker].[process_object] AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE e.name_key = @p2 AND l.path_key = @p3 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p4 AND own.token_digest = @p5) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[location_object] AS x WITH (FORCESEEK)
  WHERE x.location_id = e.location_id AND x.object_id = po.object_id)
  ORDER BY e.location_id, po.object_id OPTION (LOOP JOIN);

-- location.link_objects_of_attributes_one
INSERT INTO [processtracker].[location_object] (location_id,object_id)
  SELECT DISTINCT e.location_id, at.object_id
  FROM [processtracker].[location] AS l WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS e WITH (FORCESEEK) ON e.location_id = l.id
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  JOIN [processtracker].[process_attribute] AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN [processtracker].[data_attribute] AS at ON at.id = pa.attribute_id
  WHERE e.name_key = @p2 AND l.path_key = @p3 AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p4 AND own.token_digest = @p5) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[location_object] AS x WITH (FORCESEEK)
  WHERE x.location_id = e.location_id AND x.object_id = at.object_id)
  ORDER BY e.location_id, at.object_id OPTION (LOOP JOIN);

-- extract.reserve
UPDATE [processtracker].[extract]
  SET claimed_by = @p1
  FROM [processtracker].[extract] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p2 AND status_id <> @p3 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT ed.parent_id
  FROM [processtracker].[extract_dependency] AS ed WITH (FORCESEEK)
  JOIN [processtracker].[extract] AS parent WITH (FORCESEEK) ON parent.id = ed.parent_id
  WHERE ed.child_id = @p4 AND parent.status_id NOT IN (@p5,@p6)) AS w) AND EXISTS (SELECT 1
  FROM [processtracker].[run] AS own WITH (FORCESEEK)
  WHERE own.ended_at IS NULL AND own.id = @p7 AND own.token_digest = @p8) OPTION (LOOP JOIN);

-- extract.reserved_history
INSERT INTO [processtracker].[status_history] (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, SYSUTCDATETIME()
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  JOIN [processtracker].[extract_status] AS old ON old.id = e.status_id
  JOIN [processtracker].[extract_status] AS new ON new.id = @p2
  WHERE e.id = @p3 AND run.ended_at IS NULL AND run.token_digest = @p4 AND (e.claimed_by = @p5 AND e.status_id <> @p6) OPTION (LOOP JOIN);

-- extract.link_reserved
INSERT INTO [processtracker].[run_extract] (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, s.id, SYSUTCDATETIME(), SYSUTCDATETIME()
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  JOIN [processtracker].[run] AS run WITH (FORCESEEK) ON run.id = @p1
  JOIN [processtracker].[extract_status] AS s ON s.id = @p2
  WHERE e.id = @p3 AND run.ended_at IS NULL AND run.token_digest = @p4 AND (e.claimed_by = @p5 AND e.status_id <> @p6) AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run_extract] AS x WITH (FORCESEEK)
  WHERE x.run_id = run.id AND x.extract_id = e.id) OPTION (LOOP JOIN);

-- extract.move_reserved_link
UPDATE [processtracker].[run_extract]
  SET status_id = @p1, status_changed_at = SYSUTCDATETIME()
  FROM [processtracker].[run_extract] WITH (ROWLOCK, FORCESEEK)
  WHERE extract_id = @p2 AND run_id = @p3 AND status_id <> @p4 AND EXISTS (SELECT 1
  FROM [processtracker].[extract] AS e WITH (FORCESEEK)
  WHERE e.id = @p5 AND (e.claimed_by = @p6 AND e.status_id <> @p7)) OPTION (LOOP JOIN);

-- extract.load_reserved
UPDATE [processtracker].[extract]
  SET claim_return_id = status_id, status_changed_at = SYSUTCDATETIME(), status_id = @p1
  FROM [processtracker].[extract] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p2 AND (claimed_by = @p3 AND status_id <> @p4) OPTION (LOOP JOIN);

-- file.file_type
SELECT t.id, t.name
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  JOIN [processtracker].[file_type] AS t ON t.name = r.name OPTION (LOOP JOIN, FORCE ORDER);

-- file.compression_type
SELECT t.id, t.name
  FROM (SELECT [name] COLLATE Latin1_General_100_BIN2 AS [name]
  FROM OPENJSON(@p1) WITH ([name] NVARCHAR(4000) '$.name')) AS r
  JOIN [processtracker].[compression_type] AS t ON t.name = r.name OPTION (LOOP JOIN, FORCE ORDER);

-- file.fill
UPDATE x
  SET file_type_id = coalesce(x.file_type_id, r.file_type_id), compression_type_id = coalesce(x.compression_type_id, r.compression_type_id), size_bytes = coalesce(x.size_bytes, r.size_bytes), checksum = coalesce(x.checksum, r.checksum)
  FROM (SELECT [file_type_id], [compression_type_id], [size_bytes], [checksum] COLLATE Latin1_General_100_BIN2 AS [checksum], [id]
  FROM OPENJSON(@p1) WITH ([file_type_id] BIGINT '$.file_type_id', [compression_type_id] BIGINT '$.compression_type_id', [size_bytes] BIGINT '$.size_bytes', [checksum] NVARCHAR(MAX) '$.checksum', [id] BIGINT '$.id')) AS r INNER LOOP
  JOIN [processtracker].[extract] AS x WITH (ROWLOCK, FORCESEEK) ON x.id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- file.of_extracts
SELECT e.id, ft.name, ct.name, e.size_bytes, e.checksum
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e ON e.id = r.id
  LEFT JOIN [processtracker].[file_type] AS ft ON ft.id = e.file_type_id
  LEFT JOIN [processtracker].[compression_type] AS ct ON ct.id = e.compression_type_id OPTION (LOOP JOIN, FORCE ORDER);

-- file.set
UPDATE x
  SET file_type_id = r.file_type_id, compression_type_id = r.compression_type_id, size_bytes = r.size_bytes, checksum = r.checksum
  FROM (SELECT [file_type_id], [compression_type_id], [size_bytes], [checksum] COLLATE Latin1_General_100_BIN2 AS [checksum], [id]
  FROM OPENJSON(@p1) WITH ([file_type_id] BIGINT '$.file_type_id', [compression_type_id] BIGINT '$.compression_type_id', [size_bytes] BIGINT '$.size_bytes', [checksum] NVARCHAR(MAX) '$.checksum', [id] BIGINT '$.id')) AS r INNER LOOP
  JOIN [processtracker].[extract] AS x WITH (ROWLOCK, FORCESEEK) ON x.id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- extract.measure
UPDATE x
  SET write_count = coalesce(r.write_count, x.write_count), write_low_at = CASE WHEN x.write_low_at <= r.write_low_at THEN x.write_low_at ELSE coalesce(r.write_low_at, x.write_low_at) END, write_high_at = CASE WHEN x.write_high_at >= r.write_high_at THEN x.write_high_at ELSE coalesce(r.write_high_at, x.write_high_at) END, load_count = coalesce(r.load_count, x.load_count), load_low_at = CASE WHEN x.load_low_at <= r.load_low_at THEN x.load_low_at ELSE coalesce(r.load_low_at, x.load_low_at) END, load_high_at = CASE WHEN x.load_high_at >= r.load_high_at THEN x.load_high_at ELSE coalesce(r.load_high_at, x.load_high_at) END
  FROM (SELECT [id], [write_count], [write_low_at], [write_high_at], [load_count], [load_low_at], [load_high_at]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id', [write_count] BIGINT '$.write_count', [write_low_at] DATETIME2(6) '$.write_low_at', [write_high_at] DATETIME2(6) '$.write_high_at', [load_count] BIGINT '$.load_count', [load_low_at] DATETIME2(6) '$.load_low_at', [load_high_at] DATETIME2(6) '$.load_high_at')) AS r INNER LOOP
  JOIN [processtracker].[extract] AS x WITH (ROWLOCK, FORCESEEK) ON x.id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- listing.begin
SELECT SYSUTCDATETIME();

-- listing.mark
UPDATE [processtracker].[extract]
  SET listed_at = @p1
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p2) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[extract].id = w.id
  WHERE (listed_at IS NULL OR listed_at < @p3) OPTION (LOOP JOIN, FORCE ORDER);

-- listing.gone
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM [processtracker].[extract] AS e
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  WHERE e.location_id = @p1 AND e.name_key > @p2 AND e.status_id NOT IN (@p3,@p4) AND e.status_changed_at < @p5 AND (e.listed_at < @p6 OR (e.listed_at IS NULL AND e.status_id <> @p7))
  ORDER BY e.name_key OFFSET 0 ROWS FETCH NEXT @p8 ROWS ONLY;

-- listing.lock_gone
SELECT e.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, FORCESEEK) ON e.id = r.id
  WHERE e.status_id NOT IN (@p2,@p3) AND e.status_changed_at < @p4 AND (e.listed_at < @p5 OR (e.listed_at IS NULL AND e.status_id <> @p6))
  ORDER BY e.id  OPTION (LOOP JOIN, FORCE ORDER);

-- listing.moved
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e ON e.id = r.id
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  ORDER BY e.name_key OPTION (LOOP JOIN, FORCE ORDER);

-- listing.end
UPDATE [processtracker].[location]
  SET file_count = @p1, listed_at = @p2
  FROM [processtracker].[location] WITH (ROWLOCK, FORCESEEK)
  WHERE id = @p3 AND (listed_at IS NULL OR listed_at <= @p4) OPTION (LOOP JOIN);

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= SYSUTCDATETIME()) THEN 1 ELSE 0 END
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  ORDER BY run.id DESC OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= SYSUTCDATETIME()) THEN 1 ELSE 0 END
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  WHERE run.id = @p1 AND run.status_id = 2 AND run.ended_at IS NULL AND run.id < @p2
  ORDER BY run.ended_at DESC, run.id DESC OFFSET 0 ROWS FETCH NEXT @p3 ROWS ONLY;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= SYSUTCDATETIME()) THEN 1 ELSE 0 END
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  WHERE run.started_at >= @p1 AND run.started_at < @p2 AND run.id > @p3
  ORDER BY run.id OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= SYSUTCDATETIME()) THEN 1 ELSE 0 END
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  WHERE run.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1)
  ORDER BY run.run_no DESC OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= SYSUTCDATETIME()) THEN 1 ELSE 0 END
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  WHERE run.id = @p1 AND run.status_id = 2 AND run.ended_at IS NULL AND run.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p2) AND run.run_no = (SELECT latest_run_no
  FROM [processtracker].[process]
  WHERE name = @p3) AND run.run_no < @p4
  ORDER BY run.run_no DESC OFFSET 0 ROWS FETCH NEXT @p5 ROWS ONLY;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM [processtracker].[run_lease] AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= SYSUTCDATETIME()) THEN 1 ELSE 0 END
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  WHERE run.started_at >= @p1 AND run.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p2) AND run.run_no > @p3
  ORDER BY run.run_no OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM [processtracker].[run_error] AS e
  JOIN [processtracker].[run] AS run ON run.id = e.run_id
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  JOIN [processtracker].[error_type] AS t ON t.id = e.error_type_id
  ORDER BY e.id DESC OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM [processtracker].[run_error] AS e
  JOIN [processtracker].[run] AS run ON run.id = e.run_id
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  JOIN [processtracker].[error_type] AS t ON t.id = e.error_type_id
  WHERE e.run_id = @p1 AND e.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p2) AND e.id < @p3
  ORDER BY e.id DESC OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM [processtracker].[run_error] AS e
  JOIN [processtracker].[run] AS run ON run.id = e.run_id
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  JOIN [processtracker].[error_type] AS t ON t.id = e.error_type_id
  WHERE e.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND e.recorded_at >= @p2 AND e.recorded_at < @p3 AND e.id > @p4
  ORDER BY e.id OFFSET 0 ROWS FETCH NEXT @p5 ROWS ONLY;

-- runs.soft_dependencies
SELECT p.name, 'soft', dep.fresh, d.parent_run_no, s.name, r.started_at, a.name, 0
  FROM [processtracker].[run_soft_dependency] AS d
  JOIN [processtracker].[process] AS p ON p.id = d.parent_id
  JOIN [processtracker].[run] AS own ON own.id = d.run_id
  LEFT JOIN [processtracker].[process_dependency] AS dep ON dep.child_id = own.process_id AND dep.parent_id = d.parent_id
  LEFT JOIN [processtracker].[run_status] AS s ON s.id = d.parent_status_id
  LEFT JOIN [processtracker].[run] AS r ON r.process_id = d.parent_id AND r.run_no = d.parent_run_no
  LEFT JOIN [processtracker].[actor] AS a ON a.id = r.actor_id
  WHERE d.run_id = @p1
  ORDER BY p.name;

-- run.resume
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, run.token_digest, lease.length_ms
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  LEFT JOIN [processtracker].[run_lease] AS lease ON lease.run_id = run.id
  WHERE run.id = @p1;

-- process.definition
SELECT 'process' AS what, coalesce(t.name, '') AS a, coalesce(o.name, '') AS b, coalesce(f.name, '') AS c, '' AS op, '' AS value
  FROM [processtracker].[process] AS p
  LEFT JOIN [processtracker].[process_type] AS t ON t.id = p.type_id
  LEFT JOIN [processtracker].[tool] AS o ON o.id = p.tool_id
  LEFT JOIN [processtracker].[schedule_frequency] AS f ON f.id = p.frequency_id
  WHERE p.name = @p1
  UNION ALL
  SELECT 'dataset type', t.name, '', '', '', ''
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[process_dataset_type] AS l ON l.process_id = p.id
  JOIN [processtracker].[dataset_type] AS t ON t.id = l.dataset_type_id
  WHERE p.name = @p2
  UNION ALL
  SELECT l.role, sy.name, '', '', '', ''
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[process_system] AS l ON l.process_id = p.id
  JOIN [processtracker].[data_system] AS sy ON sy.id = l.system_id
  WHERE p.name = @p3
  UNION ALL
  SELECT l.role, sy.name, ob.name, '', '', ''
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[process_object] AS l ON l.process_id = p.id
  JOIN [processtracker].[data_object] AS ob ON ob.id = l.object_id
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  WHERE p.name = @p4
  UNION ALL
  SELECT l.role, sy.name, ob.name, at.name, '', ''
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[process_attribute] AS l ON l.process_id = p.id
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  WHERE p.name = @p5
  UNION ALL
  SELECT 'filter', sy.name, ob.name, at.name, l.operator, l.value
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[process_filter] AS l ON l.process_id = p.id
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  WHERE p.name = @p6;

-- dependency.list
SELECT dep.child_id, child.name, parent.name, dep.kind, dep.fresh, dep.created_at, creator.name AS creator_name, dep.changed_at, changer.name AS changer_name
  FROM [processtracker].[process_dependency] AS dep
  JOIN [processtracker].[process] AS child ON child.id = dep.child_id
  JOIN [processtracker].[process] AS parent ON parent.id = dep.parent_id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = dep.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = dep.changed_by
  WHERE (dep.child_id = @p1 OR dep.parent_id = @p2)
  ORDER BY child.name, parent.name;

-- processes.list
SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM [processtracker].[process] AS p
  LEFT JOIN [processtracker].[process_type] AS t ON t.id = p.type_id
  LEFT JOIN [processtracker].[tool] AS o ON o.id = p.tool_id
  LEFT JOIN [processtracker].[schedule_frequency] AS f ON f.id = p.frequency_id
  LEFT JOIN [processtracker].[run_status] AS s ON s.id = p.latest_status_id
  LEFT JOIN [processtracker].[actor] AS holder ON holder.id = p.held_by
  LEFT JOIN [processtracker].[run] AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN [processtracker].[run_lease] AS lease ON lease.run_id = run.id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = p.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = p.changed_by
  WHERE p.id > @p1
  ORDER BY p.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- processes.list
SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM [processtracker].[process] AS p
  LEFT JOIN [processtracker].[process_type] AS t ON t.id = p.type_id
  LEFT JOIN [processtracker].[tool] AS o ON o.id = p.tool_id
  LEFT JOIN [processtracker].[schedule_frequency] AS f ON f.id = p.frequency_id
  LEFT JOIN [processtracker].[run_status] AS s ON s.id = p.latest_status_id
  LEFT JOIN [processtracker].[actor] AS holder ON holder.id = p.held_by
  LEFT JOIN [processtracker].[run] AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN [processtracker].[run_lease] AS lease ON lease.run_id = run.id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = p.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = p.changed_by
  WHERE p.id > @p1 AND p.name = @p2 AND t.name = @p3 AND o.name = @p4 AND f.name = @p5 AND s.name = @p6 AND p.id IN (SELECT d.process_id
  FROM (SELECT l.process_id, l.system_id
  FROM [processtracker].[process_system] AS l
  WHERE l.role = @p7 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_object] AS l
  JOIN [processtracker].[data_object] AS ob ON ob.id = l.object_id
  WHERE l.role = @p8 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_attribute] AS l
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  WHERE l.role = @p9) AS d
  JOIN [processtracker].[data_system] AS sy ON sy.id = d.system_id
  WHERE sy.name = @p10) AND p.id IN (SELECT d.process_id
  FROM (SELECT l.process_id, l.system_id
  FROM [processtracker].[process_system] AS l
  WHERE l.role = @p11 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_object] AS l
  JOIN [processtracker].[data_object] AS ob ON ob.id = l.object_id
  WHERE l.role = @p12 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_attribute] AS l
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  WHERE l.role = @p13) AS d
  JOIN [processtracker].[data_system] AS sy ON sy.id = d.system_id
  WHERE sy.name = @p14) AND p.id IN (SELECT pd.process_id
  FROM [processtracker].[process_dataset_type] AS pd
  JOIN [processtracker].[dataset_type] AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = @p15) AND p.id IN (SELECT pc.process_id
  FROM [processtracker].[process_contact] AS pc
  JOIN [processtracker].[contact] AS c ON c.id = pc.contact_id
  WHERE c.name = @p16 UNION
  SELECT d.process_id
  FROM (SELECT l.process_id, l.system_id
  FROM [processtracker].[process_system] AS l
  WHERE l.role = @p17 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_object] AS l
  JOIN [processtracker].[data_object] AS ob ON ob.id = l.object_id
  WHERE l.role = @p18 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_attribute] AS l
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  WHERE l.role = @p19) AS d
  JOIN [processtracker].[system_contact] AS sc ON sc.system_id = d.system_id
  JOIN [processtracker].[contact] AS c ON c.id = sc.contact_id
  WHERE c.name = @p20) AND p.held_at IS NOT NULL
  ORDER BY p.id OFFSET 0 ROWS FETCH NEXT @p21 ROWS ONLY;

-- processes.list
SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM [processtracker].[process] AS p
  LEFT JOIN [processtracker].[process_type] AS t ON t.id = p.type_id
  LEFT JOIN [processtracker].[tool] AS o ON o.id = p.tool_id
  LEFT JOIN [processtracker].[schedule_frequency] AS f ON f.id = p.frequency_id
  LEFT JOIN [processtracker].[run_status] AS s ON s.id = p.latest_status_id
  LEFT JOIN [processtracker].[actor] AS holder ON holder.id = p.held_by
  LEFT JOIN [processtracker].[run] AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN [processtracker].[run_lease] AS lease ON lease.run_id = run.id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = p.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = p.changed_by
  ORDER BY p.id DESC OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- processes.list
SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM [processtracker].[process] AS p
  LEFT JOIN [processtracker].[process_type] AS t ON t.id = p.type_id
  LEFT JOIN [processtracker].[tool] AS o ON o.id = p.tool_id
  LEFT JOIN [processtracker].[schedule_frequency] AS f ON f.id = p.frequency_id
  LEFT JOIN [processtracker].[run_status] AS s ON s.id = p.latest_status_id
  LEFT JOIN [processtracker].[actor] AS holder ON holder.id = p.held_by
  LEFT JOIN [processtracker].[run] AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN [processtracker].[run_lease] AS lease ON lease.run_id = run.id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = p.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = p.changed_by
  WHERE p.id < @p1
  ORDER BY p.id DESC OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- systems.list
SELECT sy.id, sy.name, t.name, sy.charset, sy.created_at, creator.name AS creator_name, sy.changed_at, changer.name AS changer_name
  FROM [processtracker].[data_system] AS sy
  LEFT JOIN [processtracker].[source_type] AS t ON t.id = sy.type_id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = sy.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = sy.changed_by
  WHERE sy.id > @p1
  ORDER BY sy.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- systems.list
SELECT sy.id, sy.name, t.name, sy.charset, sy.created_at, creator.name AS creator_name, sy.changed_at, changer.name AS changer_name
  FROM [processtracker].[data_system] AS sy
  LEFT JOIN [processtracker].[source_type] AS t ON t.id = sy.type_id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = sy.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = sy.changed_by
  WHERE sy.id > @p1 AND sy.name = @p2 AND t.name = @p3 AND sy.id IN (SELECT d.system_id
  FROM (SELECT l.process_id, l.system_id
  FROM [processtracker].[process_system] AS l
  WHERE l.role = @p4 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_object] AS l
  JOIN [processtracker].[data_object] AS ob ON ob.id = l.object_id
  WHERE l.role = @p5 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_attribute] AS l
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  WHERE l.role = @p6) AS d
  WHERE d.process_id IN (SELECT pd.process_id
  FROM [processtracker].[process_dataset_type] AS pd
  JOIN [processtracker].[dataset_type] AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = @p7))
  ORDER BY sy.id OFFSET 0 ROWS FETCH NEXT @p8 ROWS ONLY;

-- systems.dataset_types
SELECT DISTINCT r.id, t.name
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN (SELECT l.process_id, l.system_id
  FROM [processtracker].[process_system] AS l
  WHERE l.role = @p2 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_object] AS l
  JOIN [processtracker].[data_object] AS ob ON ob.id = l.object_id
  WHERE l.role = @p3 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_attribute] AS l
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  WHERE l.role = @p4) AS d ON d.system_id = r.id
  JOIN [processtracker].[process_dataset_type] AS pd ON pd.process_id = d.process_id
  JOIN [processtracker].[dataset_type] AS t ON t.id = pd.dataset_type_id
  ORDER BY r.id, t.name;

-- objects.list
SELECT ob.id, sy.name, ob.name, ob.charset, ob.created_at, creator.name AS creator_name, ob.changed_at, changer.name AS changer_name
  FROM [processtracker].[data_object] AS ob
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = ob.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = ob.changed_by
  WHERE ob.id > @p1
  ORDER BY ob.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- objects.list
SELECT ob.id, sy.name, ob.name, ob.charset, ob.created_at, creator.name AS creator_name, ob.changed_at, changer.name AS changer_name
  FROM [processtracker].[data_object] AS ob
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = ob.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = ob.changed_by
  WHERE ob.id > @p1 AND sy.name = @p2 AND ob.name = @p3 AND ob.id IN (SELECT d.object_id
  FROM (SELECT l.process_id, ob.id AS object_id
  FROM [processtracker].[process_system] AS l
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = l.system_id
  WHERE l.role = @p4 UNION
  SELECT l.process_id, l.object_id
  FROM [processtracker].[process_object] AS l
  WHERE l.role = @p5 UNION
  SELECT l.process_id, at.object_id
  FROM [processtracker].[process_attribute] AS l
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  WHERE l.role = @p6) AS d
  WHERE d.process_id IN (SELECT pd.process_id
  FROM [processtracker].[process_dataset_type] AS pd
  JOIN [processtracker].[dataset_type] AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = @p7))
  ORDER BY ob.id OFFSET 0 ROWS FETCH NEXT @p8 ROWS ONLY;

-- objects.dataset_types
SELECT DISTINCT r.id, t.name
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN (SELECT l.process_id, ob.id AS object_id
  FROM [processtracker].[process_system] AS l
  JOIN [processtracker].[data_object] AS ob ON ob.system_id = l.system_id
  WHERE l.role = @p2 UNION
  SELECT l.process_id, l.object_id
  FROM [processtracker].[process_object] AS l
  WHERE l.role = @p3 UNION
  SELECT l.process_id, at.object_id
  FROM [processtracker].[process_attribute] AS l
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  WHERE l.role = @p4) AS d ON d.object_id = r.id
  JOIN [processtracker].[process_dataset_type] AS pd ON pd.process_id = d.process_id
  JOIN [processtracker].[dataset_type] AS t ON t.id = pd.dataset_type_id
  ORDER BY r.id, t.name;

-- attributes.list
SELECT at.id, at.name, at.data_type, at.length, at.decimals, at.path, at.default_value, at.is_key, at.is_filter, at.is_partition, at.is_pii, at.created_at, creator.name AS creator_name, at.changed_at, changer.name AS changer_name
  FROM [processtracker].[data_attribute] AS at
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  JOIN [processtracker].[data_system] AS sy ON sy.id = ob.system_id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = at.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = at.changed_by
  WHERE ob.name = @p1 AND sy.name = @p2 AND at.id > @p3
  ORDER BY at.id OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY;

-- history.list
SELECT h.id, h.changed_at, (SELECT named.name
  FROM [processtracker].[process] AS named
  WHERE named.id = h.process_id), h.run_id, (SELECT named.run_no
  FROM [processtracker].[run] AS named
  WHERE named.id = h.run_id), h.extract_id, (SELECT named.name
  FROM [processtracker].[extract] AS named
  WHERE named.id = h.extract_id), (SELECT l.path
  FROM [processtracker].[extract] AS e
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  WHERE e.id = h.extract_id), h.from_status, h.to_status, (SELECT named.name
  FROM [processtracker].[actor] AS named
  WHERE named.id = h.actor_id), h.reason, h.from_at, h.to_at
  FROM [processtracker].[status_history] AS h
  ORDER BY h.changed_at, h.id OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- history.list
SELECT h.id, h.changed_at, (SELECT named.name
  FROM [processtracker].[process] AS named
  WHERE named.id = h.process_id), h.run_id, (SELECT named.run_no
  FROM [processtracker].[run] AS named
  WHERE named.id = h.run_id), h.extract_id, (SELECT named.name
  FROM [processtracker].[extract] AS named
  WHERE named.id = h.extract_id), (SELECT l.path
  FROM [processtracker].[extract] AS e
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  WHERE e.id = h.extract_id), h.from_status, h.to_status, (SELECT named.name
  FROM [processtracker].[actor] AS named
  WHERE named.id = h.actor_id), h.reason, h.from_at, h.to_at
  FROM [processtracker].[status_history] AS h
  WHERE h.run_id = @p1 AND h.extract_id = @p2 AND h.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p3) AND h.changed_at >= @p4 AND h.changed_at < @p5 AND h.changed_at >= @p6 AND (h.changed_at > @p7 OR h.id > @p8)
  ORDER BY h.changed_at, h.id OFFSET 0 ROWS FETCH NEXT @p9 ROWS ONLY;

-- history.list
SELECT h.id, h.changed_at, (SELECT named.name
  FROM [processtracker].[process] AS named
  WHERE named.id = h.process_id), h.run_id, (SELECT named.run_no
  FROM [processtracker].[run] AS named
  WHERE named.id = h.run_id), h.extract_id, (SELECT named.name
  FROM [processtracker].[extract] AS named
  WHERE named.id = h.extract_id), (SELECT l.path
  FROM [processtracker].[extract] AS e
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  WHERE e.id = h.extract_id), h.from_status, h.to_status, (SELECT named.name
  FROM [processtracker].[actor] AS named
  WHERE named.id = h.actor_id), h.reason, h.from_at, h.to_at
  FROM [processtracker].[status_history] AS h
  WHERE h.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND h.changed_at <= @p2 AND (h.changed_at < @p3 OR h.id < @p4)
  ORDER BY h.changed_at DESC, h.id DESC OFFSET 0 ROWS FETCH NEXT @p5 ROWS ONLY;

-- extract.find
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM [processtracker].[extract] AS e
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- extract.find
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM [processtracker].[extract] AS e
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  WHERE e.id = @p1 AND e.name = @p2 AND e.name_key = @p3 AND e.status_id = 2 AND e.location_id = (SELECT id
  FROM [processtracker].[location]
  WHERE path_key = @p4) AND e.location_id = (SELECT id
  FROM [processtracker].[location]
  WHERE name = @p5) AND e.location_id > 0 AND e.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p6) AND e.status_id = 3 AND NOT EXISTS (SELECT 1
  FROM [processtracker].[run] AS holder WITH (FORCESEEK)
  WHERE holder.id = e.claimed_by AND holder.ended_at IS NULL) AND e.process_id IN (SELECT pd.process_id
  FROM [processtracker].[process_dataset_type] AS pd
  JOIN [processtracker].[dataset_type] AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = @p7) AND CHARINDEX(@p8, e.name) > 0 AND EXISTS (SELECT 1
  FROM (SELECT (e.name + N'.') COLLATE Latin1_General_100_BIN2_UTF8 AS name, (@p9 + N'.') COLLATE Latin1_General_100_BIN2_UTF8 AS pattern) AS g
  WHERE CAST(g.name AS VARCHAR(8000)) LIKE CAST(g.pattern AS VARCHAR(8000)) ESCAPE '\') AND e.id IN (SELECT re.extract_id
  FROM [processtracker].[run_extract] AS re
  WHERE re.run_id = @p10) AND e.registered_at >= @p11 AND e.registered_at < @p12 AND e.registered_at >= @p13 AND (e.registered_at > @p14 OR e.id > @p15)
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p16 ROWS ONLY;

-- extract.find
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM [processtracker].[extract] AS e
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  WHERE e.process_id = (SELECT id
  FROM [processtracker].[process]
  WHERE name = @p1) AND e.registered_at <= @p2 AND (e.registered_at < @p3 OR e.id < @p4)
  ORDER BY e.registered_at DESC, e.id DESC OFFSET 0 ROWS FETCH NEXT @p5 ROWS ONLY;

-- purge.runs
SELECT run.id, run.ended_at
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  WHERE run.ended_at < @p1 AND run.run_no <> p.latest_run_no AND coalesce((SELECT 1
  FROM [processtracker].[extract] AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1 AND coalesce((SELECT 1
  FROM [processtracker].[extract] AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1 AND (run.name IS NULL OR run.status_id <> @p2)
  ORDER BY run.ended_at, run.id OFFSET 0 ROWS FETCH NEXT @p3 ROWS ONLY;

-- purge.extracts
SELECT e.id, e.registered_at, e.location_id
  FROM [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, FORCESEEK, READPAST)
  WHERE e.status_id = 4 AND CASE WHEN e.claimed_by IS NULL THEN 0 ELSE 1 END <> 1 AND e.registered_at < @p1 AND e.status_changed_at < @p2 AND coalesce((SELECT 1
  FROM [processtracker].[extract_dependency] AS ed
  WHERE ed.parent_id = e.id
  ORDER BY ed.parent_id, ed.child_id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p3 ROWS ONLY;

-- purge.refusals
SELECT f.id, f.last_at
  FROM [processtracker].[refusal] AS f
  WHERE f.id > @p1 AND f.last_at < @p2
  ORDER BY f.id OFFSET 0 ROWS FETCH NEXT @p3 ROWS ONLY;

-- purge.named_runs
SELECT run.id, run.ended_at
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  WHERE run.ended_at < @p1 AND run.run_no <> p.latest_run_no AND coalesce((SELECT 1
  FROM [processtracker].[extract] AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1 AND coalesce((SELECT 1
  FROM [processtracker].[extract] AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1
  ORDER BY run.ended_at, run.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- purge.runs
SELECT run.id, run.ended_at
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  WHERE run.ended_at < @p1 AND run.run_no <> p.latest_run_no AND run.ended_at >= @p2 AND (run.ended_at > @p3 OR run.id > @p4) AND coalesce((SELECT 1
  FROM [processtracker].[extract] AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1 AND coalesce((SELECT 1
  FROM [processtracker].[extract] AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1 AND (run.name IS NULL OR run.status_id <> @p5)
  ORDER BY run.ended_at, run.id OFFSET 0 ROWS FETCH NEXT @p6 ROWS ONLY;

-- purge.extracts
SELECT e.id, e.registered_at, e.location_id
  FROM [processtracker].[extract] AS e WITH (UPDLOCK, ROWLOCK, FORCESEEK, READPAST)
  WHERE e.status_id = 4 AND CASE WHEN e.claimed_by IS NULL THEN 0 ELSE 1 END <> 1 AND e.registered_at < @p1 AND e.status_changed_at < @p2 AND coalesce((SELECT 1
  FROM [processtracker].[extract_dependency] AS ed
  WHERE ed.parent_id = e.id
  ORDER BY ed.parent_id, ed.child_id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1 AND e.registered_at >= @p3 AND (e.registered_at > @p4 OR e.id > @p5)
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p6 ROWS ONLY;

-- purge.named_runs
SELECT run.id, run.ended_at
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  WHERE run.ended_at < @p1 AND run.run_no <> p.latest_run_no AND run.ended_at >= @p2 AND (run.ended_at > @p3 OR run.id > @p4) AND coalesce((SELECT 1
  FROM [processtracker].[extract] AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1 AND coalesce((SELECT 1
  FROM [processtracker].[extract] AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), 0) <> 1
  ORDER BY run.ended_at, run.id OFFSET 0 ROWS FETCH NEXT @p5 ROWS ONLY;

-- purge.delete_status_history_by_run_id
DELETE [processtracker].[status_history]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[status_history] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[status_history].run_id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_status_history_by_run_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[status_history] AS c ON c.run_id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_run_error_by_run_id
DELETE [processtracker].[run_error]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[run_error] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[run_error].run_id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_run_error_by_run_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[run_error] AS c ON c.run_id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_run_extract_by_run_id
DELETE [processtracker].[run_extract]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[run_extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[run_extract].run_id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_run_extract_by_run_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[run_extract] AS c ON c.run_id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_run_soft_dependency_by_run_id
DELETE [processtracker].[run_soft_dependency]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[run_soft_dependency] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[run_soft_dependency].run_id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_run_soft_dependency_by_run_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[run_soft_dependency] AS c ON c.run_id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_run_lease_by_run_id
DELETE [processtracker].[run_lease]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[run_lease] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[run_lease].run_id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_run_lease_by_run_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[run_lease] AS c ON c.run_id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_run_by_id
DELETE [processtracker].[run]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[run] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[run].id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_run_by_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[run] AS c ON c.id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_status_history_by_extract_id
DELETE [processtracker].[status_history]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[status_history] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[status_history].extract_id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_status_history_by_extract_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[status_history] AS c ON c.extract_id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_run_extract_by_extract_id
DELETE [processtracker].[run_extract]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[run_extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[run_extract].extract_id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_run_extract_by_extract_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[run_extract] AS c ON c.extract_id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_extract_dependency_by_child_id
DELETE [processtracker].[extract_dependency]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract_dependency] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[extract_dependency].child_id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_extract_dependency_by_child_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract_dependency] AS c ON c.child_id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_extract_system_by_extract_id
DELETE [processtracker].[extract_system]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract_system] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[extract_system].extract_id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_extract_system_by_extract_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract_system] AS c ON c.extract_id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_extract_object_by_extract_id
DELETE [processtracker].[extract_object]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract_object] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[extract_object].extract_id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_extract_object_by_extract_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract_object] AS c ON c.extract_id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_extract_by_id
DELETE [processtracker].[extract]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[extract] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[extract].id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_extract_by_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS c ON c.id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.delete_refusal_by_id
DELETE [processtracker].[refusal]
  FROM (SELECT r.id
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r) AS w INNER LOOP
  JOIN [processtracker].[refusal] WITH (ROWLOCK, FORCESEEK) ON [processtracker].[refusal].id = w.id OPTION (LOOP JOIN, FORCE ORDER);

-- purge.count_refusal_by_id
SELECT count(*)
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[refusal] AS c ON c.id = r.id OPTION (LOOP JOIN, FORCE ORDER);

-- overview.dependencies
SELECT dep.child_id, dep.parent_id, child.name, parent.name, dep.kind, dep.fresh, dep.created_at, creator.name AS creator_name, dep.changed_at, changer.name AS changer_name
  FROM [processtracker].[process_dependency] AS dep
  JOIN [processtracker].[process] AS child ON child.id = dep.child_id
  JOIN [processtracker].[process] AS parent ON parent.id = dep.parent_id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = dep.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = dep.changed_by
  ORDER BY dep.child_id, dep.parent_id OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- overview.dependencies
SELECT dep.child_id, dep.parent_id, child.name, parent.name, dep.kind, dep.fresh, dep.created_at, creator.name AS creator_name, dep.changed_at, changer.name AS changer_name
  FROM [processtracker].[process_dependency] AS dep
  JOIN [processtracker].[process] AS child ON child.id = dep.child_id
  JOIN [processtracker].[process] AS parent ON parent.id = dep.parent_id
  LEFT JOIN [processtracker].[actor] AS creator ON creator.id = dep.created_by
  LEFT JOIN [processtracker].[actor] AS changer ON changer.id = dep.changed_by
  WHERE dep.child_id >= @p1 AND (dep.child_id > @p2 OR dep.parent_id > @p3)
  ORDER BY dep.child_id, dep.parent_id OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY;

-- overview.contacts
SELECT p.name, c.name, c.email, '' AS of_system
  FROM [processtracker].[process_contact] AS pc
  JOIN [processtracker].[process] AS p ON p.id = pc.process_id
  JOIN [processtracker].[contact] AS c ON c.id = pc.contact_id
  ORDER BY pc.process_id, pc.contact_id OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY;

-- overview.contacts_of_sources
SELECT p.name, c.name, c.email, sy.name
  FROM (SELECT l.process_id, l.system_id
  FROM [processtracker].[process_system] AS l
  WHERE l.role = @p1 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_object] AS l
  JOIN [processtracker].[data_object] AS ob ON ob.id = l.object_id
  WHERE l.role = @p2 UNION
  SELECT l.process_id, ob.system_id
  FROM [processtracker].[process_attribute] AS l
  JOIN [processtracker].[data_attribute] AS at ON at.id = l.attribute_id
  JOIN [processtracker].[data_object] AS ob ON ob.id = at.object_id
  WHERE l.role = @p3) AS d
  JOIN [processtracker].[process] AS p ON p.id = d.process_id
  JOIN [processtracker].[data_system] AS sy ON sy.id = d.system_id
  JOIN [processtracker].[system_contact] AS sc ON sc.system_id = d.system_id
  JOIN [processtracker].[contact] AS c ON c.id = sc.contact_id
  ORDER BY d.process_id, sy.name, c.id OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY;

-- overview.locations
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM [processtracker].[location] AS l
  JOIN [processtracker].[location_type] AS t ON t.id = l.type_id
  WHERE l.id > @p1
  ORDER BY l.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- overview.runs_during
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM [processtracker].[run] AS run
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  JOIN [processtracker].[run_status] AS s ON s.id = run.status_id
  JOIN [processtracker].[actor] AS actor ON actor.id = run.actor_id
  WHERE run.ended_at >= @p1 AND run.ended_at < @p2 AND run.started_at < @p3
  ORDER BY run.ended_at DESC, run.id DESC OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY;

-- overview.durations
SELECT p.name, run.started_at, run.ended_at
  FROM [processtracker].[process] AS p
  JOIN [processtracker].[run] AS run ON run.process_id = p.id AND run.run_no < p.latest_run_no AND run.run_no >= p.latest_run_no - @p1
  WHERE p.active = @p2 AND run.status_id = 2
  ORDER BY p.id, run.run_no DESC;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT e.location_id, e.registered_at
  FROM [processtracker].[extract] AS e
  WHERE e.status_id = 1
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY) AS w
  JOIN [processtracker].[location] AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT e.location_id, e.registered_at
  FROM [processtracker].[extract] AS e
  WHERE e.status_id = 2
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY) AS w
  JOIN [processtracker].[location] AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT e.location_id, e.registered_at
  FROM [processtracker].[extract] AS e
  WHERE e.status_id = 3
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY) AS w
  JOIN [processtracker].[location] AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT e.location_id, e.registered_at
  FROM [processtracker].[extract] AS e
  WHERE e.status_id = 7
  ORDER BY e.registered_at, e.id OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY) AS w
  JOIN [processtracker].[location] AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.claimants
SELECT r.id, run.id, p.name, run.run_no
  FROM (SELECT [id]
  FROM OPENJSON(@p1) WITH ([id] BIGINT '$.id')) AS r
  JOIN [processtracker].[extract] AS e ON e.id = r.id
  JOIN [processtracker].[run] AS run ON run.id = e.claimed_by
  JOIN [processtracker].[process] AS p ON p.id = run.process_id
  ORDER BY r.id OPTION (LOOP JOIN, FORCE ORDER);

-- overview.extracts_named
SELECT e.id, e.name, (SELECT named.name
  FROM [processtracker].[extract_status] AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM [processtracker].[location_type] AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM [processtracker].[file_type] AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM [processtracker].[compression_type] AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM [processtracker].[extract] AS e
  JOIN [processtracker].[location] AS l ON l.id = e.location_id
  JOIN [processtracker].[run] AS run ON run.id = e.registered_by
  JOIN [processtracker].[process] AS p ON p.id = e.process_id
  WHERE EXISTS (SELECT 1
  FROM (SELECT (e.name + N'.') COLLATE Latin1_General_100_BIN2_UTF8 AS name, (@p1 + N'.') COLLATE Latin1_General_100_BIN2_UTF8 AS pattern) AS g
  WHERE CAST(g.name AS VARCHAR(8000)) LIKE CAST(g.pattern AS VARCHAR(8000)) ESCAPE '\')
  ORDER BY e.name, e.id OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY;

-- schema.exists
SELECT CASE WHEN OBJECT_ID(@p1, N'U') IS NULL THEN 0 ELSE 1 END;

-- schema.version
SELECT coalesce(max(version), 0)
  FROM [processtracker].[schema_version];

-- schema.refuse_newer
SELECT (SELECT sv.version
  FROM [processtracker].[schema_version] AS sv WITH (FORCESEEK)
  JOIN (SELECT 1 AS n
  UNION ALL
  SELECT 2 AS n) AS twice ON twice.n > 0
  WHERE sv.version > @p1);

-- clock.now
SELECT SYSUTCDATETIME();

