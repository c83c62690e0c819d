-- +goose Up
-- One row: the last numbers given. It is updated last in each transaction, so
-- on PostgreSQL its lock makes numbers follow the order of the commits, without
-- gaps: who has read up to n has missed nothing below n.
CREATE TABLE ledger_head (
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    journal    BIGINT NOT NULL,
    audit      BIGINT NOT NULL,
    audit_hash TEXT   NOT NULL
);
INSERT INTO ledger_head (id, journal, audit, audit_hash) VALUES (1, 0, 0, '');

-- What changed: the index and the page caches follow it.
CREATE TABLE journal (
    seq  BIGINT PRIMARY KEY,
    at   BIGINT NOT NULL,
    kind TEXT   NOT NULL,
    id   TEXT   NOT NULL
);

-- Who did what. Append-only; each row's hash covers the row before it.
CREATE TABLE audit (
    seq        BIGINT PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor      TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    object     TEXT   NOT NULL,
    summary    TEXT   NOT NULL,
    detail     TEXT   NOT NULL,
    hash       TEXT   NOT NULL
);
CREATE INDEX audit_object ON audit (object, seq);
CREATE INDEX audit_actor ON audit (actor, seq);
