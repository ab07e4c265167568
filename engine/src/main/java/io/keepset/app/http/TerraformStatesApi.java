package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.app.terraform.state.StateCodec;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.OptionalLong;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Terraform's states for people. Terraform itself talks to the shim. */
@RestController
@RequestMapping("/api/v1/terraform/states")
final class TerraformStatesApi {
  private static final String NEWEST = "newest";

  private final Keepset keepset;

  TerraformStatesApi(Keepset keepset) {
    this.keepset = keepset;
  }

  @GetMapping
  Node list() throws DriverException {
    return StateCodec.encode(keepset.terraformStates().list());
  }

  @GetMapping("/{name}/versions")
  Node history(@PathVariable String name) throws DriverException {
    return StateCodec.versions(name, keepset.terraformStates().history(name));
  }

  @GetMapping("/{name}/versions/{version}")
  ResponseEntity<byte[]> content(@PathVariable String name, @PathVariable String version)
      throws DriverException {
    OptionalLong number =
        version.equals(NEWEST) ? OptionalLong.empty() : OptionalLong.of(number(version));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .body(keepset.terraformStates().content(name, number));
  }

  @PostMapping("/{name}/rollback")
  Node rollback(@PathVariable String name, @RequestBody MapNode body, HttpServletRequest request)
      throws DriverException {
    long version = number(body.text("version").orElse(""));
    return StateCodec.encode(
        keepset.terraformStates().rollback(name, version, TokenFilter.caller(request)));
  }

  @DeleteMapping("/{name}/lock")
  ResponseEntity<Void> unlock(
      @PathVariable String name, @RequestParam String id, HttpServletRequest request)
      throws DriverException {
    keepset.terraformStates().unlock(name, id, TokenFilter.caller(request));
    return ResponseEntity.noContent().build();
  }

  private static long number(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw Problem.badRequest("a version is a number");
    }
    return Long.parseLong(text);
  }
}
