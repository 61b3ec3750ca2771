CREATE TABLE "usage" (
	"connection_id" text NOT NULL,
	"user_id" text NOT NULL,
	"integration_id" text NOT NULL,
	"bucket" text NOT NULL,
	"start" timestamp (3) with time zone NOT NULL,
	"calls" integer NOT NULL,
	"repeated" integer NOT NULL,
	"rate_limited" integer NOT NULL,
	"credentials_refused" integer NOT NULL,
	"client_errors" integer NOT NULL,
	"server_errors" integer NOT NULL,
	"unanswered" integer NOT NULL,
	"tokens" integer NOT NULL,
	"bytes_sent" bigint NOT NULL,
	"bytes_received" bigint NOT NULL,
	"latency" integer[] NOT NULL,
	CONSTRAINT "usage_connection_id_bucket_start_pk" PRIMARY KEY("connection_id","bucket","start")
);
--> statement-breakpoint
CREATE TABLE "usage_batches" (
	"id" text PRIMARY KEY NOT NULL,
	"written_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "usage_by_user" ON "usage" USING btree ("user_id","start");--> statement-breakpoint
CREATE INDEX "usage_by_integration" ON "usage" USING btree ("integration_id","start");--> statement-breakpoint
CREATE INDEX "usage_by_time" ON "usage" USING btree ("bucket","start");