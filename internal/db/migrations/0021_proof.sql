-- +goose Up
-- What machine checks of texts go by, and what became of what they found.

-- 词表: wrong and sensitive words, former names, posts, jargon … one row each.
CREATE TABLE proof_row (
    id         TEXT    PRIMARY KEY,
    list       TEXT    NOT NULL, -- proof.List
    word       TEXT    NOT NULL,
    value      TEXT    NOT NULL, -- what to write instead; who holds the post
    note       TEXT    NOT NULL,
    severity   TEXT    NOT NULL, -- '' is the list's own
    contexts   TEXT    NOT NULL, -- JSON list of longer words in which the word is right
    from_day   TEXT    NOT NULL, -- '' is open
    to_day     TEXT    NOT NULL,
    version    BIGINT  NOT NULL,
    removed    BOOLEAN NOT NULL, -- kept, so that a newer seed does not bring it back
    updated_at BIGINT  NOT NULL,
    updated_by TEXT    NOT NULL
);
CREATE UNIQUE INDEX proof_row_once ON proof_row (list, word, value, from_day);
CREATE INDEX proof_row_shown ON proof_row (list, removed, word);

-- One row: grows with each change of a list, so that every node knows when to
-- compile anew; seed names the built-in list that was brought in last.
CREATE TABLE proof_state (
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL,
    seed    TEXT   NOT NULL
);
INSERT INTO proof_state (id, version, seed) VALUES (1, 0, '');

-- Why a finding stands: for the document, as long as those words are in it.
CREATE TABLE proof_reason (
    document_id TEXT   NOT NULL,
    finding     TEXT   NOT NULL, -- proof.Finding.Key
    rule        TEXT   NOT NULL,
    field       TEXT   NOT NULL,
    excerpt     TEXT   NOT NULL, -- personal data masked
    reason      TEXT   NOT NULL,
    actor       TEXT   NOT NULL,
    actor_name  TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (document_id, finding)
);

-- 全站校对: one run over all that readers get, and what it found.
CREATE TABLE proof_run (
    id         TEXT   PRIMARY KEY,
    asked_at   BIGINT NOT NULL,
    asked_by   TEXT   NOT NULL,
    asked_name TEXT   NOT NULL,
    claimed_at BIGINT, -- by the node that works on it; renewed while it does
    ended_at   BIGINT,
    last_id    TEXT   NOT NULL, -- document that was checked last
    documents  BIGINT NOT NULL, -- checked so far
    hits       BIGINT NOT NULL
);
CREATE TABLE proof_hit (
    run_id      TEXT   NOT NULL REFERENCES proof_run (id),
    document_id TEXT   NOT NULL,
    position    BIGINT NOT NULL,
    kind        TEXT   NOT NULL,
    slug        TEXT   NOT NULL,
    title       TEXT   NOT NULL,
    finding     TEXT   NOT NULL, -- JSON of proof.Finding, without a fix that tells personal data
    rule        TEXT   NOT NULL,
    grade       BIGINT NOT NULL, -- 0 block, 1 warn, 2 hint
    PRIMARY KEY (run_id, document_id, position)
);
CREATE INDEX proof_hit_shown ON proof_hit (run_id, grade, document_id, position);
