CREATE TABLE "wrapped_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"service" text NOT NULL,
	"wrapped" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
