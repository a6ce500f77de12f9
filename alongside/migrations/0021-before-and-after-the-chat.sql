-- depends: 0014-mail-and-notifications

-- Before the chat: what visitors agreed to, in which words. After it: how they rate it, and its transcript by mail.

ALTER TABLE episode
    ADD COLUMN rating smallint CHECK (rating BETWEEN 1 AND 5),
    ADD COLUMN rating_comment text CHECK (length(rating_comment) BETWEEN 1 AND 2000),
    ADD COLUMN rated_at timestamptz,
    ADD COLUMN rating_declined boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT episode_rated CHECK ((rating IS NULL) = (rated_at IS NULL)),
    ADD CONSTRAINT episode_commented CHECK (rating_comment IS NULL OR rating IS NOT NULL);
COMMENT ON COLUMN episode.rating IS 'From 1 (worst) to 5, as its visitor last chose; null: not rated. One per episode.';
COMMENT ON COLUMN episode.rating_declined IS 'The visitor has put the question away: it is not asked again.';
COMMENT ON COLUMN episode.rated_at IS 'When the visitor last chose.';

-- What a channel asked its visitors to agree to, each wording kept for as long as somebody may have agreed to it.
CREATE TABLE consent_text (
    channel_id  uuid NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    version     integer NOT NULL CHECK (version >= 1),
    texts       jsonb NOT NULL,
    privacy_url text CHECK (length(privacy_url) <= 2000),
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (channel_id, version)
);
COMMENT ON TABLE consent_text IS 'subject=workspace; retention=deployment. Wordings of the consent that channels ask for, by version. Never changed.';
COMMENT ON COLUMN consent_text.texts IS 'By language.';
COMMENT ON COLUMN consent_text.privacy_url IS 'The privacy notice that was linked beside this wording.';

CREATE TABLE consent (
    contact_id uuid NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    channel_id uuid NOT NULL,
    version    integer NOT NULL,
    language   text NOT NULL CHECK (length(language) <= 35),
    given_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (contact_id, channel_id, version),
    FOREIGN KEY (channel_id, version) REFERENCES consent_text (channel_id, version) ON DELETE CASCADE
);
CREATE INDEX consent_wording ON consent (channel_id, version);
COMMENT ON TABLE consent IS 'subject=contact; retention=contact. Who agreed to which wording, and when.';
COMMENT ON COLUMN consent.language IS 'The language in which they read it.';

CREATE TABLE transcript_wish (
    conversation_id uuid NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    episode         integer NOT NULL,
    address         text NOT NULL CHECK (length(address) BETWEEN 3 AND 254),
    wished_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation_id, episode)
);
COMMENT ON TABLE transcript_wish IS 'subject=contact; retention=conversation. A visitor wants the transcript of a running episode by mail when it is over. Deleted when the letter is on its way.';

ALTER TABLE mail ADD COLUMN episode integer;
COMMENT ON COLUMN mail.episode IS 'Of a transcript: which episode of the conversation it holds.';
