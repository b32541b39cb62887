{{ config(materialized="table") }}
SELECT teamID, W FROM {{ ref("teams") }} WHERE W > L {{ "AND nonsense > 1" if env_var("BREAK", "") }}
