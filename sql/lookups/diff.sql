-- grain: the edit that made version $version of the article $article_id, with both texts
SELECT edits.*, earlier.text AS text_before, later.text AS text_after, later.language
FROM edits
JOIN article_versions AS later USING (article_id, version)
JOIN article_versions AS earlier
    ON earlier.article_id = edits.article_id AND earlier.version = edits.version - 1
WHERE edits.article_id = $article_id AND edits.version = $version
