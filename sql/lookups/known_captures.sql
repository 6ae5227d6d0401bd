-- grain: one row per capture of `wanted` (key, run_id) that the lake holds already
-- by: captures.key
SELECT capture_id, outcome, error
FROM base.captures
SEMI JOIN wanted USING (key, run_id)
