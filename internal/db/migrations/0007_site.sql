-- +goose Up
-- How often a document was read on a day: for 看得最多. Nothing about who read it.
CREATE TABLE page_view (
    day      TEXT   NOT NULL,
    document TEXT   NOT NULL,
    views    BIGINT NOT NULL,
    PRIMARY KEY (day, document)
);
