// Package checkup says what a machine can measure, and what would help where it cannot. It judges facts and neither collects
// nor prints them.
package checkup

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/harness/gate"
)

// A Machine is what is known of one. Empty and zero is unknown.
type Machine struct {
	Cores    int
	Limits   []string  // what the system keeps from being measured
	Taken    string    // why no core was free
	Load     string    // runnable threads over the last minute
	Steal    string    // share of time that the hypervisor gave to others during the pairs
	Governor string    // how the clock rate is chosen
	Virt     string    // kind of virtual machine, or none
	Valgrind string    // version, "" for none
	Go       string    // version of the Go that builds, "" for none
	Pairs    []float64 // logarithms of the ratios of pairs of one program
}

// A Finding is one thing that was looked at.
type Finding struct {
	What   string `json:"what"`
	Value  string `json:"value"`
	OK     bool   `json:"ok"`
	Remedy string `json:"remedy,omitempty"` // what would help, where it is not
	Fatal  bool   `json:"fatal,omitempty"`  // times are not judged here
}

// pairs is how many the gate runs as a rule.
const pairs = 16

// Limits of what is well.
const (
	mostLoad       = 1.0  // runnable threads for each core
	mostSteal      = 0.05 // of time
	mostDetectable = 0.05
)

// Look judges a machine, in the order of a report.
func Look(m Machine) []Finding {
	return []Finding{cores(m), pinning(m), load(m), steal(m), governor(m), golang(m), valgrind(m), self(m), detectable(m)}
}

func cores(m Machine) Finding {
	f := Finding{What: "cores", Value: strconv.Itoa(m.Cores), OK: m.Cores > 1}
	if !f.OK {
		f.Remedy = "the gate shares the one core with what it measures: a runner with two tells more"
	}
	return f
}

func pinning(m Machine) Finding {
	f := Finding{What: "pinning", Value: "a core for the pairs", OK: true}
	switch {
	case len(m.Limits) > 0:
		return Finding{What: f.What, Value: strings.Join(m.Limits, "; "), Remedy: "run on Linux, in a container that may set its affinity", Fatal: true}
	case m.Taken != "":
		return Finding{What: f.What, Value: m.Taken, Remedy: "wait for the other run, or give it a machine of its own"}
	}
	return f
}

func load(m Machine) Finding {
	f := Finding{What: "load", Value: m.Load + " runnable threads over the last minute"}
	average, err := strconv.ParseFloat(m.Load, 64)
	f.OK = err != nil || average <= mostLoad*float64(max(1, m.Cores))
	if !f.OK {
		f.Remedy = "other programs run: pairs bear it, and see less; stop them for a finer answer"
	}
	return f
}

func steal(m Machine) Finding {
	f := Finding{What: "steal", Value: m.Steal + " of time during the pairs"}
	share, err := strconv.ParseFloat(strings.TrimSuffix(m.Steal, " %"), 64)
	f.OK = err != nil || share <= 100*mostSteal
	if !f.OK {
		f.Remedy = "the hypervisor gives the cores to others: CPU time bears it, a quieter host is finer"
	}
	return f
}

func governor(m Machine) Finding {
	f := Finding{What: "clock rate", Value: m.Governor, OK: m.Governor != "powersave" && m.Governor != "ondemand"}
	if m.Virt != "none" && m.Governor == "unknown" {
		f.Value = "the host's business (" + m.Virt + ")"
	}
	if !f.OK {
		f.Remedy = "cpupower frequency-set -g performance"
	}
	return f
}

func golang(m Machine) Finding {
	f := Finding{What: "go", Value: m.Go, OK: m.Go != ""}
	if !f.OK {
		f.Value, f.Remedy = "none", "install Go: the gate builds both revisions with it"
	}
	return f
}

func valgrind(m Machine) Finding {
	f := Finding{What: "valgrind", Value: m.Valgrind, OK: m.Valgrind != ""}
	if !f.OK {
		f.Value, f.Remedy = "none", "install valgrind to have instructions counted, which no noise moves"
	}
	return f
}

// self is a program against itself.
func self(m Machine) Finding {
	c := gate.CheckSelf(map[string][]float64{"": m.Pairs})
	f := Finding{What: "self-check", OK: c.OK && c.Pairs > 0, Value: "not run"}
	if c.Pairs > 0 {
		f.Value = fmt.Sprintf("a program against itself, %d pairs: %+.2f %% [%+.2f, %+.2f]", c.Pairs, 100*(c.Factor-1), 100*(c.Lo-1), 100*(c.Hi-1))
	}
	if !f.OK {
		f.Remedy, f.Fatal = "the machine sees a difference where there is none: try again, or another machine", true
	}
	return f
}

// detectable is the slowdown that the gate would see now.
func detectable(m Machine) Finding {
	s := gate.Spread(m.Pairs)
	if len(m.Pairs) < 2 || math.IsNaN(s) {
		return Finding{What: "detectable", Value: "unknown"}
	}
	d := gate.Detectable(s, pairs, 1, 0.02)
	f := Finding{What: "detectable", OK: d <= mostDetectable,
		Value: fmt.Sprintf("+%.1f %% in 4 runs of 5, with %d pairs at a tolerance of 2 %%; a pair scatters by %.1f %%, layouts of code add 2 to 6 %%", 100*d, pairs, 100*s)}
	if !f.OK {
		f.Remedy = fmt.Sprintf("%d pairs would see +5 %%: give --budget more, or the machine less to do", gate.Pairs(s, 1))
	}
	return f
}
