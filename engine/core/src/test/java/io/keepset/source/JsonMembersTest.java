package io.keepset.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonMembersTest {
  private final List<String> heard = new ArrayList<>();

  private final JsonMembers.Visitor visitor =
      new JsonMembers.Visitor() {
        @Override
        public void value(String key, Node value) {
          heard.add(key + "=" + JsonText.writeCompact(value));
        }

        @Override
        public void list(String key) {
          heard.add(key + "[]");
        }

        @Override
        public void item(String key, Node item) {
          heard.add(key + "+" + JsonText.writeCompact(item));
        }
      };

  private void read(String json) throws Exception {
    JsonMembers.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), visitor);
  }

  @Test
  void membersComeInTheirOrderAndListsItemByItem() throws Exception {
    read("{\"a\": 1, \"b\": [{\"x\": [2]}, \"é\", []], \"c\": {\"d\": null}, \"e\": []} \n");

    assertThat(heard)
        .containsExactly("a=1", "b[]", "b+{\"x\":[2]}", "b+\"é\"", "b+[]", "c={\"d\":null}", "e[]");
  }

  @Test
  void whatIsNotOneWholeObjectIsMalformed() {
    for (String bad :
        List.of(
            "",
            "[]",
            "1",
            "{",
            "{\"a\":[1",
            "{\"a\":[1]",
            "{}{}",
            "{} x",
            "{\"a\":1,\"a\":2}",
            "{\"a\":{\"b\":1,\"b\":2}}",
            "{\"a\":" + "[".repeat(300) + "]".repeat(300) + "}",
            "{'a':1}")) {
      assertThatThrownBy(() -> read(bad))
          .as(bad)
          .isInstanceOf(JsonMembers.Malformed.class)
          .message()
          .isNotBlank();
    }
  }

  @Test
  void aStreamThatBreaksIsNoMalformedDocument() {
    InputStream breaking =
        new InputStream() {
          private int at;

          @Override
          public int read() throws IOException {
            if (at == 7) {
              throw new IOException("gone");
            }
            return "{\"a\":[1".charAt(at++);
          }
        };
    assertThatThrownBy(() -> JsonMembers.read(breaking, visitor))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("gone");
  }
}
