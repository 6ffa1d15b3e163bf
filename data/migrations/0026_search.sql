-- Search that finds words of one and two characters too, and orders and filters of the workbench at 200,000 cases.

-- Pairs of neighbouring characters: those that begin at odd places and those that begin at even ones. Pairs across a space fall apart, which no word misses.
create function search_pairs(words text) returns text[] language sql immutable parallel safe
  as $$ select array_remove(string_to_array(regexp_replace(words, '(..)|.', '\1 ', 'g') || regexp_replace(substr(words, 2), '(..)|.', '\1 ', 'g'), ' '), '') $$;
comment on function search_pairs is 'The pairs of neighbouring characters of a text: a text that contains a word contains all of its pairs.';
-- Named with its schema: while an index is built, newer engines look nowhere else.
create function search_terms(words text) returns text[] language sql immutable parallel safe
  as $$ select string_to_array(words, null) || public.search_pairs(words) $$;
comment on function search_terms is 'What a text can be found by: its characters and its pairs of characters.';
-- An index over the expression instead of a column: nothing to keep in step, and rows stay short. Without a pending list no reader waits for a writer''s backlog.
create index incidents_search_idx on incidents using gin (search_terms(search_text)) with (fastupdate = off);
