CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"user_id" text NOT NULL,
	"key_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "apps" (
	"integration_id" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"sealed_secrets" text NOT NULL,
	"scopes" jsonb,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"endpoints" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"sandbox" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "authorizations" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"failure" text,
	"ticket_hash" text,
	"state_hash" text,
	"browser_hash" text,
	"sealed_session" text,
	"sealed_answer" text,
	"sealed_credentials" text,
	"exchange_started_at" timestamp (3) with time zone,
	"draft" jsonb,
	"return_url" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"integration_id" text NOT NULL,
	"auth_type" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"status_reason" jsonb,
	"config" jsonb NOT NULL,
	"account" jsonb,
	"sealed_credentials" text,
	"version" integer DEFAULT 0 NOT NULL,
	"scopes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"missing_scopes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"refreshable" boolean DEFAULT false NOT NULL,
	"credentials_updated_at" timestamp (3) with time zone,
	"refresh_due_at" timestamp (3) with time zone,
	"lease_id" text,
	"lease_fence" bigint DEFAULT 0 NOT NULL,
	"lease_expires_at" timestamp (3) with time zone,
	"intent_version" integer,
	"last_health_check" jsonb,
	"last_used" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"sequence" bigserial PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"type" text NOT NULL,
	"connection_id" text NOT NULL,
	"integration_id" text NOT NULL,
	"user_id" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"reason" text,
	"workflow_id" text,
	"run_id" text,
	CONSTRAINT "events_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "revocations" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"integration_id" text NOT NULL,
	"config" jsonb NOT NULL,
	"sealed_credentials" text NOT NULL,
	"give_up_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "authorizations_by_ticket" ON "authorizations" USING btree ("ticket_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "authorizations_by_state" ON "authorizations" USING btree ("state_hash");--> statement-breakpoint
CREATE INDEX "authorizations_by_connection" ON "authorizations" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "authorizations_by_expiry" ON "authorizations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "connections_by_user" ON "connections" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "connections_by_integration" ON "connections" USING btree ("integration_id","id");--> statement-breakpoint
CREATE INDEX "connections_refresh_due" ON "connections" USING btree ("refresh_due_at") WHERE "connections"."refresh_due_at" is not null;--> statement-breakpoint
CREATE INDEX "events_by_connection" ON "events" USING btree ("connection_id","sequence");--> statement-breakpoint
CREATE INDEX "events_by_user" ON "events" USING btree ("user_id","sequence");--> statement-breakpoint
CREATE INDEX "revocations_by_connection" ON "revocations" USING btree ("connection_id");