package bench

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/harness/results"
)

// childEnv marks a process that measures one cell of a codec whose results depend on what its process did before.
const childEnv = "WIRECOST_BENCH_CHILD"

// isChild reports whether this process measures one cell for another.
func isChild() bool { return os.Getenv(childEnv) != "" }

// inChild runs the benchmark b in a process of its own and reports what that reports.
func inChild(b *testing.B) {
	var pattern []string
	for part := range strings.SplitSeq(b.Name(), "/") {
		pattern = append(pattern, "^"+regexp.QuoteMeta(part)+"$")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^$", "-test.bench="+strings.Join(pattern, "/"), "-test.benchmem",
		"-test.benchtime="+flag.Lookup("test.benchtime").Value.String(), "-test.cpu="+strconv.Itoa(runtime.GOMAXPROCS(0)), "-test.count=1")
	cmd.Env = append(os.Environ(), childEnv+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	file, err := results.Read(strings.NewReader(string(out)), "child")
	if err != nil {
		b.Fatal(err)
	}
	if len(file.Samples) == 0 {
		b.Skip("not carried")
	}
	for _, v := range file.Samples[0].Values {
		if strings.ContainsAny(v.Unit, " \t") || v.Unit == "MB/s" {
			continue
		}
		b.ReportMetric(v.Value, v.Unit)
	}
	if len(file.Samples) != 1 {
		b.Fatal(fmt.Errorf("the child printed %d results: %s", len(file.Samples), out))
	}
}
