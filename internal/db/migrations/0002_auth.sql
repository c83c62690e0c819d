-- +goose Up
-- Staff accounts. Passwords are argon2id in PHC form.
CREATE TABLE account (
    id          TEXT    PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE, -- what one types to sign in, lower case
    display     TEXT    NOT NULL,
    password    TEXT    NOT NULL,
    roles       TEXT    NOT NULL, -- JSON list
    disabled    BOOLEAN NOT NULL,
    must_change BOOLEAN NOT NULL, -- the password was given by somebody else
    created_at  BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL
);

-- Signed-in browsers. Only the hash of the token is kept: who reads the table
-- cannot sign in with it.
CREATE TABLE auth_session (
    token_hash TEXT   PRIMARY KEY,
    account    TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX auth_session_account ON auth_session (account);

-- Failed attempts to sign in, per account name and per address, both hashed.
CREATE TABLE auth_throttle (
    key        TEXT   PRIMARY KEY,
    fails      BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    blocked_to BIGINT NOT NULL
);
