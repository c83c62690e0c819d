-- +goose Up
-- Every text an edition had, one row for each explicit save: what merges start
-- from, what is compared, what can be brought back. Rows are never changed.
CREATE TABLE edition_revision (
    edition_id  TEXT   NOT NULL,
    version     BIGINT NOT NULL, -- of the edition when it got this text
    document_id TEXT   NOT NULL,
    how         TEXT   NOT NULL, -- create, save, revise, import, merge, reinstate, before
    text        TEXT   NOT NULL, -- JSON
    hash        TEXT   NOT NULL, -- of the text
    actor       TEXT   NOT NULL,
    actor_name  TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    inserted    BIGINT NOT NULL, -- characters, against the revision before
    deleted     BIGINT NOT NULL,
    PRIMARY KEY (edition_id, version)
);
CREATE INDEX edition_revision_document ON edition_revision (document_id, at);

-- What somebody has typed and not saved yet, one row for each form that is open.
-- Nobody else sees it; it is no part of the document.
CREATE TABLE working_copy (
    account      TEXT   NOT NULL,
    form_key     TEXT   NOT NULL, -- made with the page
    edition_id   TEXT   NOT NULL, -- '' for a document that does not exist yet
    kind         TEXT   NOT NULL,
    slug         TEXT   NOT NULL, -- typed, for a new document
    base_version BIGINT NOT NULL, -- what the person began with
    text         TEXT   NOT NULL, -- JSON
    hash         TEXT   NOT NULL,
    seq          BIGINT NOT NULL, -- grows with each keep of a form: late ones are dropped
    at           BIGINT NOT NULL,
    PRIMARY KEY (account, form_key)
);
CREATE INDEX working_copy_at ON working_copy (at);

-- Who has an edition open. Rows end by themselves.
CREATE TABLE presence (
    edition_id TEXT   NOT NULL,
    form_key   TEXT   NOT NULL,
    account    TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    until      BIGINT NOT NULL, -- counts as gone from then on
    PRIMARY KEY (edition_id, form_key)
);
CREATE INDEX presence_until ON presence (until);
