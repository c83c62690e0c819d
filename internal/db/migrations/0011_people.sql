-- +goose Up
-- 律师事务所, 法律服务所, 调解组织, 司法所, 志愿队伍: where those who serve come from.
CREATE TABLE legal_org (
    id         TEXT   PRIMARY KEY,
    kind       TEXT   NOT NULL CHECK (kind IN ('firm', 'service', 'mediation', 'office', 'volunteers')),
    name       TEXT   NOT NULL UNIQUE,
    town       TEXT   NOT NULL, -- town.code, '' for the whole district
    valid_from TEXT   NOT NULL, -- first and last day it counts, '' without limit
    valid_to   TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT   NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT   NOT NULL
);

-- 律师, 志愿者, 工作人员. Telephone and e-mail are sealed in personal; the name is
-- what the person is announced by.
CREATE TABLE practitioner (
    id          TEXT   PRIMARY KEY,
    kind        TEXT   NOT NULL CHECK (kind IN ('lawyer', 'volunteer', 'staff')),
    name        TEXT   NOT NULL,
    org         TEXT   NOT NULL, -- legal_org.id, '' for none
    licence     TEXT   NOT NULL, -- 执业证号, '' for none
    skills      TEXT   NOT NULL, -- JSON lists
    languages   TEXT   NOT NULL,
    towns       TEXT   NOT NULL, -- codes of the towns it is a short way to
    active_from TEXT   NOT NULL, -- first and last day of service, '' without limit
    active_to   TEXT   NOT NULL,
    personal    TEXT   NOT NULL, -- sealed, '' once wiped
    phone_blind TEXT   NOT NULL, -- '' without a telephone
    link_no     BIGINT NOT NULL, -- counts the personal links given so far
    link_blind  TEXT   UNIQUE,   -- NULL once revoked
    feed_no     BIGINT NOT NULL, -- the same for the calendar
    feed_blind  TEXT   UNIQUE,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT   NOT NULL,
    updated_at  BIGINT NOT NULL,
    updated_by  TEXT   NOT NULL
);
CREATE UNIQUE INDEX practitioner_licence ON practitioner (licence) WHERE licence <> '';
CREATE INDEX practitioner_kind ON practitioner (kind, name);
CREATE INDEX practitioner_phone ON practitioner (phone_blind);
CREATE INDEX practitioner_org ON practitioner (org);

-- 空档和请假. Nobody says why: a reason for leave may be an illness.
CREATE TABLE availability (
    id           TEXT   PRIMARY KEY,
    practitioner TEXT   NOT NULL REFERENCES practitioner (id),
    kind         TEXT   NOT NULL CHECK (kind IN ('free', 'leave')),
    starts_at    BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT   NOT NULL,
    CHECK (ends_at > starts_at)
);
CREATE INDEX availability_of ON availability (practitioner, starts_at);

-- 法律顾问: which unit is advised by a person or by a whole firm.
CREATE TABLE counsel_contract (
    id           TEXT   PRIMARY KEY,
    practitioner TEXT   NOT NULL, -- practitioner.id, '' when the firm advises
    org          TEXT   NOT NULL, -- legal_org.id, '' when one person advises
    unit         TEXT   NOT NULL, -- unit.id
    valid_from   TEXT   NOT NULL, -- first and last day; '' for an open end
    valid_to     TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT   NOT NULL,
    CHECK ((practitioner = '') <> (org = '')),
    CHECK (valid_to = '' OR valid_to >= valid_from)
);
CREATE INDEX counsel_unit ON counsel_contract (unit, valid_from);
CREATE INDEX counsel_practitioner ON counsel_contract (practitioner);
CREATE INDEX counsel_org ON counsel_contract (org);

-- 要几个什么人.
CREATE TABLE need (
    id      TEXT    PRIMARY KEY,
    session TEXT    NOT NULL REFERENCES session (id),
    role    TEXT    NOT NULL CHECK (role IN ('lawyer', 'volunteer', 'staff')),
    qty     BIGINT  NOT NULL CHECK (qty >= 0), -- 0: somebody has said that none is wanted
    must    BOOLEAN NOT NULL, -- without them the session is not scheduled
    UNIQUE (session, role)
);

-- 排班: who is asked to serve at a session, and what came of it.
CREATE TABLE assignment (
    id           TEXT   PRIMARY KEY,
    session      TEXT   NOT NULL REFERENCES session (id),
    role         TEXT   NOT NULL CHECK (role IN ('lawyer', 'volunteer', 'staff')),
    practitioner TEXT   NOT NULL REFERENCES practitioner (id),
    state        TEXT   NOT NULL CHECK (state IN
        ('proposed', 'invited', 'accepted', 'moved', 'present', 'absent', 'declined', 'replaced', 'withdrawn', 'cancelled')),
    agreed       TEXT   NOT NULL, -- time and place that were said yes to, '' before
    replaces     TEXT   NOT NULL, -- assignment.id this one stands in for, '' for none
    invited_at   BIGINT,          -- last asked
    answered_at  BIGINT,
    confirmed_at BIGINT,          -- 确认到场
    arrived_at   BIGINT,
    left_at      BIGINT,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT   NOT NULL,
    updated_at   BIGINT NOT NULL,
    updated_by   TEXT   NOT NULL
);
-- One live row for a person at a session: asking twice is asking once.
CREATE UNIQUE INDEX assignment_live ON assignment (session, practitioner)
    WHERE state IN ('proposed', 'invited', 'accepted', 'moved', 'present', 'absent');
CREATE INDEX assignment_practitioner ON assignment (practitioner, state);

-- 现场计数: one row a tap, never changed; a tap too many is taken back by a row.
CREATE TABLE tally (
    uuid         TEXT   PRIMARY KEY, -- minted with the button: a double tap is one
    session      TEXT   NOT NULL REFERENCES session (id),
    practitioner TEXT   NOT NULL REFERENCES practitioner (id),
    measure      TEXT   NOT NULL CHECK (measure IN ('consultation', 'document')),
    category     TEXT   NOT NULL,
    undo_of      TEXT   UNIQUE REFERENCES tally (uuid), -- NULL for a tap
    at           BIGINT NOT NULL
);
CREATE INDEX tally_session ON tally (session, practitioner);

-- 服务时长.
CREATE TABLE service_log (
    id           TEXT   PRIMARY KEY,
    practitioner TEXT   NOT NULL REFERENCES practitioner (id),
    session      TEXT   NOT NULL REFERENCES session (id),
    minutes      BIGINT NOT NULL CHECK (minutes > 0),
    claimed      BIGINT NOT NULL CHECK (claimed >= 0), -- what the person says instead, 0 for nothing
    source       TEXT   NOT NULL CHECK (source IN ('checkin', 'plan', 'manual')),
    approved_at  BIGINT,
    approved_by  TEXT   NOT NULL, -- '' until then
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    UNIQUE (session, practitioner)
);
CREATE INDEX service_log_practitioner ON service_log (practitioner);
