package jvm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// JDK is the release of Java that the workers are built for and measured on: what Flink 1.20 and 2.x both support.
const JDK = "17"

// A Toolchain is what builds a worker and runs it.
type Toolchain struct {
	Home        string // of the JDK, "" for the one of Java
	Java, Maven string // programs; "" if there is none
	Version     string // of Java, such as 17.0.15
}

// FindToolchain looks for a JDK, in JAVA_HOME or else in PATH, and for Maven.
func FindToolchain(ctx context.Context) Toolchain {
	t := Toolchain{Home: os.Getenv("JAVA_HOME")}
	if t.Home != "" {
		t.Java = executable(filepath.Join(t.Home, "bin", "java"))
	} else {
		t.Java = executable("java")
	}
	t.Maven = executable("mvn")
	if t.Java == "" {
		return t
	}
	cmd := exec.CommandContext(ctx, t.Java, "-version")
	cmd.Env = Environ()
	out, err := cmd.CombinedOutput()
	if m := versionOf.FindSubmatch(out); err == nil && m != nil {
		t.Version = string(m[1])
	}
	return t
}

var versionOf = regexp.MustCompile(`version "([^"]+)"`)

func executable(name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}

// CheckJava says why the workers cannot run, and what helps.
func (t Toolchain) CheckJava() error {
	switch release, _, _ := strings.Cut(t.Version, "."); {
	case t.Java == "" && t.Home != "":
		return fmt.Errorf("JAVA_HOME is %s, which has no bin/java: set it to a JDK %s", t.Home, JDK)
	case t.Java == "":
		return fmt.Errorf("there is no java: install a JDK %s (Debian, Ubuntu: apt-get install openjdk-%s-jdk-headless), or set JAVA_HOME to one", JDK, JDK)
	case t.Version == "":
		return fmt.Errorf("%s does not say its version: set JAVA_HOME to a JDK %s", t.Java, JDK)
	case release != JDK:
		return fmt.Errorf("%s is Java %s, and Flink is measured on %s: set JAVA_HOME to a JDK %s", t.Java, t.Version, JDK, JDK)
	}
	return nil
}

// Check says why the workers cannot be built, and what helps.
func (t Toolchain) Check() error {
	if err := t.CheckJava(); err != nil {
		return err
	}
	if t.Maven == "" {
		return errors.New("there is no mvn: install Maven 3.8 or later (Debian, Ubuntu: apt-get install maven)")
	}
	return nil
}

// tuning are the variables that tune a JVM, whoever starts it.
var tuning = []string{"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"}

// Environ returns the environment of a JVM: ours, without the variables that tune one.
func Environ() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(tuning, name)
	})
}
