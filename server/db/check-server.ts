import type { Db } from './db.ts'
import { DatabaseRefusal } from './database-error.ts'
import { sql } from './sql.ts'

const POSTGRES_FLOOR = 15
const POSTGIS_FLOOR: [number, number] = [3, 3]

/** Whether `3.4.1 …` is at least 3.3. */
export function isPostgisRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(/[ .]/).map(Number)
  return major > POSTGIS_FLOOR[0] || (major === POSTGIS_FLOOR[0] && minor >= POSTGIS_FLOOR[1])
}

/** The address of a server without user and password, for sentences. */
function addressOf(connectionString: string): string {
  try {
    const url = new URL(connectionString)
    return `${url.hostname}:${url.port || 5432}${url.pathname}`
  } catch {
    // Not a URL that can be taken apart; naming it whole could show a password.
    return 'the address in DATABASE_URL'
  }
}

function reasonOf(error: unknown, address: string): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (code === '28P01' || code === '28000') return `The database server at ${address} refused the user or password in DATABASE_URL.`
  if (code === '3D000') return `There is no such database at ${address}. Create it first: createdb NAME`
  if (code === '53300') return `The database server at ${address} has no connection left. Raise its max_connections, or lower DATABASE_CONNECTIONS.`
  if (code === '57P03') return `The database server at ${address} is still starting. Start again in a moment.`
  return `The database server at ${address} cannot be reached. Check that it runs and that DATABASE_URL is right; leave DATABASE_URL unset to use the embedded database.`
}

/**
 * Judges a PostgreSQL server before anything is migrated.
 * @throws DatabaseRefusal when it cannot be reached, is older than PostgreSQL 15, has no PostGIS 3.3 or newer, does not let
 * its user make what is needed, or holds another program's tables.
 */
export async function checkServer(db: Db, connectionString: string): Promise<void> {
  const address = addressOf(connectionString)
  const [found] = await db
    .query<{ number: number; version: string; encoding: string; installed: string | null; available: string | null; mayInstall: boolean; mayCreate: boolean; foreign: string[] }>(
      sql`select current_setting('server_version_num')::int as number, current_setting('server_version') as version, current_setting('server_encoding') as encoding,
        (select extversion from pg_extension where extname = 'postgis') as installed,
        (select default_version from pg_available_extensions where name = 'postgis') as available,
        (select rolsuper from pg_roles where rolname = current_user)
          or coalesce((select bool_or(version.trusted) from pg_available_extension_versions as version where version.name = 'postgis'), false) as "mayInstall",
        has_database_privilege(current_database(), 'create') and has_schema_privilege('public', 'create') as "mayCreate",
        case when to_regclass('public.schema_migrations') is null then array(
          select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
            and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
          order by relname limit 4) else '{}' end as foreign`,
      { timeoutMs: 15_000 },
    )
    .catch((error: unknown) => {
      throw new DatabaseRefusal(reasonOf(error, address), error)
    })
  if (!found) throw new DatabaseRefusal(reasonOf(undefined, address))
  if (found.number < POSTGRES_FLOOR * 10_000) throw new DatabaseRefusal(`The server at ${address} is PostgreSQL ${found.version}; this program needs ${POSTGRES_FLOOR} or newer.`)
  if (found.encoding !== 'UTF8') throw new DatabaseRefusal(`The database at ${address} is encoded in ${found.encoding}; this program needs UTF8. Create it with: createdb --encoding=UTF8 --template=template0 NAME`)
  const postgis = found.installed ?? found.available
  if (!postgis) throw new DatabaseRefusal(`PostGIS is missing on the server at ${address}. Install PostGIS ${POSTGIS_FLOOR.join('.')} or newer there (Debian: apt-get install postgresql-15-postgis-3).`)
  if (!isPostgisRecent(postgis)) throw new DatabaseRefusal(`PostGIS on the server at ${address} is ${postgis}; this program needs ${POSTGIS_FLOOR.join('.')} or newer.`)
  if (!found.mayCreate) throw new DatabaseRefusal(`The user in DATABASE_URL may not create tables in the database at ${address}. Grant it: grant create on database NAME to USER; grant create on schema public to USER`)
  if (!found.installed && !found.mayInstall) throw new DatabaseRefusal(`PostGIS is not set up in the database at ${address}, and the user in DATABASE_URL may not do it. Have a superuser run there: create extension postgis`)
  if (found.foreign.length > 0) throw new DatabaseRefusal(`The database at ${address} holds tables of another program (${found.foreign.slice(0, 3).join(', ')}${found.foreign.length > 3 ? ' …' : ''}). It is left as it is; create one for this program alone: createdb NAME`)
}
