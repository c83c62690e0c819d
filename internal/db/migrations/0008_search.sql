-- +goose Up
-- What editors set about search, and what searches tell them. Queries are kept
-- in the one form that search compares by: folded, without signs.

-- 同义词 of the editors, beside the built-in ones. One row.
CREATE TABLE search_synonyms (
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    text       TEXT   NOT NULL, -- as in search/synonyms.txt; ! switches a built-in word off
    version    BIGINT NOT NULL,
    updated_at BIGINT,
    updated_by TEXT   NOT NULL
);
INSERT INTO search_synonyms (id, text, version, updated_by) VALUES (1, '', 1, '');

-- 推荐答案: pages that stand on top for some queries.
CREATE TABLE search_promoted (
    id         TEXT   PRIMARY KEY,
    queries    TEXT   NOT NULL, -- JSON list, as typed
    targets    TEXT   NOT NULL, -- JSON list of index entry and address
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT   NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT   NOT NULL
);

-- A query has one promoted answer at most.
CREATE TABLE search_promoted_query (
    text     TEXT PRIMARY KEY,
    promoted TEXT NOT NULL REFERENCES search_promoted (id)
);
CREATE INDEX search_promoted_query_of ON search_promoted_query (promoted);

-- 无结果的搜索: what was looked for in vain, and how often. Nothing about who.
CREATE TABLE search_zero (
    text      TEXT   PRIMARY KEY,
    searches  BIGINT NOT NULL,
    first_day TEXT   NOT NULL,
    last_day  TEXT   NOT NULL,
    done      TEXT   NOT NULL CHECK (done IN ('', 'synonym', 'promoted', 'ignored')),
    done_day  TEXT   NOT NULL, -- '' while open
    done_by   TEXT   NOT NULL
);
CREATE INDEX search_zero_rank ON search_zero (searches, last_day);
CREATE INDEX search_zero_last ON search_zero (last_day);

-- Which pages were opened from which query on a day. Nothing about who.
CREATE TABLE search_click (
    text   TEXT   NOT NULL,
    path   TEXT   NOT NULL,
    day    TEXT   NOT NULL,
    clicks BIGINT NOT NULL,
    PRIMARY KEY (text, path, day)
);
CREATE INDEX search_click_day ON search_click (day);
