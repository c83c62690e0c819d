-- +goose Up
-- One row per uploaded object; its bytes are in the media store under key.
CREATE TABLE media (
    key        TEXT   PRIMARY KEY, -- SHA-256 of the bytes, hex
    name       TEXT   NOT NULL,    -- for people, with the right extension
    type       TEXT   NOT NULL,    -- MIME type, judged by content
    size       BIGINT NOT NULL,    -- bytes
    width      BIGINT NOT NULL,    -- pixels as shown; 0 for what is no picture
    height     BIGINT NOT NULL,
    widths     TEXT   NOT NULL,    -- JSON list of the widths of its variants
    alt        TEXT   NOT NULL,    -- what a picture shows; '' until somebody says
    created_at BIGINT NOT NULL,
    created_by TEXT   NOT NULL     -- account id
);
CREATE INDEX media_created ON media (created_at, key);
