import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Says what SnakeYAML makes of texts: one text a line, in base64; one line of JSON for each.
 * {"value": ...}: what it is. {"error": ...}: what is wrong with it. {"crash": ...}: SnakeYAML fell over.
 * Values: null, booleans, strings and lists as they are, {"int": "1"}, {"float": "1.0"}, {"date": "..."},
 * {"map": [[key, value], ...]}, {"other": class}, {"recursive": true}.
 *
 * java -cp snakeyaml.jar SnakeYaml.java
 */
public class SnakeYaml {
  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(answer(new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8)));
    }
    out.flush();
  }

  private static String answer(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(1000);
    options.setNestingDepthLimit(100);
    options.setAllowDuplicateKeys(false);
    try {
      Object value = new Yaml(new SafeConstructor(options), new Representer(), new DumperOptions(), options).load(text);
      StringBuilder json = new StringBuilder();
      write(value, json, Collections.newSetFromMap(new IdentityHashMap<>()));
      return "{\"value\":" + json + "}";
    } catch (MarkedYAMLException error) {
      return "{\"error\":" + quoted(error.getMessage().stripTrailing()) + "}";
    } catch (YAMLException error) {
      return "{\"error\":" + quoted(error.toString().replaceFirst("^org\\.yaml\\.snakeyaml\\.error\\.YAMLException: ", "")) + "}";
    } catch (RuntimeException | StackOverflowError error) {
      return "{\"crash\":" + quoted(error.getClass().getSimpleName()) + "}";
    }
  }

  private static void write(Object value, StringBuilder json, Set<Object> outer) {
    if (value == null || value instanceof Boolean) {
      json.append(value);
    } else if (value instanceof String) {
      json.append(quoted((String) value));
    } else if (value instanceof Double) {
      json.append("{\"float\":\"").append(value).append("\"}");
    } else if (value instanceof Number) {
      json.append("{\"int\":\"").append(value).append("\"}");
    } else if (value instanceof Date) {
      json.append("{\"date\":").append(quoted(((Date) value).toInstant().toString())).append("}");
    } else if (value instanceof List || value instanceof Map) {
      if (outer.add(value)) {
        writeCollection(value, json, outer);
        outer.remove(value);
      } else {
        json.append("{\"recursive\":true}");
      }
    } else {
      json.append("{\"other\":").append(quoted(value.getClass().getSimpleName())).append("}");
    }
  }

  private static void writeCollection(Object value, StringBuilder json, Set<Object> outer) {
    if (value instanceof Map) {
      json.append("{\"map\":[");
      String comma = "";
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        json.append(comma).append("[");
        write(entry.getKey(), json, outer);
        json.append(",");
        write(entry.getValue(), json, outer);
        json.append("]");
        comma = ",";
      }
      json.append("]}");
    } else {
      json.append("[");
      String comma = "";
      for (Object item : (Collection<?>) value) {
        json.append(comma);
        write(item, json, outer);
        comma = ",";
      }
      json.append("]");
    }
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') json.append('\\').append(c);
      else if (c < 0x20 || c > 0x7e) json.append(String.format("\\u%04x", (int) c));
      else json.append(c);
    }
    return json.append('"').toString();
  }
}
