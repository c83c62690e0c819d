-- +goose Up
-- What each column promises: who owes it, how often it is updated, and by which
-- rule an inspection looks at it.
ALTER TABLE columns ADD COLUMN owner TEXT NOT NULL DEFAULT '';      -- account, '' for nobody
ALTER TABLE columns ADD COLUMN owner_name TEXT NOT NULL DEFAULT ''; -- as shown
ALTER TABLE columns ADD COLUMN rhythm BIGINT NOT NULL DEFAULT 0;    -- days between updates, 0 for no promise
ALTER TABLE columns ADD COLUMN watch TEXT NOT NULL DEFAULT '';      -- news, notice, regular, static; '' by its kinds

-- When the edition readers get was published: the last update of a document.
ALTER TABLE documents ADD COLUMN live_at BIGINT;
UPDATE documents SET live_at = (SELECT e.published_at FROM editions e WHERE e.id = documents.live_id);
CREATE INDEX documents_live_at ON documents (live_state, live_column, live_at);
