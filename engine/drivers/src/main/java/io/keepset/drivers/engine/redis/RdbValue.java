package io.keepset.drivers.engine.redis;

import java.io.IOException;

/** The values of an RDB file, by the number of their kind (Redis, {@code rdb.h}); all skipped. */
final class RdbValue {
  private RdbValue() {}

  /** A kind that came after this was written. */
  static final class Unknown extends IOException {
    Unknown(int kind, long at) {
      super("a value of the unknown kind " + kind + " at byte " + at);
    }
  }

  static void skip(int kind, RdbInput in) throws IOException {
    switch (kind) {
      // A string, or a small collection that is packed into one.
      case 0, 9, 10, 11, 12, 13, 16, 17, 20 -> in.skipString();
      case 1, 2, 14 -> strings(in, 1);
      case 3 -> scores(in, true);
      case 4 -> strings(in, 2);
      case 5 -> scores(in, false);
      case 7 -> {
        in.length();
        skipModuleFields(in);
      }
      case 15 -> stream(in, 1);
      case 18 -> containers(in);
      case 19 -> stream(in, 2);
      case 21 -> stream(in, 3);
      case 24 -> { // a hash whose fields expire
        in.skip(8);
        for (long n = in.length(); n > 0; n--) {
          in.length();
          in.skipString();
          in.skipString();
        }
      }
      case 25 -> {
        in.skip(8);
        in.skipString();
      }
      default -> throw new Unknown(kind, in.position());
    }
  }

  /** What a module keeps beside its keys. */
  static void skipModuleData(RdbInput in) throws IOException {
    in.length();
    in.length();
    in.length();
    skipModuleFields(in);
  }

  private static void skipModuleFields(RdbInput in) throws IOException {
    while (true) {
      long field = in.length();
      if (field == 0) {
        return;
      }
      if (field == 1 || field == 2) {
        in.length();
      } else if (field == 3) {
        in.skip(4);
      } else if (field == 4) {
        in.skip(8);
      } else if (field == 5) {
        in.skipString();
      } else {
        throw new MalformedRdb("an unknown field of a module at byte " + in.position());
      }
    }
  }

  private static void strings(RdbInput in, int each) throws IOException {
    for (long n = in.length(); n > 0; n--) {
      for (int i = 0; i < each; i++) {
        in.skipString();
      }
    }
  }

  private static void scores(RdbInput in, boolean asText) throws IOException {
    for (long n = in.length(); n > 0; n--) {
      in.skipString();
      if (asText) {
        int length = in.u8();
        in.skip(length >= 253 ? 0 : length); // the last three are the infinite ones and none
      } else {
        in.skip(8);
      }
    }
  }

  private static void containers(RdbInput in) throws IOException {
    for (long n = in.length(); n > 0; n--) {
      in.length();
      in.skipString();
    }
  }

  private static void stream(RdbInput in, int version) throws IOException {
    strings(in, 2);
    int numbers = version >= 2 ? 8 : 3; // length and ids of the stream
    for (int i = 0; i < numbers; i++) {
      in.length();
    }
    for (long groups = in.length(); groups > 0; groups--) {
      in.skipString();
      in.length();
      in.length();
      if (version >= 2) {
        in.length();
      }
      for (long pending = in.length(); pending > 0; pending--) {
        in.skip(16 + 8);
        in.length();
      }
      for (long consumers = in.length(); consumers > 0; consumers--) {
        in.skipString();
        in.skip(version >= 3 ? 16 : 8);
        for (long pending = in.length(); pending > 0; pending--) {
          in.skip(16);
        }
      }
    }
  }
}
