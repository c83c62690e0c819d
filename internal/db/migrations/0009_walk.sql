-- +goose Up
-- The walk of a session from request to figures.

-- 单位: who asks for sessions. name_key is the name without blanks and brackets,
-- so that one unit is one row.
CREATE TABLE unit (
    id              TEXT   PRIMARY KEY,
    name            TEXT   NOT NULL,
    name_key        TEXT   NOT NULL UNIQUE,
    uscc            TEXT   NOT NULL, -- 统一社会信用代码 (GB 32100), '' unknown
    kind            TEXT   NOT NULL, -- enterprise, site, hr, street, village, school, other
    town            TEXT   NOT NULL,
    address         TEXT   NOT NULL,
    note            TEXT   NOT NULL,
    verified_at     BIGINT,
    suspended_until BIGINT,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    created_by      TEXT   NOT NULL,
    updated_at      BIGINT NOT NULL,
    updated_by      TEXT   NOT NULL
);
CREATE UNIQUE INDEX unit_uscc ON unit (uscc) WHERE uscc <> '';

-- 场地. An exclusive one holds one session at a time; a fair hall may hold several.
CREATE TABLE venue (
    id         TEXT    PRIMARY KEY,
    name       TEXT    NOT NULL,
    town       TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    capacity   BIGINT  NOT NULL, -- 0 unknown
    exclusive  BOOLEAN NOT NULL,
    accessible BOOLEAN NOT NULL, -- without steps
    indoor     BOOLEAN NOT NULL,
    closed     BOOLEAN NOT NULL, -- no longer offered
    note       TEXT    NOT NULL,
    version    BIGINT  NOT NULL,
    created_at BIGINT  NOT NULL,
    created_by TEXT    NOT NULL,
    updated_at BIGINT  NOT NULL,
    updated_by TEXT    NOT NULL,
    UNIQUE (town, name)
);

-- What the walk adds to a session.
ALTER TABLE session ADD COLUMN unit TEXT NOT NULL DEFAULT '';             -- unit.id of the host, '' the bureau itself
ALTER TABLE session ADD COLUMN venue_id TEXT NOT NULL DEFAULT '';         -- venue.id, '' another place
ALTER TABLE session ADD COLUMN personal TEXT NOT NULL DEFAULT '';         -- sealed: contact's name and phone
ALTER TABLE session ADD COLUMN host_notes TEXT NOT NULL DEFAULT '';       -- what the host has and wants; staff only
ALTER TABLE session ADD COLUMN expected BIGINT NOT NULL DEFAULT 0;        -- 人 the host expects, 0 unknown
ALTER TABLE session ADD COLUMN owner TEXT NOT NULL DEFAULT '';            -- account.id of who decides
ALTER TABLE session ADD COLUMN owner_name TEXT NOT NULL DEFAULT '';       -- as the audit has it
ALTER TABLE session ADD COLUMN due_at BIGINT;                             -- when what the state waits for is due
ALTER TABLE session ADD COLUMN pending TEXT NOT NULL DEFAULT '';          -- JSON: decided, not yet told
ALTER TABLE session ADD COLUMN alternative TEXT NOT NULL DEFAULT '';      -- what a rejected host is offered instead
ALTER TABLE session ADD COLUMN notice TEXT NOT NULL DEFAULT '';           -- version of the privacy notice of sign-ups
ALTER TABLE session ADD COLUMN submitted_at BIGINT;
ALTER TABLE session ADD COLUMN held_at BIGINT;
ALTER TABLE session ADD COLUMN verified_at BIGINT;
ALTER TABLE session ADD COLUMN reviewed BOOLEAN NOT NULL DEFAULT FALSE;   -- title and poster looked at
ALTER TABLE session ADD COLUMN series_id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN original_date TEXT NOT NULL DEFAULT '';    -- the day the rule gave it
ALTER TABLE session ADD COLUMN detached TEXT NOT NULL DEFAULT '[]';       -- JSON list of fields edited by hand
-- Sign-up. Places are decided under a lock on the row; version is not touched.
ALTER TABLE session ADD COLUMN wait_cap BIGINT NOT NULL DEFAULT 0 CHECK (wait_cap >= 0);
ALTER TABLE session ADD COLUMN waiting BIGINT NOT NULL DEFAULT 0 CHECK (waiting >= 0);
ALTER TABLE session ADD COLUMN wait_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN signup_from BIGINT;                        -- NULL: from publication
ALTER TABLE session ADD COLUMN signup_to BIGINT;                          -- NULL: until the start
ALTER TABLE session ADD COLUMN verify_level BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN promote_paused BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE session ADD COLUMN fit_first BOOLEAN NOT NULL DEFAULT FALSE;  -- 按能容纳的先补
CREATE INDEX session_due ON session (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX session_unit ON session (unit, starts_at) WHERE unit <> '';
CREATE INDEX session_series ON session (series_id, starts_at) WHERE series_id <> '';

-- The times a host wishes for, best first.
CREATE TABLE session_wish (
    session   TEXT   NOT NULL REFERENCES session (id),
    rank      BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at   BIGINT NOT NULL,
    PRIMARY KEY (session, rank),
    CHECK (ends_at > starts_at)
);

-- An organizer's form: may be half filled, belongs to whoever has the code and
-- the phone. Once submitted it has a session.
CREATE TABLE request (
    id         TEXT   PRIMARY KEY,
    code_blind TEXT   NOT NULL UNIQUE,
    phone_bidx TEXT   NOT NULL,
    personal   TEXT   NOT NULL,         -- sealed: the whole form
    idem_key   TEXT   NOT NULL UNIQUE,
    step       TEXT   NOT NULL,         -- the last one saved
    session    TEXT   UNIQUE,           -- session.id, NULL while a draft
    cloned     TEXT   NOT NULL,         -- request.id it was copied from
    state      TEXT   NOT NULL,         -- draft, submitted, withdrawn
    expires_at BIGINT,                  -- of a draft
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX request_phone ON request (phone_bidx, created_at);
CREATE INDEX request_expires ON request (expires_at) WHERE expires_at IS NOT NULL;

-- Who and what is where, when. Wishes may overlap; on PostgreSQL a constraint
-- (migration 15), on SQLite a query under the writer's lock keeps what is
-- exclusive from being promised twice.
CREATE TABLE booking (
    id         TEXT    PRIMARY KEY,
    kind       TEXT    NOT NULL CHECK (kind IN ('venue', 'person', 'vehicle', 'kit')),
    resource   TEXT    NOT NULL,
    from_at    BIGINT  NOT NULL,
    to_at      BIGINT  NOT NULL,        -- exclusive: back to back is no overlap
    status     TEXT    NOT NULL CHECK (status IN ('wish', 'hold', 'firm', 'freed')),
    exclusive  BOOLEAN NOT NULL,
    session    TEXT    NOT NULL REFERENCES session (id),
    hold_until BIGINT,
    created_at BIGINT  NOT NULL,
    created_by TEXT    NOT NULL,
    CHECK (to_at > from_at)
);
CREATE INDEX booking_resource ON booking (kind, resource, from_at);
CREATE INDEX booking_session ON booking (session);
CREATE INDEX booking_hold ON booking (hold_until) WHERE hold_until IS NOT NULL;

CREATE TABLE series (
    id         TEXT   PRIMARY KEY,
    rule       TEXT   NOT NULL, -- JSON
    template   TEXT   NOT NULL, -- JSON
    follows    TEXT   NOT NULL, -- series.id it was split from, '' none
    ended_at   BIGINT,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT   NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT   NOT NULL
);

-- 发件箱: what somebody must be told. No text holds personal data: the number to
-- phone is looked up when somebody phones.
CREATE TABLE message (
    id              TEXT   PRIMARY KEY,
    dedupe          TEXT   NOT NULL UNIQUE, -- kind, session, version, recipient
    kind            TEXT   NOT NULL,
    session         TEXT   NOT NULL,        -- session.id, '' none
    session_version BIGINT NOT NULL,
    recipient_kind  TEXT   NOT NULL CHECK (recipient_kind IN ('registration', 'organizer', 'practitioner', 'coordinator')),
    recipient       TEXT   NOT NULL,
    title           TEXT   NOT NULL,
    body            TEXT   NOT NULL,
    path            TEXT   NOT NULL,        -- root-relative address to look at, '' none
    about           TEXT   NOT NULL,        -- of a move: what the recipient still believes
    state           TEXT   NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'to_call', 'cancelled')),
    channel         TEXT   NOT NULL,        -- manual, smtp, webhook; '' before it was chosen
    not_before      BIGINT NOT NULL,
    attempts        BIGINT NOT NULL,
    last_error      TEXT   NOT NULL,
    done_by         TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX message_due ON message (state, not_before, id);
CREATE INDEX message_done ON message (state, updated_at, id);
CREATE INDEX message_session ON message (session, created_at);

-- Wrong tries at codes, by a blind value of code or address.
CREATE TABLE attempt (
    key          TEXT   PRIMARY KEY,
    fails        BIGINT NOT NULL,
    first_at     BIGINT NOT NULL,
    paused_until BIGINT
);
