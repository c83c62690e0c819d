-- +goose Up
-- Rights by place and by subject: JSON lists of town.code and of column slugs;
-- [] is all of them.
ALTER TABLE account ADD COLUMN towns TEXT NOT NULL DEFAULT '[]';
ALTER TABLE account ADD COLUMN columns TEXT NOT NULL DEFAULT '[]';
-- When the password was chosen; 0 before this was kept.
ALTER TABLE account ADD COLUMN password_at BIGINT NOT NULL DEFAULT 0;
-- The second factor (RFC 6238). The secret is sealed; the last step that was
-- taken is kept, so that a code that was read over a shoulder opens nothing.
ALTER TABLE account ADD COLUMN totp_secret TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN totp_wanted TEXT NOT NULL DEFAULT ''; -- sealed: shown, not yet confirmed
ALTER TABLE account ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN totp_at BIGINT; -- since when; NULL: none

-- A session is half open between the password and the second factor.
ALTER TABLE auth_session ADD COLUMN half BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE auth_session ADD COLUMN device TEXT NOT NULL DEFAULT ''; -- in words: Windows 电脑，Edge 浏览器
ALTER TABLE auth_session ADD COLUMN place TEXT NOT NULL DEFAULT '';  -- the address without its last part

-- Ten words for the day the phone is gone; each opens once.
CREATE TABLE account_recovery (
    account TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    hash    TEXT   NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account, hash)
);

-- Passwords that were left, as hashes: the last few may not come back.
CREATE TABLE account_password (
    account TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    hash    TEXT   NOT NULL,
    left_at BIGINT NOT NULL,
    PRIMARY KEY (account, hash)
);

-- One row: what the bureau asks of those who sign in.
CREATE TABLE auth_policy (
    id            BIGINT PRIMARY KEY CHECK (id = 1),
    totp_roles    TEXT   NOT NULL, -- JSON list of roles that need a second factor
    password_days BIGINT NOT NULL CHECK (password_days >= 0), -- how old a password may get; 0 any age
    lock_after    BIGINT NOT NULL CHECK (lock_after > 0),     -- wrong tries
    lock_minutes  BIGINT NOT NULL CHECK (lock_minutes > 0),
    version       BIGINT NOT NULL
);
INSERT INTO auth_policy (id, totp_roles, password_days, lock_after, lock_minutes, version) VALUES (1, '[]', 0, 10, 30, 1);

-- The list is narrowed by day and by kind of action.
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_action ON audit (action, seq);
