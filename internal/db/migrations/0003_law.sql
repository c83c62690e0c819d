-- +goose Up
-- A law is an identity: its slug is part of addresses and never changes.
CREATE TABLE law (
    id         TEXT   PRIMARY KEY,
    slug       TEXT   NOT NULL UNIQUE,
    name       TEXT   NOT NULL UNIQUE, -- without 中华人民共和国: what tells laws apart
    title      TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- One dated text of a law. Older ones stay beside newer ones.
CREATE TABLE law_version (
    id          TEXT   PRIMARY KEY,
    law_id      TEXT   NOT NULL REFERENCES law (id),
    date        TEXT   NOT NULL,
    in_force    TEXT   NOT NULL, -- '' when nobody says
    info        TEXT   NOT NULL, -- JSON: the lines of its history
    hash        TEXT   NOT NULL, -- of all of its text: the same text again is no change
    articles    BIGINT NOT NULL, -- numbered ones
    imported_at BIGINT NOT NULL,
    UNIQUE (law_id, date)
);

-- The articles in order; number 0 is text outside of any 条.
CREATE TABLE law_article (
    version_id TEXT   NOT NULL REFERENCES law_version (id),
    position   BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    sub        BIGINT NOT NULL,
    label      TEXT   NOT NULL,
    heading    TEXT   NOT NULL,
    book       TEXT   NOT NULL,
    path       TEXT   NOT NULL, -- JSON: the headings above it
    paragraphs TEXT   NOT NULL, -- JSON
    PRIMARY KEY (version_id, position)
);
CREATE INDEX law_article_number ON law_article (version_id, number, sub);
