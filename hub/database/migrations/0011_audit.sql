CREATE TABLE "audit_checkpoints" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"seal" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"sequence" bigint,
	"hash" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"actor_user_id" text,
	"action" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text,
	"connection_id" text,
	"integration_id" text,
	"user_id" text,
	"outcome" text,
	"code" text,
	"address" text,
	"request_id" text,
	"details" json DEFAULT '{}'::json NOT NULL,
	CONSTRAINT "audit_entries_sequence_unique" UNIQUE("sequence")
);
--> statement-breakpoint
CREATE TABLE "audit_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"sealed_key" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_entries_by_connection" ON "audit_entries" USING btree ("connection_id","sequence");--> statement-breakpoint
CREATE INDEX "audit_entries_by_actor" ON "audit_entries" USING btree ("actor_id","sequence");--> statement-breakpoint
CREATE INDEX "audit_entries_by_actor_user" ON "audit_entries" USING btree ("actor_user_id","sequence");--> statement-breakpoint
CREATE INDEX "audit_entries_by_time" ON "audit_entries" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_entries_waiting" ON "audit_entries" USING btree ("at","id") WHERE "audit_entries"."sequence" is null;--> statement-breakpoint
CREATE FUNCTION "audit_entries_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		IF NEW.sequence IS NOT NULL OR NEW.hash IS NOT NULL THEN
			RAISE EXCEPTION 'audit log: an entry is chained after it was written' USING ERRCODE = 'insufficient_privilege';
		END IF;
		RETURN NEW;
	END IF;
	IF TG_OP = 'UPDATE' THEN
		IF OLD.sequence IS NOT NULL THEN
			RAISE EXCEPTION 'audit log: entry % is chained and does not change', OLD.sequence USING ERRCODE = 'insufficient_privilege';
		END IF;
		IF (NEW.id, NEW.at, NEW.action, NEW.subject_type, NEW.address, NEW.request_id)
			IS DISTINCT FROM (OLD.id, OLD.at, OLD.action, OLD.subject_type, OLD.address, OLD.request_id)
			OR (OLD.outcome IS NOT NULL
				AND to_jsonb(NEW) - 'sequence' - 'hash' IS DISTINCT FROM to_jsonb(OLD) - 'sequence' - 'hash') THEN
			RAISE EXCEPTION 'audit log: what an entry says does not change' USING ERRCODE = 'insufficient_privilege';
		END IF;
		IF (NEW.sequence IS NULL) <> (NEW.hash IS NULL) OR (NEW.sequence IS NOT NULL AND NEW.outcome IS NULL) THEN
			RAISE EXCEPTION 'audit log: a finished entry is chained, with sequence and hash' USING ERRCODE = 'insufficient_privilege';
		END IF;
		RETURN NEW;
	END IF;
	IF TG_OP = 'DELETE' AND OLD.sequence <= (SELECT max(sequence) FROM audit_checkpoints) THEN
		RETURN OLD;
	END IF;
	RAISE EXCEPTION 'audit log: entries are not removed, but by hub audit prune' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE FUNCTION "audit_checkpoints_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'audit log: checkpoints neither change nor go' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_entries_append_only" BEFORE INSERT OR UPDATE OR DELETE ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION audit_entries_guard();
--> statement-breakpoint
CREATE TRIGGER "audit_entries_no_truncate" BEFORE TRUNCATE ON "audit_entries" FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_guard();
--> statement-breakpoint
CREATE TRIGGER "audit_checkpoints_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_checkpoints" FOR EACH STATEMENT EXECUTE FUNCTION audit_checkpoints_guard();
