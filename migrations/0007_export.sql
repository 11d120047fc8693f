-- Signed manifests of exported files: what left the registry, for whom and why, and the digest that proves it.
CREATE TABLE export_manifest (
    id BYTEA PRIMARY KEY,
    actor_id BYTEA,
    made_at_ms BIGINT NOT NULL,
    document TEXT NOT NULL
) /*strict*/;
--@sqlite
CREATE TRIGGER export_manifest_no_update BEFORE UPDATE ON export_manifest BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER export_manifest_no_delete BEFORE DELETE ON export_manifest BEGIN SELECT RAISE(ABORT, 'tampered'); END;
--@end
--@pgsql
CREATE TRIGGER export_manifest_no_change BEFORE UPDATE OR DELETE ON export_manifest FOR EACH ROW EXECUTE FUNCTION refuse_change();
--@end
