-- Whether a text begins with a character of a script whose terms are pairs of characters, see tokens.
CREATE MACRO is_unspaced(word) AS
regexp_matches(word, '^[\p{Han}\p{Hiragana}\p{Katakana}\x{30FC}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]')
