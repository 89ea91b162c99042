// Package flink is the Java side: a worker around the released serializers of Flink 2.3.0 and 1.20.4, in the protocol of
// package measure. Its sources are part of the program, which builds it with Maven where there is a JDK: see harness/jvm.
package flink

import "embed"

// Sources are what Maven builds the worker from: a module for each line of Flink, flink2 and flink1, of the same
// sources, and apart from them protobuf, which one codec needs.
//
//go:embed pom.xml flink1/pom.xml flink2/pom.xml protobuf/pom.xml src/main jvm.options
var Sources embed.FS

// Options is the name of the file with the options of the JVM, which java takes as @FILE.
const Options = "jvm.options"
