-- start.turn
UPDATE "processtracker"."process"
  SET turn = $1
  WHERE active = $2 AND held_at IS NULL AND name = $3 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."schema_version" AS sv
  WHERE sv.version > $4);

-- start.turn
UPDATE "processtracker"."process"
  SET turn = $1
  WHERE active = $2 AND held_at IS NULL AND name = $3 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."schema_version" AS sv
  WHERE sv.version > $4) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE p.name = $5 AND run.name = $6 AND run.status_id + 0 = $7) AS w);

-- start.lock_clusters
UPDATE "processtracker"."cluster"
  SET name = name
  WHERE id = ANY (ARRAY (SELECT pc.cluster_id AS id
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  WHERE p.active = $1 AND p.name = $2 AND p.turn = $3));

-- start.claim
UPDATE "processtracker"."process"
  SET active = $1, latest_run_no = latest_run_no + 1, latest_status_id = $2, latest_token_digest = $3, latest_started_at = clock_timestamp(), latest_ended_at = $4, latest_memory = $5, latest_processing = $6
  WHERE active = $7 AND name = $8 AND held_at IS NULL AND (coalesce(max_failures, $9) <= 0 OR failures < coalesce(max_failures, $10)) AND ($11 = 1 OR definition = $12) AND EXISTS (SELECT 1
  FROM "processtracker"."actor"
  WHERE name = $13) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS mine
  WHERE mine.token_digest = $14) AND turn = $15 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = $16 AND (parent.active = $17 OR parent.latest_status_id IN ($18,$19) OR (dep.kind <> $20 AND parent.latest_run_no = $21) OR (dep.fresh = $22 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> $23) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  JOIN "processtracker"."cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = $24 AND (c.max_memory - $25 < (SELECT CAST(LEAST(coalesce(sum(u.latest_memory), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $26) OR c.max_processing - $27 < (SELECT CAST(LEAST(coalesce(sum(u.latest_processing), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $28))) AS w);

-- start.claim
UPDATE "processtracker"."process"
  SET active = $1, latest_run_no = latest_run_no + 1, latest_status_id = $2, latest_token_digest = $3, latest_started_at = clock_timestamp(), latest_ended_at = $4, latest_memory = $5, latest_processing = $6
  WHERE active = $7 AND name = $8 AND held_at IS NULL AND (coalesce(max_failures, $9) <= 0 OR failures < coalesce(max_failures, $10)) AND ($11 = 1 OR definition = $12) AND EXISTS (SELECT 1
  FROM "processtracker"."actor"
  WHERE name = $13) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS mine
  WHERE mine.token_digest = $14) AND turn = $15 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = $16 AND (parent.active = $17 OR parent.latest_status_id IN ($18,$19) OR (dep.kind <> $20 AND parent.latest_run_no = $21) OR (dep.fresh = $22 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> $23) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  JOIN "processtracker"."cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = $24 AND (c.max_memory - $25 < (SELECT CAST(LEAST(coalesce(sum(u.latest_memory), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $26) OR c.max_processing - $27 < (SELECT CAST(LEAST(coalesce(sum(u.latest_processing), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $28))) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE p.name = $29 AND run.name = $30 AND run.status_id + 0 = $31) AS w);

-- start.run
INSERT INTO "processtracker"."run" (process_id,run_no,status_id,token_digest,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token_digest, coalesce(a.id, 0), p.latest_started_at, $1, p.latest_memory, p.latest_processing, CASE WHEN $2 = 1 THEN p.watermark END
  FROM "processtracker"."process" AS p
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $3
  WHERE p.latest_token_digest = $4 AND p.name = $5 AND coalesce((SELECT 1
  FROM "processtracker"."run" AS x
  WHERE x.token_digest = p.latest_token_digest
  LIMIT 1), 0) <> 1;

-- start.soft
INSERT INTO "processtracker"."run_soft_dependency" (run_id,parent_id,parent_run_no,parent_status_id)
  SELECT run.id, parent.id, parent.latest_run_no, parent.latest_status_id
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  JOIN "processtracker"."run" AS run ON run.process_id = child.id AND run.token_digest = $1
  WHERE child.name = $2 AND (parent.active = $3 OR parent.latest_status_id IN ($4,$5) OR (dep.kind <> $6 AND parent.latest_run_no = $7) OR (dep.fresh = $8 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind = $9 AND coalesce((SELECT 1
  FROM "processtracker"."run_soft_dependency" AS x
  WHERE x.run_id = run.id AND x.parent_id = parent.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (run_id, parent_id) DO NOTHING;

-- start.history
INSERT INTO "processtracker"."status_history" (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  WHERE run.token_digest = $1 AND coalesce((SELECT 1
  FROM "processtracker"."status_history" AS x
  WHERE x.run_id = run.id
  LIMIT 1), 0) <> 1;

-- start.outcome
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, p.definition, starter.id, p.held_at, holder.name, p.hold_reason, run.token_digest, p.failures, coalesce(p.max_failures, $1), mine.id, (SELECT max(sv.version)
  FROM "processtracker"."schema_version" AS sv), CASE WHEN EXISTS (SELECT 1
  FROM "processtracker"."run_soft_dependency" AS soft
  WHERE soft.run_id = run.id) THEN 1 ELSE 0 END, CASE WHEN EXISTS (SELECT 1
  FROM "processtracker"."process_dependency" AS dep
  WHERE dep.child_id = p.id) OR EXISTS (SELECT 1
  FROM "processtracker"."process_cluster" AS pc
  WHERE pc.process_id = p.id) THEN 1 ELSE 0 END
  FROM "processtracker"."process" AS p
  LEFT JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  LEFT JOIN "processtracker"."run" AS mine ON mine.token_digest = $2
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  LEFT JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  LEFT JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."actor" AS starter ON starter.name = $3
  LEFT JOIN "processtracker"."actor" AS holder ON holder.id = p.held_by
  WHERE p.name = $4;

-- start.done
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  WHERE p.name = $1 AND run.name = $2 AND run.status_id + 0 = $3;

-- start.parents
SELECT parent.name, dep.kind, dep.fresh, parent.latest_run_no, s.name, run.started_at, actor.name, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "processtracker"."run_status" AS s ON s.id = parent.latest_status_id
  LEFT JOIN "processtracker"."run" AS run ON run.process_id = parent.id AND run.run_no = parent.latest_run_no
  LEFT JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  WHERE child.name = $1 AND (parent.active = $2 OR parent.latest_status_id IN ($3,$4) OR (dep.kind <> $5 AND parent.latest_run_no = $6) OR (dep.fresh = $7 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at)))
  ORDER BY parent.name;

-- start.clusters
SELECT c.name, c.max_memory, c.max_processing, (SELECT CAST(LEAST(coalesce(sum(u.latest_memory), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $1), (SELECT CAST(LEAST(coalesce(sum(u.latest_processing), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $2)
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  JOIN "processtracker"."cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = $3 AND (c.max_memory - $4 < (SELECT CAST(LEAST(coalesce(sum(u.latest_memory), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $5) OR c.max_processing - $6 < (SELECT CAST(LEAST(coalesce(sum(u.latest_processing), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $7))
  ORDER BY c.name;

-- start.claim_alone
UPDATE "processtracker"."process"
  SET active = $1, latest_run_no = latest_run_no + 1, latest_status_id = $2, latest_token_digest = $3, latest_started_at = clock_timestamp(), latest_ended_at = $4, latest_memory = $5, latest_processing = $6
  WHERE active = $7 AND name = $8 AND held_at IS NULL AND (coalesce(max_failures, $9) <= 0 OR failures < coalesce(max_failures, $10)) AND ($11 = 1 OR definition = $12) AND EXISTS (SELECT 1
  FROM "processtracker"."actor"
  WHERE name = $13) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS mine
  WHERE mine.token_digest = $14) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."process_dependency" AS dep
  WHERE dep.child_id = "processtracker"."process".id) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."process_cluster" AS pc
  WHERE pc.process_id = "processtracker"."process".id) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."schema_version" AS sv
  WHERE sv.version > $15);

-- start.whole_alone
WITH p AS (UPDATE "processtracker"."process"
  SET active = $1, latest_run_no = latest_run_no + 1, latest_status_id = $2, latest_token_digest = $3, latest_started_at = clock_timestamp(), latest_ended_at = $4, latest_memory = $5, latest_processing = $6
  WHERE active = $7 AND name = $8 AND held_at IS NULL AND (coalesce(max_failures, $9) <= 0 OR failures < coalesce(max_failures, $10)) AND ($11 = 1 OR definition = $12) AND EXISTS (SELECT 1
  FROM "processtracker"."actor"
  WHERE name = $13) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS mine
  WHERE mine.token_digest = $14) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."process_dependency" AS dep
  WHERE dep.child_id = "processtracker"."process".id) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."process_cluster" AS pc
  WHERE pc.process_id = "processtracker"."process".id) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."schema_version" AS sv
  WHERE sv.version > $15) RETURNING id, latest_run_no, latest_status_id, latest_token_digest, latest_started_at, latest_memory, latest_processing, watermark), run AS (INSERT INTO "processtracker"."run" (process_id,run_no,status_id,token_digest,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token_digest, coalesce(a.id, 0), p.latest_started_at, $16, p.latest_memory, p.latest_processing, CASE WHEN $17 = 1 THEN p.watermark END
  FROM p
  JOIN "processtracker"."actor" AS a ON a.name = $18 RETURNING id, process_id, actor_id, started_at, status_id), lease AS (INSERT INTO "processtracker"."run_lease" (run_id,expires_at,renewed_at,length_ms)
  SELECT run.id, clock_timestamp() + CAST($19 AS bigint) * INTERVAL '1 millisecond', clock_timestamp(), $20
  FROM run) INSERT INTO "processtracker"."status_history" (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM run
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id;

-- start.whole
WITH p AS (UPDATE "processtracker"."process"
  SET active = $1, latest_run_no = latest_run_no + 1, latest_status_id = $2, latest_token_digest = $3, latest_started_at = clock_timestamp(), latest_ended_at = $4, latest_memory = $5, latest_processing = $6
  WHERE active = $7 AND name = $8 AND held_at IS NULL AND (coalesce(max_failures, $9) <= 0 OR failures < coalesce(max_failures, $10)) AND ($11 = 1 OR definition = $12) AND EXISTS (SELECT 1
  FROM "processtracker"."actor"
  WHERE name = $13) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS mine
  WHERE mine.token_digest = $14) AND turn = $15 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = $16 AND (parent.active = $17 OR parent.latest_status_id IN ($18,$19) OR (dep.kind <> $20 AND parent.latest_run_no = $21) OR (dep.fresh = $22 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> $23) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  JOIN "processtracker"."cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = $24 AND (c.max_memory - $25 < (SELECT CAST(LEAST(coalesce(sum(u.latest_memory), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $26) OR c.max_processing - $27 < (SELECT CAST(LEAST(coalesce(sum(u.latest_processing), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $28))) AS w) RETURNING id, latest_run_no, latest_status_id, latest_token_digest, latest_started_at, latest_memory, latest_processing, watermark), run AS (INSERT INTO "processtracker"."run" (process_id,run_no,status_id,token_digest,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token_digest, coalesce(a.id, 0), p.latest_started_at, $29, p.latest_memory, p.latest_processing, CASE WHEN $30 = 1 THEN p.watermark END
  FROM p
  JOIN "processtracker"."actor" AS a ON a.name = $31 RETURNING id, process_id, actor_id, started_at, status_id), lease AS (INSERT INTO "processtracker"."run_lease" (run_id,expires_at,renewed_at,length_ms)
  SELECT run.id, clock_timestamp() + CAST($32 AS bigint) * INTERVAL '1 millisecond', clock_timestamp(), $33
  FROM run) INSERT INTO "processtracker"."status_history" (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM run
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id;

-- start.whole
WITH p AS (UPDATE "processtracker"."process"
  SET active = $1, latest_run_no = latest_run_no + 1, latest_status_id = $2, latest_token_digest = $3, latest_started_at = clock_timestamp(), latest_ended_at = $4, latest_memory = $5, latest_processing = $6
  WHERE active = $7 AND name = $8 AND held_at IS NULL AND (coalesce(max_failures, $9) <= 0 OR failures < coalesce(max_failures, $10)) AND ($11 = 1 OR definition = $12) AND EXISTS (SELECT 1
  FROM "processtracker"."actor"
  WHERE name = $13) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS mine
  WHERE mine.token_digest = $14) AND turn = $15 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = $16 AND (parent.active = $17 OR parent.latest_status_id IN ($18,$19) OR (dep.kind <> $20 AND parent.latest_run_no = $21) OR (dep.fresh = $22 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> $23) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  JOIN "processtracker"."cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = $24 AND (c.max_memory - $25 < (SELECT CAST(LEAST(coalesce(sum(u.latest_memory), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $26) OR c.max_processing - $27 < (SELECT CAST(LEAST(coalesce(sum(u.latest_processing), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $28))) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE p.name = $29 AND run.name = $30 AND run.status_id + 0 = $31) AS w) RETURNING id, latest_run_no, latest_status_id, latest_token_digest, latest_started_at, latest_memory, latest_processing, watermark), run AS (INSERT INTO "processtracker"."run" (process_id,run_no,status_id,token_digest,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token_digest, coalesce(a.id, 0), p.latest_started_at, $32, p.latest_memory, p.latest_processing, CASE WHEN $33 = 1 THEN p.watermark END
  FROM p
  JOIN "processtracker"."actor" AS a ON a.name = $34 RETURNING id, process_id, actor_id, started_at, status_id), lease AS (INSERT INTO "processtracker"."run_lease" (run_id,expires_at,renewed_at,length_ms)
  SELECT run.id, clock_timestamp() + CAST($35 AS bigint) * INTERVAL '1 millisecond', clock_timestamp(), $36
  FROM run) INSERT INTO "processtracker"."status_history" (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM run
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id;

-- start.whole_alone
WITH p AS (UPDATE "processtracker"."process"
  SET active = $1, latest_run_no = latest_run_no + 1, latest_status_id = $2, latest_token_digest = $3, latest_started_at = clock_timestamp(), latest_ended_at = $4, latest_memory = $5, latest_processing = $6
  WHERE active = $7 AND name = $8 AND held_at IS NULL AND (coalesce(max_failures, $9) <= 0 OR failures < coalesce(max_failures, $10)) AND ($11 = 1 OR definition = $12) AND EXISTS (SELECT 1
  FROM "processtracker"."actor"
  WHERE name = $13) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS mine
  WHERE mine.token_digest = $14) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."process_dependency" AS dep
  WHERE dep.child_id = "processtracker"."process".id) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."process_cluster" AS pc
  WHERE pc.process_id = "processtracker"."process".id) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."schema_version" AS sv
  WHERE sv.version > $15) RETURNING id, latest_run_no, latest_status_id, latest_token_digest, latest_started_at, latest_memory, latest_processing, watermark), run AS (INSERT INTO "processtracker"."run" (process_id,run_no,status_id,token_digest,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token_digest, coalesce(a.id, 0), p.latest_started_at, $16, p.latest_memory, p.latest_processing, CASE WHEN $17 = 1 THEN p.watermark END
  FROM p
  JOIN "processtracker"."actor" AS a ON a.name = $18 RETURNING id, process_id, actor_id, started_at, status_id) INSERT INTO "processtracker"."status_history" (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM run
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id;

-- start.whole
WITH p AS (UPDATE "processtracker"."process"
  SET active = $1, latest_run_no = latest_run_no + 1, latest_status_id = $2, latest_token_digest = $3, latest_started_at = clock_timestamp(), latest_ended_at = $4, latest_memory = $5, latest_processing = $6
  WHERE active = $7 AND name = $8 AND held_at IS NULL AND (coalesce(max_failures, $9) <= 0 OR failures < coalesce(max_failures, $10)) AND ($11 = 1 OR definition = $12) AND EXISTS (SELECT 1
  FROM "processtracker"."actor"
  WHERE name = $13) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS mine
  WHERE mine.token_digest = $14) AND turn = $15 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = $16 AND (parent.active = $17 OR parent.latest_status_id IN ($18,$19) OR (dep.kind <> $20 AND parent.latest_run_no = $21) OR (dep.fresh = $22 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> $23) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  JOIN "processtracker"."cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = $24 AND (c.max_memory - $25 < (SELECT CAST(LEAST(coalesce(sum(u.latest_memory), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $26) OR c.max_processing - $27 < (SELECT CAST(LEAST(coalesce(sum(u.latest_processing), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $28))) AS w) RETURNING id, latest_run_no, latest_status_id, latest_token_digest, latest_started_at, latest_memory, latest_processing, watermark), run AS (INSERT INTO "processtracker"."run" (process_id,run_no,status_id,token_digest,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token_digest, coalesce(a.id, 0), p.latest_started_at, $29, p.latest_memory, p.latest_processing, CASE WHEN $30 = 1 THEN p.watermark END
  FROM p
  JOIN "processtracker"."actor" AS a ON a.name = $31 RETURNING id, process_id, actor_id, started_at, status_id) INSERT INTO "processtracker"."status_history" (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM run
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id;

-- start.whole
WITH p AS (UPDATE "processtracker"."process"
  SET active = $1, latest_run_no = latest_run_no + 1, latest_status_id = $2, latest_token_digest = $3, latest_started_at = clock_timestamp(), latest_ended_at = $4, latest_memory = $5, latest_processing = $6
  WHERE active = $7 AND name = $8 AND held_at IS NULL AND (coalesce(max_failures, $9) <= 0 OR failures < coalesce(max_failures, $10)) AND ($11 = 1 OR definition = $12) AND EXISTS (SELECT 1
  FROM "processtracker"."actor"
  WHERE name = $13) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS mine
  WHERE mine.token_digest = $14) AND turn = $15 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = $16 AND (parent.active = $17 OR parent.latest_status_id IN ($18,$19) OR (dep.kind <> $20 AND parent.latest_run_no = $21) OR (dep.fresh = $22 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> $23) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  JOIN "processtracker"."cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = $24 AND (c.max_memory - $25 < (SELECT CAST(LEAST(coalesce(sum(u.latest_memory), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $26) OR c.max_processing - $27 < (SELECT CAST(LEAST(coalesce(sum(u.latest_processing), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $28))) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE p.name = $29 AND run.name = $30 AND run.status_id + 0 = $31) AS w) RETURNING id, latest_run_no, latest_status_id, latest_token_digest, latest_started_at, latest_memory, latest_processing, watermark), run AS (INSERT INTO "processtracker"."run" (process_id,run_no,status_id,token_digest,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token_digest, coalesce(a.id, 0), p.latest_started_at, $32, p.latest_memory, p.latest_processing, CASE WHEN $33 = 1 THEN p.watermark END
  FROM p
  JOIN "processtracker"."actor" AS a ON a.name = $34 RETURNING id, process_id, actor_id, started_at, status_id) INSERT INTO "processtracker"."status_history" (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM run
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id;

-- refusal.again
UPDATE "processtracker"."refusal"
  SET times = times + 1, last_at = clock_timestamp(), detail = $1
  WHERE id = ANY (ARRAY (SELECT f.id AS id
  FROM "processtracker"."refusal" AS f
  WHERE f.process_id = $2 AND f.refusal_key = $3
  ORDER BY f.id
  LIMIT 1
  FOR NO KEY UPDATE OF f SKIP LOCKED));

-- refusal.of_process
SELECT f.id, f.slot, f.refusal_key, f.reason, f.actor, f.last_at, clock_timestamp()
  FROM "processtracker"."refusal" AS f
  WHERE f.process_id = $1
  ORDER BY f.slot;

-- refusal.first
INSERT INTO "processtracker"."refusal" (process_id,slot,refusal_key,reason,actor,run_name,detail,times,first_at,last_at)
  SELECT r.id, r.n, r.name_key, r.reason, r.actor, r.run_name, r.detail, 1, clock.now, clock.now
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, n bigint, name_key text, reason text, actor text, run_name text, detail text)
  JOIN (SELECT (SELECT clock_timestamp()) AS now) AS clock ON TRUE
  WHERE coalesce((SELECT 1
  FROM "processtracker"."refusal" AS x
  WHERE x.process_id = r.id AND (x.slot = r.n OR x.refusal_key = r.name_key)
  LIMIT 1), 0) <> 1
  ON CONFLICT DO NOTHING;

-- refusal.instead
UPDATE "processtracker"."refusal"
  SET refusal_key = $1, reason = $2, actor = $3, run_name = $4, detail = $5, times = $6, first_at = $7, last_at = $8
  WHERE id = ANY (ARRAY (SELECT f.id AS id
  FROM "processtracker"."refusal" AS f
  WHERE f.id = $9 AND f.refusal_key = $10
  ORDER BY f.id
  LIMIT 1
  FOR NO KEY UPDATE OF f SKIP LOCKED));

-- refusal.list
SELECT *
  FROM (SELECT f.id, p.id, p.name, f.reason, f.actor, f.run_name, f.detail, f.times, f.first_at, f.last_at
  FROM "processtracker"."refusal" AS f
  JOIN "processtracker"."process" AS p ON p.id = f.process_id
  ORDER BY f.first_at DESC, f.id DESC
  LIMIT 100) AS listed
  LIMIT $1;

-- refusal.list
SELECT *
  FROM (SELECT f.id, p.id, p.name, f.reason, f.actor, f.run_name, f.detail, f.times, f.first_at, f.last_at
  FROM "processtracker"."refusal" AS f
  JOIN "processtracker"."process" AS p ON p.id = f.process_id
  WHERE p.name = $1 AND f.actor = $2 AND f.last_at >= $3 AND f.first_at < $4 AND f.first_at <= $5 AND (f.first_at < $6 OR f.id < $7)
  ORDER BY f.first_at DESC, f.id DESC
  LIMIT 100) AS listed
  LIMIT $8;

-- refusal.list
SELECT *
  FROM (SELECT f.id, p.id, p.name, f.reason, f.actor, f.run_name, f.detail, f.times, f.first_at, f.last_at
  FROM "processtracker"."refusal" AS f
  JOIN "processtracker"."process" AS p ON p.id = f.process_id
  WHERE p.name = $1 AND f.first_at >= $2 AND (f.first_at > $3 OR f.id > $4)
  ORDER BY f.first_at, f.id
  LIMIT 100) AS listed
  LIMIT $5;

-- lease.insert
INSERT INTO "processtracker"."run_lease" (run_id,expires_at,renewed_at,length_ms)
  SELECT run.id, clock_timestamp() + CAST($1 AS bigint) * INTERVAL '1 millisecond', clock_timestamp(), $2
  FROM "processtracker"."run" AS run
  WHERE run.token_digest = $3 AND coalesce((SELECT 1
  FROM "processtracker"."run_lease" AS x
  WHERE x.run_id = run.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (run_id) DO NOTHING;

-- lease.renew
UPDATE "processtracker"."run_lease"
  SET expires_at = CASE WHEN expires_at > clock_timestamp() + CAST(length_ms AS bigint) * INTERVAL '1 millisecond' THEN expires_at ELSE clock_timestamp() + CAST(length_ms AS bigint) * INTERVAL '1 millisecond' END, renewed_at = clock_timestamp()
  WHERE renewed_at < expires_at AND run_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- lease.extend
UPDATE "processtracker"."run_lease"
  SET expires_at = CASE WHEN expires_at > clock_timestamp() + CAST($1 AS bigint) * INTERVAL '1 millisecond' THEN expires_at ELSE clock_timestamp() + CAST($2 AS bigint) * INTERVAL '1 millisecond' END, renewed_at = clock_timestamp()
  WHERE renewed_at < expires_at AND run_id = $3;

-- lease.taken
SELECT lease.run_id, h.reason, later.run_no, actor.name
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = r.id OFFSET 0) AS lease ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = lease.run_id OFFSET 0) AS run ON TRUE
  LEFT JOIN "processtracker"."status_history" AS h ON h.run_id = run.id AND h.extract_id IS NULL AND h.to_status = 'failed'
  LEFT JOIN "processtracker"."run" AS later ON later.process_id = run.process_id AND later.run_no = run.run_no + 1
  LEFT JOIN "processtracker"."actor" AS actor ON actor.id = later.actor_id
  WHERE lease.renewed_at >= lease.expires_at;

-- lease.ended
SELECT run.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = r.id OFFSET 0) AS run ON TRUE
  WHERE run.ended_at IS NOT NULL;

-- lease.lost
SELECT lease.run_id
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = $1 AND lease.renewed_at >= lease.expires_at
  FOR NO KEY UPDATE OF lease;

-- lease.end_expired
UPDATE "processtracker"."run_lease"
  SET renewed_at = expires_at
  WHERE run_id = $1 AND renewed_at < expires_at AND expires_at <= clock_timestamp();

-- lease.end_forced
UPDATE "processtracker"."run_lease"
  SET renewed_at = expires_at
  WHERE run_id = $1 AND renewed_at < expires_at;

-- lease.expired
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, run.token_digest
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = $1 AND lease.expires_at <= clock_timestamp()
  ORDER BY run.id;

-- lease.expired_process
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, run.token_digest
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = $1 AND lease.expires_at <= clock_timestamp() AND p.name = $2
  ORDER BY run.id;

-- lease.expired_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, run.token_digest
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = $1 AND lease.expires_at <= clock_timestamp() AND run.id = $2
  ORDER BY run.id;

-- lease.expired_process_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, run.token_digest
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = $1 AND lease.expires_at <= clock_timestamp() AND p.name = $2 AND run.id = $3
  ORDER BY run.id;

-- lease.expired_sharing
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, run.token_digest
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = $1 AND lease.expires_at <= clock_timestamp() AND p.id IN (SELECT other.process_id
  FROM "processtracker"."process_cluster" AS mine
  JOIN "processtracker"."process_cluster" AS other ON other.cluster_id = mine.cluster_id
  JOIN "processtracker"."process" AS sharer ON sharer.id = mine.process_id
  WHERE sharer.name = $2)
  ORDER BY run.id;

-- lease.any_process
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, run.token_digest
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = $1 AND p.name = $2
  ORDER BY run.id;

-- lease.any_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, run.token_digest
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = $1 AND run.id = $2
  ORDER BY run.id;

-- lease.any_process_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, run.token_digest
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = $1 AND p.name = $2 AND run.id = $3
  ORDER BY run.id;

-- end.process
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2, latest_ended_at = clock_timestamp(), failures = $3
  WHERE active = $4 AND id = $5 AND latest_token_digest = $6;

-- end.last_completed_at
UPDATE "processtracker"."process"
  SET last_completed_at = latest_ended_at, watermark = CASE WHEN watermark >= (SELECT high_at
  FROM "processtracker"."run"
  WHERE id = $1) THEN watermark ELSE coalesce((SELECT high_at
  FROM "processtracker"."run"
  WHERE id = $2), watermark) END
  WHERE active = $3 AND id = $4 AND latest_status_id = $5 AND latest_token_digest = $6;

-- end.failed
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2, latest_ended_at = clock_timestamp(), failures = failures + 1
  WHERE active = $3 AND id = $4 AND latest_token_digest = $5;

-- end.last_failed_at
UPDATE "processtracker"."process"
  SET last_failed_at = latest_ended_at
  WHERE active = $1 AND id = $2 AND latest_status_id = $3 AND latest_token_digest = $4;

-- end.on_hold
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2, latest_ended_at = clock_timestamp(), failures = $3, hold_reason = CASE WHEN held_at IS NULL THEN $4 ELSE hold_reason END, held_by = CASE WHEN held_at IS NULL THEN (SELECT actor_id
  FROM "processtracker"."run"
  WHERE id = $5) ELSE held_by END, held_at = coalesce(held_at, clock_timestamp())
  WHERE active = $6 AND id = $7 AND latest_token_digest = $8;

-- end.continue
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2
  WHERE active = $3 AND id = $4 AND latest_token_digest = $5;

-- end.history
INSERT INTO "processtracker"."status_history" (process_id,run_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT run.process_id, run.id, old.name, new.name, run.actor_id, $1, coalesce(p.latest_ended_at, clock_timestamp())
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN "processtracker"."run_status" AS old ON old.id = run.status_id
  JOIN "processtracker"."run_status" AS new ON new.id = p.latest_status_id
  WHERE new.id = $2 AND run.ended_at IS NULL AND run.id = $3 AND run.token_digest = $4 AND old.id <> new.id;

-- end.history_failed
INSERT INTO "processtracker"."status_history" (process_id,run_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT run.process_id, run.id, old.name, new.name, run.actor_id, (SELECT nullif(substring(e.description, 1, 200), '')
  FROM "processtracker"."run_error" AS e
  WHERE e.id = (SELECT min(id)
  FROM "processtracker"."run_error"
  WHERE run_id = $1)), coalesce(p.latest_ended_at, clock_timestamp())
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN "processtracker"."run_status" AS old ON old.id = run.status_id
  JOIN "processtracker"."run_status" AS new ON new.id = p.latest_status_id
  WHERE new.id = $2 AND run.ended_at IS NULL AND run.id = $3 AND run.token_digest = $4 AND old.id <> new.id;

-- end.run
UPDATE "processtracker"."run"
  SET status_id = $1, ended_at = (SELECT p.latest_ended_at
  FROM "processtracker"."process" AS p
  WHERE p.id = $2)
  WHERE ended_at IS NULL AND id = $3 AND token_digest = $4;

-- run.state
SELECT run.token_digest, s.id, s.name, run.ended_at
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  WHERE run.id = $1;

-- process.lock
SELECT p.id
  FROM "processtracker"."process" AS p
  WHERE p.active = $1 AND p.id = $2 AND p.latest_token_digest = $3
  FOR NO KEY UPDATE OF p;

-- end.hold_history
INSERT INTO "processtracker"."status_history" (process_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT p.id, $1, $2, run.actor_id, $3, clock_timestamp()
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."run" AS run ON run.id = $4
  WHERE p.active = $5 AND p.held_at IS NULL AND p.id = $6 AND p.latest_token_digest = $7;

-- error.insert
INSERT INTO "processtracker"."run_error" (run_id,process_id,error_type_id,description,recorded_at)
  SELECT run.id, run.process_id, t.id, $1, clock_timestamp()
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN "processtracker"."error_type" AS t ON t.id = $2
  WHERE p.active = $3 AND run.ended_at IS NULL AND run.id = $4 AND run.token_digest = $5;

-- error.insert
INSERT INTO "processtracker"."run_error" (run_id,process_id,error_type_id,description,recorded_at)
  SELECT run.id, run.process_id, t.id, $1, $2
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN "processtracker"."error_type" AS t ON t.id = $3
  WHERE p.active = $4 AND run.ended_at IS NULL AND run.id = $5 AND run.token_digest = $6;

-- error.process
UPDATE "processtracker"."process"
  SET last_errored_at = (SELECT e.recorded_at
  FROM "processtracker"."run_error" AS e
  WHERE e.id = (SELECT max(id)
  FROM "processtracker"."run_error"
  WHERE run_id = $1))
  WHERE active = $2 AND id = $3 AND latest_token_digest = $4 AND (last_errored_at IS NULL OR last_errored_at < (SELECT e.recorded_at
  FROM "processtracker"."run_error" AS e
  WHERE e.id = (SELECT max(id)
  FROM "processtracker"."run_error"
  WHERE run_id = $5)));

-- end.complete_whole
WITH p AS (SELECT p.id
  FROM "processtracker"."process" AS p
  WHERE p.active = $1 AND p.id = $2 AND p.latest_token_digest = $3
  FOR NO KEY UPDATE OF p), run AS (SELECT run.id, run.process_id, run.status_id, run.actor_id, run.high_at
  FROM "processtracker"."run" AS run
  JOIN p ON p.id = run.process_id
  WHERE run.ended_at IS NULL AND run.id = $4 AND run.token_digest = $5
  FOR NO KEY UPDATE OF run), at AS (SELECT run.*, clock_timestamp() AS now
  FROM run), idle AS (UPDATE "processtracker"."process"
  SET active = $6, latest_status_id = $7, latest_ended_at = at.now, failures = $8, last_completed_at = at.now, watermark = CASE WHEN "processtracker"."process".watermark >= at.high_at THEN "processtracker"."process".watermark ELSE coalesce(at.high_at, "processtracker"."process".watermark) END
  FROM at
  WHERE "processtracker"."process".id = at.process_id), ended AS (UPDATE "processtracker"."run"
  SET status_id = $9, ended_at = at.now
  FROM at
  WHERE "processtracker"."run".id = at.id) INSERT INTO "processtracker"."status_history" (process_id,run_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT at.process_id, at.id, old.name, new.name, at.actor_id, $10, at.now
  FROM at
  JOIN "processtracker"."run_status" AS old ON old.id = at.status_id
  JOIN "processtracker"."run_status" AS new ON new.id = $11;

-- end.process
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2, latest_ended_at = $3, failures = $4
  WHERE active = $5 AND id = $6 AND latest_token_digest = $7;

-- hold.set
UPDATE "processtracker"."process"
  SET held_at = clock_timestamp(), held_by = $1, hold_reason = $2
  WHERE held_at IS NULL AND id = $3;

-- hold.release
UPDATE "processtracker"."process"
  SET held_at = $1, held_by = $2, hold_reason = $3, failures = $4
  WHERE id = $5;

-- hold.history
INSERT INTO "processtracker"."status_history" (process_id,from_status,to_status,actor_id,reason,changed_at)
  VALUES ($1,$2,$3,$4,$5,clock_timestamp());

-- register.actor
INSERT INTO "processtracker"."actor" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."actor" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.cluster
INSERT INTO "processtracker"."cluster" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."cluster" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.process_type
INSERT INTO "processtracker"."process_type" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."process_type" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.tool
INSERT INTO "processtracker"."tool" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."tool" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.schedule_frequency
INSERT INTO "processtracker"."schedule_frequency" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."schedule_frequency" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.dataset_type
INSERT INTO "processtracker"."dataset_type" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."dataset_type" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.process
INSERT INTO "processtracker"."process" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."process" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.location_type
INSERT INTO "processtracker"."location_type" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."location_type" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.extract_status
INSERT INTO "processtracker"."extract_status" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."extract_status" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.error_type
INSERT INTO "processtracker"."error_type" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."error_type" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.source_type
INSERT INTO "processtracker"."source_type" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."source_type" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.file_type
INSERT INTO "processtracker"."file_type" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."file_type" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.compression_type
INSERT INTO "processtracker"."compression_type" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."compression_type" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.data_system
INSERT INTO "processtracker"."data_system" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."data_system" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (name) DO NOTHING;

-- register.link_systems
INSERT INTO "processtracker"."process_system" (process_id,role,system_id)
  SELECT DISTINCT p.id, r.role, sy.id
  FROM jsonb_to_recordset($1::jsonb) AS r(role text, system text, object text, attribute text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = r.system OFFSET 0) AS sy ON TRUE
  WHERE coalesce((SELECT 1
  FROM "processtracker"."process_system" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.system_id = sy.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (process_id, role, system_id) DO NOTHING;

-- register.linked_systems
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(role text, system text, object text, attribute text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = r.system OFFSET 0) AS sy ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process_system" AS l
  WHERE l.process_id = p.id AND l.role = r.role AND l.system_id = sy.id OFFSET 0) AS l ON TRUE;

-- register.link_objects
INSERT INTO "processtracker"."process_object" (process_id,role,object_id)
  SELECT DISTINCT p.id, r.role, ob.id
  FROM jsonb_to_recordset($1::jsonb) AS r(role text, system text, object text, attribute text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = r.system OFFSET 0) AS sy ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_object" AS ob
  WHERE ob.system_id = sy.id AND ob.name = r.object OFFSET 0) AS ob ON TRUE
  WHERE coalesce((SELECT 1
  FROM "processtracker"."process_object" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.object_id = ob.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (process_id, role, object_id) DO NOTHING;

-- register.linked_objects
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(role text, system text, object text, attribute text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = r.system OFFSET 0) AS sy ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_object" AS ob
  WHERE ob.system_id = sy.id AND ob.name = r.object OFFSET 0) AS ob ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process_object" AS l
  WHERE l.process_id = p.id AND l.role = r.role AND l.object_id = ob.id OFFSET 0) AS l ON TRUE;

-- register.link_attributes
INSERT INTO "processtracker"."process_attribute" (process_id,role,attribute_id)
  SELECT DISTINCT p.id, r.role, at.id
  FROM jsonb_to_recordset($1::jsonb) AS r(role text, system text, object text, attribute text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = r.system OFFSET 0) AS sy ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_object" AS ob
  WHERE ob.system_id = sy.id AND ob.name = r.object OFFSET 0) AS ob ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_attribute" AS at
  WHERE at.object_id = ob.id AND at.name = r.attribute OFFSET 0) AS at ON TRUE
  WHERE coalesce((SELECT 1
  FROM "processtracker"."process_attribute" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.attribute_id = at.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (process_id, role, attribute_id) DO NOTHING;

-- register.linked_attributes
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(role text, system text, object text, attribute text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = r.system OFFSET 0) AS sy ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_object" AS ob
  WHERE ob.system_id = sy.id AND ob.name = r.object OFFSET 0) AS ob ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_attribute" AS at
  WHERE at.object_id = ob.id AND at.name = r.attribute OFFSET 0) AS at ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process_attribute" AS l
  WHERE l.process_id = p.id AND l.role = r.role AND l.attribute_id = at.id OFFSET 0) AS l ON TRUE;

-- register.systems
INSERT INTO "processtracker"."data_system" (name,created_by,changed_by)
  SELECT DISTINCT r.system, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(system text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."data_system" AS x
  WHERE x.name = r.system
  LIMIT 1), 0) <> 1
  ORDER BY r.system
  ON CONFLICT (name) DO NOTHING;

-- register.objects
INSERT INTO "processtracker"."data_object" (system_id,name,created_by,changed_by)
  SELECT DISTINCT sy.id, r.object, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(system text, object text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = r.system OFFSET 0) AS sy ON TRUE
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE r.object <> $3 AND coalesce((SELECT 1
  FROM "processtracker"."data_object" AS x
  WHERE x.system_id = sy.id AND x.name = r.object
  LIMIT 1), 0) <> 1
  ORDER BY sy.id, r.object
  ON CONFLICT (system_id, name) DO NOTHING;

-- register.attributes
INSERT INTO "processtracker"."data_attribute" (object_id,name,created_by,changed_by)
  SELECT DISTINCT ob.id, r.attribute, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(system text, object text, attribute text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = r.system OFFSET 0) AS sy ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_object" AS ob
  WHERE ob.system_id = sy.id AND ob.name = r.object OFFSET 0) AS ob ON TRUE
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE r.attribute <> $3 AND coalesce((SELECT 1
  FROM "processtracker"."data_attribute" AS x
  WHERE x.object_id = ob.id AND x.name = r.attribute
  LIMIT 1), 0) <> 1
  ORDER BY ob.id, r.attribute
  ON CONFLICT (object_id, name) DO NOTHING;

-- register.link_dataset_types
INSERT INTO "processtracker"."process_dataset_type" (process_id,dataset_type_id)
  SELECT DISTINCT p.id, t.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN LATERAL (SELECT *
  FROM "processtracker"."dataset_type" AS t
  WHERE t.name = r.name OFFSET 0) AS t ON TRUE
  WHERE coalesce((SELECT 1
  FROM "processtracker"."process_dataset_type" AS x
  WHERE x.process_id = p.id AND x.dataset_type_id = t.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (process_id, dataset_type_id) DO NOTHING;

-- register.stored
SELECT p.definition, (SELECT n.name
  FROM "processtracker"."process_type" AS n
  WHERE n.id = p.type_id), (SELECT n.name
  FROM "processtracker"."tool" AS n
  WHERE n.id = p.tool_id), (SELECT n.name
  FROM "processtracker"."schedule_frequency" AS n
  WHERE n.id = p.frequency_id)
  FROM "processtracker"."process" AS p
  WHERE p.name = $1
  FOR NO KEY UPDATE OF p;

-- register.define
UPDATE "processtracker"."process"
  SET type_id = coalesce((SELECT id
  FROM "processtracker"."process_type"
  WHERE name = $1), type_id), tool_id = coalesce((SELECT id
  FROM "processtracker"."tool"
  WHERE name = $2), tool_id), frequency_id = coalesce((SELECT id
  FROM "processtracker"."schedule_frequency"
  WHERE name = $3), frequency_id), definition = $4
  WHERE name = $5;

-- register.changed
UPDATE "processtracker"."process"
  SET changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $1), 0)
  WHERE name = $2;

-- register.linked_dataset_types
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN LATERAL (SELECT *
  FROM "processtracker"."dataset_type" AS t
  WHERE t.name = r.name OFFSET 0) AS t ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process_dataset_type" AS l
  WHERE l.process_id = p.id AND l.dataset_type_id = t.id OFFSET 0) AS l ON TRUE;

-- dependency.lock
UPDATE "processtracker"."dependency_lock"
  SET locked_at = locked_at
  WHERE lock_no = $1;

-- dependency.parents
SELECT DISTINCT d.parent_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process_dependency" AS d
  WHERE d.child_id = r.id OFFSET 0) AS d ON TRUE
  ORDER BY d.parent_id;

-- dependency.lacking
SELECT r.name
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."process" AS child
  JOIN "processtracker"."process_dependency" AS dep ON dep.child_id = child.id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = $2 AND parent.name = r.name);

-- dependency.read
SELECT kind, fresh
  FROM "processtracker"."process_dependency"
  WHERE child_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND parent_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $2);

-- dependency.add
INSERT INTO "processtracker"."process_dependency" (child_id,parent_id,kind,created_by,changed_by)
  SELECT child.id, parent.id, $1, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM "processtracker"."process" AS child
  JOIN "processtracker"."process" AS parent ON parent.name = $2
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $3
  WHERE child.name = $4 AND coalesce((SELECT 1
  FROM "processtracker"."process_dependency" AS x
  WHERE x.child_id = child.id AND x.parent_id = parent.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (child_id, parent_id) DO NOTHING;

-- dependency.set
UPDATE "processtracker"."process_dependency"
  SET kind = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE child_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $3) AND parent_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $4) AND kind <> $5;

-- dependency.set_fresh
UPDATE "processtracker"."process_dependency"
  SET fresh = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE child_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $3) AND parent_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $4) AND fresh <> $5;

-- dependency.remove
DELETE
  FROM "processtracker"."process_dependency"
  WHERE child_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND parent_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $2);

-- cluster.set
UPDATE "processtracker"."cluster"
  SET max_memory = $1, max_processing = $2, memory_unit = $3, processing_unit = $4, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $5), 0)
  WHERE name = $6 AND (coalesce(max_memory, -1) <> $7 OR coalesce(max_processing, -1) <> $8 OR coalesce(memory_unit, ' ') <> $9 OR coalesce(processing_unit, ' ') <> $10);

-- cluster.limits
SELECT max_memory, max_processing, memory_unit, processing_unit
  FROM "processtracker"."cluster"
  WHERE name = $1;

-- cluster.joined
SELECT c.id
  FROM "processtracker"."process_cluster" AS pc
  JOIN "processtracker"."process" AS p ON p.id = pc.process_id
  JOIN "processtracker"."cluster" AS c ON c.id = pc.cluster_id
  WHERE c.name = $1 AND p.name = $2;

-- cluster.join
INSERT INTO "processtracker"."process_cluster" (process_id,cluster_id)
  SELECT p.id, c.id
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."cluster" AS c ON c.name = $1
  WHERE p.name = $2 AND coalesce((SELECT 1
  FROM "processtracker"."process_cluster" AS x
  WHERE x.process_id = p.id AND x.cluster_id = c.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (process_id, cluster_id) DO NOTHING;

-- cluster.leave
DELETE
  FROM "processtracker"."process_cluster"
  WHERE process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND cluster_id = (SELECT id
  FROM "processtracker"."cluster"
  WHERE name = $2);

-- process.set_max_failures
UPDATE "processtracker"."process"
  SET max_failures = $1, changed_at = clock_timestamp(), changed_by = $2
  WHERE id = $3;

-- process.totals
SELECT watermark, records, inserts, updates, deletes
  FROM "processtracker"."process"
  WHERE name = $1;

-- process.lock_named
SELECT p.id, p.held_at, p.active, p.failures, p.max_failures, p.watermark
  FROM "processtracker"."process" AS p
  WHERE p.name = $1
  FOR NO KEY UPDATE OF p;

-- watermark.set
UPDATE "processtracker"."process"
  SET watermark = $1
  WHERE id = $2;

-- watermark.history
INSERT INTO "processtracker"."status_history" (process_id,to_status,actor_id,reason,from_at,to_at,changed_at)
  VALUES ($1,$2,$3,$4,$5,$6,clock_timestamp());

-- run.widen_low
UPDATE "processtracker"."run"
  SET low_at = CASE WHEN low_at <= $1 THEN low_at ELSE $2 END
  WHERE ended_at IS NULL AND id = $3 AND token_digest = $4;

-- run.widen_high
UPDATE "processtracker"."run"
  SET high_at = CASE WHEN high_at >= $1 THEN high_at ELSE $2 END
  WHERE ended_at IS NULL AND id = $3 AND token_digest = $4;

-- run.widen_low_high
UPDATE "processtracker"."run"
  SET low_at = CASE WHEN low_at <= $1 THEN low_at ELSE $2 END, high_at = CASE WHEN high_at >= $3 THEN high_at ELSE $4 END
  WHERE ended_at IS NULL AND id = $5 AND token_digest = $6;

-- count.read
SELECT run.records, run.inserts, run.updates, run.deletes, p.records, p.inserts, p.updates, p.deletes
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = $1 AND run.ended_at IS NULL AND run.id = $2 AND run.token_digest = $3;

-- count.process
UPDATE "processtracker"."process"
  SET records = $1, inserts = $2, updates = $3, deletes = $4
  WHERE active = $5 AND id = $6 AND latest_token_digest = $7;

-- count.run
UPDATE "processtracker"."run"
  SET records = $1, inserts = $2, updates = $3, deletes = $4
  WHERE ended_at IS NULL AND id = $5 AND token_digest = $6;

-- status.run
SELECT id, active
  FROM "processtracker"."run_status"
  WHERE name = $1;

-- status.add_active
INSERT INTO "processtracker"."run_status" (name,created_by,changed_by,active)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0), $1
  FROM jsonb_to_recordset($2::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $3
  WHERE coalesce((SELECT 1
  FROM "processtracker"."run_status" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ON CONFLICT (name) DO NOTHING;

-- status.add_ended
INSERT INTO "processtracker"."run_status" (name,created_by,changed_by,active)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0), $1
  FROM jsonb_to_recordset($2::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $3
  WHERE coalesce((SELECT 1
  FROM "processtracker"."run_status" AS x
  WHERE x.name = r.name
  LIMIT 1), 0) <> 1
  ON CONFLICT (name) DO NOTHING;

-- describe.read_system
SELECT sy.id, sy.type_id, (SELECT n.name
  FROM "processtracker"."source_type" AS n
  WHERE n.id = sy.type_id), sy.charset
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = $1
  FOR NO KEY UPDATE OF sy;

-- describe.system
UPDATE "processtracker"."data_system"
  SET type_id = $1, charset = $2, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $3), 0)
  WHERE id = $4;

-- describe.read_object
SELECT ob.id, ob.charset
  FROM "processtracker"."data_object" AS ob
  WHERE ob.system_id = (SELECT sy.id
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = $1) AND ob.name = $2
  FOR NO KEY UPDATE OF ob;

-- describe.object
UPDATE "processtracker"."data_object"
  SET charset = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- describe.read_attributes
SELECT at.id, at.name, at.data_type, at.length, at.decimals, at.path, at.default_value, at.is_key, at.is_filter, at.is_partition, at.is_pii
  FROM "processtracker"."data_attribute" AS at
  WHERE at.object_id = (SELECT ob.id
  FROM "processtracker"."data_object" AS ob
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  WHERE ob.name = $1 AND sy.name = $2)
  ORDER BY at.id
  FOR NO KEY UPDATE OF at;

-- describe.add_attributes
INSERT INTO "processtracker"."data_attribute" (object_id,name,data_type,length,decimals,path,default_value,created_by,changed_by,is_key,is_filter,is_partition,is_pii)
  SELECT ob.id, r.name, r.data_type, r.length, r.decimals, r.path, r.default_value, coalesce(a.id, 0), coalesce(a.id, 0), $1, $2, $3, $4
  FROM jsonb_to_recordset($5::jsonb) AS r(name text, data_type text, length bigint, decimals bigint, path text, default_value text)
  JOIN "processtracker"."data_system" AS sy ON sy.name = $6
  JOIN "processtracker"."data_object" AS ob ON ob.system_id = sy.id AND ob.name = $7
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $8
  WHERE coalesce((SELECT 1
  FROM "processtracker"."data_attribute" AS x
  WHERE x.object_id = ob.id AND x.name = r.name
  LIMIT 1), 0) <> 1
  ORDER BY r.name
  ON CONFLICT (object_id, name) DO NOTHING;

-- describe.attribute
UPDATE "processtracker"."data_attribute"
  SET data_type = $1, length = $2, decimals = $3, path = $4, default_value = $5, is_key = $6, is_filter = $7, is_partition = $8, is_pii = $9, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $10), 0)
  WHERE id = $11;

-- register.link_filters
INSERT INTO "processtracker"."process_filter" (process_id,attribute_id,operator,value,value_key,created_by)
  SELECT p.id, at.id, r.operator, r.value, r.value_key, coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(system text, object text, attribute text, operator text, value text, value_key text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = r.system OFFSET 0) AS sy ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_object" AS ob
  WHERE ob.system_id = sy.id AND ob.name = r.object OFFSET 0) AS ob ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_attribute" AS at
  WHERE at.object_id = ob.id AND at.name = r.attribute OFFSET 0) AS at ON TRUE
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $3
  WHERE coalesce((SELECT 1
  FROM "processtracker"."process_filter" AS x
  WHERE x.process_id = p.id AND x.attribute_id = at.id AND x.operator = r.operator AND x.value_key = r.value_key
  LIMIT 1), 0) <> 1
  ON CONFLICT (process_id, attribute_id, operator, value_key) DO NOTHING;

-- register.linked_filters
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(system text, object text, attribute text, operator text, value_key text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = r.system OFFSET 0) AS sy ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_object" AS ob
  WHERE ob.system_id = sy.id AND ob.name = r.object OFFSET 0) AS ob ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_attribute" AS at
  WHERE at.object_id = ob.id AND at.name = r.attribute OFFSET 0) AS at ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process_filter" AS l
  WHERE l.process_id = p.id AND l.attribute_id = at.id AND l.operator = r.operator AND l.value_key = r.value_key OFFSET 0) AS l ON TRUE;

-- contact.add
INSERT INTO "processtracker"."contact" (name,email,created_by,changed_by)
  SELECT r.name, r.email, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(name text, email text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."contact" AS x
  WHERE x.name = r.name AND x.email = r.email
  LIMIT 1), 0) <> 1
  ON CONFLICT (name, email) DO NOTHING;

-- contacts.list
SELECT c.name, c.email, '' AS of_system, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM "processtracker"."process_contact" AS pc
  JOIN "processtracker"."contact" AS c ON c.id = pc.contact_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = c.changed_by
  WHERE pc.process_id = $1
  UNION ALL
  SELECT c.name, c.email, sy.name, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM (SELECT l.process_id, l.system_id
  FROM "processtracker"."process_system" AS l
  WHERE l.role = $2 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_object" AS l
  JOIN "processtracker"."data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = $3 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_attribute" AS l
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = $4) AS d
  JOIN "processtracker"."data_system" AS sy ON sy.id = d.system_id
  JOIN "processtracker"."system_contact" AS sc ON sc.system_id = d.system_id
  JOIN "processtracker"."contact" AS c ON c.id = sc.contact_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = c.changed_by
  WHERE d.process_id = $5;

-- contact.link_process
INSERT INTO "processtracker"."process_contact" (process_id,contact_id)
  SELECT o.id, c.id
  FROM "processtracker"."process" AS o
  JOIN "processtracker"."contact" AS c ON c.name = $1 AND c.email = $2
  WHERE o.name = $3 AND coalesce((SELECT 1
  FROM "processtracker"."process_contact" AS x
  WHERE x.process_id = o.id AND x.contact_id = c.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (process_id, contact_id) DO NOTHING;

-- contact.link_data_system
INSERT INTO "processtracker"."system_contact" (system_id,contact_id)
  SELECT o.id, c.id
  FROM "processtracker"."data_system" AS o
  JOIN "processtracker"."contact" AS c ON c.name = $1 AND c.email = $2
  WHERE o.name = $3 AND coalesce((SELECT 1
  FROM "processtracker"."system_contact" AS x
  WHERE x.system_id = o.id AND x.contact_id = c.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (system_id, contact_id) DO NOTHING;

-- contact.linked_process
SELECT c.id
  FROM "processtracker"."process_contact" AS l
  JOIN "processtracker"."process" AS o ON o.id = l.process_id
  JOIN "processtracker"."contact" AS c ON c.id = l.contact_id
  WHERE c.email = $1 AND c.name = $2 AND o.name = $3;

-- contact.linked_data_system
SELECT c.id
  FROM "processtracker"."system_contact" AS l
  JOIN "processtracker"."data_system" AS o ON o.id = l.system_id
  JOIN "processtracker"."contact" AS c ON c.id = l.contact_id
  WHERE c.email = $1 AND c.name = $2 AND o.name = $3;

-- contact.unlink_process
DELETE
  FROM "processtracker"."process_contact"
  WHERE process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND contact_id = (SELECT id
  FROM "processtracker"."contact"
  WHERE email = $2 AND name = $3);

-- contact.unlink_data_system
DELETE
  FROM "processtracker"."system_contact"
  WHERE system_id = (SELECT id
  FROM "processtracker"."data_system"
  WHERE name = $1) AND contact_id = (SELECT id
  FROM "processtracker"."contact"
  WHERE email = $2 AND name = $3);

-- contacts.all
SELECT *
  FROM (SELECT c.id, c.name, c.email, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM "processtracker"."contact" AS c
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = c.changed_by
  WHERE c.id > $1
  ORDER BY c.id
  LIMIT 100) AS listed
  LIMIT $2;

-- contacts.all
SELECT *
  FROM (SELECT c.id, c.name, c.email, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM "processtracker"."contact" AS c
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = c.changed_by
  WHERE c.id > $1 AND c.name = $2
  ORDER BY c.id
  LIMIT 100) AS listed
  LIMIT $3;

-- contacts.owners_process
SELECT r.id, o.name
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."process_contact" AS l ON l.contact_id = r.id
  JOIN "processtracker"."process" AS o ON o.id = l.process_id
  ORDER BY r.id, o.name;

-- contacts.owners_data_system
SELECT r.id, o.name
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."system_contact" AS l ON l.contact_id = r.id
  JOIN "processtracker"."data_system" AS o ON o.id = l.system_id
  ORDER BY r.id, o.name;

-- contact.read
SELECT c.id
  FROM "processtracker"."contact" AS c
  WHERE c.email = $1 AND c.name = $2
  FOR NO KEY UPDATE OF c;

-- contact.change
UPDATE "processtracker"."contact"
  SET name = $1, email = $2, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $3), 0)
  WHERE id = $4;

-- contact.delete
DELETE
  FROM "processtracker"."contact"
  WHERE id = $1;

-- lookup.uses_process_contact_contact_id
SELECT count(*) OVER (), p.name, 0
  FROM "processtracker"."process_contact" AS x
  JOIN "processtracker"."process" AS p ON p.id = x.process_id
  WHERE x.contact_id = $1
  ORDER BY p.name
  LIMIT 3;

-- lookup.uses_system_contact_contact_id
SELECT count(*) OVER (), sy.name, 0
  FROM "processtracker"."system_contact" AS x
  JOIN "processtracker"."data_system" AS sy ON sy.id = x.system_id
  WHERE x.contact_id = $1
  ORDER BY sy.name
  LIMIT 3;

-- actors.list
SELECT *
  FROM (SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."actor" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT 100) AS listed
  LIMIT $2;

-- actors.list
SELECT *
  FROM (SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."actor" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1 AND l.name = $2
  ORDER BY l.id
  LIMIT 100) AS listed
  LIMIT $3;

-- clusters.list
SELECT *
  FROM (SELECT c.id, c.name, c.max_memory, c.max_processing, c.memory_unit, c.processing_unit, (SELECT CAST(LEAST(coalesce(sum(u.latest_memory), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $1), (SELECT CAST(LEAST(coalesce(sum(u.latest_processing), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $2), c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM "processtracker"."cluster" AS c
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = c.changed_by
  WHERE c.id > $3
  ORDER BY c.id
  LIMIT 100) AS listed
  LIMIT $4;

-- clusters.list
SELECT *
  FROM (SELECT c.id, c.name, c.max_memory, c.max_processing, c.memory_unit, c.processing_unit, (SELECT CAST(LEAST(coalesce(sum(u.latest_memory), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $1), (SELECT CAST(LEAST(coalesce(sum(u.latest_processing), 0), 9223372036854775807) AS bigint)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $2), c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM "processtracker"."cluster" AS c
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = c.changed_by
  WHERE c.id > $3 AND c.name = $4
  ORDER BY c.id
  LIMIT 100) AS listed
  LIMIT $5;

-- clusters.processes
SELECT r.id, p.name
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."process_cluster" AS l ON l.cluster_id = r.id
  JOIN "processtracker"."process" AS p ON p.id = l.process_id
  ORDER BY r.id, p.name;

-- locations.list
SELECT *
  FROM (SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT 100) AS listed
  LIMIT $2;

-- locations.list
SELECT *
  FROM (SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  WHERE l.id > $1 AND l.name = $2
  ORDER BY l.id
  LIMIT 100) AS listed
  LIMIT $3;

-- process_attribute.read
SELECT l.process_id, l.attribute_id, l.alias, l.expression
  FROM "processtracker"."process_attribute" AS l
  WHERE l.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND l.role = $2 AND l.attribute_id = (SELECT at.id
  FROM "processtracker"."data_attribute" AS at
  WHERE at.name = $3 AND at.object_id = (SELECT ob.id
  FROM "processtracker"."data_object" AS ob
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  WHERE ob.name = $4 AND sy.name = $5))
  FOR NO KEY UPDATE OF l;

-- process_attribute.describe
UPDATE "processtracker"."process_attribute"
  SET alias = $1, expression = $2
  WHERE attribute_id = $3 AND process_id = $4 AND role = $5;

-- undefine.system
DELETE
  FROM "processtracker"."process_system"
  WHERE process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND role = $2 AND system_id = (SELECT sy.id
  FROM "processtracker"."data_system" AS sy
  WHERE sy.name = $3);

-- undefine.object
DELETE
  FROM "processtracker"."process_object"
  WHERE process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND role = $2 AND object_id = (SELECT ob.id
  FROM "processtracker"."data_object" AS ob
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  WHERE ob.name = $3 AND sy.name = $4);

-- undefine.attribute
DELETE
  FROM "processtracker"."process_attribute"
  WHERE process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND role = $2 AND attribute_id = (SELECT at.id
  FROM "processtracker"."data_attribute" AS at
  WHERE at.name = $3 AND at.object_id = (SELECT ob.id
  FROM "processtracker"."data_object" AS ob
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  WHERE ob.name = $4 AND sy.name = $5));

-- undefine.dataset_type
DELETE
  FROM "processtracker"."process_dataset_type"
  WHERE process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND dataset_type_id = (SELECT id
  FROM "processtracker"."dataset_type"
  WHERE name = $2);

-- undefine.filter
DELETE
  FROM "processtracker"."process_filter"
  WHERE process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND operator = $2 AND value_key = $3 AND attribute_id = (SELECT at.id
  FROM "processtracker"."data_attribute" AS at
  WHERE at.name = $4 AND at.object_id = (SELECT ob.id
  FROM "processtracker"."data_object" AS ob
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  WHERE ob.name = $5 AND sy.name = $6));

-- undefine.process
UPDATE "processtracker"."process"
  SET definition = $1, changed_at = clock_timestamp(), changed_by = $2
  WHERE id = $3;

-- process_attribute.list
SELECT l.role, sy.name, ob.name, l.alias, l.expression, at.id, at.name, at.data_type, at.length, at.decimals, at.path, at.default_value, at.is_key, at.is_filter, at.is_partition, at.is_pii
  FROM "processtracker"."process_attribute" AS l
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  WHERE l.process_id = $1
  ORDER BY l.role, sy.name, ob.name, at.name;

-- file_type.format
UPDATE "processtracker"."file_type"
  SET delimiter_char = $1, quote_char = $2, escape_char = $3, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $4), 0)
  WHERE name = $5;

-- process.forget_definitions
UPDATE "processtracker"."process"
  SET definition = $1
  WHERE definition IS NOT NULL AND id > 0;

-- status.run_status
SELECT id
  FROM "processtracker"."run_status"
  WHERE name = $1;

-- lookup.read_run_status
SELECT l.id, l.name, l.preloaded, l.active, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."run_status" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_run_status
UPDATE "processtracker"."run_status"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_run_status
SELECT l.id, l.name, l.preloaded, l.active, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."run_status" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_run_status
DELETE
  FROM "processtracker"."run_status"
  WHERE id = $1;

-- lookup.uses_process_latest_status_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."process" AS x
  WHERE x.latest_status_id = $1
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_run_status_id
SELECT count(*) OVER (), p.name, x.run_no
  FROM "processtracker"."run" AS x
  JOIN "processtracker"."process" AS p ON p.id = x.process_id
  WHERE x.status_id = $1
  ORDER BY p.name, x.run_no
  LIMIT 3;

-- lookup.uses_run_soft_dependency_parent_status_id
SELECT count(*) OVER (), p.name, run.run_no
  FROM "processtracker"."run_soft_dependency" AS x
  JOIN "processtracker"."run" AS run ON run.id = x.run_id
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE x.parent_status_id = $1
  ORDER BY p.name, run.run_no
  LIMIT 3;

-- status.extract_status
SELECT id
  FROM "processtracker"."extract_status"
  WHERE name = $1;

-- lookup.read_extract_status
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."extract_status" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_extract_status
UPDATE "processtracker"."extract_status"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_extract_status
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."extract_status" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_extract_status
DELETE
  FROM "processtracker"."extract_status"
  WHERE id = $1;

-- lookup.uses_extract_status_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."extract" AS x
  WHERE x.status_id = $1
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_extract_claim_return_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."extract" AS x
  WHERE x.claim_return_id = $1
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_run_extract_status_id
SELECT count(*) OVER (), e.name, 0
  FROM "processtracker"."run_extract" AS x
  JOIN "processtracker"."extract" AS e ON e.id = x.extract_id
  WHERE x.status_id = $1
  ORDER BY e.name
  LIMIT 3;

-- status.error_type
SELECT id
  FROM "processtracker"."error_type"
  WHERE name = $1;

-- lookup.read_error_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."error_type" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_error_type
UPDATE "processtracker"."error_type"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_error_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."error_type" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_error_type
DELETE
  FROM "processtracker"."error_type"
  WHERE id = $1;

-- lookup.uses_run_error_error_type_id
SELECT count(*) OVER (), p.name, run.run_no
  FROM "processtracker"."run_error" AS x
  JOIN "processtracker"."run" AS run ON run.id = x.run_id
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE x.error_type_id = $1
  ORDER BY p.name, run.run_no
  LIMIT 3;

-- status.process_type
SELECT id
  FROM "processtracker"."process_type"
  WHERE name = $1;

-- lookup.read_process_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."process_type" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_process_type
UPDATE "processtracker"."process_type"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_process_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."process_type" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_process_type
DELETE
  FROM "processtracker"."process_type"
  WHERE id = $1;

-- lookup.uses_process_type_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."process" AS x
  WHERE x.type_id = $1
  ORDER BY x.name
  LIMIT 3;

-- status.schedule_frequency
SELECT id
  FROM "processtracker"."schedule_frequency"
  WHERE name = $1;

-- lookup.read_schedule_frequency
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."schedule_frequency" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_schedule_frequency
UPDATE "processtracker"."schedule_frequency"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_schedule_frequency
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."schedule_frequency" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_schedule_frequency
DELETE
  FROM "processtracker"."schedule_frequency"
  WHERE id = $1;

-- lookup.uses_process_frequency_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."process" AS x
  WHERE x.frequency_id = $1
  ORDER BY x.name
  LIMIT 3;

-- status.location_type
SELECT id
  FROM "processtracker"."location_type"
  WHERE name = $1;

-- lookup.read_location_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."location_type" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_location_type
UPDATE "processtracker"."location_type"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_location_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."location_type" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_location_type
DELETE
  FROM "processtracker"."location_type"
  WHERE id = $1;

-- lookup.uses_location_type_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."location" AS x
  WHERE x.type_id = $1
  ORDER BY x.name
  LIMIT 3;

-- status.file_type
SELECT id
  FROM "processtracker"."file_type"
  WHERE name = $1;

-- lookup.read_file_type
SELECT l.id, l.name, l.preloaded, l.delimiter_char, l.quote_char, l.escape_char, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."file_type" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_file_type
UPDATE "processtracker"."file_type"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_file_type
SELECT l.id, l.name, l.preloaded, l.delimiter_char, l.quote_char, l.escape_char, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."file_type" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_file_type
DELETE
  FROM "processtracker"."file_type"
  WHERE id = $1;

-- lookup.uses_extract_file_type_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."extract" AS x
  WHERE x.file_type_id = $1
  ORDER BY x.name
  LIMIT 3;

-- status.compression_type
SELECT id
  FROM "processtracker"."compression_type"
  WHERE name = $1;

-- lookup.read_compression_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."compression_type" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_compression_type
UPDATE "processtracker"."compression_type"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_compression_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."compression_type" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_compression_type
DELETE
  FROM "processtracker"."compression_type"
  WHERE id = $1;

-- lookup.uses_extract_compression_type_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."extract" AS x
  WHERE x.compression_type_id = $1
  ORDER BY x.name
  LIMIT 3;

-- status.source_type
SELECT id
  FROM "processtracker"."source_type"
  WHERE name = $1;

-- lookup.read_source_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."source_type" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_source_type
UPDATE "processtracker"."source_type"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_source_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."source_type" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_source_type
DELETE
  FROM "processtracker"."source_type"
  WHERE id = $1;

-- lookup.uses_data_system_type_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."data_system" AS x
  WHERE x.type_id = $1
  ORDER BY x.name
  LIMIT 3;

-- status.tool
SELECT id
  FROM "processtracker"."tool"
  WHERE name = $1;

-- lookup.read_tool
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."tool" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_tool
UPDATE "processtracker"."tool"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_tool
SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."tool" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_tool
DELETE
  FROM "processtracker"."tool"
  WHERE id = $1;

-- lookup.uses_process_tool_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."process" AS x
  WHERE x.tool_id = $1
  ORDER BY x.name
  LIMIT 3;

-- status.dataset_type
SELECT id
  FROM "processtracker"."dataset_type"
  WHERE name = $1;

-- lookup.read_dataset_type
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."dataset_type" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_dataset_type
UPDATE "processtracker"."dataset_type"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.list_dataset_type
SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "processtracker"."dataset_type" AS l
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT $2;

-- lookup.delete_dataset_type
DELETE
  FROM "processtracker"."dataset_type"
  WHERE id = $1;

-- lookup.uses_process_dataset_type_dataset_type_id
SELECT count(*) OVER (), p.name, 0
  FROM "processtracker"."process_dataset_type" AS x
  JOIN "processtracker"."process" AS p ON p.id = x.process_id
  WHERE x.dataset_type_id = $1
  ORDER BY p.name
  LIMIT 3;

-- status.actor
SELECT id
  FROM "processtracker"."actor"
  WHERE name = $1;

-- lookup.read_actor
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."actor" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_actor
UPDATE "processtracker"."actor"
  SET name = $1, changed_at = clock_timestamp(), changed_by = $2
  WHERE id = $3;

-- lookup.delete_actor
DELETE
  FROM "processtracker"."actor"
  WHERE id = $1;

-- lookup.uses_run_actor_id
SELECT count(*) OVER (), p.name, x.run_no
  FROM "processtracker"."run" AS x
  JOIN "processtracker"."process" AS p ON p.id = x.process_id
  WHERE x.actor_id = $1
  ORDER BY p.name, x.run_no
  LIMIT 3;

-- lookup.uses_process_created_by
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."process" AS x
  WHERE x.created_by = $1
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_process_changed_by
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."process" AS x
  WHERE x.changed_by = $1
  ORDER BY x.name
  LIMIT 3;

-- status.cluster
SELECT id
  FROM "processtracker"."cluster"
  WHERE name = $1;

-- lookup.read_cluster
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."cluster" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_cluster
UPDATE "processtracker"."cluster"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.delete_cluster
DELETE
  FROM "processtracker"."cluster"
  WHERE id = $1;

-- lookup.uses_process_cluster_cluster_id
SELECT count(*) OVER (), p.name, 0
  FROM "processtracker"."process_cluster" AS x
  JOIN "processtracker"."process" AS p ON p.id = x.process_id
  WHERE x.cluster_id = $1
  ORDER BY p.name
  LIMIT 3;

-- status.data_system
SELECT id
  FROM "processtracker"."data_system"
  WHERE name = $1;

-- lookup.read_data_system
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."data_system" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_data_system
UPDATE "processtracker"."data_system"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.delete_data_system
DELETE
  FROM "processtracker"."data_system"
  WHERE id = $1;

-- lookup.uses_data_object_system_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."data_object" AS x
  WHERE x.system_id = $1
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_process_system_system_id
SELECT count(*) OVER (), p.name, 0
  FROM "processtracker"."process_system" AS x
  JOIN "processtracker"."process" AS p ON p.id = x.process_id
  WHERE x.system_id = $1
  ORDER BY p.name
  LIMIT 3;

-- lookup.uses_system_contact_system_id
SELECT count(*) OVER (), c.name, 0
  FROM "processtracker"."system_contact" AS x
  JOIN "processtracker"."contact" AS c ON c.id = x.contact_id
  WHERE x.system_id = $1
  ORDER BY c.name
  LIMIT 3;

-- lookup.uses_extract_system_system_id
SELECT count(*) OVER (), e.name, 0
  FROM "processtracker"."extract_system" AS x
  JOIN "processtracker"."extract" AS e ON e.id = x.extract_id
  WHERE x.system_id = $1
  ORDER BY e.name
  LIMIT 3;

-- lookup.uses_location_system_system_id
SELECT count(*) OVER (), l.name, 0
  FROM "processtracker"."location_system" AS x
  JOIN "processtracker"."location" AS l ON l.id = x.location_id
  WHERE x.system_id = $1
  ORDER BY l.name
  LIMIT 3;

-- status.location
SELECT id
  FROM "processtracker"."location"
  WHERE name = $1;

-- lookup.read_location
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."location" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_location
UPDATE "processtracker"."location"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- lookup.delete_location
DELETE
  FROM "processtracker"."location"
  WHERE id = $1;

-- lookup.uses_extract_location_id
SELECT count(*) OVER (), x.name, 0
  FROM "processtracker"."extract" AS x
  WHERE x.location_id = $1
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_location_system_location_id
SELECT count(*) OVER (), sy.name, 0
  FROM "processtracker"."location_system" AS x
  JOIN "processtracker"."data_system" AS sy ON sy.id = x.system_id
  WHERE x.location_id = $1
  ORDER BY sy.name
  LIMIT 3;

-- status.process
SELECT id
  FROM "processtracker"."process"
  WHERE name = $1;

-- lookup.read_process
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "processtracker"."actor" AS n
  WHERE n.id = l.changed_by)
  FROM "processtracker"."process" AS l
  WHERE l.name = $1
  FOR NO KEY UPDATE OF l;

-- lookup.rename_process
UPDATE "processtracker"."process"
  SET name = $1, changed_at = clock_timestamp(), changed_by = coalesce((SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2), 0)
  WHERE id = $3;

-- location.by_path
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  WHERE l.path_key = $1;

-- location.by_name
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  WHERE l.name = $1;

-- location.add
INSERT INTO "processtracker"."location" (path,path_key,name,type_id,created_by,changed_by)
  SELECT r.path, r.path_key, r.name, coalesce(t.id, 0), coalesce(a.id, 0), coalesce(a.id, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(path text, path_key text, name text, type text)
  LEFT JOIN "processtracker"."location_type" AS t ON t.name = r.type
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."location" AS x
  WHERE x.path_key = r.path_key OR x.name = r.name
  LIMIT 1), 0) <> 1
  ON CONFLICT DO NOTHING;

-- location.count
UPDATE "processtracker"."location"
  SET file_count = $1, listed_at = clock_timestamp()
  WHERE id = $2;

-- run.lock
SELECT run.token_digest, run.status_id, (SELECT n.name
  FROM "processtracker"."run_status" AS n
  WHERE n.id = run.status_id), run.ended_at
  FROM "processtracker"."run" AS run
  WHERE run.id = $1
  FOR NO KEY UPDATE OF run;

-- extract.insert
INSERT INTO "processtracker"."extract" (location_id,name,name_key,status_id,file_type_id,compression_type_id,size_bytes,checksum,registered_by,process_id,registered_at,status_changed_at,claimed_by,claim_return_id,listed_at)
  SELECT r.id, r.name, r.name_key, s.id, r.file_type_id, r.compression_type_id, r.size_bytes, r.checksum, run.id, run.process_id, clock.now, clock.now, CASE WHEN s.id = 3 THEN run.id END, CASE WHEN s.id = 3 THEN 2 END, $1
  FROM jsonb_to_recordset($2::jsonb) AS r(n bigint, id bigint, name text, name_key text, status bigint, file_type_id bigint, compression_type_id bigint, size_bytes bigint, checksum text)
  JOIN (SELECT (SELECT clock_timestamp()) AS now) AS clock ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract_status" AS s
  WHERE s.id = r.status OFFSET 0) AS s ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $3
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $4 AND own.token_digest = $5) AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS x
  WHERE x.location_id = r.id AND x.name_key = r.name_key
  LIMIT 1), 0) <> 1
  ORDER BY r.n
  ON CONFLICT (location_id, name_key) DO NOTHING;

-- extract.link
INSERT INTO "processtracker"."run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, clock.now, clock.now
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.location_id = r.id AND e.name_key = r.name_key OFFSET 0) AS e ON TRUE
  JOIN (SELECT (SELECT clock_timestamp()) AS now) AS clock ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $2
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $3 AND own.token_digest = $4) AND coalesce((SELECT 1
  FROM "processtracker"."run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id
  LIMIT 1), 0) <> 1
  ORDER BY e.id
  ON CONFLICT (run_id, extract_id) DO NOTHING;

-- extract.first_history
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, s.name, run.actor_id, e.registered_at
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text, n bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.location_id = r.id AND e.name_key = r.name_key OFFSET 0) AS e ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN "processtracker"."extract_status" AS s ON s.id = e.status_id
  WHERE coalesce((SELECT 1
  FROM "processtracker"."status_history" AS x
  WHERE x.extract_id = e.id
  LIMIT 1), 0) <> 1
  ORDER BY r.n;

-- run.sources
SELECT CASE WHEN EXISTS (SELECT 1
  FROM "processtracker"."process_system" AS ps
  WHERE ps.process_id = $1 AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM "processtracker"."process_object" AS ps
  WHERE ps.process_id = $2 AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM "processtracker"."process_attribute" AS ps
  WHERE ps.process_id = $3 AND ps.role = 'source') THEN 1 ELSE 0 END
  FROM "processtracker"."run" AS run
  WHERE run.id = $4;

-- extract.link_systems
INSERT INTO "processtracker"."extract_system" (extract_id,system_id)
  SELECT DISTINCT e.id, ps.system_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.location_id = r.id AND e.name_key = r.name_key OFFSET 0) AS e ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $3 AND own.token_digest = $4) AND coalesce((SELECT 1
  FROM "processtracker"."extract_system" AS x
  WHERE x.extract_id = e.id AND x.system_id = ps.system_id
  LIMIT 1), 0) <> 1
  ORDER BY e.id, ps.system_id
  ON CONFLICT (extract_id, system_id) DO NOTHING;

-- extract.link_objects
INSERT INTO "processtracker"."extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, po.object_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.location_id = r.id AND e.name_key = r.name_key OFFSET 0) AS e ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $3 AND own.token_digest = $4) AND coalesce((SELECT 1
  FROM "processtracker"."extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = po.object_id
  LIMIT 1), 0) <> 1
  ORDER BY e.id, po.object_id
  ON CONFLICT (extract_id, object_id) DO NOTHING;

-- extract.link_objects_of_attributes
INSERT INTO "processtracker"."extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, at.object_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.location_id = r.id AND e.name_key = r.name_key OFFSET 0) AS e ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_attribute" AS at
  WHERE at.id = pa.attribute_id OFFSET 0) AS at ON TRUE
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $3 AND own.token_digest = $4) AND coalesce((SELECT 1
  FROM "processtracker"."extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = at.object_id
  LIMIT 1), 0) <> 1
  ORDER BY e.id, at.object_id
  ON CONFLICT (extract_id, object_id) DO NOTHING;

-- location.link_systems
INSERT INTO "processtracker"."location_system" (location_id,system_id)
  SELECT DISTINCT e.location_id, ps.system_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.location_id = r.id AND e.name_key = r.name_key OFFSET 0) AS e ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $3 AND own.token_digest = $4) AND coalesce((SELECT 1
  FROM "processtracker"."location_system" AS x
  WHERE x.location_id = e.location_id AND x.system_id = ps.system_id
  LIMIT 1), 0) <> 1
  ORDER BY e.location_id, ps.system_id
  ON CONFLICT (location_id, system_id) DO NOTHING;

-- location.link_objects
INSERT INTO "processtracker"."location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, po.object_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.location_id = r.id AND e.name_key = r.name_key OFFSET 0) AS e ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $3 AND own.token_digest = $4) AND coalesce((SELECT 1
  FROM "processtracker"."location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = po.object_id
  LIMIT 1), 0) <> 1
  ORDER BY e.location_id, po.object_id
  ON CONFLICT (location_id, object_id) DO NOTHING;

-- location.link_objects_of_attributes
INSERT INTO "processtracker"."location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, at.object_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.location_id = r.id AND e.name_key = r.name_key OFFSET 0) AS e ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_attribute" AS at
  WHERE at.id = pa.attribute_id OFFSET 0) AS at ON TRUE
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $3 AND own.token_digest = $4) AND coalesce((SELECT 1
  FROM "processtracker"."location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = at.object_id
  LIMIT 1), 0) <> 1
  ORDER BY e.location_id, at.object_id
  ON CONFLICT (location_id, object_id) DO NOTHING;

-- unclaim.links
UPDATE "processtracker"."run_extract"
  SET status_id = (SELECT e.claim_return_id
  FROM "processtracker"."extract" AS e
  WHERE e.id = extract_id), status_changed_at = clock_timestamp()
  WHERE ctid = ANY (ARRAY (SELECT x.ctid
  FROM (SELECT e.id AS id
  FROM "processtracker"."extract" AS e
  WHERE e.claimed_by = $1 AND e.status_id = $2 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = $3 AND run.ended_at IS NULL AND run.id = $4 AND run.token_digest = $5)) AS k
  JOIN LATERAL (SELECT x.ctid
  FROM "processtracker"."run_extract" AS x
  WHERE x.extract_id = k.id AND x.run_id = $6 OFFSET 0) AS x ON TRUE));

-- unclaim.history
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, p.latest_ended_at
  FROM "processtracker"."extract" AS e
  JOIN "processtracker"."run" AS run ON run.id = e.claimed_by
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  JOIN "processtracker"."extract_status" AS old ON old.id = e.status_id
  JOIN "processtracker"."extract_status" AS new ON new.id = e.claim_return_id
  WHERE e.claimed_by = $1 AND e.status_id = $2 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = $3 AND run.ended_at IS NULL AND run.id = $4 AND run.token_digest = $5)
  ORDER BY e.id;

-- unclaim.give_back
UPDATE "processtracker"."extract"
  SET status_id = claim_return_id, status_changed_at = clock_timestamp(), claimed_by = $1, claim_return_id = $2
  WHERE claimed_by = $3 AND status_id = $4 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = $5 AND run.ended_at IS NULL AND run.id = $6 AND run.token_digest = $7);

-- claim.select
SELECT *
  FROM (SELECT e.id
  FROM "processtracker"."extract" AS e
  WHERE e.status_id = 2 AND coalesce((SELECT 1
  FROM "processtracker"."extract_dependency" AS ed
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS parent
  WHERE parent.id = ed.parent_id OFFSET 0) AS parent ON TRUE
  WHERE ed.child_id = e.id AND parent.status_id NOT IN ($1,$2)
  ORDER BY ed.child_id, ed.parent_id
  LIMIT 1), 0) <> 1
  ORDER BY e.registered_at, e.id
  LIMIT 100
  FOR NO KEY UPDATE OF e SKIP LOCKED) AS listed
  LIMIT $3;

-- claim.select
SELECT *
  FROM (SELECT e.id
  FROM "processtracker"."extract" AS e
  WHERE e.status_id = 2 AND e.location_id = (SELECT id
  FROM "processtracker"."location"
  WHERE path_key = $1) AND e.location_id = (SELECT id
  FROM "processtracker"."location"
  WHERE name = $2) AND e.location_id > 0 AND e.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $3) AND strpos(e.name, $4) > 0 AND e.name LIKE $5 ESCAPE '|' AND coalesce((SELECT 1
  FROM "processtracker"."extract_dependency" AS ed
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS parent
  WHERE parent.id = ed.parent_id OFFSET 0) AS parent ON TRUE
  WHERE ed.child_id = e.id AND parent.status_id NOT IN ($6,$7)
  ORDER BY ed.child_id, ed.parent_id
  LIMIT 1), 0) <> 1
  ORDER BY e.registered_at, e.id
  LIMIT 100
  FOR NO KEY UPDATE OF e SKIP LOCKED) AS listed
  LIMIT $8;

-- claim.time
SELECT clock_timestamp();

-- claim.take
UPDATE "processtracker"."extract"
  SET status_id = $1, status_changed_at = $2, claimed_by = $3, claim_return_id = $4
  WHERE status_id + 0 = $5 AND id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($6::jsonb) AS r(id bigint)));

-- claim.touch_run
UPDATE "processtracker"."run"
  SET memory = memory
  WHERE id = $1 AND token_digest = $2;

-- claim.history
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, e.status_changed_at
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."extract_status" AS old ON old.id = $3
  JOIN "processtracker"."extract_status" AS new ON new.id = e.status_id
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $4 AND own.token_digest = $5) AND e.claimed_by = $6 AND e.status_id = $7
  ORDER BY e.id;

-- claim.read
SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  WHERE e.claimed_by = $2 AND e.status_id = $3
  ORDER BY e.registered_at, e.id;

-- extract.add_parents
INSERT INTO "processtracker"."extract_dependency" (child_id,parent_id)
  SELECT child.id, parent.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS parent
  WHERE parent.id = r.id OFFSET 0) AS parent ON TRUE
  JOIN "processtracker"."extract" AS child ON child.id = $2
  WHERE coalesce((SELECT 1
  FROM "processtracker"."extract_dependency" AS x
  WHERE x.child_id = child.id AND x.parent_id = parent.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (child_id, parent_id) DO NOTHING;

-- extract.count_parents
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract_dependency" AS ed
  WHERE ed.parent_id = r.id AND ed.child_id = $2 OFFSET 0) AS ed ON TRUE;

-- extract.parents_outside
SELECT DISTINCT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract_dependency" AS ed
  WHERE ed.child_id = r.id OFFSET 0) AS ed ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = ed.parent_id OFFSET 0) AS e ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  WHERE e.status_id NOT IN ($2,$3) AND e.id NOT IN (SELECT r.id
  FROM jsonb_to_recordset($4::jsonb) AS r(id bigint)
  WHERE r.id IS NOT NULL)
  ORDER BY e.registered_at, e.id;

-- extract.registered
SELECT r.n, e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM jsonb_to_recordset($1::jsonb) AS r(n bigint, id bigint, name_key text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.location_id = r.id AND e.name_key = r.name_key OFFSET 0) AS e ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  ORDER BY r.n;

-- extract.lock
SELECT e.id, e.status_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  ORDER BY e.id
  FOR NO KEY UPDATE OF e;

-- extract.move_history
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, clock_timestamp()
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."extract_status" AS old ON old.id = e.status_id
  JOIN "processtracker"."extract_status" AS new ON new.id = $3
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $4 AND own.token_digest = $5) AND old.id <> new.id
  ORDER BY e.id;

-- extract.move
UPDATE "processtracker"."extract"
  SET status_id = $1, status_changed_at = clock_timestamp(), claimed_by = $2, claim_return_id = $3
  WHERE status_id <> $4 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $5 AND own.token_digest = $6) AND id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($7::jsonb) AS r(id bigint)));

-- extract.load
UPDATE "processtracker"."extract"
  SET claim_return_id = status_id, claimed_by = $1, status_changed_at = clock_timestamp(), status_id = $2
  WHERE status_id <> $3 AND id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($4::jsonb) AS r(id bigint)));

-- extract.take_over
UPDATE "processtracker"."extract"
  SET claim_return_id = coalesce(claim_return_id, 2), claimed_by = $1
  WHERE status_id + 0 = $2 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS holder
  WHERE holder.id = claimed_by AND holder.ended_at IS NULL) AND id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($3::jsonb) AS r(id bigint)));

-- release.lock
SELECT e.id, coalesce(e.claimed_by, 0)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  WHERE e.status_id = $2 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS holder
  WHERE holder.id = e.claimed_by AND holder.ended_at IS NULL)
  ORDER BY e.id
  FOR NO KEY UPDATE OF e;

-- release.history
INSERT INTO "processtracker"."status_history" (run_id,extract_id,from_status,to_status,actor_id,process_id,reason,changed_at)
  SELECT e.claimed_by, e.id, old.name, new.name, a.id, coalesce((SELECT holder.process_id
  FROM "processtracker"."run" AS holder
  WHERE holder.id = e.claimed_by), e.process_id), $1, clock_timestamp()
  FROM jsonb_to_recordset($2::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  JOIN "processtracker"."extract_status" AS old ON old.id = e.status_id
  JOIN "processtracker"."extract_status" AS new ON new.id = coalesce(nullif($3, 0), e.claim_return_id, 2)
  JOIN "processtracker"."actor" AS a ON a.id = $4
  ORDER BY e.id;

-- release.links
UPDATE "processtracker"."run_extract"
  SET status_id = (SELECT coalesce(nullif($1, 0), e.claim_return_id, 2)
  FROM "processtracker"."extract" AS e
  WHERE e.id = extract_id), status_changed_at = clock_timestamp()
  WHERE ctid = ANY (ARRAY (SELECT x.ctid
  FROM (SELECT r.id
  FROM jsonb_to_recordset($2::jsonb) AS r(id bigint)) AS k
  JOIN LATERAL (SELECT x.ctid
  FROM "processtracker"."run_extract" AS x
  WHERE x.extract_id = k.id AND x.run_id = $3 OFFSET 0) AS x ON TRUE));

-- release.extracts
UPDATE "processtracker"."extract"
  SET status_id = coalesce(nullif($1, 0), claim_return_id, 2), status_changed_at = clock_timestamp(), claimed_by = $2, claim_return_id = $3
  WHERE id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($4::jsonb) AS r(id bigint)));

-- release.read
SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  ORDER BY e.registered_at, e.id;

-- extract.link_moved
INSERT INTO "processtracker"."run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, clock.now, clock.now
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN (SELECT (SELECT clock_timestamp()) AS now) AS clock ON TRUE
  WHERE EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $3 AND own.token_digest = $4) AND coalesce((SELECT 1
  FROM "processtracker"."run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id
  LIMIT 1), 0) <> 1
  ORDER BY e.id
  ON CONFLICT (run_id, extract_id) DO NOTHING;

-- extract.move_links
UPDATE "processtracker"."run_extract"
  SET status_id = $1, status_changed_at = clock_timestamp()
  WHERE status_id <> $2 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $3 AND own.token_digest = $4) AND ctid = ANY (ARRAY (SELECT x.ctid
  FROM (SELECT r.id
  FROM jsonb_to_recordset($5::jsonb) AS r(id bigint)) AS k
  JOIN LATERAL (SELECT x.ctid
  FROM "processtracker"."run_extract" AS x
  WHERE x.extract_id = k.id AND x.run_id = $6 OFFSET 0) AS x ON TRUE));

-- extract.insert_one
INSERT INTO "processtracker"."extract" (location_id,name,name_key,status_id,file_type_id,compression_type_id,size_bytes,checksum,registered_by,process_id,registered_at,status_changed_at,claimed_by,claim_return_id)
  SELECT l.id, $1, $2, s.id, $3, $4, $5, $6, run.id, run.process_id, clock.now, clock.now, CASE WHEN s.id = 3 THEN run.id END, CASE WHEN s.id = 3 THEN 2 END
  FROM "processtracker"."run" AS run
  JOIN (SELECT (SELECT clock_timestamp()) AS now) AS clock ON TRUE
  JOIN "processtracker"."location" AS l ON l.path_key = $7
  JOIN "processtracker"."extract_status" AS s ON s.id = $8
  WHERE run.id = $9 AND run.ended_at IS NULL AND run.token_digest = $10 AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS x
  WHERE x.location_id = l.id AND x.name_key = $11
  LIMIT 1), 0) <> 1
  ON CONFLICT (location_id, name_key) DO NOTHING;

-- extract.link_one
INSERT INTO "processtracker"."run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, clock.now, clock.now
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."extract" AS e ON e.location_id = l.id
  JOIN (SELECT (SELECT clock_timestamp()) AS now) AS clock ON TRUE
  JOIN "processtracker"."run" AS run ON run.id = $1
  WHERE e.name_key = $2 AND l.path_key = $3 AND run.ended_at IS NULL AND run.token_digest = $4 AND coalesce((SELECT 1
  FROM "processtracker"."run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (run_id, extract_id) DO NOTHING;

-- extract.first_history_one
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, s.name, run.actor_id, e.registered_at
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."extract" AS e ON e.location_id = l.id
  JOIN "processtracker"."run" AS run ON run.id = e.registered_by
  JOIN "processtracker"."extract_status" AS s ON s.id = e.status_id
  WHERE e.name_key = $1 AND l.path_key = $2 AND coalesce((SELECT 1
  FROM "processtracker"."status_history" AS x
  WHERE x.extract_id = e.id
  LIMIT 1), 0) <> 1;

-- extract.registered_one
SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at, CASE WHEN own.run_id IS NULL THEN 0 ELSE 1 END, CASE WHEN EXISTS (SELECT 1
  FROM "processtracker"."process_system" AS ps
  WHERE ps.process_id = $1 AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM "processtracker"."process_object" AS ps
  WHERE ps.process_id = $2 AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM "processtracker"."process_attribute" AS ps
  WHERE ps.process_id = $3 AND ps.role = 'source') THEN 1 ELSE 0 END
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."extract" AS e ON e.location_id = l.id
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  LEFT JOIN "processtracker"."run_extract" AS own ON own.run_id = $4 AND own.extract_id = e.id
  WHERE e.name_key = $5 AND l.path_key = $6;

-- extract.lock
SELECT e.id, e.status_id
  FROM "processtracker"."extract" AS e
  WHERE e.id = $1
  FOR NO KEY UPDATE OF e;

-- extract.move_history
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, clock_timestamp()
  FROM "processtracker"."extract" AS e
  JOIN "processtracker"."run" AS run ON run.id = $1
  JOIN "processtracker"."extract_status" AS old ON old.id = e.status_id
  JOIN "processtracker"."extract_status" AS new ON new.id = $2
  WHERE e.id = $3 AND run.ended_at IS NULL AND run.token_digest = $4 AND old.id <> new.id;

-- extract.move
UPDATE "processtracker"."extract"
  SET status_id = $1, status_changed_at = clock_timestamp(), claimed_by = $2, claim_return_id = $3
  WHERE status_id <> $4 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $5 AND own.token_digest = $6) AND id = $7;

-- extract.load
UPDATE "processtracker"."extract"
  SET claim_return_id = status_id, claimed_by = $1, status_changed_at = clock_timestamp(), status_id = $2
  WHERE status_id <> $3 AND id = $4;

-- extract.take_over
UPDATE "processtracker"."extract"
  SET claim_return_id = coalesce(claim_return_id, 2), claimed_by = $1
  WHERE status_id + 0 = $2 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS holder
  WHERE holder.id = claimed_by AND holder.ended_at IS NULL) AND id = $3;

-- extract.link_moved
INSERT INTO "processtracker"."run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, clock.now, clock.now
  FROM "processtracker"."extract" AS e
  JOIN "processtracker"."run" AS run ON run.id = $1
  JOIN (SELECT (SELECT clock_timestamp()) AS now) AS clock ON TRUE
  WHERE e.id = $2 AND run.ended_at IS NULL AND run.token_digest = $3 AND coalesce((SELECT 1
  FROM "processtracker"."run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id
  LIMIT 1), 0) <> 1
  ON CONFLICT (run_id, extract_id) DO NOTHING;

-- extract.move_links
UPDATE "processtracker"."run_extract"
  SET status_id = $1, status_changed_at = clock_timestamp()
  WHERE status_id <> $2 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $3 AND own.token_digest = $4) AND run_id = $5 AND extract_id = $6;

-- extract.parents_outside
SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "processtracker"."extract_dependency" AS ed
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = ed.parent_id OFFSET 0) AS e ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  WHERE ed.child_id = $1 AND e.status_id NOT IN ($2,$3)
  ORDER BY e.registered_at, e.id;

-- claim.take
UPDATE "processtracker"."extract"
  SET status_id = $1, status_changed_at = $2, claimed_by = $3, claim_return_id = $4
  WHERE status_id + 0 = $5 AND id = $6;

-- claim.history
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, e.status_changed_at
  FROM "processtracker"."extract" AS e
  JOIN "processtracker"."run" AS run ON run.id = $1
  JOIN "processtracker"."extract_status" AS old ON old.id = $2
  JOIN "processtracker"."extract_status" AS new ON new.id = e.status_id
  WHERE e.id = $3 AND run.ended_at IS NULL AND run.token_digest = $4 AND e.claimed_by = $5 AND e.status_id = $6;

-- claim.read
SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "processtracker"."extract" AS e
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  WHERE e.id = $1 AND e.claimed_by = $2 AND e.status_id = $3;

-- extract.link_systems_one
INSERT INTO "processtracker"."extract_system" (extract_id,system_id)
  SELECT DISTINCT e.id, ps.system_id
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."extract" AS e ON e.location_id = l.id
  JOIN "processtracker"."run" AS run ON run.id = $1
  JOIN "processtracker"."process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE e.name_key = $2 AND l.path_key = $3 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $4 AND own.token_digest = $5) AND coalesce((SELECT 1
  FROM "processtracker"."extract_system" AS x
  WHERE x.extract_id = e.id AND x.system_id = ps.system_id
  LIMIT 1), 0) <> 1
  ORDER BY e.id, ps.system_id
  ON CONFLICT (extract_id, system_id) DO NOTHING;

-- extract.link_objects_one
INSERT INTO "processtracker"."extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, po.object_id
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."extract" AS e ON e.location_id = l.id
  JOIN "processtracker"."run" AS run ON run.id = $1
  JOIN "processtracker"."process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE e.name_key = $2 AND l.path_key = $3 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $4 AND own.token_digest = $5) AND coalesce((SELECT 1
  FROM "processtracker"."extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = po.object_id
  LIMIT 1), 0) <> 1
  ORDER BY e.id, po.object_id
  ON CONFLICT (extract_id, object_id) DO NOTHING;

-- extract.link_objects_of_attributes_one
INSERT INTO "processtracker"."extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, at.object_id
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."extract" AS e ON e.location_id = l.id
  JOIN "processtracker"."run" AS run ON run.id = $1
  JOIN "processtracker"."process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_attribute" AS at
  WHERE at.id = pa.attribute_id OFFSET 0) AS at ON TRUE
  WHERE e.name_key = $2 AND l.path_key = $3 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $4 AND own.token_digest = $5) AND coalesce((SELECT 1
  FROM "processtracker"."extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = at.object_id
  LIMIT 1), 0) <> 1
  ORDER BY e.id, at.object_id
  ON CONFLICT (extract_id, object_id) DO NOTHING;

-- location.link_systems_one
INSERT INTO "processtracker"."location_system" (location_id,system_id)
  SELECT DISTINCT e.location_id, ps.system_id
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."extract" AS e ON e.location_id = l.id
  JOIN "processtracker"."run" AS run ON run.id = $1
  JOIN "processtracker"."process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE e.name_key = $2 AND l.path_key = $3 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $4 AND own.token_digest = $5) AND coalesce((SELECT 1
  FROM "processtracker"."location_system" AS x
  WHERE x.location_id = e.location_id AND x.system_id = ps.system_id
  LIMIT 1), 0) <> 1
  ORDER BY e.location_id, ps.system_id
  ON CONFLICT (location_id, system_id) DO NOTHING;

-- location.link_objects_one
INSERT INTO "processtracker"."location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, po.object_id
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."extract" AS e ON e.location_id = l.id
  JOIN "processtracker"."run" AS run ON run.id = $1
  JOIN "processtracker"."process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE e.name_key = $2 AND l.path_key = $3 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $4 AND own.token_digest = $5) AND coalesce((SELECT 1
  FROM "processtracker"."location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = po.object_id
  LIMIT 1), 0) <> 1
  ORDER BY e.location_id, po.object_id
  ON CONFLICT (location_id, object_id) DO NOTHING;

-- location.link_objects_of_attributes_one
INSERT INTO "processtracker"."location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, at.object_id
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."extract" AS e ON e.location_id = l.id
  JOIN "processtracker"."run" AS run ON run.id = $1
  JOIN "processtracker"."process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN LATERAL (SELECT *
  FROM "processtracker"."data_attribute" AS at
  WHERE at.id = pa.attribute_id OFFSET 0) AS at ON TRUE
  WHERE e.name_key = $2 AND l.path_key = $3 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $4 AND own.token_digest = $5) AND coalesce((SELECT 1
  FROM "processtracker"."location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = at.object_id
  LIMIT 1), 0) <> 1
  ORDER BY e.location_id, at.object_id
  ON CONFLICT (location_id, object_id) DO NOTHING;

-- extract.register_whole
WITH e AS (INSERT INTO "processtracker"."extract" (location_id,name,name_key,status_id,file_type_id,compression_type_id,size_bytes,checksum,registered_by,process_id,registered_at,status_changed_at,claimed_by,claim_return_id)
  SELECT l.id, $1, $2, s.id, $3, $4, $5, $6, run.id, run.process_id, clock.now, clock.now, CASE WHEN s.id = 3 THEN run.id END, CASE WHEN s.id = 3 THEN 2 END
  FROM "processtracker"."run" AS run
  JOIN (SELECT (SELECT clock_timestamp()) AS now) AS clock ON TRUE
  JOIN "processtracker"."location" AS l ON l.path_key = $7
  JOIN "processtracker"."extract_status" AS s ON s.id = $8
  WHERE run.id = $9 AND run.ended_at IS NULL AND run.token_digest = $10 AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS x
  WHERE x.location_id = l.id AND x.name_key = $11
  LIMIT 1), 0) <> 1
  ON CONFLICT (location_id, name_key) DO NOTHING RETURNING id, status_id, registered_by, registered_at), l AS (INSERT INTO "processtracker"."run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT e.registered_by, e.id, e.status_id, e.registered_at, e.registered_at
  FROM e) INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, s.name, run.actor_id, e.registered_at
  FROM e
  JOIN "processtracker"."run" AS run ON run.id = e.registered_by
  JOIN "processtracker"."extract_status" AS s ON s.id = e.status_id;

-- extract.move_whole
WITH e AS (SELECT e.id, e.status_id
  FROM "processtracker"."extract" AS e
  WHERE e.id = $1 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $2 AND own.token_digest = $3)
  FOR NO KEY UPDATE OF e), at AS (SELECT e.id, e.status_id, clock_timestamp() AS now
  FROM e), moved AS (UPDATE "processtracker"."extract"
  SET status_id = $4, status_changed_at = at.now, claimed_by = $5, claim_return_id = $6
  FROM at
  WHERE "processtracker"."extract".id = at.id AND at.status_id <> $7), linked AS (INSERT INTO "processtracker"."run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, at.id, s.id, at.now, at.now
  FROM at
  JOIN "processtracker"."run" AS run ON run.id = $8
  JOIN "processtracker"."extract_status" AS s ON s.id = $9
  ON CONFLICT (run_id, extract_id) DO UPDATE
  SET status_id = excluded.status_id, status_changed_at = excluded.status_changed_at
  WHERE run_extract.status_id <> excluded.status_id), history AS (INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, at.id, old.name, new.name, run.actor_id, at.now
  FROM at
  JOIN "processtracker"."run" AS run ON run.id = $10
  JOIN "processtracker"."extract_status" AS old ON old.id = at.status_id
  JOIN "processtracker"."extract_status" AS new ON new.id = $11
  WHERE old.id <> new.id)
  SELECT at.id
  FROM at;

-- extract.load_whole
WITH e AS (SELECT e.id, e.status_id
  FROM "processtracker"."extract" AS e
  WHERE e.id = $1 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS own
  WHERE own.ended_at IS NULL AND own.id = $2 AND own.token_digest = $3) AND e.status_id <> $4 AND coalesce((SELECT 1
  FROM "processtracker"."extract_dependency" AS ed
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS parent
  WHERE parent.id = ed.parent_id OFFSET 0) AS parent ON TRUE
  WHERE ed.child_id = e.id AND parent.status_id NOT IN ($5,$6)
  ORDER BY ed.child_id, ed.parent_id
  LIMIT 1), 0) <> 1
  FOR NO KEY UPDATE OF e), at AS (SELECT e.id, e.status_id, clock_timestamp() AS now
  FROM e), moved AS (UPDATE "processtracker"."extract"
  SET status_id = $7, status_changed_at = at.now, claimed_by = $8, claim_return_id = at.status_id
  FROM at
  WHERE "processtracker"."extract".id = at.id AND at.status_id <> $9), linked AS (INSERT INTO "processtracker"."run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, at.id, s.id, at.now, at.now
  FROM at
  JOIN "processtracker"."run" AS run ON run.id = $10
  JOIN "processtracker"."extract_status" AS s ON s.id = $11
  ON CONFLICT (run_id, extract_id) DO UPDATE
  SET status_id = excluded.status_id, status_changed_at = excluded.status_changed_at
  WHERE run_extract.status_id <> excluded.status_id), history AS (INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, at.id, old.name, new.name, run.actor_id, at.now
  FROM at
  JOIN "processtracker"."run" AS run ON run.id = $12
  JOIN "processtracker"."extract_status" AS old ON old.id = at.status_id
  JOIN "processtracker"."extract_status" AS new ON new.id = $13
  WHERE old.id <> new.id)
  SELECT at.id
  FROM at;

-- file.file_type
SELECT t.id, t.name
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."file_type" AS t
  WHERE t.name = r.name OFFSET 0) AS t ON TRUE;

-- file.compression_type
SELECT t.id, t.name
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."compression_type" AS t
  WHERE t.name = r.name OFFSET 0) AS t ON TRUE;

-- file.fill
WITH j AS (SELECT $1::jsonb AS all) UPDATE "processtracker"."extract" AS x
  SET (file_type_id, compression_type_id, size_bytes, checksum) = (SELECT coalesce(x.file_type_id, r.file_type_id), coalesce(x.compression_type_id, r.compression_type_id), coalesce(x.size_bytes, r.size_bytes), coalesce(x.checksum, r.checksum)
  FROM jsonb_to_record((SELECT jsonb_object_agg(o.value ->> 'id', o.value)
  FROM jsonb_array_elements((SELECT j.all
  FROM j)) AS o) -> x.id::text) AS r(file_type_id bigint, compression_type_id bigint, size_bytes bigint, checksum text, id bigint))
  WHERE x.id = ANY (ARRAY (SELECT (o.value ->> 'id')::bigint
  FROM jsonb_array_elements((SELECT j.all
  FROM j)) AS o));

-- file.of_extracts
SELECT e.id, ft.name, ct.name, e.size_bytes, e.checksum
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  LEFT JOIN "processtracker"."file_type" AS ft ON ft.id = e.file_type_id
  LEFT JOIN "processtracker"."compression_type" AS ct ON ct.id = e.compression_type_id;

-- file.set
WITH j AS (SELECT $1::jsonb AS all) UPDATE "processtracker"."extract" AS x
  SET (file_type_id, compression_type_id, size_bytes, checksum) = (SELECT r.file_type_id, r.compression_type_id, r.size_bytes, r.checksum
  FROM jsonb_to_record((SELECT jsonb_object_agg(o.value ->> 'id', o.value)
  FROM jsonb_array_elements((SELECT j.all
  FROM j)) AS o) -> x.id::text) AS r(file_type_id bigint, compression_type_id bigint, size_bytes bigint, checksum text, id bigint))
  WHERE x.id = ANY (ARRAY (SELECT (o.value ->> 'id')::bigint
  FROM jsonb_array_elements((SELECT j.all
  FROM j)) AS o));

-- extract.measure
WITH j AS (SELECT $1::jsonb AS all) UPDATE "processtracker"."extract" AS x
  SET (write_count, write_low_at, write_high_at, load_count, load_low_at, load_high_at) = (SELECT coalesce(r.write_count, x.write_count), CASE WHEN x.write_low_at <= r.write_low_at THEN x.write_low_at ELSE coalesce(r.write_low_at, x.write_low_at) END, CASE WHEN x.write_high_at >= r.write_high_at THEN x.write_high_at ELSE coalesce(r.write_high_at, x.write_high_at) END, coalesce(r.load_count, x.load_count), CASE WHEN x.load_low_at <= r.load_low_at THEN x.load_low_at ELSE coalesce(r.load_low_at, x.load_low_at) END, CASE WHEN x.load_high_at >= r.load_high_at THEN x.load_high_at ELSE coalesce(r.load_high_at, x.load_high_at) END
  FROM (SELECT id, write_count, write_low_at AT TIME ZONE 'UTC' AS write_low_at, write_high_at AT TIME ZONE 'UTC' AS write_high_at, load_count, load_low_at AT TIME ZONE 'UTC' AS load_low_at, load_high_at AT TIME ZONE 'UTC' AS load_high_at
  FROM jsonb_to_record((SELECT jsonb_object_agg(o.value ->> 'id', o.value)
  FROM jsonb_array_elements((SELECT j.all
  FROM j)) AS o) -> x.id::text) AS j(id bigint, write_count bigint, write_low_at timestamp, write_high_at timestamp, load_count bigint, load_low_at timestamp, load_high_at timestamp)) AS r)
  WHERE x.id = ANY (ARRAY (SELECT (o.value ->> 'id')::bigint
  FROM jsonb_array_elements((SELECT j.all
  FROM j)) AS o));

-- listing.begin
SELECT clock_timestamp();

-- listing.mark
UPDATE "processtracker"."extract"
  SET listed_at = $1
  WHERE (listed_at IS NULL OR listed_at < $2) AND id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($3::jsonb) AS r(id bigint)));

-- listing.gone
SELECT *
  FROM (SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "processtracker"."extract" AS e
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  WHERE e.location_id = $1 AND e.name_key > $2 AND e.status_id NOT IN ($3,$4) AND e.status_changed_at < $5 AND (e.listed_at < $6 OR (e.listed_at IS NULL AND e.status_id <> $7))
  ORDER BY e.name_key
  LIMIT 10000) AS listed
  LIMIT $8;

-- listing.lock_gone
SELECT e.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  WHERE e.status_id NOT IN ($2,$3) AND e.status_changed_at < $4 AND (e.listed_at < $5 OR (e.listed_at IS NULL AND e.status_id <> $6))
  ORDER BY e.id
  FOR NO KEY UPDATE OF e;

-- listing.moved
SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  ORDER BY e.name_key;

-- listing.end
UPDATE "processtracker"."location"
  SET file_count = $1, listed_at = $2
  WHERE id = $3 AND (listed_at IS NULL OR listed_at <= $4);

-- runs.list
SELECT *
  FROM (SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= clock_timestamp()) THEN 1 ELSE 0 END
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_status" AS s
  WHERE s.id = run.status_id OFFSET 0) AS s ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."actor" AS actor
  WHERE actor.id = run.actor_id OFFSET 0) AS actor ON TRUE
  ORDER BY run.id DESC
  LIMIT 100) AS listed
  LIMIT $1;

-- runs.list
SELECT *
  FROM (SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= clock_timestamp()) THEN 1 ELSE 0 END
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_status" AS s
  WHERE s.id = run.status_id OFFSET 0) AS s ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."actor" AS actor
  WHERE actor.id = run.actor_id OFFSET 0) AS actor ON TRUE
  WHERE run.id = $1 AND run.status_id = 2 AND run.ended_at IS NULL AND run.id < $2
  ORDER BY run.ended_at DESC, run.id DESC
  LIMIT 100) AS listed
  LIMIT $3;

-- runs.list
SELECT *
  FROM (SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= clock_timestamp()) THEN 1 ELSE 0 END
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_status" AS s
  WHERE s.id = run.status_id OFFSET 0) AS s ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."actor" AS actor
  WHERE actor.id = run.actor_id OFFSET 0) AS actor ON TRUE
  WHERE run.started_at >= $1 AND run.started_at < $2 AND run.id > $3
  ORDER BY run.id
  LIMIT 100) AS listed
  LIMIT $4;

-- runs.list
SELECT *
  FROM (SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= clock_timestamp()) THEN 1 ELSE 0 END
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_status" AS s
  WHERE s.id = run.status_id OFFSET 0) AS s ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."actor" AS actor
  WHERE actor.id = run.actor_id OFFSET 0) AS actor ON TRUE
  WHERE run.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1)
  ORDER BY run.run_no DESC
  LIMIT 100) AS listed
  LIMIT $2;

-- runs.list
SELECT *
  FROM (SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= clock_timestamp()) THEN 1 ELSE 0 END
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_status" AS s
  WHERE s.id = run.status_id OFFSET 0) AS s ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."actor" AS actor
  WHERE actor.id = run.actor_id OFFSET 0) AS actor ON TRUE
  WHERE run.id = $1 AND run.status_id = 2 AND run.ended_at IS NULL AND run.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $2) AND run.run_no = (SELECT latest_run_no
  FROM "processtracker"."process"
  WHERE name = $3) AND run.run_no < $4
  ORDER BY run.run_no DESC
  LIMIT 100) AS listed
  LIMIT $5;

-- runs.list
SELECT *
  FROM (SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "processtracker"."run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= clock_timestamp()) THEN 1 ELSE 0 END
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_status" AS s
  WHERE s.id = run.status_id OFFSET 0) AS s ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."actor" AS actor
  WHERE actor.id = run.actor_id OFFSET 0) AS actor ON TRUE
  WHERE run.started_at >= $1 AND run.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $2) AND run.run_no > $3
  ORDER BY run.run_no
  LIMIT 100) AS listed
  LIMIT $4;

-- errors.list
SELECT *
  FROM (SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM "processtracker"."run_error" AS e
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.run_id OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."error_type" AS t
  WHERE t.id = e.error_type_id OFFSET 0) AS t ON TRUE
  ORDER BY e.id DESC
  LIMIT 100) AS listed
  LIMIT $1;

-- errors.list
SELECT *
  FROM (SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM "processtracker"."run_error" AS e
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.run_id OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."error_type" AS t
  WHERE t.id = e.error_type_id OFFSET 0) AS t ON TRUE
  WHERE e.run_id = $1 AND e.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $2) AND e.id < $3
  ORDER BY e.id DESC
  LIMIT 100) AS listed
  LIMIT $4;

-- errors.list
SELECT *
  FROM (SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM "processtracker"."run_error" AS e
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.run_id OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."error_type" AS t
  WHERE t.id = e.error_type_id OFFSET 0) AS t ON TRUE
  WHERE e.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND e.recorded_at >= $2 AND e.recorded_at < $3 AND e.id > $4
  ORDER BY e.id
  LIMIT 100) AS listed
  LIMIT $5;

-- runs.soft_dependencies
SELECT p.name, 'soft', dep.fresh, d.parent_run_no, s.name, r.started_at, a.name, 0
  FROM "processtracker"."run_soft_dependency" AS d
  JOIN "processtracker"."process" AS p ON p.id = d.parent_id
  JOIN "processtracker"."run" AS own ON own.id = d.run_id
  LEFT JOIN "processtracker"."process_dependency" AS dep ON dep.child_id = own.process_id AND dep.parent_id = d.parent_id
  LEFT JOIN "processtracker"."run_status" AS s ON s.id = d.parent_status_id
  LEFT JOIN "processtracker"."run" AS r ON r.process_id = d.parent_id AND r.run_no = d.parent_run_no
  LEFT JOIN "processtracker"."actor" AS a ON a.id = r.actor_id
  WHERE d.run_id = $1
  ORDER BY p.name;

-- run.resume
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, run.token_digest, lease.length_ms
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  WHERE run.id = $1;

-- process.definition
SELECT 'process' AS what, coalesce(t.name, '') AS a, coalesce(o.name, '') AS b, coalesce(f.name, '') AS c, '' AS op, '' AS value
  FROM "processtracker"."process" AS p
  LEFT JOIN "processtracker"."process_type" AS t ON t.id = p.type_id
  LEFT JOIN "processtracker"."tool" AS o ON o.id = p.tool_id
  LEFT JOIN "processtracker"."schedule_frequency" AS f ON f.id = p.frequency_id
  WHERE p.name = $1
  UNION ALL
  SELECT 'dataset type', t.name, '', '', '', ''
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_dataset_type" AS l ON l.process_id = p.id
  JOIN "processtracker"."dataset_type" AS t ON t.id = l.dataset_type_id
  WHERE p.name = $2
  UNION ALL
  SELECT l.role, sy.name, '', '', '', ''
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_system" AS l ON l.process_id = p.id
  JOIN "processtracker"."data_system" AS sy ON sy.id = l.system_id
  WHERE p.name = $3
  UNION ALL
  SELECT l.role, sy.name, ob.name, '', '', ''
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_object" AS l ON l.process_id = p.id
  JOIN "processtracker"."data_object" AS ob ON ob.id = l.object_id
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  WHERE p.name = $4
  UNION ALL
  SELECT l.role, sy.name, ob.name, at.name, '', ''
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_attribute" AS l ON l.process_id = p.id
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  WHERE p.name = $5
  UNION ALL
  SELECT 'filter', sy.name, ob.name, at.name, l.operator, l.value
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_filter" AS l ON l.process_id = p.id
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  WHERE p.name = $6;

-- dependency.list
SELECT dep.child_id, child.name, parent.name, dep.kind, dep.fresh, dep.created_at, creator.name AS creator_name, dep.changed_at, changer.name AS changer_name
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = dep.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = dep.changed_by
  WHERE (dep.child_id = $1 OR dep.parent_id = $2)
  ORDER BY child.name, parent.name;

-- processes.list
SELECT *
  FROM (SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM "processtracker"."process" AS p
  LEFT JOIN "processtracker"."process_type" AS t ON t.id = p.type_id
  LEFT JOIN "processtracker"."tool" AS o ON o.id = p.tool_id
  LEFT JOIN "processtracker"."schedule_frequency" AS f ON f.id = p.frequency_id
  LEFT JOIN "processtracker"."run_status" AS s ON s.id = p.latest_status_id
  LEFT JOIN "processtracker"."actor" AS holder ON holder.id = p.held_by
  LEFT JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = p.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = p.changed_by
  WHERE p.id > $1
  ORDER BY p.id
  LIMIT 100) AS listed
  LIMIT $2;

-- processes.list
SELECT *
  FROM (SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM "processtracker"."process" AS p
  LEFT JOIN "processtracker"."process_type" AS t ON t.id = p.type_id
  LEFT JOIN "processtracker"."tool" AS o ON o.id = p.tool_id
  LEFT JOIN "processtracker"."schedule_frequency" AS f ON f.id = p.frequency_id
  LEFT JOIN "processtracker"."run_status" AS s ON s.id = p.latest_status_id
  LEFT JOIN "processtracker"."actor" AS holder ON holder.id = p.held_by
  LEFT JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = p.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = p.changed_by
  WHERE p.id > $1 AND p.name = $2 AND t.name = $3 AND o.name = $4 AND f.name = $5 AND s.name = $6 AND p.id IN (SELECT d.process_id
  FROM (SELECT l.process_id, l.system_id
  FROM "processtracker"."process_system" AS l
  WHERE l.role = $7 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_object" AS l
  JOIN "processtracker"."data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = $8 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_attribute" AS l
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = $9) AS d
  JOIN "processtracker"."data_system" AS sy ON sy.id = d.system_id
  WHERE sy.name = $10) AND p.id IN (SELECT d.process_id
  FROM (SELECT l.process_id, l.system_id
  FROM "processtracker"."process_system" AS l
  WHERE l.role = $11 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_object" AS l
  JOIN "processtracker"."data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = $12 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_attribute" AS l
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = $13) AS d
  JOIN "processtracker"."data_system" AS sy ON sy.id = d.system_id
  WHERE sy.name = $14) AND p.id IN (SELECT pd.process_id
  FROM "processtracker"."process_dataset_type" AS pd
  JOIN "processtracker"."dataset_type" AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = $15) AND p.id IN (SELECT pc.process_id
  FROM "processtracker"."process_contact" AS pc
  JOIN "processtracker"."contact" AS c ON c.id = pc.contact_id
  WHERE c.name = $16 UNION
  SELECT d.process_id
  FROM (SELECT l.process_id, l.system_id
  FROM "processtracker"."process_system" AS l
  WHERE l.role = $17 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_object" AS l
  JOIN "processtracker"."data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = $18 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_attribute" AS l
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = $19) AS d
  JOIN "processtracker"."system_contact" AS sc ON sc.system_id = d.system_id
  JOIN "processtracker"."contact" AS c ON c.id = sc.contact_id
  WHERE c.name = $20) AND p.held_at IS NOT NULL
  ORDER BY p.id
  LIMIT 100) AS listed
  LIMIT $21;

-- processes.list
SELECT *
  FROM (SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM "processtracker"."process" AS p
  LEFT JOIN "processtracker"."process_type" AS t ON t.id = p.type_id
  LEFT JOIN "processtracker"."tool" AS o ON o.id = p.tool_id
  LEFT JOIN "processtracker"."schedule_frequency" AS f ON f.id = p.frequency_id
  LEFT JOIN "processtracker"."run_status" AS s ON s.id = p.latest_status_id
  LEFT JOIN "processtracker"."actor" AS holder ON holder.id = p.held_by
  LEFT JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = p.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = p.changed_by
  ORDER BY p.id DESC
  LIMIT 100) AS listed
  LIMIT $1;

-- processes.list
SELECT *
  FROM (SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= clock_timestamp() THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM "processtracker"."process" AS p
  LEFT JOIN "processtracker"."process_type" AS t ON t.id = p.type_id
  LEFT JOIN "processtracker"."tool" AS o ON o.id = p.tool_id
  LEFT JOIN "processtracker"."schedule_frequency" AS f ON f.id = p.frequency_id
  LEFT JOIN "processtracker"."run_status" AS s ON s.id = p.latest_status_id
  LEFT JOIN "processtracker"."actor" AS holder ON holder.id = p.held_by
  LEFT JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN "processtracker"."run_lease" AS lease ON lease.run_id = run.id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = p.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = p.changed_by
  WHERE p.id < $1
  ORDER BY p.id DESC
  LIMIT 100) AS listed
  LIMIT $2;

-- systems.list
SELECT *
  FROM (SELECT sy.id, sy.name, t.name, sy.charset, sy.created_at, creator.name AS creator_name, sy.changed_at, changer.name AS changer_name
  FROM "processtracker"."data_system" AS sy
  LEFT JOIN "processtracker"."source_type" AS t ON t.id = sy.type_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = sy.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = sy.changed_by
  WHERE sy.id > $1
  ORDER BY sy.id
  LIMIT 100) AS listed
  LIMIT $2;

-- systems.list
SELECT *
  FROM (SELECT sy.id, sy.name, t.name, sy.charset, sy.created_at, creator.name AS creator_name, sy.changed_at, changer.name AS changer_name
  FROM "processtracker"."data_system" AS sy
  LEFT JOIN "processtracker"."source_type" AS t ON t.id = sy.type_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = sy.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = sy.changed_by
  WHERE sy.id > $1 AND sy.name = $2 AND t.name = $3 AND sy.id IN (SELECT d.system_id
  FROM (SELECT l.process_id, l.system_id
  FROM "processtracker"."process_system" AS l
  WHERE l.role = $4 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_object" AS l
  JOIN "processtracker"."data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = $5 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_attribute" AS l
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = $6) AS d
  WHERE d.process_id IN (SELECT pd.process_id
  FROM "processtracker"."process_dataset_type" AS pd
  JOIN "processtracker"."dataset_type" AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = $7))
  ORDER BY sy.id
  LIMIT 100) AS listed
  LIMIT $8;

-- systems.dataset_types
SELECT DISTINCT r.id, t.name
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN (SELECT l.process_id, l.system_id
  FROM "processtracker"."process_system" AS l
  WHERE l.role = $2 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_object" AS l
  JOIN "processtracker"."data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = $3 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_attribute" AS l
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = $4) AS d ON d.system_id = r.id
  JOIN "processtracker"."process_dataset_type" AS pd ON pd.process_id = d.process_id
  JOIN "processtracker"."dataset_type" AS t ON t.id = pd.dataset_type_id
  ORDER BY r.id, t.name;

-- objects.list
SELECT *
  FROM (SELECT ob.id, sy.name, ob.name, ob.charset, ob.created_at, creator.name AS creator_name, ob.changed_at, changer.name AS changer_name
  FROM "processtracker"."data_object" AS ob
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = ob.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = ob.changed_by
  WHERE ob.id > $1
  ORDER BY ob.id
  LIMIT 100) AS listed
  LIMIT $2;

-- objects.list
SELECT *
  FROM (SELECT ob.id, sy.name, ob.name, ob.charset, ob.created_at, creator.name AS creator_name, ob.changed_at, changer.name AS changer_name
  FROM "processtracker"."data_object" AS ob
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = ob.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = ob.changed_by
  WHERE ob.id > $1 AND sy.name = $2 AND ob.name = $3 AND ob.id IN (SELECT d.object_id
  FROM (SELECT l.process_id, ob.id AS object_id
  FROM "processtracker"."process_system" AS l
  JOIN "processtracker"."data_object" AS ob ON ob.system_id = l.system_id
  WHERE l.role = $4 UNION
  SELECT l.process_id, l.object_id
  FROM "processtracker"."process_object" AS l
  WHERE l.role = $5 UNION
  SELECT l.process_id, at.object_id
  FROM "processtracker"."process_attribute" AS l
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  WHERE l.role = $6) AS d
  WHERE d.process_id IN (SELECT pd.process_id
  FROM "processtracker"."process_dataset_type" AS pd
  JOIN "processtracker"."dataset_type" AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = $7))
  ORDER BY ob.id
  LIMIT 100) AS listed
  LIMIT $8;

-- objects.dataset_types
SELECT DISTINCT r.id, t.name
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN (SELECT l.process_id, ob.id AS object_id
  FROM "processtracker"."process_system" AS l
  JOIN "processtracker"."data_object" AS ob ON ob.system_id = l.system_id
  WHERE l.role = $2 UNION
  SELECT l.process_id, l.object_id
  FROM "processtracker"."process_object" AS l
  WHERE l.role = $3 UNION
  SELECT l.process_id, at.object_id
  FROM "processtracker"."process_attribute" AS l
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  WHERE l.role = $4) AS d ON d.object_id = r.id
  JOIN "processtracker"."process_dataset_type" AS pd ON pd.process_id = d.process_id
  JOIN "processtracker"."dataset_type" AS t ON t.id = pd.dataset_type_id
  ORDER BY r.id, t.name;

-- attributes.list
SELECT at.id, at.name, at.data_type, at.length, at.decimals, at.path, at.default_value, at.is_key, at.is_filter, at.is_partition, at.is_pii, at.created_at, creator.name AS creator_name, at.changed_at, changer.name AS changer_name
  FROM "processtracker"."data_attribute" AS at
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  JOIN "processtracker"."data_system" AS sy ON sy.id = ob.system_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = at.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = at.changed_by
  WHERE ob.name = $1 AND sy.name = $2 AND at.id > $3
  ORDER BY at.id
  LIMIT $4;

-- history.list
SELECT *
  FROM (SELECT h.id, h.changed_at, (SELECT named.name
  FROM "processtracker"."process" AS named
  WHERE named.id = h.process_id), h.run_id, (SELECT named.run_no
  FROM "processtracker"."run" AS named
  WHERE named.id = h.run_id), h.extract_id, (SELECT named.name
  FROM "processtracker"."extract" AS named
  WHERE named.id = h.extract_id), (SELECT l.path
  FROM "processtracker"."extract" AS e
  JOIN "processtracker"."location" AS l ON l.id = e.location_id
  WHERE e.id = h.extract_id), h.from_status, h.to_status, (SELECT named.name
  FROM "processtracker"."actor" AS named
  WHERE named.id = h.actor_id), h.reason, h.from_at, h.to_at
  FROM "processtracker"."status_history" AS h
  ORDER BY h.changed_at, h.id
  LIMIT 100) AS listed
  LIMIT $1;

-- history.list
SELECT *
  FROM (SELECT h.id, h.changed_at, (SELECT named.name
  FROM "processtracker"."process" AS named
  WHERE named.id = h.process_id), h.run_id, (SELECT named.run_no
  FROM "processtracker"."run" AS named
  WHERE named.id = h.run_id), h.extract_id, (SELECT named.name
  FROM "processtracker"."extract" AS named
  WHERE named.id = h.extract_id), (SELECT l.path
  FROM "processtracker"."extract" AS e
  JOIN "processtracker"."location" AS l ON l.id = e.location_id
  WHERE e.id = h.extract_id), h.from_status, h.to_status, (SELECT named.name
  FROM "processtracker"."actor" AS named
  WHERE named.id = h.actor_id), h.reason, h.from_at, h.to_at
  FROM "processtracker"."status_history" AS h
  WHERE h.run_id = $1 AND h.extract_id = $2 AND h.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $3) AND h.changed_at >= $4 AND h.changed_at < $5 AND h.changed_at >= $6 AND (h.changed_at > $7 OR h.id > $8)
  ORDER BY h.changed_at, h.id
  LIMIT 100) AS listed
  LIMIT $9;

-- history.list
SELECT *
  FROM (SELECT h.id, h.changed_at, (SELECT named.name
  FROM "processtracker"."process" AS named
  WHERE named.id = h.process_id), h.run_id, (SELECT named.run_no
  FROM "processtracker"."run" AS named
  WHERE named.id = h.run_id), h.extract_id, (SELECT named.name
  FROM "processtracker"."extract" AS named
  WHERE named.id = h.extract_id), (SELECT l.path
  FROM "processtracker"."extract" AS e
  JOIN "processtracker"."location" AS l ON l.id = e.location_id
  WHERE e.id = h.extract_id), h.from_status, h.to_status, (SELECT named.name
  FROM "processtracker"."actor" AS named
  WHERE named.id = h.actor_id), h.reason, h.from_at, h.to_at
  FROM "processtracker"."status_history" AS h
  WHERE h.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND h.changed_at <= $2 AND (h.changed_at < $3 OR h.id < $4)
  ORDER BY h.changed_at DESC, h.id DESC
  LIMIT 100) AS listed
  LIMIT $5;

-- extract.find
SELECT *
  FROM (SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "processtracker"."extract" AS e
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  ORDER BY e.registered_at, e.id
  LIMIT 100) AS listed
  LIMIT $1;

-- extract.find
SELECT *
  FROM (SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "processtracker"."extract" AS e
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  WHERE e.id = $1 AND e.name = $2 AND e.name_key = $3 AND e.status_id = 2 AND e.location_id = (SELECT id
  FROM "processtracker"."location"
  WHERE path_key = $4) AND e.location_id = (SELECT id
  FROM "processtracker"."location"
  WHERE name = $5) AND e.location_id > 0 AND e.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $6) AND e.status_id = 3 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS holder
  WHERE holder.id = e.claimed_by AND holder.ended_at IS NULL) AND e.process_id IN (SELECT pd.process_id
  FROM "processtracker"."process_dataset_type" AS pd
  JOIN "processtracker"."dataset_type" AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = $7) AND strpos(e.name, $8) > 0 AND e.name LIKE $9 ESCAPE '|' AND e.id IN (SELECT re.extract_id
  FROM "processtracker"."run_extract" AS re
  WHERE re.run_id = $10) AND e.registered_at >= $11 AND e.registered_at < $12 AND e.registered_at >= $13 AND (e.registered_at > $14 OR e.id > $15)
  ORDER BY e.registered_at, e.id
  LIMIT 100) AS listed
  LIMIT $16;

-- extract.find
SELECT *
  FROM (SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "processtracker"."extract" AS e
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  WHERE e.process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND e.registered_at <= $2 AND (e.registered_at < $3 OR e.id < $4)
  ORDER BY e.registered_at DESC, e.id DESC
  LIMIT 100) AS listed
  LIMIT $5;

-- purge.runs
SELECT *
  FROM (SELECT run.id, run.ended_at
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  WHERE run.ended_at < $1 AND run.run_no <> p.latest_run_no AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id
  LIMIT 1), 0) <> 1 AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id
  LIMIT 1), 0) <> 1 AND (run.name IS NULL OR run.status_id <> $2)
  ORDER BY run.ended_at, run.id
  LIMIT 100) AS listed
  LIMIT $3;

-- purge.extracts
SELECT *
  FROM (SELECT e.id, e.registered_at, e.location_id
  FROM "processtracker"."extract" AS e
  WHERE e.status_id = 4 AND CASE WHEN e.claimed_by IS NULL THEN 0 ELSE 1 END <> 1 AND e.registered_at < $1 AND e.status_changed_at < $2 AND coalesce((SELECT 1
  FROM "processtracker"."extract_dependency" AS ed
  WHERE ed.parent_id = e.id
  ORDER BY ed.parent_id, ed.child_id
  LIMIT 1), 0) <> 1
  ORDER BY e.registered_at, e.id
  LIMIT 100
  FOR NO KEY UPDATE OF e SKIP LOCKED) AS listed
  LIMIT $3;

-- purge.refusals
SELECT f.id, f.last_at
  FROM "processtracker"."refusal" AS f
  WHERE f.id > $1 AND f.last_at < $2
  ORDER BY f.id
  LIMIT $3;

-- purge.named_runs
SELECT *
  FROM (SELECT run.id, run.ended_at
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  WHERE run.ended_at < $1 AND run.run_no <> p.latest_run_no AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id
  LIMIT 1), 0) <> 1 AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id
  LIMIT 1), 0) <> 1
  ORDER BY run.ended_at, run.id
  LIMIT 100) AS listed
  LIMIT $2;

-- purge.runs
SELECT *
  FROM (SELECT run.id, run.ended_at
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  WHERE run.ended_at < $1 AND run.run_no <> p.latest_run_no AND run.ended_at >= $2 AND (run.ended_at > $3 OR run.id > $4) AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id
  LIMIT 1), 0) <> 1 AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id
  LIMIT 1), 0) <> 1 AND (run.name IS NULL OR run.status_id <> $5)
  ORDER BY run.ended_at, run.id
  LIMIT 100) AS listed
  LIMIT $6;

-- purge.extracts
SELECT *
  FROM (SELECT e.id, e.registered_at, e.location_id
  FROM "processtracker"."extract" AS e
  WHERE e.status_id = 4 AND CASE WHEN e.claimed_by IS NULL THEN 0 ELSE 1 END <> 1 AND e.registered_at < $1 AND e.status_changed_at < $2 AND coalesce((SELECT 1
  FROM "processtracker"."extract_dependency" AS ed
  WHERE ed.parent_id = e.id
  ORDER BY ed.parent_id, ed.child_id
  LIMIT 1), 0) <> 1 AND e.registered_at >= $3 AND (e.registered_at > $4 OR e.id > $5)
  ORDER BY e.registered_at, e.id
  LIMIT 100
  FOR NO KEY UPDATE OF e SKIP LOCKED) AS listed
  LIMIT $6;

-- purge.named_runs
SELECT *
  FROM (SELECT run.id, run.ended_at
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  WHERE run.ended_at < $1 AND run.run_no <> p.latest_run_no AND run.ended_at >= $2 AND (run.ended_at > $3 OR run.id > $4) AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id
  LIMIT 1), 0) <> 1 AND coalesce((SELECT 1
  FROM "processtracker"."extract" AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id
  LIMIT 1), 0) <> 1
  ORDER BY run.ended_at, run.id
  LIMIT 100) AS listed
  LIMIT $5;

-- purge.delete_status_history_by_run_id
DELETE
  FROM "processtracker"."status_history"
  WHERE run_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_status_history_by_run_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."status_history" AS c
  WHERE c.run_id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_run_error_by_run_id
DELETE
  FROM "processtracker"."run_error"
  WHERE run_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_run_error_by_run_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_error" AS c
  WHERE c.run_id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_run_extract_by_run_id
DELETE
  FROM "processtracker"."run_extract"
  WHERE run_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_run_extract_by_run_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_extract" AS c
  WHERE c.run_id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_run_soft_dependency_by_run_id
DELETE
  FROM "processtracker"."run_soft_dependency"
  WHERE run_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_run_soft_dependency_by_run_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_soft_dependency" AS c
  WHERE c.run_id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_run_lease_by_run_id
DELETE
  FROM "processtracker"."run_lease"
  WHERE run_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_run_lease_by_run_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_lease" AS c
  WHERE c.run_id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_run_by_id
DELETE
  FROM "processtracker"."run"
  WHERE id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_run_by_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS c
  WHERE c.id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_status_history_by_extract_id
DELETE
  FROM "processtracker"."status_history"
  WHERE extract_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_status_history_by_extract_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."status_history" AS c
  WHERE c.extract_id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_run_extract_by_extract_id
DELETE
  FROM "processtracker"."run_extract"
  WHERE extract_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_run_extract_by_extract_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_extract" AS c
  WHERE c.extract_id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_extract_dependency_by_child_id
DELETE
  FROM "processtracker"."extract_dependency"
  WHERE child_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_extract_dependency_by_child_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract_dependency" AS c
  WHERE c.child_id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_extract_system_by_extract_id
DELETE
  FROM "processtracker"."extract_system"
  WHERE extract_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_extract_system_by_extract_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract_system" AS c
  WHERE c.extract_id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_extract_object_by_extract_id
DELETE
  FROM "processtracker"."extract_object"
  WHERE extract_id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_extract_object_by_extract_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract_object" AS c
  WHERE c.extract_id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_extract_by_id
DELETE
  FROM "processtracker"."extract"
  WHERE id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_extract_by_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS c
  WHERE c.id = r.id OFFSET 0) AS c ON TRUE;

-- purge.delete_refusal_by_id
DELETE
  FROM "processtracker"."refusal"
  WHERE id = ANY (ARRAY (SELECT r.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)));

-- purge.count_refusal_by_id
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."refusal" AS c
  WHERE c.id = r.id OFFSET 0) AS c ON TRUE;

-- overview.dependencies
SELECT *
  FROM (SELECT dep.child_id, dep.parent_id, child.name, parent.name, dep.kind, dep.fresh, dep.created_at, creator.name AS creator_name, dep.changed_at, changer.name AS changer_name
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = dep.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = dep.changed_by
  ORDER BY dep.child_id, dep.parent_id
  LIMIT 10000) AS listed
  LIMIT $1;

-- overview.dependencies
SELECT *
  FROM (SELECT dep.child_id, dep.parent_id, child.name, parent.name, dep.kind, dep.fresh, dep.created_at, creator.name AS creator_name, dep.changed_at, changer.name AS changer_name
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = dep.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = dep.changed_by
  ORDER BY dep.child_id, dep.parent_id
  LIMIT 1000) AS listed
  LIMIT $1;

-- overview.dependencies
SELECT *
  FROM (SELECT dep.child_id, dep.parent_id, child.name, parent.name, dep.kind, dep.fresh, dep.created_at, creator.name AS creator_name, dep.changed_at, changer.name AS changer_name
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "processtracker"."actor" AS creator ON creator.id = dep.created_by
  LEFT JOIN "processtracker"."actor" AS changer ON changer.id = dep.changed_by
  WHERE dep.child_id >= $1 AND (dep.child_id > $2 OR dep.parent_id > $3)
  ORDER BY dep.child_id, dep.parent_id
  LIMIT 1000) AS listed
  LIMIT $4;

-- overview.contacts
SELECT *
  FROM (SELECT p.name, c.name, c.email, '' AS of_system
  FROM "processtracker"."process_contact" AS pc
  JOIN "processtracker"."process" AS p ON p.id = pc.process_id
  JOIN "processtracker"."contact" AS c ON c.id = pc.contact_id
  ORDER BY pc.process_id, pc.contact_id
  LIMIT 10000) AS listed
  LIMIT $1;

-- overview.contacts_of_sources
SELECT *
  FROM (SELECT p.name, c.name, c.email, sy.name
  FROM (SELECT l.process_id, l.system_id
  FROM "processtracker"."process_system" AS l
  WHERE l.role = $1 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_object" AS l
  JOIN "processtracker"."data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = $2 UNION
  SELECT l.process_id, ob.system_id
  FROM "processtracker"."process_attribute" AS l
  JOIN "processtracker"."data_attribute" AS at ON at.id = l.attribute_id
  JOIN "processtracker"."data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = $3) AS d
  JOIN "processtracker"."process" AS p ON p.id = d.process_id
  JOIN "processtracker"."data_system" AS sy ON sy.id = d.system_id
  JOIN "processtracker"."system_contact" AS sc ON sc.system_id = d.system_id
  JOIN "processtracker"."contact" AS c ON c.id = sc.contact_id
  ORDER BY d.process_id, sy.name, c.id
  LIMIT 10000) AS listed
  LIMIT $4;

-- overview.locations
SELECT *
  FROM (SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  WHERE l.id > $1
  ORDER BY l.id
  LIMIT 10000) AS listed
  LIMIT $2;

-- overview.runs_during
SELECT *
  FROM (SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM "processtracker"."run" AS run
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run_status" AS s
  WHERE s.id = run.status_id OFFSET 0) AS s ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."actor" AS actor
  WHERE actor.id = run.actor_id OFFSET 0) AS actor ON TRUE
  WHERE run.ended_at >= $1 AND run.ended_at < $2 AND run.started_at < $3
  ORDER BY run.ended_at DESC, run.id DESC
  LIMIT 10000) AS listed
  LIMIT $4;

-- overview.durations
SELECT p.name, run.started_at, run.ended_at
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no < p.latest_run_no AND run.run_no >= p.latest_run_no - $1
  WHERE p.active = $2 AND run.status_id = 2
  ORDER BY p.id, run.run_no DESC;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT *
  FROM (SELECT e.location_id, e.registered_at
  FROM "processtracker"."extract" AS e
  WHERE e.status_id = 1
  ORDER BY e.registered_at, e.id
  LIMIT 10000) AS listed
  LIMIT $1) AS w
  JOIN "processtracker"."location" AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT *
  FROM (SELECT e.location_id, e.registered_at
  FROM "processtracker"."extract" AS e
  WHERE e.status_id = 2
  ORDER BY e.registered_at, e.id
  LIMIT 10000) AS listed
  LIMIT $1) AS w
  JOIN "processtracker"."location" AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT *
  FROM (SELECT e.location_id, e.registered_at
  FROM "processtracker"."extract" AS e
  WHERE e.status_id = 3
  ORDER BY e.registered_at, e.id
  LIMIT 10000) AS listed
  LIMIT $1) AS w
  JOIN "processtracker"."location" AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT *
  FROM (SELECT e.location_id, e.registered_at
  FROM "processtracker"."extract" AS e
  WHERE e.status_id = 7
  ORDER BY e.registered_at, e.id
  LIMIT 10000) AS listed
  LIMIT $1) AS w
  JOIN "processtracker"."location" AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.claimants
SELECT r.id, run.id, p.name, run.run_no
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN LATERAL (SELECT *
  FROM "processtracker"."extract" AS e
  WHERE e.id = r.id OFFSET 0) AS e ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.claimed_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = run.process_id OFFSET 0) AS p ON TRUE
  ORDER BY r.id;

-- overview.extracts_named
SELECT *
  FROM (SELECT e.id, e.name, (SELECT named.name
  FROM "processtracker"."extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "processtracker"."location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "processtracker"."file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "processtracker"."compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "processtracker"."extract" AS e
  JOIN LATERAL (SELECT *
  FROM "processtracker"."location" AS l
  WHERE l.id = e.location_id OFFSET 0) AS l ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."run" AS run
  WHERE run.id = e.registered_by OFFSET 0) AS run ON TRUE
  JOIN LATERAL (SELECT *
  FROM "processtracker"."process" AS p
  WHERE p.id = e.process_id OFFSET 0) AS p ON TRUE
  WHERE e.name >= $1 AND e.name < $2 AND e.name LIKE $3 ESCAPE '|'
  ORDER BY e.name, e.id
  LIMIT 100) AS listed
  LIMIT $4;

-- schema.exists
SELECT count(*)
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2;

-- schema.version
SELECT coalesce(max(version), 0)
  FROM "processtracker"."schema_version";

-- schema.refuse_newer
SELECT (SELECT sv.version
  FROM "processtracker"."schema_version" AS sv
  JOIN (SELECT 1 AS n
  UNION ALL
  SELECT 2 AS n) AS twice ON twice.n > 0
  WHERE sv.version > $1);

-- clock.now
SELECT clock_timestamp();

