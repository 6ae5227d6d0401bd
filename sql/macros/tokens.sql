-- The terms of a text, in order; by the same rule of texts that are indexed and of what is asked.
-- A term is a run of letters, marks and digits, in lower case and Unicode's form C; apostrophes, hyphens and all else
-- part terms. Of scripts that write no spaces, and Korean, each two neighbouring characters are a term. Accents are taken
-- off Latin and Greek letters alone: in other scripts marks tell words apart. Arabic and Hebrew lose their vowel points,
-- and letters that are written in more than one way are written in one.
-- White space always parts terms: tokens(a || ' ' || b) is tokens(a) || tokens(b), which the index makes use of.
CREATE MACRO tokens(words) AS CASE
-- as many bytes as characters: plain ASCII, where the rule comes to this, in a tenth of the time
WHEN strlen(words) = length(words) THEN regexp_extract_all(lower(words), '[a-z0-9]{1,64}')
ELSE flatten(list_transform(
    regexp_extract_all(
        regexp_replace(
            replace(replace(replace(
                translate(
                    -- marks that may be left out, soft hyphens and joiners
                    regexp_replace(
                        lower(nfc_normalize(words)),
                        '[\x{0591}-\x{05BD}\x{05BF}-\x{05C7}\x{05F3}\x{05F4}\x{0610}-\x{061A}\x{0640}\x{064B}-\x{065F}\x{0670}\x{00AD}\x{200D}]',
                        '', 'g'
                    ),
                    'øłđðıςёأإآٱىیةک٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
                    'olddiσеااااييهك012345678901234567890123456789abcdefghijklmnopqrstuvwxyz'
                ),
                'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'
            ),
            '([\p{Han}\p{Hiragana}\p{Katakana}\x{30FC}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+)', ' \1 ', 'g'
        ),
        '[\p{L}\p{M}\p{N}]+'
    ),
    lambda term: CASE
        WHEN regexp_matches(term, '^[\x{00}-\x{7F}]+$') THEN [left(term, 64)]
        WHEN regexp_matches(term, '^[\p{Han}\p{Hiragana}\p{Katakana}\x{30FC}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]{2}')
            THEN list_transform(range(1, length(term)), lambda i: substr(term, i, 2))
        WHEN regexp_matches(term, '[\p{Latin}\p{Greek}]') THEN [left(strip_accents(term), 64)]
        ELSE [left(term, 64)]
    END
)) END
