package io.keepset.drivers.engine.redis;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads an RDB file to its end: every key is counted, against what the file itself announces, and
 * the checksum is compared. The format is that of Redis up to 8.0 and Valkey up to 8.1 ({@code
 * rdb.c}, RDB versions 1 to 12). A kind of value that came later makes it bad, with a message that
 * says so: what was not understood was not verified.
 */
final class RdbScan {
  static final String FORMAT = "rdb";
  private static final int FIRST_WITH_CHECKSUM = 5;

  private final RdbInput in;
  private final Map<String, String> said = new TreeMap<>();
  private String product = Release.REDIS;
  private int version;
  private long keys;
  private long announced = -1;
  private long functions;

  private RdbScan(InputStream in) {
    this.in = new RdbInput(in);
  }

  /** A bad file is a verdict; only a stream that can't be read is an exception. */
  static Verdict verdict(InputStream artifact) throws IOException {
    RdbScan scan = new RdbScan(artifact);
    try {
      return scan.run();
    } catch (MalformedRdb | EOFException e) {
      return Verdict.bad("the RDB file is damaged: " + e.getMessage());
    }
  }

  private Verdict run() throws IOException {
    String bad = head();
    if (!bad.isEmpty()) {
      return Verdict.bad(bad);
    }
    try {
      entries();
    } catch (RdbValue.Unknown unknown) {
      return unknown(unknown);
    }
    long computed = in.checksum();
    if (version >= FIRST_WITH_CHECKSUM) {
      long stored = in.little64();
      if (stored != 0 && stored != computed) {
        return Verdict.bad(
            String.format(
                "the RDB file is damaged: its checksum is %016x, its content has %016x",
                stored, computed));
      }
      if (stored == 0) {
        said.put("checksum", "none");
      }
    }
    if (!in.atEnd()) {
      return Verdict.bad("there are bytes behind the end of the RDB file");
    }
    if (announced >= 0 && announced != keys) {
      return Verdict.bad("the RDB file announces " + announced + " keys and holds " + keys);
    }
    return good();
  }

  private String head() throws IOException {
    StringBuilder magic = new StringBuilder();
    while (magic.length() < 9 && !in.atEnd()) {
      magic.append((char) in.u8());
    }
    String text = magic.toString();
    if (!text.matches("(REDIS|VALKEY)[0-9]+") || text.length() < 9) {
      return text.isEmpty()
          ? "there is nothing in it"
          : "it is no RDB file: it does not begin with REDIS and a version";
    }
    version = Integer.parseInt(text.replaceAll("[^0-9]", ""));
    product = text.startsWith("VALKEY") ? Release.VALKEY : Release.REDIS;
    return "";
  }

  private void entries() throws IOException {
    while (true) {
      int opcode = in.u8();
      switch (opcode) {
        case 0xff -> {
          return;
        }
        case 0xfe -> in.length(); // the number of the database
        case 0xfd -> in.skip(4); // expiry in seconds
        case 0xfc -> in.skip(8); // and in milliseconds
        case 0xfb -> {
          announced = Math.max(0, announced) + in.length();
          in.length();
        }
        case 0xfa -> said.putIfAbsent(in.text(), in.text());
        case 0xf9 -> in.skip(1); // how often it is used
        case 0xf8 -> in.length(); // how long it is idle
        case 0xf7 -> RdbValue.skipModuleData(in);
        case 0xf5 -> {
          in.skipString();
          functions++;
        }
        case 0xf4 -> { // sizes of a cluster's slot
          in.length();
          in.length();
          in.length();
        }
        default -> {
          in.skipString();
          RdbValue.skip(opcode, in);
          keys++;
        }
      }
    }
  }

  private Verdict unknown(RdbValue.Unknown unknown) {
    if (version <= Release.NEWEST_KNOWN) {
      return Verdict.bad("the RDB file is damaged: " + unknown.getMessage());
    }
    return Verdict.bad(
        unknown.getMessage()
            + ": this Keepset knows RDB files up to version "
            + Release.NEWEST_KNOWN
            + ", this one is of version "
            + version);
  }

  /** What nobody is known to load is no backup, though it may be whole. */
  private Verdict good() {
    TreeMap<String, String> values = new TreeMap<>();
    values.put("rdb_version", String.valueOf(version));
    String valkey = said.get("valkey-ver");
    values.put("server", valkey == null ? product : Release.VALKEY);
    values.put("server_version", valkey == null ? said.getOrDefault("redis-ver", "") : valkey);
    values.put("keys", String.valueOf(keys));
    values.put("functions", String.valueOf(functions));
    if (said.getOrDefault("used-mem", "").matches("[0-9]{1,18}")) {
      values.put("used_memory", said.get("used-mem"));
    }
    ArtifactFacts facts = new ArtifactFacts(FORMAT, values);
    if (version > Release.NEWEST_KNOWN && !Release.of(facts).known()) {
      return Verdict.bad(
          "it is of RDB version "
              + version
              + " and does not say which server wrote it, so none is known that loads it; this"
              + " Keepset knows versions up to "
              + Release.NEWEST_KNOWN);
    }
    List<String> findings = new ArrayList<>();
    findings.add(keys + " keys, RDB version " + version);
    if ("none".equals(said.get("checksum"))) {
      findings.add("the server writes no checksum (rdbchecksum no)");
    }
    return Verdict.good(facts, findings);
  }
}
