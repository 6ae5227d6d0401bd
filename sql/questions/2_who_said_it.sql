-- Who said it, and how many outlets carried it?
SELECT speaker, left(quote, 64) AS quote, articles, len(outlets) AS outlets, strftime(first_seen, '%d %b %H:%M') AS first_seen
FROM utterances
ORDER BY len(outlets) DESC, articles DESC, utterances.first_seen, speaker, quote
LIMIT 8
