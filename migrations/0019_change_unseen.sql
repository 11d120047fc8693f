-- A rejected request that whoever asked has not opened yet: shown to him until he does.
CREATE TABLE change_unseen (
    user_id BYTEA NOT NULL,
    request_id BYTEA NOT NULL REFERENCES change_request (id),
    PRIMARY KEY (user_id, request_id)
) /*strict*/;
