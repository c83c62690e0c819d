-- +goose Up
-- How the texts of a column are reviewed: JSON, '' for no steps.
ALTER TABLE columns ADD COLUMN review TEXT NOT NULL DEFAULT '';

-- What an edition changed, as readers may be told; major must say it.
ALTER TABLE editions ADD COLUMN change_major BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE editions ADD COLUMN change_note TEXT NOT NULL DEFAULT '';

-- All that reviewers did with an edition, oldest first. An approval is bound to
-- the hash of the text; one that was voided, or is of another hash, counts for
-- nothing and stays.
CREATE TABLE review_log (
    edition_id  TEXT   NOT NULL,
    seq         BIGINT NOT NULL, -- from 1
    document_id TEXT   NOT NULL,
    act         TEXT   NOT NULL, -- an action of the workflow
    round       BIGINT NOT NULL, -- 校次
    stage       TEXT   NOT NULL, -- name of the step; '' where there is none
    question    TEXT   NOT NULL,
    person      TEXT   NOT NULL, -- account, or approver:id
    name        TEXT   NOT NULL,
    deputy      BOOLEAN NOT NULL, -- acted as 代理人
    way         TEXT   NOT NULL, -- desk, phone
    remark      TEXT   NOT NULL,
    reasons     TEXT   NOT NULL, -- JSON list
    hash        TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    void_at     BIGINT,
    PRIMARY KEY (edition_id, seq)
);
CREATE INDEX review_log_person ON review_log (person, at);

-- Published by two people before the review, which is due in 24 hours.
CREATE TABLE emergency (
    edition_id     TEXT PRIMARY KEY,
    document_id    TEXT NOT NULL,
    hash           TEXT NOT NULL,
    reason         TEXT NOT NULL,
    asked_by       TEXT NOT NULL,
    asked_name     TEXT NOT NULL,
    asked_at       BIGINT NOT NULL,
    confirmed_by   TEXT NOT NULL, -- '' until the second person confirms
    confirmed_name TEXT NOT NULL,
    confirmed_at   BIGINT,
    due_at         BIGINT,        -- of the late review
    refused_at     BIGINT,        -- the late review said no: withdraw or revise
    refusal        TEXT NOT NULL,
    done_at        BIGINT,
    outcome        TEXT NOT NULL  -- passed, revised, withdrawn; '' while open
);
CREATE INDEX emergency_open ON emergency (done_at, due_at);
CREATE INDEX emergency_document ON emergency (document_id);

-- 审核单 as they were when the text went public; a row never changes.
CREATE TABLE review_sheet (
    id          TEXT PRIMARY KEY,
    document_id TEXT NOT NULL,
    edition_id  TEXT NOT NULL,
    hash        TEXT NOT NULL, -- of the text
    sheet       TEXT NOT NULL, -- JSON
    seal        TEXT NOT NULL, -- SHA-256 of it
    at          BIGINT NOT NULL
);
CREATE INDEX review_sheet_at ON review_sheet (at, id);
CREATE INDEX review_sheet_document ON review_sheet (document_id, at);
CREATE INDEX review_sheet_edition ON review_sheet (edition_id, at);

-- What a reviewer wrote at a passage. It is found again by its quote.
CREATE TABLE mark (
    id            TEXT PRIMARY KEY,
    edition_id    TEXT NOT NULL,
    document_id   TEXT NOT NULL,
    field         TEXT NOT NULL,
    quote         TEXT NOT NULL,
    before        TEXT NOT NULL, -- what stood around it
    after         TEXT NOT NULL,
    start         BIGINT NOT NULL, -- where it stood, in characters of the field
    reason        TEXT NOT NULL,
    remark        TEXT NOT NULL,
    stage         TEXT NOT NULL,
    person        TEXT NOT NULL,
    name          TEXT NOT NULL,
    at            BIGINT NOT NULL,
    resolved_by   TEXT NOT NULL,
    resolved_name TEXT NOT NULL,
    resolved_at   BIGINT
);
CREATE INDEX mark_edition ON mark (edition_id, at);
CREATE INDEX mark_document ON mark (document_id, at);

-- Why texts are returned, as a list that the bureau edits.
CREATE TABLE review_reason (
    name     TEXT PRIMARY KEY,
    position BIGINT NOT NULL
);
INSERT INTO review_reason (name, position) VALUES ('错别字', 1), ('语句不通', 2), ('法条有误', 3), ('事实不清', 4),
    ('导向', 5), ('敏感', 6), ('涉及个人信息', 7), ('格式', 8), ('图片或附件', 9), ('其他', 10);

-- Leaders who approve by a link and have no account.
CREATE TABLE approver (
    id         TEXT PRIMARY KEY,
    version    BIGINT NOT NULL,
    sealed     TEXT NOT NULL, -- name, post and phone
    phone_bidx TEXT NOT NULL, -- blind index, so that nobody is entered twice
    active     BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX approver_phone ON approver (phone_bidx);

-- One-time links to one step of one text. Neither token nor code is here.
CREATE TABLE approval_link (
    id          TEXT PRIMARY KEY,
    token_hash  TEXT NOT NULL UNIQUE,
    edition_id  TEXT NOT NULL,
    document_id TEXT NOT NULL,
    stage       TEXT NOT NULL,
    hash        TEXT NOT NULL, -- of the text it is about
    person      TEXT NOT NULL, -- account, or approver:id
    name        TEXT NOT NULL,
    code_hash   TEXT NOT NULL,
    tries       BIGINT NOT NULL, -- wrong ones
    made_by     TEXT NOT NULL,
    made_name   TEXT NOT NULL,
    made_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT,
    dead_at     BIGINT
);
CREATE INDEX approval_link_edition ON approval_link (edition_id, made_at);
