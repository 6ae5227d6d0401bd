-- Whether a paragraph or a title is a note on a correction or an update; NULL where it is not one of the languages whose
-- words are listed here, in which nobody can say that a note is absent. A note begins with a label before a colon or in
-- brackets, or says that this article was changed. All languages are one expression, which is then compiled only once.
CREATE MACRO is_correction_note(words, language) AS CASE
    WHEN regexp_matches(
        words,
        '(?i)^\P{L}*(?:'
        || 'corrections?|clarifications?|erratum|update|updated|amended|editor[''’]s note' -- en
        || '|korrektur(?:hinweis)?|berichtigung|richtigstellung|klarstellung|update|aktualisierung|aktualisiert|(?:anmerkung|hinweis) der redaktion' -- de
        || '|rectificatif|correction|erratum|errata|corrigé|mise à jour|mis à jour|précision|note de la rédaction' -- fr
        || '|corrección|fe de err(?:atas|ores)|rectificación|aclaración|actualización|actualizado|nota de (?:la )?redacción' -- es
        || '|correção|errata|erramos|retificação|atualização|atualizad[oa]|nota da redação' -- pt
        || '|correzione|errata corrige|rettifica|precisazione|aggiornamento|aggiornato|nota della redazione' -- it
        || '|correctie|rectificatie|verbetering|aanvulling|update|bijgewerkt|naschrift' -- nl
        || '|rättelse|förtydligande|uppdatering|uppdaterad' -- sv
        || '|rettelse|præcisering|opdatering|opdateret' -- da
        || '|rettelse|retting|presisering|oppdatering|oppdatert' -- no
        || '|sprostowanie|korekta|errata|aktualizacja|od redakcji' -- pl
        || '|oprava|opraveno|upřesnění|aktualizace|aktualizováno' -- cs
        || '|исправление|исправлено|уточнение|поправка|опровержение|обновление|обновлено|от редакции' -- ru
        || '|виправлення|виправлено|уточнення|спростування|оновлення|оновлено|від редакції' -- uk
        || '|düzeltme|güncelleme|güncellendi|açıklama' -- tr
        || '|διόρθωση|διευκρίνιση|ενημέρωση' -- el
        || '|تصحيح|تصويب|توضيح|تحديث' -- ar
        || '|תיקון|הבהרה|עדכון' -- he
        || '|訂正|更新|追記|修正|おわび|お詫び' -- ja
        || '|更正|勘误|勘誤|更新|编者注|編按' -- zh
        || '|정정|바로잡습니다|수정|업데이트|알려드립니다' -- ko
        || ')(?:\s*[:：(\[）)】\]]|[^:：.!?。]{0,40}[:：]|\P{L}*$)|(?:'
        || 'this (?:article|story|report|post|piece|page|headline)\b.{0,80}\b(?:amended|corrected|updated|clarified|revised|edited)\b|(?:an earlier|a previous|the original) version of (?:this|the)' -- en
        || '|diese[rnsm]? (?:artikel|text|beitrag|bericht|meldung)s?\b.{0,80}(?:korrigiert|aktualisiert|berichtigt|ergänzt|geändert|überarbeitet)|(?:früheren|ursprünglichen|vorherigen|vorigen|ersten|älteren) (?:fassung|version) (?:dieses|des|der)' -- de
        || '|(?:cet article|ce texte|cette dépêche)\b.{0,80}(?:corrigé|modifié|mise? à jour|actualisé|rectifié)|version (?:antérieure|précédente|initiale|originale) de (?:cet|ce|l)' -- fr
        || '|(?:este artículo|esta noticia|este texto|esta información)\b.{0,80}(?:corregid|actualizad|modificad|rectificad)|versión (?:anterior|previa|inicial|original) de est' -- es
        || '|(?:este artigo|esta notícia|est[ea] texto|esta reportagem)\b.{0,80}(?:corrigid|atualizad|alterad|retificad)|versão (?:anterior|prévia|inicial|original) dest' -- pt
        || '|(?:questo articolo|questa notizia|questo testo)\b.{0,80}(?:corrett|aggiornat|modificat|rettificat)|versione (?:precedente|iniziale|originale) di quest' -- it
        || '|(?:dit artikel|dit bericht|dit stuk|deze tekst)\b.{0,80}(?:gecorrigeerd|aangepast|bijgewerkt|aangevuld|gewijzigd)|(?:eerdere|vorige|oorspronkelijke) versie van (?:dit|deze|het)' -- nl
        || '|tidigare version av (?:artikeln|texten|den här)|(?:artikeln|texten) har (?:rättats|uppdaterats|korrigerats|ändrats)' -- sv
        || '|tidligere version af (?:artiklen|denne)|artiklen er (?:rettet|opdateret|ændret)' -- da
        || '|tidligere versjon av (?:artikkelen|saken|denne)|(?:artikkelen|saken) er (?:rettet|oppdatert|endret)' -- no
        || '|(?:wcześniejszej|poprzedniej|pierwotnej) wersji (?:tego )?(?:artykułu|tekstu)|(?:artykuł|tekst) został (?:poprawiony|zaktualizowany|zmieniony)' -- pl
        || '|(?:předchozí|původní|dřívější) verzi (?:tohoto )?(?:článku|textu)|článek byl (?:opraven|aktualizován|upraven)' -- cs
        || '|(?:первой|предыдущей|первоначальной|ранней) версии (?:этой |этого )?(?:статьи|материала|текста|новости|заметки)|(?:статья|материал|текст|новость|заметка) (?:был[ао]? )?(?:исправлен|обновл|дополнен|уточн)' -- ru
        || '|(?:першій|попередній|початковій) версії (?:цієї |цього )?(?:статті|матеріалу|тексту|новини)|(?:статтю|матеріал|текст|новину) (?:було )?(?:виправлен|оновлен|доповнен|уточнен)' -- uk
        || '|bu (?:haber|yazı|makale)\b.{0,80}(?:düzeltil|güncellen|değiştiril)|önceki (?:sürüm|versiyon)' -- tr
        || '|προηγούμενη (?:έκδοση|εκδοχή)' -- el
        || '|(?:نسخة|صيغة) سابقة من (?:هذا|هذه)' -- ar
        || '|בגרסה (?:קודמת|מוקדמת) של' -- he
        || '|この記事は.{0,40}(?:訂正|修正|更新)|(?:記事|見出し)(?:の一部)?を(?:訂正|修正|更新)し' -- ja
        || '|本文.{0,40}(?:更正|修订|修訂|更新)|(?:早前|先前|此前)(?:的)?版本' -- zh
        || '|(?:이|본) 기사.{0,40}(?:정정|수정|업데이트)' -- ko
        || ')'
    ) THEN true
    WHEN language IN (
        'en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'sv', 'da', 'no', 'pl', 'cs', 'ru', 'uk', 'tr', 'el', 'ar', 'he', 'ja', 'zh', 'ko'
    ) THEN false
END
