package io.keepset.drivers.engine.postgresql;

/**
 * What belongs to a database as a whole, and so is not inside it: owner, grants, settings, limit,
 * comment.
 */
final class DatabaseProperties {
  private DatabaseProperties() {}

  /** A query whose rows are the statements that give {@code to} what {@code from} has. */
  static String copy(String from, String to) {
    String source = Psql.literal(from);
    String target = Psql.literal(to);
    return """
        SELECT format('ALTER DATABASE %%I OWNER TO %%I', %2$s, pg_get_userbyid(datdba))
          FROM pg_database WHERE datname = %1$s
        UNION ALL
        SELECT format('ALTER DATABASE %%I CONNECTION LIMIT %%s', %2$s, datconnlimit)
          FROM pg_database WHERE datname = %1$s
        UNION ALL
        SELECT format('REVOKE ALL ON DATABASE %%I FROM PUBLIC', %2$s)
          FROM pg_database WHERE datname = %1$s AND datacl IS NOT NULL
        UNION ALL
        SELECT format('GRANT %%s ON DATABASE %%I TO %%s%%s', a.privilege_type, %2$s,
          CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
          CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
          FROM pg_database d, aclexplode(d.datacl) a
          WHERE d.datname = %1$s AND a.grantee <> d.datdba
        UNION ALL
        SELECT format('ALTER %%s SET %%s = %%s',
          CASE WHEN s.setrole = 0 THEN format('DATABASE %%I', %2$s)
            ELSE format('ROLE %%I IN DATABASE %%I', pg_get_userbyid(s.setrole), %2$s) END,
          quote_ident(split_part(c.line, '=', 1)),
          CASE WHEN split_part(c.line, '=', 1) IN ('search_path', 'temp_tablespaces',
              'session_preload_libraries', 'local_preload_libraries')
            THEN substr(c.line, strpos(c.line, '=') + 1)
            ELSE quote_literal(substr(c.line, strpos(c.line, '=') + 1)) END)
          FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase,
            unnest(s.setconfig) c(line)
          WHERE d.datname = %1$s
        UNION ALL
        SELECT format('COMMENT ON DATABASE %%I IS %%L', %2$s, shobj_description(oid, 'pg_database'))
          FROM pg_database
          WHERE datname = %1$s AND shobj_description(oid, 'pg_database') IS NOT NULL
        """
        .formatted(source, target);
  }
}
