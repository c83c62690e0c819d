-- +goose Up
-- 报名: one person who answers for a party. Places are counted in the session's
-- row, which every transaction that touches them locks first.
CREATE TABLE registration (
    id           TEXT   PRIMARY KEY,
    session      TEXT   NOT NULL REFERENCES session (id),
    party        BIGINT NOT NULL CHECK (party BETWEEN 1 AND 5),
    state        TEXT   NOT NULL CHECK (state IN ('confirmed', 'waiting', 'cancelled_by_user', 'cancelled_by_staff', 'expired', 'session_cancelled')),
    wait_pos     BIGINT,          -- number drawn from session.wait_seq, kept after promotion; NULL never waited
    origin       TEXT   NOT NULL CHECK (origin IN ('web', 'staff', 'paper')),
    verify_level BIGINT NOT NULL CHECK (verify_level BETWEEN 0 AND 3),
    town         TEXT   NOT NULL, -- town.code, '' not asked
    worker_kind  TEXT   NOT NULL,
    personal     TEXT   NOT NULL, -- sealed: name, phone, question, access; '' once wiped
    phone_bidx   TEXT,            -- NULL for people without, and once wiped
    code_bidx    TEXT   UNIQUE,   -- NULL once wiped
    qr_bidx      TEXT   UNIQUE,   -- NULL once wiped
    idem_key     TEXT   UNIQUE,   -- NULL for staff
    idem_hash    TEXT   NOT NULL, -- keyed hash of what the form held
    ip_hash      TEXT   NOT NULL, -- keyed; '' for staff, and after 30 days
    consent      TEXT   NOT NULL, -- version of the privacy notice
    created_at   BIGINT NOT NULL,
    created_by   TEXT   NOT NULL, -- account.id, '' the person
    updated_at   BIGINT NOT NULL
);
-- One live sign-up per phone and session; the phone comes first so that the same
-- index counts what a phone has signed up for.
CREATE UNIQUE INDEX registration_live ON registration (phone_bidx, session) WHERE state IN ('confirmed', 'waiting');
CREATE INDEX registration_session ON registration (session, created_at);
CREATE INDEX registration_queue ON registration (session, wait_pos) WHERE state = 'waiting';
CREATE INDEX registration_address ON registration (ip_hash, created_at) WHERE ip_hash <> '';

-- What became of sign-ups, append-only: promotions, cancellations, smaller
-- parties, closings. With the counters after it, so that any dispute over the
-- queue can be replayed.
CREATE TABLE registration_event (
    id           TEXT   PRIMARY KEY, -- ULID: in the order things happened
    session      TEXT   NOT NULL REFERENCES session (id),
    registration TEXT   NOT NULL REFERENCES registration (id),
    at           BIGINT NOT NULL,
    actor        TEXT   NOT NULL,    -- account.id, '' the person, system the program
    kind         TEXT   NOT NULL CHECK (kind IN ('promoted', 'cancelled', 'shrunk', 'expired', 'session_cancelled', 'verified')),
    party        BIGINT NOT NULL,    -- after
    wait_pos     BIGINT,
    taken        BIGINT NOT NULL,    -- of the session, after
    waiting      BIGINT NOT NULL,
    reason       TEXT   NOT NULL     -- staff's words; no personal data
);
CREATE INDEX registration_event_session ON registration_event (session, id);
