-- What a query asks for, in order: words, beginnings of words* and "phrases", each with its terms; the first 32 that have
-- any. A single character of a script without spaces is a beginning: the index holds it only with the one after it.
CREATE MACRO asked(query) AS list_transform(
    list_filter(
        list_transform(
            regexp_extract_all(left(query, 2000), '"[^"]*"?\*?|[^\s"]\S*'),
            lambda written: {'written': written, 'terms': tokens(written)[:32]}
        ),
        lambda clause: len(clause.terms) > 0
    )[:32],
    lambda clause: {
        'terms': clause.terms,
        'quoted': starts_with(clause.written, '"'),
        'begins': ends_with(clause.written, '*') OR (is_unspaced(clause.terms[1]) AND length(clause.terms[1]) = 1)
    }
)
