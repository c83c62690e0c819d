-- +goose Up
-- 签到台: the link and PIN of a session's desk. Both are derived from session
-- and number, so that nothing here opens it.
CREATE TABLE checkin_desk (
    session    TEXT    PRIMARY KEY REFERENCES session (id),
    number     BIGINT  NOT NULL, -- grows when the link is revoked
    link_bidx  TEXT    NOT NULL UNIQUE,
    here_bidx  TEXT    NOT NULL UNIQUE, -- of the poster for 自助签到
    open       BOOLEAN NOT NULL,
    names      BOOLEAN NOT NULL, -- the list of masked names may be shown and taken along
    created_at BIGINT  NOT NULL,
    created_by TEXT    NOT NULL
);

-- 签到: what devices and people wrote down, append-only. Devices without network
-- bring theirs later and in any order; who was present is worked out from all.
CREATE TABLE checkin_event (
    id           TEXT   PRIMARY KEY,
    client_uuid  TEXT   NOT NULL UNIQUE, -- made by the device: the same event twice is one
    session      TEXT   NOT NULL REFERENCES session (id),
    registration TEXT   REFERENCES registration (id), -- NULL: came without signing up
    method       TEXT   NOT NULL CHECK (method IN ('qr', 'code', 'list', 'self', 'paper', 'walkin', 'undo')),
    qty          BIGINT NOT NULL CHECK (qty >= 0),    -- people; 0 only of an undo
    women        BIGINT NOT NULL CHECK (women >= 0),  -- estimates, of walk-ins
    minors       BIGINT NOT NULL CHECK (minors >= 0),
    elders       BIGINT NOT NULL CHECK (elders >= 0),
    device       TEXT   NOT NULL,        -- a random name of the device; '' at the office
    at_client    BIGINT NOT NULL,        -- the device's clock, set right by its offset
    at_server    BIGINT NOT NULL,
    undo_of      TEXT,                   -- client_uuid of what did not happen after all
    created_by   TEXT   NOT NULL,        -- account.id, 'desk', '' the person
    CHECK ((method = 'undo') = (undo_of IS NOT NULL))
);
CREATE INDEX checkin_event_session ON checkin_event (session, registration);
CREATE INDEX checkin_event_undo ON checkin_event (undo_of) WHERE undo_of IS NOT NULL;
