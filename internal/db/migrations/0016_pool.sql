-- +goose Up
-- 预留名额: places of a session kept for those who come with its code, such as
-- the workers of the host, until they fall to everybody. Whoever changes a row
-- has locked the session's row first.
CREATE TABLE session_pool (
    session  TEXT    NOT NULL REFERENCES session (id),
    code     TEXT    NOT NULL, -- in the link that is handed to the group
    name     TEXT    NOT NULL, -- 本厂职工
    capacity BIGINT  NOT NULL CHECK (capacity > 0),
    taken    BIGINT  NOT NULL CHECK (taken >= 0 AND taken <= capacity), -- people seated from it, part of session.taken
    waiting  BIGINT  NOT NULL CHECK (waiting >= 0), -- entries of the queue that came with its code
    falls_at BIGINT  NOT NULL, -- from here on nothing is kept
    fallen   BOOLEAN NOT NULL, -- the clock has given what was left to the queue
    PRIMARY KEY (session, code)
);
CREATE INDEX session_pool_fall ON session_pool (falls_at) WHERE fallen = FALSE;

-- How many pools a session has: one that has none costs no query more.
ALTER TABLE session ADD COLUMN pools BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registration ADD COLUMN pool TEXT NOT NULL DEFAULT '';   -- code of the pool it came with, '' none
ALTER TABLE registration ADD COLUMN seated TEXT NOT NULL DEFAULT ''; -- code of the pool that its places are from, '' the common ones
