-- +goose Up
-- 宣传资料: one row for each title and edition.
CREATE TABLE material (
    id          TEXT    PRIMARY KEY,
    title       TEXT    NOT NULL,
    law         TEXT    NOT NULL, -- what it explains, '' for none
    edition     TEXT    NOT NULL, -- 2026年版
    kind        TEXT    NOT NULL,
    unit        TEXT    NOT NULL, -- 册, 份, 张 …: what its numbers count
    compiled_by TEXT    NOT NULL,
    retired     BOOLEAN NOT NULL, -- no longer offered; its book stays
    version     BIGINT  NOT NULL,
    created_at  BIGINT  NOT NULL,
    created_by  TEXT    NOT NULL,
    updated_at  BIGINT  NOT NULL,
    updated_by  TEXT    NOT NULL,
    UNIQUE (title, edition)
);

-- 单据: what was moved together, by whom and why. Never changed.
CREATE TABLE stock_slip (
    id         TEXT   PRIMARY KEY,
    idem_key   TEXT   UNIQUE,          -- minted with the form: a second click finds its slip
    kind       TEXT   NOT NULL,
    session    TEXT   NOT NULL,        -- session.id, '' for none
    day        TEXT   NOT NULL,        -- the date it counts for, 2026-11-20
    reason     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT   NOT NULL,
    actor_name TEXT   NOT NULL
);
CREATE INDEX stock_slip_session ON stock_slip (session, id);

-- 台账: double entry, each row takes from one place what it gives to another.
-- Rows are only ever added; a mistake is corrected by a row the other way.
CREATE TABLE stock_move (
    id         TEXT   PRIMARY KEY,
    slip       TEXT   NOT NULL REFERENCES stock_slip (id),
    material   TEXT   NOT NULL REFERENCES material (id),
    kind       TEXT   NOT NULL CHECK (kind IN ('receive', 'reserve', 'release', 'issue', 'return', 'hand_out', 'spoil', 'adjust')),
    from_place TEXT   NOT NULL, -- warehouse, point:CODE, hold:SESSION, session:SESSION, public, waste, outside
    to_place   TEXT   NOT NULL,
    qty        BIGINT NOT NULL CHECK (qty > 0),
    session    TEXT   NOT NULL,
    day        TEXT   NOT NULL,
    CHECK (from_place <> to_place)
);
CREATE INDEX stock_move_material ON stock_move (material, id);
CREATE INDEX stock_move_session ON stock_move (session, id);
CREATE INDEX stock_move_day ON stock_move (kind, day);
CREATE INDEX stock_move_slip ON stock_move (slip);

-- What lies where: the sum of the moves, kept so that no place can go below 0.
CREATE TABLE stock_balance (
    material TEXT   NOT NULL REFERENCES material (id),
    place    TEXT   NOT NULL,
    qty      BIGINT NOT NULL CHECK (qty >= 0),
    PRIMARY KEY (material, place)
);
CREATE INDEX stock_balance_place ON stock_balance (place);

-- What a session has asked for; what it gets is in the book.
CREATE TABLE stock_ask (
    session    TEXT   NOT NULL,
    material   TEXT   NOT NULL REFERENCES material (id),
    qty        BIGINT NOT NULL CHECK (qty > 0),
    updated_at BIGINT NOT NULL,
    updated_by TEXT   NOT NULL,
    PRIMARY KEY (session, material)
);
