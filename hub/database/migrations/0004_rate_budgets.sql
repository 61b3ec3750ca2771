CREATE TABLE "rate_blocks" (
	"connection_id" text NOT NULL,
	"scope" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rate_blocks_connection_id_scope_pk" PRIMARY KEY("connection_id","scope")
);
--> statement-breakpoint
CREATE TABLE "rate_budgets" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"slots" jsonb NOT NULL
);
