-- +goose Up
-- A fact is one figure of one source: what a verified report, an opening entry
-- or an adjustment says. Rows are superseded, never changed or deleted.
CREATE TABLE fact (
    id             TEXT    PRIMARY KEY,
    measure        TEXT    NOT NULL, -- figures.Definition.Code
    category       TEXT    NOT NULL, -- within the measure: a title, a subject; '' for none
    unit           TEXT    NOT NULL, -- 场 人 人次 份 …; the measure's on that day
    qty            BIGINT  NOT NULL,
    amount_fen     BIGINT  NOT NULL, -- money that goes with it, 0 for none
    date           TEXT    NOT NULL, -- the day it counts on
    town           TEXT    NOT NULL, -- town.code, '' for the whole district
    session_type   TEXT    NOT NULL, -- '' for what was no session
    host           TEXT    NOT NULL, -- 组织单位, a name; '' for none
    estimate       BOOLEAN NOT NULL,
    layer          TEXT    NOT NULL CHECK (layer IN ('live', 'opening', 'adjustment')),
    source_kind    TEXT    NOT NULL, -- session, opening, adjustment
    source_id      TEXT    NOT NULL,
    source_version BIGINT  NOT NULL,
    source_text    TEXT    NOT NULL, -- the paper an opening figure stands on, why one is adjusted
    origin_date    TEXT    NOT NULL, -- of an adjustment: the day in a frozen period it corrects
    created_at     BIGINT  NOT NULL,
    created_by     TEXT    NOT NULL,
    superseded_at  BIGINT,
    superseded_by  TEXT    NOT NULL
);
CREATE INDEX fact_by_source ON fact (source_kind, source_id);
CREATE INDEX fact_by_day ON fact (measure, date, town, session_type);
CREATE INDEX fact_by_host ON fact (measure, host, date);

-- One row: whoever changes facts or freezes a period updates it first, so that
-- no fact slips into a period while its snapshot is taken.
CREATE TABLE fact_head (
    id     BIGINT PRIMARY KEY CHECK (id = 1),
    writes BIGINT NOT NULL
);
INSERT INTO fact_head (id, writes) VALUES (1, 0);

-- The standing rows of fact added up, kept in step in the same transaction: a
-- question about years reads these few rows. The order of each key is that of
-- the usual grouping, so that sums need no sorting.
CREATE TABLE fact_month (
    month        TEXT   NOT NULL, -- 2026-11
    measure      TEXT   NOT NULL,
    town         TEXT   NOT NULL,
    session_type TEXT   NOT NULL,
    layer        TEXT   NOT NULL,
    qty          BIGINT NOT NULL,
    amount_fen   BIGINT NOT NULL,
    PRIMARY KEY (measure, town, session_type, layer, month)
);
CREATE TABLE fact_category (
    month      TEXT   NOT NULL,
    measure    TEXT   NOT NULL,
    category   TEXT   NOT NULL,
    layer      TEXT   NOT NULL,
    qty        BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (measure, category, layer, month)
);
-- The main measures side by side: a host has few sessions a month, so a row
-- for each measure would be as many rows as there are facts.
CREATE TABLE fact_host (
    month        TEXT   NOT NULL,
    host         TEXT   NOT NULL,
    session_type TEXT   NOT NULL,
    layer        TEXT   NOT NULL,
    session      BIGINT NOT NULL,
    attendance   BIGINT NOT NULL,
    brochure     BIGINT NOT NULL,
    consultation BIGINT NOT NULL,
    document     BIGINT NOT NULL,
    PRIMARY KEY (host, session_type, layer, month)
);

-- 口径: what a measure means from a day on. The first definition of each is in
-- the program; rows here are what the bureau has changed since.
CREATE TABLE measure_def (
    code       TEXT   NOT NULL,
    valid_from TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    text       TEXT   NOT NULL, -- what counts
    counts     TEXT   NOT NULL, -- when it counts
    created_at BIGINT NOT NULL,
    created_by TEXT   NOT NULL,
    PRIMARY KEY (code, valid_from)
);

-- A named stretch of days: 2026 年上半年, 三年行动. Frozen, it never changes.
CREATE TABLE period (
    id          TEXT   PRIMARY KEY,
    name        TEXT   NOT NULL UNIQUE,
    from_date   TEXT   NOT NULL,
    to_date     TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT   NOT NULL,
    frozen_at   BIGINT,
    hash        TEXT   NOT NULL, -- SHA-256 of its snapshot, '' while open
    signer      TEXT   NOT NULL, -- account id
    signer_name TEXT   NOT NULL,
    definitions TEXT   NOT NULL, -- JSON: the 口径 on the day of freezing
    CHECK (to_date >= from_date)
);

-- What a frozen period said.
CREATE TABLE snapshot (
    period       TEXT   NOT NULL REFERENCES period (id),
    measure      TEXT   NOT NULL,
    category     TEXT   NOT NULL,
    month        TEXT   NOT NULL,
    town         TEXT   NOT NULL,
    session_type TEXT   NOT NULL,
    host         TEXT   NOT NULL,
    layer        TEXT   NOT NULL,
    attached     BOOLEAN NOT NULL, -- counted where it lives, no fact says it
    qty          BIGINT NOT NULL,
    amount_fen   BIGINT NOT NULL,
    PRIMARY KEY (period, measure, category, month, town, session_type, host, layer, attached)
);

-- 结果报告: one row per session, part and version. What is typed is kept as it
-- is typed; lines are made of it when it is handed in.
CREATE TABLE report (
    id           TEXT   PRIMARY KEY,
    session      TEXT   NOT NULL REFERENCES session (id),
    part         TEXT   NOT NULL CHECK (part IN ('host', 'legal')),
    version      BIGINT NOT NULL, -- 1, and one more with each amendment
    state        TEXT   NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'verified', 'superseded')),
    rev          BIGINT NOT NULL, -- grows with each saving: what a form has read
    form         TEXT   NOT NULL, -- JSON of ReportForm
    reason       TEXT   NOT NULL, -- why it was amended
    note         TEXT   NOT NULL, -- why it was returned
    overrides    TEXT   NOT NULL, -- JSON: warnings that were answered, with the reason
    author       TEXT   NOT NULL, -- who wrote it last: an account, organizer:… or practitioner:…
    author_name  TEXT   NOT NULL,
    writers      TEXT   NOT NULL, -- JSON: all who ever typed in it; none of them may verify it
    verified_by  TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    submitted_at BIGINT,
    verified_at  BIGINT,
    UNIQUE (session, part, version),
    CHECK (verified_by = '' OR verified_by <> author)
);

CREATE TABLE report_line (
    report       TEXT    NOT NULL REFERENCES report (id),
    ord          BIGINT  NOT NULL,
    measure      TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    qty          BIGINT  NOT NULL CHECK (qty >= 0),
    amount_fen   BIGINT  NOT NULL CHECK (amount_fen >= 0),
    material     TEXT    NOT NULL, -- id of the title in the stock, '' for none
    practitioner TEXT    NOT NULL, -- who answered, '' when nobody says
    estimate     BOOLEAN NOT NULL,
    PRIMARY KEY (report, ord)
);

-- Pictures of a session. Private until somebody approves them.
CREATE TABLE report_photo (
    session    TEXT    NOT NULL REFERENCES session (id),
    key        TEXT    NOT NULL, -- SHA-256 of the stored bytes
    name       TEXT    NOT NULL,
    sheet      BOOLEAN NOT NULL, -- the signed list, never public
    consent    BOOLEAN NOT NULL, -- 已征得画面中人同意
    approved   BOOLEAN NOT NULL,
    added_at   BIGINT  NOT NULL,
    added_by   TEXT    NOT NULL,
    PRIMARY KEY (session, key)
);
