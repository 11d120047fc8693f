-- What people are told before they consent: versions, each in several languages. One that is published never changes.
CREATE TABLE notice_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO notice_state (name) VALUES ('draft'), ('published');

-- id: the record of the log, none for what the program brings; published_at_ms 0: published by the program itself.
CREATE TABLE notice (
    version TEXT PRIMARY KEY,
    id BYTEA,
    state TEXT NOT NULL REFERENCES notice_state (name),
    revision BIGINT NOT NULL CHECK (revision >= 1),
    made_by BYTEA,
    made_at_ms BIGINT NOT NULL,
    published_by BYTEA,
    published_at_ms BIGINT
) /*strict*/;
CREATE UNIQUE INDEX notice_record ON notice (id) WHERE id IS NOT NULL;
CREATE INDEX notice_published ON notice (published_at_ms, version) WHERE state = 'published';

CREATE TABLE notice_text (
    version TEXT NOT NULL REFERENCES notice (version),
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (version, language)
) /*strict*/;

INSERT INTO notice (version, state, revision, made_at_ms, published_at_ms) VALUES ('1', 'published', 1, 0, 0);
INSERT INTO notice_text (version, language, title, body) VALUES
('1', 'id', 'Tentang data keluarga Anda',
'Kami mencatat data keluarga Anda supaya keluarga Anda dapat dipertimbangkan untuk bantuan.

Yang dicatat: nama, NIK, tanggal lahir, alamat, keadaan rumah, pekerjaan, dan keadaan kesehatan yang Anda ceritakan.

Yang melihatnya: hanya petugas yang mengurus bantuan di wilayah Anda. Setiap kali data dibuka, hal itu tercatat. Data Anda tidak dijual.

Hak Anda: melihat data Anda, mendapat salinannya, meminta perbaikan, dan menarik persetujuan kapan saja. Kalau persetujuan ditarik, keluarga Anda tidak lagi dipertimbangkan untuk bantuan baru. Bantuan yang sudah cair tetap diserahkan.

Anda boleh menolak, dan tidak harus menjawab setiap pertanyaan. Pendaftaran ini gratis dan belum tentu berarti mendapat bantuan. Kalau ada pertanyaan atau keberatan, sampaikan kepada petugas ini atau ke kantor desa.'),
('1', 'en', 'About your family''s data',
'We write down data about your family so that your family can be considered for aid.

What is written down: names, NIK, birth dates, address, housing, work, and what you tell us about health.

Who sees it: only the staff who work on aid in your area. Each time the data is opened, that is recorded. Your data is not sold.

Your rights: to see your data, to get a copy, to have it corrected, and to withdraw your consent at any time. When consent is withdrawn, your family is no longer considered for new aid. Aid that was already released is still handed out.

You may say no, and you need not answer every question. Registration is free, and it does not mean that you will receive aid. If you have a question or an objection, tell this officer or the village office.');

--@sqlite
CREATE TRIGGER notice_is_fixed BEFORE UPDATE ON notice WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER notice_stays BEFORE DELETE ON notice BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER notice_text_no_insert BEFORE INSERT ON notice_text WHEN EXISTS (SELECT 1 FROM notice WHERE version = NEW.version AND state = 'published')
BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER notice_text_no_update BEFORE UPDATE ON notice_text WHEN EXISTS (SELECT 1 FROM notice WHERE version = OLD.version AND state = 'published')
BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER notice_text_no_delete BEFORE DELETE ON notice_text WHEN EXISTS (SELECT 1 FROM notice WHERE version = OLD.version AND state = 'published')
BEGIN SELECT RAISE(ABORT, 'tampered'); END;
--@end
--@pgsql
CREATE FUNCTION refuse_published_text() RETURNS trigger LANGUAGE plpgsql AS $body$ DECLARE kept RECORD; BEGIN
    IF TG_OP = 'INSERT' THEN kept := NEW; ELSE kept := OLD; END IF;
    IF EXISTS (SELECT 1 FROM notice WHERE version = kept.version AND state = 'published') THEN RAISE EXCEPTION 'tampered'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER notice_is_fixed BEFORE UPDATE ON notice FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notice_stays BEFORE DELETE ON notice FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notice_text_is_fixed BEFORE INSERT OR UPDATE OR DELETE ON notice_text FOR EACH ROW EXECUTE FUNCTION refuse_published_text();
--@end
