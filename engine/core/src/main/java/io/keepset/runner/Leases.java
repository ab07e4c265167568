package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import java.util.Optional;

/**
 * Who works on what right now: at most one run for a database, and a way to tell a run that lives
 * from one whose process died. A lease ends when it is closed or when its process is gone: in one
 * process that is plain, on a shared database the implementation sees to it (heartbeat or session).
 */
public interface Leases {
  /** Takes the lease of this name, unless somebody alive has it. */
  Optional<Lease> tryAcquire(String name);

  /** One lease that is ours. */
  interface Lease extends AutoCloseable {
    /** False once somebody else may have it: asked before every step that must not happen twice. */
    boolean held();

    /** Gives it back; closing twice is harmless. */
    @Override
    void close();
  }

  /** Name of the lease that a run on this database holds from its first entry to its last. */
  static String run(String database) {
    return "run/" + database;
  }

  /** Name of the lease that whoever makes copies of this database's backups holds. */
  static String copy(String database) {
    return "copy/" + database;
  }

  /** Name of the lease that whoever makes this backup holds. */
  static String making(Backup backup) {
    return backup.kind() == BackupKind.COPY ? copy(backup.database()) : run(backup.database());
  }

  /** Name of the lease that whoever deletes backups of this database by hand holds. */
  static String deletion(String database) {
    return "delete/" + database;
  }

  /** Name of the lease that a restore from this backup holds. */
  static String restore(String backupId) {
    return "restore/" + backupId;
  }

  /**
   * Name of the lease that a restore into something new of this name holds. Two servers may each
   * have a database of one name: such restores wait for each other without need, which costs less
   * than two that fill one database.
   */
  static String into(String engine, String name) {
    return "into/" + engine + "/" + name;
  }
}
