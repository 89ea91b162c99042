package wirecost.flink;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;


/** One line of standard input. */
record Request(
    String mode, // prove, calibrate, count, time; write, extract, class
    int n, // operations to time
    String name, // of the schema in results
    String codec,
    String runtime,
    String op,
    int procs,
    String schema, // text
    String type, // full name of the record within it; null: its root
    int records, // length of the ring
    String path, // file of records
    String out, // prove and write: file for the encodings; null: none
    List<Other> others, // what the JVM serializes before the cell: null: nothing
    Messages messages, // of kryo-protobuf
    @JsonProperty("class") String class_, // name of the user's class: null: those of the schema
    List<String> classpath, // where that is: jars and folders
    Keyed state) { // of ops that begin with state.: null with others

  /** The keyed state of an access: how many keys, in how many key groups, and a folder for files. */
  record Keyed(int keys, int groups, String dir) {}

  /** Records of another schema. */
  record Other(String schema, String type, String path, Messages messages) {}

  /** Messages of protobuf, and what protoc makes their class of: a program, a FileDescriptorSet, a file of it, the class, and messages. */
  record Messages(String protoc, String set, String file, @JsonProperty("class") String class_, String records) {}

  /** Returns the same request for records of another schema. */
  Request of(Other o) {
    return new Request(mode, n, name, codec, runtime, op, procs, o.schema, o.type, 0, o.path, null, null, o.messages, null, null, null);
  }

  /** Returns the name of the result line. */
  String benchmark() {
    return "BenchmarkCodec/schema=" + name + "/codec=" + codec + "/runtime=" + runtime + "/op=" + op;
  }
}
