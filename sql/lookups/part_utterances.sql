-- grain: one row per quotation of speech in an article of `chosen` (key), from batch $first on
FROM base.utterances
SEMI JOIN chosen USING (key)
WHERE batch >= $first
