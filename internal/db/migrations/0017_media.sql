-- +goose Up
-- The key of an object is its address and lasts; content is the key of the bytes
-- behind it, another one once the file was replaced.
ALTER TABLE media ADD COLUMN content TEXT NOT NULL DEFAULT '';
UPDATE media SET content = key;
CREATE INDEX media_content ON media (content);
ALTER TABLE media ADD COLUMN version BIGINT NOT NULL DEFAULT 1;         -- grows with each change of what is said of it
ALTER TABLE media ADD COLUMN decorative BOOLEAN NOT NULL DEFAULT FALSE; -- 装饰: shows nothing that wants words
ALTER TABLE media ADD COLUMN focus_x BIGINT NOT NULL DEFAULT 50;        -- what a crop must keep, in percent
ALTER TABLE media ADD COLUMN focus_y BIGINT NOT NULL DEFAULT 50;
ALTER TABLE media ADD COLUMN people BOOLEAN NOT NULL DEFAULT FALSE;     -- somebody can be recognised in it
ALTER TABLE media ADD COLUMN consent TEXT NOT NULL DEFAULT '';          -- sealed: who agreed, and how
ALTER TABLE media ADD COLUMN consent_until TEXT NOT NULL DEFAULT '';    -- last day, '' without limit
ALTER TABLE media ADD COLUMN withdrawn_at BIGINT;                       -- when the consent was taken back
ALTER TABLE media ADD COLUMN likeness TEXT NOT NULL DEFAULT '';         -- perceptual hash, hex; '' of what is no picture
ALTER TABLE media ADD COLUMN pending BOOLEAN NOT NULL DEFAULT FALSE;    -- its variants are still to be made
CREATE INDEX media_pending ON media (pending) WHERE pending;

CREATE TABLE media_tag (
    tag TEXT NOT NULL,
    key TEXT NOT NULL REFERENCES media (key),
    PRIMARY KEY (tag, key)
);
CREATE INDEX media_tag_key ON media_tag (key);

-- Where a file is used: written by whoever writes the reference, in the same
-- transaction. A use may be of a file that is not here.
CREATE TABLE media_use (
    key   TEXT NOT NULL,
    kind  TEXT NOT NULL, -- document, session
    id    TEXT NOT NULL, -- of the document or session
    field TEXT NOT NULL, -- live, head; photo
    PRIMARY KEY (key, kind, id, field)
);
CREATE INDEX media_use_by ON media_use (kind, id);

-- Addresses that were taken away: 410.
CREATE TABLE media_gone (
    key    TEXT    PRIMARY KEY,
    at     BIGINT  NOT NULL,
    actor  TEXT    NOT NULL, -- account id
    reason TEXT    NOT NULL, -- Chinese, without persons
    barred BOOLEAN NOT NULL  -- must not be uploaded again: consent was taken back
);

-- Bytes that are to be deleted from the store. A row stays until that is done,
-- so no crash and no store that is away keeps them alive.
CREATE TABLE media_trash (
    name    TEXT   PRIMARY KEY, -- in the store; all below it when it ends in a slash
    at      BIGINT NOT NULL,
    claimed BIGINT NOT NULL     -- until when somebody is at it; 0: nobody
);

-- The picture readers get may be another one, with faces made unrecognisable.
ALTER TABLE report_photo ADD COLUMN blurred TEXT NOT NULL DEFAULT ''; -- key of that one
ALTER TABLE report_photo ADD COLUMN approved_at BIGINT;
ALTER TABLE report_photo ADD COLUMN reviewed_at BIGINT;               -- kept beyond its time, on this day
ALTER TABLE report_photo ADD COLUMN kept_reason TEXT NOT NULL DEFAULT '';
UPDATE report_photo SET approved_at = added_at WHERE approved;
CREATE INDEX report_photo_review ON report_photo (approved, approved_at);
CREATE INDEX report_photo_key ON report_photo (key);
