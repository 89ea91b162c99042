package measure

import (
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// A Load is how busy the machine was at one moment: noise that a report shows beside its numbers.
type Load struct {
	Average string // of runnable threads over the last minute; "unknown" where the system does not tell

	steal, total uint64 // ticks since the machine started, over all cores; 0 if unknown
}

// ReadLoad reads the load of this machine.
func ReadLoad() Load { return readLoad(os.DirFS("/")) }

func readLoad(root fs.FS) Load {
	average, _, _ := strings.Cut(readText(root, "proc/loadavg"), " ")
	l := Load{Average: orUnknown(average)}
	line, _, _ := strings.Cut(readText(root, "proc/stat"), "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return l
	}
	for i, f := range fields[1:9] { // user nice system idle iowait irq softirq steal; guests are part of user
		ticks, err := strconv.ParseUint(f, 10, 64)
		if err != nil {
			return Load{Average: l.Average}
		}
		l.total += ticks
		if i == 7 {
			l.steal = ticks
		}
	}
	return l
}

// StealSince returns the share of CPU time since before that the hypervisor gave to others: "0.4 %", or "unknown".
func (l Load) StealSince(before Load) string {
	if l.total <= before.total || l.steal < before.steal {
		return results.Unknown
	}
	return fmt.Sprintf("%.1f %%", 100*float64(l.steal-before.steal)/float64(l.total-before.total))
}
