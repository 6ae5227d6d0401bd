-- grain: one row per day of `period` and outlet; all but the six outlets with most articles are one, with outlet NULL
WITH most AS (
    SELECT outlet
    FROM period
    GROUP BY outlet
    ORDER BY count(*) DESC, outlet
    LIMIT 6
)
SELECT day, most.outlet, count(*) AS articles
FROM period
LEFT JOIN most USING (outlet)
GROUP BY ALL
ORDER BY ALL NULLS LAST
