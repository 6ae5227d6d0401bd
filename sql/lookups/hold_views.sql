-- grain: no rows: what several look-ups of one session read is computed once. Temporary tables come before the catalog's
-- views of the same name, within its other views too.
CREATE TEMP TABLE coverage AS FROM coverage;
CREATE TEMP TABLE gaps AS FROM gaps;
CREATE TEMP TABLE sources AS FROM sources;
