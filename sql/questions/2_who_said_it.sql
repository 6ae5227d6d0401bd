-- Who is quoted most, and in how many outlets?
SELECT
    speaker,
    count(*) AS quotes,
    count(DISTINCT outlet) AS outlets,
    left(arg_max(quote, length(quote)), 64) || ' …' AS longest
FROM quotes
WHERE speaker IS NOT NULL AND kind <> 'scare'
GROUP BY speaker
ORDER BY outlets DESC, quotes DESC, speaker
LIMIT 8
