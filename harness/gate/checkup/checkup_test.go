package checkup

import (
	"strings"
	"testing"
)

var quiet = Machine{Cores: 2, Load: "0.10", Steal: "0.1 %", Governor: "performance", Virt: "none", Valgrind: "3.24.0", Go: "go1.26.8",
	Pairs: []float64{0.01, -0.01, 0.012, -0.009, 0.005, -0.006, 0.002, 0}}

func TestQuiet(t *testing.T) {
	for _, f := range Look(quiet) {
		if !f.OK || f.Remedy != "" || f.Fatal {
			t.Errorf("%s of a quiet machine: got %+v, want ok", f.What, f)
		}
	}
}

// Each fault is found, alone, and has a remedy.
func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		what, value string
		fatal       bool
		edit        func(*Machine)
	}{
		{"cores", "1", false, func(m *Machine) { m.Cores = 1 }},
		{"pinning", "needs Linux", true, func(m *Machine) { m.Limits = []string{"needs Linux"} }},
		{"pinning", "taken", false, func(m *Machine) { m.Taken = "taken" }},
		{"load", "7.00 ", false, func(m *Machine) { m.Load = "7.00" }},
		{"steal", "12.0 %", false, func(m *Machine) { m.Steal = "12.0 %" }},
		{"clock rate", "powersave", false, func(m *Machine) { m.Governor = "powersave" }},
		{"go", "none", false, func(m *Machine) { m.Go = "" }},
		{"valgrind", "none", false, func(m *Machine) { m.Valgrind = "" }},
		{"self-check", "+22", true, func(m *Machine) { m.Pairs = []float64{0.2, 0.21, 0.2, 0.19, 0.2, 0.2, 0.2, 0.2} }},
		{"detectable", "+", false, func(m *Machine) { m.Pairs = []float64{0.1, -0.1, 0.1, -0.1, 0.1, -0.1} }},
	} {
		m := quiet
		tt.edit(&m)
		for _, f := range Look(m) {
			bad := f.What == tt.what
			if f.OK == bad || bad && (f.Remedy == "" || f.Fatal != tt.fatal || !strings.Contains(f.Value, tt.value)) {
				t.Errorf("%s is bad: got %+v", tt.what, f)
			}
		}
	}
}
