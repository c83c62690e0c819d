-- +goose Up
-- A document is an identity. What lists need of its editions is kept here too,
-- so that a list reads one narrow table.
CREATE TABLE documents (
    id         TEXT   PRIMARY KEY,
    kind       TEXT   NOT NULL,
    slug       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    editions   BIGINT NOT NULL, -- the last number given
    moved_to   TEXT   NOT NULL, -- where an unpublished one sends its readers

    -- the newest edition, which staff see
    head_id     TEXT   NOT NULL,
    head_state  TEXT   NOT NULL,
    head_column TEXT   NOT NULL,
    title       TEXT   NOT NULL,
    updated_at  BIGINT NOT NULL,

    -- the edition readers see; '' when never published
    live_id     TEXT   NOT NULL,
    live_state  TEXT   NOT NULL,
    live_column TEXT   NOT NULL,
    first_at    BIGINT,

    -- the file it was imported from, and what the head edition was then:
    -- an edition a person has touched since is never overwritten by an import
    import_hash TEXT   NOT NULL DEFAULT '',
    import_head TEXT   NOT NULL DEFAULT '',
    UNIQUE (kind, slug)
);
CREATE INDEX documents_live_id ON documents (live_state, id);
CREATE INDEX documents_live ON documents (live_state, first_at, id);
CREATE INDEX documents_live_kind ON documents (live_state, kind, first_at, id);
CREATE INDEX documents_live_column ON documents (live_state, live_column, first_at, id, kind);
CREATE INDEX documents_desk ON documents (updated_at, id);
CREATE INDEX documents_desk_kind ON documents (kind, updated_at, id);
CREATE INDEX documents_desk_state ON documents (head_state, updated_at, id);

CREATE TABLE editions (
    id          TEXT   PRIMARY KEY,
    document_id TEXT   NOT NULL REFERENCES documents (id),
    number      BIGINT NOT NULL,
    version     BIGINT NOT NULL, -- grows with each write: optimistic locking
    state       TEXT   NOT NULL,

    -- what an editor writes
    title       TEXT NOT NULL,
    answer      TEXT NOT NULL,
    summary     TEXT NOT NULL,
    body        TEXT NOT NULL,
    topics      TEXT NOT NULL, -- JSON list of slugs
    column_slug TEXT NOT NULL,
    audience    TEXT NOT NULL, -- JSON list
    sources     TEXT NOT NULL, -- JSON list of citations as written
    checked     TEXT NOT NULL, -- 核对日期
    written     TEXT NOT NULL, -- 成文日期, never the publication time
    author      TEXT NOT NULL,
    origin      TEXT NOT NULL,
    cover       TEXT NOT NULL,
    cover_alt   TEXT NOT NULL,
    attachments TEXT NOT NULL, -- JSON list of {file, name}

    -- what we make of it; may be made anew
    html    TEXT NOT NULL,
    toc     TEXT NOT NULL, -- JSON
    plain   TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    basis   TEXT NOT NULL, -- JSON: sources with their links

    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    due_at       BIGINT, -- when a scheduled one is to be published
    published_at BIGINT, -- by the server's clock
    reason       TEXT NOT NULL,
    trail        TEXT NOT NULL, -- JSON list of steps: who did what when
    UNIQUE (document_id, number)
);
CREATE INDEX editions_due ON editions (state, due_at);

-- Which documents are about what: rows of the live edition for readers, rows of
-- the head edition for staff. at orders the lists.
CREATE TABLE document_topics (
    document_id TEXT    NOT NULL REFERENCES documents (id),
    live        BOOLEAN NOT NULL,
    topic       TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    PRIMARY KEY (document_id, live, topic)
);
CREATE INDEX document_topics_list ON document_topics (topic, live, at, document_id);
CREATE INDEX document_topics_kind ON document_topics (topic, live, kind, at, document_id);

-- Which articles a head or live edition cites; law_slug is '' when the law is
-- not loaded.
CREATE TABLE citations (
    edition_id  TEXT    NOT NULL REFERENCES editions (id),
    position    BIGINT  NOT NULL,
    document_id TEXT    NOT NULL,
    live        BOOLEAN NOT NULL, -- of a published edition: what readers can follow back
    source      BOOLEAN NOT NULL, -- from the list of sources, else from the body
    law_slug    TEXT    NOT NULL,
    law_name    TEXT    NOT NULL, -- as written
    article     BIGINT  NOT NULL, -- 0: the law as a whole
    sub         BIGINT  NOT NULL, -- 1 in 第三十八条之一
    clause      BIGINT  NOT NULL, -- 款, 0 when not named
    item        BIGINT  NOT NULL, -- 项, 0 when not named
    PRIMARY KEY (edition_id, position)
);
CREATE INDEX citations_article ON citations (live, law_slug, article, sub, document_id);
CREATE INDEX citations_law ON citations (live, law_slug, document_id);

-- Addresses that were: for ever. To a document, wherever it lives then, or to
-- a target; neither is gone.
CREATE TABLE redirects (
    kind        TEXT   NOT NULL,
    slug        TEXT   NOT NULL,
    document_id TEXT   NOT NULL,
    target      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (kind, slug)
);
CREATE INDEX redirects_document ON redirects (document_id);

-- 主题 and 栏目 are data.
CREATE TABLE topics (
    slug     TEXT   PRIMARY KEY,
    name     TEXT   NOT NULL,
    glyph    TEXT   NOT NULL,
    question TEXT   NOT NULL,
    hint     TEXT   NOT NULL,
    position BIGINT NOT NULL
);
CREATE TABLE columns (
    slug     TEXT    PRIMARY KEY,
    name     TEXT    NOT NULL,
    kinds    TEXT    NOT NULL, -- JSON list; empty takes all
    intro    TEXT    NOT NULL,
    position BIGINT  NOT NULL,
    home     BOOLEAN NOT NULL
);

-- Lists that were imported: what the file said, to tell whether the list was
-- changed here since.
CREATE TABLE imports (
    file    TEXT PRIMARY KEY,
    content TEXT NOT NULL
);
