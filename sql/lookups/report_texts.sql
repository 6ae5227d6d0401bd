-- grain: one row per text that other outlets carry too, with its copies in their order
SELECT
    original_id,
    coalesce(any_value(original_title), any_value(title)) AS title,
    any_value(original.url) AS url,
    any_value(original_outlet) AS outlet,
    any_value(original_published_at) AS published_at,
    any_value(original.agency) AS agency,
    count(DISTINCT reprints.outlet) AS outlets,
    list(
        {
            'outlet': reprints.outlet, 'title': title, 'url': copy.url, 'delay_hours': delay_hours, 'kind': kind,
            'direction_from': direction_from
        }
        ORDER BY reprints.published_at, reprints.outlet, reprints.article_id
    ) AS copies
FROM reprints
JOIN (SELECT article_id, coalesce(canonical_url, url) AS url FROM articles) AS copy USING (article_id)
LEFT JOIN (SELECT article_id, agency, coalesce(canonical_url, url) AS url FROM articles) AS original
    ON original.article_id = original_id
WHERE NOT is_same_outlet AND list_contains($ids, original_id)
GROUP BY original_id
ORDER BY list_position($ids, original_id)
