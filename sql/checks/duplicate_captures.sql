-- grain: one row per capture that is stored more than once
-- check: fail
-- means: captures that are stored more than once
-- when: run
SELECT capture_id, count(*) AS rows
FROM base.captures
WHERE batch > $since
GROUP BY capture_id
HAVING count(*) > 1
