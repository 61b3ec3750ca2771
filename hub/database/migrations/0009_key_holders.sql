CREATE TABLE "key_holders" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"seals_with" text NOT NULL,
	"opens" text[] NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone
);
