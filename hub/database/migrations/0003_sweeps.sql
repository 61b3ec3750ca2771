CREATE TABLE "circuits" (
	"integration_id" text NOT NULL,
	"host" text NOT NULL,
	"failed_connections" text[] DEFAULT '{}' NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"paused_until" timestamp (3) with time zone,
	CONSTRAINT "circuits_integration_id_host_pk" PRIMARY KEY("integration_id","host")
);
--> statement-breakpoint
CREATE TABLE "tallies" (
	"kind" text NOT NULL,
	"integration_id" text NOT NULL,
	"outcome" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "tallies_kind_integration_id_outcome_pk" PRIMARY KEY("kind","integration_id","outcome")
);
--> statement-breakpoint
DROP INDEX "connections_refresh_due";--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "health_due_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "connections_health_due" ON "connections" USING btree ("health_due_at","id") WHERE "connections"."health_due_at" is not null;--> statement-breakpoint
CREATE INDEX "connections_refresh_due" ON "connections" USING btree ("refresh_due_at","id") WHERE "connections"."refresh_due_at" is not null;--> statement-breakpoint
-- Connections from before have never been looked at: their first look is spread over the default interval.
UPDATE "connections" SET "health_due_at" = now() + random() * interval '15 minutes'
WHERE "sealed_credentials" IS NOT NULL
  AND coalesce("status_reason" ->> 'code', '') NOT IN ('CREDENTIAL_REVOKED', 'CREDENTIAL_EXPIRED', 'REFRESH_OUTCOME_UNKNOWN');
