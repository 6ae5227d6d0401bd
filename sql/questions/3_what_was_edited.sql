-- Which articles were changed after publication, how long after, and were readers told?
SELECT
    outlet,
    left(title_after, 48) AS title,
    title_after <> title_before AS retitled,
    len(paragraphs_added) AS added,
    len(paragraphs_removed) AS removed,
    len(paragraphs_changed) AS changed,
    round(hours_since_publication)::INTEGER AS hours_later,
    is_silent
FROM edits
ORDER BY hours_since_publication, outlet, url
LIMIT 12
