CREATE TABLE "deliveries" (
	"sequence" bigserial PRIMARY KEY NOT NULL,
	"id" text DEFAULT gen_random_uuid() NOT NULL,
	"webhook_id" text NOT NULL,
	"event_id" text NOT NULL,
	"event_type" text NOT NULL,
	"connection_id" text NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"sending_until" timestamp (3) with time zone,
	"held_since" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"first_attempt_at" timestamp (3) with time zone,
	"last_attempt" jsonb,
	"next_attempt_at" timestamp (3) with time zone,
	"outcome" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "deliveries_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"user_id" text,
	"name" text,
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"integration_ids" text[],
	"connection_ids" text[],
	"sealed_secrets" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"disabled_reason" jsonb,
	"failing_since" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" USING btree ("webhook_id","event_id");--> statement-breakpoint
CREATE INDEX "deliveries_by_webhook" ON "deliveries" USING btree ("webhook_id","sequence");--> statement-breakpoint
CREATE INDEX "deliveries_of_connection" ON "deliveries" USING btree ("webhook_id","connection_id","sequence");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("webhook_id","due_at") WHERE "deliveries"."outcome" is null;--> statement-breakpoint
CREATE INDEX "deliveries_finished" ON "deliveries" USING btree ("finished_at") WHERE "deliveries"."outcome" is not null;--> statement-breakpoint
CREATE INDEX "webhooks_by_owner" ON "webhooks" USING btree ("owner_id","id");