// Prints the SQL of the schemas that Supabase Lite's Auth and Storage keep their tables in.
// The database is made from it once; the API itself never changes the schema.
import { SUPABASE_AUTH_HELPERS_SQL, getAuthSchemaSql, getStorageSchemaSql } from "@supabase/lite";

process.stdout.write(
  [getAuthSchemaSql(), SUPABASE_AUTH_HELPERS_SQL, getStorageSchemaSql()].join("\n"),
);
