-- +goose Up
-- What of a document went where: a row for each time an edition left the site.
-- Rows are never changed but for being taken back.
CREATE TABLE sending (
    id            TEXT   PRIMARY KEY,
    document_id   TEXT   NOT NULL REFERENCES documents (id),
    edition_id    TEXT   NOT NULL,
    number        BIGINT NOT NULL, -- of the edition, as it stands on every piece
    hash          TEXT   NOT NULL, -- of its text
    channel       TEXT   NOT NULL,
    place         TEXT   NOT NULL, -- which account, station, board
    copies        BIGINT NOT NULL, -- on paper; 0 for what has none
    note          TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    actor         TEXT   NOT NULL,
    actor_name    TEXT   NOT NULL,
    recalled_at   BIGINT, -- corrected or taken back there
    recalled_name TEXT   NOT NULL
);
CREATE INDEX sending_document ON sending (document_id, at);
CREATE INDEX sending_open ON sending (recalled_at, document_id);
