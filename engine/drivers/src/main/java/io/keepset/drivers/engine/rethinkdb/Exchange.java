package io.keepset.drivers.engine.rethinkdb;

import io.keepset.drivers.tool.Undoing;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.List;

/**
 * A database that was restored takes the name of the one that is there, which is kept under
 * another. If that fails, the server is asked which database bears which name now, as a rename may
 * be done though its answer was lost. Nothing is dropped unless it is sure that nothing moved.
 */
final class Exchange {
  private final Server.Opener opener;
  private final Address address;
  private final String name;
  private final String incoming;
  private final String before;

  /**
   * @param opener for another connection, when the first has broken
   * @param incoming what was restored
   * @param before the name under which the old one is kept
   */
  Exchange(Server.Opener opener, Address address, String incoming, String before) {
    this.opener = opener;
    this.address = address;
    this.name = address.database();
    this.incoming = incoming;
    this.before = before;
  }

  /**
   * @throws DriverException if they did not change names; says where both are
   */
  void run(Server server) throws DriverException {
    try {
      server.renameDatabase(name, before);
      server.renameDatabase(incoming, name);
    } catch (Server.Unwell e) {
      Undoing.despiteInterrupt(
          () -> {
            settle(e.reason());
            return true;
          });
    }
  }

  /** Returns if both renames are done. */
  private void settle(DriverException why) throws DriverException {
    String end;
    try (Server again = opener.open(address)) {
      List<String> there = again.databases();
      if (there.contains(before) && there.contains(name) && !there.contains(incoming)) {
        return;
      }
      end = undone(again, there, why.kind());
    } catch (Server.Unwell e) {
      end = unsure(e.reason());
    } catch (DriverException e) {
      end = unsure(e);
    }
    throw new DriverException(why.kind(), why.getMessage() + end, why);
  }

  private String undone(Server server, List<String> there, Kind why) {
    if (there.contains(before) && !there.contains(name)) {
      server.renameDatabase(before, name);
    } else if (!there.contains(name) || there.contains(before)) {
      return "; somebody else renames databases here: nothing was dropped, look for "
          + String.join(", ", name, before, incoming);
    }
    // A rename that was not answered may still come: then this must be there to take the name.
    if (why == Kind.TRANSIENT) {
      return "; database "
          + name
          + " is as it was, what was restored is kept in "
          + incoming
          + ": rename it, or drop it: r.dbDrop(\""
          + incoming
          + "\")";
    }
    server.dropDatabase(incoming);
    return "; database " + name + " is as it was";
  }

  private String unsure(DriverException trouble) {
    return "; which database bears which name now could not be asked or put right ("
        + trouble.getMessage()
        + "), so nothing was dropped: what was there is database "
        + name
        + " or "
        + before
        + ", what was restored "
        + incoming
        + " or "
        + name
        + "; rename them by hand: r.db(\""
        + before
        + "\").config().update({name: \""
        + name
        + "\"})";
  }
}
