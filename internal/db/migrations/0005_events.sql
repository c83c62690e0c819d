-- +goose Up
-- 镇街. Sessions and stations name a town by its code.
CREATE TABLE town (
    code TEXT   PRIMARY KEY,
    name TEXT   NOT NULL UNIQUE,
    ord  BIGINT NOT NULL
);

-- 站点: 中心, 镇街工作站, 部门工作站, 联络点.
CREATE TABLE station (
    id             TEXT   PRIMARY KEY,
    code           TEXT   NOT NULL UNIQUE,
    tier           TEXT   NOT NULL CHECK (tier IN ('center', 'town', 'department', 'point')),
    parent         TEXT   NOT NULL, -- code of the station above, '' for the centre
    name           TEXT   NOT NULL,
    town           TEXT   NOT NULL, -- town.code, '' for the whole district
    address        TEXT   NOT NULL,
    phone          TEXT   NOT NULL,
    hours          TEXT   NOT NULL,
    bus            TEXT   NOT NULL,
    note           TEXT   NOT NULL,
    valid_from     TEXT   NOT NULL, -- first and last day it serves, '' without limit
    valid_to       TEXT   NOT NULL,
    import_hash    TEXT   NOT NULL, -- as in session
    import_version BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    created_by     TEXT   NOT NULL,
    updated_at     BIGINT NOT NULL,
    updated_by     TEXT   NOT NULL
);
CREATE INDEX station_town ON station (town, code);

-- 场次.
CREATE TABLE session (
    id                    TEXT   PRIMARY KEY,
    no                    TEXT   NOT NULL UNIQUE, -- SF-2026-00012, in every address
    ics_uid               TEXT   NOT NULL UNIQUE, -- given once, never derived from anything
    ics_seq               BIGINT NOT NULL,        -- grows with time, place and status once published
    type                  TEXT   NOT NULL,
    title                 TEXT   NOT NULL,
    summary               TEXT   NOT NULL,
    audience              TEXT   NOT NULL,        -- JSON list
    town                  TEXT   NOT NULL,        -- town.code, '' for the whole district
    station               TEXT   NOT NULL,        -- station.code, '' for none
    venue                 TEXT   NOT NULL,
    address               TEXT   NOT NULL,
    starts_at             BIGINT NOT NULL,
    ends_at               BIGINT NOT NULL,
    capacity              BIGINT,                 -- NULL: no limit, no sign-up needed
    taken                 BIGINT NOT NULL,
    state                 TEXT   NOT NULL,
    organizer             TEXT   NOT NULL,
    lawyers               TEXT   NOT NULL,        -- who speaks, as the public reads it
    contact_phone         TEXT   NOT NULL,        -- an office, never a person
    cancel_reason         TEXT   NOT NULL,        -- also why it was postponed or not held
    moves                 BIGINT NOT NULL,        -- changes of time or place since published
    first_published_at    BIGINT,
    outcome_attendance    BIGINT,
    outcome_brochures     BIGINT,
    outcome_consultations BIGINT,
    outcome_documents     BIGINT,
    import_key            TEXT   UNIQUE,          -- the key of the CSV row it came from
    import_hash           TEXT   NOT NULL,        -- that row as last read
    import_version        BIGINT NOT NULL,        -- version it made; differs once a person has touched it
    version               BIGINT NOT NULL,
    created_at            BIGINT NOT NULL,
    created_by            TEXT   NOT NULL,
    updated_at            BIGINT NOT NULL,
    updated_by            TEXT   NOT NULL,
    CHECK (ends_at > starts_at),
    CHECK (taken >= 0 AND (capacity IS NULL OR taken <= capacity))
);
CREATE INDEX session_starts ON session (starts_at, id);
CREATE INDEX session_ends ON session (ends_at);
CREATE INDEX session_town ON session (town, starts_at);
CREATE INDEX session_state ON session (state, starts_at);

-- Where and when a published session was to be before each move.
CREATE TABLE session_history (
    session   TEXT   NOT NULL REFERENCES session (id),
    seq       BIGINT NOT NULL, -- the ics_seq that these values had
    starts_at BIGINT NOT NULL,
    ends_at   BIGINT NOT NULL,
    town      TEXT   NOT NULL,
    venue     TEXT   NOT NULL,
    address   TEXT   NOT NULL,
    moved_at  BIGINT NOT NULL,
    PRIMARY KEY (session, seq)
);

-- The last session number given in each year.
CREATE TABLE session_number (
    year BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- 放假和调休. A year without rows is unknown: weekends rest, nothing blocks.
CREATE TABLE calendar_day (
    date   TEXT PRIMARY KEY,
    kind   TEXT NOT NULL CHECK (kind IN ('work', 'rest', 'holiday')),
    name   TEXT NOT NULL,
    source TEXT NOT NULL
);
