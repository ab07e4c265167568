package io.keepset.app.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The tokens that let people and machines in. Only their hashes are here. */
public final class Tokens {
  private final Sql sql;

  Tokens(Sql sql) {
    this.sql = sql;
  }

  /**
   * One token.
   *
   * @param hash of the secret, in hexadecimal; the caller says which
   * @param person the e-mail address of whose it is, if it is somebody's
   */
  public record Token(
      String name,
      String hash,
      String role,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<String> person) {
    /** A machine's. */
    public Token(
        String name, String hash, String role, Instant createdAt, Optional<Instant> expiresAt) {
      this(name, hash, role, createdAt, expiresAt, Optional.empty());
    }
  }

  /**
   * Adds a token.
   *
   * @return false if its name or hash is taken
   */
  public boolean add(Token token) {
    return sql.insert(
        "insert into token (name, hash, role, created_at, expires_at, person)"
            + " values (?, ?, ?, ?, ?, ?)",
        token.name(),
        token.hash(),
        token.role(),
        token.createdAt(),
        token.expiresAt(),
        token.person());
  }

  /** The token with this hash, expired or not. */
  public Optional<Token> find(String hash) {
    return sql.first("select * from token where hash = ?", Tokens::read, hash);
  }

  /** All, by name. */
  public List<Token> list() {
    return sql.query("select * from token order by name", Tokens::read);
  }

  private static Token read(ResultSet row) throws SQLException {
    return new Token(
        row.getString("name"),
        row.getString("hash"),
        row.getString("role"),
        Sql.instant(row, "created_at").orElseThrow(),
        Sql.instant(row, "expires_at"),
        Sql.text(row, "person"));
  }

  /** Takes a token away; unknown is harmless. */
  public void remove(String name) {
    sql.update("delete from token where name = ?", name);
  }
}
