CREATE TABLE "traces" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"sealed_trace" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "debug_until" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "traces_by_connection" ON "traces" USING btree ("connection_id","id");--> statement-breakpoint
CREATE INDEX "traces_by_expiry" ON "traces" USING btree ("expires_at");