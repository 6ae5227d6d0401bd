-- The beginnings of words that a query asks for, sorted: all are between the first and the last.
CREATE MACRO bounds(query) AS list_sort(list_transform(
    list_filter(asked(query), lambda clause: clause.begins), lambda clause: clause.terms[-1]
))
