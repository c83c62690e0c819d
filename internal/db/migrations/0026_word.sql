-- +goose Up
-- What the reader of a Word file found and dropped, one row for each edition
-- that came from one, until somebody has looked at it.
CREATE TABLE word_import (
    edition_id TEXT   PRIMARY KEY,
    file       TEXT   NOT NULL, -- its name
    notes      TEXT   NOT NULL, -- JSON
    actor      TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
